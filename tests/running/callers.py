"""Callers of a real server that is told to end, killed or given other tables while they call: what becomes of each."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

HOST = "127.0.0.1"
BODY = b'{"region":"aws:us-east-1","energy":{"kwh":100}}'
_POST = (
    b"POST /emissions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY


class Server(NamedTuple):
    """A started `dualscope serve`."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    """Its standard error."""

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"


@contextmanager
def served(folder: Path, *arguments: str, before: Sequence[str] = (), **settings: str) -> Iterator[Server]:
    """Run the command on a free port, its log in a file; it is killed at the end if it still runs.

    `before` stands before the command: what changes the surroundings and then runs it in its own place.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUALSCOPE_", "OTEL_"))}
    environment = kept | {"DUALSCOPE_CACHE_DIR": str(folder / "cache"), "DUALSCOPE_LOG_FORMAT": "json"} | settings
    log = folder / "stderr"
    command = [*before, sys.executable, "-m", "service", "serve", "--port", "0", *arguments]
    with (
        log.open("wb") as errors,
        (folder / "stdout").open("wb") as lines,
        subprocess.Popen(command, env=environment, stdout=lines, stderr=errors) as process,
    ):
        try:
            yield Server(process, _port(process, log), log)
        finally:
            process.kill()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """Where it listens, as it says itself."""
    while True:
        found = re.search(r"listens on http://\S+:(\d+)", log.read_text(encoding="utf-8"))
        if found:
            return int(found[1])
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            raise AssertionError(log.read_text(encoding="utf-8"))


class Load:
    """Callers that keep their connection, and others that come with a new one for each request."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.told: Counter[str] = Counter()
        """What became of requests: a status, `lost`, or `refused` where nobody listened."""
        self.answers: list[tuple[str, dict[str, Any]]] = []
        """Factor set by header, and the answer."""
        self.keep = False
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self._wanted = 0
        self._reached = asyncio.Event()

    def start(self, keeping: int, coming: int) -> None:
        """Begin to call."""
        self._tasks = [asyncio.create_task(self._keeping()) for _ in range(keeping)]
        self._tasks += [asyncio.create_task(self._coming()) for _ in range(coming)]

    async def until(self, answered: int) -> None:
        """Wait for so many more answers."""
        self._reached.clear()
        self._wanted = self.told["200"] + answered
        async with asyncio.timeout(60):
            await self._reached.wait()

    async def stop(self) -> None:
        """Let each request come to its end."""
        self._stopping = True
        async with asyncio.timeout(60):
            await asyncio.gather(*self._tasks)

    async def _keeping(self) -> None:
        connection = None
        while not self._stopping:
            if connection is None or connection[0].at_eof():
                connection = await self._connection()
                if connection is None:
                    return
            if not await self._request(*connection):
                connection[1].close()
                connection = None
        if connection is not None:
            connection[1].close()

    async def _coming(self) -> None:
        while not self._stopping:
            connection = await self._connection()
            if connection is None:
                return
            await self._request(*connection)
            connection[1].close()

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        try:
            return await asyncio.open_connection(HOST, self.port)
        except ConnectionRefusedError:
            self.told["refused"] += 1
            return None

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Send one and read its answer; whether the connection may be used again."""
        try:
            writer.write(_POST)
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split()[0]))
        except (OSError, asyncio.IncompleteReadError):
            self.told["lost"] += 1
            return False
        self.told[head.split()[1].decode()] += 1
        if self.told["200"] >= self._wanted:
            self._reached.set()
        if self.keep:
            version = re.search(rb"(?i)x-factor-set: (\S+)", head)
            assert version
            self.answers.append((version[1].decode(), json.loads(body)))
        return b"connection: close" not in head.lower()
