"""Servers on one core, load on the other, and what the kernel says that it cost. Loopback only, bounded, by pid."""

import asyncio
import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]
HOST = "127.0.0.1"
CONNECTIONS = 16
PATIENCE_S = 20.0
MOST_REQUESTS = 1_000_000
"""No run sends more, whatever its time."""


class Cost(NamedTuple):
    """What one run of one server showed."""

    cpu_us: float
    """Processor time of the server a request. [µs]"""
    per_second: float


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def server(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server on its own core, and stop it by its pid."""
    os.sched_setaffinity(0, {SERVER_CORE})  # children inherit it, threads and all
    with log.open("ab") as out:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=out, stderr=out)
    os.sched_setaffinity(0, {LOAD_CORE})
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def ask(port: int, body: bytes | None = None, path: str = "/emissions") -> bytes:
    """Return the answer to one request; anything but 200 is an error."""
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)
    try:
        connection.request("POST" if body else "GET", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        msg = f"{path} answered {answer.status}: {content[:300]!r}"
        raise RuntimeError(msg)
    return content


def first_answer(process: subprocess.Popen[bytes], port: int, body: bytes, log: Path) -> bytes:
    """Return the first answer of a server that is starting."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return ask(port, body)
        except ConnectionError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text()[-2000:]) from None
            time.sleep(0.002)


def cpu_s(pid: int) -> float:
    """Return the processor time of all threads of a process. [s]"""
    spent = (task / "schedstat" for task in Path(f"/proc/{pid}/task").iterdir())
    return sum(int(schedstat.read_text().split()[0]) for schedstat in spent) / 1e9


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process. [MB]"""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def measure(pid: int, port: int, body: bytes, seconds: float, folder: Path, path: str = "/emissions") -> Cost:
    """Return what one run of load on a port cost the process."""
    before, started = cpu_s(pid), time.perf_counter()
    requests = (
        wrk(port, body, seconds, folder, path) if shutil.which("wrk") else asyncio.run(own(port, body, seconds, path))
    )
    took = time.perf_counter() - started
    return Cost((cpu_s(pid) - before) / requests * 1e6, requests / took)


def wrk(port: int, body: bytes, seconds: float, folder: Path, path: str) -> int:
    """Send load with wrk and return how many requests were answered."""
    script = folder / "post.lua"
    script.write_text(
        f'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = [==[{body.decode()}]==]\n'
    )
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(script)]
    done = subprocess.run([*command, f"http://{HOST}:{port}{path}"], capture_output=True, text=True, check=True)
    found = re.search(r"(\d+) requests in", done.stdout)
    if found is None or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(done.stdout)
    return int(found[1])


async def own(port: int, body: bytes, seconds: float, path: str) -> int:
    """Send load with a small keep-alive client, for machines without wrk; return how many requests were answered."""
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    until = time.monotonic() + seconds

    async def one() -> int:
        reader, writer = await asyncio.open_connection(HOST, port)
        count = 0
        while time.monotonic() < until and count < MOST_REQUESTS // CONNECTIONS:
            writer.write(request)
            answer = await reader.readuntil(b"\r\n\r\n")
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(answer.decode())
            length = re.search(rb"(?i)content-length: (\d+)", answer)
            await reader.readexactly(int(length[1]) if length else 0)
            count += 1
        writer.close()
        await writer.wait_closed()
        return count

    return sum(await asyncio.gather(*(one() for _ in range(CONNECTIONS))))
