"""Records of the tables as the Structs of the model."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any, TypeVar

from service.factors.columns import COLUMNS
from service.factors.database import Records
from service.model.factor import Accelerator, Component, Factor, Instance, Place, Power, Tables

T = TypeVar("T")
Cells = Mapping[str, Any]
"""One record: column → cell."""


def tables_of(records: Records, content_hash: str) -> Tables:
    """Everything that the store holds."""
    factors: list[Factor] = []
    for table, zone in _FIGURES.items():
        factors += _each(records, table, _factor_by(zone))
    regions = _each(records, "cloud_region", _cells)
    factors += [_factor(cells, cells["region"]) for cells in regions if cells["metric"] != "place"]
    return Tables(
        factors=tuple(factors),
        places=tuple(_place(cells) for cells in regions if cells["metric"] == "place"),
        accelerators=tuple(_each(records, "accelerator", _accelerator)),
        instances=tuple(_each(records, "cloud_instance", _instance)),
        components=tuple(_each(records, "server_component", _component)),
        powers=tuple(_each(records, "power", _power)),
        market_groups=_groups(_each(records, "market_group", _cells)),
        content_hash=content_hash,
    )


_FIGURES = {
    "grid_intensity": "zone",
    "residual_mix": "zone",
    "td_loss": "zone",
    "upstream_wtt": "zone",
    "spend": "naics",
    "provider": "provider",
}
"""Tables of numbers alone → the column that says what a number holds for."""


def _each(records: Records, table: str, make: Callable[[Cells], T]) -> list[T]:
    columns = (*COLUMNS[table], "overlay")
    return [make(dict(zip(columns, record, strict=True))) for record in records[table]]


def _cells(cells: Cells) -> Cells:
    return cells


def _factor_by(column: str) -> Callable[[Cells], Factor]:
    return lambda cells: _factor(cells, cells[column])


_day = lru_cache(maxsize=1024)(date.fromisoformat)


def _factor(cells: Cells, zone: str) -> Factor:
    return Factor(
        id=cells["id"],
        kind=intern(cells["id"].partition(":")[0]),
        zone=zone,
        value=cells["value"],
        low=cells["low"],
        high=cells["high"],
        unit=intern(cells["unit"]),
        data_year=cells["data_year"],
        valid_from=_day(cells["valid_from"]),
        valid_to=_day(cells["valid_to"]) if cells["valid_to"] else None,
        edition=intern(cells["edition"]),
        publisher=intern(cells["publisher"]),
        title=intern(cells["title"]),
        url=intern(cells["url"]),
        license=intern(cells["license"]),
        evidence=cells["evidence"],
        grade=cells["grade"],
        note=intern(cells["note"]),
        basis=cells.get("basis", ""),
        gwp_set=cells.get("gwp_set", ""),
        boundary=cells.get("boundary", ""),
        use=cells.get("use") or "default",
        upstream_kg_co2e_per_kwh=cells.get("upstream_kg_co2e_per_kwh"),
        overlay=bool(cells["overlay"]),
    )


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split("|")) if cell else ()


def _place(cells: Cells) -> Place:
    return Place(
        id=cells["region"],
        provider=cells["provider"],
        code=cells["code"],
        name=cells["place"],
        country=cells["country"],
        grid_zone=cells["grid_zone"],
        alternative_zones=_names(cells["alternative_zones"]),
        latitude=cells["latitude"],
        longitude=cells["longitude"],
        factor=_factor(cells, cells["region"]),
    )


def _accelerator(cells: Cells) -> Accelerator:
    return Accelerator(
        id=cells["accelerator"],
        vendor=cells["vendor"],
        model=cells["model"],
        form_factor=cells["form_factor"],
        memory_gb=cells["memory_gb"],
        tdp_w=cells["tdp_w"],
        tdp_low_w=cells["tdp_low_w"],
        tdp_high_w=cells["tdp_high_w"],
        aliases=_names(cells["aliases"]),
        factor=_factor(cells, cells["accelerator"]),
    )


def _instance(cells: Cells) -> Instance:
    return Instance(
        provider=intern(cells["provider"]),
        name=cells["instance"],
        vcpus=cells["vcpus"],
        memory_gb=cells["memory_gb"],
        accelerator=intern(cells["accelerator"]),
        accelerators=cells["accelerators"] or 0.0,
        platforms=_names(cells["platforms"]),
        host_included=cells["host_included"] == "yes",
        aliases=_names(cells["aliases"]),
        factor=_factor(cells, f"{cells['provider']}:{cells['instance']}"),
    )


def _component(cells: Cells) -> Component:
    return Component(
        id=cells["component"],
        archetype=cells["archetype"] == "yes",
        name=cells["name"],
        aliases=_names(cells["aliases"]),
        included=cells["included"] or 0.0,
        unit_gb=cells["unit_gb"],
        accelerator=cells["accelerator"],
        accelerators=cells["accelerators"] or 0.0,
        factor=_factor(cells, cells["component"]),
    )


def _power(cells: Cells) -> Power:
    return Power(
        id=cells["key"],
        idle_w=cells["idle_w"],
        cpu_models=_names(cells["cpu_models"]),
        factor=_factor(cells, cells["key"]),
    )


def _groups(rows: list[Cells]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for cells in rows:
        groups.setdefault(cells["group"], []).append(cells["country"])
    return {group: tuple(countries) for group, countries in groups.items()}
