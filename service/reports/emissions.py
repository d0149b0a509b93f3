"""The report of one workload's footprint."""

from collections.abc import Iterator

from service.model.result import EmbodiedFigure, Emissions, InfrastructureFigure, MarketFigure
from service.reports.figures import figures_section, making_section, not_computed
from service.reports.parts import Block, Cell, Column, Facts, Report, Row, Section, Table
from service.reports.sections import (
    FIGURE_NAMES,
    alternatives,
    methodology_section,
    sources_section,
    warnings_section,
)
from service.reports.wording import ALTERNATIVES, foot, listed, method_of, number, percent, readable, sources_of, span

_TIERS = {
    1: "1, metered at the building's meter",
    2: "2, metered at the server plug",
    3: "3, sensors of components",
    4: "4, modeled from the hardware",
    5: "5, from cost: no energy is known",
}


def emissions_report(emissions: Emissions) -> Report:
    """All of an answer of `POST /emissions`."""
    sources = [*sources_of(emissions)]
    places = {source.id: index for index, source in reversed([*enumerate(sources, 1)])}
    methodology = method_of(emissions.methodology)
    period = emissions.period
    return Report(
        kind="Emissions",
        title=title(emissions),
        period=f"{period.start} to {period.end}, the end not included" if period is not None else "",
        lead=_lead(emissions),
        facts=[*_facts(emissions)],
        alternatives=alternatives(
            emissions.totals.location_based,
            emissions.totals.market_based,
            "not in it" if emissions.scope3.spend_based is None else "not told apart",
        ),
        sections=[
            figures_section(emissions, places),
            *not_computed(emissions),
            *_energy(emissions),
            *_instruments(emissions),
            *_hardware(emissions),
            *_infrastructure(emissions),
            *_methods(emissions),
            *_per_unit(emissions),
            *warnings_section(emissions.warnings),
            making_section(emissions, places),
            *sources_section(sources),
            methodology_section(methodology),
        ],
        foot=foot(methodology),
        level=3,
    )


def title(emissions: Emissions) -> str:
    """What the figures are of."""
    name = emissions.id or "This workload"
    region = emissions.region
    return f"{name} in {region.name} ({region.id})" if region is not None else name


def _lead(emissions: Emissions) -> str:
    location, market = emissions.totals.location_based, emissions.totals.market_based
    kwh = emissions.energy.facility_kwh
    energy = f", from {readable(kwh)} kWh at the facility" if kwh is not None else ""
    missing = [FIGURE_NAMES.get(path, path) for path in location.missing if path in market.missing]
    lacking = f" Not known, and in neither: {listed(missing)}." if missing else ""
    if emissions.scope3.spend_based is not None:
        lacking = (
            " Estimated from what it cost alone: electricity and hardware are inside that one figure, not told apart."
        )
    return (
        f"{readable(location.kg_co2e)} kg CO2e with location-based Scope 2, or {readable(market.kg_co2e)} kg CO2e with "
        f"market-based Scope 2{energy}. {ALTERNATIVES}{lacking}"
    )


def _facts(emissions: Emissions) -> Iterator[tuple[str, str]]:
    region = emissions.region
    if region is not None:
        yield "Region", f"{region.name} ({region.id}), grid zone {region.grid}"
    yield "Deployment", emissions.deployment
    if emissions.factor_year is not None:
        yield "Factors of", str(emissions.factor_year)
    yield "Hardware allocated by", emissions.allocation.method
    yield from ((f"Tag {name}", text) for name, text in emissions.tags.items())


def _energy(emissions: Emissions) -> Iterator[Section]:
    energy = emissions.energy
    if energy.facility_kwh is None:
        return
    items = [("At the chips", _kwh(energy.component_kwh)), ("At the server plug", _kwh(energy.it_kwh))]
    items.append(("At the facility", _kwh(energy.facility_kwh, strong=True)))
    if energy.low_kwh is not None and energy.high_kwh is not None:
        items.append(("Range at the facility", Cell(f"{span(energy.low_kwh, energy.high_kwh)} kWh")))
    items.append(("PUE", number(energy.pue) if energy.pue is not None else Cell("not stated")))
    items += [("Tier", Cell(_TIERS[energy.tier])), ("Grade", Cell(energy.grade, grade=True))]
    if energy.hourly_gap_share:
        items.append(("Energy in hours without a factor", Cell(percent(energy.hourly_gap_share))))
    yield Section("Energy", [Facts(items)])


def _kwh(kwh: float | None, *, strong: bool = False) -> Cell:
    if kwh is None:
        return Cell("not known")
    known = number(kwh, strong=strong)
    return Cell(f"{known.text} kWh", known.exact, strong=strong)


def _instruments(emissions: Emissions) -> Iterator[Section]:
    market = emissions.scope2.market_based
    if market is None:
        return
    yield Section("Contractual instruments", [Facts([*_coverage(market)]), *_claims(market)])


