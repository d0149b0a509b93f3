"""Activity × Resolved → Emissions: the figures in the method's order, on one page. Nothing is looked up here."""

import msgspec

from service.errors import Refused
from service.figures.activity import activity
from service.figures.case import Case
from service.figures.categories import SPEND
from service.figures.checks import check
from service.figures.claims import claims
from service.figures.embodied import Embodied, alternatives, embodied
from service.figures.energy import EnergyUse, energy_use
from service.figures.figure import figure
from service.figures.fuel_and_energy import fuel_and_energy
from service.figures.infrastructure import infrastructure
from service.figures.ledger import Ledger, number
from service.figures.location import Location, location_based
from service.figures.market import Market, market_based
from service.figures.methodology import methodology
from service.figures.totals import Parts, intensities, totals
from service.method.embodied import spend_kg_co2e
from service.method.period import Span
from service.model.resolved import Resolved
from service.model.result import AllocationResult, Emissions, EnergyResult, Figure, FuelAndEnergy, Scope2, Scope3
from service.model.workload import Workload

_NO_ENERGY = EnergyResult(
    component_kwh=None,
    it_kwh=None,
    facility_kwh=None,
    pue=None,
    tier=5,
    hourly_gap_share=0.0,
    grade="E",
    low_kwh=None,
    high_kwh=None,
    formula="none: estimated from spend",
    sources=[],
)


class _Electricity(msgspec.Struct, frozen=True, kw_only=True):
    energy: EnergyUse | None = None
    location: Location | None = None
    market: Market | None = None
    fuel_and_energy: FuelAndEnergy | None = None


def estimate(workload: Workload, resolved: Resolved, when: Span | None = None, *, explain: bool = False) -> Emissions:
    """The footprint of one workload.

    Args:
        workload: what the caller sent.
        resolved: what its context looked up.
        when: its period as instants, where that is known already.
        explain: adds to every figure its arithmetic in one line.

    Raises:
        Refused: with every fault of the request.
    """
    ledger = Ledger(resolved.faults, explain=explain)
    check(ledger, workload)
    case = Case(ledger, workload, resolved, activity(ledger, workload, resolved, when))
    if workload.energy is None and workload.hardware is None and workload.cost is not None:
        return _from_spend(case)
    power = _electricity(case)
    made = embodied(case)
    building = infrastructure(case, power.energy, embodied_known=made.figure is not None)
    parts = Parts(
        scope2=Scope2(
            location_based=power.location.figure if power.location is not None else None,
            market_based=power.market.figure if power.market is not None else None,
        ),
        scope3=Scope3(
            fuel_and_energy=power.fuel_and_energy, embodied=made.figure, infrastructure=building, spend_based=None
        ),
    )
    _tell_relabelling(case)
    compared = []
    if workload.compare_allocations:
        compared = alternatives(case, made.terms, building.kg_co2e if building is not None else None)
    allocation = AllocationResult(method=made.method, alternatives=compared)
    return _answer(case, parts, power, made, allocation)


def _electricity(case: Case) -> _Electricity:
    energy = energy_use(case)
    location = location_based(case, energy) if energy is not None else None
    if energy is None or location is None:
        claims(case, energy)  # for their faults
        return _Electricity()
    market = market_based(case, energy, location)
    if market is None:
        return _Electricity()
    of_energy = fuel_and_energy(case, energy, location, market)
    _tell_mixed_sets(case)
    return _Electricity(energy=energy, location=location, market=market, fuel_and_energy=of_energy)


def _tell_mixed_sets(case: Case) -> None:
    """Tell when the grid, residual and upstream factors used state different GWP sets."""
    resolved, used = case.resolved, case.ledger.sources
    stated = {
        factor.gwp_set
        for factor in (resolved.grid, resolved.residual, resolved.upstream)
        if factor is not None and factor.gwp_set and factor.id in used
    }
    if len(stated) > 1:
        detail = f"the factors used state the GWP sets {' and '.join(sorted(stated))}"
        case.ledger.warn("GWP_MIXED", "/region", detail)


