"""What stands around every request: its id, the headers that all answers have, one log line, the counts."""

import asyncio
import os
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from time import perf_counter, time
from typing import BinaryIO

import msgspec
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send
from msgspec import Struct

from service.http.metrics import Metrics
from service.http.problems import Exchange, Guarded, Headers, guarded
from service.settings import LogFormat

_SANE_ID = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z:/=@-]{1,128}")
_SAFE = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
_FLUSH_LINES = 256
_FLUSH_SECONDS = 0.25
_LONGEST_PATH = 256
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
    key: str | None = None
    """Name of the key that was used."""


class AccessLog:
    """Lines gathered for a moment and written at once."""

    def __init__(self, log_format: LogFormat, stream: BinaryIO | None = None) -> None:
        self._stream = stream
        self._encode = _as_json if log_format == "json" else _as_text
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
            stream.write(self._encode(lines))
            stream.flush()


def _as_json(lines: list[LogLine]) -> bytes:
    return msgspec.json.Encoder().encode_lines(lines)


def _as_text(lines: list[LogLine]) -> bytes:
    return "".join(
        f"{datetime.fromtimestamp(line.time, UTC):%Y-%m-%dT%H:%M:%S.%fZ} {line.status} {line.method} {line.path} "
        f"{line.milliseconds:.3f} ms {line.request_id}{f' {line.key}' if line.key else ''}\n"
        for line in lines
    ).encode()


class Observed:
    """Stands around Litestar's router, so that what is refused before a route is found is observed too."""

    def __init__(self, app: Guarded, factor_set: Callable[[], str], metrics: Metrics, log: AccessLog) -> None:
        self._app = app
        self._factor_set = factor_set
        self._metrics = metrics
        self._log = log
        self._headers: Headers = ()
        self._prefix = os.urandom(8).hex()
        self._numbers = count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request through the program."""
        if scope["type"] != ScopeType.HTTP:
            await send({"type": "websocket.close", "code": 1000, "reason": "there are no websockets here"})
            return
        begun = perf_counter()
        request_id = self._request_id(scope)
        headers = self._headers = self._headers or (*_SAFE, (b"x-factor-set", self._factor_set().encode()))
        exchange = Exchange(send, (*headers, (b"x-request-id", request_id)))
        try:
            await guarded(self._app, scope, receive, exchange)
        finally:
            self._note(scope, exchange, request_id, perf_counter() - begun)

    def _request_id(self, scope: Scope) -> bytes:
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _SANE_ID.fullmatch(value):
                return value
        return f"{self._prefix}-{next(self._numbers):x}".encode()

    def _note(self, scope: Scope, exchange: Exchange, request_id: bytes, seconds: float) -> None:
        status = exchange.status or GONE
        method = str(scope.get("method", ""))
        route = scope.get("path_template") or "unmatched"
        self._metrics.request(route, method, status, seconds)
        if self._log.off:
            return
        raw_path = (scope.get("raw_path") or b"").partition(b"?")[0]
        path = raw_path[:_LONGEST_PATH].decode("ascii", "backslashreplace")
        milliseconds = seconds * 1000
        self._log.add(LogLine(time(), request_id.decode(), method, route, path, status, milliseconds, exchange.key))
