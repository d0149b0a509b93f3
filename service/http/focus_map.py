"""A bill on a map: one point a region and month, as GeoJSON or as a saved map of kepler.gl."""

from typing import TYPE_CHECKING

import msgspec

from service.batch.places import SUMMED
from service.formats.keplergl import Cell, Column, Table, saved_map
from service.http.batch_map import COLUMNS, LAYERS, TOOLTIP
from service.http.geojson import feature
from service.reports.wording import readable

if TYPE_CHECKING:
    from service.bulk.places import BillPlaces, BillPoint

_FIGURES = SUMMED[:8]
"""Those of a bill, in the order of its columns."""
_LEFT_OUT = {
    "workloads",
    "infrastructure_kg_co2e",
    *(name for name in SUMMED if "_low_" in name or "_high_" in name),
}
"""A bill has none of these."""
_COLUMNS = (
    *(column for column in COLUMNS if column.name not in _LEFT_OUT),
    Column("rows", "integer"),
    Column("effective_cost", "real"),
    Column("currency", "string"),
)
_NAMES = [column.name for column in _COLUMNS]
_TOOLTIP = (*(name for name in TOOLTIP if name not in _LEFT_OUT), "rows", "effective_cost", "currency")
_TITLE = "Emissions of a bill by region and month"


def bill_map(places: "BillPlaces") -> bytes:
    """The map; its description tells what of the bill is not to be seen on it."""
    points = list(places.points())
    table = Table(
        id="emissions",
        label="Emissions by region and month",
        columns=_COLUMNS,
        rows=[list(_properties(point).values()) for point in points],
        layers=LAYERS,
        latitude="region_latitude",
        longitude="region_longitude",
        time="period_start",
        tooltip=_TOOLTIP,
    )
    return saved_map(_TITLE, _about(places, points), table)


def bill_features(places: "BillPlaces") -> bytes:
    """A FeatureCollection; how many rows are in no point stands beside its features."""
    features = []
    for point in places.points():
        place = point.place
        id_ = f"{place.id}/{point.month}"
        features.append(feature(id_, place.latitude, place.longitude, _properties(point)))
    nowhere = places.without_region()
    return msgspec.json.encode(
        {
            "type": "FeatureCollection",
            "features": features,
            "rows": places.rows,
            "rows_without_figure": places.without_figure,
            "rows_without_region": nowhere.rows if nowhere is not None else 0,
            "without_region": _totals(nowhere.totals if nowhere is not None else (None, None)),
        }
    )


def _totals(totals: tuple[float | None, float | None]) -> dict[str, Cell]:
    location, market = totals
    return {"total_location_based_kg_co2e": location, "total_market_based_kg_co2e": market}


def _properties(point: "BillPoint") -> dict[str, Cell]:
    """The cells of a point by their columns, in their order."""
    place, amounts = point.place, point.amounts
    location, market = amounts.intensities
    cells: dict[str, Cell] = {
        "region_id": place.id,
        "provider": place.provider,
        "name": place.name,
        "country": place.country,
        "grid": place.grid_zone or None,
        "region_latitude": place.latitude,
        "region_longitude": place.longitude,
        "period_start": f"{point.month}-01T00:00:00Z",
        **dict(zip(_FIGURES, amounts.figures, strict=True)),
        **_totals(amounts.totals),
        "scope2_location_based_kg_co2e_per_kwh": location,
        "scope2_market_based_kg_co2e_per_kwh": market,
        "missing": " ".join(amounts.missing) or None,
        "rows": amounts.rows,
        "effective_cost": amounts.effective_cost,
        "currency": amounts.currency,
    }
    return {name: cells[name] for name in _NAMES}


def _about(places: "BillPlaces", points: "list[BillPoint]") -> str:
    hidden = []
    if places.without_figure:
        hidden.append(f"without any figure, so in no point: {places.without_figure}")
    nowhere = places.without_region()
    if nowhere is not None:
        location, market = (readable(kg) for kg in nowhere.totals)
        kg = f"{location} kg CO2e with location-based Scope 2, {market} with market-based"
        hidden.append(f"with a figure, but in no known region, so in no point: {nowhere.rows} ({kg})")
    unplaced = _unplaced(points)
    if unplaced:
        hidden.append(f"in a region without coordinates, so in the table only: {unplaced}")
    return "; ".join([f"Rows: {places.rows}", *hidden]) + "."


def _unplaced(points: "list[BillPoint]") -> int:
    return sum(point.amounts.rows for point in points if point.place.latitude is None or point.place.longitude is None)
