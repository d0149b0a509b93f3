"""Division in whole units: exact, whatever the drivers, and the same in any order."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.method.allocation import (
    SLICE,
    Column,
    Order,
    Steps,
    T,
    Term,
    column,
    divide,
    finest_precision,
    product,
    shares,
    units_of,
)

doubles = st.floats(0, 1e12)


def done(steps: Steps[T]) -> T:
    """The result of steps, without pauses."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def by(drivers: list[float], units: int, whole: Fraction | None = None) -> list[int]:
    """Divide by one driver; ids are `000`, `001` and so on."""
    one = done(column(drivers))
    term = Term(Fraction(1), one, whole or one.total)
    parts = done(shares([term], unallocated=whole is not None))
    return done(divide(units, parts, Order([f"{index:03}" for index in range(len(drivers))])))


@given(st.lists(doubles, min_size=1, max_size=8))
def test_a_column_is_what_its_doubles_are(values: list[float]) -> None:
    """Over the common denominator stand the very numbers, down to the smallest double."""
    found = done(column(values))
    assert [Fraction(numerator, found.denominator) for numerator in found.numerators] == list(map(Fraction, values))
    assert found.total == sum(map(Fraction, values))


@given(st.lists(st.tuples(doubles, doubles), min_size=1, max_size=8))
def test_a_product_is_exact(pairs: list[tuple[float, float]]) -> None:
    """Devices × hours are multiplied as rational numbers, not as doubles."""
    found = done(product(done(column([a for a, _ in pairs])), done(column([b for _, b in pairs]))))
    exact = [Fraction(a) * Fraction(b) for a, b in pairs]
    assert [Fraction(numerator, found.denominator) for numerator in found.numerators] == exact
    assert found.total == sum(exact)


@given(st.lists(doubles, min_size=1, max_size=12).filter(any), st.integers(0, 2**53))
def test_each_part_is_within_one_unit_of_its_exact_value(drivers: list[float], units: int) -> None:
    """Floor or floor + 1; all units are given out; a driver of 0 gets none."""
    parts = by(drivers, units)
    total = sum(map(Fraction, drivers))
    assert sum(parts) == units
    for part, driver in zip(parts, drivers, strict=True):
        exact = units * Fraction(driver) / total
        assert exact // 1 <= part < exact + 1
        assert part == 0 or driver > 0


@given(st.lists(doubles, min_size=1, max_size=8).filter(any), st.integers(0, 2**53))
def test_the_largest_remainders_get_the_units_left(drivers: list[float], units: int) -> None:
    """As one would do it by hand with fractions: by remainder, of equals by id."""
    total = sum(map(Fraction, drivers))
    exact = [units * Fraction(driver) / total for driver in drivers]
    floors = [int(value) for value in exact]
    order = sorted(range(len(drivers)), key=lambda index: (floors[index] - exact[index], index))
    for index in order[: units - sum(floors)]:
        floors[index] += 1
    assert by(drivers, units) == floors


def test_the_unallocated_line_comes_last_in_ties() -> None:
    """Capacity 3, used 1 and 1: three thirds of 2 units; the units go to the two consumers, none to idle."""
    assert by([1.0, 1.0], 2, Fraction(3)) == [1, 1, 0]


def test_a_larger_remainder_of_idle_goes_first() -> None:
    """Capacity 10, used 1 and 1: of 1 unit .1, .1 and idle .8; idle gets it."""
    assert by([1.0, 1.0], 1, Fraction(10)) == [0, 0, 1]


def test_ids_are_compared_by_code_point() -> None:
    """Of Z, a and é the first is Z (U+005A), then a (U+0061), then é (U+00E9)."""
    same = done(shares([Term(Fraction(1), Column([1, 1, 1], 1, Fraction(3)), Fraction(3))], unallocated=False))
    assert done(divide(1, same, Order(["é", "a", "Z"]))) == [0, 0, 1]
    assert done(divide(2, same, Order(["é", "a", "Z"]))) == [0, 1, 1]


def test_a_tenth_is_the_double() -> None:
    """0.1 × 3 is a little more than 0.3, as doubles: of 1 unit between them the remainder of the product is larger."""
    tenth = done(product(done(column([0.1, 0.3])), done(column([3.0, 1.0]))))
    parts = done(shares([Term(Fraction(1), tenth, tenth.total)], unallocated=False))
    assert Fraction(0.1) * 3 > Fraction(0.3)
    assert done(divide(1, parts, Order(["b", "a"]))) == [1, 0]


def test_weights_count_relative_to_their_sum() -> None:
    """.7 + .2 + .1 is not 1 as doubles; the shares sum to 1 all the same."""
    one = done(column([1.0, 3.0]))
    terms = [Term(Fraction(weight), one, one.total) for weight in (0.7, 0.2, 0.1)]
    found = done(shares(terms, unallocated=False))
    assert [Fraction(numerator, found.whole) for numerator in found.numerators] == [Fraction(1, 4), Fraction(3, 4)]


def test_long_work_pauses() -> None:
    """One pause a slice: others are answered after a thousand consumers, not after all."""
    assert len(list(column([1.0] * (3 * SLICE + 1)))) == 2 * 4


@pytest.mark.parametrize(
    ("kg", "precision", "units"),
    [
        (2.5, 0, 2),  # half: to the even one
        (3.5, 0, 4),
        (2.675, 2, 268),  # as it is printed: 267.5, to even; the double is a little below
        (0.000_000_5, 6, 0),  # 0.5 of a unit
        (0.000_001_5, 6, 2),  # 1.5
        (1e12, 0, 10**12),
        (0.1, 9, 100_000_000),
        (5e-324, 9, 0),
    ],
)
def test_units_are_rounded_half_even(kg: float, precision: int, units: int) -> None:
    """Of the decimals that a figure is printed with."""
    assert units_of(kg, precision) == units


def test_the_finest_precision_is_told() -> None:
    """2^53 is 9.007e15: 1e9 kg fit with 6 decimals (1e15), not with 7."""
    assert finest_precision([1e9], 9) == 6
