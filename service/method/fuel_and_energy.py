"""Scope 3 Category 3: upstream of electricity (3b) and its losses on the way (3c).

Source: METHOD section 4; GHG Protocol, Corporate Value Chain Standard, Category 3, activities B and C.
"""

from service.method.numeric import Quantity


def lost_per_delivered(td_loss_share: Quantity, of_generation: bool) -> Quantity:  # noqa: FBT001
    """Lost kWh per kWh delivered. [-]

    Args:
        td_loss_share: loss rate, below 1. [-]
        of_generation: whether the rate is a part of generation (World Bank, eGRID) or of consumption.
    """
    return td_loss_share / (1.0 - td_loss_share) if of_generation else td_loss_share


def upstream_kg_co2e(facility_energy_kwh: Quantity, upstream_kg_co2e_per_kwh: Quantity) -> Quantity:
    """3b: extraction, refining and transport of the fuels burned for the electricity. [kg CO2e]"""
    return facility_energy_kwh * upstream_kg_co2e_per_kwh


def td_losses_kg_co2e(
    facility_energy_kwh: Quantity,
    lost_share: Quantity,
    intensity_kg_co2e_per_kwh: Quantity,
    upstream_kg_co2e_per_kwh: Quantity,
) -> Quantity:
    """3c: generation and upstream of the electricity lost in transmission and distribution. [kg CO2e]

    Args:
        facility_energy_kwh: delivered. [kWh]
        lost_share: lost kWh per delivered kWh. [-]
        intensity_kg_co2e_per_kwh: of generation. [kg CO2e/kWh]
        upstream_kg_co2e_per_kwh: well to tank. [kg CO2e/kWh]
    """
    return facility_energy_kwh * lost_share * (intensity_kg_co2e_per_kwh + upstream_kg_co2e_per_kwh)
