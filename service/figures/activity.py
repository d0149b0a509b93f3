"""When and on how much hardware a workload ran: the activity that energy and embodied share."""

from msgspec import Struct

from service.figures.ledger import Ledger, number
from service.method import energy as method
from service.method.period import Span, span
from service.model.resolved import Machine, Resolved
from service.model.workload import Deployment, Hardware, Workload

_TOLERANCE = 1e-6
"""Relative difference up to which two statements of device-hours agree."""


class Activity(Struct, frozen=True, kw_only=True, gc=False):
    """Times and devices; `None` is not known."""

    period: Span | None
    deployment: Deployment
    duration_hours: float | None
    accelerators: float | None
    """Of one machine, when it is known that it has some."""
    devices: float
    """All machines' accelerators; machines where they have none."""
    device_hours: float | None


def activity(ledger: Ledger, workload: Workload, resolved: Resolved, when: Span | None = None) -> Activity:
    """Times and devices of the workload; what contradicts itself becomes a fault.

    Args:
        ledger: collects the faults.
        workload: what the caller sent.
        resolved: what its context looked up.
        when: its period as instants, where that is known already.
    """
    hardware = workload.hardware or Hardware()
    period = _period(ledger, workload, resolved, when)
    duration = workload.duration_hours
    if duration is None and period is not None and hardware.device_hours is None:
        duration = period.hours
    _check_names(ledger, hardware, resolved.machine)
    machine = resolved.machine
    accelerators = hardware.accelerators
    if accelerators is None and machine is not None:
        accelerators = 1.0 if machine.embodied_per_device else machine.accelerators
    devices = hardware.count * (1.0 if accelerators is None else accelerators)
    return Activity(
        period=period,
        deployment=workload.deployment or ("cloud" if resolved.provider else "owned"),
        duration_hours=duration,
        accelerators=accelerators,
        devices=devices,
        device_hours=_device_hours(ledger, workload, devices, duration),
    )


def _period(ledger: Ledger, workload: Workload, resolved: Resolved, when: Span | None) -> Span | None:
    if workload.period is None:
        return None
    try:
        when = span(workload.period) if when is None else when
    except (ValueError, OverflowError) as why:
        ledger.fault("/period", "PERIOD_INVALID", f"{why}; send dates as 2026-01-31, `end` after `start`")
        return None
    if not resolved.first_year <= when.factor_year <= resolved.last_year:
        detail = f"the factors cover periods of {resolved.first_year} to {resolved.last_year}"
        ledger.fault("/period", "PERIOD_INVALID", detail)
    return when


def _device_hours(ledger: Ledger, workload: Workload, devices: float, duration: float | None) -> float | None:
    hardware = workload.hardware
    if hardware is None:
        return None
    reserved = method.device_hours(devices, hardware.share, duration) if duration is not None else None
    if hardware.device_hours is None:
        return reserved
    if workload.duration_hours is not None and reserved is not None:
        apart = abs(hardware.device_hours - reserved)
        if apart > _TOLERANCE * max(hardware.device_hours, reserved):
            detail = (
                f"device_hours {number(hardware.device_hours)} differs from devices {number(devices)} × share "
                f"{number(hardware.share)} × {number(workload.duration_hours)} h = {number(reserved)}; send one of them"
            )
            ledger.fault("/hardware/device_hours", "DEVICE_HOURS_CONFLICT", detail)
    return hardware.device_hours


def _check_names(ledger: Ledger, hardware: Hardware, machine: Machine | None) -> None:
    named = [
        name
        for name, given in (
            ("instance", hardware.instance),
            ("accelerator", hardware.accelerator),
            ("server", hardware.server),
            ("host", hardware.host if hardware.accelerator is None else None),
        )
        if given is not None
    ]
    if len(named) > 1:
        ledger.fault("/hardware", "FIELDS_CONFLICT", f"send one of {', '.join(named)}")
    if machine is None or machine.embodied_per_device or hardware.accelerators is None:
        return
    known = machine.accelerators or 0.0
    if machine.embodied is not None and hardware.accelerators != known:
        detail = f"{machine.name} has {number(known)} accelerators; leave accelerators out, or describe the hardware"
        ledger.fault("/hardware/accelerators", "FIELDS_CONFLICT", detail)
