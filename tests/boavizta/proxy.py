"""A proxy on loopback, in front of the real server, that breaks in one way at a time and counts what it is asked."""

import asyncio
import contextlib
import gzip
import json
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import NamedTuple

HOST = "127.0.0.1"
STALL_S = 5.0
DRIP_S = 0.02
_BOMB = gzip.compress(b"0" * 100_000_000)
"""100 MB in 100 kB."""
_FIGURE = re.compile(rb'("embedded":\s*\{"value":\s*)[\d.]+')
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of 0 s: closing sends a reset."""


class Asked(NamedTuple):
    """One request."""

    head: bytes
    target: str
    body: bytes

    @property
    def path(self) -> str:
        """Its path alone."""
        return self.target.partition("?")[0]


class FaultProxy:
    """Relays to one server, from a thread of its own with a loop of its own."""

    def __init__(self, upstream: str) -> None:
        self._upstream_port = int(upstream.rpartition(":")[2])
        self._fault: Fault | None = None
        self._only = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._listener: asyncio.Server | None = None
        self._handlers: set[asyncio.Task[None]] = set()
        self.asked: Counter[tuple[str, bytes]] = Counter()
        self.heads: list[bytes] = []
        """Of all requests, in the order of their arrival."""
        self.connections = 0
        self.most_connections = 0
        self.trapped = 0
        self.port = 0
        self.trap_port = 0

    # steering, from the test's thread

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        self._call(self._start())

    def stop(self) -> None:
        """End everything."""
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def address(self) -> str:
        """What the adapter is given as the server."""
        return f"http://{HOST}:{self.port}"

    def break_with(self, name: str, only: str = "") -> None:
        """From now on fail in one way, on paths that begin so."""
        self._only = only
        if name == "refused":
            self._call(self._close())
        else:
            self._fault = FAULTS[name]

    def mend(self) -> None:
        """Relay again; what hangs is let go."""
        self._fault = None
        self._call(self._mend())

    def questions(self) -> Counter[tuple[str, bytes]]:
        """How often each question was asked, lists and versions left out."""
        return Counter({key: count for key, count in self.asked.items() if not key[0].startswith(NOT_QUESTIONS)})

    # on its own loop

    def _call(self, what: Awaitable[None]) -> None:
        async def run() -> None:
            await what

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    async def _start(self) -> None:
        trap = await asyncio.start_server(self._trap, HOST, 0)
        self.trap_port = trap.sockets[0].getsockname()[1]
        self._traps = trap
        await self._listen()

    async def _listen(self) -> None:
        self._listener = await asyncio.start_server(self._serve, HOST, self.port, backlog=512)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        await self._let_go()

    async def _let_go(self) -> None:
        handlers = [*self._handlers]
        for handler in handlers:
            handler.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)

    async def _mend(self) -> None:
        await self._let_go()
        if self._listener is None:
            await self._listen()

    async def _stop(self) -> None:
        self._traps.close()
        await self._close()

    async def _trap(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.trapped += 1
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        self.connections += 1
        self.most_connections = max(self.most_connections, self.connections)
        try:
            while (asked := await read_request(reader)) is not None:
                self.asked[asked.target, asked.body] += 1
                self.heads.append(asked.head)
                fault = self._fault
                if fault is not None and asked.path.startswith(self._only):
                    await fault(self, asked, writer)
                    return
                writer.write(await self.relayed(asked))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.connections -= 1
            self._handlers.discard(task)
            writer.close()

    async def relayed(self, asked: Asked) -> bytes:
        """Return the real server's response, in a form that keeps the connection."""
        status, kind, body = await self.real(asked)
        return response(status, body, kind)

    async def real(self, asked: Asked) -> tuple[str, str, bytes]:
        """Return status line, media type and body of the real server."""
        reader, writer = await asyncio.open_connection(HOST, self._upstream_port)
        head = re.sub(rb"(?im)^(connection|host):.*\r\n", b"", asked.head)
        writer.write(head[:-2] + b"Host: localhost\r\nConnection: close\r\n\r\n" + asked.body)
        raw = await reader.read()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        top, _, body = raw.partition(b"\r\n\r\n")
        kind = re.search(rb"(?im)^content-type:\s*(.*?)\r?$", top)
        return top.partition(b"\r\n")[0].decode().partition(" ")[2], kind[1].decode() if kind else "", body


Fault = Callable[[FaultProxy, Asked, asyncio.StreamWriter], Awaitable[None]]
NOT_QUESTIONS = ("/v1/utils/", "/v1/cloud/instance/all_instances")


