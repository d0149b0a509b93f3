"""Energy of meters that are read as a stream. Source: METHOD section 1.

Readings of power are integrated by `energy.integrate_power`; here are counters of energy, and gaps of series that are
too long to be held.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from service.method.energy import GAP_FACTOR
from service.method.numeric import total

JOULES_PER_KWH = 3_600_000.0


def counter_increase(values: Sequence[float]) -> tuple[float, int]:
    """What a counter counted between its readings, and how often it began anew.

    A reading below the one before says that the counter began at 0 between them: it counts whole. Nothing is
    extrapolated beyond the readings.

    Source: Prometheus, `increase()`, without its extrapolation to the ends of the range.
    """
    resets = sum(later < earlier for earlier, later in pairwise(values))
    steps = (later if later < earlier else later - earlier for earlier, later in pairwise(values))
    return total(steps), resets


def gaps_of(intervals: Mapping[int, int]) -> tuple[int, int]:
    """How many pauses are longer than twice the median interval, and their length together.

    Args:
        intervals: each length of an interval to how often it is there, in any unit of time.

    Source: METHOD section 1, as `energy.power_gaps`.
    """
    limit = GAP_FACTOR * _median(intervals)
    long = {length: times for length, times in intervals.items() if length > limit}
    return sum(long.values()), sum(length * times for length, times in long.items())


def _median(intervals: Mapping[int, int]) -> float:
    """Mean of the two in the middle, which are the same one where their number is odd."""
    count = sum(intervals.values())
    middle = {(count - 1) // 2, count // 2}
    found: list[int] = []
    seen = 0
    for length in sorted(intervals):
        upto = seen + intervals[length]
        found += [length for place in middle if seen <= place < upto]
        seen = upto
    return sum(found) / len(found) if found else 0.0
