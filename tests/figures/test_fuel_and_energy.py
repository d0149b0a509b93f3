"""Scope 3 Category 3 on both bases: upstream of electricity and its losses. Rules: METHOD section 4."""

import math
from typing import Any

import pytest

from tests.workloads import (
    Json,
    about,
    codes_of,
    estimate_of,
    figures_of,
    redone,
    refusal_of,
    resolver_of,
    row,
    source_ids,
    warned,
)

FACILITY: Json = {"energy": {"kwh": 1000, "level": "facility"}}
GRID: Json = {"location_kg_co2e_per_kwh": 0.38, "upstream_kg_co2e_per_kwh": 0.06, "td_loss_share": 0.05}
MIX: Json = GRID | {"residual_kg_co2e_per_kwh": 0.45}
WIND: Json = {
    "id": "wind",
    "type": "go",
    "kwh": 600,
    "kg_co2e_per_kwh": 0,
    "upstream_kg_co2e_per_kwh": 0.011,
}
HOURS: Json = {
    "period": {"start": "2024-03-01T00:00:00Z", "end": "2024-03-01T03:00:00Z"},
    "energy": {"hourly_kwh": [10, 20, 30], "level": "facility"},
}
BASES = ("location_based", "market_based")


def category_3(**workload: Any) -> Json:
    """Category 3 of 1000 kWh on both bases."""
    return estimate_of(**(FACILITY | workload))["scope3"]["fuel_and_energy"]  # type: ignore[no-any-return]


def parts(figure: Json) -> tuple[Any, Any]:
    """Upstream and losses of one basis, null where not known. [kg CO2e]"""
    upstream, losses = figure["upstream"], figure["td_losses"]
    return upstream and upstream["kg_co2e"], losses and losses["kg_co2e"]


def in_zone(*rows: Any, **workload: Any) -> Json:
    """An answer for 1000 kWh in a zone of our own that has these rows beside a direct grid factor of 0.3."""
    grid = row("grid_location", "XA", 2024, 0.3)
    return estimate_of(resolver=resolver_of(grid, *rows), region="XA", **(FACILITY | workload))


# location


def test_the_worked_example_by_location() -> None:
    """1000 kWh, EF .38, WTT .06, l .05 of generation: 60 + 1000 × .05/.95 × .44 = 60 + 23.15789474."""
    figure = category_3(factors=GRID)["location_based"]
    assert parts(figure) == (about(60), about(23.157894736842106))
    assert figure["kg_co2e"] == about(83.15789473684211)


def test_a_rate_of_consumption_is_taken_as_it_is() -> None:
    """x = l: 1000 × .05 × .44 = 22."""
    figure = category_3(factors=GRID | {"td_loss_basis": "of_consumption"})["location_based"]
    assert parts(figure) == (about(60), about(22))


def test_the_table_s_boundary_decides() -> None:
    """A row of consumption is taken as it is, any other is grossed up: 1000 × .05 × .3, and × .05/.95 × .3."""
    of_consumption = in_zone(row("td_loss", "XA", 2024, 0.05, boundary="of_consumption"))
    of_generation = in_zone(row("td_loss", "XA", 2024, 0.05, boundary="of_generation"))
    assert parts(of_consumption["scope3"]["fuel_and_energy"]["location_based"])[1] == about(15)
    assert parts(of_generation["scope3"]["fuel_and_energy"]["location_based"])[1] == about(15.789473684210526)


def test_the_sum_is_its_two_parts() -> None:
    """Category 3 is upstream and losses, and the total holds it."""
    answer = estimate_of(**FACILITY, factors=MIX, instruments=[WIND])
    for basis in BASES:
        figure = answer["scope3"]["fuel_and_energy"][basis]
        assert figure["kg_co2e"] == math.fsum(parts(figure))
        assert answer["totals"][basis]["kg_co2e"] == about(answer["scope2"][basis]["kg_co2e"] + figure["kg_co2e"])


# market


def test_the_worked_example_by_market() -> None:
    """600 wind (WTT .011), residual .45: 6.6 + 24 = 30.6; losses 1000 × .05/.95 × (.45 + .06) = 26.84210526."""
    figure = category_3(factors=MIX, instruments=[WIND])["market_based"]
    assert parts(figure) == (about(30.6), about(26.842105263157894))


