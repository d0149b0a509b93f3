"""The disclosure block as a report: the inventory first, then all that a reader must be told."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from service.model.booked import DisclosedTotal, InventoryLine
from service.model.disclosed import Disclosure, FingerprintLine
from service.reports.charts import Measured, chart
from service.reports.disclosure_lines import Line, lines
from service.reports.parts import Alternative, Block, Cell, Chart, Column, Facts, Notes, Report, Row, Section, Table
from service.reports.sections import (
    LOCATION,
    MARKET,
    MOST_ROWS,
    category,
    left_out,
    parameters_table,
    sources_section,
    warnings_section,
)
from service.reports.wording import ALTERNATIVES, GRADES, exact_number, number, percent, readable, span

_SUMS = frozenset({"total", "facility energy", "covered energy"})
_ELSEWHERE = frozenset({"Inventory", "Quality of the totals", "Exclusions", "Factors", "Frameworks", "Notes", "Method"})
"""Sections of the lines that this report tells in a way of its own."""
_MOST_METHODS = 20


def disclosure_report(block: Disclosure) -> Report:
    """All of an answer of `POST /disclosures`."""
    totals = block.totals
    location, market = totals.location_based, totals.market_based
    return Report(
        kind="Emissions of computing workloads",
        title=block.organization,
        period=f"{block.period.start} to {block.period.end}, the end not included",
        lead=(
            f"{readable(location.kg_co2e)} kg CO2e with location-based Scope 2, or {readable(market.kg_co2e)} kg CO2e "
            f"with market-based Scope 2, as the organization books them. {ALTERNATIVES} {block.boundary.note}"
        ),
        facts=[("Answers", f"{block.boundary.answers:,}"), ("Regions", f"{block.boundary.regions:,}")],
        alternatives=[_alternative(LOCATION, location), _alternative(MARKET, market)],
        sections=[
            Section("Inventory", [_inventory_chart(block), _inventory(block)]),
            *_from_lines(block),
            *_exclusions(block),
            *_frameworks(block),
            *warnings_section(block.warnings),
            *_answer_warnings(block),
            *sources_section(block.factors.items),
            *_methodology(block.fingerprints),
        ],
        foot=", ".join(
            f"{one.id} {one.version}, factor set {one.factor_set.version}" for one in block.fingerprints[:3]
        ),
    )


def _alternative(name: str, total: DisclosedTotal) -> Alternative:
    limits = span(total.low_kg_co2e, total.high_kg_co2e)
    facts = [("worst grade", total.worst_grade), ("primary data", percent(total.primary_data_share))]
    return Alternative(name, number(total.kg_co2e), limits, total.grade, facts)


def _booked(block: Disclosure) -> list[dict[str, InventoryLine]]:
    """The lines of each category, by basis."""
    found: dict[str, dict[str, InventoryLine]] = {}
    for line in (*block.scope2.booked, *block.scope3):
        found.setdefault(line.category, {})[line.basis] = line
    return [*found.values()]


def _inventory_chart(block: Disclosure) -> Chart:
    tones = {next(iter(pair.values())).category: tone for tone, pair in enumerate(_booked(block), 1)}
    bars = []
    for basis, name, total in (
        ("location_based", "Location-based Scope 2", block.totals.location_based),
        ("market_based", "Market-based Scope 2", block.totals.market_based),
    ):
        booked = [line for line in (*block.scope2.booked, *block.scope3) if line.basis == basis]
        parts = [(tones[line.category], category(line.category), line.kg_co2e) for line in booked]
        bars.append(Measured(name, parts, total.low_kg_co2e, total.high_kg_co2e))
    legend = [(tone, category(name)) for name, tone in tones.items()]
    return chart("What is booked [kg CO2e]", bars, legend, "Bars are alternatives, never added. The line is the range.")


def _inventory(block: Disclosure) -> Table:
    columns = (
        Column("Category"),
        Column("Location-based [kg CO2e]", numeric=True),
        Column("Range", numeric=True),
        Column("Grade", tight=True),
        Column("Market-based [kg CO2e]", numeric=True),
        Column("Range", numeric=True),
        Column("Grade", tight=True),
        Column("Holds"),
    )
    rows = []
    for pair in _booked(block):
        named = next(iter(pair.values()))
        both = [*_booked_cells(pair.get("location_based")), *_booked_cells(pair.get("market_based"))]
        rows.append(Row([Cell(_name(named)), *both, Cell(_holds(named))]))
    totals = block.totals
    cells = [*_booked_cells(totals.location_based), *_booked_cells(totals.market_based)]
    rows.append(Row([Cell("Total"), *cells, Cell("all lines above")], sum=True))
    return Table("The organization's inventory, with every digit", columns, rows, GRADES)


def _name(line: InventoryLine) -> str:
    number_ = line.category.removeprefix("scope3.cat")
    return f"Scope 2, {line.title}" if line.category == "scope2" else f"Scope 3 category {number_}, {line.title}"


def _booked_cells(line: InventoryLine | DisclosedTotal | None) -> list[Cell]:
    if line is None:
        return [Cell("–"), Cell(""), Cell("")]
    limits = Cell(span(line.low_kg_co2e, line.high_kg_co2e))
    return [exact_number(line.kg_co2e, strong=True), limits, Cell(line.grade or "", grade=True)]


def _holds(line: InventoryLine) -> str:
    return ", ".join(part.part.replace("_", " ") for part in line.parts) or "nothing is booked here"


def _from_lines(block: Disclosure) -> Iterator[Section]:
    for name, group in groupby(lines(block), attrgetter("section")):
        if name not in _ELSEWHERE:
            yield Section(name, [_table(name, [*group])])


def _table(name: str, rows: Sequence[Line]) -> Table:
    based = any(row.basis for row in rows)
    columns = [Column("Item"), *([Column("Basis")] if based else []), Column("Value", numeric=True)]
    columns += [Column("Unit", tight=True), Column("Note", broad=True)]
    shown = rows[:MOST_ROWS]
    written = [
        Row(
            [
                Cell(row.item),
                *([Cell(row.basis.replace("_", "-"))] if based else []),
                _value(row.value),
                Cell(row.unit),
                Cell(row.note),
            ],
            sum=row.item in _SUMS,
        )
        for row in shown
    ]
    return Table(name, columns, written, left_out(len(shown), len(rows), "lines", "CSV"))


def _value(value: float | str | None) -> Cell:
    if isinstance(value, str):
        return Cell(value)
    return exact_number(value) if value is not None else Cell("–")


def _exclusions(block: Disclosure) -> Iterator[Section]:
    columns = (
        Column("Figure"),
        Column("Answers", numeric=True),
        Column("kg CO2e", numeric=True),
        Column("Why", broad=True),
        Column("Ids"),
    )
    shown = block.exclusions[:MOST_ROWS]
    rows = [
        Row(
            [
                Cell(gap.figure),
                number(gap.answers),
                exact_number(gap.kg_co2e) if gap.kg_co2e is not None else Cell("not known"),
                Cell(f"{gap.reason} In part." if gap.partial else gap.reason),
                Cell(", ".join(gap.ids) or "–"),
            ]
        )
        for gap in shown
    ]
    if rows:
        remark = left_out(len(shown), len(block.exclusions), "exclusions")
        yield Section("Exclusions", [Table("What is not in the inventory, and why", columns, rows, remark)])


def _frameworks(block: Disclosure) -> Iterator[Section]:
    columns = (
        Column("Framework"),
        Column("Datapoint"),
        Column("What it asks for", broad=True),
        Column("Value", numeric=True),
        Column("Unit"),
        Column("Note", broad=True),
    )
    rows = []
    for point in block.frameworks:
        read = "" if point.evidence == "read" else "The numbering is second-hand."
        note = " ".join(part for part in (point.reason, point.note, read) if part)
        cells = [Cell(point.framework), Cell(point.datapoint), Cell(point.title), _value(point.value), Cell(point.unit)]
        rows.append(Row([*cells, Cell(note)]))
    if rows:
        yield Section("Frameworks", [Table("The figures as reporting frameworks ask for them", columns, rows)])


def _answer_warnings(block: Disclosure) -> Iterator[Section]:
    items = [
        (False, f"{one.message or one.code} Answers: {one.answers:,}.") for one in block.answer_warnings[:MOST_ROWS]
    ]
    if items:
        yield Section("What the answers warn of", [Notes(items)])


def _methodology(made: Sequence[FingerprintLine]) -> Iterator[Section]:
    if not made:
        return
    columns = (
        Column("Fingerprint", broad=True),
        Column("Method"),
        Column("Factor set"),
        Column("Answers", numeric=True),
    )
    shown = made[:_MOST_METHODS]
    rows = [
        Row(
            [
                Cell(one.fingerprint),
                Cell(f"{one.id} {one.version}"),
                Cell(f"{one.factor_set.id} {one.factor_set.version}"),
                number(one.answers),
            ]
        )
        for one in shown
    ]
    remark = left_out(len(shown), len(made), "fingerprints")
    blocks: list[Block] = [
        Table("Methods that the answers were made by: equal fingerprints compare", columns, rows, remark)
    ]
    if len(made) > 1:
        blocks.append(Facts([("Parameters below are of", Cell(made[0].fingerprint))]))
    yield Section("Methodology", [*blocks, parameters_table(made[0].parameters)])
