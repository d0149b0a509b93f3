"""What one request costs, as a ratio to a floor measured in the same run: `python -m tests.bench.single`.

Run it from the checkout, with '.[bench]' installed. The load is sent by wrk where that is installed (Debian has it),
else by a small client of its own. The servers run at once on one core, and take turns under load from the other:

- floor: a bare ASGI application that decodes the request and encodes the finished answer with msgspec;
- litestar: a Litestar handler that does only that;
- fastapi: FastAPI and pydantic doing only that, and once more with our calculation inside;
- dualscope: the service, computing, with everything on.

The figure to compare is the processor time of the server a request, by the kernel's count; medians of all rounds. Then
the first request of a new context, in process; start to first answer, the SQLite file being there; resident memory.
"""

import argparse
import asyncio
import contextlib
import importlib.metadata
import itertools
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from tests.bench.load import Cost, first_answer, free_port, measure, resident_mb, server

REQUEST = (Path(__file__).parent / "request.json").read_bytes().strip()
FLOOR, FASTAPI, OURS = "floor", "fastapi", "dualscope"
RIVALS = {FLOOR: "bare", "litestar": "framework", FASTAPI: "pydantic", "fastapi, computing": "computing"}
STARTS = 5
PROVIDER, YEARS = "aws", (2024, 2025, 2026)
"""Each region of the request's provider in each year is a context of its own."""
MOST = {"× floor": 3.6, "× fastapi": 0.65, "new context [ms]": 2.0, "start [s]": 1.5, "memory [MB]": 150.0}
"""Goals: none of these figures may be larger."""


