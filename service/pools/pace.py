"""Long work in steps, so that other callers are answered in between."""

import asyncio

from service.method.allocation import Steps, T


async def paced(steps: Steps[T]) -> T:
    """The result of steps, with a pause after each."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
        await asyncio.sleep(0)
