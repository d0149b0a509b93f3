"""Sections that reports of all kinds have: warnings, sources, methodology."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.method.fingerprint import plain
from service.model.result import Methodology, Source, Total, Warn
from service.model.returned import ReturnedSource
from service.reports.parts import Alternative, Block, Cell, Column, Facts, Notes, Row, Section, Table
from service.reports.wording import linked, number, percent, span, told

MOST_ROWS = 1000
"""Of one table: more than that nobody reads, and a browser is slow to show."""
LOCATION, MARKET = "with location-based Scope 2", "with market-based Scope 2"
FIGURE_NAMES = {
    "scope2": "Scope 2",
    "scope2.location_based": "Scope 2, location-based",
    "scope2.market_based": "Scope 2, market-based",
    "scope3.fuel_and_energy": "Scope 3, fuel and energy",
    "scope3.fuel_and_energy.upstream": "Scope 3, upstream of fuels",
    "scope3.fuel_and_energy.td_losses": "Scope 3, grid losses",
    "scope3.embodied": "Scope 3, embodied",
    "scope3.infrastructure": "Scope 3, infrastructure",
    "scope3.spend_based": "Scope 3, spend-based",
}
_CATEGORIES = {
    "scope2": "Scope 2",
    "scope3.cat1": "Scope 3 category 1, purchased goods and services",
    "scope3.cat2": "Scope 3 category 2, capital goods",
    "scope3.cat3": "Scope 3 category 3, fuel- and energy-related",
    "scope3.cat8": "Scope 3 category 8, upstream leased assets",
}
_SOURCE_COLUMNS = (
    Column("No.", tight=True),
    Column("Factor"),
    Column("Value", numeric=True),
    Column("Unit", tight=True),
    Column("Publisher"),
    Column("Publication", broad=True),
    Column("Year", tight=True),
    Column("Match"),
    Column("Grade", tight=True),
    Column("Licence"),
    Column("Address"),
)


def category(name: str) -> str:
    """A category in words."""
    return _CATEGORIES.get(name, name.replace("scope3.cat", "Scope 3 category "))


def left_out(shown: int, of: int, what: str, elsewhere: str = "JSON") -> str:
    """Says how much of a table is not shown, and in which forms it is; nothing where all is shown."""
    if shown >= of:
        return ""
    return f"The first {shown:,} of {of:,} {what} are shown; all of them are in {elsewhere} (Accept)."


def alternatives(location: Total, market: Total, lacking: str = "not in it") -> list[Alternative]:
    """The two totals, side by side; `lacking` is said of the figures that are null."""
    return [_alternative(LOCATION, location, lacking), _alternative(MARKET, market, lacking)]


def _alternative(name: str, total: Total, lacking: str) -> Alternative:
    missing = ", ".join(FIGURE_NAMES.get(path, path) for path in total.missing)
    facts = [("worst grade", total.worst_grade), ("primary data", percent(total.primary_data_share))]
    if missing:
        facts.append((lacking, missing))
    return Alternative(name, number(total.kg_co2e), span(total.low_kg_co2e, total.high_kg_co2e), total.grade, facts)


def warnings_section(warnings: Sequence[Warn]) -> list[Section]:
    """What the reader must know, in plain words."""
    said = told(warnings)
    blocks: list[Block] = [Notes(said[:MOST_ROWS])]
    return [Section("What to know", blocks)] if said else []


def sources_section(sources: Sequence[Source | ReturnedSource], of: int | None = None) -> list[Section]:
    """Each factor with where it is from; its number is what figures refer to.

    Args:
        sources: those to show.
        of: how many there are, where these are not all.
    """
    if not sources:
        return []
    shown = sources[:MOST_ROWS]
    rows = [Row(_source(index, source)) for index, source in enumerate(shown, 1)]
    remark = left_out(len(shown), len(sources) if of is None else of, "factors")
    return [Section("Sources", [Table("Factors used", _SOURCE_COLUMNS, rows, remark)])]


def _source(index: int, source: Source | ReturnedSource) -> list[Cell]:
    note = source.note if isinstance(source, Source) else None
    publication = ", ".join(part for part in (source.title, source.edition) if part)
    value = source.value
    return [
        Cell(str(index), anchor=f"source-{index}"),
        Cell(source.id),
        Cell(plain(value), plain(value)) if value is not None else Cell("–"),
        Cell(source.unit or ""),
        Cell(source.publisher or ""),
        Cell(f"{publication}. {note}" if note else publication),
        Cell(str(source.year) if source.year is not None else "–"),
        Cell((source.match or "").replace("_", " ")),
        Cell(source.grade or "", grade=True),
        Cell(source.license or "–"),
        Cell(source.url or "–", url=linked(source.url)),
    ]


def references(ids: Sequence[str], places: Mapping[str, int]) -> Cell:
    """The numbers of sources, each leading to its line."""
    numbers = sorted({places[id_] for id_ in ids if id_ in places})
    return Cell("", to=[(str(number), f"source-{number}") for number in numbers])


def methodology_section(methodology: Methodology) -> Section:
    """By which method, parameters and factors: the same fingerprint compares."""
    facts = Facts(
        [
            ("Method", Cell(f"{methodology.id} {methodology.version}")),
            ("Factor set", Cell(f"{methodology.factor_set.id} {methodology.factor_set.version}")),
            ("Fingerprint", Cell(methodology.fingerprint)),
            ("Parameters hash", Cell(methodology.parameters_hash)),
        ]
    )
    return Section("Methodology", [facts, parameters_table(methodology.parameters)])


def parameters_table(parameters: Mapping[str, Any]) -> Table:
    """Each parameter in force."""
    rows = [Row([Cell(name.replace("_", " ")), Cell(_value(value))]) for name, value in parameters.items()]
    return Table("Parameters in force", (Column("Parameter"), Column("Value", broad=True)), rows)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return plain(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_value(inner)}" for name, inner in value.items())
    return "–" if value is None else str(value)
