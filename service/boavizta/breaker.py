"""A circuit breaker: a server that fails again and again is left alone for a while, then tried by one request.

Own code, because none of the packages does this. Of ten callers at once, purgatory 3.0, circuitbreaker 2.1 and
asyncbreaker 2.1 let all ten through while half-open, and take what earlier requests come to for the probe's result;
pybreaker knows Tornado's coroutines only; aiobreaker had its last release in 2021. Here each request has a ticket, and
only tickets of the present round count.
"""

import time
from collections.abc import Callable

from service.boavizta.answers import Position


class Breaker:
    """closed → enough failures in a row → open → a while later half_open: one probe → closed, or open again."""

    def __init__(self, failures: int, open_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most_failures = failures
        self._open_s = open_s
        self._clock = clock
        self._round = 0
        self._open_until: float | None = None
        self._probing = False
        self.failures_in_row = 0
        self.opened = 0

    @property
    def position(self) -> Position:
        """Half-open is also one that would let a probe through."""
        if self._open_until is None:
            return "closed"
        return "half_open" if self._probing or self._clock() >= self._open_until else "open"

    @property
    def refuses(self) -> bool:
        """Whether a request would be turned away now."""
        return self._open_until is not None and (self._probing or self._clock() < self._open_until)

    def admit(self) -> int | None:
        """A ticket for one request; `None` turns it away. Each ticket is given back by one of the three below."""
        if self.refuses:
            return None
        if self._open_until is not None:
            self._probing = True
            self._round += 1
        return self._round

    def succeeded(self, ticket: int) -> bool:
        """It was answered as it should be; whether this closed the breaker."""
        if ticket != self._round:
            return False
        closed = self._open_until is not None
        self.failures_in_row = 0
        self._open_until = None
        self._probing = False
        return closed

    def failed(self, ticket: int) -> bool:
        """It was not; whether this opened the breaker."""
        if ticket != self._round:
            return False
        self.failures_in_row += 1
        if not self._probing and self.failures_in_row < self._most_failures:
            return False
        self._probing = False
        self._round += 1
        self._open_until = self._clock() + self._open_s
        self.opened += 1
        return True

    def abandoned(self, ticket: int) -> None:
        """It tells nothing of the server."""
        if ticket == self._round:
            self._probing = False
