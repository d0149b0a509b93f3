"""Answers that are sent while they are made, and callers who go away or stop reading meanwhile."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from time import monotonic
from typing import Any

from litestar.types import Receive, Send

from service.http.problems import Disconnected

_LOG = logging.getLogger("service")


class Outlet:
    """The way back to the caller; the answer begins with the first block.

    A caller that takes nothing of what lies ready, nor sends anything, is waited for with patience, not for ever.
    """

    def __init__(
        self, send: Send, media_type: str, patience_s: float, headers: Sequence[tuple[bytes, bytes]] = ()
    ) -> None:
        self._send = send
        self._media_type = media_type
        self._patience_s = patience_s
        self._headers = headers
        self._waiting_since: float | None = None
        """While a block is being sent. [s]"""
        self._begun = False
        self.finished = False

    async def send(self, block: bytes) -> None:
        """Send a block, no faster than the caller reads."""
        if not self._begun:
            self._begun = True
            headers = [(b"content-type", self._media_type.encode()), (b"cache-control", b"no-store"), *self._headers]
            await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._patiently({"type": "http.response.body", "body": block, "more_body": True})

    async def finish(self, last: bytes = b"") -> None:
        """End the answer, after a last block."""
        await self.send(last)
        self.finished = True
        await self._patiently({"type": "http.response.body", "body": b"", "more_body": False})

    def stir(self) -> None:
        """The caller has sent something: it lives, and its patience is ours."""
        if self._waiting_since is not None:
            self._waiting_since = monotonic()

    async def patience(self) -> None:
        """Watch the caller.

        Raises:
            Disconnected: it has not read for too long.
        """
        while True:
            await asyncio.sleep(self._patience_s / 4)
            if self._waiting_since is not None and monotonic() - self._waiting_since >= self._patience_s:
                _LOG.warning("an answer was broken off: for %g s its caller read nothing", self._patience_s)
                raise Disconnected

    async def _patiently(self, message: Any) -> None:
        self._waiting_since = monotonic()
        await self._send(message)
        self._waiting_since = None


async def leaving(receive: Receive, outlet: Outlet) -> None:
    """Return when the answer is at its end; the body has been read by now.

    Raises:
        Disconnected: the caller goes away before.
    """
    while (await receive())["type"] != "http.disconnect":
        pass
    if not outlet.finished:
        raise Disconnected


async def arriving(receive: Receive, outlet: Outlet) -> AsyncIterator[bytes]:
    """The body in pieces, as they come in.

    Raises:
        Disconnected: the caller goes away before its body is whole.
    """
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        outlet.stir()
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


async def beside(main: Coroutine[Any, Any, None], *others: Coroutine[Any, Any, None]) -> None:
    """Run the main part of an exchange with others beside it, until it is done or one fails; the rest is stopped."""
    tasks = [asyncio.ensure_future(part) for part in (main, *others)]
    running = set(tasks)
    try:
        while not tasks[0].done():
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
