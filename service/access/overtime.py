"""Requests that take too long, or whose body has stopped to arrive: seen by one look at all of them each second."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, Literal

from msgspec import Struct

Late = Literal["silent", "slow", "long"]
"""Nothing more of the body came; the body took too long; the answer took too long."""


class Course(Struct, eq=False, gc=False):
    """One request on its way."""

    task: asyncio.Task[Any] | None
    """That works on it."""
    until: float
    """[s]"""
    arrives: Callable[[], Awaitable[Any]]
    """ASGI's `receive`."""
    whole: bool
    """Whether its body is there."""
    received: int = 0
    """[bytes]"""
    waits_since: float | None = None
    """While more of the body is waited for. [s]"""
    late: Late | None = None
    """Why it was stopped."""

    async def receive(self) -> Any:
        """What comes in, as ASGI has it, timed and counted."""
        if self.whole:
            return await self.arrives()
        self.waits_since = monotonic()
        message = await self.arrives()
        self.waits_since = None
        self.received += len(message.get("body", b""))
        self.whole = not message.get("more_body", False)
        return message

    def stop(self, why: Late) -> None:
        """Break off what works on it."""
        if self.late is None and self.task is not None:
            self.late = why
            self.task.cancel()

    def resume(self) -> None:
        """Let the task that was broken off go on, to say so."""
        if self.task is not None:
            self.task.uncancel()


class Overtime:
    """Watches all requests."""

    def __init__(self, silence_s: float, shortest_s: float) -> None:
        self._silence_s = silence_s
        self._every_s = min(1.0, silence_s / 4, shortest_s / 4)
        self._watching = False
        self.courses: set[Course] = set()
        """Those in flight."""

    def watch(self) -> None:
        """See to it that somebody looks."""
        if not self._watching:
            self._watching = True
            asyncio.get_running_loop().call_later(self._every_s, self._look)

    def _look(self) -> None:
        now = monotonic()
        for course in self.courses:
            if now >= course.until:
                course.stop("long" if course.whole else "slow")
            elif course.waits_since is not None and now - course.waits_since >= self._silence_s:
                course.stop("silent")
        self._watching = bool(self.courses)
        if self._watching:
            asyncio.get_running_loop().call_later(self._every_s, self._look)
