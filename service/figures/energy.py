"""Energy at each side of the meter: metered where it was metered, else modeled. Source: METHOD section 1."""

from datetime import UTC
from itertools import pairwise

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from service.figures.caller import own
from service.figures.case import Case
from service.figures.ledger import number
from service.figures.modeled import Model, model
from service.method import energy as method
from service.method.numeric import total
from service.method.uncertainty import BOUNDS, worst
from service.model.factor import Grade
from service.model.result import EnergyResult
from service.model.workload import Energy, PowerSample

_MODELED = 4
"""The tier of energy that was not metered; those before it are."""
_ESTIMATED: Grade = "D"
"""Grade of what another tool made from billing: its utilization is a habit's."""


class EnergyUse(Struct, frozen=True, kw_only=True, gc=False):
    """The workload's energy, for the figures that rest on it."""

    result: EnergyResult
    facility_kwh: float
    hourly_facility_kwh: list[float] | None
    it_kwh: float | None
    grade: Grade
    low: float
    high: float
    """Bounds relative to the facility energy. [-]"""
    metered: bool
    idle_share_assumed: bool = False


class _Plug(Struct, frozen=True, kw_only=True, gc=False):
    """Energy before PUE."""

    component_kwh: float | None
    it_kwh: float
    tier: int
    grade: Grade
    low: float = 1.0
    high: float = 1.0
    formula: str
    derivation: str
    hourly_kwh: list[float] | None = None
    sources: tuple[str, ...] = ()
    idle_share_assumed: bool = False


def energy_use(case: Case) -> EnergyUse | None:
    """The energy, or a fault that tells what to send."""
    if case.workload.energy is None:
        return _modeled(case)
    metered = _metered_kwh(case, case.workload.energy)
    if metered is None:
        return None
    kwh, hourly = metered
    estimated = case.workload.energy.origin == "estimated"
    if estimated:
        detail = "the energy was not metered but estimated by another tool"
        case.ledger.warn("ENERGY_MODELED", "/energy/origin", detail)
    if case.workload.energy.level == "facility":
        return _at_facility(case, kwh, hourly)
    plug = _metered_plug(case, kwh, hourly)
    if estimated:
        return _behind_pue(case, replace(plug, tier=_MODELED, grade=_ESTIMATED))
    _compare(case, plug)
    return _behind_pue(case, plug)


# metered


def _metered_kwh(case: Case, energy: Energy) -> tuple[float, list[float] | None] | None:
    given = [energy.kwh is not None, energy.hourly_kwh is not None, energy.power_samples is not None]
    if sum(given) != 1:
        detail = "send exactly one of kwh, hourly_kwh and power_samples"
        case.ledger.fault("/energy", "FIELDS_CONFLICT", detail)
        return None
    if energy.hourly_kwh is not None:
        _check_hours(case, len(energy.hourly_kwh))
        return total(energy.hourly_kwh), energy.hourly_kwh
    if energy.power_samples is not None:
        return _integrated(case, energy.power_samples), None
    return energy.kwh or 0.0, None


