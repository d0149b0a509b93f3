"""Energy modeled from hardware, hours and utilization. Source: METHOD section 1."""

from itertools import pairwise

from msgspec import Struct

from service.figures.case import Case
from service.figures.ledger import number
from service.method import energy as method
from service.model.factor import Grade
from service.model.resolved import Machine, Matched
from service.model.workload import Hardware

ACCELERATOR_UTILIZATION = 1.0
"""Where none is given: TDP as the upper bound."""
CPU_UTILIZATION = 0.5
"""Where none is given: the field's habit. Source: Cloud Carbon Footprint, AVG_CPU_UTILIZATION_2020."""


class Model(Struct, frozen=True, kw_only=True, gc=False):
    """Modeled energy, of the accelerators alone or at the server plug."""

    kwh: float
    server_level: bool
    grade: Grade
    low_ratio: float
    high_ratio: float
    """Range of the device's own power, relative to the one used."""
    idle_share_assumed: bool
    sources: tuple[Matched, ...]
    hours: float
    power_w: float
    idle_w: float
    shared: float | None = None
    """Reserved share of a device whose use was measured whole."""

    @property
    def derivation(self) -> str:
        """Its arithmetic in one line."""
        hours = f"{number(self.hours)} {'machine' if self.server_level else 'device'}-hours"
        power = f"{number(self.power_w)} W"
        if self.shared is not None:
            hours = f"{hours} / share {number(self.shared)}"
            dynamic = f"({number(self.power_w)} - {number(self.idle_w)}) W"
            power = f"({number(self.idle_w)} W × {number(self.shared)} + {dynamic})"
        return f"{hours} × {power} / 1000 = {number(self.kwh)} kWh"


class _Device(Struct, frozen=True, kw_only=True, gc=False):
    idle_w: float
    at_utilization_w: float
    maximum_w: float
    low_ratio: float = 1.0
    high_ratio: float = 1.0
    idle_assumed: bool = False


def model(case: Case) -> Model | str:
    """Energy of the hardware, or what is missing to model it."""
    hardware = case.workload.hardware
    if hardware is None:
        return "send hardware"
    machine = case.resolved.machine
    own_power = hardware.tdp_w is not None or hardware.power_curve is not None
    if machine is not None and machine.server_level and not (own_power and not machine.accelerators):
        return _server(case, machine)
    if case.activity.device_hours is None:
        return "send duration_hours, a period or hardware.device_hours"
    device = _device(case, hardware, machine, _accelerator_utilization(case))
    if device is None:
        named = machine.name if machine is not None and machine.name else "the hardware"
        return f"no power is published for {named}; send energy, or hardware.tdp_w"
    kwh = _reserved_kwh(case, case.activity.device_hours, device.idle_w, device.at_utilization_w)
    return Model(
        kwh=kwh,
        server_level=False,
        grade="D" if case.workload.utilization is None else "C",
        low_ratio=device.low_ratio,
        high_ratio=device.high_ratio,
        idle_share_assumed=device.idle_assumed,
        sources=machine.power_sources if machine is not None and not own_power else (),
        hours=case.activity.device_hours,
        power_w=device.at_utilization_w,
        idle_w=device.idle_w,
        shared=_shared(case),
    )


def _accelerator_utilization(case: Case) -> float:
    return ACCELERATOR_UTILIZATION if case.workload.utilization is None else case.workload.utilization


def _device(case: Case, hardware: Hardware, machine: Machine | None, utilization: float) -> _Device | None:
    """Power of one device: the caller's curve, the caller's TDP, or the table's TDP."""
    if hardware.power_curve is not None:
        return _curve(case, hardware, utilization)
    maximum_w = hardware.tdp_w
    low, high = maximum_w, maximum_w
    if maximum_w is None and machine is not None and machine.tdp_w is not None:
        maximum_w = machine.tdp_w
        low, high = machine.tdp_low_w or maximum_w, machine.tdp_high_w or maximum_w
    if maximum_w is None or low is None or high is None:
        return None
    idle_w = method.IDLE_SHARE_OF_TDP * maximum_w if hardware.idle_w is None else hardware.idle_w
    if idle_w > maximum_w:
        detail = f"idle power {number(idle_w)} W is above the maximum of {number(maximum_w)} W"
        case.ledger.fault("/hardware/idle_w", "FIELDS_CONFLICT", detail)
    return _Device(
        idle_w=idle_w,
        at_utilization_w=method.device_power_w(idle_w, maximum_w, utilization),
        maximum_w=maximum_w,
        low_ratio=low / maximum_w if maximum_w else 1.0,
        high_ratio=high / maximum_w if maximum_w else 1.0,
        idle_assumed=hardware.idle_w is None,
    )


