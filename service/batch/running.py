"""What any number of workloads sum to, in memory that does not grow with them. The sums are correctly rounded."""

import math
from collections.abc import Sequence

from service.method.uncertainty import weighted, worst
from service.model.factor import Grade
from service.model.result import Total, Totals
from service.plans.reading import OF_TOTAL, Reading
from service.plans.tape import Played

_HELD = 4096


class ExactSum:
    """Numbers that come one by one; whatever their order, the sum is the correctly rounded one."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: list[float] = []

    def add(self, number: float) -> None:
        """Take one."""
        self._held.append(number)
        if len(self._held) > _HELD:
            self._held = self._parts()

    @property
    def value(self) -> float:
        """The sum so far."""
        return math.fsum(self._held)

    def _parts(self) -> list[float]:
        """A few numbers with just the same sum: what rounding leaves of it is rounded again, until nothing is left."""
        rest, parts = self._held, []
        while part := math.fsum(rest):
            parts.append(part)
            rest = [*rest, -part]
        return parts


class RunningTotals:
    """The two totals of any number of workloads; location and market are never added together."""

    def __init__(self) -> None:
        self.count = 0
        self._location, self._market, self._kwh = _Running(), _Running(), ExactSum()
        self._metered = False

    def add(self, reading: Reading, results: Played) -> None:
        """Take one workload's."""
        self.count += 1
        numbers = reading.summed(results)
        self._location.add(reading.location_based, numbers[: len(OF_TOTAL)])
        self._market.add(reading.market_based, numbers[len(OF_TOTAL) : -1])
        if reading.has_energy:
            self._metered = True
            self._kwh.add(numbers[-1])

    @property
    def totals(self) -> Totals | None:
        """Their sums; none of nothing."""
        if not self.count:
            return None
        return Totals(location_based=self._location.total(), market_based=self._market.total())

    @property
    def energy_kwh(self) -> float | None:
        """Facility energy of those whose energy is known. [kWh]"""
        return self._kwh.value if self._metered else None


class _Running:
    """Sums of the totals of one method."""

    def __init__(self) -> None:
        self._kg, self._low, self._high, self._primary = ExactSum(), ExactSum(), ExactSum(), ExactSum()
        self._by_grade: dict[Grade, ExactSum] = {}
        self._worst: set[Grade] = set()
        self._missing: set[str] = set()

    def add(self, one: Total, numbers: Sequence[float]) -> None:
        """Take one: its grades and what is missing stand in it, its numbers beside it."""
        kg, low, high, share = numbers
        self._kg.add(kg)
        self._low.add(low)
        self._high.add(high)
        self._primary.add(kg * share)
        self._by_grade.setdefault(one.grade, ExactSum()).add(kg)
        self._worst.add(one.worst_grade)
        self._missing.update(one.missing)

    def total(self) -> Total:
        """Source: METHOD section 8, a total is graded by emission-weighted score; here it is one over totals."""
        kg = self._kg.value
        grade, _ = weighted([part.value for part in self._by_grade.values()], [*self._by_grade])
        return Total(
            kg_co2e=kg,
            low_kg_co2e=self._low.value,
            high_kg_co2e=self._high.value,
            grade=grade,
            worst_grade=worst(self._worst),
            primary_data_share=min(1.0, self._primary.value / kg) if kg else 0.0,
            missing=sorted(self._missing),
        )