def _check_hours(case: Case, hours: int) -> None:
    """An hourly series starts on a full UTC hour and has one value for every hour of the period."""
    if case.activity.period is None:
        if not any(fault.code == "PERIOD_INVALID" for fault in case.ledger.faults):
            case.ledger.fault("/period", "PERIOD_INVALID", "an hourly series starts at period.start: send the period")
        return
    start = case.activity.period.start
    if (start.minute, start.second, start.microsecond) != (0, 0, 0):
        case.ledger.fault("/period/start", "PERIOD_INVALID", "an hourly series starts on a full hour of UTC")
    if hours != -(-case.activity.period.hours // 1):
        detail = f"the period has {number(case.activity.period.hours)} hours, the series {hours}"
        case.ledger.fault("/energy/hourly_kwh", "HOURLY_LENGTH_MISMATCH", detail)


def _integrated(case: Case, samples: list[PowerSample]) -> float:
    if len(samples) == 1:
        detail = "energy lies between two readings: send at least two"
        case.ledger.fault("/energy/power_samples", "FIELDS_CONFLICT", detail)
        return 0.0
    ordered = sorted((sample.at.astimezone(UTC).timestamp(), sample.watts) for sample in samples)
    seconds = [at for at, _ in ordered]
    if any(left == right for left, right in pairwise(seconds)):
        case.ledger.fault("/energy/power_samples", "HOURLY_DUPLICATE", "two readings are of one instant")
        return 0.0
    gaps = method.power_gaps(seconds)
    if gaps:
        detail = f"{len(gaps)} gaps, the longest of {number(max(gaps))} s, were bridged by a straight line"
        case.ledger.warn("POWER_SAMPLES_GAP", "/energy/power_samples", detail)
    return method.integrate_power(seconds, [watts for _, watts in ordered])


def _metered_plug(
    case: Case,
    kwh: float,
    hourly: list[float] | None,
) -> _Plug:
    if case.workload.energy is not None and case.workload.energy.level == "it":
        text = f"metered {number(kwh)} kWh" if case.ledger.explain else ""
        return _Plug(
            component_kwh=None, it_kwh=kwh, tier=2, grade="A", formula="IT energy", derivation=text, hourly_kwh=hourly
        )
    it_kwh, formula, derivation = _with_host(case, kwh, "component energy")
    factor = it_kwh / kwh if kwh else 1.0
    return _Plug(
        component_kwh=kwh,
        it_kwh=it_kwh,
        tier=3,
        grade="C" if case.workload.host_overhead_ratio is None else "B",
        formula=formula,
        derivation=derivation,
        hourly_kwh=[hour * factor for hour in hourly] if hourly is not None else None,
    )


def _with_host(case: Case, component_kwh: float, formula: str) -> tuple[float, str, str]:
    """Add the host to its accelerators: the ratio given, else 150 W a known module, else nothing.

    Returns: energy at the plug [kWh], its formula in words, its arithmetic.
    """
    ratio = case.workload.host_overhead_ratio
    if ratio is not None:
        it_kwh = method.it_energy_kwh(component_kwh, ratio)
        text = f"{number(component_kwh)} kWh × (1 + {number(ratio)}) = {number(it_kwh)} kWh"
        return it_kwh, f"{formula} × (1 + host overhead ratio)", text
    machine, hours = case.resolved.machine, case.activity.device_hours
    if machine is not None and machine.module and hours is not None:
        it_kwh = component_kwh + method.MODULE_HOST_KW * hours
        detail = f"150 W of host power was added for each of {number(hours)} device-hours; send host_overhead_ratio"
        case.ledger.warn("HOST_OVERHEAD_DEFAULTED", "/host_overhead_ratio", detail)
        text = f"{number(component_kwh)} kWh + 0.15 kW × {number(hours)} h = {number(it_kwh)} kWh"
        return it_kwh, f"({formula} + 0.15 kW × device-hours)", text
    detail = "only the components' energy is counted; send host_overhead_ratio for the rest of the server"
    case.ledger.warn("HOST_OVERHEAD_MISSING", "/host_overhead_ratio", detail)
    return component_kwh, formula, f"{number(component_kwh)} kWh, host not known"


def _compare(case: Case, plug: _Plug) -> None:
    """Tell when a model of the same hardware is far off the meter."""
    if case.workload.hardware is None or case.workload.utilization is None:
        return
    other = model(case)
    if isinstance(other, str):
        return
    it_kwh = other.kwh if other.server_level else _model_with_host(case, other)
    if method.disagree(plug.it_kwh, it_kwh):
        detail = f"metered {number(plug.it_kwh)} kWh at the plug, the hardware's model gives {number(it_kwh)}"
        case.ledger.warn("ENERGY_SOURCES_DISAGREE", "/energy", detail)


def _model_with_host(case: Case, other: Model) -> float:
    if case.workload.host_overhead_ratio is not None:
        it_kwh: float = method.it_energy_kwh(other.kwh, case.workload.host_overhead_ratio)
        return it_kwh
    known = case.resolved.machine is not None and case.resolved.machine.module
    return other.kwh + (method.MODULE_HOST_KW * (case.activity.device_hours or 0.0) if known else 0.0)


# modeled


def _modeled(case: Case) -> EnergyUse | None:
    result = model(case)
    if isinstance(result, str):
        if not any(fault.pointer.startswith("/hardware") for fault in case.ledger.faults):
            pointer = "/energy" if case.workload.hardware is None else "/hardware"
            detail = f"send energy; to have it modeled, {result}; or send cost alone"
            case.ledger.fault(pointer, "ENERGY_MISSING", detail)
        return None
    used = tuple(case.ledger.use(source) for source in result.sources)
    case.ledger.warn(
        "ENERGY_MODELED", "/energy", "energy was modeled from hardware, hours and utilization, not metered"
    )
    if case.workload.utilization is None:
        detail = "utilization 1 (TDP) was assumed for accelerators, 0.5 for CPUs; send utilization"
        case.ledger.warn("UTILIZATION_DEFAULTED", "/utilization", detail)
    if result.server_level:
        it_kwh, component_kwh, formula, text = result.kwh, None, "machine-hours × power", result.derivation
    else:
        component_kwh = result.kwh
        it_kwh, formula, text = _with_host(case, component_kwh, "device-hours × power")
        text = f"{result.derivation}; {text}"
    plug = _Plug(
        component_kwh=component_kwh,
        it_kwh=it_kwh,
        tier=4,
        grade=result.grade,
        low=result.low_ratio,
        high=result.high_ratio,
        formula=formula,
        derivation=text,
        sources=used,
        idle_share_assumed=result.idle_share_assumed,
    )
    return _behind_pue(case, plug)


# the building


def _at_facility(case: Case, kwh: float, hourly: list[float] | None) -> EnergyUse:
    if case.workload.pue is not None:
        detail = "the energy is that of the whole facility already; pue was not applied"
        case.ledger.warn("PUE_IGNORED_FACILITY_LEVEL", "/pue", detail)
    metered = case.workload.energy is None or case.workload.energy.origin == "metered"
    grade: Grade = "A" if metered else _ESTIMATED
    low, high = BOUNDS[grade]
    result = EnergyResult(
        component_kwh=None,
        it_kwh=None,
        facility_kwh=kwh,
        pue=None,
        tier=1 if metered else _MODELED,
        hourly_gap_share=0.0,
        grade=grade,
        low_kwh=kwh * low,
        high_kwh=kwh * high,
        formula="facility energy",
        sources=[],
        derivation=case.ledger.line(f"{'metered' if metered else 'estimated'} {number(kwh)} kWh"),
    )
    return EnergyUse(
        result=result, facility_kwh=kwh, hourly_facility_kwh=hourly, it_kwh=None, grade=grade, low=low, high=high,
        metered=metered,
    )  # fmt: skip


def _behind_pue(case: Case, plug: _Plug) -> EnergyUse:
    if case.workload.pue is None:
        pue, grade = case.resolved.pue.value, worst(plug.grade, "B")
        sources = [*plug.sources, case.ledger.use(case.resolved.pue)]
        case.ledger.notes.append(case.resolved.pue_note)
    else:
        pue, grade = case.workload.pue, plug.grade
        own_pue = own("pue", pue, unit="ratio", grade="A")
        sources = [*plug.sources, case.ledger.use(own_pue)]
    facility_kwh = method.facility_energy_kwh(plug.it_kwh, pue)
    bounds = BOUNDS[grade]
    low, high = bounds[0] * plug.low, bounds[1] * plug.high
    result = EnergyResult(
        component_kwh=plug.component_kwh,
        it_kwh=plug.it_kwh,
        facility_kwh=facility_kwh,
        pue=pue,
        tier=plug.tier,
        hourly_gap_share=0.0,
        grade=grade,
        low_kwh=facility_kwh * low,
        high_kwh=facility_kwh * high,
        formula=f"{plug.formula} × PUE",
        sources=sources,
        derivation=_pue_text(plug, pue, facility_kwh) if case.ledger.explain else msgspec.UNSET,
    )
    hourly = plug.hourly_kwh
    return EnergyUse(
        result=result,
        facility_kwh=facility_kwh,
        hourly_facility_kwh=[method.facility_energy_kwh(hour, pue) for hour in hourly] if hourly is not None else None,
        it_kwh=plug.it_kwh,
        grade=grade,
        low=low,
        high=high,
        metered=plug.tier < _MODELED,
        idle_share_assumed=plug.idle_share_assumed,
    )


def _pue_text(plug: _Plug, pue: float, facility_kwh: float) -> str:
    return f"{plug.derivation}; {number(plug.it_kwh)} kWh × PUE {number(pue)} = {number(facility_kwh)} kWh"
