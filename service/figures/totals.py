"""Totals under both methods, and emissions per functional unit. Source: METHOD sections 4, 8 and 9."""

import msgspec
from msgspec import Struct

from service.errors import Fault, Refused
from service.figures.case import Case
from service.figures.energy import EnergyUse
from service.figures.ledger import number
from service.figures.market import Market
from service.method import intensity as method
from service.method.numeric import total
from service.method.uncertainty import weighted
from service.model.currencies import CURRENCIES
from service.model.result import EmbodiedFigure, Figure, FuelAndEnergyFigure, Intensity, Scope2, Scope3, Total, Totals

GPU_HOUR = "gpu_hour"
FUEL_AND_ENERGY = "scope3.fuel_and_energy"
_OF_ENERGY = ("scope2.", FUEL_AND_ENERGY)
_MOST = 1e300
"""Beyond it a number is on its way to infinity. [kg CO2e, g CO2e]"""
_NOT_FACTORS = frozenset({"user:pue"})


class _Unit(Struct, frozen=True, gc=False):
    """What an intensity is per."""

    pointer: str
    name: str
    count: float
    price_basis: str | None = None


class Parts(Struct, frozen=True, kw_only=True, gc=False):
    """The figures of an answer, each `None` where it cannot be formed."""

    scope2: Scope2
    scope3: Scope3

    def figures(self, *, market: bool) -> list[tuple[str, Figure | None]]:
        """Those of one total, by their paths in the answer."""
        scope3 = self.scope3
        of_energy = scope3.fuel_and_energy
        lines: list[tuple[str, Figure | None]]
        if market:
            upstream = of_energy.market_based if of_energy is not None else None
            lines = [("scope2.market_based", self.scope2.market_based)]
        else:
            upstream = of_energy.location_based if of_energy is not None else None
            lines = [("scope2.location_based", self.scope2.location_based)]
        lines += [
            (FUEL_AND_ENERGY, upstream),
            ("scope3.embodied", scope3.embodied),
            ("scope3.infrastructure", scope3.infrastructure),
        ]
        if scope3.spend_based is not None:
            lines.append(("scope3.spend_based", scope3.spend_based))
        return lines

    def known(self) -> list[str]:
        """Paths of the figures that are not null; of Category 3 the parts, where one of them is."""
        market = self.scope2.market_based
        paths = [path for path, figure in self.figures(market=False) if figure is not None]
        if market is not None:
            paths.append("scope2.market_based")
        of_energy = self.scope3.fuel_and_energy
        if of_energy is not None and of_energy.location_based is not None:
            of_location = of_energy.location_based
            if of_location.upstream is None or of_location.td_losses is None:
                paths.append(f"{FUEL_AND_ENERGY}.{of_location.formula}")
        return paths


def totals(case: Case, parts: Parts, energy: EnergyUse | None, market: Market | None) -> Totals:
    """Both sums; location and market are alternatives and never added together."""
    metered = energy is not None and energy.metered
    return Totals(
        location_based=_total(case, parts.figures(market=False), None, metered=metered),
        market_based=_total(case, parts.figures(market=True), market, metered=metered),
    )


def _total(case: Case, figures: list[tuple[str, Figure | None]], market: Market | None, *, metered: bool) -> Total:
    missing, known = [], []
    primary = 0.0
    for path, figure in figures:
        if figure is None:
            missing.append(path)
            continue
        known.append(figure)
        if metered and path.startswith(_OF_ENERGY):
            primary += figure.kg_co2e
        elif market is not None and path == "scope2.market_based":
            primary += market.own_kg_co2e
        elif _own(figure):
            primary += figure.kg_co2e
        if isinstance(figure, FuelAndEnergyFigure):
            missing += _missing_parts(figure)
    kgs = [figure.kg_co2e for figure in known]
    kg, high = total(kgs), total([figure.high_kg_co2e for figure in known])
    if not (kg <= _MOST and high <= _MOST):  # infinite, or no number at all
        detail = "the numbers sent are so far apart that no figure can be formed: one of them divides by almost 0"
        raise Refused([Fault("", "VALUE_INVALID", detail)])
    grade, worst_grade = weighted(kgs, [figure.grade for figure in known])
    return Total(
        kg_co2e=kg,
        low_kg_co2e=total([figure.low_kg_co2e for figure in known]),
        high_kg_co2e=high,
        grade=grade,
        worst_grade=worst_grade,
        primary_data_share=min(1.0, primary / kg) if kg else 0.0,
        missing=missing,
        derivation=f"{' + '.join(map(number, kgs))} = {number(kg)} kg CO2e" if case.ledger.explain else msgspec.UNSET,
    )


def _missing_parts(figure: FuelAndEnergyFigure) -> list[str]:
    if figure.upstream is None:
        return [f"{FUEL_AND_ENERGY}.upstream"]
    return [] if figure.td_losses is not None else [f"{FUEL_AND_ENERGY}.td_losses"]


def _own(figure: Figure) -> bool:
    """Whether the figure rests on a factor of the caller's own."""
    return any(name.startswith("user:") and name not in _NOT_FACTORS for name in figure.sources)


def intensities(case: Case, parts: Parts, sums: Totals | None) -> list[Intensity]:
    """Grams per functional unit, per GPU-hour and per unit of money, where they can be formed."""
    units = _asked(case)
    gpu_hours = case.workload.usage.gpu_hours if case.workload.usage is not None else None
    if gpu_hours is None and case.activity.accelerators:
        gpu_hours = case.activity.device_hours
    if gpu_hours:
        units.append(_Unit("/usage/gpu_hours", GPU_HOUR, gpu_hours))
    if case.workload.cost is not None and case.workload.cost.amount > 0:
        cost = case.workload.cost
        units.append(_Unit("/cost/amount", cost.currency, cost.amount, "cost as sent"))
    if sums is None:
        return []
    sci_kg = _sci_kg(parts.scope2.location_based, parts.scope3.embodied)
    return [_per_unit(case, unit, sci_kg, sums.location_based.kg_co2e) for unit in units]


def _per_unit(case: Case, unit: _Unit, sci_kg: float | None, full_kg: float) -> Intensity:
    full_g: float = method.grams_per_unit(full_kg, unit.count)
    if not full_g <= _MOST:
        case.ledger.fault(unit.pointer, "FUNCTIONAL_UNIT_ZERO", "it is too near to 0 to divide by")
    return Intensity(
        unit=unit.name,
        count=unit.count,
        sci_g_co2e=method.grams_per_unit(sci_kg, unit.count) if sci_kg is not None else None,
        full_g_co2e=full_g,
        price_basis=unit.price_basis,
    )


def _asked(case: Case) -> list[_Unit]:
    units: list[_Unit] = []
    for name, count in case.workload.functional_units.items():
        pointer = "/functional_units/" + name.replace("~", "~0").replace("/", "~1")
        if name == GPU_HOUR or name in CURRENCIES:
            case.ledger.fault(pointer, "FIELDS_CONFLICT", f"{name} is formed from usage or cost; choose another name")
        elif count == 0:
            case.ledger.fault(pointer, "FUNCTIONAL_UNIT_ZERO", "the count must be above 0")
        else:
            units.append(_Unit(pointer, name, count))
    return units


def _sci_kg(location: Figure | None, embodied: EmbodiedFigure | None) -> float | None:
    """Location-based plus embodied; instruments, Category 3 and infrastructure are no part of it. [kg CO2e]"""
    if location is None or embodied is None:
        return None
    return location.kg_co2e + embodied.kg_co2e
