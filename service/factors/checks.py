"""What a factor table must be before it is loaded. Each fault says file, line, what is wrong and how to mend it."""

import math
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from itertools import pairwise

from iso3166 import countries_by_alpha2

from service.factors.columns import (
    CHOICES,
    DATES,
    INTEGERS,
    INTENSITY_HIGHEST,
    INTENSITY_UNITS,
    LISTS,
    NEEDED,
    NUMBERS,
    PLACE_KIND,
    SHARE_UNIT,
    TIMELESS_KINDS,
    UNITS,
    kind_of,
    subject_of,
)
from service.factors.csvfiles import Line
from service.factors.names import accelerator_key, instance_key

_KINDS = {"grid_intensity": "grid_location"}
"""Table → kind of its rows, where the names differ; those of a cloud region are its metrics."""
_METRICS = frozenset("place pue wue carbon_free_share provider_market_intensity provider_grid_intensity".split())
_PATH_SAFE = re.compile(r"[A-Za-z0-9._~:+-]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_YEAR_EARLIEST, _YEAR_LATEST = 1990, 2100
_WHOLE_ZONES = frozenset({"WORLD", "EU27", "default"})
_FURTHER = NUMBERS - {"value", "low", "high", "latitude", "longitude"}
_SIGNED = frozenset({"provider"})
"""Tables whose figures may lie below 0: changes against an earlier year."""
_COUNTRY_LETTERS = 2
_GEOGRAPHY = "-geography"


def row_faults(line: Line) -> list[str]:
    """What is wrong with the cells of one row."""
    checks = (_empty_cells, _words, _whole_numbers, _numbers, _dates, _id, _lists)
    faults = [line.fault(what) for check in checks for what in check(line)]
    return faults or [line.fault(what) for what in _figures(line)]


def _empty_cells(line: Line) -> Iterator[str]:
    for column in NEEDED:
        if not line.row[column].strip():
            yield f"no {column}; a row does not get in without one"


def _words(line: Line) -> Iterator[str]:
    for column, words in CHOICES.items():
        if line.row.get(column, words[0]) not in words:
            allowed = ", ".join(word or "empty" for word in words)
            yield f"{column} is {line.row[column]!r}; write one of: {allowed}"
    metric = line.row.get("metric")
    if line.table == "cloud_region" and metric not in _METRICS:
        yield f"metric is {metric!r}; write one of: {', '.join(sorted(_METRICS))}"


def _whole_numbers(line: Line) -> Iterator[str]:
    for column in INTEGERS & line.row.keys():
        cell = line.row[column]
        if not cell:
            continue
        if not (cell.isascii() and cell.isdigit() and _YEAR_EARLIEST <= int(cell) <= _YEAR_LATEST):
            yield f"{column} is {cell!r}; write a year of four digits"


def _numbers(line: Line) -> Iterator[str]:
    for column, cell in line.row.items():
        if column in NUMBERS and cell:
            if not _NUMBER.fullmatch(cell):
                yield f"{column} is {cell!r}, not a finite number; write plain decimals with a point"
            elif not math.isfinite(float(cell)):
                yield f"{column} is {cell!r}, too large for a number; check its unit"


def _dates(line: Line) -> Iterator[str]:
    days = []
    for column in DATES:
        try:
            days.append(date.fromisoformat(line.row[column]) if line.row[column] else None)
        except ValueError:
            yield f"{column} is {line.row[column]!r}; write a date as 2024-01-31"
            return
    if days[0] and days[1] and days[1] < days[0]:
        yield f"valid_to {days[1]} lies before valid_from {days[0]}; exchange them"


def _id(line: Line) -> Iterator[str]:
    row = line.row
    if row["id"] and not _PATH_SAFE.fullmatch(row["id"]):
        yield f"the id {row['id']!r} is not path-safe; use letters, digits and . _ ~ : + - only"
    kind = _KINDS.get(line.table, line.table)
    if line.table == "cloud_region":
        kind = PLACE_KIND if row["metric"] == "place" else row["metric"]
    if kind_of(row) != kind:
        yield f"the id {row['id']!r} is of kind {kind_of(row)!r}; begin it with {kind}:"


def _lists(line: Line) -> Iterator[str]:
    for column in LISTS & line.row.keys():
        if line.row[column] and not all(name.strip() for name in line.row[column].split("|")):
            yield f"{column} holds an empty name; write names with one | between two"


def _figures(line: Line) -> Iterator[str]:
    """Faults of numbers that can be read."""
    yield from _unit(line)
    yield from _other_numbers(line)
    figures = [(column, float(line.row[column])) for column in ("low", "value", "high") if line.row[column]]
    for (column, figure), (next_column, next_figure) in pairwise(figures):
        if figure > next_figure:
            yield f"{column} {figure} is above {next_column} {next_figure}; order them low, value, high"
    for column, figure in figures:
        yield from _bounds(line, column, figure)


def _other_numbers(line: Line) -> Iterator[str]:
    for column, cell in line.row.items():
        if column in _FURTHER and cell and float(cell) < 0:
            yield f"{column} {cell} lies below 0; it cannot"
    for column, farthest in (("latitude", 90), ("longitude", 180)):
        if line.row.get(column) and abs(float(line.row[column])) > farthest:
            yield f"{column} {line.row[column]} lies outside -{farthest} to {farthest}; write degrees"
    if line.row.get("accelerator") and "accelerators" in line.row and not float(line.row["accelerators"] or 0):
        yield f"no number of the accelerator {line.row['accelerator']!r}; write how many, a part as a fraction"


def _unit(line: Line) -> Iterator[str]:
    units = UNITS.get(line.table)
    unit = line.row["unit"]
    if units and unit not in units:
        yield f"the unit {unit!r} is not one of this table; convert to {' or '.join(units)}"
    if line.table == "td_loss" and (line.row["boundary"] == "published_rate") is (unit == SHARE_UNIT):
        yield f"boundary {line.row['boundary']!r} and unit {unit!r} do not go together; a rate is in kg CO2e/kWh"


def _bounds(line: Line, column: str, figure: float) -> Iterator[str]:
    unit = line.row["unit"]
    if unit in INTENSITY_UNITS and not 0 <= figure <= INTENSITY_HIGHEST:
        yield f"{column} {figure} {unit} lies outside 0 to 3; divide grams by 1000"
    elif unit == SHARE_UNIT and not 0 <= figure <= 1:
        yield f"{column} {figure} is no share of 0 to 1; divide percent by 100"
    elif line.row.get("metric") == "pue" and figure < 1:
        yield f"{column} {figure} of a PUE lies below 1; check which way it was divided"
    elif figure < 0 and line.table not in _SIGNED:
        yield f"{column} {figure} lies below 0; a factor cannot"


def table_faults(lines: Iterable[Line]) -> list[str]:
    """What is wrong between rows whose cells are right."""
    lines = list(lines)
    by_table: dict[str, list[Line]] = {}
    for line in lines:
        by_table.setdefault(line.table, []).append(line)
    regions = {line.row["region"] for line in by_table.get("cloud_region", ()) if line.row["metric"] == "place"}
    faults = _repeated(lines, lambda line: [line.row["id"]], "the id {} stands at {} too; rename one or delete it")
    faults += _repeated(lines, _edition_keys, "{} stands at {} too; name another edition or delete one")
    faults += _repeated(lines, _name_keys, "the name {} stands for another at {}; leave it to one of them")
    for line in lines:
        faults += [line.fault(what) for what in _zones(line, regions)]
    return faults + _missing_accelerators(by_table)


def _repeated(lines: Iterable[Line], keys: Callable[[Line], Iterable[Hashable]], what: str) -> list[str]:
    """A fault for every key that two rows share."""
    first: dict[Hashable, Line] = {}
    faults = []
    for line in lines:
        for key in keys(line):
            other = first.setdefault(key, line)
            if other is not line:
                shown = " ".join(str(part) for part in key if part) if isinstance(key, tuple) else str(key)
                faults.append(line.fault(what.format(shown, f"{other.file}:{other.number}")))
    return faults


def _edition_keys(line: Line) -> Iterator[Hashable]:
    row = line.row
    subject = subject_of(line.table, row)
    kind = kind_of(row)
    if kind in TIMELESS_KINDS:
        yield (kind, *subject)
    else:
        yield (kind, *subject, row["valid_from"], row["edition"], row.get("basis", ""), row.get("boundary", ""))


def _name_keys(line: Line) -> set[Hashable]:
    """The names that a row answers to, each once."""
    row = line.row
    aliases = [name for name in row.get("aliases", "").split("|") if name]
    if line.table == "accelerator":
        return {("accelerator", accelerator_key(name)) for name in (row["accelerator"], *aliases)}
    if line.table == "cloud_instance":
        return {(row["provider"], instance_key(name)) for name in (row["instance"], *aliases)}
    if line.table == "server_component":
        return {("server", accelerator_key(name)) for name in (row["component"], row["name"], *aliases) if name}
    if line.table == "power":
        return {("processor", name.strip().lower()) for name in row["cpu_models"].split("|") if name}
    return set()


def _zones(line: Line, regions: set[str]) -> Iterator[str]:
    row = line.row
    if "zone" in row and row["zone"] not in regions and not known_zone(row["zone"]):
        yield (
            f"unknown zone {row['zone']!r}; write a country of ISO 3166-1 (DE), a part of one (US-SRVC), "
            "WORLD, EU27 or the id of a cloud region"
        )
    country = row.get("country", "")
    if country and country not in countries_by_alpha2:
        yield f"unknown country {country!r}; write its two letters of ISO 3166-1"
    if line.table == "cloud_region":
        for zone in (row["grid_zone"], *row["alternative_zones"].split("|")):
            if zone and not known_zone(zone):
                yield f"unknown zone {zone!r}; write a country of ISO 3166-1 or a part of one"
        region = row["region"]
        if region not in regions and region != "default" and not _of_provider(region, regions):
            yield f"unknown region {region!r}; add its place row, or write a provider or default"


def _of_provider(region: str, regions: set[str]) -> bool:
    """Whether a region is a provider's whole fleet (`aws`) or one of its geographies (`aws-geography:europe`)."""
    owner, colon, _ = region.partition(":")
    if colon and not owner.endswith(_GEOGRAPHY):
        return False
    provider = owner.removesuffix(_GEOGRAPHY)
    return any(place.startswith(f"{provider}:") for place in regions)


def known_zone(zone: str) -> bool:
    """Whether a zone can be: a country, a part of one, or a whole that the tables know."""
    if zone in _WHOLE_ZONES or zone in countries_by_alpha2:
        return True
    country, dash, part = zone.partition("-")
    return len(country) == _COUNTRY_LETTERS and bool(dash and part) and country in countries_by_alpha2


def _missing_accelerators(by_table: dict[str, list[Line]]) -> list[str]:
    known = {line.row["accelerator"] for line in by_table.get("accelerator", ())}
    return [
        line.fault(f"there is no accelerator {line.row['accelerator']!r}; add its row or write the id of another")
        for table in ("cloud_instance", "server_component")
        for line in by_table.get(table, ())
        if line.row["accelerator"] and line.row["accelerator"] not in known
    ]
