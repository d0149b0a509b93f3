"""Times as files have them, with a zone or without, as instants."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.formats.imported import Given
from service.formats.sheet import Row
from service.model.resolved import Note
from service.model.workload import Period

_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})", re.ASCII)
_STATED = re.compile(r"(?:Z|UTC|[+-]\d{2}:?\d{2})\s*$", re.ASCII | re.IGNORECASE)
_LONGEST_NAME = 64
_YEARS = range(1900, 2200)
LONGEST_SECONDS = 3.2e9
"""A hundred years: no record lasts longer, and no start lies before the calendar. [s]"""


def zone_named(name: str) -> tzinfo:
    """A time zone by its IANA name (`Europe/Paris`) or offset (`+02:00`, `Z`).

    Raises:
        ValueError: it is none.
    """
    text = name.strip()
    if text.upper() in {"Z", "UTC"}:
        return UTC
    offset = _OFFSET.fullmatch(text)
    try:
        if offset is not None:
            ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            return timezone(ahead if offset[1] == "+" else -ahead)
        return ZoneInfo(text[:_LONGEST_NAME])
    except (ZoneInfoNotFoundError, OSError, ValueError):
        raise ValueError(f"{name[:_LONGEST_NAME]!r} is no time zone; write Europe/Paris, +02:00 or Z") from None


def instant_of(row: Row, column: str, given: Given, notes: list[Note]) -> datetime | None:
    """The instant of a cell, in UTC; nothing where it is empty. What had to be assumed is noted.

    Raises:
        Refused: it is no time of a day.
    """
    moment = row.moment(column)
    if moment is None:
        return None
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        raise row.wrong(column, f"{moment!r} is not of the calendar") from None
    if "T" not in moment:
        raise row.wrong(column, f"{moment!r} has no time of the day; write 2026-01-31T13:00:00")
    if read.year not in _YEARS:
        raise row.wrong(column, f"{moment!r} is not of our times")
    if _STATED.search(row.cells[column]):
        return read.astimezone(UTC)
    local = read.replace(tzinfo=given.zone)
    if given.zone_assumed:
        detail = f"{moment[:-1]} has no time zone and was taken as UTC; say where it was read off by tz=Europe/Paris"
        notes.append(("VALUE_INVALID", row.pointer(column), detail))
    elif local.utcoffset() != local.replace(fold=1).utcoffset():
        detail = f"{moment[:-1]} is there twice, or not at all, when the clocks change; the offset before was taken"
        notes.append(("VALUE_INVALID", row.pointer(column), detail))
    return local.astimezone(UTC)


def period_until(end: datetime, seconds: float) -> Period:
    """From so long before to an instant; its whole day where it took no time, because a period has a length."""
    return _period(end - timedelta(seconds=seconds), end)


def period_from(start: datetime, seconds: float) -> Period:
    """From an instant to so long after; its whole day where it took no time."""
    return _period(start, start + timedelta(seconds=seconds))


def _period(start: datetime, end: datetime) -> Period:
    if start == end:
        start = end.replace(hour=0, minute=0, second=0, microsecond=0)
        end = start + timedelta(days=1)
    return Period(start=rfc3339(start), end=rfc3339(end))


def rfc3339(moment: datetime) -> str:
    """An instant in UTC as text."""
    return moment.isoformat().replace("+00:00", "Z")
