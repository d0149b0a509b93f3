"""Answers that wait for their reader: some in memory, the rest in a file without a name, in the order they came in.

A caller that sends its whole upload before it reads anything would else wait for us while we wait for it.
"""

import asyncio
import logging
import tempfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO, TypeVar, cast

from msgspec import Struct

T = TypeVar("T")
_LOG = logging.getLogger("service")


class SpoolSize(Struct, frozen=True, kw_only=True):
    """How much may wait. [bytes]"""

    file: int
    """In the file; with none the upload is read only as fast as its answers are."""
    memory: int = 1024 * 1024
    block: int = 256 * 1024
    """Written and read at once."""


class Spool:
    """A queue between one that puts and one that gets.

    Blocks go to memory until that is full, then to the file until that is read to its end, then to memory again. All
    that touches the file runs on one thread of its own, in order, the closing too: no slow disk stops the service, and
    nothing is written to a file that is closed.
    """

    def __init__(self, size: SpoolSize) -> None:
        self._size = size
        self._room_in_file = size.file
        self._memory: deque[bytes] = deque()
        self._in_memory = 0
        self._file: BinaryIO | None = None
        self._disk: ThreadPoolExecutor | None = None
        self._written = self._read = 0
        self._writing = False
        self._tail = bytearray()
        """After the file's end: what is not yet enough to be written."""
        self._ended = False
        self._filled, self._taken = asyncio.Event(), asyncio.Event()

    async def put(self, block: bytes) -> None:
        """Add a block; at the limit, wait until there is room."""
        while self._crowded():
            self._taken.clear()
            if await self._file_has_room():
                break
            await self._taken.wait()
        if not self._crowded():
            self._memory.append(block)
            self._in_memory += len(block)
        else:
            self._tail += block
            if len(self._tail) >= self._size.block:
                await self._write()
        self._filled.set()

    def end(self) -> None:
        """Nothing more is put."""
        self._ended = True
        self._filled.set()

    async def get(self) -> bytes | None:
        """The next block, as soon as there is one; `None` at the end."""
        while True:
            block = await self._next()
            if block is not None or (self._ended and not self._writing):
                self._taken.set()
                return block
            self._filled.clear()
            await self._filled.wait()

    def close(self) -> None:
        """Let go of what is left; the file is gone with it."""
        self._memory.clear()
        self._tail.clear()
        if self._disk is not None:
            if self._file is not None:
                self._disk.submit(self._file.close)
                self._file = None
            self._disk.shutdown(wait=False)

    def _crowded(self) -> bool:
        """Whether a block cannot go to memory: that is full, or older ones wait in the file."""
        in_file = self._read < self._written or self._writing or self._tail
        return bool(in_file) or self._in_memory >= self._size.memory

    async def _file_has_room(self) -> bool:
        if self._written + len(self._tail) >= self._room_in_file:
            return False
        if self._file is None:
            try:
                self._file = await self._on_disk(tempfile.TemporaryFile)
            except OSError as error:
                self._room_in_file = 0
                _LOG.warning("no temporary file for answers that wait: %s", error)
                return False
        return True

    async def _next(self) -> bytes | None:
        if self._memory:
            block = self._memory.popleft()
            self._in_memory -= len(block)
            return block
        if self._read < self._written:
            return await self._read_on()
        if self._tail and not self._writing:
            block = bytes(self._tail)
            self._tail.clear()
            return block
        return None

    async def _write(self) -> None:
        data = bytes(self._tail)
        self._tail.clear()
        self._writing = True
        try:
            await self._on_disk(_write_at, self._file, self._written, data)
            self._written += len(data)
        finally:
            self._writing = False

    async def _read_on(self) -> bytes:
        length = min(self._size.block, self._written - self._read)
        block: bytes = await self._on_disk(_read_at, self._file, self._read, length)
        self._read += len(block)
        if self._read == self._written and not self._writing:
            self._read = self._written = 0
            await self._on_disk(cast("BinaryIO", self._file).truncate, 0)
        return block

    async def _on_disk(self, call: Callable[..., T], *arguments: Any) -> T:
        if self._disk is None:
            self._disk = ThreadPoolExecutor(1, "spool")
        return await asyncio.get_running_loop().run_in_executor(self._disk, call, *arguments)


def _write_at(file: BinaryIO, offset: int, data: bytes) -> None:
    file.seek(offset)
    file.write(data)
    file.flush()


def _read_at(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)
