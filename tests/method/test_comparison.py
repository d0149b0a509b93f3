"""METHOD section 10: effects, lengths of periods, the recalculation threshold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.method.comparison import effects, passes, same_length, share_of, whole_months
from service.model.workload import Period

KWH = st.floats(1e-6, 1e12)
KG = st.floats(0, 1e12)


def test_the_worked_case() -> None:
    """1000 × .40 → 1200 × .35: +20 = 200 × .40 (80) + 1200 × (−.05) (−60)."""
    found = effects(1000.0, 400.0, 1200.0, 420.0)
    assert (found.activity_kg_co2e, found.factor_kg_co2e) == (80.0, -60.0)


@given(KWH, KG, KWH, KG)
def test_the_effects_are_the_whole_delta(kwh0: float, kg0: float, kwh1: float, kg1: float) -> None:
    """Activity and factors together are the change, to 1e-9 of what they are made of."""
    found = effects(kwh0, kg0, kwh1, kg1)
    largest = max(abs(found.activity_kg_co2e), abs(found.factor_kg_co2e), kg0, kg1)
    assert found.activity_kg_co2e + found.factor_kg_co2e == pytest.approx(kg1 - kg0, abs=1e-9 * largest)


@given(KWH, KG)
def test_a_year_beside_itself_moves_nothing(kwh: float, kg: float) -> None:
    """No effect at all, to the last bit."""
    found = effects(kwh, kg, kwh, kg)
    assert (found.activity_kg_co2e, found.factor_kg_co2e) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (("2024-01-01", "2025-01-01"), ("2025-01-01", "2026-01-01"), True),  # a leap day is no difference
        (("2024-02-01", "2024-03-01"), ("2025-02-01", "2025-03-01"), True),  # 29 and 28 days: one month each
        (("2024-01-01", "2024-02-01"), ("2024-02-01", "2024-03-01"), True),  # 31 and 29 days: one month each
        (("2024-01-01", "2025-01-01"), ("2025-01-01", "2025-12-01"), False),  # twelve and eleven
        (("2024-01-01", "2024-04-10"), ("2024-05-02", "2024-08-09"), True),  # 100 and 99 days: 1 % of the longer
        (("2024-01-01", "2024-04-10"), ("2024-05-02", "2024-08-08"), False),  # 100 and 98 days: 2 %
        (("2024-01-01T00:00:00+01:00", "2024-03-01T00:00:00+01:00"), ("2025-01-01", "2025-03-01"), True),
        (("2024-04-06", "2025-04-06"), ("2025-04-06", "2026-04-06"), True),  # 365 and 365 days
    ],
)
def test_lengths(first: tuple[str, str], second: tuple[str, str], *, equal: bool) -> None:
    """Equally many whole calendar months are equal, others within 1 %; in either order."""
    periods = [Period(start=start, end=end) for start, end in (first, second)]
    assert same_length(periods[0], periods[1]) is equal
    assert same_length(periods[1], periods[0]) is equal


def test_months_are_those_of_the_periods_own_clock() -> None:
    """Midnight of Paris begins a month, although it is 23:00 in UTC; a period that begins on the 2nd has none."""
    paris = Period(start="2025-01-01T00:00:00+01:00", end="2025-07-01T00:00:00+02:00")
    assert whole_months(paris) == 6
    assert whole_months(Period(start="2025-01-02", end="2025-02-02")) is None


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [(1000.0, 1050.0, True), (1000.0, 950.0, True), (1000.0, 1049.0, False), (0.0, 1.0, True), (0.0, 0.0, False)],
)
def test_the_threshold(before: float, after: float, *, due: bool) -> None:
    """5 % is enough, up or down; from nothing, anything is."""
    assert passes(before, after, 0.05) is due


def test_a_share_of_nothing_is_none() -> None:
    """20 of 400 is .05; of 0 nobody can say."""
    assert share_of(20.0, 400.0) == 0.05
    assert share_of(20.0, 0.0) is None
