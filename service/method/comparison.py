"""Two years side by side. Source: METHOD section 10; GHG Protocol, Corporate Standard, ch. 5."""

from datetime import UTC, datetime
from fractions import Fraction

from msgspec import Struct

from service.method.period import span
from service.model.workload import Period

LENGTH_TOLERANCE_SHARE = 0.01
"""Periods that are not of whole calendar months may differ by this part of the longer one."""
_MONTHS = 12


class Effects(Struct, frozen=True, gc=False):
    """What moved a figure: how much was consumed, and what a kWh emits. [kg CO2e]"""

    activity_kg_co2e: float
    factor_kg_co2e: float


def effects(before_kwh: float, before_kg_co2e: float, after_kwh: float, after_kg_co2e: float) -> Effects:
    """The change as (A1 - A0)·F0 and A1·(F1 - F0), with F = kg / kWh: together they are the whole of it.

    Worked in exact fractions, since the second is a small difference of large products.

    Args:
        before_kwh: A0, above 0. [kWh]
        before_kg_co2e: A0·F0. [kg CO2e]
        after_kwh: A1, 0 only where `after_kg_co2e` is 0 too. [kWh]
        after_kg_co2e: A1·F1. [kg CO2e]

    Source: METHOD section 10.
    """
    at_old_factor = Fraction(after_kwh) * Fraction(before_kg_co2e) / Fraction(before_kwh)
    return Effects(float(at_old_factor - Fraction(before_kg_co2e)), float(Fraction(after_kg_co2e) - at_old_factor))


def share_of(change: float, base: float) -> float | None:
    """A change as part of what it changes; none where that is 0. [-]"""
    return change / base if base else None


def passes(before_kg_co2e: float, after_kg_co2e: float, threshold_share: float) -> bool:
    """Whether a recalculation moves the base year by the threshold or more. Source: METHOD section 10."""
    moved = abs(after_kg_co2e - before_kg_co2e)
    if before_kg_co2e == 0:
        return moved > 0
    return moved / before_kg_co2e >= threshold_share


def same_length(first: Period, second: Period) -> bool:
    """Whether two periods may be compared: equally many whole calendar months, or lengths within 1 %.

    Source: METHOD section 10.

    Raises:
        ValueError: one of them is none.
        OverflowError: one of them is outside the years 1 to 9999.
    """
    months = whole_months(first)
    if months is not None and months == whole_months(second):
        return True
    hours = (span(first).hours, span(second).hours)
    return max(hours) - min(hours) <= LENGTH_TOLERANCE_SHARE * max(hours)


def whole_months(period: Period) -> int | None:
    """How many calendar months it is, by its own clock; none where it begins or ends inside one. [months]"""
    start, end = _by_its_clock(period.start), _by_its_clock(period.end)
    if not (_begins_a_month(start) and _begins_a_month(end)):
        return None
    return (end.year - start.year) * _MONTHS + end.month - start.month


def _by_its_clock(moment: str) -> datetime:
    when = datetime.fromisoformat(moment.upper())
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when


def _begins_a_month(when: datetime) -> bool:
    return when.day == 1 and when.time() == when.min.time()
