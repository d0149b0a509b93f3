"""The few operations that differ between a float and a column; formulas use nothing else.

A quantity is a float, or a column of floats (a NumPy array or a Polars expression), or a number that records what is
done with it (service/plans/tape.py).
"""

import math
from collections.abc import Iterable
from typing import Any

Quantity = Any
"""`float`, NumPy array or Polars expression."""


def where(condition: Any, then: Quantity, otherwise: Quantity) -> Quantity:
    """`then` where the condition holds, else `otherwise`."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if type(condition).__module__.startswith("polars"):
        import polars as pl  # noqa: PLC0415 - only where columns of it come in

        return pl.when(condition).then(then).otherwise(otherwise)
    import numpy as np  # noqa: PLC0415

    return np.where(condition, then, otherwise)


def least(first: Quantity, second: Quantity) -> Quantity:
    """The smaller of the two."""
    if type(first) is float and type(second) is float:
        return min(first, second)
    return where(first < second, first, second)


def greatest(first: Quantity, second: Quantity) -> Quantity:
    """The larger of the two."""
    if type(first) is float and type(second) is float:
        return max(first, second)
    return where(first > second, first, second)


def ratio(part: Quantity, whole: Quantity) -> Quantity:
    """`part / whole`, 0 where the whole is 0."""
    if type(whole) is float:
        return part / whole if whole else 0.0 * part
    empty = whole == 0
    return where(empty, 0.0, part / where(empty, 1.0, whole))


def total(parts: Iterable[float]) -> float:
    """Correctly rounded sum."""
    listed = parts if isinstance(parts, list) else list(parts)
    try:
        return math.fsum(listed)
    except TypeError:  # numbers that record: they are no floats, and know how to sum
        recorder: Any = next(part for part in listed if not isinstance(part, int | float))
        summed: float = recorder.fsum(listed)
        return summed
