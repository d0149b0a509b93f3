"""The request that is being answered, for those who tell of it or pass its trace on (W3C Trace Context)."""

import re
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from msgspec import Struct

from service.telemetry.tracing import Tracing

_SANE_ID = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z:/=@-]{1,128}")
_IDS = rb"(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
_TRACEPARENT = re.compile(rb"00-%b|(?!00|ff)[0-9a-f]{2}-%b(?:-[!-~]{0,200})?" % (_IDS, _IDS))
_TRACESTATE = re.compile(rb"[ -~]{1,512}")
_TRACE_ID = slice(3, 35)


class Request(Struct, gc=False):
    """One request, as far as others need to know of it."""

    id: bytes
    traceparent: str | None = None
    """As the caller sent it, where that is valid."""
    tracestate: str | None = None
    tracing: Tracing | None = None
    """Where spans are recorded; none: the caller's trace is passed on as it came."""
    items: int | None = None
    """Workloads of a batch, rows of a bill."""
    pinned: Any = None
    """What it is answered from, to its end: that which was in force when it began."""

    @property
    def trace_id(self) -> str | None:
        """Of the trace that the caller began."""
        return self.traceparent[_TRACE_ID] if self.traceparent is not None else None


current: ContextVar[Request | None] = ContextVar("current", default=None)


def count_items(items: int) -> None:
    """Add to the workloads that the request being answered holds."""
    request = current.get()
    if request is not None:
        request.items = (request.items or 0) + items


def trace_headers() -> dict[str, str]:
    """The caller's trace, for a request that is sent on behalf of the one being answered."""
    request = current.get()
    if request is None or request.traceparent is None:
        return {}
    headers = {"traceparent": request.traceparent}
    if request.tracestate is not None:
        headers["tracestate"] = request.tracestate
    return headers


def read_request(headers: Iterable[tuple[bytes, bytes]]) -> Request:
    """A request's own id, empty where it has none that may be repeated, and its trace."""
    request_id = b""
    traced = False
    for name, value in headers:
        if name == b"x-request-id":
            if not request_id and _SANE_ID.fullmatch(value):
                request_id = value
        elif name == b"traceparent":
            traced = True
    request = Request(request_id)
    if traced:
        _read_trace(request, headers)
    return request


def _read_trace(request: Request, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """A trace that stands twice or is malformed is none; a malformed state is left out."""
    parents = [value for name, value in headers if name == b"traceparent"]
    if len(parents) > 1 or not _TRACEPARENT.fullmatch(parents[0]):
        return
    request.traceparent = parents[0].decode()
    state = b",".join(value for name, value in headers if name == b"tracestate")
    if _TRACESTATE.fullmatch(state):
        request.tracestate = state.decode()
