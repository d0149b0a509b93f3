"""Pools of provider reports: the scopes or the total, never both, and each Scope 2 method apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.formats.report_pools import pools
from service.model.provider_report import ProviderTotal, ReportedScopes


def scopes(
    one: float | None = None, two: float | None = None, three: float | None = None, total: float | None = None
) -> ReportedScopes:
    """Figures of one method."""
    return ReportedScopes(scope1_kg_co2e=one, scope2_kg_co2e=two, scope3_kg_co2e=three, kg_co2e=total)


def line(
    location: ReportedScopes | None,
    market: ReportedScopes | None = None,
    *,
    month: str = "2026-06",
    region: str | None = "aws:us-east-1",
    account: str | None = "1",
) -> ProviderTotal:
    """A line of a report."""
    return ProviderTotal(
        provider="aws",
        account=account,
        month=month,
        region=region,
        model_version="v3.0.0",
        scopes=["scope1", "scope2", "scope3"],
        location_based=location,
        market_based=market,
    )


def test_scopes_are_summed_and_totals_are_not_summed_with_them() -> None:
    """1 + 4, 2 + 5, 3 + 6 = 5, 7, 9: 21 kg, not the 42 that scopes and totals together would be."""
    (pool,) = pools([line(scopes(1, 2, 3, 6)), line(scopes(4, 5, 6, 15))], ["month", "account"])
    assert pool.pool.components == {"scope1": 5.0, "scope2": 7.0, "scope3": 9.0}
    assert (pool.basis, pool.kg_co2e, pool.lines) == ("location_based", 21.0, 2)
    report = pool.pool.report
    assert (report.provider, report.account) == ("aws", "1")
    assert report.period is not None
    assert (report.period.start, report.period.end) == ("2026-06-01", "2026-07-01")
    assert report.title == "AWS Customer Carbon Footprint Tool, model v3.0.0, location-based"


def test_a_total_without_scopes_is_one_component() -> None:
    """Beside a line whose scopes are known it stands as what it is: all scopes together."""
    (pool,) = pools([line(scopes(total=10)), line(scopes(1, 2, 3, 6))], ["month"])
    assert pool.pool.components == {"scope1": 1.0, "scope1+scope2+scope3": 10.0, "scope2": 2.0, "scope3": 3.0}
    assert pool.kg_co2e == 16.0


def test_scopes_that_lack_a_part_give_way_to_the_total() -> None:
    """2 + 3 of 5: scope 3 is not reported and nothing is missing. 2 + 3 of 9: the total, whole."""
    assert pools([line(scopes(2, 3, None, 5))], [])[0].pool.components == {"scope1": 2.0, "scope2": 3.0}
    assert pools([line(scopes(2, 3, None, 9))], [])[0].pool.components == {"scope1+scope2+scope3": 9.0}


def test_what_is_not_reported_is_counted_and_is_not_zero() -> None:
    """Of two lines one has no market-based figure; where none has, there is no pool."""
    location, market = pools([line(scopes(1, 2, 3, 6), scopes(1, 0, 3, 4)), line(scopes(1, 1, 1, 3))], ["month"])
    assert (location.lines, location.lines_not_reported) == (2, 0)
    assert (market.basis, market.kg_co2e, market.lines, market.lines_not_reported) == ("market_based", 4.0, 1, 1)
    assert [pool.basis for pool in pools([line(scopes(1, 1, 1, 3))], ["month"])] == ["location_based"]


def test_groups_are_by_what_is_asked_for() -> None:
    """Unknown regions are a group of their own, last; the period holds all months of the group."""
    lines = [
        line(scopes(total=1), region=None),
        line(scopes(total=2), month="2026-12"),
        line(scopes(total=3), month="2026-01", account="2"),
    ]
    by_region = pools(lines, ["region"])
    assert [(pool.key, pool.kg_co2e) for pool in by_region] == [
        ({"region": "aws:us-east-1"}, 5.0),
        ({"region": None}, 1.0),
    ]
    report = by_region[0].pool.report
    assert report.period is not None
    assert (report.period.start, report.period.end, report.account) == ("2026-01-01", "2027-01-01", None)
    assert [pool.key["month"] for pool in pools(lines, ["month"])] == ["2026-01", "2026-06", "2026-12"]


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 10**6)] * 3), min_size=1, max_size=40), st.integers(1, 4))
def test_pools_lose_nothing(figures: list[tuple[int, int, int]], groups: int) -> None:
    """However the lines are grouped, the pools sum to all of them."""
    lines = [
        line(scopes(*map(float, parts), float(sum(parts))), account=str(place % groups))
        for place, parts in enumerate(figures)
    ]
    assert sum(pool.kg_co2e for pool in pools(lines, ["account"])) == pytest.approx(sum(map(sum, figures)))
