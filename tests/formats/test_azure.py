"""Microsoft's carbon reports: the sum of the scopes asked for, by a method that is not stated."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from service.errors import Refused
from service.formats import azure
from service.formats.azure import Asked
from service.formats.reported_lines import ReportedLine
from service.model.result import Warn

PAGE: dict[str, Any] = json.loads((Path(__file__).parent / "samples" / "azure_carbon_response.json").read_bytes())
ALL = Asked(scopes=("scope1", "scope2", "scope3"), month="2026-06")
MONTHLY = {"dataType": "MonthlySummaryData", "date": "2026-06-01", "latestMonthEmissions": 15.23, "carbonIntensity": 22}
ITEM = {"dataType": "ItemDetailsData", "latestMonthEmissions": 1}


def read(*pages: object, asked: Asked = ALL) -> tuple[list[ReportedLine], list[Warn]]:
    """The lines of an answer."""
    return azure.read_answers(io.BytesIO(json.dumps(pages if len(pages) > 1 else pages[0]).encode()), asked)


def refusal(*pages: object, asked: Asked = ALL) -> tuple[str, str]:
    """Pointer and detail of an answer that is refused."""
    with pytest.raises(Refused) as caught:
        read(*pages, asked=asked)
    return caught.value.faults[0].pointer, caught.value.faults[0].detail


def page(*values: object) -> dict[str, Any]:
    """An answer."""
    return {"value": [*values], "subscriptionAccessDecisionList": []}


def test_the_method_of_scope_2_is_not_guessed() -> None:
    """Both of our columns are null; 14.82 kg and 0.41 kg are of an unspecified method."""
    lines, warnings = read(PAGE)
    assert warnings == []
    first, second = (line.total for line in lines)
    assert (first.location_based, first.market_based) == (None, None)
    assert first.unspecified is not None
    assert second.unspecified is not None
    assert (first.unspecified.kg_co2e, second.unspecified.kg_co2e) == (14.82, 0.41)
    assert first.unspecified.scope2_kg_co2e is None
    assert (first.account, first.region) == ("00000000-0000-0000-0000-000000000001", "azure:swedencentral")
    assert (first.month, first.service) == ("2026-06", "microsoft.compute/virtualmachines")
    assert first.resource is not None
    assert first.resource.endswith("/gpu-train-01")


def test_the_caller_may_state_the_method_and_one_scope() -> None:
    """Asked for Scope 2 alone, the figure is Scope 2's, by the method that the caller names."""
    asked = Asked(scopes=("scope2",), month="2026-06", method="market_based")
    total = read(PAGE, asked=asked)[0][0].total
    assert (total.unspecified, total.location_based, total.scopes) == (None, None, ["scope2"])
    assert total.market_based is not None
    assert (total.market_based.scope2_kg_co2e, total.market_based.kg_co2e) == (14.82, 14.82)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (MONTHLY, ("2026-06", None, None, None, None)),
        ({"dataType": "OverallSummaryData", "latestMonthEmissions": 1}, ("2026-06", None, None, None, None)),
        (
            {**ITEM, "categoryType": "Location", "itemName": "East US"},
            ("2026-06", None, "azure:eastus", None, None),
        ),
        (
            {**ITEM, "categoryType": "Subscription", "itemName": "s-1"},
            ("2026-06", "s-1", None, None, None),
        ),
        (
            {**ITEM, "categoryType": "ResourceType", "itemName": "a/b"},
            ("2026-06", None, None, "a/b", None),
        ),
        (
            {"dataType": "ResourceGroupItemDetailsData", "categoryType": "ResourceGroup", "itemName": "rg-ml",
             "subscriptionId": "s-1", "latestMonthEmissions": 1},
            ("2026-06", "s-1", None, None, "rg-ml"),
        ),
        (
            {"dataType": "ResourceTopItemsMonthlySummaryData", "categoryType": "Resource", "itemName": "vm",
             "date": "2026-06-01", "subscriptionId": "s-1", "latestMonthEmissions": 1},
            ("2026-06", "s-1", None, None, "vm"),
        ),
    ],
)  # fmt: skip
def test_every_type_that_carries_emissions_is_read(value: dict[str, Any], expected: tuple[str | None, ...]) -> None:
    """Month, account, region, service, resource."""
    total = read(page(value))[0][0].total
    assert (total.month, total.account, total.region, total.service, total.resource) == expected


def test_denied_subscriptions_are_told() -> None:
    """Their rows are missing, and nothing else says so."""
    denied = {"subscriptionId": "s-2", "decision": "Denied", "denialReason": "not a member"}
    (warning,) = read(PAGE | {"subscriptionAccessDecisionList": [denied]})[1]
    assert (warning.code, warning.pointer) == ("FORBIDDEN", "/subscriptionAccessDecisionList/s-2")
    assert "not a member" in warning.detail


def test_more_pages_and_top_items_are_told() -> None:
    """Both are a part of the whole; all pages together are not."""
    assert [warning.pointer for warning in read(PAGE | {"skipToken": "abc"})[1]] == ["/skipToken"]
    lines, warnings = read(PAGE | {"skipToken": "abc"}, page(PAGE["value"][0] | {"resourceId": "/x"}))
    assert (len(lines), warnings) == (3, [])
    top = page({**ITEM, "dataType": "TopItemsSummaryData", "categoryType": "Location", "itemName": "a"})
    assert [warning.pointer for warning in read(top)[1]] == ["/value"]


@pytest.mark.parametrize(
    ("value", "asked", "pointer", "words"),
    [
        ({"dataType": "X", "latestMonthEmissions": 1}, ALL, "/1/dataType", "none that carries emissions"),
        ({"dataType": "MonthlySummaryData", "date": "2026-06-01"}, ALL, "/1/latestMonthEmissions", "empty"),
        ({"dataType": "OverallSummaryData", "latestMonthEmissions": 1}, Asked(scopes=("scope1",)), "/1/date", "month="),
        (MONTHLY, Asked(scopes=("scope1",), month="2026-05"), "/1/date", "not of the month"),
        (MONTHLY | {"latestMonthEmissions": -1}, ALL, "/1/latestMonthEmissions", "not between"),
        (1, ALL, "/1", "no object"),
    ],
)
def test_a_bad_item_refuses_the_report(value: object, asked: Asked, pointer: str, words: str) -> None:
    """With item and field."""
    where, detail = refusal(page(value), asked=asked)
    assert where == pointer
    assert words in detail


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ([{"Results": []}], "no answer of carbonEmissionReports"),
        ([page()], "no lines"),
        ([page(MONTHLY, PAGE["value"][0])], "several kinds"),
        ([PAGE, page({**ITEM, "categoryType": "Location", "itemName": "a"})],
         "several kinds"),
    ],
)  # fmt: skip
def test_another_answer_is_refused(pages: list[Any], words: str) -> None:
    """Reports by resource and by location hold the same emissions."""
    assert words in refusal(*pages)[1]
