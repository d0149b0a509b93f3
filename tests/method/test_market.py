"""How claims cover consumption, as pure functions. Numbers: METHOD section 3."""

import itertools

import pytest

from service.method.market import Claim, contracted_share, counted_share, left_kwh, match_annual, match_hourly
from tests.workloads import about

REST = Claim(tier=3, takes_rest=True)


def kwh(amount: float, tier: int = 1) -> Claim:
    """A claim of an amount."""
    return Claim(tier=tier, kwh=amount)


def share(part: float, tier: int = 1) -> Claim:
    """A claim of a part of all consumption."""
    return Claim(tier=tier, share=part)


def test_claims_below_consumption_apply_whole() -> None:
    """ΣQ ≤ R: a_j = q_j, the rest is uncovered."""
    matching = match_annual(1000, [kwh(600)])
    assert (matching.applied_kwh, matching.uncovered_kwh, matching.excess_kwh) == ([600], 400, 0)


def test_an_excess_is_scaled_pro_rata() -> None:
    """ΣQ > R: a_j = q_j·R/ΣQ, and the excess is reported."""
    matching = match_annual(1000, [kwh(800), kwh(700)])
    assert matching.applied_kwh == [about(533.3333333333333), about(466.6666666666667)]  # 800 and 700 × 1000/1500
    assert (matching.uncovered_kwh, matching.excess_kwh) == (0, 500)


def test_the_order_of_entry_changes_nothing() -> None:
    """Any order of the same claims covers the same, claim by claim."""
    claims = [kwh(800), kwh(700), share(0.3, tier=2), REST, kwh(50, tier=3)]
    expected = match_annual(1000, claims)
    for order in itertools.permutations(range(5)):
        matching = match_annual(1000, [claims[index] for index in order])
        assert matching.applied_kwh == [expected.applied_kwh[index] for index in order]


def test_a_percent_is_of_all_consumption_not_of_the_remainder() -> None:
    """600 kWh at tier 1, then 30 % at tier 2: 300 kWh, not 30 % of the 400 left."""
    matching = match_annual(1000, [kwh(600), share(0.3, tier=2)])
    assert matching.applied_kwh == [600, 300]
    assert matching.uncovered_kwh == about(100)


def test_a_later_tier_takes_what_earlier_ones_left() -> None:
    """Tier 2 asks 500 of the 200 kWh left: scaled to 200, and 300 are excess; tier 3 gets nothing."""
    matching = match_annual(1000, [kwh(90, tier=3), kwh(500, tier=2), kwh(800)])
    assert matching.applied_kwh == [0, 200, 800]
    assert (matching.uncovered_kwh, matching.excess_kwh) == (0, 390)  # 300 of tier 2 and 90 of tier 3


def test_scaling_stays_inside_its_tier() -> None:
    """An excess at tier 2 does not touch tier 1."""
    matching = match_annual(100, [kwh(60), kwh(60, tier=2), kwh(20, tier=2)])
    assert matching.applied_kwh == [60, about(30), about(10)]  # 40 left: 60 and 20 × 40/80


def test_a_rate_without_a_quantity_takes_the_rest() -> None:
    """Tier 3 without a quantity takes R."""
    matching = match_annual(1000, [kwh(600), REST])
    assert (matching.applied_kwh, matching.uncovered_kwh) == ([600, 400], 0)


def test_hours_are_summed_in_annual_matching() -> None:
    """A claim of hours counts as their sum."""
    matching = match_annual(30, [Claim(tier=1, hourly_kwh=[20, 5, 0])])
    assert (matching.applied_kwh, matching.uncovered_kwh) == ([25], 5)


def test_a_contracted_share_is_of_what_earlier_tiers_left() -> None:
    """k·R: three quarters of the 400 kWh that tier 1 left."""
    matching = match_annual(1000, [kwh(600), Claim(tier=3, contracted_share=0.75)])
    assert (matching.applied_kwh, matching.uncovered_kwh) == ([600, 300], 100)


def test_no_claims_cover_nothing() -> None:
    """Without claims all is uncovered."""
    matching = match_annual(1000, [])
    assert (matching.applied_kwh, matching.uncovered_kwh, matching.excess_kwh) == ([], 1000, 0)


def test_no_energy_is_covered_by_nothing() -> None:
    """E = 0: nothing applies, a kWh claim is all excess."""
    matching = match_annual(0, [kwh(10), share(1), REST])
    assert (matching.applied_kwh, matching.uncovered_kwh, matching.excess_kwh) == ([0, 0, 0], 0, 10)


@pytest.mark.parametrize(
    ("carbon_free", "of_grid", "contracted"),
    [
        (0.8, 0.4, 0.6666666666666667),  # .4/.6
        (0.4, 0.4, 0),
        (0.3, 0.4, 0),  # below the grid's own share nothing is contracted
        (1, 0.4, 1),
        (1, 1, 0),  # a grid that is clean altogether leaves nothing to contract
        (0.87, 0, 0.87),
    ],
)
def test_only_what_exceeds_the_grid_s_share_is_contracted(
    carbon_free: float, of_grid: float, contracted: float
) -> None:
    """k = max(0, (CFE − g)/(1 − g))."""
    assert contracted_share(carbon_free, of_grid) == about(contracted)


