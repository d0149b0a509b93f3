"""Our answers beside a provider's report: matched by month and region, never added."""

from typing import Any

import msgspec
import pytest

from service.errors import Refused
from service.formats.reconciliation import reconcile
from service.method.fingerprint import fingerprint, parameters_hash
from service.model.provider_report import Reconciliation, ReconciliationRequest

Json = dict[str, Any]
THEIRS: Json = {
    "provider": "aws",
    "month": "2026-06",
    "service": "AmazonEC2",
    "region": "aws:us-east-1",
    "scopes": ["scope1", "scope2", "scope3"],
    "location_based": {"scope1_kg_co2e": 1, "scope2_kg_co2e": 200, "scope3_kg_co2e": 49, "kg_co2e": 250},
    "market_based": {"scope1_kg_co2e": 1, "scope2_kg_co2e": 0, "scope3_kg_co2e": 39, "kg_co2e": 40},
}


def figure(kg: float) -> Json:
    """A figure of an answer."""
    place = {"grade": "B", "workload_scope": "scope2", "inventory_category": "scope3.cat1"}
    return {"kg_co2e": kg, "low_kg_co2e": kg, "high_kg_co2e": kg, **place}


def total(kg: float) -> Json:
    """A total of an answer."""
    about = {"grade": "B", "worst_grade": "B", "primary_data_share": 1, "missing": ["scope3.infrastructure"]}
    return {"kg_co2e": kg, "low_kg_co2e": kg, "high_kg_co2e": kg, **about}


def answer(start: str = "2026-06-01", end: str = "2026-07-01", region: str = "aws:us-east-1") -> Json:
    """An answer of 100 kg of Scope 2 location-based and 80 market-based, in totals of 150 and 120."""
    market = figure(80) | {"coverage_share": 0, "covered_kwh": 0, "uncovered_kwh": 1, "instruments": []}
    hashed = parameters_hash({})
    methodology = {
        "id": "dualscope",
        "version": "1.0.0",
        "factor_set": {"id": "embedded", "version": "1"},
        "parameters": {},
        "parameters_hash": hashed,
        "fingerprint": fingerprint("embedded@1", hashed, "dualscope@1.0.0"),
    }
    return {
        "region": {"id": region, "provider": region.partition(":")[0] if ":" in region else None},
        "period": {"start": start, "end": end},
        "deployment": "cloud",
        "energy": {"tier": 2},
        "scope2": {"location_based": figure(100), "market_based": market},
        "scope3": {
            "fuel_and_energy": {"location_based": figure(20), "market_based": figure(10)},
            "embodied": figure(30),
        },
        "totals": {"location_based": total(150), "market_based": total(120)},
        "allocation": {"method": "time"},
        "methodology": methodology,
    }


def view(report: list[Json], emissions: list[Json] | None = None, groups: list[Json] | None = None) -> Reconciliation:
    """The view of a request."""
    body = {"report": report, "emissions": emissions or [], "groups": groups or []}
    return reconcile(msgspec.convert(body, ReconciliationRequest))


def test_both_sides_stand_beside_each_other() -> None:
    """150 − 250 = −100 and 150 ÷ 250 = 0.6; Scope 2: 100 − 200 and 0.5. Theirs at 0 has no ratio."""
    (line,) = view([THEIRS], [answer()]).lines
    assert (line.month, line.region, line.status) == ("2026-06", "aws:us-east-1", "both")
    assert line.ours is not None
    assert line.theirs is not None
    assert (line.ours.location_based_kg_co2e, line.theirs.location_based_kg_co2e) == (150, 250)
    assert line.ours.missing == ["scope3.infrastructure"]
    assert [(one.figure, one.basis, one.difference_kg_co2e, one.ratio) for one in line.apart] == [
        ("scope2", "location_based", -100, 0.5),
        ("scope2", "market_based", 80, None),
        ("total", "location_based", -100, 0.6),
        ("total", "market_based", 80, 3.0),
    ]


def test_services_are_shown_apart_and_summed() -> None:
    """250 + 10 kg of two services; we know none."""
    other = THEIRS | {"service": None, "location_based": {"kg_co2e": 10}, "market_based": None}
    (line,) = view([THEIRS, other], [answer()]).lines
    assert line.theirs is not None
    assert line.theirs.location_based_kg_co2e == 260
    assert [(one.service, one.location_based_kg_co2e) for one in line.theirs.services] == [
        ("AmazonEC2", 250),
        (None, 10),
    ]


