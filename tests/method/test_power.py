"""Counters of energy, and gaps of series that are not held."""

import math
from collections import Counter
from fractions import Fraction
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.method.energy import power_gaps
from service.method.power import counter_increase, gaps_of


@pytest.mark.parametrize(
    ("values", "increase", "resets"),
    [
        ([5.0], 0.0, 0),
        ([5.0, 5.0, 9.0], 4.0, 0),  # 0 + 4
        ([100.0, 250.0, 30.0, 90.0], 240.0, 1),  # 150 + 30 (began at 0) + 60
        ([10.0, 3.0, 2.0], 5.0, 2),  # 3 + 2
    ],
)
def test_a_counter_counts_its_increases(values: list[float], increase: float, resets: int) -> None:
    """A reading below the one before began at 0 between them; before the first nothing is counted."""
    assert counter_increase(values) == (increase, resets)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(1, 10**9), min_size=1, max_size=20), min_size=1, max_size=5))
def test_runs_of_a_counter_add_up(runs: list[list[int]]) -> None:
    """Each run begins at 0: the whole is the sum of all that each counted, but for the first reading."""
    readings = [float(value) for run in runs for value in accumulate(run)]
    steps = [Fraction(later) - (0 if later < earlier else Fraction(earlier)) for earlier, later in pairwise(readings)]
    increase, resets = counter_increase(readings)
    assert increase == float(sum(steps))
    assert resets == sum(later < earlier for earlier, later in pairwise(readings))


@settings(deadline=None)
@given(st.lists(st.integers(1, 10_000), max_size=60))
def test_gaps_are_those_of_a_series_that_is_held(intervals: list[int]) -> None:
    """The counted intervals have the gaps of `energy.power_gaps`, in number and length."""
    seconds = [float(at) for at in accumulate([0, *intervals])]
    expected = power_gaps(seconds)
    assert gaps_of(Counter(intervals)) == (len(expected), math.fsum(expected))
