"""Rows of the factor tables as importers write them: every column there, every cell text, nothing rounded.

Numbers are converted as decimals, so that a file shows the publisher's digits and not those of a binary fraction.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation

from service.errors import FactorDataInvalid
from service.factors import columns as tables

Row = tables.Row
Tables = dict[str, list[Row]]

KG_PER_LB = Decimal("0.45359237")
"""Exact by definition."""

PLACE_FROM = "2010-01-01"
"""First day of the oldest grid rows: what holds for every period (a place, a default) is dated from here."""


def row(table: str, **columns: str) -> Row:
    """One row of a table: the columns given, every other one empty."""
    unknown = sorted(columns.keys() - set(tables.COLUMNS[table]))
    if unknown:
        raise ValueError(f"{table} has no column {', '.join(unknown)}")
    return {name: columns.get(name, "") for name in tables.COLUMNS[table]}


def number(text: str | float | Decimal) -> Decimal:
    """A number as the publisher writes it, every digit kept."""
    try:
        digits = Decimal(str(text).strip())
    except InvalidOperation as wrong:
        raise ValueError(f"{text!r} is no number") from wrong
    if not digits.is_finite():
        raise ValueError(f"{text!r} is no number")
    return digits


def decimal(digits: Decimal | float) -> str:
    """A number in its shortest plain decimals: no exponent, no trailing zero."""
    return format(number(digits).normalize(), "f")


def kg_per_kwh_from_lb(lb_per_mwh: Decimal) -> Decimal:
    """Carbon intensity from pounds per megawatt-hour. [kg CO2e/kWh]"""
    return lb_per_mwh * KG_PER_LB / 1000


def kg_per_kwh_from_g(g_per_kwh: Decimal) -> Decimal:
    """Carbon intensity from grams per kilowatt-hour. [kg CO2e/kWh]"""
    return g_per_kwh / 1000


def of_year(year: int, data_year: int | None = None) -> Row:
    """The columns that say: issued for this calendar year, made from the data of that one."""
    return {
        "data_year": str(year if data_year is None else data_year),
        "valid_from": f"{year}-01-01",
        "valid_to": f"{year}-12-31",
    }


def year_of_name(file_name: str) -> str:
    """The year in which a file's name ends, where the file itself does not say it."""
    year = re.search(r"-(\d{4})\.csv$", file_name)
    if year is None:
        raise ValueError("the file's name must end in its year, e.g. -2026.csv")
    return year[1]


def remarks(*parts: str) -> str:
    """A note of several parts, empty ones left out."""
    return "; ".join(part.strip() for part in parts if part.strip())


def standing(status: str) -> str:
    """How well a figure was confirmed, in the words of the note."""
    return "one transcription" if status == "single" else status


def records(text: str, file_name: str, columns: Collection[str]) -> list[tuple[int, Row]]:
    """The lines of a CSV text, each with its number.

    Raises:
        FactorDataInvalid: a column that the importer needs is not there.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    missing = sorted(set(columns) - set(reader.fieldnames or ()))
    if missing:
        raise FactorDataInvalid([f"{file_name}, line 1: no column {', '.join(missing)}: not a file of this source"])
    return [(reader.line_num, {name: cell or "" for name, cell in line.items() if name}) for line in reader]


def renamed(text: str, file_name: str, columns: dict[str, str]) -> list[tuple[int, Row]]:
    """The lines of a CSV text with our names for its columns, the columns that have none left out."""
    return [
        (at, {ours: line[theirs].strip() for theirs, ours in columns.items()})
        for at, line in records(text, file_name, columns)
    ]


def unreadable(file_name: str, line: int, what: str) -> FactorDataInvalid:
    """The error for a line that an importer has no rule for."""
    return FactorDataInvalid([f"{file_name}, line {line}: {what}"])


@contextmanager
def at_line(file_name: str, line: int) -> Iterator[None]:
    """Where in the file a value makes no sense.

    Raises:
        FactorDataInvalid: a cell could not be read, or no rule fits the line.
    """
    try:
        yield
    except ValueError as wrong:
        raise unreadable(file_name, line, str(wrong)) from wrong
