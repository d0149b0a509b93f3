"""What many workloads sum to."""

import random
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.batch.summary import Pile, summed
from service.model.result import Total, Totals
from service.plans.reading import OF_TOTAL, Reading

T = TypeVar("T")
POINTS = {"A": 1, "B": 2, "C": 3, "D": 4, "E": 5}


def at_once(steps: Generator[None, None, T]) -> T:
    """Return what a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            value: T = done.value
            return value


def total(kg: float, grade: str = "B", worst: str = "B", share: float = 1.0, missing: tuple[str, ...] = ()) -> Total:
    """A total of one workload, its range ±10 %."""
    return Total(
        kg_co2e=kg,
        low_kg_co2e=kg * 0.9,
        high_kg_co2e=kg * 1.1,
        grade=grade,  # type: ignore[arg-type]
        worst_grade=worst,  # type: ignore[arg-type]
        primary_data_share=share,
        missing=list(missing),
    )


def both(location: Total, market: Total | None = None) -> Pile:
    """Both totals of a workload; it has no energy."""
    numbers: list[float] = []
    for one in (location, market or location):
        numbers += [*(getattr(one, name) for name in OF_TOTAL), one.kg_co2e * POINTS[one.grade]]
    reading = Reading(
        location_based=location,
        market_based=market or location,
        has_energy=False,
        summed=lambda _: [*numbers, 0.0],
        sources=(),
        source_places=(),
        codes=(),
    )
    pile = Pile()
    pile.add(reading, ())
    return pile


def sums_of(*piles: Pile) -> Totals:
    """What workloads sum to."""
    everything = Pile()
    for pile in piles:
        everything += pile
    return at_once(summed(everything))


def test_a_sum_by_hand() -> None:
    """Sums, the grade weighted by emissions, the worst of the worst, the share weighted, the union of what is missing.

    30 kg at B (2) and 10 kg at D (4): (60 + 40) / 40 = 2.5, half up 3: C. Shares 1 and 0.2: (30 + 2) / 40 = 0.8.
    """
    one = both(total(30, "B", "C", 1.0, ("scope3.embodied",)), total(3))
    other = both(total(10, "D", "E", 0.2, ("scope3.infrastructure", "scope3.embodied")), total(4))
    sums = sums_of(one, other)
    location = sums.location_based
    assert (location.kg_co2e, location.low_kg_co2e, location.high_kg_co2e) == (40, 36, 44)
    assert (location.grade, location.worst_grade) == ("C", "E")
    assert location.primary_data_share == pytest.approx(0.8)
    assert location.missing == ["scope3.embodied", "scope3.infrastructure"]
    assert sums.market_based.kg_co2e == 7


def test_a_sum_of_nothing_emitted_has_the_worst_grade() -> None:
    """Zero kilograms weigh nothing."""
    sums = sums_of(both(total(0, "B")), both(total(0, "D", "D")))
    assert (sums.location_based.grade, sums.location_based.primary_data_share) == ("D", 0.0)


def test_sums_are_correctly_rounded() -> None:
    """1e16 + 1 + 1: added one by one the ones would be lost."""
    assert sums_of(*(both(total(kg)) for kg in (1e16, 1.0, 1.0))).location_based.kg_co2e == 1e16 + 2


@given(st.lists(st.tuples(st.floats(0, 1e9), st.sampled_from("ABCDE"), st.floats(0, 1)), min_size=1), st.randoms())
def test_the_order_does_not_matter(rows: list[tuple[float, str, float]], chance: random.Random) -> None:
    """The same workloads in another order sum to the same bits."""
    totals = [both(total(kg, grade, grade, share, (grade,))) for kg, grade, share in rows]
    shuffled = totals.copy()
    chance.shuffle(shuffled)
    assert sums_of(*totals) == sums_of(*shuffled)


def test_workloads_that_are_read_alike_are_all_summed() -> None:
    """Three times 2 kg at B and twice 5 kg at D: 16 kg; (6·2 + 10·4) / 16 = 3.25: C."""
    light, heavy = both(total(2, "B")), both(total(5, "D"))
    sums = sums_of(light, heavy, light, heavy, light)
    assert (sums.location_based.kg_co2e, sums.location_based.grade) == (16, "C")


def test_the_grade_is_that_of_the_figures_not_of_rounded_totals() -> None:
    """159.5 kg whose figures score 3.0 (C) and 162.8 kg whose figures score 2.225 (B): 840.73 / 322.3 = 2.61, so C.

    By their letters it would be 804.1 / 322.3 = 2.49, and so B.
    """
    pile = Pile()
    for one, score in ((total(159.5, "C"), 3.0), (total(162.8, "B"), 2.225)):
        alone = both(one)
        alone.numbers[4] = one.kg_co2e * score
        pile += alone
    assert at_once(summed(pile)).location_based.grade == "C"