def _coverage(market: MarketFigure) -> Iterator[tuple[str, Cell]]:
    yield "Covered by instruments", Cell(f"{readable(market.covered_kwh)} kWh, {percent(market.coverage_share)}")
    rest = "the location factor, for want of a residual mix" if market.fallback else "the residual mix"
    yield "Not covered", Cell(f"{readable(market.uncovered_kwh)} kWh, priced by {rest}")
    if market.excess_kwh:
        yield "More than was used, not counted", _kwh(market.excess_kwh)
    if market.hourly_score is not None:
        yield "Matched hour by hour", Cell(percent(market.hourly_score))
        yield "Above an hour's use, not counted", _kwh(market.surplus_kwh)


def _claims(market: MarketFigure) -> Iterator[Block]:
    if not market.instruments:
        return
    columns = (
        Column("Instrument"),
        Column("Type"),
        Column("Applied [kWh]", numeric=True),
        Column("kg CO2e", numeric=True),
        Column("Counted"),
        Column("Bundled"),
        Column("Not attested", broad=True),
    )
    rows = [
        Row(
            [
                Cell(one.id),
                Cell(one.type),
                number(one.applied_kwh),
                number(one.kg_co2e),
                Cell("yes" if one.accepted else f"no: {one.reason or 'not accepted'}"),
                Cell({True: "yes", False: "no", None: "not said"}[one.bundled]),
                Cell(", ".join(one.unverified) or "nothing"),
            ]
        )
        for one in market.instruments
    ]
    yield Table("What became of each instrument", columns, rows)


def _hardware(emissions: Emissions) -> Iterator[Section]:
    embodied = emissions.scope3.embodied
    if embodied is None:
        return
    yield Section("Hardware", [Facts([*_shares(embodied)])])


def _shares(embodied: EmbodiedFigure) -> Iterator[tuple[str, Cell]]:
    for name, value, unit in (
        ("Making of all its machines", embodied.total_kg_co2e, "kg CO2e"),
        ("Life of the hardware", embodied.lifetime_hours, "hours"),
        ("Hours counted", embodied.counted_hours, "hours"),
        ("Reserved share of the machines", embodied.resource_share, ""),
        ("Booked in the year of purchase", embodied.acquisition_year_kg_co2e, "kg CO2e"),
        ("Charged to nobody", embodied.unallocated_kg_co2e, "kg CO2e"),
    ):
        if value is not None:
            known = number(value)
            yield name, Cell(f"{known.text} {unit}".strip(), known.exact)
    yield (
        "Figure of",
        Cell({"user": "the caller", "embedded": "the shipped tables"}.get(embodied.origin, embodied.origin)),
    )
    if embodied.origin_reason is not None:
        yield "Why not of the live source", Cell(embodied.origin_reason)


def _infrastructure(emissions: Emissions) -> Iterator[Section]:
    known = emissions.scope3.infrastructure
    if known is None:
        return
    columns = (Column("Component"), Column("kg CO2e", numeric=True), Column("Counted"))
    rows = [
        Row([Cell(one.name), number(one.kg_co2e), Cell("yes" if one.counted else "no: computed elsewhere")])
        for one in known.components
    ]
    blocks: list[Block] = [Facts([*_driver(known)])]
    if rows:
        blocks.append(Table("The provider's components", columns, rows))
    yield Section("Infrastructure", blocks)


def _driver(known: InfrastructureFigure) -> Iterator[tuple[str, Cell]]:
    yield "Follows", Cell(known.driver)
    yield "The workload's", number(known.workload_driver)
    if known.provider_driver_total is not None:
        yield "The provider's", number(known.provider_driver_total)
    if known.share is not None:
        yield "Share", Cell(percent(known.share))


def _methods(emissions: Emissions) -> Iterator[Section]:
    others = emissions.allocation.alternatives
    if not others:
        return
    columns = (
        Column("Method"),
        Column("Embodied [kg CO2e]", numeric=True),
        Column("Charged to nobody [kg CO2e]", numeric=True),
        Column("Infrastructure [kg CO2e]", numeric=True),
        Column("Why not"),
    )
    rows = [
        Row(
            [
                Cell(one.method),
                number(one.embodied_kg_co2e),
                number(one.unallocated_kg_co2e),
                number(one.infrastructure_kg_co2e),
                Cell(one.code or ""),
            ]
        )
        for one in others
    ]
    yield Section("By every allocation method", [Table("Hardware and infrastructure by method", columns, rows)])


def _per_unit(emissions: Emissions) -> Iterator[Section]:
    if not emissions.intensities:
        return
    columns = (
        Column("Unit"),
        Column("Count", numeric=True),
        Column("g CO2e per unit", numeric=True),
        Column("SCI [g CO2e per unit]", numeric=True),
        Column("Price"),
    )
    rows = [
        Row(
            [
                Cell(one.unit),
                number(one.count),
                number(one.full_g_co2e, strong=True),
                number(one.sci_g_co2e),
                Cell(one.price_basis or ""),
            ]
        )
        for one in emissions.intensities
    ]
    remark = "Both are location-based. SCI (Software Carbon Intensity) is Scope 2 and embodied; the other is the total."
    yield Section("Per unit", [Table("Emissions per functional unit", columns, rows, remark)])
