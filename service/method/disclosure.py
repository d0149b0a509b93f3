"""What an inventory takes of many footprints. Source: METHOD sections 0, 3, 8 and 10."""

from collections.abc import Sequence

from msgspec import Struct

from service.method.numeric import total
from service.method.uncertainty import BOUNDS
from service.model.factor import Grade


class Amount(Struct, frozen=True, gc=False):
    """A figure with its range and grade. [kg CO2e]"""

    kg_co2e: float
    low_kg_co2e: float
    high_kg_co2e: float
    grade: Grade


def acquired(whole_life_kg_co2e: float, amortized: Amount, *, by_life: bool) -> Amount:
    """Hardware in the year of its purchase: all of it, with the range of its amortized figure.

    Args:
        whole_life_kg_co2e: of all its machines. [kg CO2e]
        amortized: the part of one workload; hours and shares carry no range, so its range is the hardware's.
        by_life: whether the amortized figure is a part of the hardware's life, and not of money.

    Source: METHOD sections 0, 5 and 8; GHG Protocol, Corporate Value Chain Standard, category 2.
    """
    grade = amortized.grade if by_life else "D"
    low, high = BOUNDS[grade]
    if by_life and amortized.kg_co2e > 0:
        low, high = (end / amortized.kg_co2e for end in (amortized.low_kg_co2e, amortized.high_kg_co2e))
    return Amount(whole_life_kg_co2e, whole_life_kg_co2e * low, whole_life_kg_co2e * high, grade)


def covered_share(applied_kwh: Sequence[float], facility_kwh: float) -> float:
    """What instruments cover of the energy, on an energy basis: zero-rated kWh would vanish on another. [-]

    Source: METHOD sections 3 and 10.
    """
    return min(1.0, total(applied_kwh) / facility_kwh) if facility_kwh else 0.0


def fleet_pue(facility_kwh: Sequence[float], it_kwh: Sequence[float]) -> float | None:
    """Facility over IT energy of many workloads that know both; none where that is 0. [-]"""
    it = total(it_kwh)
    return total(facility_kwh) / it if it else None


def primary_share(primary_kg_co2e: Sequence[float], whole_kg_co2e: float) -> float:
    """Part of a total that rests on primary data. [-] Source: METHOD section 8."""
    return min(1.0, max(0.0, total(primary_kg_co2e) / whole_kg_co2e)) if whole_kg_co2e else 0.0
