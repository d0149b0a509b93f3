"""Where `dualscope import` reads from and writes to: files that have their names only once they are whole."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from msgspec import Struct


class Sink(Struct):
    """Where the answer goes."""

    write: Callable[[bytes], object]

    async def emit(self, block: bytes) -> None:
        """Write a block."""
        self.write(block)


@contextlib.contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The file; what cannot be read twice, as standard input, is kept in a temporary one first."""
    if name != "-":
        with Path(name).open("rb") as file:
            if file.seekable():
                yield file
                return
            with _kept(file) as kept:
                yield kept
        return
    with _kept(sys.stdin.buffer) as kept:
        yield kept


@contextlib.contextmanager
def _kept(file: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(file, kept)
        kept.seek(0)
        yield cast("BinaryIO", kept)


@contextlib.contextmanager
def output(name: str | None) -> Iterator[Sink]:
    """Standard output, or a file that gets its name only once it is whole."""
    if name is None:
        yield Sink(sys.stdout.buffer.write)
        sys.stdout.buffer.flush()
        return
    place = Path(name).resolve()
    if place.exists() and not place.is_file():  # a device or a pipe keeps its name
        with place.open("wb") as device:
            yield Sink(device.write)
        return
    handle, partial = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield Sink(file.write)
        mask = os.umask(0)
        os.umask(mask)
        Path(partial).chmod(0o666 & ~mask)
        Path(partial).replace(place)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
