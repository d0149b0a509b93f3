"""Bills as record batches, and the kernel's answer to them."""

import asyncio
from collections.abc import Sequence

import pyarrow as pa

from service.bulk.kernel import Figured, Kernel
from service.resolve import Resolver
from tests.bills import COLUMNS, Cells


def batch_of(rows: Sequence[Cells], columns: Sequence[str] = COLUMNS) -> pa.RecordBatch:
    """Text cells, an empty one null."""
    return pa.record_batch(
        [pa.array([row[name] or None for row in rows], pa.string()) for name in columns], names=list(columns)
    )


def enriched(resolver: Resolver, batch: pa.RecordBatch, kernel: Kernel | None = None) -> Figured:
    """The batch with its figures."""
    return asyncio.run((kernel or Kernel(resolver)).enriched(batch))
