"""An answer for people: Markdown for the job summary of a build, plain text for a terminal."""

from collections.abc import Iterable, Iterator

import msgspec

from service.model.codes import codes
from service.model.result import Emissions, Figure, Methodology, Source, Total, Warn

Row = tuple[str, float | None, float | None, float | None, str]
"""What, figure, low, high [kg CO2e], grade."""


def emissions_markdown(emissions: Emissions) -> bytes:
    """The figures, what to know about them, and their sources."""
    return ("\n".join(_lines(emissions)) + "\n").encode()


def figure_rows(emissions: Emissions) -> list[Row]:
    """Every figure of an answer, in the order of the method; one that cannot be formed has no number."""
    scope3 = emissions.scope3
    energy = scope3.fuel_and_energy
    rows = [
        _row("Scope 2, location-based", emissions.scope2.location_based),
        _row("Scope 2, market-based", emissions.scope2.market_based),
        _row("Scope 3, fuel and energy (location-based)", energy.location_based if energy else None),
        _row("Scope 3, fuel and energy (market-based)", energy.market_based if energy else None),
        _row("Scope 3, embodied", scope3.embodied),
        _row("Scope 3, infrastructure", scope3.infrastructure),
    ]
    if scope3.spend_based is not None:
        rows.append(_row("Scope 3, spend-based", scope3.spend_based))
    totals = emissions.totals
    return [
        *rows,
        _row("Total with location-based Scope 2", totals.location_based),
        _row("Total with market-based Scope 2", totals.market_based),
    ]


def readable(value: float | None) -> str:
    """A number for reading: four digits, and all before the point."""
    if value is None:
        return "–"
    if value == 0 or abs(value) >= 1000:  # noqa: PLR2004 - thousands are grouped
        return f"{value:,.0f}"
    text = f"{value:.4g}"
    return text if "e" not in text else f"{value:.3e}"


def sources_of(emissions: Emissions) -> Iterator[Source]:
    """The factors used; what was encoded before is read again."""
    for source in emissions.sources or ():
        yield source if isinstance(source, Source) else msgspec.json.decode(source, type=Source)


def plain_warnings(emissions: Emissions) -> list[tuple[bool, str]]:
    """Each warning in words, what it means and what it is here; those that are more than information first."""
    told = [(warning.severity == "warning", _in_words(warning)) for warning in emissions.warnings]
    return sorted(told, key=lambda line: not line[0])


def headline(emissions: Emissions) -> str:
    """What the figures are of."""
    parts = [emissions.id or "This workload"]
    if emissions.region is not None:
        parts.append(f"in {emissions.region.name} ({emissions.region.id})")
    if emissions.energy.facility_kwh is not None:
        parts.append(f"with {readable(emissions.energy.facility_kwh)} kWh at the facility")
    return " ".join(parts)


def emissions_text(emissions: Emissions) -> str:
    """The figures as aligned columns, then what to know about them and their sources."""
    table = [
        (what, readable(value), f"{readable(low)} – {readable(high)}" if value is not None else "", grade)
        for what, value, low, high, grade in figure_rows(emissions)
    ]
    names, values, ranges = (max(len(line[column]) for line in table) for column in range(3))
    lines = [headline(emissions), "", f"{'':{names}}  {'kg CO2e':>{values}}  {'range':>{ranges}}  grade"]
    lines += [f"{what:{names}}  {value:>{values}}  {span:>{ranges}}  {grade}" for what, value, span, grade in table]
    lines += ["", *(f"{'!' if serious else 'i'} {text}" for serious, text in plain_warnings(emissions))]
    lines += ["", *(_source_line(source) for source in sources_of(emissions)), "", f"Method {_method(emissions)}."]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _row(what: str, figure: Figure | Total | None) -> Row:
    if figure is None:
        return what, None, None, None, ""
    return what, figure.kg_co2e, figure.low_kg_co2e, figure.high_kg_co2e, figure.grade


def _lines(emissions: Emissions) -> Iterator[str]:
    yield f"### Emissions: {escaped(headline(emissions))}"
    yield ""
    yield "| | kg CO2e | range | grade |"
    yield "|---|---:|---:|:---:|"
    for what, value, low, high, grade in figure_rows(emissions):
        bold = "**" if what.startswith(("Scope 2", "Total")) else ""
        span = f"{readable(low)} – {readable(high)}" if value is not None else ""
        yield f"| {bold}{what}{bold} | {bold}{readable(value)}{bold} | {span} | {grade} |"
    yield ""
    yield "The two totals are alternatives: they are never added together."
    yield from _intensity_lines(emissions)
    yield from _section("What to know", (escaped(text) for _, text in plain_warnings(emissions)))
    yield from _section("Sources", (escaped(_source_line(source)) for source in sources_of(emissions)))
    yield ""
    yield f"Method {_method(emissions)}."


def _intensity_lines(emissions: Emissions) -> Iterator[str]:
    lines = [f"{readable(item.full_g_co2e)} g CO2e per {escaped(item.unit)}" for item in emissions.intensities]
    yield from _section("Per unit", lines)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    listed = [f"- {line}" for line in lines]
    if listed:
        yield from ("", f"#### {title}", "", *listed)


def _source_line(source: Source) -> str:
    year = f", {source.year}" if source.year else ""
    value = "" if source.value is None else f" = {source.value:.6g} {source.unit}"
    match = source.match.replace("_", " ")
    return f"{source.id}{value}: {source.publisher}, {source.title}{year} ({match}, grade {source.grade})"


def _method(emissions: Emissions) -> str:
    known = emissions.methodology
    methodology = known if isinstance(known, Methodology) else msgspec.json.decode(known, type=Methodology)
    return f"{methodology.id} {methodology.version}, factor set {methodology.factor_set.version}"


def _in_words(warning: Warn) -> str:
    meaning = codes()[warning.code].message.rstrip(".")
    here = warning.detail.rstrip(".")
    if here.lower().startswith(meaning.lower()):
        return f"{meaning}{here[len(meaning) :]}."
    return f"{meaning}: {here}."


def escaped(text: str) -> str:
    """Text of a caller's, so that it stays text: no table cell, link, tag or line of its own."""
    marks = str.maketrans({mark: "\\" + mark for mark in "\\`*_[]<>|#"})
    return " ".join(text.translate(marks).split())