def _tell_relabelling(case: Case) -> None:
    if case.activity.deployment == "cloud":
        detail = "the provider's Scope 2 is your Scope 3 Category 1; scope2 names the workload's view"
        case.ledger.warn("CLOUD_SCOPE2_IS_SCOPE3", "/deployment", detail)
    allocation = case.workload.allocation
    if allocation is not None and allocation.category_scheme == "guide":
        detail = "infrastructure of a provider is labelled Category 3; the values are the same"
        case.ledger.warn("CATEGORY_SCHEME_GUIDE", "/allocation/category_scheme", detail)


def _from_spend(case: Case) -> Emissions:
    """Cost alone: one figure of category 1, which holds the provider's electricity and all else."""
    _tell_relabelling(case)
    spent = _spend_figure(case)
    parts = Parts(
        scope2=Scope2(location_based=None, market_based=None),
        scope3=Scope3(fuel_and_energy=None, embodied=None, infrastructure=None, spend_based=spent),
    )
    method = case.workload.allocation.method if case.workload.allocation is not None else None
    allocation = AllocationResult(method=method or "time", alternatives=[])
    return _answer(case, parts, _Electricity(), None, allocation)


def _spend_figure(case: Case) -> Figure | None:
    ledger, cost, factor = case.ledger, case.workload.cost, case.resolved.spend_service
    if cost is None:
        return None
    if cost.currency != "USD":
        detail = "the spend factor is per USD: send the cost in USD, or energy or hardware"
        ledger.fault("/cost/currency", "CURRENCY_UNKNOWN", detail)
        return None
    if factor is None:
        detail = "no spend factor is in force for the period; send energy or hardware"
        ledger.fault("/period", "PERIOD_INVALID", detail)
        return None
    kg: float = spend_kg_co2e(cost.amount, factor.value)
    detail = (
        f"energy and hardware are not known: {factor.id} ({factor.unit}, not deflated) stands for all figures; "
        "Scope 2, Category 3, embodied and infrastructure are inside it; send energy for a better grade"
    )
    ledger.warn("SPEND_BASED_ESTIMATE", "/cost", detail)
    return figure(
        (kg, cost.amount * factor.low, cost.amount * factor.high),
        "E",
        SPEND,
        "cost × spend factor",
        [ledger.use(factor)],
        ledger.line(f"{number(cost.amount)} USD × {number(factor.value)} kg CO2e/USD = {number(kg)} kg CO2e"),
    )


def _answer(
    case: Case, parts: Parts, power: _Electricity, made: Embodied | None, allocation: AllocationResult
) -> Emissions:
    ledger, workload, resolved = case.ledger, case.workload, case.resolved
    sums = totals(case, parts, power.energy, power.market) if not ledger.faults else None
    per_unit = intensities(case, parts, sums)
    if ledger.faults or sums is None:
        raise Refused(ledger.faults)
    of_energy = power.energy.result if power.energy is not None else _NO_ENERGY
    if power.location is not None and power.location.gap_share:
        of_energy = msgspec.structs.replace(of_energy, hourly_gap_share=power.location.gap_share)
    year = resolved.factor_year
    if year is None and resolved.grid is not None and resolved.grid.id in ledger.sources:
        year = resolved.grid.year
    return Emissions(
        id=workload.id,
        tags=workload.tags,
        region=resolved.region,
        period=workload.period,
        deployment=case.activity.deployment,
        factor_year=year,
        energy=of_energy,
        scope2=parts.scope2,
        scope3=parts.scope3,
        totals=sums,
        allocation=allocation,
        intensities=per_unit,
        methodology=methodology(case, power.energy, made, parts),
        sources=list(ledger.sources.values()),
        warnings=ledger.warnings(),
    )
