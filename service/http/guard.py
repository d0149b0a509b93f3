"""What a request must pass before it is routed: key, quota, a place among those in flight; and its time is limited."""

import logging
from asyncio import CancelledError, current_task
from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from time import monotonic, time
from typing import Any, Literal, cast

from litestar.types import ASGIApp, Receive, Scope
from litestar.utils import normalize_path
from msgspec import Struct

from service.access.addresses import Proxies, forwarded_scheme, site_of
from service.access.allowance import Allowance
from service.access.overtime import Course, Late, Overtime
from service.access.room import Room
from service.errors import DualscopeError
from service.http.credentials import holder_of
from service.http.cross_origin import CrossOrigin
from service.http.exposition import InFlight
from service.http.gate import Gate, Limits
from service.http.problems import Declined, Disconnected, Exchange, Headers, Unheard

Sort = Literal["open", "operations", "data"]
OPEN = ("/", "/docs", "/openapi.json", "/health/live")
"""Never a key: the page, its documents, and whether the process lives."""
OPEN_BELOW = ("/docs/", "/assets/")
OPERATIONS = ("/health/ready", "/metrics")
ALIVE = "/health/live"
BYTES_EACH = 1024 * 1024
"""A request counts as often as its body has begun so many bytes, and once at least."""
HSTS = (b"strict-transport-security", b"max-age=31536000")
_FORWARDED = b"forwarded"
_SOON, _LATER = ((b"retry-after", b"1"),), ((b"retry-after", b"30"),)
_LOG = logging.getLogger("service")


class _Path(Struct, frozen=True):
    path: str
    sort: Sort
    room: Room
    budget_s: float