def main() -> int:
    """Measure, print two Markdown tables, and exit with 1 where a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=7, help="turns of each server (7)")
    options.add_argument("--seconds", type=float, default=2.0, help="load in one turn (2)")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        costs, memory_mb = under_load(Path(folder), chosen.rounds, chosen.seconds)
        start_s = start_to_first_answer_s(Path(folder))
        os.environ |= {"DUALSCOPE_CACHE_DIR": folder, "DUALSCOPE_LOG_FORMAT": "off"}
        context_ms = asyncio.run(new_contexts_ms())
    print(table(costs, memory_mb))
    figures = {
        "× floor": ratio(costs[OURS], costs[FLOOR]),
        "× fastapi": ratio(costs[OURS], costs[FASTAPI]),
        "new context [ms]": statistics.median(context_ms),
        "start [s]": statistics.median(start_s),
        "memory [MB]": memory_mb[OURS],
    }
    print(goals(figures))
    print(f"\n{len(context_ms)} new contexts: worst {max(context_ms):.2f} ms. {machine()}")
    return int(any(figures[name] > most for name, most in MOST.items()))


def ours(port: int) -> list[str]:
    """Return the command that serves."""
    return [sys.executable, "-m", "service", "serve", "--host", "127.0.0.1", "--port", str(port)]


def rival(name: str, port: int) -> list[str]:
    """Return the command that serves one of the others, under the same server with the same loop and parser."""
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    application = ["--factory", f"tests.bench.rivals:{RIVALS[name]}", "--port", str(port)]
    return [sys.executable, "-m", "uvicorn", *application, *options]


def under_load(folder: Path, rounds: int, seconds: float) -> tuple[dict[str, list[Cost]], dict[str, float]]:
    """Return what each server cost in each round, and its resident memory afterwards. [MB]"""
    log, answer = folder / "log", folder / "answer.json"
    environment = {"DUALSCOPE_CACHE_DIR": str(folder), "BENCH_ANSWER": str(answer)}
    ports = {name: free_port() for name in (*RIVALS, OURS)}
    with contextlib.ExitStack() as stack:
        started = {OURS: stack.enter_context(server(ours(ports[OURS]), environment, log))}
        answer.write_bytes(first_answer(started[OURS], ports[OURS], REQUEST, log))
        for name in RIVALS:
            started[name] = stack.enter_context(server(rival(name, ports[name]), environment, log))
            same(name, first_answer(started[name], ports[name], REQUEST, log), answer.read_bytes())
        pids = {name: process.pid for name, process in started.items()}
        costs: dict[str, list[Cost]] = {name: [] for name in ports}
        for turn in range(rounds + 1):
            for name, port in ports.items():
                cost = measure(pids[name], port, REQUEST, seconds, folder)
                if turn:  # the first warms up
                    costs[name].append(cost)
        return costs, {name: resident_mb(pid) for name, pid in pids.items()}


def same(name: str, given: bytes, expected: bytes) -> None:
    """Refuse to measure a server that answers something else."""
    if msgspec.json.decode(given) != msgspec.json.decode(expected):
        msg = f"{name} gives another answer: {given[:300]!r}"
        raise RuntimeError(msg)


def start_to_first_answer_s(folder: Path) -> list[float]:
    """Return how long it takes from starting the command to its first answer, the SQLite file being there. [s]"""
    took = []
    for _ in range(STARTS):
        port, started = free_port(), time.perf_counter()
        with server(ours(port), {"DUALSCOPE_CACHE_DIR": str(folder)}, folder / "log") as process:
            first_answer(process, port, REQUEST, folder / "log")
            took.append(time.perf_counter() - started)
    return took


async def new_contexts_ms() -> list[float]:
    """Return how long the first request of each of many contexts takes, in process, all layers included. [ms]"""
    from service.app import create_app  # noqa: PLC0415 - reads the environment, which is set by now

    app = create_app()
    took = []
    async with app.lifespan():
        listed = msgspec.json.decode(await call(app, "GET", "/regions", query=b"limit=1000"))
        regions = [item["id"] for item in listed["items"] if item["provider"] == PROVIDER]
        for year, region in itertools.product(YEARS, regions):
            period = {"start": f"{year}-01-01", "end": f"{year}-02-01"}
            body = msgspec.json.encode({**msgspec.json.decode(REQUEST), "region": region, "period": period})
            started = time.perf_counter()
            await call(app, "POST", "/emissions", body)
            took.append((time.perf_counter() - started) * 1e3)
    return took[1:]  # the first pays for what the process does once


async def call(app: Any, method: str, path: str, body: bytes = b"", query: bytes = b"") -> bytes:
    """Return the body of the answer of an ASGI application to one request."""
    sent: list[dict[str, Any]] = []
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    scope: dict[str, Any] = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http"}
    scope |= {"method": method, "path": path, "raw_path": path.encode(), "query_string": query, "headers": headers}
    scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "root_path": "", "state": {}}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    content = b"".join(message.get("body", b"") for message in sent)
    if sent[0]["status"] != 200:
        raise RuntimeError(content[:300].decode())
    return content


def ratio(costs: list[Cost], base: list[Cost]) -> float:
    """Return the median of the ratios of processor time, each within one round."""
    return statistics.median(a.cpu_us / b.cpu_us for a, b in zip(costs, base, strict=True))


def table(costs: dict[str, list[Cost]], memory_mb: dict[str, float]) -> str:
    """Return one line a server: medians of all rounds."""
    lines = ["| server | CPU µs a request (least–most) | × floor | requests/s | memory MB |", "|---|---|---|---|---|"]
    for name, rounds in costs.items():
        cpu = [cost.cpu_us for cost in rounds]
        spread = f"{statistics.median(cpu):.1f} ({min(cpu):.1f}–{max(cpu):.1f})"
        per_second = statistics.median(cost.per_second for cost in rounds)
        lines.append(
            f"| {name} | {spread} | {ratio(rounds, costs[FLOOR]):.2f} | {per_second:,.0f} | {memory_mb[name]:.0f} |"
        )
    return "\n".join(lines) + "\n"


def goals(figures: dict[str, float]) -> str:
    """Return one line a goal: the figure, its bound, and whether it is met."""
    lines = ["| dualscope | measured | at most | |", "|---|---|---|---|"]
    for name, most in MOST.items():
        lines.append(f"| {name} | {figures[name]:.2f} | {most} | {'met' if figures[name] <= most else 'missed'} |")
    return "\n".join(lines)


def machine() -> str:
    """Return what it was measured on."""
    packages = ("litestar", "msgspec", "uvicorn", "fastapi", "pydantic")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, request {len(REQUEST)} B; {versions}."


if __name__ == "__main__":
    sys.exit(main())
