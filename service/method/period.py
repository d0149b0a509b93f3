"""When a workload ran: [start, end), a date its 00:00 UTC. Source: METHOD section 2."""

from datetime import MAXYEAR, UTC, datetime, time
from functools import lru_cache

from msgspec import Struct

from service.model.workload import Period

_HOUR_S = 3600.0


class Span(Struct, frozen=True, gc=False):
    """A period as instants, with what is asked of it again and again."""

    start: datetime
    end: datetime
    hours: float
    """Length. [h]"""
    first_year: int
    """The first calendar year that it touches."""
    last_year: int
    """The last calendar year that it touches; its end is not part of it."""
    factor_year: int
    """The calendar year that holds most of it; of equals the earlier."""


def instant(moment: str) -> datetime:
    """A date or RFC 3339 time in UTC.

    Raises:
        ValueError: not a day or time of the calendar.
        OverflowError: its UTC is outside the years 1 to 9999.
    """
    when = datetime.fromisoformat(moment.upper())
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


@lru_cache(maxsize=1024)
def span(period: Period) -> Span:
    """The period as instants.

    Raises:
        ValueError: not of the calendar, or empty, or reversed.
        OverflowError: outside the years 1 to 9999.
    """
    start, end = instant(period.start), instant(period.end)
    if end <= start:
        raise ValueError("the period must end after it starts")
    return Span(
        start=start,
        end=end,
        hours=(end - start).total_seconds() / _HOUR_S,
        first_year=start.year,
        last_year=end.year - 1 if (end.month, end.day, end.time()) == (1, 1, time.min) else end.year,
        factor_year=_factor_year(start, end),
    )


def _factor_year(start: datetime, end: datetime) -> int:
    first, last = start.year, end.year
    if first == last:
        return first
    return max(range(first, last + 1), key=lambda year: (_seconds_in(start, end, year), -year))


def _seconds_in(start: datetime, end: datetime, year: int) -> float:
    first = datetime(year, 1, 1, tzinfo=UTC)
    if year == MAXYEAR:
        return (end - max(start, first)).total_seconds()
    return (min(end, first.replace(year=year + 1)) - max(start, first)).total_seconds()