def test_certificates_do_not_cover_losses() -> None:
    """However much is claimed, 3c stays on the residual mix, which then is a source of the answer."""
    answer = estimate_of(**FACILITY, factors=MIX, instruments=[WIND | {"kwh": 1000}])
    figure = answer["scope3"]["fuel_and_energy"]["market_based"]
    assert parts(figure) == (about(11), about(26.842105263157894))
    assert "user:residual_kg_co2e_per_kwh" in source_ids(answer)


def test_a_claim_that_covers_losses() -> None:
    """x·(600 × (0 + .011) + 400 × (.45 + .06)) = 210.6/19."""
    figure = category_3(factors=MIX, instruments=[WIND | {"covers_losses": True}])["market_based"]
    assert parts(figure) == (about(30.6), about(11.08421052631579))


def test_one_of_two_claims_covers_losses() -> None:
    """Of 600 wind and 200 solar at .02 the solar covers: x·(200 × (.02 + .03) + 800 × .51) = 418/19."""
    solar = WIND | {
        "id": "solar",
        "kwh": 200,
        "kg_co2e_per_kwh": 0.02,
        "upstream_kg_co2e_per_kwh": 0.03,
        "covers_losses": True,
    }
    figure = category_3(factors=MIX, instruments=[WIND, solar])["market_based"]
    assert parts(figure) == (about(24.6), about(22))  # 600 × .011 + 200 × .03 + 200 × .06


def test_a_claim_without_upstream_takes_the_grid_s() -> None:
    """Missing WTT_j: the grid's, flagged: 1000 × .06."""
    bare = {name: value for name, value in WIND.items() if name != "upstream_kg_co2e_per_kwh"}
    answer = estimate_of(**FACILITY, factors=MIX, instruments=[bare])
    assert parts(answer["scope3"]["fuel_and_energy"]["market_based"])[0] == about(60)
    assert "C3_UPSTREAM_PROXY" in codes_of(answer)
    assert "C3_UPSTREAM_PROXY" not in codes_of(estimate_of(**FACILITY, factors=MIX, instruments=[WIND]))


def test_no_proxy_is_told_where_there_is_none() -> None:
    """Without the grid's WTT nothing stood in for the claim's: 3b is null under market."""
    bare = {name: value for name, value in WIND.items() if name != "upstream_kg_co2e_per_kwh"}
    factors = {"location_kg_co2e_per_kwh": 0.38, "residual_kg_co2e_per_kwh": 0.45, "td_loss_share": 0.05}
    answer = estimate_of(**FACILITY, factors=factors, instruments=[bare])
    assert parts(answer["scope3"]["fuel_and_energy"]["market_based"])[0] is None
    assert "C3_UPSTREAM_PROXY" not in codes_of(answer)


def test_without_residual_mix_or_claims_market_is_location() -> None:
    """EF_L prices all: Category 3 is one and the same on both bases."""
    both = category_3(factors=GRID)
    assert parts(both["market_based"]) == parts(both["location_based"]) == (about(60), about(23.157894736842106))


def test_losses_without_a_residual_mix_are_at_the_location_factor() -> None:
    """600 claimed, no residual mix: 3c on EF_L, 1000 × .05/.95 × (.38 + .06)."""
    figure = category_3(factors=GRID, instruments=[WIND])["market_based"]
    assert parts(figure) == (about(30.6), about(23.157894736842106))


# what is known


def test_upstream_alone() -> None:
    """Only WTT known: 3b alone, 3c null and named as missing."""
    factors = {"location_kg_co2e_per_kwh": 0.38, "upstream_kg_co2e_per_kwh": 0.06}
    answer = estimate_of(**FACILITY, factors=factors)
    for basis in BASES:
        figure = answer["scope3"]["fuel_and_energy"][basis]
        assert (parts(figure), figure["kg_co2e"]) == ((about(60), None), about(60))
        assert "scope3.fuel_and_energy.td_losses" in answer["totals"][basis]["missing"]


