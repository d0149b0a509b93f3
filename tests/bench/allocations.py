"""What a pool of 100,000 consumers costs, and how long it makes others wait: `python -m tests.bench.allocations`.

In process, from the bytes of the request to those of the answer, all layers included; medians of the rounds. The
longest block is the longest time for which the event loop answered nobody else: a task that does nothing but ask for
its next turn measures it.
"""

import argparse
import asyncio
import os
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import msgspec

from tests.bench.single import call

MOST_S = 1.0
"""Goal of the plain case: 100,000 consumers, one component."""
NAMES = ("scope2", "fuel_and_energy", "embodied", "infrastructure", "spend_based")


def consumer(index: int, chance: random.Random) -> dict[str, Any]:
    """Return one that sends what every method needs."""
    return {
        "id": f"team-{index * 7919 % 1_000_003}",
        "devices": float(chance.randint(1, 64)),
        "hours": round(chance.uniform(0, 744), 2),
        "utilization": round(chance.random(), 3),
        "usage": {"gpu_hours": round(chance.uniform(0, 744), 1)},
        "cost": {"amount": round(chance.uniform(0, 999), 2), "currency": "USD"},
    }


def least(index: int, chance: random.Random) -> dict[str, Any]:
    """Return one that sends device-hours alone."""
    return {"id": f"team-{index * 7919 % 1_000_003}", "device_hours": float(chance.randint(0, 744))}


def body(count: int, one: Callable[[int, random.Random], dict[str, Any]], **asked: Any) -> bytes:
    """Return a request."""
    chance = random.Random(20260101)  # noqa: S311 - the same load each time
    consumers = [one(index, chance) for index in range(count)]
    return msgspec.json.encode({"pool": {"kg_co2e": 123456.789}, "method": "time", "consumers": consumers} | asked)


def cases(count: int) -> dict[str, bytes]:
    """Return the requests by name."""
    several = {"components": {name: 24691.3578 + index for index, name in enumerate(NAMES)}}
    return {
        "one component, integral hours": body(count, least),
        "one component, devices × hours": body(count, consumer),
        "five components": body(count, consumer, pool=several),
        "one component, compare": body(count, consumer, compare=True, static_share=0.4),
        "five components, compare": body(count, consumer, pool=several, compare=True, static_share=0.4),
    }


async def measured(app: Any, content: bytes) -> tuple[float, float]:
    """Return how long the answer took, and the longest block in that time. [s]"""
    longest, running = 0.0, True

    async def watch() -> None:
        nonlocal longest
        last = time.perf_counter()
        while running:
            await asyncio.sleep(0)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    started = time.perf_counter()
    await call(app, "POST", "/allocations", content)
    took, running = time.perf_counter() - started, False
    await watching
    return took, longest


async def main() -> int:
    """Measure, print a Markdown table, and exit with 1 where the goal is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--consumers", type=int, default=100_000, help="of one pool (100,000)")
    options.add_argument("--rounds", type=int, default=5, help="of each case (5)")
    chosen = options.parse_args()
    os.environ["DUALSCOPE_LOG_FORMAT"] = "off"
    from service.app import create_app  # noqa: PLC0415 - reads the environment, which is set by now

    app = create_app()
    plain: list[float] = []
    print("| case | body [MB] | answered [s] | longest block [ms] |\n|---|---|---|---|")
    async with app.lifespan():
        for name, content in cases(chosen.consumers).items():
            rounds = [await measured(app, content) for _ in range(chosen.rounds)]
            took, longest = (statistics.median(values) for values in zip(*rounds, strict=True))
            plain.append(took)
            print(f"| {name} | {len(content) / 1e6:.1f} | {took:.2f} | {longest * 1e3:.0f} |")
    return int(plain[0] > MOST_S)


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
