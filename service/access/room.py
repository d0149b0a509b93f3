"""How many at once: places, and a short queue before them."""

import asyncio
from collections import deque


class Room:
    """Places for requests. One that finds none waits for a moment, with a few others; more are turned away."""

    def __init__(self, places: int, queue: int, patience_s: float) -> None:
        self.places = self.free = places
        self._queue = queue
        self._patience_s = patience_s
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def enter_now(self) -> bool:
        """Take a place, if one is free."""
        if self.free > 0:
            self.free -= 1
            return True
        return False

    async def enter(self) -> bool:
        """Take a place, waiting for it in the order of arrival; false where the queue is full or the wait too long."""
        if self.enter_now():
            return True
        if len(self._waiting) >= self._queue:
            return False
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(self._patience_s):
                await place
        except TimeoutError:
            return _given(place)  # at the very last moment
        except BaseException:
            if _given(place):
                self.leave()
            raise
        finally:
            if place in self._waiting:
                self._waiting.remove(place)
        return True

    def leave(self) -> None:
        """Give a place back: to the one that has waited longest."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self.free += 1


def _given(place: asyncio.Future[None]) -> bool:
    return place.done() and not place.cancelled()
