"""Where a pool comes from: a number, numbers by name, a workload to be estimated, or an earlier answer.

An answer's components are its figures that are not null, all on one Scope 2 basis. Source: METHOD section 7.
"""

import math
from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from msgspec import Struct

from service.errors import Fault, Refused
from service.estimate import estimate
from service.method.period import span
from service.method.uncertainty import weighted
from service.method.unedited import method_faults, method_of, sum_faults
from service.model.codes import codes
from service.model.factor import Grade
from service.model.pool import Origin, PoolReport, PoolRequest
from service.model.resolved import Resolved
from service.model.result import Emissions, Methodology, Warn
from service.model.returned import Basis, Returned, ReturnedMethodology
from service.resolve import Resolver

ORIGINS: tuple[Origin, ...] = ("kg_co2e", "components", "workload", "emissions")
_CODES: dict[str, tuple[str, Literal["warning", "info"]]] = {
    "fuel_and_energy": ("CAT3_NOT_COMPUTED", "warning"),
    "embodied": ("EMBODIED_NOT_COMPUTED", "info"),
    "infrastructure": ("INFRA_NOT_COMPUTED", "info"),
}
_FLEET = "fleet_utilization"


class Whole(Struct, frozen=True, kw_only=True):
    """A pool before it is rounded."""

    origin: Origin
    kg_co2e: dict[str, float]
    """By component; a bare number has the one name ''."""
    basis: Basis | None = None
    report: PoolReport | None = None
    missing: list[str] = []
    low_kg_co2e: float | None = None
    high_kg_co2e: float | None = None
    grade: Grade | None = None
    unallocated_kg_co2e: float | None = None
    """Hardware reserved but unused, which its allocation method charges to nobody: no part of the pool."""
    warnings: list[Warn] = []
    methodology: Methodology | ReturnedMethodology | None = None
    """Of the answer that it is made of."""
    resolved: Resolved | None = None
    """What an estimate of it looked up."""


async def whole_of(request: PoolRequest, resolver: Resolver) -> Whole:
    """The pool.

    Raises:
        Refused: with every fault of it.
    """
    origin = _origin(request)
    pool = request.pool
    if pool.workload is not None:
        return await _estimated(request, resolver)
    if pool.emissions is not None:
        return _returned(request, pool.emissions)
    components = pool.components if pool.components is not None else {"": pool.kg_co2e or 0.0}
    return Whole(origin=origin, kg_co2e=components, report=pool.report)


def _origin(request: PoolRequest) -> Origin:
    """Which of the four it is; what else was sent must go with it."""
    pool, faults = request.pool, []
    sent = [name for name in ORIGINS if getattr(pool, name) is not None]
    if len(sent) != 1:
        named = f"{' and '.join(sent)} exclude each other" if sent else "there is nothing to divide"
        faults.append(Fault("/pool", "FIELDS_CONFLICT", f"{named}: send exactly one of {', '.join(ORIGINS)}"))
    elif sent[0] in ("kg_co2e", "components"):
        if request.basis is not None:
            detail = f"a basis chooses among the figures of a workload or an answer; {sent[0]} has none"
            faults.append(Fault("/basis", "FIELDS_CONFLICT", detail))
    elif pool.report is not None:
        detail = f"a report is the source of kg_co2e or components; {sent[0]} has sources of its own"
        faults.append(Fault("/pool/report", "FIELDS_CONFLICT", detail))
    if pool.report is not None and pool.report.period is not None:
        try:
            span(pool.report.period)
        except (ValueError, OverflowError) as why:
            faults.append(Fault("/pool/report/period", "PERIOD_INVALID", str(why)))
    if faults:
        raise Refused(faults)
    return next(name for name in ORIGINS if name in sent)


async def _estimated(request: PoolRequest, resolver: Resolver) -> Whole:
    workload = request.pool.workload
    assert workload is not None  # noqa: S101 - the caller looked
    fleet = workload.allocation.fleet_utilization if workload.allocation is not None else None
    faults = _idle_faults(request, fleet, "/pool/workload/allocation/fleet_utilization")
    resolved = await resolver.resolve(workload)
    try:
        emissions = estimate(workload, resolved)
    except Refused as refused:
        told = [Fault(f"/pool/workload{fault.pointer}", fault.code, fault.detail) for fault in refused.faults]
        raise Refused([*faults, *told]) from None
    if faults:
        raise Refused(faults)
    made = emissions.methodology
    methodology = made if isinstance(made, Methodology) else msgspec.json.decode(made, type=Methodology)
    warnings = [
        Warn(warning.code, f"/pool/workload{warning.pointer}", warning.severity, warning.detail)
        for warning in emissions.warnings
    ]
    whole = _of_figures(request, "workload", emissions)
    return msgspec.structs.replace(whole, warnings=warnings, methodology=methodology, resolved=resolved)


