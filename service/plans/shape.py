"""What is the same in workloads of one kind, and what differs: the numbers that a plan is played on."""

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import astuple, replace

from service.method.period import span
from service.model.resolved import Resolved
from service.model.workload import NO_FACTORS, Energy, Hardware, Infrastructure, Workload

_NO_ENERGY = Energy()
_NO_HARDWARE: tuple[Any, ...] = (None,) * len(Hardware.__struct_fields__)
_NO_USAGE = (None, None, None)
_MOST_LISTED = 8
"""Instruments, units or components."""
_OF_HARDWARE = ("count", "share", "device_hours")
_FIRST = Hardware.__struct_fields__.index(_OF_HARDWARE[0])
_VARIES, _BEFORE, _AFTER = slice(_FIRST, _FIRST + 3), slice(_FIRST), slice(_FIRST + 3, None)
"""Places of these three among the fields of Hardware, where they stand together, and of the others."""
_OF_WORKLOAD = ("pue", "host_overhead_ratio", "duration_hours", "utilization")
_OF_USAGE = ("gpu_hours", "vcpu_hours", "ram_gb_hours")


class Shape(NamedTuple):
    """One workload in two parts."""

    key: tuple[Any, ...]
    """All that is not a number to play on; unhashable where it holds a list."""
    numbers: list[float]


class PlannedSpan(Struct, frozen=True, gc=False):
    """A period of which nothing is known but its length, a number to play on, and its years."""

    hours: float
    first_year: int
    last_year: int
    factor_year: int


def shape_of(workload: Workload, resolved: Resolved) -> Shape | None:
    """The workload in its two parts; nothing for one with series, which differ in length, or with long lists."""
    energy = workload.energy or _NO_ENERGY
    if energy.hourly_kwh is not None or energy.power_samples is not None or _is_long(workload):
        return None
    period, when = workload.period, None
    hours = years = None
    if period is not None:
        try:
            when = span(period)
        except (ValueError, OverflowError):
            return None
        hours, years = when.hours, (when.first_year, when.last_year, when.factor_year)
    hardware = astuple(workload.hardware) if workload.hardware is not None else _NO_HARDWARE
    usage = workload.usage
    cost = workload.cost
    values = (
        energy.kwh,
        hours,
        workload.pue,
        workload.host_overhead_ratio,
        workload.duration_hours,
        workload.utilization,
        *hardware[_VARIES],
        cost.amount if cost is not None else None,
        *((usage.gpu_hours, usage.vcpu_hours, usage.ram_gb_hours) if usage is not None else _NO_USAGE),
    )
    units = workload.functional_units
    key = (
        id(resolved),
        tuple(map(type, values)),
        years,
        (energy.level, energy.origin) if workload.energy is not None else None,
        usage is None,
        hardware[_BEFORE],
        hardware[_AFTER],
        cost.currency if cost is not None else None,
        workload.deployment,
        workload.utilization_of,
        workload.allocation,
        workload.market,
        None if workload.factors is NO_FACTORS else workload.factors,
        tuple(workload.instruments) if workload.instruments else None,
        _hashable(workload.infrastructure) if workload.infrastructure is not None else None,
        tuple(units) if units else None,
        workload.compare_allocations,
    )
    numbers = [value for value in values if value is not None]
    if units:
        numbers += units.values()
    return Shape(key, numbers)


def _is_long(workload: Workload) -> bool:
    """Whether it has more text of the caller's than should be kept for the next of its kind."""
    given = workload.infrastructure
    return (
        len(workload.instruments) > _MOST_LISTED
        or len(workload.functional_units) > _MOST_LISTED
        or (given is not None and len(given.components) > _MOST_LISTED)
    )


def _hashable(given: Infrastructure) -> tuple[Any, ...]:
    return tuple(given.components), given.driver, given.workload_driver, given.provider_driver_total


def refilled(workload: Workload, supply: Callable[[float], Any]) -> tuple[Workload, Any]:
    """The workload with other numbers in the places of its own, taken in the order of `shape_of`; and its period.

    The period stands for a `Span` of which no more is known than `PlannedSpan` has: what else is asked of it raises.
    """

    def one(value: float | None) -> Any:
        return None if value is None else supply(value)

    energy, hardware, cost, usage = workload.energy, workload.hardware, workload.cost, workload.usage
    changed: dict[str, Any] = {}
    if energy is not None:
        changed["energy"] = replace(energy, kwh=one(energy.kwh))
    when = None
    if workload.period is not None:
        whole = span(workload.period)
        when = PlannedSpan(supply(whole.hours), whole.first_year, whole.last_year, whole.factor_year)
    changed |= {name: one(getattr(workload, name)) for name in _OF_WORKLOAD}
    if hardware is not None:
        changed["hardware"] = replace(hardware, **{name: one(getattr(hardware, name)) for name in _OF_HARDWARE})
    if cost is not None:
        changed["cost"] = replace(cost, amount=supply(cost.amount))
    if usage is not None:
        changed["usage"] = replace(usage, **{name: one(getattr(usage, name)) for name in _OF_USAGE})
    if workload.functional_units:
        changed["functional_units"] = {name: supply(count) for name, count in workload.functional_units.items()}
    return replace(workload, **changed), when
