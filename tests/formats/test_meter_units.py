"""What names of metrics and columns say."""

import pytest

from service.formats.meter_units import level_of, unit_of


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("watts", "watts"),
        ("node_hwmon_power_average_watt", "watts"),
        ("PDU 1 (kW)", "kilowatts"),
        ("pdu_power_kilowatts", "kilowatts"),
        ("power_mW", "milliwatts"),
        ("scaph_host_power_microwatts", "microwatts"),
        ("scaph_host_energy_microjoules", "microjoules"),
        ("kepler_node_cpu_joules_total", "joules"),
        ("node_rapl_package_joules_total", "joules"),
        ("pdu_energy_kWh", "kilowatt_hours"),
        ("DCGM_FI_DEV_POWER_USAGE", "watts"),
        ("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "millijoules"),
        ("power_MW", None),  # mega- or milliwatts
        ("power_mw", None),
        ("power", None),
        ("instance:node_rapl_package_joules:rate5m", None),  # watts, made of joules
        ("rate(kepler_node_cpu_joules_total[1m])", None),
        ("watts_per_joules", None),
        ("", None),
    ],
)
def test_a_name_says_its_unit_or_none(name: str, unit: str | None) -> None:
    """What is either of two, or was derived, says none: the caller must."""
    assert unit_of(name) == unit


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("kepler_container_joules_total", "component"),
        ("node_rapl_dram_joules_total", "component"),
        ("DCGM_FI_DEV_POWER_USAGE", "component"),
        ("nvidia_smi_power_draw_watts", "component"),
        ("kepler_node_platform_joules_total", "it"),
        ("ipmi_dcmi_power_consumption_watts", "it"),
        ("pdu_outlet_watts", "it"),
        ("watts", "it"),
    ],
)
def test_a_name_says_the_side_of_the_meter(name: str, level: str) -> None:
    """Chips are components; a server's plug, and Kepler's platform, is IT."""
    assert level_of(name) == level
