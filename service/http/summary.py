"""An answer as plain text, for a terminal."""

from service.model.result import Emissions, Source
from service.reports.emissions import title
from service.reports.figures import figure_lines
from service.reports.wording import foot, method_of, readable, sources_of, span, told


def headline(emissions: Emissions) -> str:
    """What the figures are of."""
    kwh = emissions.energy.facility_kwh
    return title(emissions) if kwh is None else f"{title(emissions)} with {readable(kwh)} kWh at the facility"


def emissions_text(emissions: Emissions) -> str:
    """The figures as aligned columns, then what to know about them and their sources."""
    table = [
        (line.name, "–", "", "")
        if line.figure is None
        else (
            line.name,
            readable(line.figure.kg_co2e),
            span(line.figure.low_kg_co2e, line.figure.high_kg_co2e),
            line.figure.grade,
        )
        for line in figure_lines(emissions)
    ]
    names, values, ranges = (max(len(line[column]) for line in table) for column in range(3))
    lines = [headline(emissions), "", f"{'':{names}}  {'kg CO2e':>{values}}  {'range':>{ranges}}  grade"]
    lines += [f"{what:{names}}  {value:>{values}}  {limits:>{ranges}}  {grade}" for what, value, limits, grade in table]
    lines += ["", *(f"{'!' if serious else 'i'} {text}" for serious, text in told(emissions.warnings))]
    lines += ["", *(_source_line(source) for source in sources_of(emissions)), ""]
    lines.append(f"Method {foot(method_of(emissions.methodology))}.")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _source_line(source: Source) -> str:
    year = f", {source.year}" if source.year else ""
    value = "" if source.value is None else f" = {source.value:.6g} {source.unit}"
    match = source.match.replace("_", " ")
    return f"{source.id}{value}: {source.publisher}, {source.title}{year} ({match}, grade {source.grade})"
