"""The figures of one workload's footprint as lines of a report, and how each was made."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import UNSET, Struct

from service.model.codes import codes
from service.model.result import Emissions, Figure, Total
from service.reports.charts import Measured, chart
from service.reports.parts import Block, Cell, Chart, Column, Notes, Row, Section, Table
from service.reports.sections import FIGURE_NAMES, LOCATION, MARKET, category, references
from service.reports.wording import GRADES, number, span

_WHY = {
    "scope3.fuel_and_energy": (("CAT3_NOT_COMPUTED", "SPEND_BASED_ESTIMATE"), "factors.upstream_kg_co2e_per_kwh"),
    "scope3.fuel_and_energy.upstream": (
        ("FACTOR_LIFECYCLE_BASIS", "CAT3_NOT_COMPUTED"),
        "factors.upstream_kg_co2e_per_kwh",
    ),
    "scope3.fuel_and_energy.td_losses": (("FACTOR_INCLUDES_TD", "CAT3_NOT_COMPUTED"), "factors.td_loss_share"),
    "scope3.embodied": (("EMBODIED_NOT_COMPUTED", "SPEND_BASED_ESTIMATE"), "hardware and the hours it ran"),
    "scope3.infrastructure": (("INFRA_NOT_COMPUTED", "SPEND_BASED_ESTIMATE"), "infrastructure"),
    "scope2.location_based": (("SPEND_BASED_ESTIMATE",), "energy, or hardware and the hours it ran"),
    "scope2.market_based": (("SPEND_BASED_ESTIMATE",), "energy, or hardware and the hours it ran"),
}
"""Figure → codes that say why it is null, and what to send."""
SCOPE_2, FUEL_AND_ENERGY, EMBODIED, INFRASTRUCTURE, SPEND = range(1, 6)
LEGEND = (
    (SCOPE_2, "Scope 2, electricity"),
    (FUEL_AND_ENERGY, "Scope 3, fuel and energy"),
    (EMBODIED, "Scope 3, embodied"),
    (INFRASTRUCTURE, "Scope 3, infrastructure"),
    (SPEND, "Scope 3, spend-based"),
)
"""Tones of charts."""


class Line(Struct, frozen=True, gc=False):
    """A figure or total by its name; one that cannot be formed has no value."""

    name: str
    figure: Figure | Total | None


def figure_lines(emissions: Emissions) -> list[Line]:
    """Every figure of an answer, in the order of the method, then both totals."""
    scope3 = emissions.scope3
    energy = scope3.fuel_and_energy
    lines = [
        Line("Scope 2, location-based", emissions.scope2.location_based),
        Line("Scope 2, market-based", emissions.scope2.market_based),
        Line("Scope 3, fuel and energy (location-based)", energy.location_based if energy else None),
        Line("Scope 3, fuel and energy (market-based)", energy.market_based if energy else None),
        Line("Scope 3, embodied", scope3.embodied),
        Line("Scope 3, infrastructure", scope3.infrastructure),
    ]
    if scope3.spend_based is not None:
        lines.append(Line("Scope 3, spend-based", scope3.spend_based))
    totals = emissions.totals
    return [
        *lines,
        Line("Total with location-based Scope 2", totals.location_based),
        Line("Total with market-based Scope 2", totals.market_based),
    ]


def charts(emissions: Emissions) -> list[Chart]:
    """What each total is made of, with its range."""
    both = (
        (LOCATION, "location_based", emissions.totals.location_based),
        (MARKET, "market_based", emissions.totals.market_based),
    )
    bars = [
        Measured(
            name.removeprefix("with ").capitalize().replace("scope", "Scope"),
            [(tone, dict(LEGEND)[tone], kg) for tone, kg in _parts(emissions, basis)],
            total.low_kg_co2e,
            total.high_kg_co2e,
        )
        for name, basis, total in both
    ]
    remark = "Bars are alternatives, never added. The line on each bar is its range."
    return [chart("What each total is made of [kg CO2e]", bars, LEGEND, remark)]


def _parts(emissions: Emissions, basis: str) -> Iterator[tuple[int, float]]:
    scope3 = emissions.scope3
    of_basis: tuple[tuple[int, Figure | None], ...] = (
        (SCOPE_2, getattr(emissions.scope2, basis)),
        (FUEL_AND_ENERGY, getattr(scope3.fuel_and_energy, basis) if scope3.fuel_and_energy is not None else None),
        (EMBODIED, scope3.embodied),
        (INFRASTRUCTURE, scope3.infrastructure),
        (SPEND, scope3.spend_based),
    )
    yield from ((tone, figure.kg_co2e) for tone, figure in of_basis if figure is not None)


def figures_section(emissions: Emissions, places: Mapping[str, int]) -> Section:
    """Every figure with its range, grade, categories and sources; what is not computed, and what to send."""
    columns = (
        Column("Figure"),
        Column("kg CO2e", numeric=True),
        Column("Range", numeric=True),
        Column("Grade", tight=True),
        Column("The workload's view"),
        Column("Booked in the inventory as"),
        Column("Sources", tight=True),
    )
    rows = [_row(line, places) for line in figure_lines(emissions)]
    blocks: list[Block] = [*charts(emissions), Table("Figures, in kg CO2e", columns, rows, GRADES)]
    return Section("Figures", blocks)


def _row(line: Line, places: Mapping[str, int]) -> Row:
    figure = line.figure
    strong = line.name.startswith(("Scope 2", "Total"))
    name = Cell(line.name, strong=strong)
    if figure is None:
        return Row([name, Cell("not computed"), *(Cell(""),) * 5])
    cells = [name, number(figure.kg_co2e, strong=strong), Cell(span(figure.low_kg_co2e, figure.high_kg_co2e))]
    cells.append(Cell(figure.grade, grade=True))
    if isinstance(figure, Total):
        return Row([*cells, *(Cell(""),) * 3], sum=True)
    categories = [Cell(category(figure.workload_scope)), Cell(category(figure.inventory_category))]
    return Row([*cells, *categories, references(figure.sources, places)])


def not_computed(emissions: Emissions) -> list[Section]:
    """Figures that are null: why, and what to send."""
    missing = dict.fromkeys([*emissions.totals.location_based.missing, *emissions.totals.market_based.missing])
    items = [(False, _reason(emissions, path)) for path in missing]
    return [Section("Not computed", [Notes(items)])] if items else []


def _reason(emissions: Emissions, path: str) -> str:
    reasons, lacking = _WHY.get(path, ((), ""))
    told = [warning for warning in emissions.warnings if warning.code in reasons]
    why = " ".join(f"{codes()[warning.code].message} {_sentence(warning.detail)}" for warning in told)
    send = "" if "send " in why else f"Send {lacking} to have it." if lacking else ""
    where = "in no total" if emissions.scope3.spend_based is None else "not told apart from the rest"
    return " ".join(part for part in (f"{FIGURE_NAMES.get(path, path)}: {where}, and not 0.", why, send) if part)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def making_section(emissions: Emissions, places: Mapping[str, int]) -> Section:
    """How each figure is made: its formula, and the arithmetic where it was asked for."""
    made = [*_made(emissions)]
    explained = any(figure.derivation is not UNSET for _, figure in made)
    columns = [Column("Figure"), Column("Formula", broad=True)]
    columns += [Column("With its numbers", broad=True)] if explained else []
    energy = emissions.energy
    first = [Cell("Facility energy"), Cell(energy.formula)]
    first += [Cell(energy.derivation or "" if energy.derivation is not UNSET else "")] if explained else []
    rows = [Row([*first, references(energy.sources, places)])]
    for name, figure in made:
        derivation = figure.derivation if isinstance(figure.derivation, str) else ""
        cells = [Cell(name), Cell(figure.formula), *([Cell(derivation)] if explained else [])]
        rows.append(Row([*cells, references(figure.sources, places)]))
    rows += _made_totals(emissions, explained=explained)
    return Section("How each figure is made", [Table("Formulas", [*columns, Column("Sources", tight=True)], rows)])


def _made(emissions: Emissions) -> Iterator[tuple[str, Figure]]:
    for line in figure_lines(emissions):
        if isinstance(line.figure, Figure):
            yield line.name, line.figure
            for part, what in (("upstream", "upstream of fuels"), ("td_losses", "grid losses")):
                inner = getattr(line.figure, part, None)
                if inner is not None:
                    yield f"{line.name}: {what}", inner


def _made_totals(emissions: Emissions, *, explained: bool) -> Sequence[Row]:
    totals = emissions.totals
    rows = []
    for name, total in ((LOCATION, totals.location_based), (MARKET, totals.market_based)):
        derivation = total.derivation if isinstance(total.derivation, str) else ""
        cells = [Cell(f"Total {name}"), Cell("sum of its figures"), *([Cell(derivation)] if explained else [])]
        rows.append(Row([*cells, Cell("")], sum=True))
    return rows
