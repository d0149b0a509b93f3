"""What any number of workloads sum to, in memory that does not grow with them. The sums are correctly rounded."""

from collections.abc import Sequence

from service.batch.exact_sum import ExactSum
from service.method.uncertainty import graded, worst
from service.model.factor import Grade
from service.model.result import Total, Totals
from service.plans.reading import PER_TOTAL, Reading
from service.plans.tape import Played


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
        self._location.add(reading.location_based, numbers[:PER_TOTAL])
        self._market.add(reading.market_based, numbers[PER_TOTAL:-1])
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
        self._scored = ExactSum()
        self._worst: set[Grade] = set()
        self._missing: set[str] = set()

    def add(self, one: Total, numbers: Sequence[float]) -> None:
        """Take one: its grades and what is missing stand in it, its numbers beside it."""
        kg, low, high, share, score = numbers
        self._kg.add(kg)
        self._low.add(low)
        self._high.add(high)
        self._primary.add(kg * share)
        self._scored.add(score)
        self._worst.add(one.worst_grade)
        self._missing.update(one.missing)

    def total(self) -> Total:
        """Source: METHOD section 8, a total is graded by the emission-weighted score of its figures."""
        kg, lowest = self._kg.value, worst(self._worst)
        return Total(
            kg_co2e=kg,
            low_kg_co2e=self._low.value,
            high_kg_co2e=self._high.value,
            grade=graded(self._scored.value, kg, lowest),
            worst_grade=lowest,
            primary_data_share=min(1.0, self._primary.value / kg) if kg else 0.0,
            missing=sorted(self._missing),
        )
