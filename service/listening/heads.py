"""The wire below the interface: how large the head of a request may be and how long it may take to arrive.

The parser has no limits of its own: it would keep a head of any size, and wait for the rest of it for ever; and it
gives fields that stand behind a body as if they were headers.
"""

import asyncio
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from service.http.problems import MEDIA_TYPE, bare_problem

_MOST_HEADERS = 128
_EVERY_S = 1.0
_POLICY = "content-security-policy: default-src 'none'; frame-ancestors 'none'"


class HeadLimits(Struct, frozen=True, kw_only=True):
    """Of the head of a request."""

    head_bytes: int
    url_bytes: int
    head_s: float


class HeadRefusedError(Exception):
    """The head of a request is too large."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `bounded` makes a class of it that knows its limits."""

    limits: HeadLimits
    connected: set["BoundedProtocol"]
    """All connections, of which one look each second is enough."""

    _head_bytes = 0
    """At least as many as the head has by now."""
    _chunk = 0
    """Of the bytes that are being read."""
    _between = 0
    """At most so many have come since the last of a body."""
    _head_since: float | None = None
    """While a head is waited for. [s]"""
    _refusal: tuple[HTTPStatus, str] | None = None

    def connection_made(self, transport: Any) -> None:
        """Watch the connection from its beginning: nothing may ever come."""
        super().connection_made(transport)
        self._head_since = self.loop.time()
        if not self.connected:
            self.loop.call_later(min(_EVERY_S, self.limits.head_s / 4), self._look, self.loop)
        self.connected.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is watched no longer."""
        self.connected.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, no more of a head than its limit, nor of what stands between or behind the chunks of a body."""
        self._chunk = len(data)
        self._head_bytes += self._chunk
        self._between += self._chunk
        super().data_received(data)
        if (self._between if self._head_since is None else self._head_bytes) > self.limits.head_bytes:
            self._refuse(*self._too_large())

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._head_bytes = self._chunk
        self._head_since = self.loop.time()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; nothing that stands behind a body, where no proxy may have looked, and which may never end."""
        if self._head_since is not None:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """A part of the body is there."""
        self._between = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request is whole."""
        self._between = 0
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        """A head is whole."""
        self._head_since = None
        self._between = 0
        too_long = len(self.url) > self.limits.url_bytes or len(self.headers) > _MOST_HEADERS
        if too_long or (self._head_bytes > self.limits.head_bytes and self._size() > self.limits.head_bytes):
            self._refusal = self._too_large()
            raise HeadRefusedError
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Say why a request is refused that never reached the interface, and end the connection."""
        self._refuse(*(self._refusal or (HTTPStatus.BAD_REQUEST, msg)))

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            body = msgspec.json.encode(bare_problem(status, detail, ""))
            head = f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n"
            safe = f"cache-control: no-store\r\nx-content-type-options: nosniff\r\n{_POLICY}\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + head.encode() + safe.encode() + body)
        self.transport.close()

    def _size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers)

    def _too_large(self) -> tuple[HTTPStatus, str]:
        limits = self.limits
        if len(self.url) > limits.url_bytes:
            return HTTPStatus.REQUEST_URI_TOO_LONG, f"a URL has at most {limits.url_bytes} bytes"
        detail = (
            f"URL and headers have at most {limits.head_bytes} bytes, and there are {_MOST_HEADERS} headers at most"
        )
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail

    @classmethod
    def _look(cls, loop: asyncio.AbstractEventLoop) -> None:
        """See after all connections; as long as there are some, again."""
        for connection in [*cls.connected]:
            connection.check(loop.time())
        if cls.connected:
            loop.call_later(min(_EVERY_S, cls.limits.head_s / 4), cls._look, loop)

    def check(self, now: float) -> None:
        """End the connection if a head takes too long."""
        if self._head_since is None or now - self._head_since < self.limits.head_s:
            return
        if self.pipeline:  # we do not read on, as long as requests before it wait for their answers
            self._head_since = now
        elif self._head_bytes:
            detail = f"the head of the request did not arrive within {self.limits.head_s:g} s"
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, detail)
        else:
            self.transport.close()


def bounded(limits: HeadLimits) -> type[BoundedProtocol]:
    """The connections of one server, with their limits."""
    return type("Connection", (BoundedProtocol,), {"limits": limits, "connected": set()})
