"""The provider's buildings, plant and network. Source: METHOD section 6."""

from service.method.numeric import Quantity

BUILDING_LIFE_YEARS = 50.0
PLANT_LIFE_YEARS = 19.0
"""Lives of as-built totals without one. Source: one operator's practice, METHOD section 6."""


def annual_kg_co2e(as_built_kg_co2e: Quantity, life_years: Quantity) -> Quantity:
    """One year's part of what was built. [kg CO2e]"""
    return as_built_kg_co2e / life_years


def divided_kg_co2e(provider_kg_co2e: Quantity, workload_driver: Quantity, provider_driver: Quantity) -> Quantity:
    """Part of the provider's total that falls on the workload. [kg CO2e]"""
    return provider_kg_co2e * workload_driver / provider_driver
