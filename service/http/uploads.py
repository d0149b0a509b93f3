"""Uploads that are kept until they are answered: small ones in memory, what is larger in a temporary file."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from service.http.calls import Conversation
from service.http.problems import Declined
from service.http.streaming import Outlet, arriving

HELD = 1024 * 1024
"""Of an upload, before it is written to disk; and written at once. [bytes]"""


async def keep(conversation: Conversation, outlet: Outlet, file: Any, way_out: str) -> int:
    """Keep the body; its size. What is large goes to disk, a megabyte at a time and beside the event loop.

    Args:
        conversation: whose body it is.
        outlet: is told that the caller sends.
        file: takes the body, and is at its beginning afterwards.
        way_out: what to do with a larger file.

    Raises:
        Declined: it is larger than the path takes.
    """
    limit = conversation.body_limit
    announced = conversation.headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit, way_out)
    size = 0
    async for block in _blocks(arriving(conversation.receive, outlet)):
        size += len(block)
        if size > limit:
            raise _too_large(limit, way_out)
        if size <= HELD:
            file.write(block)
        else:
            await asyncio.to_thread(file.write, block)
    file.seek(0)
    return size


async def _blocks(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, some megabyte at a time."""
    block = bytearray()
    async for piece in pieces:
        block += piece
        if len(block) >= HELD:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def _too_large(limit: int, way_out: str) -> Declined:
    return Declined(
        "BODY_TOO_LARGE", f"an import takes at most {limit} bytes; send the file in parts, or use {way_out}"
    )
