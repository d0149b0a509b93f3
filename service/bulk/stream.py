"""A bill on its way through the kernel: the next batch is read, and the last written, while one is computed."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO, TypeVar

import pyarrow as pa

from service.bulk.coefficients import Coefficients
from service.bulk.kernel import Figured, Kernel
from service.bulk.reading import Reading, read
from service.bulk.sinks import Sink
from service.bulk.sources import Bill, Form
from service.bulk.sums import Sums

T = TypeVar("T")


class _Lane:
    """A thread for one kind of work: what it frees, its next piece takes again."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, name)

    def start(self, work: Callable[..., T], *arguments: Any) -> "asyncio.Future[T]":
        """Do it beside the event loop."""
        return asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def end(self) -> None:
        """Let the thread go, once what it does is done."""
        self._thread.shutdown(wait=True)


async def enriched(
    kernel: Kernel,
    bill: Bill,
    out: tuple[BinaryIO, Form] | None,
    tell: Callable[[int], None] | None = None,
    also: Callable[[Figured], None] | None = None,
) -> Sums:
    """Write the bill with its figures, and add it up. All but the look-ups is done beside the event loop.

    Args:
        kernel: estimates.
        bill: opened.
        out: where the rows go and in which form; nothing where their sums alone are wanted.
        tell: is called with the rows done so far.
        also: is given each batch, beside the event loop.

    Raises:
        Refused: the file cannot be read to its end.
    """
    sums, sink = Sums(kernel.factor_set), Sink(*out, bill) if out is not None else None
    reader, computer, writer = _Lane("bill-reader"), _Lane("bill-computer"), _Lane("bill-writer")

    def following() -> pa.RecordBatch | None:
        return next(bill.batches, None)

    def computed(batch: pa.RecordBatch, reading: Reading, coefficients: Sequence[Coefficients]) -> pa.RecordBatch:
        done = kernel.figured(batch, reading, coefficients)
        sums.add(done)
        if also is not None:
            also(done)
        return done.batch

    try:
        ahead, written = reader.start(following), writer.start(_nothing)
        while (batch := await ahead) is not None:
            ahead = reader.start(following)
            reading = await computer.start(read, batch)
            coefficients = await kernel.table.of(reading.contexts)
            done = await computer.start(computed, batch, reading, coefficients)
            await written
            if sink is not None:
                written = writer.start(sink.write, done)
            if tell is not None:
                tell(sums.rows)
        await written
        if sink is not None:
            await writer.start(sink.close)
            sink = None
    finally:
        for lane in (reader, computer, writer):  # nobody reads or writes a file that is about to be closed
            await asyncio.to_thread(lane.end)
        if sink is not None:
            sink.abandon()
    return sums


def _nothing() -> None:
    """What is written before the first batch."""
