"""Bills with their figures, written batch by batch as Parquet or CSV."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from service.bulk.kernel import ADDED_FIELDS
from service.bulk.reading import Array
from service.bulk.sources import Bill, Form, written_out

_RISKY = np.zeros(256, bool)
_RISKY[[*b"=+-@\t\r\n", "\uff1d".encode()[0]]] = True
"""First bytes of text that a spreadsheet may take for a formula."""
_FORMULA = "^([=+@\t\r\n-]|\uff1d|\uff0b|\uff0d|\uff20)"
"""As in service/http/csv_cells.py."""
_AT_ONCE = 64 * 1024 * 1024
"""Of texts that are written out as CSV. [bytes]"""
_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"


class Sink:
    """An open file of a bill's columns and those that are added."""

    def __init__(self, stream: BinaryIO, form: Form, bill: Bill) -> None:
        self._stream = stream
        self._form = form
        fields = [*bill.schema, *ADDED_FIELDS]
        self._schema = pa.schema(fields, metadata=bill.schema.metadata)
        self._writer: Any = None

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a batch."""
        if self._writer is None:
            self._writer = self._open(batch)
        if self._form == "parquet":
            self._writer.write_batch(batch)
            return
        for portion in portions(batch, _AT_ONCE):
            self._writer.write_batch(_plain(portion))

    def close(self) -> None:
        """Write what belongs at the end."""
        if self._writer is None:
            self._writer = self._open(None)
        self._writer.close()

    def abandon(self) -> None:
        """Write nothing more: a writer that is forgotten would else end its file, which is closed by then."""
        if isinstance(self._writer, pq.ParquetWriter):
            self._writer.is_open = False

    def _open(self, batch: pa.RecordBatch | None) -> Any:
        """The writer; what repeats in the first batch is taken to repeat in all."""
        if self._form == "csv":
            names = _harmless(pa.array(self._schema.names, pa.string())).to_pylist()
            types = map(_plain_type, self._schema)
            return pyarrow.csv.CSVWriter(self._stream, pa.schema([*zip(names, types, strict=True)]))
        texts = [field.name for field in self._schema if pa.types.is_dictionary(field.type) or _is_text(field)]
        repeating = texts if batch is None else [name for name in texts if _repeats(batch.column(name))]
        numbers = [field.name for field in self._schema if field.name not in texts and not _is_nested(field)]
        return pq.ParquetWriter(
            self._stream,
            self._schema,
            compression="zstd",
            use_dictionary=repeating,
            write_statistics=numbers,  # those of text cost a quarter of the time and help nobody
            store_schema=False,  # it would make dictionaries of the file's own texts
        )


def portions(batch: pa.RecordBatch, most: int) -> Iterator[pa.RecordBatch]:
    """The batch in pieces whose texts, each written out where it stands, are not longer than this, or that are one row.

    A long text that thousands of rows share is held once, but has to be there as often as it is written as CSV.
    """
    if batch.num_rows <= 1 or written_out(batch) <= most:
        yield batch
        return
    half = batch.num_rows // 2
    yield from portions(batch.slice(0, half), most)
    yield from portions(batch.slice(half), most)


def _is_text(field: pa.Field) -> bool:
    return bool(pa.types.is_string(field.type) or pa.types.is_large_string(field.type))


def _is_nested(field: pa.Field) -> bool:
    return bool(pa.types.is_nested(field.type))


def _repeats(column: pa.Array) -> bool:
    return not pa.types.is_dictionary(column.type) or 2 * len(column.dictionary) < len(column)


def _plain_type(field: pa.Field) -> pa.DataType:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if _is_bytes(kind):
        return pa.binary()
    return pa.string() if pa.types.is_nested(kind) else kind


def _is_bytes(kind: pa.DataType) -> bool:
    """Whether it is text that is not said to be any."""
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Columns as CSV has them: no dictionaries, JSON for what is nested, and no text that is taken for a formula."""
    arrays = [_plain_column(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(arrays, names=_harmless(pa.array(batch.schema.names, pa.string())).to_pylist())


def _plain_column(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return _plain_column(column.dictionary).take(column.indices)
    if pa.types.is_map(column.type):
        texts = (None if pairs is None else msgspec.json.encode(dict(pairs)).decode() for pairs in column.to_pylist())
        return pa.array(texts, pa.string())
    if pa.types.is_nested(column.type):
        texts = (None if value is None else msgspec.json.encode(value).decode() for value in column.to_pylist())
        return pa.array(texts, pa.string())
    if _is_bytes(column.type):
        return _harmless(column.cast(pa.binary()))
    return _harmless(column) if pa.types.is_string(column.type) else column


def _harmless(column: pa.Array) -> pa.Array:
    """Texts that a spreadsheet would run get an apostrophe before them; numbers stay."""
    risky = pa.array(_risky(column))
    if not pc.any(risky).as_py():
        return column
    risky = pc.and_not(pc.and_(risky, _matches(column, _FORMULA)), _matches(column, _NUMBER))
    return pc.if_else(
        risky, pc.binary_join_element_wise(pa.scalar("'", column.type), column, pa.scalar("", column.type)), column
    )


def _matches(column: pa.Array, pattern: str) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(column, pattern), fill_value=False)


def _risky(column: pa.Array) -> Array:
    """Whether the first byte of each text is of the risky ones."""
    if not len(column):
        return np.zeros(0, bool)
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    if data is None or not data.size:
        return np.zeros(len(column), bool)
    begins = np.frombuffer(data, np.uint8)[np.minimum(ends[:-1], data.size - 1)]
    return np.asarray(_RISKY[begins] & (ends[1:] > ends[:-1]))
