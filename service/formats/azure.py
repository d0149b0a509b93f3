"""Microsoft's carbon optimization reports: answers of `carbonEmissionReports`, all types that carry emissions.

Figures are kilograms. An answer is the sum of the scopes that were asked for, and says neither which nor by which
method Scope 2 is: the caller does, or both of our columns stay null.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO, Literal

from msgspec import Struct

from service.errors import Fault, Refused
from service.formats.elements import elements, text_of
from service.formats.recognized import refuse_another
from service.formats.reported_lines import ReportedLine, collected, number_of, warn
from service.formats.sheet import Row
from service.model.provider_report import ProviderTotal, ReportedScopes, ReportScope
from service.model.result import Warn

FIELDS = {  # theirs -> ours
    "latestMonthEmissions": "kg_co2e",  # kg, over the range of dates that was asked for
    "date": "month",  # of the monthly reports; else the caller's
    "subscriptionId": "account",
    "location": "region",
    "resourceType": "service",
    "resourceId": "resource",
    "itemName": "account, region, service or resource, as categoryType says",
}
IGNORED = {
    "previousMonthEmissions": "another month, which a report of its own has",
    "monthOverMonthEmissionsChangeRatio monthlyEmissionsChangeValue": "differences",
    "carbonIntensity": "kg to a normalized unit of usage, not to a kWh",
    "resourceGroup": "resourceId holds it",
}
NAME = "azure"
TITLE = "Microsoft Azure carbon optimization"
URL = "https://learn.microsoft.com/azure/carbon-optimization/"
MONTHLY = frozenset({"MonthlySummaryData", "TopItemsMonthlySummaryData"})
TYPES = frozenset({"OverallSummaryData", "TopItemsSummaryData", "ItemDetailsData", *MONTHLY})
"""`dataType` of what carries emissions, after what it is of: `Resource`, `ResourceGroup` or nothing."""
_KG = Decimal(1)
_DENIED = "Denied"
_CATEGORIES = {"subscription": "account", "location": "region", "resourcetype": "service"}


class Asked(Struct, frozen=True, kw_only=True):
    """What the caller says of the request, because the answer does not."""

    scopes: tuple[ReportScope, ...]
    month: str | None = None
    method: Literal["location_based", "market_based"] | None = None
    """Of Scope 2."""


def read_answers(stream: BinaryIO, asked: Asked) -> tuple[list[ReportedLine], list[Warn]]:
    """The lines of one answer, or of its pages in a list or one after another.

    Raises:
        Refused: it is none, or a line cannot be read.
    """
    pages = [_page(value) for value in elements(stream, NAME)]
    kinds: set[tuple[str, str]] = set()
    lines = collected(_values(pages), lambda row: _line(row, asked, kinds))
    if len(kinds) > 1:
        told = ", ".join(sorted(" by ".join(filter(None, kind)) for kind in kinds))
        detail = f"these are reports of several kinds ({told}), which hold the same emissions; send one kind"
        raise Refused([Fault("", "VALUE_INVALID", detail)])
    return lines, [*_warnings(pages), *_partial(kinds)]


def _page(value: object) -> dict[str, Any]:
    if isinstance(value, dict) and isinstance(value.get("value"), list):
        return value
    if isinstance(value, dict):
        refuse_another(value, NAME)
    detail = "this is no answer of carbonEmissionReports, which has value and subscriptionAccessDecisionList"
    raise Refused([Fault("", "VALUE_INVALID", detail)])


def _values(pages: list[dict[str, Any]]) -> Iterator[Row | Refused]:
    number = 0
    for page in pages:
        for value in page["value"]:
            number += 1
            if isinstance(value, dict):
                yield Row(number, {name: text for name, field in value.items() if (text := text_of(field))})
            else:
                yield Refused([Fault(f"/{number}", "VALUE_INVALID", "it is no object; an item of an answer is one")])


def _line(row: Row, asked: Asked, kinds: set[tuple[str, str]]) -> ReportedLine:
    type_ = row.text("dataType") or ""
    kind = type_.removeprefix("ResourceGroup").removeprefix("Resource")
    if kind not in TYPES:
        known = ", ".join(sorted(TYPES))
        raise row.wrong("dataType", f"{type_[:64]!r} is none that carries emissions; those are {known}")
    category = (row.text("categoryType") or "").lower()
    kinds.add((kind, category))
    number = number_of(row, "latestMonthEmissions")
    if number is None:
        raise row.wrong("latestMonthEmissions", "it is empty")
    kg = float(number * _KG)
    alone = asked.scopes[0] if len(asked.scopes) == 1 else None
    scopes = ReportedScopes(
        scope1_kg_co2e=kg if alone == "scope1" else None,
        scope2_kg_co2e=kg if alone == "scope2" else None,
        scope3_kg_co2e=kg if alone == "scope3" else None,
        kg_co2e=kg,
    )
    of = _dimensions(row, category)
    total = ProviderTotal(
        provider="azure",
        account=of["account"],
        month=_month(row, asked),
        service=of["service"],
        region=of["region"],
        resource=of["resource"],
        scopes=[*asked.scopes],
        location_based=scopes if asked.method == "location_based" else None,
        market_based=scopes if asked.method == "market_based" else None,
        unspecified=scopes if asked.method is None else None,
    )
    return ReportedLine(row=row.number, total=total)


def _month(row: Row, asked: Asked) -> str:
    day = row.moment("date")
    if day is None:
        if asked.month is None:
            detail = (
                "the answer does not say of which month it is; send month=2026-06, the dateRange that was asked for"
            )
            raise row.wrong("date", detail)
        return asked.month
    month = day[:7]
    if asked.month not in (None, month):
        raise row.wrong("date", f"{day} is not of the month {asked.month}; leave month out where the lines have dates")
    return month


def _dimensions(row: Row, category: str) -> dict[str, str | None]:
    """What the line is of."""
    location = row.short("location")
    found = {
        "account": row.short("subscriptionId"),
        "region": location,
        "service": row.short("resourceType"),
        "resource": row.text("resourceId"),
    }
    name = row.text("itemName")
    if name is not None and category:
        found[_CATEGORIES.get(category, "resource")] = (
            row.text("resourceId") or name if category == "resource" else name
        )
    region = found["region"]
    if region is not None:
        found["region"] = f"azure:{region.lower().replace(' ', '')}"
    for field, text in found.items():
        if text is not None and len(text) > 1024:  # noqa: PLR2004 - as the model has it
            raise row.wrong(field, "it is longer than 1024 characters")
    return found


def _warnings(pages: list[dict[str, Any]]) -> Iterator[Warn]:
    if pages[-1].get("skipToken"):
        detail = "skipToken says that more pages follow; send all pages of an answer in one list"
        yield warn("VALUE_INVALID", "/skipToken", detail)
    denied: dict[str, str] = {}
    for page in pages:
        for decision in page.get("subscriptionAccessDecisionList") or []:
            if isinstance(decision, dict) and decision.get("decision") == _DENIED:
                denied[str(decision.get("subscriptionId"))[:64]] = str(decision.get("denialReason") or "no reason")[
                    :128
                ]
    for subscription, reason in sorted(denied.items()):
        detail = f"access to subscription {subscription} was denied ({reason}): its emissions are not in the answer"
        yield warn("FORBIDDEN", f"/subscriptionAccessDecisionList/{subscription}", detail)


def _partial(kinds: set[tuple[str, str]]) -> Iterator[Warn]:
    if any(kind.startswith("TopItems") for kind, _ in kinds):
        yield warn(
            "VALUE_INVALID", "/value", "the report has the largest items only: the total is larger than their sum"
        )
