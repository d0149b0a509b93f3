"""Cost alone: one figure that holds everything. Rules: METHOD sections 1 and 5."""

from typing import Any

import pytest

from tests.workloads import Json, about, codes_of, estimate_of, redone, refusal_of, source_of, warned

COST: Json = {"amount": 1000, "currency": "USD"}


def spent(**workload: Any) -> Json:
    """The answer for a workload of which the cost is known."""
    return estimate_of(**{"region": "aws:us-east-1", "cost": COST} | workload)


def test_worked_example() -> None:
    """Cost × the factor of data processing and hosting, with margins, at grade E."""
    answer = spent()
    figure = answer["scope3"]["spend_based"]
    assert figure["kg_co2e"] == about(93)  # 1000 · 0.093
    assert (figure["low_kg_co2e"], figure["high_kg_co2e"]) == (about(27.9), about(279))  # 0.3 and 3 times
    assert figure["grade"] == "E"
    assert (figure["workload_scope"], figure["inventory_category"]) == ("scope3.cat1", "scope3.cat1")
    assert figure["sources"] == ["spend:518210:2022"]
    assert ("/cost", "SPEND_BASED_ESTIMATE") in warned(answer)


def test_the_rest_is_null() -> None:
    """The factor holds the provider's electricity and machines, so every other figure is null."""
    answer = spent()
    assert answer["scope2"] == {"location_based": None, "market_based": None}
    rest = {name: figure for name, figure in answer["scope3"].items() if name != "spend_based"}
    assert rest == {"fuel_and_energy": None, "embodied": None, "infrastructure": None}


def test_no_energy() -> None:
    """Spend is tier 5 and tells no kilowatt-hours."""
    energy = spent()["energy"]
    assert energy["tier"] == 5
    assert energy["hourly_gap_share"] == 0
    assert [energy[name] for name in ("component_kwh", "it_kwh", "facility_kwh", "pue")] == [None, None, None, None]


@pytest.mark.parametrize("basis", ["location_based", "market_based"])
def test_both_totals_equal_it(basis: str) -> None:
    """Both totals are the one figure, and name what is missing."""
    total = spent()["totals"][basis]
    assert total["kg_co2e"] == about(93)
    assert (total["low_kg_co2e"], total["high_kg_co2e"]) == (about(27.9), about(279))
    assert (total["grade"], total["worst_grade"]) == ("E", "E")
    assert total["primary_data_share"] == 0
    assert len(total["missing"]) == 4
    assert f"scope2.{basis}" in total["missing"]
    assert {"scope3.embodied", "scope3.infrastructure"} <= set(total["missing"])


def test_currency_year_is_shown() -> None:
    """The factor's currency year stands in its source and in the warning; nothing is deflated."""
    answer = spent()
    source = source_of(answer, "spend")
    assert (source["year"], source["value"]) == (2022, 0.093)
    assert "2022 USD" in source["edition"]


@pytest.mark.parametrize(
    ("year", "factor", "kg"),
    [
        (2021, "spend:518210:2021", 148),  # 1000 · 0.148
        (2022, "spend:518210:2022", 93),
        (2026, "spend:518210:2022", 93),  # in force until superseded
    ],
)
def test_factor_of_the_period(year: int, factor: str, kg: float) -> None:
    """The period chooses the edition of the spend factor."""
    answer = spent(period={"start": f"{year}-01-01", "end": f"{year + 1}-01-01"})
    assert answer["scope3"]["spend_based"]["sources"] == [factor]
    assert answer["scope3"]["spend_based"]["kg_co2e"] == about(kg)


@pytest.mark.parametrize("currency", ["EUR", "XYZ"])
def test_other_currency(currency: str) -> None:
    """The factor is per USD: another currency, or none at all, is refused at its field, once."""
    refused = refusal_of(region="aws:us-east-1", cost={"amount": 1000, "currency": currency})
    assert set(refused) == {("/cost/currency", "CURRENCY_UNKNOWN")}


def test_cost_of_zero() -> None:
    """A cost of 0 is an answer of 0."""
    answer = spent(cost={"amount": 0, "currency": "USD"})
    assert answer["totals"]["location_based"]["kg_co2e"] == 0
    assert answer["totals"]["location_based"]["grade"] == "E"


def test_nothing_at_all() -> None:
    """Without energy, hardware and cost there is nothing to compute from."""
    assert refusal_of(region="aws:us-east-1") == [("/energy", "ENERGY_MISSING")]


def test_energy_outranks_cost() -> None:
    """Where energy is known the cost estimates nothing."""
    answer = spent(energy={"kwh": 100})
    assert answer["scope3"]["spend_based"] is None
    assert answer["scope2"]["location_based"] is not None
    assert "SPEND_BASED_ESTIMATE" not in codes_of(answer)


def test_hardware_without_hours_is_no_spend() -> None:
    """Hardware beside the cost asks for hours, not for an estimate from the cost."""
    refused = refusal_of(region="aws:us-east-1", cost=COST, hardware={"accelerator": "h100-sxm5"})
    assert [code for _, code in refused] == ["ENERGY_MISSING"]


def test_spend_holds_infrastructure_and_embodied() -> None:
    """A provider's report or the economic method beside the cost adds nothing to it."""
    report = {"components": [{"name": "all", "kg_co2e": 1000}], "driver": "cost", "provider_driver_total": 10_000}
    answer = spent(infrastructure=report, allocation={"method": "economic"})
    assert answer["scope3"]["infrastructure"] is None
    assert answer["scope3"]["embodied"] is None
    assert answer["totals"]["market_based"]["kg_co2e"] == about(93)


@pytest.mark.parametrize(
    ("allocation", "method"),
    [({}, "time"), ({"method": "physical"}, "physical")],
)
def test_method_of_spend(allocation: Json, method: str) -> None:
    """The allocation method comes back as it was named, though it divides nothing here."""
    assert spent(allocation=allocation)["allocation"]["method"] == method


def test_cloud_relabelling_is_told() -> None:
    """Spend on a provider's region is cloud, as everything else there."""
    answer = spent()
    assert answer["deployment"] == "cloud"
    assert "CLOUD_SCOPE2_IS_SCOPE3" in codes_of(answer)


def test_intensities_of_spend() -> None:
    """Of spend the full intensity can be formed, the SCI cannot."""
    (tokens, usd) = spent(functional_units={"1M tokens": 50})["intensities"]
    assert (tokens["unit"], tokens["sci_g_co2e"], tokens["full_g_co2e"]) == ("1M tokens", None, about(1860))  # 93 kg/50
    assert (usd["unit"], usd["sci_g_co2e"], usd["full_g_co2e"]) == ("USD", None, about(93))  # 93 kg / 1000


def test_derivation() -> None:
    """`explain` writes the arithmetic in one line that a person may redo."""
    line = spent(explain=True)["scope3"]["spend_based"]["derivation"]
    assert "\n" not in line
    assert redone(line) == [(about(93), about(93))]
