"""What many workloads sum to. Sums are correctly rounded, so they do not depend on the order."""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence

from msgspec import Raw, Struct

from service.batch.claims import Claims
from service.batch.groups import Grouping, Key, sorting
from service.batch.sources import SourcesUsed
from service.estimator import Estimated
from service.method.numeric import total
from service.method.uncertainty import weighted, worst
from service.model.batch import Group, Summary
from service.model.codes import codes
from service.model.resolved import Resolved
from service.model.result import Total, Totals, Warn
from service.model.workload import Workload


class _Pile(Struct, gc=False):
    """What is summed together."""

    totals: list[Totals]
    kwh: list[float]


class Tally:
    """Takes the workloads of a batch one by one, and sums them at the end."""

    def __init__(self, dimensions: Sequence[str], shared: Workload | None) -> None:
        self._grouping = Grouping(dimensions)
        self._piles: dict[Key, _Pile] = {}
        self._sources = SourcesUsed()
        self._claims = Claims(shared)
        self._codes: dict[tuple[str, ...], int] = {}
        """Of the warnings of one workload, and how many have just these."""
        self._all = self._pile(()) if not dimensions else None

    def add(self, index: int, workload: Workload, resolved: Resolved, estimated: Estimated) -> None:
        """Take one that was estimated."""
        pile = self._all or self._pile(self._grouping.key(workload, resolved))
        pile.totals.append(estimated.totals)
        if estimated.facility_kwh is not None:
            pile.kwh.append(estimated.facility_kwh)
        told = tuple(estimated.codes)
        self._codes[told] = self._codes.get(told, 0) + 1
        self._sources.add(estimated.sources)
        if workload.instruments:
            self._claims.add(index, workload)

    def summing(self, failed: int) -> Generator[None, None, Summary]:
        """The sums of all and of each group, by their keys; between its steps others may have their turn."""
        everything = [one for pile in self._piles.values() for one in pile.totals]
        groups = []
        for key in sorted(self._piles, key=sorting) if self._all is None else ():
            group = yield from self._group(key, self._piles[key])
            groups.append(group)
        return Summary(
            count=len(everything) + failed,
            failed=failed,
            totals=(yield from summed(everything)) if everything else None,
            groups=groups,
            energy_kwh=_energy_kwh([kwh for pile in self._piles.values() for kwh in pile.kwh]),
            warnings=sorted([*self._counted(len(everything)), *self._claims.warnings()]),
        )

    def sources(self) -> list[Raw]:
        """Every factor used, once."""
        return self._sources.listed()

    def _group(self, key: Key, pile: _Pile) -> Generator[None, None, Group]:
        return Group(
            key=dict(zip(self._grouping.dimensions, key, strict=True)),
            count=len(pile.totals),
            totals=(yield from summed(pile.totals)),
            energy_kwh=_energy_kwh(pile.kwh),
        )

    def _pile(self, key: Key) -> _Pile:
        pile = self._piles.get(key)
        if pile is None:
            pile = self._piles[key] = _Pile([], [])
        return pile

    def _counted(self, of: int) -> Iterator[Warn]:
        counts: Counter[str] = Counter()
        for told, times in self._codes.items():
            counts.update(dict.fromkeys(told, times))
        for code, count in counts.items():
            meaning = codes()[code]
            detail = f"in {count} of {of}: {meaning.message}"
            yield Warn(code, "/workloads", "info" if meaning.severity == "info" else "warning", detail)


def summed(totals: Sequence[Totals]) -> Generator[None, None, Totals]:
    """Both sums over workloads, at least one; location and market are never added together."""
    return Totals(
        location_based=(yield from _summed([each.location_based for each in totals])),
        market_based=(yield from _summed([each.market_based for each in totals])),
    )


def _summed(totals: Sequence[Total]) -> Generator[None, None, Total]:
    """Source: METHOD section 8, a total is graded by emission-weighted score; here it is one over totals."""
    kgs = [one.kg_co2e for one in totals]
    kg = total(kgs)
    yield
    low_kg, high_kg = total([one.low_kg_co2e for one in totals]), total([one.high_kg_co2e for one in totals])
    yield
    grade, _ = weighted(kgs, [one.grade for one in totals])
    yield
    primary_kg = total([one.kg_co2e * one.primary_data_share for one in totals])
    yield
    return Total(
        kg_co2e=kg,
        low_kg_co2e=low_kg,
        high_kg_co2e=high_kg,
        grade=grade,
        worst_grade=worst(one.worst_grade for one in totals),
        primary_data_share=min(1.0, primary_kg / kg) if kg else 0.0,
        missing=sorted({name for one in totals for name in one.missing}),
    )


def _energy_kwh(kwh: Sequence[float]) -> float | None:
    return total(kwh) if kwh else None
