"""When a workload ran: [start, end), a date its 00:00 UTC. Source: METHOD section 2."""

from datetime import MAXYEAR, UTC, datetime
from functools import lru_cache

from msgspec import Struct

from service.model.workload import Period

_HOUR_S = 3600.0


class Span(Struct, frozen=True, gc=False):
    """A period as instants."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> float:
        """Length. [h]"""
        return (self.end - self.start).total_seconds() / _HOUR_S

    @property
    def last_year(self) -> int:
        """The last calendar year that it touches; its end is not part of it."""
        ends_a_year = (self.end.month, self.end.day) == (1, 1) and self.end.time() == self.start.min.time()
        return self.end.year - 1 if ends_a_year else self.end.year

    @property
    def first_year(self) -> int:
        """The first calendar year that it touches."""
        return self.start.year

    @property
    def factor_year(self) -> int:
        """The calendar year that holds most of it; of equals the earlier."""
        first, last = self.start.year, self.end.year
        if first == last:
            return first
        return max(range(first, last + 1), key=lambda year: (_seconds_in(self, year), -year))


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
    return Span(start, end)


def _seconds_in(when: Span, year: int) -> float:
    first = datetime(year, 1, 1, tzinfo=UTC)
    if year == MAXYEAR:
        return (when.end - max(when.start, first)).total_seconds()
    return (min(when.end, first.replace(year=year + 1)) - max(when.start, first)).total_seconds()
