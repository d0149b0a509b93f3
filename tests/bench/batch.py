"""What a workload costs within a batch, as a ratio to a floor measured in the same run: `python -m tests.bench.batch`.

Run it from the checkout. The servers run at once on one core, and take turns under load from the other: the service, a
floor that decodes and encodes the same bytes and computes nothing, and a service that answers a batch in one go. The
workloads are those of a month: a few regions and machines, teams, days, energies that all differ.

The figure to compare is the processor time of the server a workload, by the kernel's count; medians of all rounds. Then
how long single requests take while batches of 10,000 run back to back, how many workloads a second go through, and how
much memory an upload of 200,000 lines takes.
"""

import argparse
import contextlib
import http.client
import multiprocessing
import os
import platform
import random
import re
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.bench.load import HOST, ask, cpu_s, first_answer, free_port, measure
from tests.bench.load import server as started
from tests.bench.single import ours

PATH = "/emissions/batch"
FLOOR, OURS, ONE_GO = "floor", "dualscope", "in one go"
JSON, LINES = "application/json", "application/x-ndjson"
SIZES = (1_000, 10_000)
MANY_LINES = 200_000
PROBES = 400
PAUSE_S = 0.002
LONGEST_S = 600.0
REGIONS = ("aws:us-east-1", "aws:eu-west-1", "gcp:europe-west9", "gcp:us-central1", "azure:westeurope", "FR", "US-CA")
INSTANCES = {
    "aws": ("p5.48xlarge", "p4d.24xlarge", "g5.xlarge", "m5.4xlarge"),
    "gcp": ("a2-highgpu-8g", "n2-standard-8"),
}
TEAMS = ("vision", "search", "ads", "platform", "research")
MOST = {
    "JSON, 1,000: × floor": 2.0,
    "JSON, 10,000: × floor": 2.0,
    "lines, 10,000: × floor": 2.5,
    "p99 of single requests meanwhile [ms]": 50.0,
    "the same ÷ in one go": 0.25,
    "200,000 lines: memory above idle [MB]": 80.0,
}
"""Goals: none of these figures may be larger."""


class Ports(NamedTuple):
    """Where the servers listen."""

    floor: int
    ours: int
    one_go: int


