"""Scope 2, market-based. Source: METHOD section 3."""

from operator import itemgetter

import msgspec

from service.figures.caller import own, own_intensity
from service.figures.case import Case
from service.figures.categories import ELECTRICITY
from service.figures.claims import Accepted, Rejected, claims
from service.figures.energy import EnergyUse
from service.figures.ledger import number
from service.figures.location import Location
from service.method.market import Matching, match_annual, match_hourly
from service.method.numeric import total
from service.method.uncertainty import BOUNDS, worst
from service.model.resolved import Matched
from service.model.result import InstrumentResult, MarketFigure

_FORMULA_RESIDUAL = "Σ covered_kwh × instrument rate + uncovered_kwh × residual mix"
_FORMULA_LOCATION = "Σ covered_kwh × instrument rate + uncovered_kwh × location factor"


class Market(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The figure, and what Category 3 needs of it."""

    figure: MarketFigure
    covered: list[tuple[float, Accepted]]
    """Applied kWh of each instrument that counts."""
    uncovered_kwh: float
    rest: Matched
    """What prices a kWh that no instrument covers: the residual mix, else the location factor."""
    rest_is_residual: bool
    own_kg_co2e: float
    """Part that rests on the caller's own factors."""


def market_based(case: Case, energy: EnergyUse, location: Location) -> Market | None:
    """The figure, or a fault that tells what to send."""
    accepted, rejected = claims(case, energy)
    if case.ledger.faults:
        return None
    hourly = case.workload.market.matching == "hourly"
    residual = _residual(case, energy, location)
    wanted = [instrument.claim for instrument in accepted]
    if hourly:
        matching = match_hourly(energy.hourly_facility_kwh or [], wanted)
    else:
        matching = match_annual(energy.facility_kwh, wanted)
    rest = residual if residual is not None else location.factor
    covered = list(zip(matching.applied_kwh, accepted, strict=True))
    uses_rest = matching.uncovered_kwh > 0 or not accepted
    _warn(case, energy, accepted, matching)
    if uses_rest:
        _tell_rest(case, energy, accepted, residual)
    amount, own_kg = _amount(case, energy, covered, matching, rest)
    figure = _figure(case, energy, covered, matching, rest, amount, residual=residual is not None, uses_rest=uses_rest)
    figure.instruments.extend(_results(covered, rejected))
    return Market(
        figure=figure,
        covered=covered,
        uncovered_kwh=matching.uncovered_kwh,
        rest=rest,
        rest_is_residual=residual is not None,
        own_kg_co2e=own_kg,
    )


def _amount(
    case: Case, energy: EnergyUse, covered: list[tuple[float, Accepted]], matching: Matching, rest: Matched
) -> tuple[tuple[float, float, float], float]:
    """Value, low and high, and the part of the value that rests on the caller's own factors. [kg CO2e]"""
    kg, low, high = _rest_kg(case, matching, rest)
    own = [kg] if rest.match == "user" else []
    kgs, lows, highs = [kg], [low], [high]
    for kwh, one in covered:
        part = kwh * one.kg_co2e_per_kwh
        bounds = BOUNDS[one.grade]
        kgs.append(part)
        lows.append(part * bounds[0])
        highs.append(part * bounds[1])
        if one.source is None:
            own.append(part)
    return (total(kgs), total(lows) * energy.low, total(highs) * energy.high), total(own)


def _figure(  # noqa: PLR0913 - what the figure is made of
    case: Case,
    energy: EnergyUse,
    covered: list[tuple[float, Accepted]],
    matching: Matching,
    rest: Matched,
    amount: tuple[float, float, float],
    *,
    residual: bool,
    uses_rest: bool,
) -> MarketFigure:
    kwh, hourly = energy.facility_kwh, matching.hourly_uncovered_kwh is not None
    category = ELECTRICITY[case.activity.deployment]
    grade, sources = energy.grade, list(energy.result.sources)
    for applied, one in covered:
        if applied > 0:
            grade = worst(grade, one.grade)
            sources.append(
                case.ledger.use(one.source or own(f"instrument:{one.id}", one.kg_co2e_per_kwh, grade=one.grade))
            )
    if uses_rest:
        grade = worst(grade, rest.grade)
        sources.append(rest.id)
    covered_kwh = total(matching.applied_kwh) if covered else 0.0
    share = 0.0
    if kwh:
        share = min(1.0, covered_kwh / kwh) if matching.uncovered_kwh else 1.0
    return MarketFigure(
        kg_co2e=amount[0],
        low_kg_co2e=min(amount[0], amount[1]),
        high_kg_co2e=max(amount[0], amount[2]),
        grade=grade,
        workload_scope=category.workload_scope,
        inventory_category=category.inventory_category,
        formula=_FORMULA_RESIDUAL if residual else _FORMULA_LOCATION,
        sources=sources,
        derivation=_derivation(case, covered, matching, rest, amount[0]) if case.ledger.explain else msgspec.UNSET,
        coverage_share=share,
        covered_kwh=covered_kwh,
        uncovered_kwh=matching.uncovered_kwh,
        excess_kwh=0.0 if hourly else matching.excess_kwh,
        hourly_score=share if hourly and kwh else None,
        surplus_kwh=matching.excess_kwh if hourly else 0.0,
        fallback="location" if uses_rest and not residual and kwh > 0 else None,
        instruments=[],
    )


# what no instrument covers


def _residual(case: Case, energy: EnergyUse, location: Location) -> Matched | None:
    """The caller's residual mix, else the table's; of the caller's hours their mean."""
    factors = case.workload.factors
    hourly = factors.hourly_residual_kg_co2e_per_kwh
    annual = own_intensity("residual_kg_co2e_per_kwh", factors.residual_kg_co2e_per_kwh)
    residual = annual if annual is not None else case.resolved.residual
    if hourly is None:
        return residual
    fill = location.factor.value if residual is None else residual.value
    hours = zip(energy.hourly_facility_kwh or [], hourly, strict=True)
    mean = total(kwh * (fill if one is None else one) for kwh, one in hours) / (energy.facility_kwh or 1.0)
    return own("hourly_residual_kg_co2e_per_kwh", mean)


def _rest_kg(case: Case, matching: Matching, rest: Matched) -> tuple[float, float, float]:
    """Emissions of the uncovered energy with their range: each hour at its own residual mix where there is one."""
    hourly = case.workload.factors.hourly_residual_kg_co2e_per_kwh
    uncovered = matching.hourly_uncovered_kwh
    if hourly is None or uncovered is None:
        kwh = matching.uncovered_kwh
        return kwh * rest.value, kwh * rest.low, kwh * rest.high
    annual = case.workload.factors.residual_kg_co2e_per_kwh
    if annual is None:
        annual = case.resolved.residual.value if case.resolved.residual is not None else rest.value
    kg = total(kwh * (annual if one is None else one) for kwh, one in zip(uncovered, hourly, strict=True))
    low, high = BOUNDS[rest.grade]
    return kg, kg * low, kg * high


def _tell_rest(case: Case, energy: EnergyUse, accepted: list[Accepted], residual: Matched | None) -> None:
    if residual is not None:
        case.ledger.use(residual)
        if not accepted:
            detail = f"no instrument counted; {number(energy.facility_kwh)} kWh take the residual mix"
            case.ledger.warn("MB_NO_INSTRUMENTS_RESIDUAL_USED", "/instruments", detail)
    elif energy.facility_kwh > 0:
        reason = case.resolved.residual_reason or "no residual mix is known"
        detail = f"{reason}; the location factor prices the uncovered energy: disclose this, or send a residual mix"
        case.ledger.warn("MB_RESIDUAL_MISSING_LOCATION_USED", "/factors/residual_kg_co2e_per_kwh", detail)


# what they cover


def _warn(
    case: Case,
    energy: EnergyUse,
    accepted: list[Accepted],
    matching: Matching,
) -> None:
    hourly = case.workload.market.matching == "hourly"
    if hourly:
        detail = "hourly matching is ahead of the Scope 2 Guidance in force (2015), which matches by year"
        case.ledger.warn("MB_HOURLY_AHEAD_OF_STANDARD", "/market/matching", detail)
    if matching.excess_kwh > 1e-12 * energy.facility_kwh and matching.excess_kwh > 0:
        excess = number(matching.excess_kwh)
        if hourly:
            detail = f"{excess} kWh of certificates above an hour's consumption were discarded"
            case.ledger.warn("MB_HOURLY_SURPLUS", "/instruments", detail)
        else:
            detail = f"{excess} kWh claimed beyond {number(energy.facility_kwh)} kWh of consumption were not counted"
            case.ledger.warn("MB_OVER_COVERAGE", "/instruments", detail)
    if case.activity.deployment == "cloud" and any(
        one.index is not None and one.type != "provider_cfe" for one in accepted
    ):
        detail = "the electricity is the provider's: your certificates reduce a Scope 3 figure of yours"
        case.ledger.warn("MB_CLOUD_INSTRUMENTS", "/instruments", detail)


def _results(covered: list[tuple[float, Accepted]], rejected: list[Rejected]) -> list[InstrumentResult]:
    """In the order of the request; a provider's published claim last."""
    if not covered and not rejected:
        return []
    last = len(covered) + len(rejected)
    lines = [(last if one.index is None else one.index, _result(one, kwh, reason=None)) for kwh, one in covered]
    lines.extend((one.index, _result(one, 0.0, reason=one.reason)) for one in rejected)
    lines.sort(key=itemgetter(0))
    return [line for _, line in lines]


def _result(one: Accepted | Rejected, applied_kwh: float, *, reason: str | None) -> InstrumentResult:
    return InstrumentResult(
        id=one.id,
        type=one.type,
        applied_kwh=applied_kwh,
        kg_co2e=applied_kwh * one.kg_co2e_per_kwh if isinstance(one, Accepted) else 0.0,
        accepted=reason is None,
        reason=reason,
        bundled=one.bundled,
        unverified=list(one.unverified),
    )


def _derivation(case: Case, covered: list[tuple[float, Accepted]], matching: Matching, rest: Matched, kg: float) -> str:
    """Hours at a residual mix of their own come as their mean."""
    uncovered = matching.uncovered_kwh
    each = _rest_kg(case, matching, rest)[0] / uncovered if uncovered else rest.value
    terms = [f"{number(kwh)} × {number(one.kg_co2e_per_kwh)}" for kwh, one in covered]
    terms.append(f"{number(uncovered)} × {number(each)}")
    return f"{' + '.join(terms)} [kWh × kg CO2e/kWh] = {number(kg)} kg CO2e"
