"""The adapter: cache, single flight and budget around the server."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
from msgspec import Struct

from service.boavizta.answers import Answer, Miss, State, Trouble
from service.boavizta.cache import Cache
from service.boavizta.client import Server
from service.boavizta.flight import Flights
from service.boavizta.policy import QUIET_CONNECTIONS, Policy
from service.boavizta.questions import VERSION, Provider, Question, instance_names
from service.boavizta.translation import instance_question
from service.boavizta.upstream import Upstream

_MOST_QUIET = 64
"""Answers that wait to be renewed; further ones wait for their next use."""


class Warmed(Struct, frozen=True, kw_only=True):
    """What warming came to, in instance types."""

    kept: int
    """Answered already, or now."""
    unknown: int
    """Without an answer for good."""
    left: int
    """Not answered because the server does not answer."""


class Boavizta:
    """Answers questions from what is kept, else from the server. Used on one event loop."""

    def __init__(
        self,
        url: str,
        *,
        cache_file: Path | None = None,
        policy: Policy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Take where the server is; nothing is sent before `open`.

        Args:
            url: of the server, `http://host:5000`.
            cache_file: answers outlive the process there; without one they are kept in memory.
            policy: times, numbers and sizes.
            transport: instead of a connection.
            now: the clock by which answers age, seconds since 1970.

        Raises:
            ValueError: the address is none.
        """
        self._policy = policy or Policy()
        server = Server(url, self._policy, transport)
        self._cache = Cache(cache_file, server.name, self._policy, now)
        self._upstream = Upstream(server, self._policy, now, self._cache.keep_version)
        self._flights: Flights[Question, Answer | Miss] = Flights(self._policy.most_flights)
        self._quiet: Flights[str, None] = Flights(_MOST_QUIET)
        self._quiet_places = asyncio.Semaphore(QUIET_CONNECTIONS)
        self._closed = False
        self._hits = self._misses = self._stale = self._unavailable = 0

    async def open(self) -> None:
        """Open the cache file; the server need not be there. Its version is asked for in the background."""
        self._upstream.known_version = await self._cache.open()
        self._quiet.join(VERSION.path, self._look_at_version)

    async def close(self) -> None:
        """End what is under way and write what is not yet written."""
        self._closed = True
        await self._quiet.close()
        await self._flights.close()
        await self._upstream.close()
        await self._cache.close()

    def peek(self, question: Question) -> Answer | Miss | None:
        """What memory has, without waiting; `None` where `embodied` must be asked."""
        version = self._upstream.known_version
        known = self._cache.peek(question, version) if version is not None else None
        if known is not None:
            self._hits += 1
            self._keep_fresh(question, known)
        return known

    async def embodied(self, question: Question, *, within_s: float | None = None) -> Answer | Miss:
        """The answer, or why there is none: at once where it is kept, else within the budget, whatever the server does.

        Args:
            question: made by `question_of`.
            within_s: what is left of the caller's own budget, where that is less. [s]
        """
        known = self.peek(question) or self._read(question)
        if known is not None:
            return known
        self._misses += 1
        budget_s = self._policy.budget_s if within_s is None else max(0.0, min(within_s, self._policy.budget_s))
        result = await self._landed(question, budget_s)
        if isinstance(result, Answer) or not result.unavailable:
            return result
        stale = self._cache.stale(question)
        if stale is None:
            self._unavailable += 1
            return result
        self._stale += 1
        return stale

    async def warm(self, provider: Provider, progress: Callable[[int, int], None] | None = None) -> Warmed | Miss:
        """Ask for every instance type of a provider that is not kept, a few at a time; a miss where there is no list.

        A server that fails is not asked on; then most of them are left.

        Args:
            provider: one of ours.
            progress: told after each how many are done, and of how many.
        """
        try:
            names = await self._upstream.names(instance_names(provider))
        except Trouble as trouble:
            return Miss(f"BoaviztAPI does not answer: {trouble}", unavailable=True)
        questions = [question for name in names if not isinstance(question := instance_question(provider, name), Miss)]
        results: list[Answer | Miss] = []
        waiting = iter(questions)

        async def some() -> None:
            for question in waiting:
                await asyncio.sleep(0)  # what is kept is read without waiting: let others have their turn
                results.append(self.peek(question) or self._read(question) or await self._unhurried(question))
                if progress is not None:
                    progress(len(results), len(questions))

        await asyncio.gather(*(some() for _ in range(QUIET_CONNECTIONS)))
        kept = sum(isinstance(result, Answer) for result in results)
        unknown = sum(isinstance(result, Miss) and not result.unavailable for result in results)
        return Warmed(kept=kept, unknown=unknown, left=len(questions) - kept - unknown)

    def state(self) -> State:
        """How it fares."""
        upstream, breaker = self._upstream, self._upstream.breaker
        return State(
            breaker=breaker.position,
            failures_in_row=breaker.failures_in_row,
            version=upstream.known_version,
            hits=self._hits,
            misses=self._misses,
            stale=self._stale,
            unavailable=self._unavailable,
            requests=upstream.requests,
            failures=upstream.failures,
            opened=breaker.opened,
            last_failure=upstream.last_failure,
            in_memory=len(self._cache),
        )

    # from what is kept

    def _read(self, question: Question) -> Answer | None:
        version = self._upstream.known_version
        found = self._cache.read(question, version) if version is not None else None
        if found is not None:
            self._hits += 1
            self._keep_fresh(question, found)
        return found

    def _keep_fresh(self, question: Question, known: Answer | Miss) -> None:
        """Look, in the background, whether the server has another version; ask anew before an answer ends."""
        if self._upstream.breaker.refuses:
            return
        if self._upstream.version_is_old:
            self._quiet.join(VERSION.path, self._look_at_version)
        if isinstance(known, Answer) and self._cache.is_due(question, known):
            self._quiet.join(question.key, lambda: self._renew(question))

    async def _look_at_version(self) -> None:
        with suppress(Trouble):  # counted where it happened
            await self._upstream.version()

    async def _renew(self, question: Question) -> None:
        await self._unhurried(question)

    async def _unhurried(self, question: Question) -> Answer | Miss:
        """As long as it takes, and never more than a few at once."""
        async with self._quiet_places:
            return await self._landed(question, None)

    # from the server

    async def _landed(self, question: Question, within_s: float | None) -> Answer | Miss:
        """What the question's flight brings home in time."""
        if self._closed:
            return Miss("the service is closing", unavailable=True)
        if self._upstream.breaker.refuses:
            return Miss(f"BoaviztAPI failed repeatedly: {self._upstream.last_failure}", unavailable=True)
        flight = self._flights.join(question, lambda: self._fly(question))
        if flight is None:
            return Miss("too many questions wait for BoaviztAPI", unavailable=True)
        await asyncio.wait((flight,), timeout=within_s)
        if not flight.done():
            return Miss(f"BoaviztAPI did not answer within {within_s:g} s", unavailable=True)
        return Miss("the service is closing", unavailable=True) if flight.cancelled() else flight.result()

    async def _fly(self, question: Question) -> Answer | Miss:
        try:
            version, result = await self._upstream.ask(question)
        except Trouble as trouble:
            return Miss(f"BoaviztAPI does not answer: {trouble}", unavailable=True)
        self._cache.keep(question, version, result)
        return result
