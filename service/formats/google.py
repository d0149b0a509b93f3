"""Google Cloud Carbon Footprint: its BigQuery export, as nested JSON or as CSV with a map of the columns.

Figures are kilograms. Scopes and totals stand beside each other: the totals hold the scopes. What is null is not
reported, which is not 0. The scopes are those of Google.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, BinaryIO

from service.errors import Fault, Refused
from service.formats.elements import records, text_of
from service.formats.reported_lines import Printed, ReportedLine, collected, number_of
from service.formats.sheet import Row, Sheet
from service.model.provider_report import ProviderTotal

FIELDS = {  # theirs -> ours
    "usage_month": "month",  # the first day of it
    "billing_account_id": "payer",
    "project.id": "account",  # null: tied to no project
    "project.number": "account, where there is no id",
    "service.description": "service",
    "service.id": "service, where it has no description",
    "location.region": "region",  # null: a global service
    "location.location": "tells lines of one region apart",
    "carbon_model_version": "model_version",
    "carbon_footprint_kgCO2e.scope1": "scope1_kg_co2e of both",  # kg, as all below
    "carbon_footprint_kgCO2e.scope2.location_based": "location_based.scope2_kg_co2e",
    "carbon_footprint_kgCO2e.scope2.market_based": "market_based.scope2_kg_co2e",
    "carbon_footprint_kgCO2e.scope3": "scope3_kg_co2e of both",
    "carbon_footprint_total_kgCO2e.location_based": "location_based.kg_co2e",
    "carbon_footprint_total_kgCO2e.market_based": "market_based.kg_co2e",
}
IGNORED = {
    "carbon_footprint_total_kgCO2e.after_offsets": "deprecated; credits reduce no figure",
    "carbon_offsets_kgCO2e": "deprecated; credits reduce no figure",
}
NAME = "google"
TITLE = "Google Cloud Carbon Footprint"
URL = "https://cloud.google.com/carbon-footprint/docs/data-schema"
NEEDED = (
    "usage_month",
    "carbon_model_version",
    "carbon_footprint_kgCO2e.scope1",
    "carbon_footprint_kgCO2e.scope2.location_based",
    "carbon_footprint_kgCO2e.scope2.market_based",
    "carbon_footprint_kgCO2e.scope3",
)
"""What a map of columns cannot do without."""
_KG = Decimal(1)
_DEEPEST = 3


def read_lines(stream: BinaryIO) -> list[ReportedLine]:
    """The lines of the export, as JSON lines or in a list.

    Raises:
        Refused: it is no such export, or a line cannot be read.
    """
    return collected(_nested(stream), _line)


def read_csv(stream: BinaryIO, columns: Mapping[str, str]) -> list[ReportedLine]:
    """The lines of a query's result.

    Args:
        stream: of the file.
        columns: fields of the export, in full, to the columns of the file.

    Raises:
        Refused: columns are missing, or a line cannot be read.
    """
    return collected(_renamed(stream, columns), _line)


def _nested(stream: BinaryIO) -> Iterator[Row | Refused]:
    for number, value in records(stream, NAME, ("usage_month", "carbon_footprint_kgCO2e")):
        if isinstance(value, dict):
            yield Row(number, {name: text for name, field in _flat(value) if (text := text_of(field))})
        else:
            yield Refused([Fault(f"/{number}", "VALUE_INVALID", "it is no object; a line of the export is one")])


def _flat(value: Mapping[str, Any], before: str = "", depth: int = 1) -> Iterator[tuple[str, object]]:
    """Fields by their full names."""
    for name, field in value.items():
        if isinstance(field, dict) and depth < _DEEPEST:
            yield from _flat(field, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}", field


def _renamed(stream: BinaryIO, columns: Mapping[str, str]) -> Iterator[Row | Refused]:
    for row in Sheet(stream, NAME, [*columns.values()]).rows():
        if isinstance(row, Refused):
            yield row
        else:
            cells = {field: row.cells[column] for field, column in columns.items() if column in row.cells}
            yield Row(row.number, cells)


def _line(row: Row) -> ReportedLine:
    version = row.text("carbon_model_version")
    if version is not None and not (version.isascii() and version.isdigit()):
        raise row.wrong("carbon_model_version", f"{version[:32]!r} is no version; one is a whole number")
    printed = {
        basis: Printed(
            scope1=number_of(row, "carbon_footprint_kgCO2e.scope1"),
            scope2=number_of(row, f"carbon_footprint_kgCO2e.scope2.{basis}"),
            scope3=number_of(row, "carbon_footprint_kgCO2e.scope3"),
            total=number_of(row, f"carbon_footprint_total_kgCO2e.{basis}"),
        )
        for basis in ("location_based", "market_based")
    }
    reported = {basis: one for basis, one in printed.items() if one.scope2 is not None or one.total is not None}
    if not reported:
        raise row.wrong("carbon_footprint_kgCO2e.scope2.location_based", "the line reports neither basis")
    scopes = {basis: one.scopes(_KG) for basis, one in reported.items()}
    region = row.short("location.region")
    total = ProviderTotal(
        provider="gcp",
        payer=row.short("billing_account_id"),
        account=row.short("project.id") or row.short("project.number"),
        month=_month(row),
        service=row.short("service.description") or row.short("service.id"),
        region=f"gcp:{region.lower()}" if region is not None else None,
        model_version=version,
        scopes=["scope1", "scope2", "scope3"],
        location_based=scopes.get("location_based"),
        market_based=scopes.get("market_based"),
    )
    return ReportedLine(
        row=row.number,
        total=total,
        version=(int(version),) if version is not None else (),
        place=row.text("location.location") or "",
        printed=tuple((f"carbon_footprint_total_kgCO2e.{basis}", one) for basis, one in reported.items()),
    )


def _month(row: Row) -> str:
    day = row.moment("usage_month")
    if day is None:
        raise row.wrong("usage_month", "it is empty")
    year, month = day[:4], int(day[5:7])
    if day[7:] != "-01" or not 1 <= month <= 12:  # noqa: PLR2004 - months
        raise row.wrong("usage_month", f"{day} is not the first day of a month, as 2026-06-01")
    return f"{year}-{month:02}"
