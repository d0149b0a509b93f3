"""Units as FOCUS and the providers write them: `Hours`, `GB-Months`, `gibibyte month`, `100 Hours`, `GB/Month`."""

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from service.method.embodied import HOURS_PER_YEAR

HOURS_PER_MONTH = HOURS_PER_YEAR / 12
"""730 h: a month of a unit is a twelfth of a year, whichever month it is."""
_LONGEST = 64
_TIMES = {
    "second": 1 / 3600, "seconds": 1 / 3600, "sec": 1 / 3600, "secs": 1 / 3600, "s": 1 / 3600,
    "minute": 1 / 60, "minutes": 1 / 60, "min": 1 / 60, "mins": 1 / 60,
    "hour": 1.0, "hours": 1.0, "hr": 1.0, "hrs": 1.0, "h": 1.0,
    "day": 24.0, "days": 24.0,
    "month": HOURS_PER_MONTH, "months": HOURS_PER_MONTH, "mo": HOURS_PER_MONTH, "mos": HOURS_PER_MONTH,
}  # fmt: skip
"""[h]"""
_PREFIXES = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "p": 1e15}
_BINARY = {"ki": 2.0**10, "mi": 2.0**20, "gi": 2.0**30, "ti": 2.0**40, "pi": 2.0**50}
_WORDS = {
    "byte": 1.0, "kilobyte": 1e3, "megabyte": 1e6, "gigabyte": 1e9, "terabyte": 1e12, "petabyte": 1e15,
    "kibibyte": 2.0**10, "mebibyte": 2.0**20, "gibibyte": 2.0**30, "tebibyte": 2.0**40, "pebibyte": 2.0**50,
}  # fmt: skip
_BYTES = {f"{prefix}b": size for prefix, size in (_PREFIXES | _BINARY).items()}
_BYTES |= _WORDS | {f"{word}s": size for word, size in _WORDS.items()}
"""[bytes] GB is 10^9 and GiB 2^30, as FOCUS has it."""
_UNIT = re.compile(r"(?:(\d{1,9}(?:\.\d{1,9})?)\s*)?([a-z]+)(?:[\s/-]+(?:per\s+)?([a-z]+))?", re.ASCII)

Dimension = Literal["hours", "terabyte_hours", "gigabytes"]


class Unit(Struct, frozen=True, gc=False):
    """What one of it holds."""

    dimension: Dimension
    amount: float


@lru_cache(maxsize=4096)
def _unit(text: str) -> Unit | None:
    found = _UNIT.fullmatch(text)
    if found is None:
        return None
    number, first, second = found.groups()
    times = float(number) if number else 1.0
    if second is None:
        if first in _TIMES:
            return Unit("hours", times * _TIMES[first])
        return Unit("gigabytes", times * _BYTES[first] / 1e9) if first in _BYTES else None
    if first in _BYTES and second in _TIMES:
        return Unit("terabyte_hours", times * _BYTES[first] / 1e12 * _TIMES[second])
    return None


def unit(text: str) -> Unit | None:
    """What a unit holds; nothing where its words are of another kind, such as `Requests` or `1000 Tokens`."""
    return _unit(text.strip().lower()) if len(text) <= _LONGEST else None
