"""AWS: the Data Exports table CARBON_EMISSIONS as CSV, and answers of the Sustainability API.

Figures are in metric tons and become kilograms here, once. The scopes are those of AWS. After a change of method a
month is there once for each `model_version`: the newest counts.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

from service.errors import Fault, Refused
from service.formats.elements import elements, text_of
from service.formats.recognized import refuse_another
from service.formats.reported_lines import Printed, ReportedLine, collected, is_month, number_of, warn
from service.formats.sheet import Row, Sheet
from service.model.provider_report import ProviderTotal
from service.model.result import Warn

COLUMNS = {  # theirs -> ours
    "usage_period_start": "month",
    "usage_period_end": "month",  # checked: the first instant of the next
    "payer_account_id": "payer",
    "usage_account_id": "account",
    "product_code": "service",
    "region_code": "region",
    "model_version": "model_version",
    "last_refresh_timestamp": "which of two equal lines counts",
    "total_scope_1_emissions_value": "scope1_kg_co2e of both",  # metric tons, as all below
    "total_scope_2_lbm_emissions_value": "location_based.scope2_kg_co2e",
    "total_scope_2_mbm_emissions_value": "market_based.scope2_kg_co2e",
    "total_scope_3_lbm_emissions_value": "location_based.scope3_kg_co2e",  # not that of market_based
    "total_scope_3_mbm_emissions_value": "market_based.scope3_kg_co2e",
    "total_lbm_emissions_value": "location_based.kg_co2e",
    "total_mbm_emissions_value": "market_based.kg_co2e",
}
IGNORED = {"location": "the region's long name; region_code says it"}
UNITS = {column: column.replace("_value", "_unit") for column in COLUMNS if column.endswith("_value")}
NAME = "aws"
TITLE = "AWS Customer Carbon Footprint Tool"
URL = "https://docs.aws.amazon.com/cur/latest/userguide/carbon-emissions-columns.html"
TYPES = {  # of the Sustainability API -> the column of the table
    "TOTAL_SCOPE_1_CARBON_EMISSIONS": "total_scope_1_emissions_value",
    "TOTAL_SCOPE_2_LBM_CARBON_EMISSIONS": "total_scope_2_lbm_emissions_value",
    "TOTAL_SCOPE_2_MBM_CARBON_EMISSIONS": "total_scope_2_mbm_emissions_value",
    "TOTAL_SCOPE_3_LBM_CARBON_EMISSIONS": "total_scope_3_lbm_emissions_value",
    "TOTAL_SCOPE_3_MBM_CARBON_EMISSIONS": "total_scope_3_mbm_emissions_value",
    "TOTAL_LBM_CARBON_EMISSIONS": "total_lbm_emissions_value",
    "TOTAL_MBM_CARBON_EMISSIONS": "total_mbm_emissions_value",
}
DIMENSIONS = {"USAGE_ACCOUNT_ID": "usage_account_id", "REGION": "region_code", "SERVICE": "product_code"}
_REQUIRED = (
    *(column for column in COLUMNS if not column.endswith("_value")),
    *UNITS,
    *UNITS.values(),
)
_TONS = Decimal(1000)
"""Kilograms to a metric ton."""
_UNIT = "MTCO2e"
_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)", re.ASCII)


def read_csv(stream: BinaryIO) -> list[ReportedLine]:
    """The lines of the table.

    Raises:
        Refused: it is no such table, or a line cannot be read.
    """
    return collected(Sheet(stream, NAME, _REQUIRED).rows(), _line)


def read_answers(stream: BinaryIO) -> tuple[list[ReportedLine], list[Warn]]:
    """The lines of the API's answers: one page, or several in a list or one after another.

    Raises:
        Refused: it is none, or a line cannot be read.
    """
    pages = list(elements(stream, NAME))
    lines = collected(_results(pages), _line)
    dimensions = {
        tuple(bool(part) for part in (one.total.account, one.total.region, one.total.service)) for one in lines
    }
    if len(dimensions) > 1:
        detail = "its results are grouped in several ways (GroupBy) and would count twice; send those of one"
        raise Refused([Fault("", "VALUE_INVALID", detail)])
    if pages[-1].get("NextToken"):
        detail = "NextToken says that more pages follow; send all pages of an answer in one list"
        return lines, [warn("VALUE_INVALID", "/NextToken", detail)]
    return lines, []


def _results(pages: list[Any]) -> Iterator[Row | Refused]:
    number = 0
    for page in pages:
        results = page.get("Results") if isinstance(page, dict) else None
        if not isinstance(results, list):
            if isinstance(page, dict):
                refuse_another(page, NAME)
            detail = (
                "this is no answer of GetEstimatedCarbonEmissions, which has Results; the table is sent as text/csv"
            )
            raise Refused([Fault("", "VALUE_INVALID", detail)])
        for result in results:
            number += 1
            try:
                yield Row(number, {name: text for name, field in _cells(result) if (text := text_of(field))})
            except (KeyError, AttributeError, TypeError):
                detail = "a result has TimePeriod {Start, End}, ModelVersion and EmissionsValues {type: {Value, Unit}}"
                yield Refused([Fault(f"/{number}", "VALUE_INVALID", detail)])


def _cells(result: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """A result as the cells of the table."""
    yield "usage_period_start", result["TimePeriod"]["Start"]
    yield "usage_period_end", result["TimePeriod"]["End"]
    yield "model_version", result["ModelVersion"]
    for name, value in (result.get("DimensionsValues") or {}).items():
        if name in DIMENSIONS:
            yield DIMENSIONS[name], value
    for name, value in result["EmissionsValues"].items():
        if name in TYPES:
            yield TYPES[name], value["Value"]
            yield UNITS[TYPES[name]], value["Unit"]


def _line(row: Row) -> ReportedLine:
    version = row.short("model_version")
    known = _VERSION.fullmatch(version or "")
    if known is None:
        raise row.wrong("model_version", f"{(version or '')[:32]!r} is no version; one is written v3.0.0")
    by_column = {column: _tons(row, column) for column in UNITS}
    one = by_column["total_scope_1_emissions_value"]
    printed = {
        basis: Printed(
            scope1=one,
            scope2=by_column[f"total_scope_2_{short}_emissions_value"],
            scope3=by_column[f"total_scope_3_{short}_emissions_value"],
            total=by_column[f"total_{short}_emissions_value"],
        )
        for basis, short in (("location_based", "lbm"), ("market_based", "mbm"))
    }
    reported = {basis: numbers for basis, numbers in printed.items() if _is_reported(numbers)}
    if not reported:
        detail = "it reports neither basis; ask for TOTAL_LBM_CARBON_EMISSIONS and TOTAL_MBM_CARBON_EMISSIONS too"
        raise row.wrong("total_lbm_emissions_value", detail)
    region = row.short("region_code")
    scopes = {basis: numbers.scopes(_TONS) for basis, numbers in reported.items()}
    total = ProviderTotal(
        provider="aws",
        payer=row.short("payer_account_id"),
        account=row.short("usage_account_id"),
        month=_month(row),
        service=row.short("product_code"),
        region=f"aws:{region.lower()}" if region is not None else None,
        model_version=version,
        scopes=["scope1", "scope2", "scope3"],
        location_based=scopes.get("location_based"),
        market_based=scopes.get("market_based"),
    )
    return ReportedLine(
        row=row.number,
        total=total,
        version=tuple(map(int, known[1].split("."))),
        refreshed=row.text("last_refresh_timestamp") or "",
        printed=tuple((f"total_{basis[0]}bm_emissions_value", numbers) for basis, numbers in reported.items()),
    )


def _is_reported(numbers: Printed) -> bool:
    """Whether anything is of this basis alone."""
    return any(number is not None for number in (numbers.scope2, numbers.scope3, numbers.total))


def _tons(row: Row, column: str) -> Decimal | None:
    number = number_of(row, column)
    unit = row.text(UNITS[column])
    if number is not None and unit != _UNIT:
        raise row.wrong(UNITS[column], f"{(unit or '')[:32]!r} is another unit; AWS reports in {_UNIT}")
    return number


def _month(row: Row) -> str:
    """The one calendar month that the line is of."""
    start, end = row.moment("usage_period_start"), row.moment("usage_period_end")
    if start is None or end is None:
        raise row.wrong("usage_period_start", "it needs a start and an end")
    month = start[:7]
    if not is_month(start, end):
        detail = f"{start} to {end} is no calendar month in UTC; ask for a Granularity of MONTHLY"
        raise row.wrong("usage_period_start", detail)
    return month
