"""Scope 3 Category 3 on both bases: upstream of electricity and its losses. Source: METHOD section 4."""

import msgspec

from service.figures.caller import KG_PER_KWH, own, own_intensity
from service.figures.case import Case
from service.figures.categories import FUEL_AND_ENERGY, Category
from service.figures.claims import Accepted
from service.figures.energy import EnergyUse
from service.figures.figure import figure
from service.figures.ledger import number
from service.figures.location import Location
from service.figures.market import Market
from service.method import fuel_and_energy as method
from service.method.numeric import total
from service.method.uncertainty import BOUNDS, worst
from service.model.factor import Grade
from service.model.resolved import Matched
from service.model.result import Figure, FuelAndEnergy, FuelAndEnergyFigure, Source

_INSIDE = Matched(
    id="",
    kind="upstream_wtt",
    value=0.0,
    low=0.0,
    high=0.0,
    grade="A",
    match="exact",
    source=Source(
        id="", kind="", value=0.0, unit=KG_PER_KWH, year=None, publisher="", title="", license=None, match="exact",
        grade="A",
    ),
)  # fmt: skip
"""Upstream of a life-cycle factor: inside it."""

Line = tuple[float, Matched, Matched | None]
"""kWh, the factor of their generation, the factor of its upstream."""


class _Losses(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How 3c is priced."""

    value: float
    """Lost kWh per delivered kWh; when published, kg CO2e per delivered kWh."""
    low: float
    high: float
    grade: Grade
    source: str | None
    published: bool = False
    included: bool = False
    """The upstream factor holds the losses already."""


class _Terms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What both bases share."""

    energy: EnergyUse
    category: Category
    losses: _Losses | None


def fuel_and_energy(case: Case, energy: EnergyUse, location: Location, market: Market) -> FuelAndEnergy | None:
    """The figures under both methods, or nothing where neither factor is known."""
    upstream = own_intensity("upstream_kg_co2e_per_kwh", case.workload.factors.upstream_kg_co2e_per_kwh)
    if upstream is None:
        upstream = case.resolved.upstream
    of_location: list[Line] = [(kwh, factor, _upstream_of(factor, upstream)) for kwh, factor in location.parts]
    of_market, of_losses = _market_lines(case, upstream, location, market)
    if upstream is not None and any(line[2] is upstream for line in of_location + of_market):
        case.ledger.use(upstream)
    by_location = _basis(case, energy, upstream, of_location, of_location)
    by_market = _basis(case, energy, upstream, of_market, of_losses)
    _tell_missing(case, (by_location, by_market))
    if by_location is None and by_market is None:
        return None
    return FuelAndEnergy(location_based=by_location, market_based=by_market)


def _upstream_of(factor: Matched, upstream: Matched | None) -> Matched | None:
    return _INSIDE if factor.basis == "life_cycle" else upstream


# losses


def _losses(case: Case, upstream: Matched | None, lines: list[Line]) -> _Losses | None:
    """The caller's rate, the table's, or nothing more where the upstream factor in use holds the losses already."""
    factors, resolved = case.workload.factors, case.resolved
    if upstream is not None and upstream.boundary == "upstream_and_td" and any(of is upstream for _, _, of in lines):
        detail = f"{upstream.id} holds upstream and losses together; td_losses are 0"
        case.ledger.warn("FACTOR_INCLUDES_TD", "/region", detail)
        return _Losses(value=0.0, low=0.0, high=0.0, grade="A", source=None, published=True, included=True)
    if factors.td_loss_share is not None:
        if factors.td_loss_share == 1 and factors.td_loss_basis == "of_generation":
            return None  # the request's check has told
        rate = own("td_loss_share", factors.td_loss_share, unit="share", grade="C")
        return _by_rate(case, rate, of_generation=factors.td_loss_basis == "of_generation")
    rate_of_zone = resolved.td_loss
    if rate_of_zone is None:
        return None
    if rate_of_zone.unit == KG_PER_KWH:
        return _published(case, rate_of_zone)
    return _by_rate(case, rate_of_zone, of_generation=rate_of_zone.boundary != "of_consumption")


def _by_rate(case: Case, rate: Matched, *, of_generation: bool) -> _Losses:
    value = method.lost_per_delivered(rate.value, of_generation)
    scale = value / rate.value if rate.value else 1.0
    return _Losses(
        value=value, low=rate.low * scale, high=rate.high * scale, grade=rate.grade, source=case.ledger.use(rate)
    )


def _published(case: Case, rate: Matched) -> _Losses:
    """A published factor per kWh delivered, with its own upstream where that is published too."""
    low, high = BOUNDS[rate.grade]
    value = rate.value + (rate.upstream_kg_co2e_per_kwh or 0.0)
    used = case.ledger.use(rate)
    return _Losses(value=value, low=value * low, high=value * high, grade=rate.grade, source=used, published=True)


def _tell_missing(case: Case, bases: tuple[FuelAndEnergyFigure | None, FuelAndEnergyFigure | None]) -> None:
    if any(basis is None or basis.upstream is None for basis in bases):
        detail = "no upstream factor is known; send factors.upstream_kg_co2e_per_kwh"
        case.ledger.warn("CAT3_NOT_COMPUTED", "/factors/upstream_kg_co2e_per_kwh", detail)
    if any(basis is None or basis.td_losses is None for basis in bases):
        detail = "no transmission and distribution loss is known; send factors.td_loss_share"
        case.ledger.warn("CAT3_NOT_COMPUTED", "/factors/td_loss_share", detail)


# the market's kWh


def _market_lines(
    case: Case, upstream: Matched | None, location: Location, market: Market
) -> tuple[list[Line], list[Line]]:
    """Instruments with their own upstream; losses at the rest's price, for certificates cover consumption alone."""
    whole = _rest_lines(1.0, upstream, location, market)
    if not market.covered:
        return whole, whole
    lines: list[Line] = []
    covering: list[Line] = []
    proxies = []
    for kwh, instrument in market.covered:
        if kwh > 0:
            line = (kwh, *_instrument_factors(case, instrument, upstream))
            lines.append(line)
            if instrument.covers_losses:
                covering.append(line)
            if instrument.upstream_kg_co2e_per_kwh is None:
                proxies.append(instrument.id[:64])
    if proxies and upstream is not None:
        detail = f"no upstream factor was sent for {', '.join(proxies[:5])}; the grid's was used"
        case.ledger.warn("C3_UPSTREAM_PROXY", "/instruments", detail)
    energy_kwh = total([kwh for kwh, _ in location.parts])
    if market.uncovered_kwh > 0 or not lines:
        lines.extend(_rest_lines(market.uncovered_kwh / energy_kwh if energy_kwh else 1.0, upstream, location, market))
    if not covering:
        same = len(proxies) == len(market.covered) and all(line[2] is upstream for line in whole)
        return whole if same else lines, whole
    lost_elsewhere = max(0.0, energy_kwh - total([line[0] for line in covering])) / energy_kwh
    return lines, [*covering, *_rest_lines(lost_elsewhere, upstream, location, market)]


def _rest_lines(share: float, upstream: Matched | None, location: Location, market: Market) -> list[Line]:
    """A share of all kWh at the residual mix, or at the location's prices where there is none."""
    if not market.rest_is_residual:
        return [(share * kwh, factor, _upstream_of(factor, upstream)) for kwh, factor in location.parts]
    return [(share * kwh, market.rest, _upstream_of(market.rest, upstream)) for kwh, _ in location.parts]


def _instrument_factors(case: Case, instrument: Accepted, upstream: Matched | None) -> tuple[Matched, Matched | None]:
    generation = instrument.source
    if generation is None:
        generation = own(f"instrument:{instrument.id}", instrument.kg_co2e_per_kwh, grade=instrument.grade)
    if instrument.upstream_kg_co2e_per_kwh is None:
        return generation, upstream
    name = f"instrument_upstream:{instrument.id}"
    own_upstream = own(name, instrument.upstream_kg_co2e_per_kwh, grade=instrument.grade)
    case.ledger.use(own_upstream)
    return generation, own_upstream


# figures


def _basis(
    case: Case, energy: EnergyUse, factor: Matched | None, lines: list[Line], loss_lines: list[Line]
) -> FuelAndEnergyFigure | None:
    """One basis: the sum of its two parts, or the one that is known."""
    category = FUEL_AND_ENERGY[case.activity.deployment]
    terms = _Terms(energy=energy, category=category, losses=_losses(case, factor, lines))
    upstream = _upstream_figure(case, terms, lines)
    losses = _losses_figure(case, terms, loss_lines)
    part = upstream if upstream is not None else losses
    if part is None:
        return None
    kg, low, high, grade, sources = part.kg_co2e, part.low_kg_co2e, part.high_kg_co2e, part.grade, part.sources
    formula = "upstream" if losses is None else "td_losses"
    if upstream is not None and losses is not None:
        kg += losses.kg_co2e
        low += losses.low_kg_co2e
        high += losses.high_kg_co2e
        grade = max(grade, losses.grade)
        sources = sources + [name for name in losses.sources if name not in sources]
        formula = "upstream + td_losses"
    return FuelAndEnergyFigure(
        kg_co2e=kg,
        low_kg_co2e=low,
        high_kg_co2e=high,
        grade=grade,
        workload_scope=category.workload_scope,
        inventory_category=category.inventory_category,
        formula=formula,
        sources=sources,
        derivation=_sum_text(upstream, losses, kg) if case.ledger.explain else msgspec.UNSET,
        upstream=upstream,
        td_losses=losses,
    )


def _sum_text(upstream: Figure | None, losses: Figure | None, kg: float) -> str:
    known = [number(part.kg_co2e) for part in (upstream, losses) if part is not None]
    return f"{' + '.join(known)} = {number(kg)} kg CO2e"


def _upstream_figure(case: Case, terms: _Terms, lines: list[Line]) -> Figure | None:
    energy, grade, sources = terms.energy, terms.energy.grade, terms.energy.result.sources
    kgs, lows, highs = [], [], []
    for kwh, _, upstream in lines:
        if upstream is None:
            return None
        kgs.append(method.upstream_kg_co2e(kwh, upstream.value))
        lows.append(kwh * upstream.low)
        highs.append(kwh * upstream.high)
        grade = max(grade, upstream.grade)
        if upstream.id and upstream.id not in sources:
            sources = [*sources, upstream.id]
    kg = total(kgs)
    derivation = _upstream_text(lines, kg) if case.ledger.explain else msgspec.UNSET
    amount = (kg, total(lows) * energy.low, total(highs) * energy.high)
    return figure(amount, grade, terms.category, "facility_kwh × upstream factor", sources, derivation)


def _upstream_text(lines: list[Line], kg: float) -> str:
    terms = [f"{number(kwh)} kWh × {number(of.value)} kg CO2e/kWh" for kwh, _, of in lines if of is not None]
    return f"{' + '.join(terms)} = {number(kg)} kg CO2e"


def _losses_figure(case: Case, terms: _Terms, lines: list[Line]) -> Figure | None:
    losses, energy = terms.losses, terms.energy
    if losses is None:
        return None
    if losses.published:
        return _published_figure(case, terms, losses)
    grade, sources = max(energy.grade, losses.grade), energy.result.sources
    if losses.source is not None:
        sources = [*sources, losses.source]
    kgs, lows, highs = [], [], []
    for kwh, generation, of_upstream in lines:
        upstream = _INSIDE if of_upstream is None else of_upstream
        kgs.append(method.td_losses_kg_co2e(kwh, losses.value, generation.value, upstream.value))
        lows.append(kwh * (generation.low + upstream.low))
        highs.append(kwh * (generation.high + upstream.high))
        if kwh > 0:
            case.ledger.use(generation)
            grade = max(grade, generation.grade, upstream.grade)
            sources = sources + [name for name in (generation.id, upstream.id) if name and name not in sources]
    kg = total(kgs)
    derivation = _losses_text(lines, losses, kg) if case.ledger.explain else msgspec.UNSET
    amount = (kg, total(lows) * losses.low * energy.low, total(highs) * losses.high * energy.high)
    formula = "facility_kwh × lost per delivered kWh × (intensity + upstream factor)"
    return figure(amount, grade, terms.category, formula, sources, derivation)


def _losses_text(lines: list[Line], losses: _Losses, kg: float) -> str:
    texts = []
    for kwh, generation, of_upstream in lines:
        upstream = 0.0 if of_upstream is None else of_upstream.value
        texts.append(f"{number(kwh)} kWh × {number(losses.value)} × ({number(generation.value)} + {number(upstream)})")
    return f"{' + '.join(texts)} = {number(kg)} kg CO2e"


def _published_figure(case: Case, terms: _Terms, losses: _Losses) -> Figure:
    energy = terms.energy
    kwh = energy.facility_kwh
    kg = kwh * losses.value
    formula = "0: losses are inside the upstream factor" if losses.included else "facility_kwh × T&D factor"
    sources = [*energy.result.sources, *([losses.source] if losses.source is not None else [])]
    derivation: str | msgspec.UnsetType = msgspec.UNSET
    if case.ledger.explain:
        derivation = f"{number(kwh)} kWh × {number(losses.value)} kg CO2e/kWh = {number(kg)} kg CO2e"
    amount = (kg, kwh * losses.low * energy.low, kwh * losses.high * energy.high)
    return figure(amount, worst(energy.grade, losses.grade), terms.category, formula, sources, derivation)
