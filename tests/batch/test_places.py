"""What was emitted where and when."""

import asyncio
import random
from typing import Any

import msgspec
import pytest

from service.batch.places import SUMMED, Heap, Places
from service.estimate import estimate
from service.model.result import Emissions
from service.model.workload import Workload
from service.resolve import Resolver

Json = dict[str, Any]
FLAT = {"location_kg_co2e_per_kwh": 0.4, "residual_kg_co2e_per_kwh": 0.5, "upstream_kg_co2e_per_kwh": 0}
FLAT |= {"td_loss_share": 0}
BASE: Json = {"region": "aws:us-east-1", "factors": FLAT}


def emitted(resolver: Resolver, kwh: float, month: int | None = 1, **more: Any) -> Emissions:
    """Return the footprint of so much at the facility."""
    body = BASE | {"energy": {"kwh": kwh, "level": "facility"}} | more
    if month is not None:
        body["period"] = {"start": f"2025-{month:02}-03", "end": f"2025-{month:02}-05"}
    workload = msgspec.convert(body, Workload)
    return estimate(workload, asyncio.run(resolver.resolve(workload)))


def piled(*all_emissions: Emissions) -> Places:
    """Return the sums of some."""
    places = Places()
    for emissions in all_emissions:
        places.add(emissions)
    return places


def sums(heap: Heap) -> dict[str, float | None]:
    """Return the sums by name."""
    return dict(zip(SUMMED, (amount.known for amount in heap.amounts), strict=True))


def test_a_sum_by_hand(resolver: Resolver) -> None:
    """100 + 50 kWh in January, 10 in March: 60 kg and 4 kg at 0.4, 75 and 5 at 0.5; no hardware: null, not 0."""
    january, march = piled(emitted(resolver, 100), emitted(resolver, 10, 3), emitted(resolver, 50)).heaps()
    assert [(heap.month, heap.count) for heap in (january, march)] == [("2025-01", 2), ("2025-03", 1)]
    summed = sums(january)
    assert summed["facility_kwh"] == 150
    assert summed["scope2_location_based_kg_co2e"] == summed["total_location_based_kg_co2e"] == 60
    assert summed["scope2_market_based_kg_co2e"] == summed["total_market_based_kg_co2e"] == 75
    assert summed["embodied_kg_co2e"] is None
    assert january.missing == {"scope3.embodied", "scope3.infrastructure"}
    assert sums(march)["scope2_location_based_kg_co2e"] == 4
    assert january.intensities() == march.intensities() == (0.4, 0.5)


def test_what_is_known_of_some_only_is_told(resolver: Resolver) -> None:
    """One of two has hardware: its embodied emissions are the sum, and `missing` says that it is not whole."""
    hardware = {"hardware": {"embodied_kg_co2e": 35040, "lifetime_years": 4}, "duration_hours": 1}
    (heap,) = piled(emitted(resolver, 1), emitted(resolver, 1, **hardware)).heaps()
    assert sums(heap)["embodied_kg_co2e"] == 1  # 35040 kg over 35040 hours, one hour
    assert "scope3.embodied" in heap.missing


def test_money_has_no_intensity(resolver: Resolver) -> None:
    """Spend alone: a total, but no kWh and so no kg CO2e/kWh; beside energy it does not dilute its intensity."""
    workload = msgspec.convert(BASE | {"cost": {"amount": 100, "currency": "USD"}}, Workload)
    spend = estimate(workload, asyncio.run(resolver.resolve(workload)))
    (heap,) = piled(spend).heaps()
    assert heap.intensities() == (None, None)
    assert (sums(heap)["facility_kwh"], sums(heap)["scope2_market_based_kg_co2e"]) == (None, None)
    assert sums(heap)["spend_based_kg_co2e"] == sums(heap)["total_market_based_kg_co2e"]
    (both,) = piled(spend, emitted(resolver, 100, None)).heaps()
    assert both.intensities() == (0.4, 0.5)


def test_no_energy_has_no_intensity(resolver: Resolver) -> None:
    """0 kWh: 0 kg, and nothing to divide."""
    (heap,) = piled(emitted(resolver, 0)).heaps()
    assert sums(heap)["scope2_location_based_kg_co2e"] == 0
    assert heap.intensities() == (None, None)


def test_what_a_map_does_not_show_is_counted(resolver: Resolver) -> None:
    """Without a period; without a place: a country, or no region at all."""
    places = piled(
        emitted(resolver, 1),
        emitted(resolver, 1, None),
        emitted(resolver, 1, region="FR"),
        emitted(resolver, 1, region=None),
    )
    assert (places.count, places.undated, places.unplaced) == (4, 1, 2)
    found = [(heap.region.id if heap.region else None, heap.month) for heap in places.heaps()]
    assert found == [(None, "2025-01"), ("FR", "2025-01"), ("aws:us-east-1", None), ("aws:us-east-1", "2025-01")]


def test_the_order_does_not_matter(resolver: Resolver) -> None:
    """The same workloads in another order give the same sums, to the last digit."""
    chance = random.Random(5)  # noqa: S311 - the same each time
    several = [emitted(resolver, 10 ** chance.uniform(-6, 9), chance.randint(1, 3)) for _ in range(400)]
    one, other = (piled(*order) for order in (several, chance.sample(several, len(several))))
    assert [sums(heap) for heap in one.heaps()] == [sums(heap) for heap in other.heaps()]
    first, second = ([heap.intensities() for heap in places.heaps()] for places in (one, other))
    assert first == second == [(0.4, 0.5)] * 3


@pytest.mark.parametrize("start", ["2025-01-31T23:30:00-01:00", "2025-02-01"])
def test_months_are_of_utc(resolver: Resolver, start: str) -> None:
    """Half past eleven at night, one hour west, is February."""
    (heap,) = piled(emitted(resolver, 1, None, period={"start": start, "end": "2025-02-02"})).heaps()
    assert heap.month == "2025-02"
