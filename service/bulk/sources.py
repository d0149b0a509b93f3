"""Bills as they lie in files: Parquet and CSV, read batch by batch; what is wrong with a file refuses it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Literal, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from msgspec import Struct

from service.errors import Fault, Refused
from service.formats.focus.columns import ADDED, PROVIDERS, REQUIRED
from service.formats.recognized import refuse_another
from service.formats.sheet import ALL_UTF_8, Sheet

Form = Literal["parquet", "csv"]
ROWS = 65536
"""Of one batch."""
_BLOCK = 4 * 1024 * 1024
"""Of CSV text read at once. [bytes]"""
_MAGIC = b"PAR1"
_GROWING = "DELTA_BYTE_ARRAY"
"""The encoding in which each text is the last one with something added."""
_TEXT = pa.dictionary(pa.int32(), pa.string())
_TEXTS = (pa.string(), pa.large_string(), pa.string_view())
_ROW = re.compile(r"Row #(\d+): (.*)", re.DOTALL)
_COLUMN = re.compile(r"In CSV column #(\d+): ")


class Limits(Struct, frozen=True, kw_only=True):
    """How far a file from outside may unfold. [bytes]"""

    rows: int = 50_000_000
    """Of a Parquet file, which may hold any number of equal rows in no space."""
    row_group: int = 256 * 1024 * 1024
    """Of one part of a Parquet file, decompressed."""
    batch: int = 256 * 1024 * 1024
    """Of the texts of one batch, written out."""


class Bill:
    """A file that is open, its columns known."""

    def __init__(self, form: Form, schema: pa.Schema, batches: Iterator[pa.RecordBatch], rows: int | None) -> None:
        self.form = form
        self.schema = schema
        self.batches = batches
        self.rows = rows
        """Where the file says how many."""


def opened(stream: BinaryIO, limits: Limits | None = None, said: Form | None = None) -> Bill:
    """Open a bill.

    Args:
        stream: of bytes, at its beginning; it must be able to seek.
        limits: for a file that is not trusted.
        said: the form that it was sent as; nothing where none was said.

    Raises:
        Refused: it is no Parquet or CSV file, of another format, damaged, or lacks columns.
    """
    start = stream.read(len(_MAGIC))
    stream.seek(0)
    if said == "parquet" and start != _MAGIC:
        refuse("this is no Parquet file, which begins with PAR1; send CSV as text/csv")
    return _parquet(stream, limits) if start == _MAGIC else _csv(stream, limits)


def refuse(detail: str, pointer: str = "") -> NoReturn:
    """Refuse a file."""
    raise Refused([Fault(pointer, "VALUE_INVALID", detail)])


def check(names: Sequence[str]) -> None:
    """Refuse what is no FOCUS bill."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        refuse(f"the file has the columns {', '.join(twice)[:200]} twice")
    missing = [name for name in REQUIRED if name not in names]
    if not missing and not set(PROVIDERS) & set(names):
        missing = [" or ".join(PROVIDERS)]
    if missing:
        refuse_another(names, "focus")
        refuse(f"focus needs the columns {', '.join(missing)}, which the file lacks")