def _curve(case: Case, hardware: Hardware, utilization: float) -> _Device | None:
    points = hardware.power_curve or []
    shares = [point.utilization for point in points]
    watts = [point.watts for point in points]
    rising = all(left < right for left, right in pairwise(shares))
    if not rising or shares[0] != 0 or shares[-1] != 1:
        detail = "the points must rise strictly in utilization, from 0 to 1"
        case.ledger.fault("/hardware/power_curve", "FIELDS_CONFLICT", detail)
        return _Device(idle_w=0.0, at_utilization_w=0.0, maximum_w=0.0)
    return _Device(
        idle_w=watts[0],
        at_utilization_w=method.curve_power_w(shares, watts, utilization),
        maximum_w=watts[-1],
    )


def _shared(case: Case) -> float | None:
    """The reserved share where utilization is that of the whole device."""
    workload = case.workload
    if workload.utilization_of == "reserved" or workload.utilization is None or workload.hardware is None:
        return None
    return workload.hardware.share


def _reserved_kwh(case: Case, hours: float, idle_w: float, power_w: float) -> float:
    """Energy of reserved hours; of a shared device the static part goes by share, the dynamic part by use."""
    share = _shared(case)
    kwh: float
    if share is None:
        kwh = method.reserved_devices_kwh(hours, power_w)
        return kwh
    if share == 0:
        detail = "of a shared device a part above 0 must be reserved"
        case.ledger.fault("/hardware/share", "FIELDS_CONFLICT", detail)
        return 0.0
    kwh = method.shared_device_kwh(hours, share, idle_w, power_w, 1.0)
    return kwh


def _server(case: Case, machine: Machine) -> Model | str:
    """An instance or server: processors, memory and accelerators at one plug."""
    hardware = case.workload.hardware or Hardware()
    hours = _machine_hours(case, hardware)
    if hours is None:
        return "send duration_hours or a period"
    vcpus = machine.vcpus if hardware.vcpus is None else hardware.vcpus
    if vcpus is None or machine.vcpu_idle_w is None or machine.vcpu_maximum_w is None:
        return f"no processor power is known for {machine.name}; send energy, or hardware.tdp_w per machine"
    ram_gb = hardware.ram_gb or machine.ram_gb or (hardware.host.ram_gb if hardware.host else None) or 0.0
    cpu = CPU_UTILIZATION if case.workload.utilization is None else case.workload.utilization
    idle_w = method.server_power_w(vcpus, machine.vcpu_idle_w, machine.vcpu_maximum_w, 0.0, ram_gb)
    power_w = method.server_power_w(vcpus, machine.vcpu_idle_w, machine.vcpu_maximum_w, cpu, ram_gb)
    low = high = 1.0
    assumed = False
    if machine.accelerators:
        device = _device(case, hardware, machine, _accelerator_utilization(case))
        if device is None:
            return f"no accelerator power is published for {machine.name}; send energy, or hardware.tdp_w"
        idle_w += machine.accelerators * device.idle_w
        power_w += machine.accelerators * device.at_utilization_w
        low, high, assumed = device.low_ratio, device.high_ratio, device.idle_assumed
    kwh = _reserved_kwh(case, hours, idle_w, power_w)
    return Model(
        kwh=kwh,
        server_level=True,
        grade="D" if case.workload.utilization is None else "C",
        low_ratio=low,
        high_ratio=high,
        idle_share_assumed=assumed,
        sources=machine.power_sources,
        hours=hours,
        power_w=power_w,
        idle_w=idle_w,
        shared=_shared(case),
    )


def _machine_hours(case: Case, hardware: Hardware) -> float | None:
    """Hours of whole machines reserved. [h]"""
    if hardware.device_hours is not None:
        return hardware.device_hours / (case.activity.accelerators or 1.0)
    if case.activity.duration_hours is None:
        return None
    return hardware.count * hardware.share * case.activity.duration_hours
