"""A row's numbers and period, and what is estimated from: its activity, else its cost, else nothing."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from service.factors.store import FactorStore
from service.formats.focus.charges import MOST, MOST_COST, SPEND_CURRENCY, Charge, Why, charge_of
from service.formats.focus.columns import COMMITTED, DESCRIPTION, DETAILS, METERS, NUMBERS, PERIOD, TEXTS
from service.method.period import instant, span
from service.model.workload import Period

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_MOMENT = 64


class Amounts(Struct, frozen=True, gc=False):
    """A row's numbers; nothing where the cell is empty, NaN where it holds no number."""

    consumed: float | None
    priced: float | None
    cost: float | None


class Decision(Struct, frozen=True, gc=False):
    """What is estimated from."""

    quantity: float | None = None
    """Machine-hours, TB·h or GB."""
    cost: float | None = None
    """[USD]"""
    why: Why = ""
    """Why not from its cost either."""
    physical: Why = ""
    """Why not from its activity."""


def row_of(cells: Mapping[str, str], store: FactorStore) -> tuple[Charge, Amounts, Period | None]:
    """A row of text cells, read.

    Args:
        cells: by column; an empty one is null.
        store: the tables.
    """
    texts = {column: cells[column] for column in TEXTS if cells.get(column)}
    if not any(column in cells for column in METERS) and cells.get(DESCRIPTION):
        texts[METERS[0]] = cells[DESCRIPTION]
    for column, names in DETAILS.items():
        texts |= {name: text for name, text in zip(names, details_of(cells.get(column), names), strict=True) if text}
    consumed, priced, cost = (number_of(cells.get(column)) for column in NUMBERS)
    committed = bool(cells.get(COMMITTED)) and NUMBERS[0] in cells
    period = period_of(*(cells.get(column) or "" for column in PERIOD))
    return charge_of(texts, store, committed=committed), Amounts(consumed, priced, cost), period


def details_of(text: str | None, names: tuple[str, ...]) -> tuple[str, ...]:
    """Properties of a JSON object by name; empty where it is none, or has no such text."""
    nothing = ("",) * len(names)
    if not text or text[0] != "{":
        return nothing
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return nothing
    values = (found.get(name) for name in names) if isinstance(found, dict) else nothing
    return tuple(value if isinstance(value, str) else "" for value in values)


def number_of(text: str | None) -> float | None:
    """A plain number, without signs of thousands or currency."""
    if text is None or text == "":
        return None
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def instant_of(text: str) -> datetime | None:
    """A moment of the calendar, in UTC where no offset is stated; nothing where it is of another form."""
    moment = _moment(text)
    try:
        return instant(moment) if moment else None
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=4096)
def period_of(start: str, end: str) -> Period | None:
    """[start, end) of such moments."""
    period = Period(start=_moment(start), end=_moment(end))
    if not period.start or not period.end:
        return None
    try:
        span(period)
    except (ValueError, OverflowError):
        return None
    return period


def year_of(period: Period | None, store: FactorStore, years_ahead: int) -> int | None:
    """Its factor year; nothing where the factors do not cover it."""
    if period is None:
        return None
    year = span(period).factor_year
    return year if store.first_year <= year <= store.newest_year + years_ahead else None


def _moment(text: str) -> str:
    found = _MOMENT.fullmatch(text.strip()) if len(text) <= _LONGEST_MOMENT else None
    if found is None:
        return ""
    day, minute, second, offset = found.groups()
    if minute is None:
        return day
    stated = "Z" if offset is None or offset.upper() in {"Z", "UTC"} else offset
    return (
        f"{day}T{minute}{second or ':00'}{stated if stated == 'Z' or ':' in stated else f'{stated[:3]}:{stated[3:]}'}"
    )


def decided(charge: Charge, amounts: Amounts, *, covered: bool, modeled: bool = True) -> Decision:
    """From what the row is estimated.

    Args:
        charge: its texts.
        amounts: its numbers.
        covered: whether the factors cover its period.
        modeled: whether its activity has a model; else it is told of as refused.
    """
    if charge.closed:
        return Decision(why=charge.why)
    if not covered:
        return Decision(why="period")
    if charge.committed and amounts.consumed is None:
        return Decision(why="unused_commitment")
    why = charge.why
    if charge.kind:
        quantity = _quantity(charge, amounts)
        if quantity is None:
            why = "quantity_missing"
        elif not abs(quantity) <= MOST:
            return Decision(why="value")
        elif quantity < 0 and not charge.correction:
            return Decision(why="value_negative")
        elif modeled:
            return Decision(quantity=quantity)
        else:
            why = "refused"
    return _by_cost(charge, amounts, why)


def _quantity(charge: Charge, amounts: Amounts) -> float | None:
    if amounts.consumed is not None and charge.per_consumed is not None:
        return amounts.consumed * charge.per_consumed
    if amounts.priced is not None and charge.per_priced is not None:
        return amounts.priced * charge.per_priced
    return None


def _by_cost(charge: Charge, amounts: Amounts, physical: Why) -> Decision:
    cost = amounts.cost
    if charge.currency != SPEND_CURRENCY:
        return Decision(why="currency", physical=physical)
    if cost is None or cost == 0:
        return Decision(why="no_cost", physical=physical)
    if not abs(cost) <= MOST_COST:
        return Decision(why="value", physical=physical)
    if cost < 0 and not charge.correction:
        return Decision(why="value_negative", physical=physical)
    if charge.correction and amounts.consumed is None and amounts.priced is None:
        return Decision(why="correction_without_quantity", physical=physical)
    return Decision(cost=cost, physical=physical)


def reason_of(decision: Decision, codes: Mapping[Any, str]) -> tuple[str, ...]:
    """Codes of why a row has no figure of its activity, and where it has none of its cost either, of that too."""
    found = dict.fromkeys(codes[why] for why in (decision.physical, decision.why) if why not in {"", "not_modeled"})
    return tuple(found)
