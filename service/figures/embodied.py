"""Embodied emissions of the hardware, by the allocation method chosen. Source: METHOD section 5."""

import msgspec

from service.figures.case import Case
from service.figures.categories import EMBODIED
from service.figures.machine import machine_embodied
from service.figures.shares import METHODS, Life, Part, Unformed, life, part
from service.method import embodied as method
from service.model.result import Alternative, EmbodiedFigure
from service.model.workload import Allocation, Method

_DEFAULT: Method = "time"


class Embodied(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The figure, if it can be formed, and what decided it."""

    figure: EmbodiedFigure | None
    method: Method
    terms: Life | None
    by_life: bool
    """The hardware's life entered the figure."""
    lifetime_years: float
    fleet_utilization: float


def embodied(case: Case) -> Embodied:
    """The figure under the method asked for."""
    allocation = case.workload.allocation or Allocation()
    name = allocation.method or _DEFAULT
    if allocation.method is None:
        case.ledger.warn(
            "ALLOC_METHOD_DEFAULTED", "/allocation/method", "no allocation method was named; time was used"
        )
    fleet = allocation.fleet_utilization
    if fleet is not None and name in {"utilization", "economic"}:
        detail = f"fleet_utilization charges idle life under time and physical, not under {name}"
        case.ledger.fault("/allocation/fleet_utilization", "FIELDS_CONFLICT", detail)
    terms = _life(case, fleet or 1.0)
    result = part(name, case, terms)
    figure = None
    if isinstance(result, Unformed):
        _tell(case, result, named=allocation.method is not None)
    else:
        figure = _figure(case, result, terms, name)
    return Embodied(
        figure=figure,
        method=name,
        terms=terms,
        by_life=figure is not None and name != "economic",
        lifetime_years=terms.life_hours / method.HOURS_PER_YEAR if terms is not None else method.LIFETIME_YEARS,
        fleet_utilization=fleet or 1.0,
    )


def _life(case: Case, fleet_utilization: float) -> Life | None:
    hardware = case.workload.hardware
    if hardware is None:
        return None
    machine = machine_embodied(case, hardware)
    if machine is None:
        return None
    years = method.LIFETIME_YEARS if hardware.lifetime_years is None else hardware.lifetime_years
    return life(case, hardware, machine, years, fleet_utilization)


def _tell(case: Case, why: Unformed, *, named: bool) -> None:
    """A missing need refuses the method that was named; of the default it leaves the figure out."""
    for pointer, mend in why.missing:
        if named and why.code != "EMBODIED_NOT_COMPUTED":
            case.ledger.fault(pointer, why.code, mend)
        elif case.workload.hardware is None and pointer == "/hardware":
            detail = "send hardware and hours to have embodied emissions computed"
            case.ledger.warn("EMBODIED_NOT_COMPUTED", pointer, detail)
        else:
            case.ledger.warn("EMBODIED_NOT_COMPUTED", pointer, mend)


def _figure(case: Case, result: Part, terms: Life | None, name: Method) -> EmbodiedFigure:
    if result.factor is not None:
        case.ledger.use(result.factor)
        detail = f"embodied emissions rest on money ({result.factor.id}, {result.factor.unit}, not deflated); grade E"
        case.ledger.warn("SPEND_BASED_ESTIMATE", "/cost", detail)
    by_life = terms is not None and name != "economic"
    live = by_life and terms is not None and terms.machine.origin != "user"
    if live:
        case.ledger.notes += case.resolved.live_notes
    if by_life and terms is not None:
        terms.machine.count(case.ledger)
        _tell_life(case, terms)
    elif terms is not None:
        terms.machine.show(case.ledger)  # of its total alone
    total_kg = terms.total_kg_co2e if terms is not None else None
    category = EMBODIED[case.activity.deployment]
    rate: float | None = None
    if terms is not None and terms.accelerators:
        rate = method.device_hour_kg_co2e(terms.machine.kg_co2e, terms.accelerators, terms.life_hours)
    return EmbodiedFigure(
        kg_co2e=result.kg_co2e,
        low_kg_co2e=min(result.low, result.kg_co2e),
        high_kg_co2e=max(result.high, result.kg_co2e),
        grade=result.grade,
        workload_scope=category.workload_scope,
        inventory_category=category.inventory_category,
        formula=result.formula,
        sources=list(result.sources),
        derivation=result.text() if case.ledger.explain else msgspec.UNSET,
        total_kg_co2e=total_kg,
        counted_hours=terms.counted_hours if terms is not None else None,
        lifetime_hours=terms.life_hours if terms is not None else None,
        resource_share=case.workload.hardware.share if case.workload.hardware is not None else None,
        kg_co2e_per_device_hour=rate,
        acquisition_year_kg_co2e=_acquisition_year(case, total_kg),
        unallocated_kg_co2e=result.unallocated_kg_co2e,
        origin_reason=(case.resolved.live_reason or None) if live else None,
        source_lifetime_hours=terms.machine.life_hours if by_life and terms is not None else None,
        origin="spend" if name == "economic" else (terms.machine.origin if terms is not None else "spend"),
    )


def _tell_life(case: Case, terms: Life) -> None:
    if case.workload.hardware is not None and case.workload.hardware.lifetime_years is None:
        detail = "a service life of 4 years was taken; send hardware.lifetime_years"
        case.ledger.warn("LIFETIME_DEFAULTED", "/hardware/lifetime_years", detail)
    if terms.past_life:
        detail = "the hardware is past its life; its making is charged to earlier years"
        case.ledger.warn("EMBODIED_FULLY_AMORTIZED", "/hardware/age_years", detail)
    elif terms.hours is not None and terms.counted_hours is not None and terms.counted_hours < terms.hours:
        detail = f"{terms.counted_hours} of {terms.hours} hours lie before the end of life and were charged"
        case.ledger.warn("EMBODIED_PARTLY_AMORTIZED", "/hardware/age_years", detail)


def _acquisition_year(case: Case, total_kg: float | None) -> float | None:
    """Inventory Category 2 of own hardware: all of it in the year of purchase. [kg CO2e]"""
    bought = case.workload.hardware is not None and case.workload.hardware.acquired_in_period
    if not bought or total_kg is None or case.activity.deployment not in {"owned", "colocated"}:
        return None
    detail = "the inventory's Category 2 takes acquisition_year_kg_co2e this year, never the amortized view beside it"
    case.ledger.warn("CAT2_ACQUISITION_YEAR", "/hardware/acquired_in_period", detail)
    return total_kg


def alternatives(case: Case, terms: Life | None, infrastructure_kg_co2e: float | None) -> list[Alternative]:
    """The result under every method, or why it cannot be formed; infrastructure follows its own driver."""
    lines = []
    for name in METHODS:
        result = part(name, case, terms)
        if isinstance(result, Unformed):
            lines.append(
                Alternative(
                    method=name,
                    embodied_kg_co2e=None,
                    unallocated_kg_co2e=None,
                    infrastructure_kg_co2e=None,
                    code=result.code,
                )
            )
            continue
        if result.factor is not None:
            case.ledger.use(result.factor)
        elif terms is not None:
            terms.machine.count(case.ledger)
        lines.append(
            Alternative(
                method=name,
                embodied_kg_co2e=result.kg_co2e,
                unallocated_kg_co2e=result.unallocated_kg_co2e,
                infrastructure_kg_co2e=infrastructure_kg_co2e,
                code=None,
            )
        )
    return lines
