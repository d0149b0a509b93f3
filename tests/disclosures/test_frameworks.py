"""The maps to reporting frameworks: data with a source, whose paths lead somewhere."""

import re

import msgspec
import pytest

from service.disclosures.frameworks import at, datapoints, maps
from service.model.disclosed import Disclosure
from tests.returned import GO, answer, disclosed, every_kind


@pytest.fixture(scope="module")
def block() -> Disclosure:
    """Of every kind of answer."""
    return disclosed(*every_kind(), answer(deployment="owned", factors=None, energy={"kwh": 10}, pue=1.1))


def test_the_frameworks_are_those_of_the_method() -> None:
    """Each states its publication; a number that was not read says so."""
    assert [held.framework for held in maps()] == [
        "CDP",
        "ESRS E1",
        "EU 2024/1364",
        "EU AI Act",
        "ITU-T L.1410 and L.1801",
        "PACT",
    ]
    assert all(held.publication and held.datapoints for held in maps())
    assert {point.evidence for held in maps() for point in held.datapoints} == {"read", "second-hand"}


def test_every_path_leads_to_a_figure(block: Disclosure) -> None:
    """Where the block has all figures, only what it cannot hold has no value, with a reason."""
    mapped = [point for held in maps() for point in held.datapoints]
    for point, found in zip(mapped, block.frameworks, strict=True):
        assert (found.value is None) is (point.path is None), point.path
        assert (found.reason is None) is (found.value is not None)


def test_values_are_in_the_frameworks_units(block: Disclosure) -> None:
    """Tonnes are a thousandth of the kilograms, percent a hundred of a share."""
    found = {(point.framework, point.datapoint, point.title): point for point in block.frameworks}
    total = found[("ESRS E1", "E1-6 ¶52(b)", "Total GHG emissions with market-based Scope 2")]
    assert (total.value, total.unit) == (block.totals.market_based.kg_co2e / 1000, "t CO2e")
    share = found[("ESRS E1", "E1-6 AR 45(d)", "Contractual instruments: share of the Scope 2 energy")]
    assert block.contractual_instruments.of_scope2 is not None
    assert share.value == pytest.approx(block.contractual_instruments.of_scope2.share * 100)
    energy = next(point for point in block.frameworks if point.framework == "EU AI Act")
    assert (energy.value, energy.unit) == (block.energy.facility_kwh, "kWh")


def test_scope_2_is_what_the_company_books() -> None:
    """A cloud customer's electricity is no Scope 2 of its own: 0 there, all of it in category 1."""
    cloud = disclosed(answer(region="aws:us-east-1"))
    values = {(point.datapoint, point.title[:44]): point.value for point in cloud.frameworks}
    assert values[("7.7", "Gross global Scope 2 emissions, market-based")] == 0
    owned = disclosed(answer(instruments=[GO]))
    values = {(point.datapoint, point.title[:44]): point.value for point in owned.frameworks}
    assert values[("7.7", "Gross global Scope 2 emissions, market-based")] == 0.35  # 700 kWh × .5


def test_what_is_not_there_has_a_reason() -> None:
    """Null, never 0."""
    found = [point for point in disclosed(answer()).frameworks if "category 8" in point.title]
    assert [(point.value, point.reason) for point in found] == [
        (None, "Nothing of these workloads is booked there.")
    ] * len(found)
    assert found


def test_a_path_that_leads_nowhere() -> None:
    """A missing element is none; what is no path is a mistake of the map."""
    figures = {"a": [{"k": "x", "v": 1.0}]}
    assert at(figures, "a[k=x].v") == 1.0
    assert at(figures, "a[k=y].v") is None
    with pytest.raises(ValueError, match=re.escape("not a step of a path: a[")):
        at(figures, "a[")


def test_datapoints_are_in_the_answer(block: Disclosure) -> None:
    """As they are made."""
    assert block.frameworks == datapoints(msgspec.structs.replace(block, frameworks=[]))
