"""Dividing a pool by drivers, exactly. Source: METHOD section 7.

Every driver is taken as the rational number that its double is, products and weighted sums of drivers as the rational
numbers that they are; so which remainder is larger, and whether two are equal, is decided without rounding, and the
order of the consumers cannot matter. `0.1` is a double a little above a tenth: consumers that are to tie should send
the same numbers. What is long is written as steps: a generator that pauses every few hundred consumers, so that whoever
runs it may serve others in between, and returns its result.
"""

import math
from collections.abc import Generator, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import islice, repeat
from operator import add, mul
from typing import TypeVar

from msgspec import Struct

SLICE = 1024
"""Consumers between two pauses: well under a millisecond of work."""
MOST_UNITS = 2**53
"""Units of 10^-precision kg that a pool may have."""
_WIDE = Context(prec=50)

T = TypeVar("T")
Steps = Generator[None, None, T]


class Column(Struct, frozen=True):
    """One driver of every consumer, exactly: numerators over one denominator."""

    numerators: list[int]
    denominator: int
    total: Fraction
    """Σd."""


class Term(Struct, frozen=True):
    """A driver, what it counts, and what it is divided by: Σd, or the capacity."""

    weight: Fraction
    column: Column
    whole: Fraction


class Shares(Struct, frozen=True):
    """Each line's share of the pool: numerators over `whole`; the unallocated line, if there is one, stands last."""

    numerators: list[int]
    whole: int


def slices(length: int) -> Iterator[slice]:
    """A list of this length, in pieces."""
    return (slice(start, start + SLICE) for start in range(0, length, SLICE))


def column(values: Sequence[float]) -> Steps[Column]:
    """Doubles as the integers that they are in units of a common power of two."""
    ratios: list[tuple[int, int]] = []
    denominator = 1
    for piece in slices(len(values)):
        part = [value.as_integer_ratio() for value in values[piece]]
        denominator = max(denominator, *(below for _, below in part))
        ratios += part
        yield
    numerators: list[int] = []
    for piece in slices(len(ratios)):
        numerators += [above * (denominator // below) for above, below in ratios[piece]]
        yield
    return Column(numerators, denominator, Fraction(sum(numerators), denominator))


def product(first: Column, second: Column) -> Steps[Column]:
    """One driver times another: devices × hours, device-hours × utilization."""
    numerators: list[int] = []
    for piece in slices(len(first.numerators)):
        numerators += map(mul, first.numerators[piece], second.numerators[piece])
        yield
    denominator = first.denominator * second.denominator
    return Column(numerators, denominator, Fraction(sum(numerators), denominator))


def shares(terms: Sequence[Term], *, unallocated: bool) -> Steps[Shares]:
    """`Σ_r w_r·d_ir/D_r` of every consumer; weights are taken relative to their sum.

    Args:
        terms: at least one; `whole` is above 0.
        unallocated: whether what is missing to 1 is a line of its own; else it is 0.
    """
    weights = sum((term.weight for term in terms), Fraction(0))
    factors = [term.weight / (weights * term.column.denominator * term.whole) for term in terms]
    whole = math.lcm(*(factor.denominator for factor in factors))
    numerators = [0] * len(terms[0].column.numerators)
    for factor, term in zip(factors, terms, strict=True):
        times = factor.numerator * (whole // factor.denominator)
        for piece in slices(len(numerators)):
            numerators[piece] = map(add, numerators[piece], map(mul, term.column.numerators[piece], repeat(times)))
            yield
    if unallocated:
        numerators.append(whole - sum(numerators))
    return Shares(numerators, whole)


class Order:
    """The ids of the lines by code point, looked up only where remainders tie; the unallocated line comes last."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids

    @cached_property
    def ranks(self) -> list[int]:
        """Each line's place."""
        ranks = [0] * len(self._ids)
        for rank, index in enumerate(sorted(range(len(ranks)), key=self._ids.__getitem__)):
            ranks[index] = rank
        return [*ranks, len(ranks)]


def divide(units: int, parts: Shares, order: Order) -> Steps[list[int]]:
    """Whole units of each line by floor and largest remainder, ties by id; they sum to `units`.

    A line whose share is 0 has no remainder and gets nothing: there are always more remainders than units left.
    """
    floors: list[int] = []
    remainders: list[int] = []
    for piece in slices(len(parts.numerators)):
        for floor, remainder in map(divmod, map(mul, parts.numerators[piece], repeat(units)), repeat(parts.whole)):
            floors.append(floor)
            remainders.append(remainder)
        yield
    left = units - sum(floors)
    if left:
        for index in _largest(remainders, left, order):
            floors[index] += 1
    yield
    return floors


def _largest(remainders: list[int], count: int, order: Order) -> Iterator[int]:
    """Indexes of the `count` largest remainders; of equals those of the smallest ids."""
    threshold = sorted(remainders)[-count]
    above = [index for index, remainder in enumerate(remainders) if remainder > threshold]
    equal = [index for index, remainder in enumerate(remainders) if remainder == threshold]
    if len(above) + len(equal) > count:
        equal.sort(key=order.ranks.__getitem__)
    return islice((*above, *equal), count)


def units_of(kg_co2e: float, precision: int) -> int:
    """A figure in units of 10^-precision kg, half to even of the decimals that it is printed with."""
    scaled = Decimal(repr(kg_co2e)).scaleb(precision, _WIDE)
    return int(scaled.to_integral_value(ROUND_HALF_EVEN))


def finest_precision(kg_co2e: Sequence[float], most: int) -> int:
    """The most decimals that the sum can be divided in."""
    return next(p for p in range(most, -1, -1) if sum(units_of(kg, p) for kg in kg_co2e) <= MOST_UNITS)