def _without_added(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A file that went through here before gets its figures anew."""
    old = [name for name in batch.schema.names if name in ADDED]
    return batch.drop_columns(old) if old else batch


# Parquet


def _parquet(stream: BinaryIO, limits: Limits | None) -> Bill:
    try:
        file = pq.ParquetFile(stream)
        plain = file.schema_arrow
        check(plain.names)
        _check_parts(file.metadata, limits)
        file = pq.ParquetFile(stream, metadata=file.metadata, read_dictionary=_texts(file.metadata))
        schema = pa.schema([_field(plain.field(field.name), field) for field in file.schema_arrow], plain.metadata)
    except (pa.ArrowException, OSError) as error:
        refuse(f"the Parquet file is damaged or cut off: {_said(error)}")
    return Bill("parquet", _kept(schema), _parquet_batches(file, schema, limits), file.metadata.num_rows)


def _field(plain: pa.Field, read: pa.Field) -> pa.Field:
    """A column as it is handed on: texts as dictionaries, so that none is held as often as it is repeated."""
    if pa.types.is_nested(plain.type):
        return plain
    kind = read.type.value_type if pa.types.is_dictionary(read.type) else read.type
    if kind in _TEXTS:
        return read.with_type(_TEXT if pa.types.is_dictionary(read.type) else pa.string())
    return read


def _shaped(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type == kind:
        return column
    if kind == _TEXT:
        return pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), column.dictionary.cast(pa.string()))
    return column.cast(kind)


def _texts(metadata: Any) -> list[str]:
    """Paths of the columns of text, those inside of others too, that can be read as dictionaries."""
    columns = [metadata.schema.column(place) for place in range(metadata.num_columns)]
    grown = {
        chunk.path_in_schema
        for part in map(metadata.row_group, range(metadata.num_row_groups))
        for chunk in map(part.column, range(part.num_columns))
        if _GROWING in chunk.encodings
    }
    texts = [one for one in columns if one.physical_type == "BYTE_ARRAY" and one.logical_type.type != "DECIMAL"]
    return [one.path for one in texts if one.path not in grown]


def _check_parts(metadata: Any, limits: Limits | None) -> None:
    """A small file may unfold to a huge one: what it says of its own parts is read before they are."""
    if limits is None:
        return
    if metadata.num_rows > limits.rows:
        raise Refused([Fault("", "BODY_TOO_LARGE", f"{metadata.num_rows} rows, and {limits.rows} are taken at once")])
    for place in range(metadata.num_row_groups):
        part = metadata.row_group(place)
        size = sum(part.column(column).total_uncompressed_size for column in range(part.num_columns))
        if max(size, part.total_byte_size) > limits.row_group:
            refuse(
                f"row group {place} unfolds to {size} bytes, and {limits.row_group} are taken: write smaller row groups"
            )
        for column in range(part.num_columns):
            if _GROWING in part.column(column).encodings:
                name = part.column(column).path_in_schema
                refuse(f"the column {name[:200]} is encoded as {_GROWING}: write it plain or as a dictionary")


def _parquet_batches(file: pq.ParquetFile, schema: pa.Schema, limits: Limits | None) -> Iterator[pa.RecordBatch]:
    rows = 0
    try:
        for batch in _some_parts_at_a_time(file):
            rows += batch.num_rows
            if limits is not None and written_out(batch) > limits.batch:
                refuse(f"the texts of rows up to {rows} are longer than {limits.batch} bytes together")
            columns = [_shaped(column, field.type) for column, field in zip(batch.columns, schema, strict=True)]
            yield _without_added(pa.RecordBatch.from_arrays(columns, schema=schema))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        refuse(f"the Parquet file is damaged after row {rows}: {_said(error)}", f"/{rows + 1}")


def _some_parts_at_a_time(file: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    """All batches: a reader keeps what it has read of each row group, so no reader gets many."""
    parts: list[int] = []
    rows = 0
    for place in range(file.metadata.num_row_groups):
        parts.append(place)
        rows += file.metadata.row_group(place).num_rows
        if rows >= ROWS or place == file.metadata.num_row_groups - 1:
            yield from file.iter_batches(ROWS, row_groups=parts)
            parts, rows = [], 0


def written_out(batch: pa.RecordBatch) -> int:
    """Size of its texts with each repeated where it stands. [bytes]"""
    return sum(_size(column) for column in batch.columns)


def _size(column: pa.Array) -> int:
    if pa.types.is_dictionary(column.type):
        if not len(column.dictionary):
            return 0
        lengths = pa.compute.fill_null(pa.compute.binary_length(column.dictionary), 0).to_numpy(zero_copy_only=False)
        codes = column.indices.drop_null().to_numpy(zero_copy_only=False)
        return int(lengths.astype(np.int64)[codes].sum())
    if pa.types.is_map(column.type):
        start, end = (column.offsets[place].as_py() for place in (0, -1))
        return sum(_size(part.slice(start, end - start)) for part in (column.keys, column.items))
    if pa.types.is_nested(column.type):
        return sum(
            _size(part) for part in (column.flatten() if pa.types.is_struct(column.type) else [column.flatten()])
        )
    return int(column.nbytes)


def _said(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


# CSV


def _csv(stream: BinaryIO, limits: Limits | None) -> Bill:
    sheet = Sheet(stream, "focus", REQUIRED)
    check(sheet.header)
    stream.seek(0)
    counted = _Quotes(stream)
    schema = pa.schema([(name, pa.string()) for name in sheet.header])
    try:
        reader = pyarrow.csv.open_csv(
            pa.PythonFile(counted, "r"),
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False,  # threads would lose the number of a row
                block_size=_BLOCK,
                skip_rows=1,
                column_names=sheet.header,
                encoding="utf8" if sheet.encoding.startswith("utf-8") else sheet.encoding,
            ),
            parse_options=pyarrow.csv.ParseOptions(delimiter=sheet.delimiter, newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV file" in str(error):
            return Bill("csv", _kept(schema), iter(()), 0)
        _refuse_record(error, sheet.header)
    return Bill("csv", _kept(schema), _csv_batches(reader, counted, sheet.header, limits), None)


def _kept(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field for field in schema if field.name not in ADDED], metadata=schema.metadata)


def _csv_batches(
    reader: Any, counted: "_Quotes", header: Sequence[str], limits: Limits | None
) -> Iterator[pa.RecordBatch]:
    del limits  # a block of text is what it is
    try:
        for batch in reader:
            yield _without_added(batch)
    except pa.ArrowInvalid as error:
        _refuse_record(error, header)
    if counted.quotes % 2:
        refuse("the file ends within a quoted cell: it is cut off")


def _refuse_record(error: pa.ArrowInvalid, header: Sequence[str]) -> NoReturn:
    text = str(error)
    if "straddling" in text:
        refuse(f"a record is longer than {_BLOCK // 2**20} MiB: this is no CSV file of records")
    row, column = _ROW.search(text), _COLUMN.search(text)
    pointer = f"/{int(row[1]) - 1}" if row else ""
    if column and int(column[1]) < len(header):
        pointer += f"/{header[int(column[1])]}"
    why = row[2].replace("\n", " ")[:100] if row else _said(error)
    if "UTF8" in text:
        why = f"it is not of the encoding of what stands before it (utf-8); {ALL_UTF_8}"
    refuse(f"the record cannot be read: {why}", pointer)


class _Quotes:
    """A stream that counts the quotes that pass."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.quotes = 0
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._stream.read(size)
        self.quotes += data.count(b'"')
        return data

    def close(self) -> None:
        """Left to who opened the file."""
        self.closed = True
