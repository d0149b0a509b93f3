"""A found row as a factor ready for arithmetic: range, grade, source as JSON, and what its match makes known."""

import msgspec

from service.factors.store import Found
from service.method.embodied import RANGE_HIGH, RANGE_LOW
from service.method.uncertainty import BOUNDS
from service.model.factor import Factor
from service.model.resolved import Matched, Note
from service.model.result import Source

EMBODIED_KINDS = frozenset({"accelerator", "cloud_instance", "server_component"})


def matched(found: Found, *, asked: str, year: int | None, why: str = "") -> Matched:
    """The factor of a found row.

    Args:
        found: a row with a value.
        asked: zone that was asked for.
        year: factor year that was asked for.
        why: reason of a coarser match, where it is not that the zone has no row.
    """
    row = found.factor
    assert row.value is not None  # noqa: S101 - callers look for a value first
    low, high = _bounds(row, row.value)
    return Matched(
        id=row.id,
        kind=row.kind,
        value=row.value,
        low=low,
        high=high,
        grade=row.grade,
        match=found.match,
        unit=row.unit,
        basis=row.basis,
        boundary=row.boundary,
        gwp_set=row.gwp_set,
        year=_year(row),
        upstream_kg_co2e_per_kwh=row.upstream_kg_co2e_per_kwh,
        notes=tuple(_notes(found, asked, year, why)),
        ranged=row.low is not None and row.high is not None,
        source=encoded(source_of(found)),
    )


def source_of(found: Found) -> Source:
    """The row as an answer shows it."""
    row = found.factor
    return Source(
        id=row.id,
        kind=row.kind,
        zone=row.zone,
        value=row.value,
        low=row.low,
        high=row.high,
        unit=row.unit,
        year=_year(row),
        data_year=row.data_year,
        edition=row.edition,
        publisher=row.publisher,
        title=row.title,
        url=row.url or None,
        license=row.license,
        basis=row.basis or None,
        gwp_set=row.gwp_set or None,
        match=found.match,
        grade=row.grade,
        note=row.note or None,
    )


def encoded(source: Source) -> msgspec.Raw:
    """The source as JSON, made once and sent often."""
    return msgspec.Raw(msgspec.json.encode(source))


def _year(row: Factor) -> int:
    """The year that the publisher issues the figure for; of timeless ones (a device), that of their data."""
    return max(row.valid_from.year, row.data_year)


def _bounds(row: Factor, value: float) -> tuple[float, float]:
    if row.low is not None and row.high is not None:
        return row.low, row.high
    low, high = (RANGE_LOW, RANGE_HIGH) if row.kind in EMBODIED_KINDS else BOUNDS[row.grade]
    return value * low, value * high


def _notes(found: Found, asked: str, year: int | None, why: str) -> list[Note]:
    row = found.factor
    notes = []
    if found.coarser:
        reason = why or f"no {row.kind.replace('_', ' ')} factor holds for {asked} itself"
        notes.append(("FACTOR_FALLBACK_COARSER", "/region", f"{row.id} was used, because {reason}"))
    if found.earlier_year:
        detail = f"{row.id} was used for {year}, its latest earlier edition"
        notes.append(("FACTOR_YEAR_MISMATCH", "/period", detail))
    if row.kind == "grid_location" and row.basis == "life_cycle":
        detail = f"{row.id} is a life-cycle factor: upstream emissions are inside it and are not added again"
        notes.append(("FACTOR_LIFECYCLE_BASIS", "/region", detail))
    return notes
