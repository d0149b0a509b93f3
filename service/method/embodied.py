"""Hardware embodied, amortized over its life and divided. Source: METHOD section 5; SCI (ISO/IEC 21031)."""

from service.method.numeric import Quantity, greatest, least

HOURS_PER_YEAR = 8760.0
"""365 days of 24 hours. Source: SCI specification."""
LIFETIME_YEARS = 4.0
"""Service life where none is given. Source: Dell R740 LCA; Cloud Carbon Footprint, 35,040 h."""
RANGE_LOW, RANGE_HIGH = 0.5, 2.0
"""Range of a whole-life figure that states none."""


def lifetime_hours(lifetime_years: Quantity) -> Quantity:
    """Service life. [h]"""
    return lifetime_years * HOURS_PER_YEAR


def counted_hours(duration_hours: Quantity, life_hours: Quantity, age_years: Quantity) -> Quantity:
    """Hours before the end of life; after it nothing more is charged. [h]"""
    return least(duration_hours, greatest(0.0, life_hours - age_years * HOURS_PER_YEAR))


def amortized_kg_co2e(
    total_kg_co2e: Quantity, hours: Quantity, life_hours: Quantity, share: Quantity, fleet_utilization: Quantity
) -> Quantity:
    """Part of the machines' making that falls on the hours reserved. [kg CO2e]

    Args:
        total_kg_co2e: whole-life figure of all machines. [kg CO2e]
        hours: counted. [h]
        life_hours: service life. [h]
        share: reserved part of a machine. [-]
        fleet_utilization: used part of the fleet's capacity; below 1 charges idle life. [-]
    """
    return total_kg_co2e * (hours / life_hours) * share / fleet_utilization


def physical_kg_co2e(
    machine_kg_co2e: Quantity, resource_hours: Quantity, life_hours: Quantity, machine_resources: Quantity
) -> Quantity:
    """Part of a machine's making that falls on metered hours of one of its resources. [kg CO2e]

    Args:
        machine_kg_co2e: whole-life figure of one machine. [kg CO2e]
        resource_hours: GPU-, vCPU- or GB-hours. [h]
        life_hours: service life. [h]
        machine_resources: GPUs, vCPUs or GB of one machine.
    """
    return machine_kg_co2e * resource_hours / (life_hours * machine_resources)


def device_hour_kg_co2e(machine_kg_co2e: Quantity, accelerators: Quantity, life_hours: Quantity) -> Quantity:
    """Whole-life figure per device-hour. [kg CO2e/h]"""
    return machine_kg_co2e / (accelerators * life_hours)


def spend_kg_co2e(amount: Quantity, kg_co2e_per_currency_unit: Quantity) -> Quantity:
    """Emissions estimated from money. [kg CO2e]"""
    return amount * kg_co2e_per_currency_unit
