"""Single flight: who asks what is already being asked waits for that answer."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Flights(Generic[K, T]):
    """Tasks under way, one a key. They outlive those who wait for them, so what they find can be kept."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._tasks: dict[K, asyncio.Task[T]] = {}

    def __contains__(self, key: K) -> bool:
        return key in self._tasks

    def join(self, key: K, start: Callable[[], Coroutine[Any, Any, T]]) -> asyncio.Task[T] | None:
        """The flight of a key, begun if there is none; `None` where too many are under way.

        Wait for it with `asyncio.wait`, or shield it: to cancel it is to fail all the others.
        """
        task = self._tasks.get(key)
        if task is None:
            if self._most is not None and len(self._tasks) >= self._most:
                return None
            task = self._tasks[key] = asyncio.get_running_loop().create_task(start())
            task.add_done_callback(lambda _: self._tasks.pop(key, None))
        return task

    async def close(self) -> None:
        """End them all."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
