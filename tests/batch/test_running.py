"""Sums of any number of workloads, in bounded memory."""

import math
from collections.abc import Generator, Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.batch.running import RunningTotals
from service.batch.summary import Pile, summed
from service.model.result import Total, Totals
from service.plans.reading import OF_TOTAL, Reading

GRADES = st.sampled_from("ABCDE")
TOTAL = st.builds(
    Total,
    kg_co2e=st.floats(0, 1e12),
    low_kg_co2e=st.floats(0, 1e12),
    high_kg_co2e=st.floats(0, 1e12),
    grade=GRADES,
    worst_grade=GRADES,
    primary_data_share=st.floats(0, 1),
    missing=st.lists(st.sampled_from(["scope3.embodied", "scope3.infrastructure"]), unique=True),
)


def reading(location: Total, market: Total, kwh: float | None) -> Reading:
    """How an answer with these totals is read."""
    numbers: list[float] = []
    for one in (location, market):
        numbers += [*(getattr(one, name) for name in OF_TOTAL), one.kg_co2e * "_ABCDE".index(one.grade)]
    return Reading(
        location_based=location,
        market_based=market,
        has_energy=kwh is not None,
        summed=lambda _: [*numbers, kwh or 0.0],
        sources=(),
        source_places=(),
        codes=(),
    )


READING = st.builds(reading, TOTAL, TOTAL, st.none() | st.floats(0, 1e12))


def returned(steps: Generator[None, None, Totals]) -> Totals:
    """What is there after all steps."""
    totals: list[Totals] = []

    def whole() -> Iterator[None]:
        totals.append((yield from steps))

    for _ in whole():
        pass
    return totals[0]


@given(st.lists(READING, min_size=1, max_size=8))
def test_totals_are_those_of_a_batch(readings: list[Reading]) -> None:
    """The same sums, grades and gaps as where all numbers are kept."""
    found, pile = RunningTotals(), Pile()
    for one in readings:
        found.add(one, ())
        pile.add(one, ())
    assert found.totals is not None
    got, wanted = msgspec.to_builtins(found.totals), msgspec.to_builtins(returned(summed(pile)))
    for basis in ("location_based", "market_based"):
        share, exact = got[basis].pop("primary_data_share"), wanted[basis].pop("primary_data_share")
        assert share == pytest.approx(exact)
    assert got == wanted
    kwh = [one.summed(())[-1] for one in readings if one.has_energy]
    assert (found.count, found.energy_kwh) == (len(readings), math.fsum(kwh) if kwh else None)


def test_nothing_has_no_total() -> None:
    """Not even 0."""
    assert RunningTotals().totals is None
