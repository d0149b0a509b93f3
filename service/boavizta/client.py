"""One HTTP exchange with the server: few connections, bounded in time and size, to no other host, repeated with care.

Tried again are connection errors and 502, 503, 504: every request only reads, so none can do harm twice. A time-out is
not, because the server's handlers block and a second request would only lengthen its queue; nor is a 500, which with
BoaviztAPI means bad input and comes back every time.

Retries by tenacity (Apache-2.0, well kept, typed, no dependencies): random exponential waits and a predicate in four
lines. stamina, which wraps it, would count and log into process-wide registries that this program does not expose.

Bodies come unencoded: `identity` alone is accepted and a response with any content-encoding is refused unread, so that
no bytes are ever inflated; what is read is counted, and the connection dropped at the limit.
"""

import asyncio
from collections.abc import Mapping
from typing import Literal

import httpx
from msgspec import Struct
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from service.boavizta.answers import Garbled, Trouble
from service.boavizta.policy import CONNECTIONS, KEEP_ALIVE_S, MOST_BYTES, Policy
from service.boavizta.questions import Request
from service.telemetry.current import current, trace_headers

OK = 200
_TRY_AGAIN_STATUS = frozenset({502, 503, 504})
_CONNECTION_ERRORS = (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ConnectTimeout)
_JSON = "application/json"
_HEADERS: Mapping[str, str] = {"Accept": _JSON, "Accept-Encoding": "identity"}
_LONGEST_REASON = 200


class Reply(Struct, frozen=True, gc=False):
    """Status and body; the body is JSON by its label where the status is 200."""

    status: int
    content: bytes


class _Passing(Trouble):
    """It may be over at the next attempt."""


class Server:
    """The one BoaviztAPI that is configured."""

    def __init__(self, url: str, policy: Policy, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Take the address of a server, a path prefix allowed.

        Raises:
            ValueError: it is not a plain http or https address.
        """
        address = _checked(url)
        self.name = str(address)
        self._policy = policy
        self._client = httpx.AsyncClient(
            base_url=address,
            headers=_HEADERS,
            timeout=httpx.Timeout(policy.read_s, connect=policy.connect_s, pool=policy.patience_s),
            limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEEP_ALIVE_S),
            follow_redirects=False,
            trust_env=False,  # no proxy and no credentials from the environment: to this host and nowhere else
            transport=transport,
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def send(self, request: Request) -> Reply:
        """Send a request, again where that may help, and read the reply.

        Raises:
            Trouble: there is none that could be used.
        """
        policy = self._policy
        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, _Passing)),
            stop=stop_after_attempt(policy.attempts),
            wait=wait_random_exponential(multiplier=policy.retry_wait_s, max=policy.read_s),
            reraise=True,
        )
        try:
            async with asyncio.timeout(policy.patience_s):
                return await retrying(self._once, request)
        except TimeoutError:
            raise Trouble(f"no answer within {policy.patience_s:g} s") from None

    async def _once(self, request: Request) -> Reply:
        """One attempt; it carries the trace of the request that asks first."""
        answered = current.get()
        if answered is None or answered.tracing is None:
            return await self._exchange(request, trace_headers())
        method = _method(request)
        with answered.tracing.calling(method, self._client.base_url.host, request.path) as call:
            reply = await self._exchange(request, call.headers)
            call.answered(reply.status)
            return reply

    async def _exchange(self, request: Request, trace: Mapping[str, str]) -> Reply:
        kind = {"Content-Type": _JSON} if request.body is not None else {}
        try:
            async with self._client.stream(
                _method(request),
                request.path,
                params=request.parameters,
                content=request.body,
                headers={**kind, **trace},
            ) as response:
                return await _read(response)
        except _CONNECTION_ERRORS as error:
            raise _Passing(_told(error)) from error
        except httpx.HTTPError as error:
            raise Trouble(_told(error)) from error


def _method(request: Request) -> Literal["GET", "POST"]:
    return "GET" if request.body is None else "POST"


async def _read(response: httpx.Response) -> Reply:
    if response.status_code in _TRY_AGAIN_STATUS:
        raise _Passing(f"HTTP {response.status_code}")
    if response.is_redirect:
        raise Garbled(f"HTTP {response.status_code}: it redirects")
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Garbled("its body is encoded, which was not asked for")
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code == OK and media_type != _JSON:
        raise Garbled(f"its body is {media_type[:64] or 'of no type'}, not {_JSON}")
    content = bytearray()
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > MOST_BYTES:
            raise Garbled(f"its body has more than {MOST_BYTES} bytes")
    return Reply(response.status_code, bytes(content))


def _checked(url: str) -> httpx.URL:
    """The address; what is wrong with it is told without repeating it, since it may hold a password."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"the address of BoaviztAPI is none: {error}") from None
    plain = address.scheme in {"http", "https"} and address.host and not (address.query or address.fragment)
    if not plain or address.userinfo:
        raise ValueError("the address of BoaviztAPI is http(s)://host:port, maybe with a path, without credentials")
    return address


def _told(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__}: {error}"[:_LONGEST_REASON]