def test_a_sum_with_a_line_that_is_not_reported_is_null() -> None:
    """40 kg and nothing known are not 40 kg; the others compare on."""
    other = THEIRS | {"market_based": None}
    found = view([THEIRS, other], [answer()])
    (line,) = found.lines
    assert line.theirs is not None
    assert line.theirs.market_based_kg_co2e is None
    assert {one.basis for one in line.apart} == {"location_based"}
    assert "DUAL_REPORTING_REQUIRED" in {warning.code for warning in found.warnings}


def test_lines_of_one_side_are_told() -> None:
    """Another region of theirs, another month of ours, and answers that are of no region of this provider."""
    elsewhere = THEIRS | {"region": "aws:eu-north-1"}
    found = view([elsewhere], [answer("2026-05-01", "2026-05-02"), answer(region="gcp:us-east1"), answer(region="FR")])
    assert [(line.month, line.region, line.status) for line in found.lines] == [
        ("2026-05", "aws:us-east-1", "only_ours"),
        ("2026-06", "aws:eu-north-1", "only_theirs"),
    ]
    assert found.unplaced == ["/emissions/1", "/emissions/2"]


def test_an_answer_without_a_period_is_unplaced() -> None:
    """No month is guessed."""
    assert view([THEIRS], [answer() | {"period": None}]).unplaced == ["/emissions/0"]


def test_a_period_over_several_months_is_divided_by_hours_and_told() -> None:
    """30 May to 2 June: two days of three in May, 100 and 50 of 150 kg."""
    found = view([THEIRS], [answer("2026-05-30", "2026-06-02")])
    figures = {line.month: line.ours.location_based_kg_co2e for line in found.lines if line.ours}
    assert figures == {"2026-05": pytest.approx(100), "2026-06": pytest.approx(50)}
    assert [warning.pointer for warning in found.warnings if warning.code == "PERIOD_INVALID"] == [
        "/emissions/0/period"
    ]


def test_a_report_without_regions_is_held_by_month() -> None:
    """Microsoft's monthly summary names none: ours of all regions stand beside it."""
    monthly = {"provider": "azure", "month": "2026-06", "scopes": ["scope2"], "unspecified": {"kg_co2e": 10}}
    found = view([monthly], [answer(region="azure:eastus"), answer(region="azure:westeurope")])
    (line,) = found.lines
    assert (line.region, line.status) == (None, "both")
    assert line.ours is not None
    assert line.theirs is not None
    assert (line.ours.answers, line.ours.location_based_kg_co2e) == (2, 300)
    assert (line.theirs.unspecified_kg_co2e, line.theirs.location_based_kg_co2e, line.apart) == (10, None, [])


def test_groups_of_a_batch_serve_too() -> None:
    """They have totals only; one without month or region is unplaced."""
    totals = {"location_based": total(150), "market_based": total(120)}
    group = {"key": {"month": "2026-06", "region": "aws:us-east-1"}, "count": 7, "totals": totals}
    found = view([THEIRS], groups=[group, group | {"key": {"month": None, "region": "aws:us-east-1"}}])
    (line,) = found.lines
    assert line.ours is not None
    assert (line.ours.answers, line.ours.scope2_location_kg_co2e) == (7, None)
    assert [one.figure for one in line.apart] == ["total", "total"]
    assert found.unplaced == ["/groups/1"]


def test_the_boundaries_are_said_in_words() -> None:
    """Theirs is wider in Scope 3, and all of it is the customer's Scope 3."""
    found = view([THEIRS], [answer()])
    assert [boundary.side for boundary in found.boundaries] == ["ours", "theirs"]
    assert any("to the customer all three are Scope 3" in text for text in found.boundaries[1].contains)
    assert found.warnings[0].code == "CLOUD_SCOPE2_IS_SCOPE3"


@pytest.mark.parametrize(
    ("report", "emissions", "groups", "pointer"),
    [
        ([THEIRS], [], [], "/emissions"),
        ([THEIRS], [answer()], [{"key": {}, "count": 1}], "/emissions"),
        ([THEIRS, THEIRS | {"provider": "gcp"}], [answer()], [], "/report"),
        ([THEIRS], [answer("2026-07-01", "2026-06-01")], [], "/emissions/0/period"),
        ([THEIRS], [answer("2026-06-31", "2026-07-01")], [], "/emissions/0/period"),
        ([THEIRS], [answer() | {"scope3": {}}], [], "/emissions/0/totals/location_based/kg_co2e"),
    ],
)
def test_a_request_without_sense_is_refused(
    report: list[Json], emissions: list[Json], groups: list[Json], pointer: str
) -> None:
    """Neither or both of ours, several providers, periods that are none, answers that were edited."""
    with pytest.raises(Refused) as caught:
        view(report, emissions, groups)
    assert caught.value.faults[0].pointer == pointer
