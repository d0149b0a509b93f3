"""What the adapter gives back: an answer, or why there is none; and what it tells of itself."""

import math
from typing import Literal

from msgspec import Struct

from service.errors import DualscopeError

MOST_KG = 1e7
"""No machine takes more to make; the heaviest instance type has some 1e4 kg."""

Position = Literal["closed", "open", "half_open"]


class Answer(Struct, frozen=True, kw_only=True, gc=False):
    """Whole-life embodied emissions of what was asked: nothing is amortized."""

    kg_co2e: float
    low: float
    high: float
    life_hours: float | None
    """The life that BoaviztAPI assumed; shown, never used. [h]"""
    version: str
    """Of the server that said so."""
    warnings: tuple[str, ...] = ()
    """What it warns of, and which parts it completed."""
    asked_at: float
    """Seconds since 1970."""
    keep_until: float
    """Until when whatever rests on it may be kept; 0 for a stale one. [s since 1970]"""
    stale: bool = False
    """No longer good, given because the server does not answer."""
    age_s: float = 0.0
    """Of a stale answer. [s]"""

    @property
    def ranged(self) -> bool:
        """Whether the server itself gives a range."""
        return self.low < self.high


class Miss(Struct, frozen=True, gc=False):
    """No answer, and why; the embedded table then answers."""

    reason: str
    unavailable: bool = False
    """The server is at fault, not the question: another time there may be an answer."""
    keep_until: float = 0.0
    """Until when whatever rests on it may be kept; 0: not at all. [s since 1970]"""


class State(Struct, frozen=True, kw_only=True):
    """How the adapter fares: for readiness and metrics. Counts are since the process began."""

    breaker: Position
    failures_in_row: int
    version: str | None
    """Of the server, as last heard, maybe by an earlier process."""
    hits: int
    """Questions answered from memory or file."""
    misses: int
    """Questions that neither had."""
    stale: int
    """Misses answered by an answer that is no longer good."""
    unavailable: int
    """Misses that got no answer because of the server."""
    requests: int
    """Sent to the server; attempts count as one."""
    failures: int
    """Of them failed."""
    opened: int
    """Times that the breaker opened."""
    last_failure: str | None
    in_memory: int
    """Answers and misses kept in memory."""


class Trouble(DualscopeError):
    """The server does not answer as it should."""


class Garbled(Trouble):
    """What it sends is not of its interface."""


class Declined(Trouble):
    """It refuses this question, or breaks on it: which of both does not show."""


def is_sound(kg: float, low: float, high: float) -> bool:
    """Whether a figure and its range make sense; a NaN never does. [kg CO2e]"""
    return math.isfinite(kg) and 0 <= low <= kg <= high <= MOST_KG