def test_losses_alone() -> None:
    """Only l known: 3c alone, on EF: 1000 × .05/.95 × .38 = 20."""
    answer = estimate_of(**FACILITY, factors={"location_kg_co2e_per_kwh": 0.38, "td_loss_share": 0.05})
    for basis in BASES:
        figure = answer["scope3"]["fuel_and_energy"][basis]
        assert (parts(figure), figure["kg_co2e"]) == ((None, about(20)), about(20))
        assert "scope3.fuel_and_energy.upstream" in answer["totals"][basis]["missing"]


def test_neither_is_not_computed() -> None:
    """Neither WTT nor l: null, told, and missing from both totals."""
    answer = estimate_of(**FACILITY, factors={"location_kg_co2e_per_kwh": 0.38})
    assert answer["scope3"]["fuel_and_energy"] is None
    assert "CAT3_NOT_COMPUTED" in codes_of(answer)
    for basis in BASES:
        assert "scope3.fuel_and_energy" in answer["totals"][basis]["missing"]
        assert answer["totals"][basis]["kg_co2e"] == about(380)


def test_a_loss_of_everything_is_refused() -> None:
    """l = 1 of generation delivers nothing."""
    faults = refusal_of(**FACILITY, factors=GRID | {"td_loss_share": 1})
    assert [pointer for pointer, _ in faults] == ["/factors/td_loss_share"]
    assert refusal_of(**FACILITY, factors=GRID | {"td_loss_share": 1, "td_loss_basis": "of_consumption"}) == []


# published and combined factors


def test_a_published_factor_replaces_losses_on_both_bases() -> None:
    """kg/kWh of T&D and its WTT: 1000 × (.02 + .004) = 24 under both methods, whatever is claimed."""
    published = row("td_loss", "XA", 2024, 0.02, unit="kg CO2e/kWh", boundary="published_rate")
    with_upstream = row(
        "td_loss", "XA", 2024, 0.02, unit="kg CO2e/kWh", boundary="published_rate", upstream_kg_co2e_per_kwh=0.004
    )
    claims = {"instruments": [WIND | {"kwh": 1000, "covers_losses": True}]}
    for rows, kg in ((published, 20), (with_upstream, 24)):
        of_energy = in_zone(rows, row("upstream_wtt", "XA", 2024, 0.05), **claims)["scope3"]["fuel_and_energy"]
        assert [parts(of_energy[basis])[1] for basis in BASES] == [about(kg), about(kg)]


def test_the_united_kingdom_publishes_both_parts() -> None:
    """GB 2025: WTT .0459; T&D .01853 and its WTT .00397, together .0225."""
    period = {"start": "2025-01-01", "end": "2026-01-01"}
    of_energy = estimate_of(region="GB", period=period, **FACILITY)["scope3"]["fuel_and_energy"]
    for basis in BASES:
        assert parts(of_energy[basis]) == (about(45.9), about(22.5))


def test_new_zealand_publishes_losses_alone() -> None:
    """NZ 2025: T&D .00595616, of which no WTT is published."""
    period = {"start": "2025-01-01", "end": "2026-01-01"}
    of_energy = estimate_of(region="NZ", period=period, **FACILITY)["scope3"]["fuel_and_energy"]
    assert parts(of_energy["location_based"])[1] == about(5.95616)


def test_the_caller_s_loss_rate_outranks_a_published_factor() -> None:
    """1000 × .1 × .3, of consumption."""
    published = row("td_loss", "XA", 2024, 0.02, unit="kg CO2e/kWh", boundary="published_rate")
    answer = in_zone(published, factors={"td_loss_share": 0.1, "td_loss_basis": "of_consumption"})
    assert parts(answer["scope3"]["fuel_and_energy"]["location_based"])[1] == about(30)


def test_a_factor_that_holds_losses_leaves_none() -> None:
    """Australia's combined Scope 3 factor: 3b .03 × 1000, 3c 0, flagged, although a loss rate is known."""
    period = {"start": "2025-01-01", "end": "2026-01-01"}
    answer = estimate_of(region="AU-NSW", period=period, **FACILITY)
    for basis in BASES:
        assert parts(answer["scope3"]["fuel_and_energy"][basis]) == (about(30), 0)
    assert ("/region", "FACTOR_INCLUDES_TD") in warned(answer)