def test_the_share_that_counts() -> None:
    """A tier's claims count whole up to what remains, then in proportion; of nothing claimed nothing is left over."""
    assert counted_share(400, 300) == 1
    assert counted_share(400, 500) == about(0.8)
    assert left_kwh(400, 300) == 100
    assert left_kwh(400, 500) == 0


# hourly


def test_each_hour_is_covered_by_its_own_certificates() -> None:
    """m_t = min(E_t, ΣG_jt): [10, 5, 0] of [10, 10, 10]; the first hour's surplus of 10 is discarded."""
    matching = match_hourly([10, 10, 10], [Claim(tier=1, hourly_kwh=[20, 5, 0])])
    assert matching.applied_kwh == [15]
    assert matching.hourly_uncovered_kwh == [0, 5, 10]
    assert (matching.uncovered_kwh, matching.excess_kwh) == (15, 10)


def test_certificates_share_an_over_supplied_hour_pro_rata() -> None:
    """15 and 5 kWh claimed in an hour of 10: 7.5 and 2.5; in the next, of 20, both whole."""
    matching = match_hourly([10, 20], [Claim(tier=1, hourly_kwh=[15, 6]), Claim(tier=1, hourly_kwh=[5, 4])])
    assert matching.applied_kwh == [13.5, 6.5]  # 7.5 + 6 and 2.5 + 4
    assert matching.hourly_uncovered_kwh == [0, 10]
    assert matching.excess_kwh == 10


def test_a_percent_claims_that_percent_of_every_hour() -> None:
    """40 % of [10, 20] beside hours of [0, 18]: the second hour is over-supplied by 6."""
    matching = match_hourly([10, 20], [share(0.4), Claim(tier=1, hourly_kwh=[0, 18])])
    # hour 2: 8 and 18 claimed of 20, scaled by 20/26
    assert matching.applied_kwh == [about(4 + 160 / 26), about(360 / 26)]
    assert matching.hourly_uncovered_kwh == [about(6), 0]
    assert matching.excess_kwh == about(6)


def test_tiers_are_served_in_order_within_each_hour() -> None:
    """Tier 2 asks 8 of every hour: 5 left in the first, none in the second."""
    matching = match_hourly([10, 10], [Claim(tier=2, hourly_kwh=[8, 8]), Claim(tier=1, hourly_kwh=[5, 10])])
    assert matching.applied_kwh == [5, 15]
    assert matching.uncovered_kwh == 0
    assert matching.excess_kwh == 11  # 3 in the first hour, 8 in the second


def test_a_percent_is_of_the_whole_hour_not_of_what_is_left() -> None:
    """40 % of [10, 10] at tier 2, after tier 1 took [5, 8]: 4 of the 5 left, and 2 of the 2 left."""
    matching = match_hourly([10, 10], [share(0.4, tier=2), Claim(tier=1, hourly_kwh=[5, 8])])
    assert matching.applied_kwh == [6, 13]
    assert (matching.hourly_uncovered_kwh, matching.excess_kwh) == ([1, 0], 2)


def test_the_surplus_of_all_tiers_is_discarded() -> None:
    """Tier 1 claims 12 and tier 2 claims 3 in an hour of 10: 2 and 3."""
    matching = match_hourly([10], [Claim(tier=1, hourly_kwh=[12]), Claim(tier=2, hourly_kwh=[3])])
    assert (matching.applied_kwh, matching.excess_kwh) == ([10, 0], 5)


def test_a_rate_without_a_quantity_takes_the_rest_of_every_hour() -> None:
    """Tier 3 without a quantity takes what each hour has left."""
    matching = match_hourly([10, 10], [REST, Claim(tier=1, hourly_kwh=[4, 10])])
    assert matching.applied_kwh == [6, 14]
    assert matching.hourly_uncovered_kwh == [0, 0]


def test_a_contracted_share_is_of_what_each_hour_has_left() -> None:
    """Half of the 6 and 0 kWh that tier 1 left."""
    matching = match_hourly([10, 10], [Claim(tier=1, hourly_kwh=[4, 10]), Claim(tier=3, contracted_share=0.5)])
    assert matching.applied_kwh == [14, 3]
    assert matching.hourly_uncovered_kwh == [3, 0]


def test_a_surplus_helps_no_other_hour() -> None:
    """All certificates in one hour cover that hour alone, although their sum is all consumption."""
    matching = match_hourly([10, 10, 10], [Claim(tier=1, hourly_kwh=[30, 0, 0])])
    assert matching.applied_kwh == [10]
    assert matching.uncovered_kwh == 20
