"""A footprint as a row: CSV, and the flat properties of map tools. An empty cell is a figure that cannot be formed."""

import csv
from collections.abc import Iterable

import msgspec

from service.http.csv_cells import safe
from service.http.problems import Problem
from service.model.result import Emissions, Figure, Total
from service.model.workload import Workload

Cell = str | float | None
COLUMNS = (
    "index",
    "id",
    "tags",
    "region",
    "provider",
    "country",
    "grid",
    "latitude",
    "longitude",
    "period_start",
    "period_end",
    "deployment",
    "facility_kwh",
    "pue",
    "scope2_location_based_kg_co2e",
    "scope2_market_based_kg_co2e",
    "fuel_and_energy_location_based_kg_co2e",
    "fuel_and_energy_market_based_kg_co2e",
    "embodied_kg_co2e",
    "infrastructure_kg_co2e",
    "spend_based_kg_co2e",
    "total_location_based_kg_co2e",
    "total_location_based_low_kg_co2e",
    "total_location_based_high_kg_co2e",
    "total_location_based_grade",
    "total_market_based_kg_co2e",
    "total_market_based_low_kg_co2e",
    "total_market_based_high_kg_co2e",
    "total_market_based_grade",
    "warnings",
    "problem_code",
    "problem_pointer",
    "problem_detail",
)
"""The same for every row, so that rows can be written as they come: tags are one cell, a JSON object."""


def emissions_csv(emissions: Emissions) -> bytes:
    """The head and one row."""
    return header() + line(emissions_row(0, emissions))


def emissions_row(index: int, emissions: Emissions) -> list[Cell]:
    """The cells of one footprint."""
    region, period, scope3 = emissions.region, emissions.period, emissions.scope3
    upstream = scope3.fuel_and_energy
    place: list[Cell] = [None] * 6
    if region is not None:
        place = [region.id, region.provider, region.country, region.grid, region.latitude, region.longitude]
    return [
        index,
        emissions.id,
        _tags(emissions.tags),
        *place,
        period.start if period is not None else None,
        period.end if period is not None else None,
        emissions.deployment,
        emissions.energy.facility_kwh,
        emissions.energy.pue,
        _kg(emissions.scope2.location_based),
        _kg(emissions.scope2.market_based),
        _kg(upstream.location_based) if upstream is not None else None,
        _kg(upstream.market_based) if upstream is not None else None,
        _kg(scope3.embodied),
        _kg(scope3.infrastructure),
        _kg(scope3.spend_based),
        *_total(emissions.totals.location_based),
        *_total(emissions.totals.market_based),
        " ".join(dict.fromkeys(warning.code for warning in emissions.warnings)),
        *_NO_PROBLEM,
    ]


def problem_row(index: int, workload: Workload | None, problem: Problem) -> list[Cell]:
    """The cells of a workload that could not be estimated; none is known of one that is not of the schema."""
    sent: list[Cell] = [None] * (len(COLUMNS) - 1 - len(_NO_PROBLEM))
    if workload is not None:
        period = workload.period
        sent[:3] = workload.id, _tags(workload.tags), workload.region
        if period is not None:
            sent[8:10] = period.start, period.end
        sent[10] = workload.deployment
    return [index, *sent, problem.code, problem.errors[0].pointer, problem.detail]


def header() -> bytes:
    """The names of the columns."""
    return line(COLUMNS)


def line(cells: Iterable[Cell]) -> bytes:
    """One line of CSV (RFC 4180)."""
    written: list[str] = []
    csv.writer(_Sink(written)).writerow([safe(cell) if isinstance(cell, str) else cell for cell in cells])
    return "".join(written).encode()


class _Sink:
    """What csv writes to."""

    def __init__(self, written: list[str]) -> None:
        self.write = written.append


_NO_PROBLEM: tuple[Cell, Cell, Cell] = (None, None, None)


def _tags(tags: dict[str, str]) -> str | None:
    return msgspec.json.encode(tags).decode() if tags else None


def _kg(figure: Figure | None) -> float | None:
    return figure.kg_co2e if figure is not None else None


def _total(total: Total) -> tuple[Cell, ...]:
    return total.kg_co2e, total.low_kg_co2e, total.high_kg_co2e, total.grade
