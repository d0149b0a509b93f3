"""Many callers at once, and how long each waited."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from service.boavizta import Answer, Boavizta, Miss, Policy, Question

ASKERS = 300
PATIENCE_S = 20.0


class Told(NamedTuple):
    """What one caller got, and after how long."""

    question: Question
    result: Answer | Miss
    waited_s: float


@contextlib.asynccontextmanager
async def running(
    address: str, policy: Policy | None = None, cache_file: Path | None = None, **more: Any
) -> AsyncIterator[Boavizta]:
    """Open and close an adapter."""
    boavizta = Boavizta(address, policy=policy, cache_file=cache_file, **more)
    await boavizta.open()
    try:
        yield boavizta
    finally:
        await boavizta.close()


async def ask(boavizta: Boavizta, question: Question) -> Told:
    """Ask once."""
    started = time.perf_counter()
    result = await boavizta.embodied(question)
    return Told(question, result, time.perf_counter() - started)


async def ask_at_once(boavizta: Boavizta, questions: Sequence[Question], askers: int = ASKERS) -> list[Told]:
    """Let many ask at the same moment, each question by several."""
    return await asyncio.gather(*(ask(boavizta, questions[turn % len(questions)]) for turn in range(askers)))


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what happens in the background; it is a matter of milliseconds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.002)


def figures(result: Answer | Miss) -> tuple[float, float, float]:
    """Return central, low and high. [kg CO2e]"""
    assert isinstance(result, Answer), result
    return result.kg_co2e, result.low, result.high