def _returned(request: PoolRequest, answer: Returned) -> Whole:
    fleet = answer.methodology.parameters.get(_FLEET)
    at_parameter = f"/pool/emissions/methodology/parameters/{_FLEET}"
    if fleet is not None and (isinstance(fleet, bool) or not isinstance(fleet, int | float)):
        raise Refused([Fault(at_parameter, "FIELDS_CONFLICT", "it is a number from 0 to 1, as it was answered")])
    faults = _idle_faults(request, fleet, at_parameter)
    scope3 = answer.scope3
    if scope3.spend_based is not None:
        others = [name for name, figure in _figures(answer, request.basis or "location_based") if figure is not None]
        if len(others) > 1:
            detail = "a spend-based figure holds all the others: the answer cannot have both"
            faults.append(Fault("/pool/emissions/scope3/spend_based", "FIELDS_CONFLICT", detail))
    faults += method_faults(method_of(answer), "/pool/emissions/methodology")
    faults += sum_faults(answer, "/pool/emissions")
    if faults:
        raise Refused(faults)
    whole = _of_figures(request, "emissions", answer)
    return msgspec.structs.replace(whole, warnings=_warnings_of(answer, whole), methodology=answer.methodology)


def _idle_faults(request: PoolRequest, fleet_utilization: float | None, pointer: str) -> list[Fault]:
    """Idle life is charged by fleet utilization, or by dividing the idle part pro rata, never by both."""
    if fleet_utilization is None or fleet_utilization >= 1 or request.idle_policy != "pro_rata":
        return []
    detail = f"{fleet_utilization:g} charges idle time already: leave it out, or choose idle_policy unallocated"
    return [Fault(pointer, "IDLE_COUNTED_TWICE", detail)]


def _figures(answer: Emissions | Returned, basis: Basis) -> list[tuple[str, Any]]:
    """The figures of one basis by the names of the components; null where they could not be formed."""
    scope3 = answer.scope3
    energy = scope3.fuel_and_energy
    return [
        ("scope2", getattr(answer.scope2, basis)),
        ("fuel_and_energy", getattr(energy, basis) if energy is not None else None),
        ("embodied", scope3.embodied),
        ("infrastructure", scope3.infrastructure),
        ("spend_based", scope3.spend_based),
    ]


def _of_figures(request: PoolRequest, origin: Origin, answer: Emissions | Returned) -> Whole:
    basis: Basis = request.basis or "location_based"
    known = {name: figure for name, figure in _figures(answer, basis) if figure is not None}
    if not known:
        detail = "the answer has no figure that is not null: there is nothing to divide"
        raise Refused([Fault(f"/pool/{origin}", "FIELDS_CONFLICT", detail)])
    kilograms = {name: figure.kg_co2e for name, figure in known.items()}
    grade, _ = weighted([*kilograms.values()], [figure.grade for figure in known.values()])
    return Whole(
        origin=origin,
        kg_co2e=kilograms,
        basis=basis,
        missing=_missing(answer, basis, known),
        low_kg_co2e=math.fsum(figure.low_kg_co2e for figure in known.values()),
        high_kg_co2e=math.fsum(figure.high_kg_co2e for figure in known.values()),
        grade=grade,
        unallocated_kg_co2e=answer.scope3.embodied.unallocated_kg_co2e if answer.scope3.embodied is not None else None,
    )


def _missing(answer: Emissions | Returned, basis: Basis, known: dict[str, Any]) -> list[str]:
    """Figures that are null, by their paths in the answer; of Category 3 also a part of it."""
    paths = [("scope2", f"scope2.{basis}")]
    paths += [(name, f"scope3.{name}") for name in ("fuel_and_energy", "embodied", "infrastructure")]
    missing = [path for name, path in paths if name not in known]
    stated = getattr(answer.totals, basis)
    parts = stated.missing if stated is not None else []
    return missing + [part for part in parts if part.startswith("scope3.fuel_and_energy.") and part not in missing]


def _warnings_of(answer: Returned, whole: Whole) -> list[Warn]:
    """What the answer warned of, and what of it is not in the pool; what stands there twice is told once."""
    told = {(warn.code, warn.pointer): warn for warn in (*_passed_on(answer), *_missing_warnings(answer, whole))}
    return [*told.values()]


def _passed_on(answer: Returned) -> Iterator[Warn]:
    known = codes()
    for warning in answer.warnings:
        code = known.get(warning.code)
        if code is not None and code.severity != "error":
            detail = f"the answer warned of it: {code.message}"
            severity: Literal["info", "warning"] = "info" if code.severity == "info" else "warning"
            yield Warn(warning.code, f"/pool/emissions{warning.pointer}", severity, detail)


def _missing_warnings(answer: Returned, whole: Whole) -> list[Warn]:
    """Figures that are not in the pool, of which the answer itself does not tell."""
    at, told = "/pool/emissions/scope3", {warning.code for warning in answer.warnings}
    if answer.scope3.spend_based is not None:
        if "SPEND_BASED_ESTIMATE" in told:
            return []
        detail = "the pool is an estimate from spend: Scope 2, Category 3 and embodied are inside it, not apart"
        return [Warn("SPEND_BASED_ESTIMATE", f"{at}/spend_based", "warning", detail)]
    missing = []
    for name, (code, severity) in _CODES.items():
        lacking = [path for path in whole.missing if path.startswith(f"scope3.{name}")]
        if lacking and code not in told:
            detail = f"{', '.join(lacking)} is null in the answer, and so not in the pool"
            missing.append(Warn(code, f"{at}/{name}", severity, detail))
    return missing
