"""What goes wrong → an RFC 9457 answer. The one place that knows both our errors and HTTP."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar.exceptions import HTTPException
from litestar.types import Message, Receive, Scope, Send
from msgspec import UNSET, Meta, Struct, UnsetType

from service.errors import DualscopeError, Fault, Refused
from service.http.life import Life
from service.model.codes import codes
from service.telemetry.current import current

MEDIA_TYPE = "application/problem+json"
CODES: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: "VALUE_INVALID",
    HTTPStatus.UNAUTHORIZED: "UNAUTHORIZED",
    HTTPStatus.FORBIDDEN: "FORBIDDEN",
    HTTPStatus.NOT_FOUND: "NOT_FOUND",
    HTTPStatus.METHOD_NOT_ALLOWED: "METHOD_NOT_ALLOWED",
    HTTPStatus.NOT_ACCEPTABLE: "NOT_ACCEPTABLE",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "BODY_TOO_LARGE",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "MEDIA_TYPE_UNSUPPORTED",
    HTTPStatus.TOO_MANY_REQUESTS: "RATE_LIMITED",
    HTTPStatus.SERVICE_UNAVAILABLE: "OVERLOADED",
}
"""The code of a status that Litestar itself answers with."""

_LOG = logging.getLogger("service")
Headers = Sequence[tuple[bytes, bytes]]
Guarded = Callable[[Scope, Receive, "Exchange"], Awaitable[None]]
CONTENT_SECURITY_POLICY = b"content-security-policy"
_NOTHING_ALLOWED = (CONTENT_SECURITY_POLICY, b"default-src 'none'; frame-ancestors 'none'")
"""Of whatever answer has no policy of its own: it is data, should a browser ever show it as a page."""
_LAST = (b"connection", b"close")
"""Of every answer once the process was told to stop: the next request finds another."""


class ProblemError(Struct, frozen=True, kw_only=True):
    """One fault of a request."""

    pointer: Annotated[
        str, Meta(description="RFC 6901, into the request body; empty for the whole.", examples=["/energy/kwh"])
    ]
    code: Annotated[str, Meta(description="Stable name of the fault.", examples=["VALUE_INVALID"])]
    detail: Annotated[str, Meta(description="What is wrong here, and what would be right.")]
    parameter: Annotated[str, Meta(description="The query parameter at fault, where it is one.")] | UnsetType = UNSET


class Problem(Struct, frozen=True, kw_only=True):
    """Why a request was refused (RFC 9457)."""

    type: Annotated[str, Meta(description="`urn:dualscope:problem:` and the code.")]
    title: Annotated[str, Meta(description="What the code means.")]
    status: Annotated[int, Meta(description="The HTTP status.")]
    detail: Annotated[str, Meta(description="What is wrong with this request.")]
    instance: Annotated[str, Meta(description="The path that was asked for.")]
    code: Annotated[str, Meta(description="That of the first fault, by pointer.", examples=["VALUE_INVALID"])]
    errors: Annotated[list[ProblemError], Meta(description="Every fault, by pointer.")]


class Declined(DualscopeError):
    """A request that HTTP itself refuses: its media type, size, query, path."""

    def __init__(self, code: str, detail: str, *, parameter: str | None = None, headers: Headers = ()) -> None:
        super().__init__(detail)
        self.code = code
        self.parameter = parameter
        self.headers = headers


class Disconnected(DualscopeError):
    """The client went away before its body, or its answer, was whole; nobody is left to answer."""


class Unheard(DualscopeError):
    """A request that did not arrive whole, or not in time: HTTP has a status for it, the interface no code."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Exchange:
    """One request's way back: adds the headers that all answers have, and knows whether an answer has begun.

    Its status is 0 as long as none has, and again when the caller went away within it.
    """

    __slots__ = ("_headers", "_life", "_send", "key", "private", "status")

    def __init__(self, send: Send, headers: Headers, life: Life) -> None:
        self._send = send
        self._headers = headers
        self._life = life
        self.status = 0
        self.key: str | None = None
        """Name of the key that was used."""
        self.private = False
        """Whether caches that callers share may not keep the answer."""

    def add(self, *headers: tuple[bytes, bytes]) -> None:
        """Let the answer have more headers, whatever it will be."""
        self._headers = (*self._headers, *headers)

    async def send(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = message["headers"]
            if self.private:
                own = [(name, _privately(name, value)) for name, value in own]
            last = (_LAST,) if self._life.draining else ()
            for name, _ in own:
                if name == CONTENT_SECURITY_POLICY:
                    message["headers"] = [*own, *self._headers, *last]
                    break
            else:
                message["headers"] = [*own, *self._headers, _NOTHING_ALLOWED, *last]
        await self._send(message)


def _privately(name: bytes, value: bytes) -> bytes:
    return value.replace(b"public", b"private") if name == b"cache-control" else value


async def guarded(app: Guarded, scope: Scope, receive: Receive, exchange: Exchange) -> None:
    """Run the program behind this; whatever it raises becomes a problem.

    What nobody foresaw is logged once, with its traceback, and answered by a bare 500.
    """
    try:
        await app(scope, receive, exchange)
    except Disconnected:
        exchange.status = 0
    except Exception as error:
        if exchange.status:  # too late for a problem: the server breaks the connection off, and logs why
            exchange.status = HTTPStatus.INTERNAL_SERVER_ERROR
            raise
        problem, headers = _problem_of(error, scope["path"])
        if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            request = current.get()
            _LOG.exception(
                "unexpected error on %s %s, request %s",
                scope.get("method"),
                ascii(scope["path"]),
                request.id.decode() if request is not None else None,
            )
        await send_problem(problem, headers, exchange.send)


async def send_problem(problem: Problem, headers: Headers, send: Send) -> None:
    """Answer with a problem."""
    body = msgspec.json.encode(problem)
    start: Any = {
        "type": "http.response.start",
        "status": problem.status,
        "headers": [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
            *headers,
        ],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": False})


def problem_of(faults: Sequence[Fault], instance: str, parameter: str | None = None) -> Problem:
    """The problem of one or more faults, sorted by pointer."""
    first = faults[0]
    code = codes()[first.code]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    where = f"{first.pointer}: " if first.pointer else ""
    return Problem(
        type=f"urn:dualscope:problem:{first.code}",
        title=code.message,
        status=code.http_status,
        detail=f"{where}{first.detail}{more}",
        instance=instance,
        code=first.code,
        errors=[
            ProblemError(pointer=fault.pointer, code=fault.code, detail=fault.detail, parameter=parameter or UNSET)
            for fault in faults
        ],
    )


def bare_problem(status: HTTPStatus, detail: str, instance: str) -> Problem:
    """The problem of a status that says it all (RFC 9457, 4.2.1); its `code` is there for those who decode one."""
    return Problem(
        type="about:blank",
        title=status.phrase,
        status=status,
        detail=detail,
        instance=instance,
        code=CODES[HTTPStatus.BAD_REQUEST],
        errors=[],
    )


def _problem_of(error: Exception, instance: str) -> tuple[Problem, Headers]:
    if isinstance(error, Refused):
        return problem_of(error.faults, instance), ()
    if isinstance(error, Declined):
        return problem_of([Fault("", error.code, str(error))], instance, error.parameter), error.headers
    if isinstance(error, Unheard):
        return bare_problem(error.status, str(error), instance), ((b"connection", b"close"),)
    if isinstance(error, HTTPException) and error.status_code in CODES:
        return _routing_problem(error, instance)
    return problem_of([Fault("", "INTERNAL_ERROR", "An unexpected error; it was logged.")], instance), ()


def _routing_problem(error: HTTPException, instance: str) -> tuple[Problem, Headers]:
    """What Litestar refuses before a handler is called."""
    allowed = ", ".join(sorted((error.headers or {}).get("allow", "").split(", ")))
    detail = {
        HTTPStatus.NOT_FOUND: "There is no such path; /openapi.json lists them all.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"This path takes {allowed}.",
    }.get(HTTPStatus(error.status_code), error.detail)
    headers = [(b"allow", allowed.encode())] if allowed else []
    return problem_of([Fault("", CODES[error.status_code], detail)], instance), headers