class Guard:
    """Stands between what observes and the router."""

    def __init__(self, app: ASGIApp, gate: Gate, limits: Limits, large: Sequence[str]) -> None:
        """`large`: paths, and beginnings of paths that end with a slash, that take large bodies."""
        self._app, self._gate, self._limits = app, gate, limits
        self._large = frozenset(path for path in large if path[-1] != "/")
        self._large_below = tuple(path for path in large if path[-1] == "/")
        self.room = Room(limits.places, limits.queue, limits.queue_s)
        self.large_room = Room(limits.large_places, limits.queue, limits.queue_s)
        self._overtime = Overtime(limits.silence_s, min(limits.request_s, limits.large_s))
        self._fixed = {path: self._told(path) for path in (*OPEN, *OPERATIONS, *self._large, "/emissions")}
        self._wide_open = gate.wide_open
        self.by_key: Counter[str] = Counter()
        """Requests with a key that is good for them, by its name; those beyond its quota too."""

    def in_flight(self) -> InFlight:
        """What is in flight and who asked, for a scrape."""
        rooms = {"small": self.room, "large": self.large_room}
        return InFlight(
            places_taken={size: room.places - room.free for size, room in rooms.items()},
            waiting={size: room.waiting for size, room in rooms.items()},
            by_key=dict(self.by_key),
        )

    async def __call__(self, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        """Let a request pass, or refuse it."""
        path = self._fixed.get(scope["path"]) or self._told(normalize_path(scope["path"]))
        allowance = None
        if not self._wide_open:
            if self._gate.cross_origin is not None and await _greeted(self._gate.cross_origin, scope, exchange):
                return
            allowance = self._let_in(scope, path, exchange)
        if path.sort != "data":  # answered at once, also where there is no room for others
            await self._app(scope, receive, exchange.send)
            return
        room, watch = path.room, self._overtime
        if room.free:
            room.free -= 1
        elif not await room.enter():
            raise Declined("OVERLOADED", "too many requests are being answered; try again shortly", headers=_SOON)
        course = Course(current_task(), monotonic() + path.budget_s, receive, scope.get("method") != "POST")
        watch.courses.add(course)
        watch.watch()
        try:
            await self._app(scope, course.receive, exchange.send)
        except CancelledError:
            if course.late is None:
                raise
            course.resume()
            raise self._overdue(course.late, exchange, path.budget_s) from None
        finally:
            watch.courses.discard(course)
            room.leave()
            if allowance is not None and course.received > BYTES_EACH:
                allowance.add((course.received - 1) // BYTES_EACH)

    def _told(self, path: str) -> _Path:
        limits = self._limits
        if path in self._large or path.startswith(self._large_below):
            return _Path(path, "data", self.large_room, limits.large_s)
        sort: Sort = "data"
        if path in OPEN or path.startswith(OPEN_BELOW):
            sort = "open"
        elif path in OPERATIONS:
            sort = "operations"
        return _Path(path, sort, self.room, limits.request_s)

    def _let_in(self, scope: Scope, path: _Path, exchange: Exchange) -> Allowance | None:
        """What is left to the caller, where that is counted.

        Raises:
            Declined: no key, none that is good for this, none of its quota left; or nothing is there at this port.
        """
        gate, now = self._gate, int(time())
        if gate.proxies is not None and _came_by_tls(scope, gate.proxies):
            exchange.add(HSTS)
        if gate.operations_port is not None and _kept_apart(scope, path, gate.operations_port):
            return None
        if path.sort == "open" or path.path in gate.without_key:
            return None
        if gate.keys is not None:
            holder = holder_of(cast("Headers", scope["headers"]), gate.keys, path.sort, now)
            exchange.key = holder.key.name
            exchange.private = scope.get("method") != "POST"  # what is posted is never kept
            self.by_key[exchange.key] += 1
            allowance = holder.allowance
        elif gate.per_address is not None and path.sort == "data":
            allowance = gate.per_address.of(site_of(_caller(scope, gate.proxies)), now)
        else:
            return None
        if allowance is not None and path.sort == "data":
            _count(allowance, now, exchange)
        return allowance

    def _overdue(self, late: Late, exchange: Exchange, budget_s: float) -> DualscopeError:
        """What is said of it; nothing, where the answer has begun."""
        detail = {
            "silent": f"for {self._limits.silence_s:g} s nothing more of the body arrived",
            "slow": f"the body did not arrive within {budget_s:g} s",
            "long": f"the answer took longer than {budget_s:g} s; send less at once, or try again later",
        }[late]
        if exchange.status:
            _LOG.warning("an answer was broken off: %s", detail)
            return Disconnected()
        if late == "long":
            return Declined("OVERLOADED", detail, headers=_LATER)
        return Unheard(HTTPStatus.REQUEST_TIMEOUT, detail)


async def _greeted(cross_origin: CrossOrigin, scope: Scope, exchange: Exchange) -> bool:
    """Say to a page of another origin what it may; whether that was all that it asked."""
    origin = asks = None
    for name, value in scope["headers"]:
        if name == b"origin":
            origin = value
        elif name == b"access-control-request-method":
            asks = value
    exchange.add(*cross_origin.headers(origin))
    allowed = cross_origin.preflight(origin) if asks is not None and scope.get("method") == "OPTIONS" else None
    if allowed is None:
        return False
    start: Any = {"type": "http.response.start", "status": HTTPStatus.NO_CONTENT, "headers": [*allowed]}
    await exchange.send(start)
    await exchange.send({"type": "http.response.body", "body": b"", "more_body": False})
    return True


def _kept_apart(scope: Scope, path: _Path, operations_port: int) -> bool:
    """Whether the request came in at the port for operations, where no key is asked for.

    Raises:
        Declined: it came in at the wrong one.
    """
    server = scope["server"]
    here = server is not None and server[1] == operations_port
    if here is (path.sort == "operations") or path.path == ALIVE:
        return here
    at = f"{', '.join((ALIVE, *OPERATIONS))} alone stand at this port" if here else "it stands at a port of its own"
    raise Declined("NOT_FOUND", f"There is no such path here: {at}.")


def _count(allowance: Allowance, now: int, exchange: Exchange) -> None:
    """Take one from the quota.

    Raises:
        Declined: there is none left.
    """
    wait_s = allowance.take(now)
    exchange.add((b"ratelimit-policy", allowance.policy), (b"ratelimit", allowance.left(now)))
    if wait_s:
        detail = f"the quota is used up; there is one again in {wait_s} s"
        raise Declined("RATE_LIMITED", detail, headers=((b"retry-after", b"%d" % wait_s),))


def _caller(scope: Scope, proxies: Proxies | None) -> str:
    client = scope["client"]
    peer = client[0] if client is not None else ""
    if proxies is None or not proxies.trusts(peer):
        return peer
    return proxies.caller(peer, _all_of(scope, proxies.header))


def _came_by_tls(scope: Scope, proxies: Proxies) -> bool:
    if scope["scheme"] == "https":
        return True
    client = scope["client"]
    if client is None or not proxies.trusts(client[0]):
        return False
    told = _all_of(scope, _FORWARDED if proxies.header == _FORWARDED else b"x-forwarded-proto")
    return told is not None and forwarded_scheme(told) == "https"


def _all_of(scope: Scope, wanted: bytes) -> str | None:
    """All lines of a header as one list."""
    found = [value for name, value in scope["headers"] if name == wanted]
    return b",".join(found).decode("latin-1") if found else None
