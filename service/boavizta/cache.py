"""Answers kept: memory in front of a file. Fresh ones answer; older ones may stand in while the server does not answer.

The key is the question with the server's version, because figures change by factors between releases. In memory each
entry lives until its own `keep_until` (cachetools' TLRU): answers for weeks, unknown names for minutes. Errors are
never kept. Nothing here waits: memory is a look-up, the file a read of microseconds; writes go to a thread.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from cachetools import TLRUCache

from service.boavizta.answers import Answer, Miss
from service.boavizta.policy import Policy
from service.boavizta.questions import Question
from service.boavizta.table import AnswerTable

_EARLY_SHARE = 0.2
"""An answer is asked for anew in the last fifth of its life, spread over it so that those of one day do not all come at
once.
"""
_SPREAD = 64


class Cache:
    """What was answered, by question and version of the server."""

    def __init__(self, file: Path | None, server: str, policy: Policy, now: Callable[[], float]) -> None:
        self._server = server
        self._ttl_s = policy.ttl_s
        self._now = now
        self._memory: TLRUCache[tuple[Question, str], Answer | Miss] = TLRUCache(
            policy.most_in_memory, ttu=lambda _, kept, __: kept.keep_until, timer=now
        )
        self._table = AnswerTable(file, policy.most_in_file)
        self._writes_take_time = file is not None
        self._writer: ThreadPoolExecutor | None = None

    def __len__(self) -> int:
        return len(self._memory)

    async def open(self) -> str | None:
        """Open the file; the version that the server last had comes back."""
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="boavizta-cache")
        await asyncio.wrap_future(self._writer.submit(self._table.open))
        return self._table.version(self._server)

    async def close(self) -> None:
        """Write what waits to be written, and close the file."""
        writer, self._writer = self._writer, None
        if writer is not None:
            await asyncio.to_thread(writer.shutdown)
            self._table.close()

    def peek(self, question: Question, version: str) -> Answer | Miss | None:
        """What memory has."""
        try:
            return self._memory[question, version]  # half the time of its `get`, which looks twice
        except KeyError:
            return None

    def read(self, question: Question, version: str) -> Answer | None:
        """What the file has, if it is still good; memory has it from then on."""
        found = self._table.read(self._server, question.key, version)
        if found is None or not 0 <= self._age_s(found) < self._ttl_s:
            return None
        answer = msgspec.structs.replace(found, keep_until=found.asked_at + self._ttl_s)
        self._memory[question, version] = answer
        return answer

    def stale(self, question: Question) -> Answer | None:
        """The newest answer there ever was, of any version, with its age."""
        found = self._table.newest(self._server, question.key)
        if found is None:
            return None
        return msgspec.structs.replace(found, stale=True, age_s=max(0.0, self._age_s(found)))

    def keep(self, question: Question, version: str, result: Answer | Miss) -> None:
        """Keep an answer, or a miss, for as long as it says; what says 0 is not taken in."""
        self._memory[question, version] = result
        if isinstance(result, Answer):
            self._write(self._table.write, self._server, question.key, result)

    def keep_version(self, version: str) -> None:
        """Keep the server's version for the next start."""
        self._write(self._table.write_version, self._server, version)

    def is_due(self, question: Question, answer: Answer) -> bool:
        """Whether it is time to ask anew, well before the answer ends."""
        part = (hash(question) % _SPREAD + 1) / _SPREAD
        return self._now() >= answer.keep_until - _EARLY_SHARE * part * self._ttl_s

    def _age_s(self, answer: Answer) -> float:
        return self._now() - answer.asked_at

    def _write(self, write: Callable[..., None], *values: object) -> None:
        if self._writer is not None and self._writes_take_time:
            self._writer.submit(write, *values)
        else:
            write(*values)
