"""What many workloads sum to. Sums are correctly rounded, so they do not depend on the order."""

from array import array
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from math import fsum
from operator import mul
from typing import Self

from msgspec import Raw

from service.batch.claims import Claims
from service.batch.groups import Grouping, Key, sorting
from service.batch.sources import SourcesUsed
from service.estimator import Estimated
from service.method.uncertainty import graded, worst
from service.model.batch import Group, Summary
from service.model.codes import codes
from service.model.resolved import Resolved
from service.model.result import Total, Totals, Warn
from service.model.workload import Workload
from service.plans.reading import PER_TOTAL, SUMMED, Reading
from service.plans.tape import Played


class Pile:
    """What is summed together: how each estimate is read, and their numbers one after another."""

    __slots__ = ("numbers", "readings")

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.numbers = array("d")

    def add(self, reading: Reading, results: Played) -> None:
        """Take one."""
        self.readings.append(reading)
        self.numbers.extend(reading.summed(results))

    def __iadd__(self, other: "Pile") -> Self:
        """Take all of another."""
        self.readings += other.readings
        self.numbers += other.numbers
        return self

    def column(self, place: int) -> "array[float]":
        """One of the numbers of each."""
        return self.numbers[place::SUMMED]

    def energy_kwh(self) -> float | None:
        """Correctly rounded; nothing where none has energy."""
        return fsum(self.column(SUMMED - 1)) if any(reading.has_energy for reading in self.readings) else None


class Tally:
    """Takes the workloads of a batch one by one, and sums them at the end."""

    def __init__(self, dimensions: Sequence[str], shared: Workload | None) -> None:
        self._grouping = Grouping(dimensions)
        self._piles: dict[Key, Pile] = {}
        self._seen: dict[int, Reading] = {}
        """Whose sources are known."""
        self._sources = SourcesUsed()
        self._claims = Claims(shared)
        self._all = self._pile(()) if not dimensions else None

    def add(self, index: int, workload: Workload, resolved: Resolved, estimated: Estimated) -> None:
        """Take one that was estimated."""
        pile = self._all if self._all is not None else self._pile(self._grouping.key(workload, resolved))
        reading, results = estimated.reading, estimated.results
        pile.add(reading, results)
        if id(reading) not in self._seen or reading.source_places:
            self._seen[id(reading)] = reading
            self._sources.add(reading.sources_of(results))
        if workload.instruments:
            self._claims.add(index, workload)

    def summing(self, failed: int) -> Generator[None, None, Summary]:
        """The sums of all and of each group, by their keys; between its steps others may have their turn."""
        everything = self._all if self._all is not None else Pile()
        groups = []
        for key in sorted(self._piles, key=sorting) if self._all is None else ():
            everything += self._piles[key]
            group = yield from self._group(key, self._piles[key])
            groups.append(group)
        estimated = len(everything.readings)
        return Summary(
            count=estimated + failed,
            failed=failed,
            totals=(yield from summed(everything)) if estimated else None,
            groups=groups,
            energy_kwh=everything.energy_kwh(),
            warnings=sorted([*_counted(everything.readings), *self._claims.warnings()]),
        )

    def sources(self) -> list[Raw]:
        """Every factor used, once."""
        return self._sources.listed()

    def _group(self, key: Key, pile: Pile) -> Generator[None, None, Group]:
        return Group(
            key=dict(zip(self._grouping.dimensions, key, strict=True)),
            count=len(pile.readings),
            totals=(yield from summed(pile)),
            energy_kwh=pile.energy_kwh(),
        )

    def _pile(self, key: Key) -> Pile:
        pile = self._piles.get(key)
        if pile is None:
            pile = self._piles[key] = Pile()
        return pile


def summed(pile: Pile) -> Generator[None, None, Totals]:
    """Both sums over workloads, at least one; location and market are never added together."""
    return Totals(
        location_based=(yield from _summed(pile, [reading.location_based for reading in pile.readings], 0)),
        market_based=(yield from _summed(pile, [reading.market_based for reading in pile.readings], PER_TOTAL)),
    )


def _summed(pile: Pile, fixed: Sequence[Total], first: int) -> Generator[None, None, Total]:
    """Source: METHOD section 8, a total is graded by the emission-weighted score of its figures.

    Args:
        pile: what is summed.
        fixed: of each, what is the same in every run.
        first: place of the total's kilograms.
    """
    kgs, lows, highs, shares, scores = (pile.column(first + offset) for offset in range(PER_TOTAL))
    kg = fsum(kgs)
    yield
    low_kg, high_kg = fsum(lows), fsum(highs)
    yield
    kinds = {id(one): one for one in fixed}.values()
    lowest = worst(one.worst_grade for one in kinds)
    grade = graded(fsum(scores), kg, lowest)
    yield
    primary_kg = fsum(map(mul, kgs, shares))
    yield
    return Total(
        kg_co2e=kg,
        low_kg_co2e=low_kg,
        high_kg_co2e=high_kg,
        grade=grade,
        worst_grade=lowest,
        primary_data_share=min(1.0, primary_kg / kg) if kg else 0.0,
        missing=sorted({name for one in kinds for name in one.missing}),
    )


def _counted(readings: Sequence[Reading]) -> Iterator[Warn]:
    """Each code that the workloads' warnings have, and in how many of them."""
    kinds = {id(reading): reading for reading in readings}
    counts: Counter[str] = Counter()
    for identity, times in Counter(map(id, readings)).items():
        counts.update(dict.fromkeys(kinds[identity].codes, times))
    for code, count in counts.items():
        meaning = codes()[code]
        detail = f"in {count} of {len(readings)}: {meaning.message}"
        yield Warn(code, "/workloads", "info" if meaning.severity == "info" else "warning", detail)
