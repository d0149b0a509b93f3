"""Sums that do not depend on order."""

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from service.batch.exact_sum import ExactSum


def summed(numbers: list[float]) -> ExactSum:
    """Return the sum of some."""
    exact = ExactSum()
    for number in numbers:
        exact.add(number)
    return exact


def test_nothing_is_no_zero() -> None:
    """The sum of nothing is not known; the sum of a zero is 0."""
    assert summed([]).known is None
    assert summed([0.0]).known == 0


def test_small_ones_are_not_lost_beside_a_large_one() -> None:
    """1e16 and a thousand times 1: each 1 alone would be lost."""
    assert summed([1e16, *[1.0] * 1000]).known == 10000000000001000.0


@given(st.lists(st.floats(-1e12, 1e12), max_size=20), st.integers(1, 60))
def test_it_is_that_of_fsum(numbers: list[float], times: int) -> None:
    """Correctly rounded however many there are, in any order, and little is kept."""
    many = numbers * times
    exact = summed(random.Random(times).sample(many, len(many)))  # noqa: S311 - the same each time
    assert exact.known == (math.fsum(many) if many else None)
    assert exact.count == len(many)
    assert len(exact._parts) < 300
