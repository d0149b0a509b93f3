"""Answers that wait for their reader."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from service.http.spool import Spool, SpoolSize

SMALL = SpoolSize(file=1000, memory=20, block=10)


def blocks(count: int) -> list[bytes]:
    """Return blocks of three bytes, all different."""
    return [b"%03d" % index for index in range(count)]


async def taken(spool: Spool) -> bytes:
    """Return all that is left."""
    found = bytearray()
    while (block := await spool.get()) is not None:
        found += block
    return bytes(found)


def run(play: Callable[[Spool], Awaitable[None]], size: SpoolSize = SMALL) -> None:
    """Play with a spool, and let go of it."""

    async def whole() -> None:
        spool = Spool(size)
        try:
            async with asyncio.timeout(20):
                await play(spool)
        finally:
            spool.close()

    asyncio.run(whole())


def test_what_is_put_first_is_read_first() -> None:
    """100 blocks before any is read: 20 bytes in memory, the rest in the file, in order, none lost, none twice."""

    async def play(spool: Spool) -> None:
        for block in blocks(100):
            await spool.put(block)
        assert spool._written > 0
        spool.end()
        assert await taken(spool) == b"".join(blocks(100))

    run(play)


@pytest.mark.parametrize("burst", [1, 5, 30, 200])
def test_reader_and_writer_take_turns(burst: int) -> None:
    """Bursts of any size, read in between: from memory, file, memory again; the order stays."""

    async def play(spool: Spool) -> None:
        found = bytearray()
        for start in range(0, 1000, burst):
            for block in blocks(1000)[start : start + burst]:
                await spool.put(block)
            while len(found) < start * 2:  # always behind, never up to the end
                found += await spool.get() or b""
        spool.end()
        assert bytes(found) + await taken(spool) == b"".join(blocks(1000))

    run(play, SpoolSize(file=100_000, memory=20, block=10))


def test_both_at_once() -> None:
    """A writer that is waited for, and a reader that waits for it."""

    async def play(spool: Spool) -> None:
        async def write() -> None:
            for block in blocks(1000):
                await spool.put(block)
                if block.endswith(b"7"):
                    await asyncio.sleep(0)
            spool.end()

        writing = asyncio.create_task(write())
        assert await taken(spool) == b"".join(blocks(1000))
        await writing

    run(play)


@pytest.mark.parametrize("file", [0, 5, 30, 1000])
def test_at_the_limit_the_writer_waits(file: int) -> None:
    """No more than memory, file and a block wait; then it goes on as the reader reads, without a file too."""

    async def play(spool: Spool) -> None:
        put = 0

        async def write() -> None:
            nonlocal put
            for block in blocks(1000):
                await spool.put(block)
                put += len(block)
            spool.end()

        writing = asyncio.create_task(write())
        while not spool._taken._waiters:  # noqa: ASYNC110 - until it waits: there is no event for that
            await asyncio.sleep(0)
        assert put <= 20 + file + 10 + 3
        assert await taken(spool) == b"".join(blocks(1000))
        await writing

    run(play, SpoolSize(file=file, memory=20, block=10))


def test_a_file_that_was_read_is_small_again() -> None:
    """Its room is given back as soon as its end is reached."""

    async def play(spool: Spool) -> None:
        for _ in range(3):
            for block in blocks(100):
                await spool.put(block)
            found = bytearray()
            while len(found) < 300:
                found += await spool.get() or b""
            assert bytes(found) == b"".join(blocks(100))
            assert (spool._written, spool._read) == (0, 0)

    run(play)


def test_without_a_temporary_folder_there_is_memory(caplog: pytest.LogCaptureFixture) -> None:
    """The writer waits where a file would have been, and the log says why."""
    folder, tempfile.tempdir = tempfile.tempdir, "/nonexistent"

    async def play(spool: Spool) -> None:
        async def write() -> None:
            for block in blocks(100):
                await spool.put(block)
            spool.end()

        writing = asyncio.create_task(write())
        assert await taken(spool) == b"".join(blocks(100))
        await writing

    try:
        run(play)
    finally:
        tempfile.tempdir = folder
    assert [record.message[:30] for record in caplog.records] == ["no temporary file for answers "]


def test_its_file_is_gone_with_it() -> None:
    """Closed in the middle: no descriptor is left."""
    before = len(list(Path("/proc/self/fd").iterdir()))

    async def play(spool: Spool) -> None:
        for block in blocks(100):
            await spool.put(block)
        disk = spool._disk
        assert disk is not None
        spool.close()
        disk.shutdown(wait=True)

    run(play)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
