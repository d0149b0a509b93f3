"""CSV files as people have them: any usual delimiter, with a byte order mark or without, UTF-8 or Latin-1.

A file is read line by line; nothing of it is kept. A fault of the file refuses it; a fault of a record is that
record's, with a pointer `/row/column`.
"""

import csv
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct

from service.errors import Fault, Refused
from service.formats.recognized import refuse_another

LONGEST_LINE = 1024 * 1024
"""[bytes]"""
ALL_UTF_8 = "save the whole file as UTF-8"
LONGEST_NAME = 256
"""[characters]"""
_SNIFFED = 65536
_DELIMITERS = ",;\t|"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_BINARY = {
    b"PAR1": "a Parquet file",
    b"PK": "a zip file (a spreadsheet is one too)",
    b"\x1f\x8b": "a gzip file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"(\xb5/\xfd": "a zstd file",
    b"%PDF": "a PDF file",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
}
_ESCAPED = str.maketrans({"~": "~0", "/": "~1"})


class Row(Struct, frozen=True, gc=False):
    """One record: its number and its cells by column, the empty ones left out."""

    number: int
    cells: dict[str, str]

    def text(self, column: str) -> str | None:
        """A cell as it is; nothing where it is empty."""
        return self.cells.get(column)

    def amount(self, column: str, *, lowest: float = 0.0, highest: float = 1e12) -> float | None:
        """A number; nothing where the cell is empty.

        Raises:
            Refused: it is no plain number, or out of bounds.
        """
        text = self.cells.get(column)
        if text is None:
            return None
        if not _NUMBER.fullmatch(text.strip()):
            raise self.wrong(
                column, f"{text[:64]!r} is no number; write 1234.5, without signs of thousands or currency"
            )
        number = float(text.strip())
        if not math.isfinite(number) or not lowest <= number <= highest:
            raise self.wrong(column, f"{text[:64]} is not between {lowest:g} and {highest:g}")
        return number

    def short(self, column: str) -> str | None:
        """A name or an id; nothing where the cell is empty.

        Raises:
            Refused: it is longer than any.
        """
        text = self.cells.get(column)
        if text is not None and len(text) > LONGEST_NAME:
            raise self.wrong(column, f"it is longer than {LONGEST_NAME} characters")
        return text

    def needed(self, column: str, *, lowest: float = 0.0, highest: float = 1e12) -> float:
        """A number that a record cannot do without.

        Raises:
            Refused: the cell is empty, no plain number, or out of bounds.
        """
        number = self.amount(column, lowest=lowest, highest=highest)
        if number is None:
            raise self.wrong(column, "it is empty")
        return number

    def moment(self, column: str, zone: str = "Z") -> str | None:
        """A date, or a time with its offset, as RFC 3339 has it; nothing where the cell is empty.

        Args:
            column: of the cell.
            zone: offset of a time that states none.

        Raises:
            Refused: it is of another form, such as a local one.
        """
        text = self.cells.get(column)
        if text is None:
            return None
        found = _MOMENT.fullmatch(text.strip())
        if found is None:
            raise self.wrong(column, f"{text[:64]!r} is no ISO 8601 time; write 2026-01-31T13:00:00Z")
        day, clock, offset = found.groups()
        if clock is None:
            return day
        stated = zone if offset is None else offset.upper().replace("UTC", "Z")
        return f"{day}T{clock}{stated if stated == 'Z' or ':' in stated else f'{stated[:3]}:{stated[3:]}'}"

    def pointer(self, column: str) -> str:
        """Where a cell stands."""
        return f"/{self.number}/{column.translate(_ESCAPED)}"

    def wrong(self, column: str, detail: str) -> Refused:
        """A fault of one cell, to be raised."""
        return Refused([Fault(self.pointer(column), "VALUE_INVALID", detail)])


class Sheet:
    """A CSV file that is open, its header read."""

    def __init__(self, stream: BinaryIO, format_: str, required: Sequence[str]) -> None:
        """Read the header.

        Args:
            stream: of bytes, at its beginning; it must be able to peek or seek.
            format_: name of the format that is expected.
            required: columns that it cannot do without.

        Raises:
            Refused: it is no CSV file, of another format, or lacks columns.
        """
        start = _start(stream)
        _check_text(start, format_)
        self.encoding = _encoding(start)
        self._lines = _Lines(stream, self.encoding)
        try:
            first = next(self._lines, "")
            self.delimiter = max(_DELIMITERS, key=lambda mark: _known(first, mark, required))
            self.header = [name.strip() for name in next(csv.reader([first], delimiter=self.delimiter), [])]
        except (csv.Error, UnicodeDecodeError) as error:
            raise Refused([Fault("", "VALUE_INVALID", f"the header cannot be read: {error}")]) from None
        _check_header(self.header, format_, required)

    def rows(self) -> Iterator[Row | Refused]:
        """The records in their order; in the place of one that cannot be read stands why."""
        number = 0
        reader = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield _unreadable(number, str(error))
                continue
            except UnicodeDecodeError:
                yield _unreadable(
                    number, f"it is not of the encoding of what stands before it ({self.encoding}); {ALL_UTF_8}"
                )
                continue
            if not cells:
                number -= 1  # a blank line is no record
            elif len(cells) != len(self.header):
                yield _unreadable(number, f"it has {len(cells)} cells, the header {len(self.header)}")
            else:
                named = zip(self.header, cells, strict=True)
                yield Row(number, {name: cell for name, cell in named if cell})


class _Lines:
    """Lines of text, none longer than a megabyte."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > LONGEST_LINE:
            raise Refused([Fault("", "VALUE_INVALID", "a line is longer than 1 MiB: this is no CSV file of records")])
        return line.decode(self._encoding)


def _start(stream: BinaryIO) -> bytes:
    start = stream.read(_SNIFFED)
    stream.seek(0)
    return start


def _check_text(start: bytes, format_: str) -> None:
    if not start.strip():
        raise Refused([Fault("", "VALUE_INVALID", f"the file is empty; send a CSV file of {format_}")])
    for magic, what in _BINARY.items():
        if start.startswith(magic):
            raise Refused([Fault("", "VALUE_INVALID", f"this is {what}; send the CSV text itself")])
    if b"\x00" in start:
        raise Refused([Fault("", "VALUE_INVALID", "this is no text in UTF-8 or Latin-1; save it as CSV in UTF-8")])
    if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in b"{[":
        raise Refused([Fault("", "VALUE_INVALID", f"this is JSON; {format_} is read from a CSV file here")])


def _encoding(start: bytes) -> str:
    """UTF-8, with or without its mark, else Latin-1, which old spreadsheets write; where the file goes on, a character
    may be cut."""
    try:
        start.decode()
    except UnicodeDecodeError as error:
        if len(start) < _SNIFFED or error.start < len(start) - 3:
            return "latin-1"
    return "utf-8-sig" if start.startswith(b"\xef\xbb\xbf") else "utf-8"


def _known(line: str, mark: str, required: Sequence[str]) -> tuple[int, int]:
    cells = [cell.strip().strip('"') for cell in line.strip().split(mark)]
    return len(set(cells) & set(required)), len(cells)


def _check_header(header: Sequence[str], format_: str, required: Sequence[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise Refused([Fault("", "VALUE_INVALID", f"the header has {', '.join(twice)[:200]} twice")])
    missing = [name for name in required if name not in header]
    if not missing:
        return
    refuse_another(header, format_)
    raise Refused(
        [Fault("", "VALUE_INVALID", f"{format_} needs the columns {', '.join(missing)}, which the file lacks")]
    )


def _unreadable(number: int, why: str) -> Refused:
    return Refused([Fault(f"/{number}", "VALUE_INVALID", f"the record cannot be read: {why}")])


def faults_of(errors: Iterable[Refused]) -> tuple[Fault, ...]:
    """All faults of several refusals."""
    return tuple(fault for error in errors for fault in error.faults)
