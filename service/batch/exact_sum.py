"""Sums of any number of numbers, exact, in memory that does not grow with them."""

import math
from collections.abc import Iterable

_KEPT = 256


class ExactSum:
    """Adds numbers one by one; the sum is correctly rounded, so it does not depend on their order.

    Source: Shewchuk, Adaptive Precision Floating-Point Arithmetic (1997), Grow-Expansion, as `math.fsum` has it.
    """

    __slots__ = ("_parts", "count")

    def __init__(self) -> None:
        self._parts: list[float] = []
        self.count = 0

    def add(self, number: float) -> None:
        """Take one more."""
        self._parts.append(number)
        self.count += 1
        if len(self._parts) >= _KEPT:
            self._parts = _expansion(self._parts)

    @property
    def value(self) -> float:
        """The sum."""
        return math.fsum(self._parts)

    @property
    def known(self) -> float | None:
        """The sum; nothing where there was nothing to add."""
        return self.value if self.count else None


def _expansion(numbers: Iterable[float]) -> list[float]:
    """A few numbers of the same sum, exactly."""
    parts: list[float] = []
    for number in numbers:
        carried, kept = number, 0
        for part in parts:
            large, small = (carried, part) if abs(carried) >= abs(part) else (part, carried)
            carried = large + small
            rest = small - (carried - large)
            if rest:
                parts[kept] = rest
                kept += 1
        parts[kept:] = [carried]
    return parts
