"""Scope 2, location-based. Source: METHOD section 2."""

import msgspec

from service.figures.caller import own
from service.figures.case import Case
from service.figures.categories import ELECTRICITY
from service.figures.energy import EnergyUse
from service.figures.figure import figure
from service.figures.ledger import number
from service.method import scope2 as method
from service.method.numeric import total
from service.method.uncertainty import lowered, worst
from service.model.resolved import Matched
from service.model.result import Figure

_LONGEST_SUM = 48
"""Hours whose terms a derivation writes out."""


class Location(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The figure, and the price of a kWh that it comes to."""

    figure: Figure
    factor: Matched
    """What a kWh comes to: the factor, or the mean of the hours. [kg CO2e/kWh]"""
    parts: list[tuple[float, Matched]]
    """kWh by the factor that priced them."""
    gap_share: float
    """Part of the energy in hours without an intensity of their own. [-]"""


def location_based(case: Case, energy: EnergyUse) -> Location | None:
    """The figure, or a fault that tells what to send."""
    hourly = case.workload.factors.hourly_location_kg_co2e_per_kwh
    if hourly is not None:
        if energy.hourly_facility_kwh is None or len(hourly) != len(energy.hourly_facility_kwh):
            return None  # the request's check has told
        somewhere = case.workload.region is not None or case.workload.factors.location_kg_co2e_per_kwh is not None
        if somewhere and None not in hourly:
            return _hourly(case, energy, None)
    annual = _annual(case)
    if annual is None:
        return None
    if hourly is not None:
        return _hourly(case, energy, annual)
    kwh = energy.facility_kwh
    kg = method.electricity_kg_co2e(kwh, annual.value)
    derivation: str | msgspec.UnsetType = msgspec.UNSET
    if case.ledger.explain:
        derivation = f"{number(kwh)} kWh × {number(annual.value)} kg CO2e/kWh = {number(kg)} kg CO2e"
    result = figure(
        (kg, kwh * energy.low * annual.low, kwh * energy.high * annual.high),
        worst(energy.grade, annual.grade),
        ELECTRICITY[case.activity.deployment],
        "facility_kwh × location factor",
        [*energy.result.sources, case.ledger.use(annual)],
        derivation,
    )
    return Location(figure=result, factor=annual, parts=[(kwh, annual)], gap_share=0.0)


def _annual(case: Case) -> Matched | None:
    """The caller's factor, else the grid's."""
    factors = case.workload.factors
    if factors.location_kg_co2e_per_kwh is None:
        if case.resolved.grid is None:
            _no_factor(case)
        return case.resolved.grid
    if factors.location_basis == "life_cycle":
        return own("location_kg_co2e_per_kwh", factors.location_kg_co2e_per_kwh, grade="D", basis="life_cycle")
    return own("location_kg_co2e_per_kwh", factors.location_kg_co2e_per_kwh)


def _no_factor(case: Case) -> None:
    if any(fault.pointer in {"/region", "/period"} for fault in case.ledger.faults):
        return
    if case.resolved.uncertain_zones:
        zones = " or ".join(case.resolved.uncertain_zones)
        detail = f"the grid zone of {case.workload.region} is not certain: name {zones} as region, or allow a coarser"
    elif case.workload.region is None:
        detail = "send region, or factors.location_kg_co2e_per_kwh in its place"
    else:
        zone = case.resolved.region.grid if case.resolved.region else case.workload.region
        detail = (
            f"no factor covers {zone} under fallback {case.workload.factors.fallback!r}; allow a coarser one with "
            "factors.fallback, name a finer zone, or send factors.location_kg_co2e_per_kwh"
        )
    case.ledger.fault("/region", "REGION_UNKNOWN", detail)


def _hourly(case: Case, energy: EnergyUse, annual: Matched | None) -> Location:
    """Each hour at its own intensity; hours without one at the annual factor."""
    kwh, hours = energy.facility_kwh, energy.hourly_facility_kwh or []
    series = case.workload.factors.hourly_location_kg_co2e_per_kwh or []
    fill = annual.value if annual is not None else 0.0
    priced = [fill if intensity is None else intensity for intensity in series]
    kg = method.hourly_kg_co2e(hours, priced)
    gap_kwh = total(hour for hour, intensity in zip(hours, series, strict=True) if intensity is None)
    gap_share = gap_kwh / kwh if kwh else 0.0
    of_hours = _mean_of_hours(case, kg - gap_kwh * fill, kwh - gap_kwh)
    parts, grade = [(kwh, of_hours)], of_hours.grade
    sources = [*energy.result.sources, case.ledger.use(of_hours)]
    if annual is not None and None in series:
        parts = [(kwh - gap_kwh, of_hours), (gap_kwh, annual)]
        sources.append(case.ledger.use(annual))
        detail = f"hours holding {number(100 * gap_share)} % of the energy used {annual.id}"
        case.ledger.warn("HOURLY_GAP_FILLED", "/factors/hourly_location_kg_co2e_per_kwh", detail)
        if gap_share > method.GAP_SHARE_COSTING_A_GRADE:
            grade = worst(lowered(grade), annual.grade)
    low = total(part * factor.low for part, factor in parts)
    high = total(part * factor.high for part, factor in parts)
    result = figure(
        (kg, low * energy.low, high * energy.high),
        worst(energy.grade, grade),
        ELECTRICITY[case.activity.deployment],
        "Σ hourly facility_kwh × hourly intensity",
        sources,
        _hours_text(hours, priced, kg) if case.ledger.explain else msgspec.UNSET,
    )
    mean = msgspec.structs.replace(
        of_hours,
        value=kg / kwh if kwh else 0.0,
        low=low / kwh if kwh else 0.0,
        high=high / kwh if kwh else 0.0,
        grade=grade,
    )
    return Location(figure=result, factor=mean, parts=parts, gap_share=gap_share)


def _mean_of_hours(case: Case, kg_co2e: float, kwh: float) -> Matched:
    """The caller's hours as one factor: their mean by energy. [kg CO2e/kWh]"""
    life_cycle = case.workload.factors.location_basis == "life_cycle"
    return own(
        "hourly_location_kg_co2e_per_kwh",
        kg_co2e / kwh if kwh else 0.0,
        grade="D" if life_cycle else "A",
        basis="life_cycle" if life_cycle else "",
    )


def _hours_text(hours: list[float], priced: list[float], kg: float) -> str:
    if len(hours) > _LONGEST_SUM:
        return f"Σ kWh × kg CO2e/kWh of {len(hours)} hours = {number(kg)} kg CO2e"
    terms = [f"{number(hour)} kWh × {number(each)} kg CO2e/kWh" for hour, each in zip(hours, priced, strict=True)]
    return f"{' + '.join(terms)} = {number(kg)} kg CO2e"
