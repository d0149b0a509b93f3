"""Emissions per functional unit. Source: METHOD section 9; SCI (ISO/IEC 21031)."""

from service.method.numeric import Quantity


def grams_per_unit(kg_co2e: Quantity, units: Quantity) -> Quantity:
    """[g CO2e per unit]"""
    return kg_co2e * 1000.0 / units
