"""When a workload ran, as pure functions. Rules: METHOD section 2."""

from datetime import UTC, datetime

import pytest

from service.method.period import Span, instant, span
from service.model.workload import Period


def when(start: str, end: str) -> Span:
    """A period as instants."""
    return span(Period(start=start, end=end))


def test_a_date_is_its_midnight_in_utc() -> None:
    """A date stands for its 00:00 UTC."""
    assert instant("2026-03-01") == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment", ["2026-03-01T05:30:00+05:30", "2026-02-28T19:00:00-05:00", "2026-03-01t00:00:00z", "2026-03-01 00:00:00Z"]
)
def test_an_offset_is_taken_off(moment: str) -> None:
    """Times of any offset are one instant in UTC."""
    assert instant(moment) == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_period_lasts_up_to_its_end() -> None:
    """[start, end): a year that is no leap year has 8760 hours, a leap year 8784."""
    assert when("2025-01-01", "2026-01-01").hours == 8760
    assert when("2024-01-01", "2025-01-01").hours == 8784
    assert when("2026-01-01T00:00:00Z", "2026-01-01T00:30:00Z").hours == 0.5


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-01-01", "2026-01-01"),
        ("2026-01-02", "2026-01-01"),
        ("2026-01-01T02:00:00+02:00", "2026-01-01"),  # one instant
        ("2026-02-30", "2026-03-01"),
    ],
)
def test_a_period_that_is_none_is_refused(start: str, end: str) -> None:
    """Empty, reversed, or not of the calendar."""
    with pytest.raises(ValueError, match=r".+"):
        when(start, end)


@pytest.mark.parametrize(
    ("start", "end", "year"),
    [
        ("2025-03-01", "2025-04-01", 2025),
        ("2025-01-01", "2026-01-01", 2025),  # no instant of 2026 is in it
        ("2024-12-01", "2025-02-01", 2024),  # 31 days each: the earlier
        ("2024-12-02", "2025-02-01", 2025),  # 30 and 31 days
        ("2024-12-01", "2025-01-31", 2024),  # 31 and 30 days
        ("2023-07-01", "2026-01-01", 2024),  # 184, 366, 365 days
        ("2022-07-01", "2025-07-01", 2024),  # of 2023 and 2024 the leap year is longer
        ("2025-01-01T00:30:00+01:00", "2025-01-01T00:40:00+01:00", 2024),  # still 2024 in UTC
    ],
)
def test_the_factor_year_holds_most_of_the_period(start: str, end: str, year: int) -> None:
    """The calendar year (UTC) that holds most of the period; of equals the earlier."""
    assert when(start, end).factor_year == year


@pytest.mark.parametrize(
    ("end", "last_year"),
    [("2026-01-01", 2025), ("2026-01-01T00:00:01Z", 2026), ("2025-12-31", 2025), ("2026-01-02", 2026)],
)
def test_the_end_is_not_part_of_the_period(end: str, last_year: int) -> None:
    """A period that ends with a year does not touch the next."""
    assert when("2025-06-01", end).last_year == last_year
