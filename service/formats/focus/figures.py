"""The figures of one row, by the way of `POST /emissions`: the row as a workload, looked up and estimated."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from service.errors import Refused
from service.estimate import estimate
from service.factors.store import FactorStore
from service.formats.focus.charges import REASONS, Charge
from service.formats.focus.columns import BETWEEN
from service.formats.focus.rows import decided, reason_of, row_of, year_of
from service.method import energy
from service.method.uncertainty import weighted, worst
from service.model.factor import Grade
from service.model.result import Emissions, Figure
from service.model.workload import Energy, Hardware, Money, Period, Workload
from service.resolve import YEARS_AHEAD, Resolver

_COEFFICIENTS: Grade = "D"
"""Of energy from a coefficient a terabyte-hour or gigabyte. Source: METHOD section 1."""
_NULLS = {
    "embodied": "EMBODIED_NOT_COMPUTED",
    "fuel_and_energy": "CAT3_NOT_COMPUTED",
    "infrastructure": "INFRA_NOT_COMPUTED",
}


class Figures(Struct, frozen=True, kw_only=True, gc=False):
    """What is written beside a row; null, never 0, where nothing could be computed. [kg CO2e]"""

    energy_kwh: float | None = None
    """At the facility."""
    scope2_location: float | None = None
    scope2_market: float | None = None
    fuel_and_energy_location: float | None = None
    fuel_and_energy_market: float | None = None
    embodied: float | None = None
    infrastructure: float | None = None
    spend: float | None = None
    allocation_method: str | None = None
    grid_factor: str | None = None
    factor_source: str | None = None
    factor_year: int | None = None
    grade: Grade | None = None
    reason: str = ""


class Unit(Struct, frozen=True, kw_only=True, gc=False):
    """An estimate with what a plain sum over many needs of it."""

    emissions: Emissions
    figures: Figures
    worst_grade: Grade


async def figures_of(cells: Mapping[str, str], resolver: Resolver) -> Figures:
    """The figures of a row of text cells."""
    charge, amounts, period = row_of(cells, resolver.store)
    covered = year_of(period, resolver.store, YEARS_AHEAD) is not None
    decision = decided(charge, amounts, covered=covered)
    codes = {why: code for why, (code, _) in REASONS.items()}
    if decision.quantity is not None and period is not None:
        try:
            return await _signed(charge, period, decision.quantity, resolver)
        except Refused as refused:
            codes["refused"] = refused.faults[0].code
            decision = decided(charge, amounts, covered=covered, modeled=False)
    reasons = reason_of(decision, codes)
    if decision.cost is None or period is None:
        return Figures(reason=BETWEEN.join(reasons))
    spent = await of_cost(abs(decision.cost), period, resolver)
    kg = (spent.figures.spend or 0.0) * (-1.0 if decision.cost < 0 else 1.0)
    return msgspec.structs.replace(
        spent.figures, spend=kg, reason=BETWEEN.join(dict.fromkeys((*reasons, spent.figures.reason)))
    )


async def _signed(charge: Charge, period: Period, quantity: float, resolver: Resolver) -> Figures:
    """A correction takes away what its quantity stood for."""
    unit = await of_activity(charge, period, abs(quantity), resolver)
    if quantity >= 0:
        return unit.figures
    numbers = {
        name: -value
        for name, value in msgspec.structs.asdict(unit.figures).items()
        if isinstance(value, float) and name != "factor_year"
    }
    return msgspec.structs.replace(unit.figures, **numbers)


async def of_activity(charge: Charge, period: Period, quantity: float, resolver: Resolver) -> Unit:
    """The estimate of machine-hours, TB·h or GB.

    Raises:
        Refused: the method has no answer for it.
    """
    workload = workload_of(charge, period, quantity, resolver.store)
    resolved = await resolver.resolve(workload)
    emissions = estimate(workload, resolved)
    by_coefficient = charge.machine is None
    figures = _known(emissions)
    grades = [worst(figure.grade, _COEFFICIENTS) if by_coefficient else figure.grade for _, figure in figures]
    grade, lowest = weighted([figure.kg_co2e for _, figure in figures], grades)
    sources = list(msgspec.json.decode(msgspec.json.encode(emissions.sources), type=list[_Named]))
    ids = [source.id for source in sources]
    if by_coefficient:
        ids.insert(0, resolver.store.powers[charge.medium].factor.id)
    return Unit(emissions=emissions, figures=_figures(emissions, grade, ids, resolved.grid), worst_grade=lowest)


async def of_cost(cost: float, period: Period, resolver: Resolver) -> Unit:
    """The estimate from money alone. [USD]

    Raises:
        Refused: no spend factor is in force.
    """
    workload = Workload(period=period, deployment="cloud", cost=Money(amount=cost, currency="USD"))
    emissions = estimate(workload, await resolver.resolve(workload))
    spent = emissions.scope3.spend_based
    figures = Figures(
        spend=spent.kg_co2e if spent is not None else None,
        allocation_method="economic",
        factor_source=BETWEEN.join(spent.sources) if spent is not None else None,
        factor_year=emissions.factor_year,
        grade="E",
        reason="SPEND_BASED_ESTIMATE",
    )
    return Unit(emissions=emissions, figures=figures, worst_grade="E")


def workload_of(charge: Charge, period: Period, quantity: float, store: FactorStore) -> Workload:
    """The row as `POST /emissions` takes it: machines for an hour, or the energy of what was kept or moved."""
    if charge.machine is not None:
        hardware = Hardware(
            instance=charge.machine.instance or None,
            accelerator=charge.machine.accelerator or None,
            count=quantity,
        )
        return Workload(
            region=charge.region,
            period=period,
            hardware=hardware,
            duration_hours=1.0,
            utilization=0.0 if charge.machine.idle else None,
            # a device that is billed by itself has its host on other rows of the bill
            host_overhead_ratio=0.0 if charge.machine.accelerator else None,
        )
    coefficient = store.powers[charge.medium].factor.value or 0.0
    if charge.kind == "storage":
        kwh = energy.storage_kwh(quantity, coefficient, 1.0)
    else:
        kwh = energy.network_kwh(quantity, coefficient)
    return Workload(region=charge.region, period=period, energy=Energy(kwh=kwh, level="it"))


class _Named(Struct, frozen=True, gc=False):
    """Of a source no more than its id."""

    id: str


def _known(emissions: Emissions) -> list[tuple[str, Figure]]:
    """The figures of the location-based total."""
    of_energy = emissions.scope3.fuel_and_energy
    named = {
        "scope2": emissions.scope2.location_based,
        "fuel_and_energy": of_energy.location_based if of_energy is not None else None,
        "embodied": emissions.scope3.embodied,
        "infrastructure": emissions.scope3.infrastructure,
    }
    return [(name, figure) for name, figure in named.items() if figure is not None]


def _figures(emissions: Emissions, grade: Grade, sources: list[str], grid: object) -> Figures:
    scope2, scope3 = emissions.scope2, emissions.scope3
    of_energy = scope3.fuel_and_energy
    known = {name for name, _ in _known(emissions)}
    return Figures(
        energy_kwh=emissions.energy.facility_kwh,
        scope2_location=_kg(scope2.location_based),
        scope2_market=_kg(scope2.market_based),
        fuel_and_energy_location=_kg(of_energy.location_based) if of_energy is not None else None,
        fuel_and_energy_market=_kg(of_energy.market_based) if of_energy is not None else None,
        embodied=_kg(scope3.embodied),
        infrastructure=_kg(scope3.infrastructure),
        allocation_method=emissions.allocation.method if scope3.embodied is not None else None,
        grid_factor=getattr(grid, "id", None),
        factor_source=BETWEEN.join(sources),
        factor_year=emissions.factor_year,
        grade=grade,
        reason=BETWEEN.join(code for name, code in _NULLS.items() if name not in known),
    )


def _kg(figure: Figure | None) -> float | None:
    return figure.kg_co2e if figure is not None else None
