"""One workload, estimated by a service: the same request, and the same answer, over HTTP."""

import re
from collections.abc import Mapping
from http import HTTPStatus

import httpx
import msgspec
from msgspec import Struct

from service import __version__
from service.commands.telling import CommandFailed, CommandInvalid
from service.errors import Fault, Refused
from service.model.result import Emissions

KEY = "DUALSCOPE_KEY"
_PROBLEM = "application/problem+json"
_ROUTE = "/emissions"
_SHOWN = 200


class Server(Struct, frozen=True):
    """A service, and how long to wait for it."""

    url: str
    """Without the path of a route."""
    key: str | None
    timeout_s: float

    @property
    def shown(self) -> str:
        """The address without a password."""
        return re.sub(r"//[^/@]*@", "//", self.url)


class _Error(Struct, frozen=True):
    pointer: str
    code: str
    detail: str
    parameter: str | None = None


class _Problem(Struct, frozen=True):
    code: str
    detail: str
    errors: list[_Error] = []


def server_of(url: str, environment: Mapping[str, str], timeout_s: float) -> Server:
    """A service by its address, with the key of the environment.

    Raises:
        CommandInvalid: the address is none, or no header can hold the key.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise CommandInvalid(f"--url: this is no address: {error}") from None
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.query or parsed.fragment:
        raise CommandInvalid("--url: an address as http://localhost:8000 is wanted, without a query")
    key = environment.get(KEY, "").strip() or None
    if key is not None and not re.fullmatch(r"[!-~]+", key):
        raise CommandInvalid(f"{KEY}: it has a character that no header can have")
    return Server(url.rstrip("/").removesuffix(_ROUTE), key, timeout_s)


def answered(body: bytes, server: Server, *, explain: bool) -> tuple[bytes, Emissions]:
    """The answer for the workload that a body holds, as it came and as it reads.

    Raises:
        Refused: with every fault of the workload.
        CommandInvalid: the service refuses the request itself.
        CommandFailed: it is not reached, cannot answer, or is another program.
    """
    response = _sent(body, server, explain=explain)
    if response.status_code == HTTPStatus.OK:
        try:
            return response.content, msgspec.json.decode(response.content, type=Emissions)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise CommandFailed(f"{server.shown}: this is no answer of Dualscope: {str(error)[:_SHOWN]}") from None
    raise _refusal(response, server)


def _sent(body: bytes, server: Server, *, explain: bool) -> httpx.Response:
    headers = {
        "content-type": "application/json",
        "accept": "application/json",
        "user-agent": f"dualscope/{__version__}",
    }
    if server.key is not None:
        headers["authorization"] = f"Bearer {server.key}"
    parameters = {"explain": "true"} if explain else None
    try:
        with httpx.Client(timeout=server.timeout_s) as client:
            return client.post(server.url + _ROUTE, content=body, headers=headers, params=parameters)
    except httpx.TimeoutException:
        raise CommandFailed(f"{server.shown}: no answer within {server.timeout_s:g} s") from None
    except httpx.ConnectError as error:
        raise CommandFailed(f"{server.shown}: it is not reached: {error}") from None
    except httpx.HTTPError as error:
        raise CommandFailed(f"{server.shown}: {error or type(error).__name__}") from None
    except (ImportError, ValueError, httpx.InvalidURL) as error:  # of a proxy or certificate that the environment names
        raise CommandFailed(f"{server.shown}: it cannot be asked: {error}") from None


def _refusal(response: httpx.Response, server: Server) -> Exception:
    """What to raise for an answer that has no figures."""
    status, problem = response.status_code, _problem(response)
    if response.has_redirect_location:
        location = str(response.headers["location"])[:_SHOWN]
        return CommandFailed(f"{server.shown}: it sends on to {location}; give the address that answers itself")
    hint = {
        HTTPStatus.UNAUTHORIZED: f"; set {KEY}" if server.key is None else f"; it is the one in {KEY}",
        HTTPStatus.FORBIDDEN: f"; {KEY} decides",
    }.get(HTTPStatus(status) if status in HTTPStatus._value2member_map_ else HTTPStatus.OK, "")
    if problem is None:
        kind = response.headers.get("content-type", "no type")
        detail = f"{server.shown}: it answers {status}, {kind[:_SHOWN]}: no answer of Dualscope{hint}"
        return CommandInvalid(detail) if hint else CommandFailed(detail)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        after = response.headers.get("retry-after", "")
        when = f"; try again in {after} s" if after.isdecimal() else ""
        return CommandFailed(f"{server.shown}: {problem.detail} ({problem.code}){when}")
    if hint or not problem.errors:
        return CommandInvalid(f"{server.shown}: {problem.detail} ({problem.code}){hint}")
    return Refused([Fault(error.pointer, error.code, error.detail) for error in problem.errors])


def _problem(response: httpx.Response) -> _Problem | None:
    if not response.headers.get("content-type", "").startswith(_PROBLEM):
        return None
    try:
        return msgspec.json.decode(response.content, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
