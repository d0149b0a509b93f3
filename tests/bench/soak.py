"""Minutes of mixed callers, sound and hostile, against one process: what fails, what grows, how long singles take.

`python -m tests.bench.soak [SECONDS]`, five minutes where none are said. Held to: no 5xx that the service did not mean
(503 says that it is full), at most 5 MB more memory than after the warm-up, as many open files as after it.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from tests.bench.batch import month
from tests.bench.load import HOST, first_answer, free_port, resident_mb, server
from tests.fuzz.broken import broken, written
from tests.fuzz.mutated import mutated

SECONDS = 300.0
WARM_UP_S = 60.0
MOST_GROWTH_MB = 5.0
SAMPLES = Path(__file__).parent.parent / "formats" / "samples"
SINGLE = {
    "id": "soak",
    "region": "aws:us-east-1",
    "period": {"start": "2025-03-01T00:00:00Z", "end": "2025-03-04T00:00:00Z"},
    "energy": {"kwh": 1180.5},
    "hardware": {"instance": "p5.48xlarge"},
    "instruments": [{"id": "wind", "type": "rec", "percent": 60, "kg_co2e_per_kwh": 0}],
}
PLACES = ("aws:us-east-1", "gcp:europe-west9", "azure:westeurope", "FR", "US-SRVC", "DE", "nowhere", "us-east-1")


class Callers:
    """Kinds of callers, what they were answered, and how long single requests took."""

    def __init__(self, port: int, client: httpx.AsyncClient) -> None:
        self._port, self._client = port, client
        self._chance = random.Random(20261125)  # noqa: S311 - the same in every run
        self._jobs = month(300)
        self.counts: Counter[tuple[str, int]] = Counter()
        self.single_ms: list[float] = []

    async def single(self) -> None:
        """One workload, with numbers and places that differ."""
        body = SINGLE | {"region": self._chance.choice(PLACES), "energy": {"kwh": self._chance.uniform(0, 1e5)}}
        begun = time.perf_counter()
        await self._post("single", "/emissions?explain=true", json.dumps(body).encode())
        self.single_ms.append((time.perf_counter() - begun) * 1000)

    async def batch(self) -> None:
        """300 workloads in a body."""
        await self._post("batch", "/emissions/batch", b'{"workloads":[%s]}' % b",".join(self._jobs))

    async def lines(self) -> None:
        """The same as lines, read to the end."""
        await self._post("lines", "/emissions/batch", b"\n".join(self._jobs), "application/x-ndjson")

    async def bad(self) -> None:
        """A body that is broken at random."""
        await self._post("bad", "/emissions", written(broken(SINGLE, self._chance), self._chance))

    async def file(self) -> None:
        """A sample of a foreign format, changed at random."""
        name, media_type = self._chance.choice(
            (("codecarbon_emissions.csv", "text/csv"), ("prometheus_kepler.json", "application/json"))
        )
        content = mutated((SAMPLES / name).read_bytes(), self._chance)
        await self._post("file", f"/imports/{name.partition('_')[0]}?region=DE", content, media_type)

    async def bill(self) -> None:
        """A bill, through the columns."""
        await self._post("bill", "/imports/focus", (SAMPLES / "focus_1_2.csv").read_bytes(), "text/csv")

    async def noise(self) -> None:
        """A path, an id and a header of its own each time: nothing may be kept of them."""
        mark = f"{self._chance.random()}"
        answer = await self._client.get(f"/{mark}", headers={"X-Request-Id": mark, mark: mark})
        self.counts["noise", answer.status_code] += 1

    async def slow(self) -> None:
        """Half a head, a byte at a time, then nothing."""
        await self._raw([bytes([byte]) for byte in b"POST /emissions HTTP/1.1\r\nHost: x\r\n"], 0.1)

    async def half(self) -> None:
        """Half a body, then gone."""
        await self._raw([b"POST /emissions HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + b"x" * 2500], 0.2)

    async def huge(self) -> None:
        """A header of a megabyte."""
        await self._raw([b"GET /regions HTTP/1.1\r\nHost: x\r\nX-Much: " + b"x" * 2**20 + b"\r\n\r\n"], 0.5)

    async def leaver(self) -> None:
        """Asks for a long answer, and leaves after its first bytes."""
        lines = b"\n".join(self._jobs)
        head = b"POST /emissions/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
        await self._raw([head + b"Content-Length: %d\r\n\r\n" % len(lines) + lines], 0.02)

    async def _post(self, kind: str, path: str, body: bytes, media_type: str = "application/json") -> None:
        answer = await self._client.post(path, content=body, headers={"Content-Type": media_type})
        self.counts[kind, answer.status_code] += 1

    async def _raw(self, pieces: list[bytes], pause_s: float) -> None:
        reader, writer = await asyncio.open_connection(HOST, self._port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause_s if len(pieces) > 1 else 0)
            await asyncio.wait_for(reader.read(200), pause_s)
        except (TimeoutError, ConnectionError):
            pass
        finally:
            writer.close()
        self.counts["raw", 0] += 1


async def kept_up(call: Callable[[], Awaitable[None]], pause_s: float, until: float) -> None:
    """One caller after another of a kind, with a pause between."""
    while time.monotonic() < until:
        try:
            await call()
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        await asyncio.sleep(pause_s)


def open_files(pid: int) -> int:
    """Return how many files and sockets a process holds."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


