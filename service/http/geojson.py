"""Regions, and what was emitted there, as points for map tools (RFC 7946)."""

from typing import Any

import msgspec

from service.http.catalog import RegionItem, RegionPage


def region_features(page: RegionPage) -> bytes:
    """A FeatureCollection; `next_cursor` stands beside its features."""
    return msgspec.json.encode(
        {
            "type": "FeatureCollection",
            "features": [_feature(item) for item in page.items],
            "next_cursor": page.next_cursor,
        }
    )


def region_feature(item: RegionItem) -> bytes:
    """One Feature."""
    return msgspec.json.encode(_feature(item))


def _feature(item: RegionItem) -> dict[str, Any]:
    """Its properties are flat, as map tools want."""
    properties = {
        "id": item.id,
        "name": item.name,
        "provider": item.provider,
        "country": item.country,
        "grid": item.grid,
        "pue": item.pue.value if item.pue else None,
        "location_kg_co2e_per_kwh": item.location.value if item.location else None,
        "residual_mix_kg_co2e_per_kwh": item.residual_mix.value if item.residual_mix else None,
        "upstream_kg_co2e_per_kwh": item.upstream.value if item.upstream else None,
    }
    return feature(item.id, item.latitude, item.longitude, properties)


def feature(
    id_: str | int, latitude: float | None, longitude: float | None, properties: dict[str, Any]
) -> dict[str, Any]:
    """A point where the place is known, else a feature without geometry."""
    known = latitude is not None and longitude is not None
    geometry = {"type": "Point", "coordinates": [longitude, latitude]} if known else None
    return {"type": "Feature", "id": id_, "geometry": geometry, "properties": properties}
