"""Energy at the three sides of the meter. Source: METHOD section 1."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from service.method.numeric import Quantity, total

IDLE_SHARE_OF_TDP = 0.1
"""Idle power of a device whose idle power is not known, as a part of its TDP."""
MODULE_HOST_KW = 0.15
"""Host power of one data-center accelerator module (SXM, OAM) without a known ratio: a server of eight draws
1.2 kW beside them. [kW] Source: EcoLogits 0.11.3, SERVER_POWER."""
RAM_W_PER_GB = 0.392
"""Source: Cloud Carbon Footprint, memory coefficient 0.000392 kWh/GBh."""
GAP_FACTOR = 2.0
"""A pause between readings longer than this many median intervals is a gap."""
DISAGREEMENT_SHARE = 0.2
"""Two energy sources farther apart than this disagree."""


def it_energy_kwh(component_energy_kwh: Quantity, host_overhead_ratio: Quantity) -> Quantity:
    """Energy at the server plug from that of its accelerators. [kWh]"""
    return component_energy_kwh * (1.0 + host_overhead_ratio)


def facility_energy_kwh(it_kwh: Quantity, pue: Quantity) -> Quantity:
    """Energy at the building's meter. [kWh] The one line that multiplies by PUE."""
    return it_kwh * pue


def device_hours(devices: Quantity, share: Quantity, duration_hours: Quantity) -> Quantity:
    """Device-hours reserved. [h]"""
    return devices * share * duration_hours


def device_power_w(idle_w: Quantity, maximum_w: Quantity, utilization: Quantity) -> Quantity:
    """Power of one device between idle and maximum. [W]"""
    return idle_w + (maximum_w - idle_w) * utilization


def curve_power_w(utilizations: Sequence[float], watts: Sequence[float], utilization: float) -> float:
    """Power of one device by linear interpolation of its measured curve, from utilization 0 to 1. [W]"""
    right = bisect_left(utilizations, utilization)
    if utilizations[right] == utilization:
        return watts[right]
    left = right - 1
    part = (utilization - utilizations[left]) / (utilizations[right] - utilizations[left])
    return watts[left] + (watts[right] - watts[left]) * part


def reserved_devices_kwh(reserved_device_hours: Quantity, power_w: Quantity) -> Quantity:
    """Energy of devices reserved whole. [kWh]"""
    return reserved_device_hours * power_w / 1000.0


def shared_device_kwh(
    reserved_device_hours: Quantity, share: Quantity, idle_w: Quantity, maximum_w: Quantity, utilization: Quantity
) -> Quantity:
    """Energy of one user of a shared device: static part by reservation, dynamic part by use. [kWh]

    Args:
        reserved_device_hours: contains the share. [h]
        share: reserved part of the device, above 0. [-]
        idle_w: idle power of the whole device. [W]
        maximum_w: maximum power of the whole device. [W]
        utilization: of the whole device, by this user. [-]
    """
    power_w = idle_w * share + (maximum_w - idle_w) * utilization
    return reserved_device_hours / share * power_w / 1000.0


def server_power_w(
    vcpus: Quantity, vcpu_idle_w: Quantity, vcpu_maximum_w: Quantity, utilization: Quantity, ram_gb: Quantity
) -> Quantity:
    """Power of an instance's or server's processors and memory. [W]

    Source: Cloud Carbon Footprint, ComputeEstimator and memory coefficient.
    """
    return vcpus * device_power_w(vcpu_idle_w, vcpu_maximum_w, utilization) + ram_gb * RAM_W_PER_GB


def storage_kwh(terabyte_hours: Quantity, watts_per_terabyte: Quantity, copies: Quantity) -> Quantity:
    """Energy of stored data at the server plug. [kWh]

    Args:
        terabyte_hours: 10^12 bytes kept for an hour, of one copy. [TB·h]
        watts_per_terabyte: by what it is kept on. [W/TB]
        copies: how often it is kept. [-]

    Source: Cloud Carbon Footprint, StorageEstimator.
    """
    return terabyte_hours * copies * watts_per_terabyte / 1000.0


def network_kwh(gigabytes: Quantity, kwh_per_gigabyte: Quantity) -> Quantity:
    """Energy of data moved between data centers, at the plug. [kWh]

    Source: Cloud Carbon Footprint, NetworkingEstimator.
    """
    return gigabytes * kwh_per_gigabyte


def integrate_power(seconds: Sequence[float], watts: Sequence[float]) -> float:
    """Energy under power readings by trapezoid. [kWh]

    Args:
        seconds: strictly rising instants. [s]
        watts: reading at each. [W]
    """
    joules = (
        (later - earlier) * (left + right) / 2.0
        for earlier, later, left, right in zip(seconds, seconds[1:], watts, watts[1:], strict=False)
    )
    return total(joules) / 3_600_000.0


def power_gaps(seconds: Sequence[float]) -> list[float]:
    """Pauses between readings longer than twice the median interval. [s]"""
    intervals = [later - earlier for earlier, later in pairwise(seconds)]
    if not intervals:
        return []
    limit = GAP_FACTOR * median(intervals)
    return [interval for interval in intervals if interval > limit]


def disagree(metered_kwh: float, modeled_kwh: float) -> bool:
    """Whether a model is more than 20 % off the meter."""
    return abs(modeled_kwh - metered_kwh) > DISAGREEMENT_SHARE * metered_kwh