def main() -> int:
    """Measure, print a Markdown table, and exit with 1 where a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5, help="turns of each server (5)")
    options.add_argument("--lines", type=int, default=MANY_LINES, help="lines of the long upload (200,000)")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), chosen.rounds, chosen.lines)
    print("| figure | measured | at most | |\n|---|---|---|---|")
    missed = False
    for name, value in figures.items():
        most = MOST.get(name)
        missed |= most is not None and value > most
        verdict = "" if most is None else "met" if value <= most else "missed"
        print(f"| {name} | {value:,.2f} | {most if most is not None else ''} | {verdict} |")
    size = statistics.mean(map(len, month(1_000)))
    print(f"\n{platform.python_version()} on {os.cpu_count()} cores; a workload has {size:.0f} B on average.")
    return int(missed)


def month(count: int) -> list[bytes]:
    """Return the workloads of a month, as JSON."""
    chance = random.Random(2025)  # noqa: S311 - the same in every run
    return [msgspec.json.encode(job(index, chance)) for index in range(count)]


def job(index: int, chance: random.Random) -> dict[str, object]:
    """Return one workload: metered or modeled, on named hardware or on none."""
    region, day, hours = chance.choice(REGIONS), chance.randint(1, 28), chance.randint(1, 72)
    start = f"2025-03-{day:02}T{chance.randint(0, 23):02}:00:00Z"
    made: dict[str, object] = {
        "id": f"job-{index}",
        "tags": {"team": chance.choice(TEAMS), "pipeline": f"p-{chance.randint(1, 40)}"},
        "region": region,
        "period": {"start": start, "end": "2025-04-03T00:00:00Z"},
        "duration_hours": hours,
    }
    names = INSTANCES.get(region.partition(":")[0])
    if names and chance.random() < 0.6:
        made["hardware"] = {"instance": chance.choice(names), "count": chance.randint(1, 4)}
        made["utilization"] = round(chance.random(), 3)
    if "hardware" not in made or chance.random() < 0.5:
        made["energy"] = {"kwh": round(chance.random() * 500, 3)}
    return made


def measured(folder: Path, rounds: int, lines: int) -> dict[str, float]:
    """Return all figures by name."""
    jobs = month(max(SIZES))
    bodies = {
        size: b'{"group_by":["tags.team","region"],"workloads":[' + b",".join(jobs[:size]) + b"]}" for size in SIZES
    }
    upload = b"\n".join(jobs) + b"\n"
    ports, log = Ports(free_port(), free_port(), free_port()), folder / "log"
    answers = folder / "answers"
    answers.mkdir()
    environment = {"DUALSCOPE_CACHE_DIR": str(folder), "DUALSCOPE_LOG_FORMAT": "off", "BENCH_ANSWERS": str(answers)}
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(started(ours(ports.ours), environment, log))
        first_answer(first, ports.ours, jobs[0], log)
        for size, body in bodies.items():
            (answers / str(size)).write_bytes(unchunked(exchange(ports.ours, body, JSON)))
        (answers / "lines").write_bytes(unchunked(exchange(ports.ours, upload, LINES)))
        pids = {OURS: first.pid}
        for name, port, factory in ((FLOOR, ports.floor, "floor"), (ONE_GO, ports.one_go, "one_go")):
            process = stack.enter_context(started(rival(factory, port), environment, log))
            until_it_answers(port, bodies[1_000])
            pids[name] = process.pid
        figures = costs(ports, pids, bodies, upload, rounds)
        figures |= meanwhile(ports, jobs[0], bodies[10_000])
        figures |= throughput(ports.ours, pids[OURS], jobs[0], bodies[10_000], folder)
    figures |= memory(folder, environment, jobs, lines)
    return figures


def rival(factory: str, port: int) -> list[str]:
    """Return the command that serves one of the others."""
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    application = ["--factory", f"tests.bench.batches:{factory}", "--port", str(port)]
    return [sys.executable, "-m", "uvicorn", *application, *options]


def until_it_answers(port: int, body: bytes) -> None:
    """Wait for a server that is starting."""
    until = time.monotonic() + LONGEST_S
    while True:
        try:
            exchange(port, body, JSON)
        except ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def exchange(port: int, body: bytes, media_type: str) -> bytes:
    """Send a body while reading its answer; return the answer, head and chunks."""
    found = bytearray()
    with socket.create_connection((HOST, port), timeout=LONGEST_S) as connection:
        head = f"POST {PATH} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {media_type}\r\nConnection: close\r\n"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        sending = threading.Thread(target=connection.sendall, args=[request])
        sending.start()
        while piece := connection.recv(1 << 20):
            found += piece
        sending.join()
    if not (found.startswith(b"HTTP/1.1 200") and found.endswith(b"0\r\n\r\n")):
        raise RuntimeError(bytes(found[:300]))
    return bytes(found)


def unchunked(answer: bytes) -> bytes:
    """Return the content of a chunked answer."""
    return b"".join(chunks(answer))


def chunks(answer: bytes) -> Iterator[bytes]:
    """Yield the chunks of an answer."""
    at = answer.index(b"\r\n\r\n") + 4
    while True:
        end = answer.index(b"\r\n", at)
        length = int(answer[at:end], 16)
        if not length:
            return
        yield answer[end + 2 : end + 2 + length]
        at = end + 4 + length


def costs(ports: Ports, pids: dict[str, int], bodies: dict[int, bytes], upload: bytes, rounds: int) -> dict[str, float]:
    """Return processor time a workload of the service and the floor, and the median of their ratios."""
    cases = [(f"JSON, {size:,}", body, JSON, size) for size, body in bodies.items()]
    cases.append(("lines, 10,000", upload, LINES, 10_000))
    spent: dict[tuple[str, str], list[float]] = {}
    for turn in range(rounds + 1):
        for name, body, media_type, size in cases:
            for who, port in ((FLOOR, ports.floor), (OURS, ports.ours)):
                before = cpu_s(pids[who])
                times = max(1, 5_000 // size)
                for _ in range(times):
                    exchange(port, body, media_type)
                if turn:  # the first warms up
                    spent.setdefault((name, who), []).append((cpu_s(pids[who]) - before) / times / size * 1e6)
    figures = {}
    for name, *_ in cases:
        floor, mine = spent[name, FLOOR], spent[name, OURS]
        figures[f"{name}: floor [µs a workload]"] = statistics.median(floor)
        figures[f"{name}: dualscope [µs a workload]"] = statistics.median(mine)
        figures[f"{name}: × floor"] = statistics.median(a / b for a, b in zip(mine, floor, strict=True))
    return figures


def meanwhile(ports: Ports, single: bytes, batch: bytes) -> dict[str, float]:
    """Return how long single requests take while batches run back to back."""
    mine, theirs = waits_ms(ports.ours, single, batch), waits_ms(ports.one_go, single, batch)
    return {
        "p50 of single requests meanwhile [ms]": mine[len(mine) // 2],
        "p99 of single requests meanwhile [ms]": p99(mine),
        "p99, a batch answered in one go [ms]": p99(theirs),
        "the same ÷ in one go": p99(mine) / p99(theirs),
    }


def p99(sorted_ms: list[float]) -> float:
    """Return the 99th percentile."""
    return sorted_ms[int(len(sorted_ms) * 0.99)]


def waits_ms(port: int, single: bytes, batch: bytes) -> list[float]:
    """Return how long each of many single requests took, sorted. [ms]"""
    busy = multiprocessing.get_context("fork").Process(target=back_to_back, args=[port, batch], daemon=True)
    busy.start()
    connection = http.client.HTTPConnection(HOST, port, timeout=LONGEST_S)
    took = []
    try:
        time.sleep(0.5)
        for _ in range(PROBES):
            began = time.perf_counter()
            connection.request("POST", "/emissions", single, {"Content-Type": JSON})
            connection.getresponse().read()
            took.append((time.perf_counter() - began) * 1e3)
            time.sleep(PAUSE_S)
    finally:
        connection.close()
        busy.terminate()
        busy.join()
    return sorted(took)


def back_to_back(port: int, batch: bytes) -> None:
    """Send batches until stopped."""
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        exchange(port, batch, JSON)


def throughput(port: int, pid: int, single: bytes, batch: bytes, folder: Path) -> dict[str, float]:
    """Return workloads a second on one core, in batches and one by one."""
    began, times = time.perf_counter(), 3
    for _ in range(times):
        exchange(port, batch, JSON)
    in_batches = times * 10_000 / (time.perf_counter() - began)
    singly = measure(pid, port, single, 2.0, folder).per_second
    return {
        "workloads a second, in batches": in_batches,
        "workloads a second, singly": singly,
        "in batches ÷ singly": in_batches / singly,
    }


def memory(folder: Path, environment: dict[str, str], jobs: list[bytes], lines: int) -> dict[str, float]:
    """Return how much memory a fresh service takes for a long upload, above idle. [MB]"""
    port, log = free_port(), folder / "log"
    with started(ours(port), environment, log) as process:
        first_answer(process, port, jobs[0], log)
        idle_mb, began = peak_mb(process.pid), time.perf_counter()
        read = long_upload(port, jobs, lines)
        took = time.perf_counter() - began
        ask(port, path="/health/live")
        if read != lines:
            raise RuntimeError(f"{read} answers to {lines} lines")
        return {
            "200,000 lines: memory above idle [MB]": peak_mb(process.pid) - idle_mb,
            "200,000 lines: workloads a second": lines / took,
        }


def long_upload(port: int, jobs: list[bytes], lines: int) -> int:
    """Send many lines and read their answers meanwhile; return how many came."""
    some = b"\n".join(jobs[:1_000]) + b"\n"
    head = f"POST {PATH} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {LINES}\r\nConnection: close\r\n"
    came = 0
    with socket.create_connection((HOST, port), timeout=LONGEST_S) as connection:

        def send() -> None:
            connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
            for _ in range(lines // 1_000):
                connection.sendall(b"%x\r\n%b\r\n" % (len(some), some))
            connection.sendall(b"0\r\n\r\n")

        sending = threading.Thread(target=send)
        sending.start()
        with http.client.HTTPResponse(connection, method="POST") as answer:
            answer.begin()
            while piece := answer.read(1 << 20):
                came += piece.count(b"\n")
        sending.join()
    return came


def peak_mb(pid: int) -> float:
    """Return the most resident memory that a process has had. [MB]"""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 / 1e6 if found else 0.0


if __name__ == "__main__":
    sys.exit(main())
