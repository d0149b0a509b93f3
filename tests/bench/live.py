"""What a live BoaviztAPI costs the service's callers: `python -m tests.bench.live`.

Run it from the checkout. The real server and the service run on one core, the load comes from the other. Medians of all
rounds, but for the last: a request whose hardware was asked before, beside the same request answered from the tables
alone, and beside asking BoaviztAPI for every request; how many requests reach BoaviztAPI when a thousand ask at once
for the same new hardware; how much longer callers wait while BoaviztAPI is gone and the breaker is open.
"""

import argparse
import asyncio
import contextlib
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.bench.load import LOAD_CORE, SERVER_CORE, ask, first_answer, free_port, measure, server
from tests.bench.single import ours
from tests.boavizta.server import real_server
from tests.serving import post_at_once

AROUND = {"region": "aws:us-east-1", "energy": {"kwh": 100}, "duration_hours": 72, "allocation": {"method": "time"}}
KNOWN, NEW = "p4d.24xlarge", "c5.9xlarge"
AT_ONCE = 1000
WAITS = 400
STRAIGHT = "/v1/cloud/instance?criteria=gwp&verbose=false"
LEAST = {"warm ÷ tables, throughput": 0.95}
MOST = {"questions for a thousand callers": 1.0, "p99 while it is gone, longer by [ms]": 20.0}
"""Goals: no figure may be smaller, or larger."""


class Ports(NamedTuple):
    """Where the servers listen: BoaviztAPI, the service with the tables alone, the service that asks."""

    upstream: int
    tables: int
    live: int


def main() -> int:
    """Measure, print a Markdown table, and exit with 1 where a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=7, help="turns of each server (7)")
    options.add_argument("--seconds", type=float, default=2.0, help="load in one turn (2)")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), chosen.rounds, chosen.seconds)
    print("| figure | measured | goal | |\n|---|---|---|---|")
    missed = False
    for name, value in figures.items():
        least, most = LEAST.get(name, float("-inf")), MOST.get(name, float("inf"))
        met = least <= value <= most
        missed |= not met
        goal = f"≥ {least}" if name in LEAST else f"≤ {most:g}" if name in MOST else ""
        print(f"| {name} | {value:.2f} | {goal} | {('met' if met else 'missed') if goal else ''} |")
    return int(missed)


def measured(folder: Path, rounds: int, seconds: float) -> dict[str, float]:
    """Return all figures."""
    log, ports = folder / "log", Ports(free_port(), free_port(), free_port())
    environment = {"DUALSCOPE_CACHE_DIR": str(folder), "DUALSCOPE_LOG_FORMAT": "off", "DUALSCOPE_BOAVIZTA_URL": ""}
    asking = environment | {"DUALSCOPE_BOAVIZTA_URL": f"http://127.0.0.1:{ports.upstream}"}
    known = body(KNOWN)
    with contextlib.ExitStack() as stack:
        os.sched_setaffinity(0, {SERVER_CORE})  # children inherit it
        gone = stack.enter_context(contextlib.ExitStack())
        gone.enter_context(real_server(folder, ports.upstream))
        without = stack.enter_context(server(ours(ports.tables), environment, log))
        with_it = stack.enter_context(server(ours(ports.live), asking, log))
        os.sched_setaffinity(0, {LOAD_CORE})
        origin(first_answer(without, ports.tables, known, log), "embedded")
        origin(first_answer(with_it, ports.live, known, log), "boavizta")
        figures = costs(ports, without.pid, with_it.pid, (rounds, seconds, folder))

        before = questions(ports.live)
        for told in asyncio.run(post_at_once(ports.live, [body(NEW)] * AT_ONCE)):
            origin(told.body, "boavizta")
        figures["questions for a thousand callers"] = questions(ports.live) - before

        normal = p99_ms(ports.live)
        gone.close()
        while 'breaker{position="open"} 1.0' not in ask(ports.live, path="/metrics").decode():
            ask(ports.live, body("m5.large"))
        figures |= {"p99 [ms]": normal, "p99 while it is gone, longer by [ms]": p99_ms(ports.live) - normal}
    return figures


def costs(ports: Ports, without: int, with_it: int, load: tuple[int, float, Path]) -> dict[str, float]:
    """Return what a request costs the service with the tables alone, the warm one, and BoaviztAPI itself. [µs]

    Of the service it is the processor time; of BoaviztAPI, which keeps its core busy, the time.
    """
    rounds, seconds, folder = load
    straight = msgspec.json.encode({"provider": "aws", "instance_type": KNOWN})
    servers = [(without, ports.tables), (with_it, ports.live)]
    every: dict[int, list[float]] = {port: [] for port in ports}
    for turn in range(rounds + 1):
        for pid, port in servers[:: -1 if turn % 2 else 1]:  # neither always goes first
            every[port].append(measure(pid, port, body(KNOWN), seconds, folder).cpu_us)
        asked = measure(os.getpid(), ports.upstream, straight, seconds, folder, STRAIGHT)
        every[ports.upstream].append(1e6 / asked.per_second)
    direct, plain, warm = (statistics.median(every[port][1:]) for port in ports)  # the first warms up
    return {
        "tables alone [µs]": plain,
        "warm [µs]": warm,
        "BoaviztAPI itself [µs]": direct,
        "warm ÷ tables, throughput": plain / warm,
        "warm ÷ BoaviztAPI itself, throughput": direct / warm,
    }


def body(instance: str) -> bytes:
    """Return a request for one instance."""
    return msgspec.json.encode({**AROUND, "hardware": {"instance": instance}})


def origin(answer: bytes, expected: str) -> None:
    """Refuse to measure an answer that comes from elsewhere."""
    found = msgspec.json.decode(answer)["scope3"]["embodied"]["origin"]
    if found != expected:
        msg = f"the embodied figure is of {found}, not of {expected}"
        raise RuntimeError(msg)


def questions(port: int) -> float:
    """Return how many requests were sent to BoaviztAPI so far."""
    found = re.search(
        r"^dualscope_boavizta_requests_total ([\d.]+)$", ask(port, path="/metrics").decode(), re.MULTILINE
    )
    if found is None:
        raise RuntimeError("no count of requests")
    return float(found[1])


def p99_ms(port: int) -> float:
    """Return what the slowest hundredth wait, one after the other, for kept hardware and for another in turn. [ms]"""
    took = []
    for turn in range(WAITS):
        started = time.perf_counter()
        ask(port, body(KNOWN if turn % 2 else "m5.large"))
        took.append((time.perf_counter() - started) * 1e3)
    return statistics.quantiles(took, n=100)[-1]


if __name__ == "__main__":
    sys.exit(main())
