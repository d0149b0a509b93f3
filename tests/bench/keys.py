"""Whether the time to refuse a key tells how near it comes to a good one: `python -m tests.bench.keys`.

A key with its first characters right, one with its last, one with none, one of another length: looked up in turns. The
medians differ by less than their own spread, or the run fails.
"""

import statistics
import sys
import time

from service.access.keyring import Keyring
from service.access.keys import key_line

KEY = "dualscope_" + "abcdefghij" * 4 + "xyz"
GUESSES = {
    "none right": "dualscope_" + "Z" * 43,
    "half right": KEY[:30] + "Z" * 23,
    "all but the last": KEY[:-1] + "Z",
    "all but the first": "D" + KEY[1:],
}
TURNS, EACH = 400, 200
MOST_NS = 100
"""A median may be so far from that of the first guess, of some 2,000 a look-up."""


def main() -> int:
    """Measure, print a line a guess, and exit with 1 where one stands out."""
    ring = Keyring(None, ";".join([key_line("good", KEY), *(key_line(f"k{n}", f"other{n}") for n in range(100))]))
    took: dict[str, list[float]] = {name: [] for name in GUESSES}
    for turn in range(TURNS):
        names = list(GUESSES)
        for name in names[turn % len(names) :] + names[: turn % len(names)]:  # each is as often the first
            presented = GUESSES[name].encode()
            begun = time.process_time_ns()
            for _ in range(EACH):
                ring.find(presented)
            took[name].append((time.process_time_ns() - begun) / EACH)
    medians = {name: statistics.median(times) for name, times in took.items()}
    base = medians["none right"]
    for name, median in medians.items():
        print(f"{name:18} {median:8.0f} ns  {median - base:+6.0f} ns  (spread {statistics.stdev(took[name]):.0f} ns)")
    return int(any(abs(median - base) > MOST_NS for median in medians.values()))


if __name__ == "__main__":
    sys.exit(main())
