"""Several processes on one port, from outside."""

import asyncio
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from service.access.keys import key_line
from tests.running.callers import Load, Server, served

KEY = "dualscope_" + "g" * 43


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Server]:
    """Two workers."""
    with served(tmp_path, "--workers", "2", DUALSCOPE_DRAIN_DELAY_SECONDS="0") as server:
        both_answer(server)
        yield server


def workers(server: Server) -> list[int]:
    """Return the processes below a server's."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(server.process.pid)], capture_output=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


def both_answer(server: Server) -> None:
    """Wait until both have told of themselves."""
    deadline = time.monotonic() + 30
    while set(re.findall(r'dualscope_worker_cpu_seconds_total\{worker="(\d)"\}', metrics(server))) != {"0", "1"}:
        assert time.monotonic() < deadline


def metrics(server: Server) -> str:
    """Scrape on a connection of its own: whichever worker answers."""
    return httpx.get(f"{server.url}/metrics").text


def answered(text: str) -> float:
    """Return how many estimates were answered by 200."""
    found = re.search(
        r'^dualscope_requests_total\{method="POST",route="/emissions",status="200"\} (\S+)$', text, re.MULTILINE
    )
    return float(found[1]) if found else 0.0


async def called(server: Server, count: int) -> Load:
    """Have so many requests answered, by whichever worker."""
    load = Load(server.port)
    load.start(0, 8)
    await load.until(count)
    await load.stop()
    return load


def test_each_scrape_tells_of_all(pair: Server) -> None:
    """Whichever worker is asked, the sum over both is told, at latest a second after; and it never falls."""
    load = asyncio.run(called(pair, 200))
    deadline, told = time.monotonic() + 10, [0.0]
    while told[-1] < load.told["200"]:
        told.append(answered(metrics(pair)))
        assert time.monotonic() < deadline
    told += [answered(metrics(pair)) for _ in range(40)]
    assert told == sorted(told)
    assert told[-40:] == [float(load.told["200"])] * 40


def test_each_scrape_tells_of_the_keys_of_all(tmp_path: Path) -> None:
    """Requests of a key are summed over the workers, and what a killed one had counted stays."""

    def counted() -> int:
        found = re.search(r'^dualscope_key_requests_total\{key="good"\} (\S+)$', scrape(), re.MULTILINE)
        return int(float(found[1])) if found else 0

    def scrape() -> str:
        return httpx.get(f"{server.url}/metrics").text

    def until(reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not reached():
            assert time.monotonic() < deadline

    more = {"DUALSCOPE_KEYS": key_line("good", KEY), "DUALSCOPE_WITHOUT_KEY": "/health/ready,/metrics"}
    with served(tmp_path, "--workers", "2", DUALSCOPE_DRAIN_DELAY_SECONDS="0", **more) as server:
        both_answer(server)
        headers = {"authorization": f"Bearer {KEY}"}
        for _ in range(60):
            assert httpx.get(f"{server.url}/regions/FR", headers=headers).status_code == 200
        until(lambda: counted() == 60)
        assert [counted() for _ in range(20)] == [60] * 20
        before = workers(server)
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(now := workers(server)) == 2 and before[0] not in now)
        assert [counted() for _ in range(20)] == [60] * 20


def test_a_killed_worker_takes_only_its_own_requests_along(pair: Server) -> None:
    """The other goes on, another takes its place, and what it had counted is still told."""

    async def killed() -> tuple[Load, int, list[int]]:
        load = Load(pair.port)
        load.start(20, 5)
        await load.until(300)
        await asyncio.sleep(1.2)  # by then all of that was told to the others
        before, counted = await asyncio.to_thread(workers, pair), answered(await asyncio.to_thread(metrics, pair))
        os.kill(before[0], signal.SIGKILL)
        await load.until(600)
        now = before
        while len(now) < 2 or before[0] in now:
            now = await asyncio.to_thread(workers, pair)
        await load.until(300)
        await load.stop()
        assert answered(await asyncio.to_thread(metrics, pair)) >= counted
        return load, before[0], now

    load, _, now = asyncio.run(killed())
    assert len(now) == 2
    assert load.told["lost"] <= 25  # at most one of each caller was under way
    assert set(load.told) <= {"200", "lost"}
    assert "another is started in 0.1 s" in pair.log.read_text()
    pair.process.send_signal(signal.SIGTERM)
    assert pair.process.wait(30) == 0


def test_workers_do_not_outlive_the_process_above(pair: Server) -> None:
    """Killed it leaves nobody behind who would keep the port."""
    left = workers(pair)
    pair.process.kill()
    deadline = time.monotonic() + 20
    while any(
        Path(f"/proc/{pid}/stat").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text() for pid in left
    ):
        assert time.monotonic() < deadline


def test_lines_of_several_workers_do_not_mix(pair: Server, tmp_path: Path) -> None:
    """Each line of the log is whole JSON, whoever wrote it."""
    import json  # noqa: PLC0415

    load = asyncio.run(called(pair, 600))
    pair.process.send_signal(signal.SIGTERM)
    assert pair.process.wait(30) == 0
    lines = [json.loads(line) for line in (tmp_path / "stdout").read_text().splitlines()]
    assert sum(line["route"] == "/emissions" for line in lines) == load.told["200"]
    assert len({line["request_id"].partition("-")[0] for line in lines}) == 2
