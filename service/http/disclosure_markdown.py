"""The disclosure block as a section of a report: tables with every digit, so that each adds up."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from service.http.disclosure_lines import Line, lines
from service.http.summary import escaped, readable
from service.method.fingerprint import plain
from service.model.disclosed import Disclosure

_SUMS = frozenset({"total", "facility energy", "covered energy"})


def disclosure_markdown(block: Disclosure) -> bytes:
    """A headline for reading, then every line."""
    return ("\n".join(_lines(block)) + "\n").encode()


def _lines(block: Disclosure) -> Iterator[str]:
    location, market = block.totals.location_based, block.totals.market_based
    yield f"## Emissions of computing workloads: {escaped(block.organization)}"
    yield ""
    yield f"{block.period.start} to {block.period.end}, the end not included. {escaped(block.boundary.note)}"
    yield ""
    yield f"- {readable(location.kg_co2e)} kg CO2e with location-based Scope 2 (grade {location.grade})"
    yield f"- {readable(market.kg_co2e)} kg CO2e with market-based Scope 2 (grade {market.grade})"
    yield ""
    yield "The two are alternatives and are never added together. The tables below hold every digit."
    for section, group in groupby(lines(block), attrgetter("section")):
        yield from _table(section, list(group))


def _table(section: str, rows: list[Line]) -> Iterator[str]:
    based = any(row.basis for row in rows)
    head = ("item", "basis", "value", "unit", "note") if based else ("item", "value", "unit", "note")
    yield ""
    yield f"### {escaped(section)}"
    yield ""
    yield f"| {' | '.join(head)} |"
    yield "|" + "|".join("---:" if name == "value" else "---" for name in head) + "|"
    for row in rows:
        bold = "**" if row.item in _SUMS else ""
        basis = [row.basis.replace("_", "-")] if based else []
        cells = [f"{bold}{escaped(row.item)}{bold}", *basis, f"{bold}{_value(row.value)}{bold}"]
        yield f"| {' | '.join([*cells, escaped(row.unit), escaped(row.note)])} |"


def _value(value: float | str | None) -> str:
    """Every digit, thousands grouped, no exponent."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return escaped(value)
    whole, point, rest = plain(value).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole not in ("-0", "") else f"{whole}{point}{rest}"
