"""What stands around every request: its id, the headers that all answers have, one log line, the counts."""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from time import perf_counter, time
from typing import IO, Protocol

import msgspec
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send
from msgspec import Struct

from service.http.life import Life
from service.http.metrics import Metrics
from service.http.problems import Exchange, Guarded, Headers, guarded
from service.telemetry.current import Request, current, read_request
from service.telemetry.logs import LogFormat, escaped
from service.telemetry.tracing import Tracing

_SAFE = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
_FLUSH_LINES = 256
_FLUSH_SECONDS = 0.25
_LONGEST_PATH = 256
_AT_ONCE = 4096
"""A pipe takes so many bytes whole: lines of several workers on one pipe do not mix. [bytes]"""
GONE = 499
"""Logged as the status of a request whose client went away."""


class LogLine(Struct, frozen=True, gc=False, omit_defaults=True):
    """One request. Neither bodies nor queries: they are the caller's."""

    time: float
    request_id: str
    method: str
    route: str
    path: str
    status: int
    milliseconds: float
    items: int | None = None
    """Workloads of a batch, rows of a bill."""
    key: str | None = None
    """Name of the caller's key."""
    trace_id: str | None = None


class AccessLog:
    """Lines gathered for a moment and written at once; a log that cannot be written stops no request."""

    def __init__(
        self, log_format: LogFormat, stream: IO[bytes] | None = None, lost: Callable[[int], None] = lambda _: None
    ) -> None:
        self._stream = stream
        self._encode = _as_json if log_format == "json" else _as_text
        self._lost = lost
        self.off = log_format == "off"
        self._lines: list[LogLine] = []

    def add(self, line: LogLine) -> None:
        """Take a line; it is written within a quarter of a second."""
        self._lines.append(line)
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(_FLUSH_SECONDS, self.flush)
        elif len(self._lines) >= _FLUSH_LINES:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered."""
        if self._lines:
            lines, self._lines = self._lines, []
            stream = self._stream or sys.stdout.buffer
            try:
                for piece in _pieces([self._encode(line) for line in lines]):
                    stream.write(piece)
                    stream.flush()
            except (OSError, ValueError):  # the disk is full, the reader is gone, the stream is closed
                self._lost(len(lines))


def _pieces(lines: list[bytes]) -> list[bytes]:
    """Whole lines, put together as far as they are written in one go."""
    pieces, piece = [], BytesIO()
    for line in lines:
        if piece.tell() and piece.tell() + len(line) > _AT_ONCE:
            pieces.append(piece.getvalue())
            piece = BytesIO()
        piece.write(line)
    return [*pieces, piece.getvalue()]


_encode_line = msgspec.json.Encoder().encode


def _as_json(line: LogLine) -> bytes:
    return _encode_line(line) + b"\n"


def _as_text(line: LogLine) -> bytes:
    when = f"{datetime.fromtimestamp(line.time, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    told = f"{when} {line.status} {line.method} {line.path} {line.milliseconds:.3f} ms {line.request_id}"
    more = "".join(
        f" {name}={value}"
        for name, value in (("items", line.items), ("key", line.key), ("trace", line.trace_id))
        if value is not None
    )
    return f"{escaped(told + more)}\n".encode()


class Versioned(Protocol):
    """What has a version."""

    @property
    def version(self) -> str:
        """Of the factor set."""


class InForce(Protocol):
    """All that rests on one factor set; a request keeps it to its end."""

    @property
    def store(self) -> Versioned:
        """The factors."""


class Observed:
    """Stands around Litestar's router, so that what is refused before a route is found is observed too."""

    def __init__(
        self,
        app: Guarded,
        in_force: Callable[[], InForce],
        metrics: Metrics,
        log: AccessLog,
        life: Life,
        tracing: Tracing | None = None,
    ) -> None:
        self._app = app
        self._in_force = in_force
        self._metrics = metrics
        self._log = log
        self._life = life
        self._tracing = tracing
        self._headers: Headers = ()
        self._headers_of = ""
        """Version of the factor set that they name."""
        self._prefix = os.urandom(8).hex()
        self._numbers = count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request through the program."""
        if scope["type"] != ScopeType.HTTP:
            await send({"type": "websocket.close", "code": 1000, "reason": "there are no websockets here"})
            return
        begun = perf_counter()
        request = read_request(scope["headers"])
        request.id = request.id or f"{self._prefix}-{next(self._numbers):x}".encode()
        current.set(request)
        request.pinned = in_force = self._in_force()
        version = in_force.store.version
        if version is not self._headers_of:
            self._headers_of, self._headers = version, (*_SAFE, (b"x-factor-set", version.encode()))
        exchange = Exchange(send, (*self._headers, (b"x-request-id", request.id)), self._life)
        self._metrics.active += 1
        try:
            if self._tracing is None:
                await guarded(self._app, scope, receive, exchange)
            else:
                await self._traced(self._tracing, scope, receive, exchange, request)
        finally:
            self._metrics.active -= 1
            self._note(scope, exchange, request, perf_counter() - begun)

    async def _traced(
        self, tracing: Tracing, scope: Scope, receive: Receive, exchange: Exchange, request: Request
    ) -> None:
        request.tracing = tracing
        with tracing.serving(str(scope.get("method", "")), _path(scope), scope["headers"]) as span:
            try:
                await guarded(self._app, scope, receive, exchange)
            finally:
                span.answered(exchange.status, route=scope.get("path_template"), items=request.items)

    def _note(self, scope: Scope, exchange: Exchange, request: Request, seconds: float) -> None:
        status = exchange.status or GONE
        method = str(scope.get("method", ""))
        route = scope.get("path_template") or "unmatched"
        self._metrics.request(route, method, status, seconds)
        if self._log.off:
            return
        self._log.add(
            LogLine(
                time(),
                request.id.decode(),
                method,
                route,
                _path(scope),
                status,
                seconds * 1000,
                request.items,
                exchange.key,
                request.trace_id,
            )
        )


def _path(scope: Scope) -> str:
    """The path as it was sent, its start if it is long."""
    raw_path = (scope.get("raw_path") or b"").partition(b"?")[0]
    return raw_path[:_LONGEST_PATH].decode("ascii", "backslashreplace")