def test_the_caller_s_upstream_replaces_a_combined_factor() -> None:
    """With the caller's WTT the combined factor is not used, so losses are computed: 1000/19 × (.3 + .06)."""
    combined = row("upstream_wtt", "XA", 2024, 0.07, boundary="upstream_and_td")
    answer = in_zone(combined, row("td_loss", "XA", 2024, 0.05), factors={"upstream_kg_co2e_per_kwh": 0.06})
    of_location = parts(answer["scope3"]["fuel_and_energy"]["location_based"])
    assert of_location == (about(60), about(18.94736842105263))
    assert "FACTOR_INCLUDES_TD" not in codes_of(answer)


# life-cycle factors


def test_a_life_cycle_factor_holds_its_upstream() -> None:
    """For every kWh priced with one WTT is 0, in 3b and in 3c: 0 and 1000/19 × .38 = 20."""
    both = category_3(factors=GRID | {"location_basis": "life_cycle"})
    assert parts(both["location_based"]) == (0, about(20))
    assert parts(both["market_based"]) == (0, about(20))  # without residual mix the same factor prices all


def test_upstream_of_a_life_cycle_factor_is_known() -> None:
    """It is inside the factor, so 3b is 0 and not null where no WTT is known."""
    both = category_3(factors={"location_kg_co2e_per_kwh": 0.38, "location_basis": "life_cycle"})
    assert parts(both["location_based"]) == (0, None)


def test_a_direct_residual_mix_keeps_its_upstream() -> None:
    """Under market the residual mix prices the kWh, and it holds no upstream: 60 and 1000/19 × .51."""
    both = category_3(factors=MIX | {"location_basis": "life_cycle"})
    assert parts(both["location_based"])[0] == 0
    assert parts(both["market_based"]) == (about(60), about(26.842105263157894))


def test_an_upstream_that_market_alone_lacks_is_told() -> None:
    """Inside the life-cycle location factor, unknown for the residual mix: 3b null under market, and told."""
    factors = {"location_kg_co2e_per_kwh": 0.38, "location_basis": "life_cycle", "td_loss_share": 0.05}
    answer = estimate_of(**FACILITY, factors=factors | {"residual_kg_co2e_per_kwh": 0.45})
    both = answer["scope3"]["fuel_and_energy"]
    assert parts(both["location_based"]) == (0, about(20))
    assert parts(both["market_based"]) == (None, about(23.68421052631579))  # 1000/19 × .45
    assert "scope3.fuel_and_energy.upstream" in answer["totals"]["market_based"]["missing"]
    assert ("/factors/upstream_kg_co2e_per_kwh", "CAT3_NOT_COMPUTED") in warned(answer)


@pytest.mark.parametrize("basis", BASES)
def test_gaps_filled_with_a_life_cycle_factor(basis: str) -> None:
    """Hours [.2, –, .3] direct, the gap of 20 kWh at life-cycle .4: its WTT is 0, that of the other 40 kWh .06.

    3b 40 × .06; 3c (10 × .2 + 30 × .3 + 40 × .06 + 20 × .4)/19. No residual mix: market is priced by the same hours.
    """
    rows = (
        row("grid_location", "XA-1", 2024, 0.4, basis="life_cycle"),
        row("upstream_wtt", "XA-1", 2024, 0.06),
        row("td_loss", "XA-1", 2024, 0.05),
    )
    series = {"hourly_location_kg_co2e_per_kwh": [0.2, None, 0.3]}
    answer = estimate_of(resolver=resolver_of(*rows), region="XA-1", **HOURS, factors=series)
    assert answer["scope2"][basis]["kg_co2e"] == about(19)
    figure = answer["scope3"]["fuel_and_energy"][basis]
    assert parts(figure) == (about(2.4), about(1.1263157894736842))