async def read_request(reader: asyncio.StreamReader) -> Asked | None:
    """Return the next request of a connection, or nothing when it was closed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return Asked(head, head.split(b" ", 2)[1].decode(), body)


def response(status: str, body: bytes, kind: str = "application/json", *more: str) -> bytes:
    """Return a whole HTTP response."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"content-type: {kind}", f"content-length: {len(body)}", *more])
    return head.encode() + b"\r\n\r\n" + body


async def reset(_: FaultProxy, __: Asked, writer: asyncio.StreamWriter) -> None:
    """Begin a response, then reset the connection."""
    writer.write(response("200 OK", b"x" * 9000)[:500])
    await writer.drain()
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


async def stall(_: FaultProxy, __: Asked, ___: asyncio.StreamWriter) -> None:
    """Say nothing for a long time."""
    await asyncio.sleep(STALL_S)


async def drip(proxy: FaultProxy, asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Send the right response byte by byte, each in time, the whole never."""
    for byte in await proxy.relayed(asked):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(DRIP_S)


def always(status: str, body: bytes, kind: str, *more: str) -> Fault:
    """Return the fault of answering everything alike."""

    async def answer(_: FaultProxy, __: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(response(status, body, kind, "connection: close", *more))
        await writer.drain()

    return answer


def altered(change: Callable[[bytes], bytes]) -> Fault:
    """Return the fault of changing the real server's body."""

    async def answer(proxy: FaultProxy, asked: Asked, writer: asyncio.StreamWriter) -> None:
        status, kind, body = await proxy.real(asked)
        writer.write(response(status, change(body), kind, "connection: close"))
        await writer.drain()

    return answer


async def redirect(proxy: FaultProxy, _: Asked, writer: asyncio.StreamWriter) -> None:
    """Send the caller to another host."""
    location = f"location: http://{HOST}:{proxy.trap_port}/v1/utils/version"
    writer.write(response("307 Temporary Redirect", b"", "text/plain", location, "connection: close"))
    await writer.drain()


def other_version(version: str) -> Fault:
    """Return the fault of being another release."""

    async def answer(proxy: FaultProxy, asked: Asked, writer: asyncio.StreamWriter) -> None:
        body = json.dumps(version).encode()
        writer.write(response("200 OK", body) if asked.path == "/v1/utils/version" else await proxy.relayed(asked))
        await writer.drain()

    return answer


def _warned(body: bytes) -> bytes:
    return json.dumps({**json.loads(body), "warnings": ["using closest match"]}).encode()


FAULTS: dict[str, Fault] = {
    "reset mid-body": reset,
    "stalled": stall,
    "dripping": drip,
    "500 text": always("500 Internal Server Error", b"Internal Server Error", "text/plain; charset=utf-8"),
    "503": always("503 Service Unavailable", b"", "text/plain"),
    "200 with HTML": always("200 OK", b"<html><body>Sign in</body></html>", "text/html"),
    "200 with NaN": altered(lambda body: _FIGURE.sub(rb"\1NaN", body)),
    "200 with infinity": altered(lambda body: _FIGURE.sub(rb"\g<1>1e999", body)),
    "200 with strings": altered(lambda body: _FIGURE.sub(rb'\1"5600"', body)),
    "200 without figures": altered(lambda body: body.replace(b'"embedded"', b'"embodied"')),
    "nested JSON": altered(lambda body: body[:-1] + b',"more":' + b"[" * 400_000 + b"]" * 400_000 + b"}"),
    "truncated JSON": altered(lambda body: body[: len(body) // 2]),
    "gzip bomb": always("200 OK", _BOMB, "application/json", "content-encoding: gzip"),
    "5 MB": always("200 OK", b'"' + b"x" * 5_000_000 + b'"', "application/json"),
    "redirect": redirect,
    "other version": other_version("9.9.9"),
    "no version": other_version("2.5.0; DROP TABLE answer"),
    # no fault at all
    "next release": other_version("2.6.0rc1"),
    # readable, but no answer to the question: the server is not at fault
    "top-level warning": altered(_warned),
    "other unit": altered(lambda body: body.replace(b'"kgCO2eq"', b'"gCO2eq"')),
    "low above value": altered(lambda body: re.sub(rb'"min":\s*[\d.]+', b'"min":9e5', body)),
    "negative": altered(lambda body: _FIGURE.sub(rb"\1-1.0", body)),
}
