"""Scope 2, location-based. Source: METHOD section 2; GHG Protocol, Scope 2 Guidance (2015), ch. 6."""

from collections.abc import Sequence

from service.method.numeric import Quantity, total

SUSPECT_KG_CO2E_PER_KWH = 3.0
"""Above any real grid: grams were passed as kilograms. [kg CO2e/kWh]"""
GAP_SHARE_COSTING_A_GRADE = 0.05


def electricity_kg_co2e(facility_energy_kwh: Quantity, intensity_kg_co2e_per_kwh: Quantity) -> Quantity:
    """Emissions of electricity at one carbon intensity. [kg CO2e]"""
    return facility_energy_kwh * intensity_kg_co2e_per_kwh


def hourly_kg_co2e(hourly_facility_kwh: Sequence[float], hourly_kg_co2e_per_kwh: Sequence[float]) -> float:
    """Emissions of each hour's energy at that hour's intensity. [kg CO2e]"""
    return total(kwh * intensity for kwh, intensity in zip(hourly_facility_kwh, hourly_kg_co2e_per_kwh, strict=True))
