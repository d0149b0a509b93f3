"""What was emitted where and when: workloads summed by region and month, in memory that does not grow with them."""

from collections.abc import Iterator

from msgspec import Struct

from service.batch.exact_sum import ExactSum
from service.batch.groups import month_of
from service.model.result import Emissions, Figure, Region

SUMMED = (
    "facility_kwh",
    "scope2_location_based_kg_co2e",
    "scope2_market_based_kg_co2e",
    "fuel_and_energy_location_based_kg_co2e",
    "fuel_and_energy_market_based_kg_co2e",
    "embodied_kg_co2e",
    "infrastructure_kg_co2e",
    "spend_based_kg_co2e",
    "total_location_based_kg_co2e",
    "total_location_based_low_kg_co2e",
    "total_location_based_high_kg_co2e",
    "total_market_based_kg_co2e",
    "total_market_based_low_kg_co2e",
    "total_market_based_high_kg_co2e",
)
"""The amounts of a footprint that add up."""


class Heap(Struct, gc=False):
    """What is summed of one region and month."""

    region: Region | None
    month: str | None
    amounts: list[ExactSum]
    """As SUMMED names them."""
    priced_kwh: ExactSum
    """Energy of those with a figure of both methods, to which the next two belong. [kWh]"""
    location_kg: ExactSum
    market_kg: ExactSum
    missing: set[str]
    """Figures that are not known of some of its workloads, so not whole in the sums."""
    count: int = 0

    def intensities(self) -> tuple[float | None, float | None]:
        """Scope 2 of its electricity, location-based and market-based. [kg CO2e/kWh]"""
        return intensities(self.priced_kwh.known, self.location_kg.known, self.market_kg.known)


def intensities(
    kwh: float | None, location_kg: float | None, market_kg: float | None
) -> tuple[float | None, float | None]:
    """Scope 2 of electricity, location-based and market-based. [kg CO2e/kWh]

    To twelve digits: what one grid emits a kWh is one number, however the sums that it comes from were rounded.
    """
    if not kwh or location_kg is None or market_kg is None:
        return None, None
    return float(f"{location_kg / kwh:.12g}"), float(f"{market_kg / kwh:.12g}")


class Places:
    """Takes footprints one by one."""

    def __init__(self) -> None:
        self._heaps: dict[tuple[str, str], Heap] = {}
        self.count = 0
        self.undated = 0
        """Without a period."""
        self.unplaced = 0
        """Without a place on the map."""

    def add(self, emissions: Emissions) -> None:
        """Take one more."""
        region = emissions.region
        month = month_of(emissions.period.start) if emissions.period is not None else None
        key = (region.id if region is not None else "", month or "")
        heap = self._heaps.get(key)
        if heap is None:
            sums = [ExactSum() for _ in SUMMED]
            heap = self._heaps[key] = Heap(region, month, sums, ExactSum(), ExactSum(), ExactSum(), set())
        _pile(heap, emissions)
        self.count += 1
        self.undated += month is None
        self.unplaced += region is None or region.latitude is None or region.longitude is None

    def heaps(self) -> Iterator[Heap]:
        """The sums, by region and month."""
        for key in sorted(self._heaps):
            yield self._heaps[key]


def _pile(heap: Heap, emissions: Emissions) -> None:
    for amount, number in zip(heap.amounts, _amounts(emissions), strict=True):
        if number is not None:
            amount.add(number)
    kwh, scope2 = emissions.energy.facility_kwh, emissions.scope2
    if kwh is not None and scope2.location_based is not None and scope2.market_based is not None:
        heap.priced_kwh.add(kwh)
        heap.location_kg.add(scope2.location_based.kg_co2e)
        heap.market_kg.add(scope2.market_based.kg_co2e)
    heap.missing.update(emissions.totals.location_based.missing, emissions.totals.market_based.missing)
    heap.count += 1


def _amounts(emissions: Emissions) -> tuple[float | None, ...]:
    scope2, scope3, energy = emissions.scope2, emissions.scope3, emissions.scope3.fuel_and_energy
    location, market = emissions.totals.location_based, emissions.totals.market_based
    return (
        emissions.energy.facility_kwh,
        _kg(scope2.location_based),
        _kg(scope2.market_based),
        _kg(energy.location_based) if energy is not None else None,
        _kg(energy.market_based) if energy is not None else None,
        _kg(scope3.embodied),
        _kg(scope3.infrastructure),
        _kg(scope3.spend_based),
        location.kg_co2e,
        location.low_kg_co2e,
        location.high_kg_co2e,
        market.kg_co2e,
        market.low_kg_co2e,
        market.high_kg_co2e,
    )


def _kg(figure: Figure | None) -> float | None:
    return figure.kg_co2e if figure is not None else None