async def traffic(port: int, seconds: float) -> Callers:
    """All kinds of callers at once, for so long."""
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=60, limits=limits) as client:
        callers = Callers(port, client)
        paces = {
            callers.single: 0.0,
            callers.batch: 0.2,
            callers.lines: 0.2,
            callers.bad: 0.0,
            callers.file: 0.05,
            callers.bill: 0.2,
            callers.noise: 0.01,
            callers.slow: 0.0,
            callers.half: 0.0,
            callers.huge: 0.2,
            callers.leaver: 0.05,
        }
        until = time.monotonic() + seconds
        many = {callers.single: 8, callers.slow: 20, callers.half: 4}
        await asyncio.gather(
            *(kept_up(call, pause, until) for call, pause in paces.items() for _ in range(many.get(call, 1)))
        )
    return callers


async def quiet(pid: int) -> tuple[float, int]:
    """Resident memory [MB] and open files once nobody calls."""
    await asyncio.sleep(3)
    return resident_mb(pid), open_files(pid)


async def main(seconds: float) -> int:
    """Warm up, soak, and say what it was held to."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        log = Path(name, "log")
        command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
        with server(command, {"DUALSCOPE_LOG_FORMAT": "off"}, log) as process:
            first_answer(process, port, json.dumps(SINGLE).encode(), log)
            await traffic(port, min(WARM_UP_S, seconds / 2))
            memory_mb, files = await quiet(process.pid)
            callers = await traffic(port, seconds)
            memory_after_mb, files_after = await quiet(process.pid)
        said = log.read_text(errors="replace")  # noqa: ASYNC240 - nobody is served from this loop any more
    times = sorted(callers.single_ms)
    for (kind, status), number in sorted(callers.counts.items()):
        print(f"{kind:8} {status or '':>4} {number:9,}")
    print(f"single: p50 {times[len(times) // 2]:.1f} ms, p99 {times[len(times) * 99 // 100]:.1f} ms")
    print(f"memory {memory_mb:.1f} MB after the warm-up, {memory_after_mb:.1f} MB at the end")
    print(f"open files {files} and {files_after}; {said.count('Traceback')} tracebacks in the log")
    failed = sum(
        number for (_, status), number in callers.counts.items() if status >= httpx.codes.INTERNAL_SERVER_ERROR
    )
    held = [failed == 0, memory_after_mb - memory_mb <= MOST_GROWTH_MB, files_after <= files, "Traceback" not in said]
    print(f"{sum(callers.counts.values()):,} callers, {failed} answered by a 5xx:", "held" if all(held) else "NOT HELD")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)))