@pytest.mark.parametrize("basis", BASES)
def test_life_cycle_hours_with_gaps_filled_directly(basis: str) -> None:
    """Hours [.2, –, .3] life-cycle, the gap of 20 kWh at direct .3: 3b 20 × .06; 3c (11 + 20 × .36)/19."""
    rows = (row("upstream_wtt", "XA", 2024, 0.06), row("td_loss", "XA", 2024, 0.05))
    series = {"hourly_location_kg_co2e_per_kwh": [0.2, None, 0.3], "location_basis": "life_cycle"}
    figure = in_zone(*rows, **HOURS, factors=series)["scope3"]["fuel_and_energy"][basis]
    assert parts(figure) == (about(1.2), about(0.9578947368421052))


def test_hourly_intensities_price_losses() -> None:
    """EF_L is S2_L/E: 21/60 = .35; 3c 60/19 × (.35 + .06)."""
    factors = GRID | {"hourly_location_kg_co2e_per_kwh": [0.2, 0.5, 0.3]}
    figure = category_3(**HOURS, factors=factors)["location_based"]
    assert parts(figure) == (about(3.6), about(1.294736842105263))


# grades and ranges


def test_ranges_of_upstream_and_losses() -> None:
    """Energy A; grid, upstream and losses C. Bounds of inputs multiply, the two parts add.

    3b: 50 × .95 × .7 and 50 × 1.05 × 1.3. 3c: 1000/19 × .35 = 18.42105263, × .95 × .7 × .7 and × 1.05 × 1.3 × 1.3.
    """
    answer = in_zone(row("upstream_wtt", "XA", 2024, 0.05), row("td_loss", "XA", 2024, 0.05))
    figure = answer["scope3"]["fuel_and_energy"]["location_based"]
    upstream, losses = figure["upstream"], figure["td_losses"]
    assert (upstream["low_kg_co2e"], upstream["high_kg_co2e"]) == (about(33.25), about(68.25))
    assert (losses["low_kg_co2e"], losses["high_kg_co2e"]) == (about(8.575), about(32.68815789473684))
    assert (figure["low_kg_co2e"], figure["high_kg_co2e"]) == (about(41.825), about(100.93815789473684))
    assert {figure["grade"], upstream["grade"], losses["grade"]} == {"C"}


def test_derived_upstream_brings_its_range_and_grade() -> None:
    """Grade D with a range of its own, .025 to .1: 1000 × .95 × .025 and 1000 × 1.05 × .1."""
    answer = in_zone(row("upstream_wtt", "XA", 2024, 0.05, low=0.025, high=0.1, grade="D"))
    upstream = answer["scope3"]["fuel_and_energy"]["location_based"]["upstream"]
    assert (upstream["low_kg_co2e"], upstream["high_kg_co2e"], upstream["grade"]) == (about(23.75), about(105), "D")


def test_national_rows_for_a_finer_zone_are_told() -> None:
    """Upstream and losses of the country stand in for a subregion, flagged."""
    answer = estimate_of(region="US-CAMX", **FACILITY)
    assert any(name.startswith("upstream_wtt:US:") for name in source_ids(answer))
    assert ("/region", "FACTOR_FALLBACK_COARSER") in warned(answer)


# the arithmetic


@pytest.mark.parametrize(
    "workload",
    [
        {"factors": GRID},
        {"factors": MIX, "instruments": [WIND]},
        {"factors": MIX, "instruments": [WIND | {"covers_losses": True}]},
        {"region": "GB"},
        {"region": "AU-NSW"},
        {"region": "JP"},
        HOURS | {"factors": GRID | {"hourly_location_kg_co2e_per_kwh": [0.2, None, 0.3]}},
    ],
    ids=["location", "claims", "losses covered", "published", "combined", "life-cycle", "hours"],
)
def test_the_figures_can_be_redone_on_paper(workload: Json) -> None:
    """Each part's derivation, and that of their sum, is arithmetic with numbers that comes to the figure."""
    of_energy = figures_of(estimate_of(explain=True, **(FACILITY | workload))["scope3"]["fuel_and_energy"])
    assert len(of_energy) == 6  # on each basis the sum and its two parts
    for figure in of_energy.values():
        ((ours, theirs),) = redone(figure["derivation"])
        assert ours == pytest.approx(theirs, rel=1e-9)
        assert theirs == pytest.approx(figure["kg_co2e"], rel=1e-9)
