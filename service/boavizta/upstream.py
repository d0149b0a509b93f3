"""A question, asked of the server: its version first, then its list of names, then the question, exactly.

Every request goes through the breaker. A 500 tells nothing by itself (BoaviztAPI answers bad input so, every time), so
the server is then asked for its version: if it has one, the question was at fault.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from service.boavizta.answers import Answer, Declined, Miss, Trouble
from service.boavizta.breaker import Breaker
from service.boavizta.client import OK, Reply, Server
from service.boavizta.flight import Flights
from service.boavizta.policy import CONNECTIONS, Policy
from service.boavizta.questions import (
    GPU_NAMES,
    VERSION,
    ComponentQuestion,
    InstanceQuestion,
    Question,
    Request,
    instance_names,
)
from service.boavizta.reading import read_answer, read_names, read_version

T = TypeVar("T")
_BAD_REQUEST, _NOT_FOUND, _TOO_MANY, _SERVER_ERROR = 400, 404, 429, 500
_AZURE_TIER = "standard_"
_log = logging.getLogger(__name__)


class _Names(Struct, frozen=True):
    spellings: dict[str, str]
    """Lower case → the server's own."""
    heard_at: float
    """Seconds since 1970."""


class Upstream:
    """The server behind its breaker."""

    def __init__(
        self, server: Server, policy: Policy, now: Callable[[], float], on_version: Callable[[str], None]
    ) -> None:
        self.breaker = Breaker(policy.failures, policy.open_s)
        self.known_version: str | None = None
        self.requests = 0
        self.failures = 0
        self.last_failure: str | None = None
        self._version_heard_at = 0.0
        self._server = server
        self._policy = policy
        self._now = now
        self._on_version = on_version
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._lists: dict[Request, _Names] = {}
        self._flights: Flights[Request, Any] = Flights()

    async def close(self) -> None:
        """End what is under way, and close the connections."""
        await self._flights.close()
        await self._server.close()

    @property
    def version_is_old(self) -> bool:
        """Whether the server may have another version by now."""
        return self._is_old(self._version_heard_at, self._policy.version_s)

    async def version(self) -> str:
        """The server's version, as heard a while ago or now.

        Raises:
            Trouble: it does not tell.
        """
        if self.known_version is not None and not self.version_is_old:
            return self.known_version
        return await self._together(VERSION, self._hear_version)

    async def names(self, request: Request) -> list[str]:
        """A list of names in the server's own spelling.

        Raises:
            Trouble: it does not tell.
        """
        await self.version()
        known = self._lists.get(request)
        if known is None:
            known = await self._together(request, lambda: self._hear_names(request))
        return list(known.spellings.values())

    async def ask(self, question: Question) -> tuple[str, Answer | Miss]:
        """The server's version, and its answer or why it has none.

        Raises:
            Trouble: the server is at fault.
        """
        version = await self.version()
        wanted = await self._exactly(question)
        if isinstance(wanted, Miss):
            return version, wanted
        try:
            result = await self._exchange(wanted.request(), lambda reply: self._result(wanted, reply, version))
        except Declined as declined:
            await self._together(VERSION, self._hear_version)
            return version, Miss(f"BoaviztAPI refuses the question: {declined}")
        return version, self._unknown(result.reason) if isinstance(result, Miss) else result

    # one request

    async def _exchange(self, request: Request, read: Callable[[Reply], T]) -> T:
        if self.breaker.refuses:
            raise self._left_alone()
        async with self._places:
            ticket = self.breaker.admit()
            if ticket is None:
                raise self._left_alone()
            self.requests += 1
            try:
                result = read(await self._server.send(request))
            except Declined:
                self.breaker.abandoned(ticket)
                raise
            except Trouble as trouble:
                self._note(trouble, opened=self.breaker.failed(ticket))
                raise
            except BaseException:
                self.breaker.abandoned(ticket)
                raise
            if self.breaker.succeeded(ticket):
                _log.info("BoaviztAPI at %s answers again", self._server.name)
            return result

    def _left_alone(self) -> Trouble:
        return Trouble(f"it failed repeatedly and is left alone for a while; last: {self.last_failure}")

    def _note(self, trouble: Trouble, *, opened: bool) -> None:
        self.failures += 1
        self.last_failure = str(trouble)
        if opened:
            _log.warning("BoaviztAPI at %s is left alone for %g s: %s", self._server.name, self._policy.open_s, trouble)

    async def _together(self, request: Request, start: Callable[[], Coroutine[Any, Any, T | Trouble]]) -> T:
        """Hear something once for all who want it."""
        flight = self._flights.join(request, start)
        assert flight is not None  # noqa: S101 - their number is not bounded
        result: T | Trouble = await asyncio.shield(flight)
        if isinstance(result, Trouble):
            raise Trouble(str(result))
        return result

    # what the server says

    async def _hear_version(self) -> str | Trouble:
        try:
            version = await self._exchange(VERSION, lambda reply: read_version(_listed(reply)))
        except Trouble as trouble:
            return trouble
        if version != self.known_version:
            _log.info("BoaviztAPI at %s has version %s", self._server.name, version)
            self._lists.clear()
            self._on_version(version)
        self.known_version = version
        self._version_heard_at = self._now()
        return version

    async def _hear_names(self, request: Request) -> _Names | Trouble:
        try:
            spellings = await self._exchange(request, lambda reply: read_names(_listed(reply)))
        except Trouble as trouble:
            return trouble
        names = self._lists[request] = _Names(spellings, self._now())
        return names

    def _result(self, question: Question, reply: Reply, version: str) -> Answer | Miss:
        status = reply.status
        if status == OK:
            now = self._now()
            return read_answer(question, reply.content, version, now, now + self._policy.ttl_s)
        if status == _NOT_FOUND:
            return Miss("BoaviztAPI does not know it")
        if status == _SERVER_ERROR or (_BAD_REQUEST <= status < _SERVER_ERROR and status != _TOO_MANY):
            raise Declined(f"HTTP {status}")
        raise Trouble(f"HTTP {status}")

    # names

    async def _exactly(self, question: Question) -> Question | Miss:
        """The question with every name as in the server's lists."""
        if isinstance(question, InstanceQuestion):
            name = await self._spelling(instance_names(question.provider), *_same_size(question))
            if name is not None:
                return msgspec.structs.replace(question, name=name)
            return self._unknown(f"BoaviztAPI has no {question.name!r} among the instance types of {question.provider}")
        gpu = _gpu(question)
        if gpu is None or await self._spelling(GPU_NAMES, gpu.casefold()) == gpu:
            return question
        return self._unknown(f"BoaviztAPI has no {gpu!r} among its GPUs")

    async def _spelling(self, request: Request, *names: str) -> str | None:
        """The first of these names that is in a list. Where none is, the list may be too old to say so."""
        known = self._lists.get(request)
        found = _first(known, names) if known is not None else None
        if found is None and (known is None or self._is_old(known.heard_at, self._policy.unknown_s)):
            found = _first(await self._together(request, lambda: self._hear_names(request)), names)
        return found

    def _is_old(self, heard_at: float, most_s: float) -> bool:
        """Also what was heard in the future: the clock was put back."""
        return not 0 <= self._now() - heard_at <= most_s

    def _unknown(self, reason: str) -> Miss:
        return Miss(reason, keep_until=self._now() + self._policy.unknown_s)


def _listed(reply: Reply) -> bytes:
    """Version and lists have no input of anybody's: anything but 200 is the server's fault."""
    if reply.status != OK:
        raise Trouble(f"HTTP {reply.status}")
    return reply.content


def _first(known: _Names, names: tuple[str, ...]) -> str | None:
    return next((known.spellings[name] for name in names if name in known.spellings), None)


def _same_size(question: InstanceQuestion) -> tuple[str, ...]:
    """The name, and for Azure the same size with or without its tier, which people leave out."""
    name = question.name
    if question.provider != "azure":
        return (name,)
    return name, name.removeprefix(_AZURE_TIER) if name.startswith(_AZURE_TIER) else f"{_AZURE_TIER}{name}"


def _gpu(question: Question) -> str | None:
    if isinstance(question, ComponentQuestion):
        return question.name if question.part == "gpu" else None
    return None if isinstance(question, InstanceQuestion) else question.gpu
