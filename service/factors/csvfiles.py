"""CSV files of factors: reading them with their line numbers, their content hash, writing them whole."""

import csv
import hashlib
import io
import os
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

from msgspec import Struct

from service.errors import FactorDataInvalid
from service.factors.columns import COLUMNS, Row


class Text(Struct, frozen=True):
    """One file of a table: `TABLE.csv` or `TABLE.PART.csv`."""

    path: Path
    content: str
    overlay: bool

    @property
    def table(self) -> str:
        """The table that the file belongs to."""
        return self.path.name.partition(".")[0]


class Line(Struct, frozen=True):
    """A row and where it stands."""

    file: str
    number: int
    table: str
    overlay: bool
    row: Row

    def fault(self, what: str) -> str:
        """A fault of this row: file, line, what is wrong and how to mend it."""
        return f"{self.file}:{self.number}: {what}"


def read_texts(directory: Path, *, exclude: Collection[str] = (), overlay: bool = False) -> list[Text]:
    """All tables of a directory but those left out, by file stem.

    Raises:
        FactorDataInvalid: no such directory, no such table to leave out, an unreadable file or one of no table.
    """
    try:
        if not directory.is_dir():
            raise FactorDataInvalid([f"{directory}:1: there is no such directory; name one that holds factor tables"])
        paths = sorted(path for path in directory.iterdir() if path.suffix == ".csv")
    except OSError as error:  # a pattern would find nothing, and an overlay's rows would be gone without a word
        raise FactorDataInvalid([f"{directory}:1: the directory cannot be read: {error.strerror}"]) from error
    if not paths and not overlay:
        raise FactorDataInvalid([f"{directory}:1: there is no factor table in it; name the directory of the tables"])
    stems = {path.stem for path in paths}
    faults = [
        f"{directory}:1: there is no table {stem} to leave out; the tables are {', '.join(sorted(stems))}"
        for stem in sorted(set(exclude) - stems)
    ]
    texts = []
    for path in paths:
        if path.stem in exclude:
            continue
        try:
            texts.append(read_text(path, overlay=overlay))
        except FactorDataInvalid as invalid:
            faults += invalid.faults
    if faults:
        raise FactorDataInvalid(faults)
    return texts


def read_text(path: Path, *, overlay: bool = False) -> Text:
    """One file of a table.

    Raises:
        FactorDataInvalid: an unreadable file, or one of no table.
    """
    table = path.name.partition(".")[0]
    if table not in COLUMNS:
        raise FactorDataInvalid([f"{path}:1: there is no table {table}; name the file after one: {', '.join(COLUMNS)}"])
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise FactorDataInvalid([f"{path}:{line}: a byte is not UTF-8; save the file in that encoding"]) from error
    except OSError as error:
        raise FactorDataInvalid([f"{path}:1: the file cannot be read ({error.strerror}); mend its rights"]) from error
    return Text(path, content.replace("\r\n", "\n"), overlay)


def content_hash(texts: Iterable[Text]) -> str:
    """SHA-256 over the names and contents of tables, wherever the files lie and whenever they were written."""
    digest = hashlib.sha256()
    for text in sorted(texts, key=lambda text: (text.overlay, text.path.name)):
        part = hashlib.sha256(text.content.encode()).hexdigest()
        digest.update(f"{'overlay' if text.overlay else 'shipped'}\0{text.path.name}\0{part}\n".encode())
    return digest.hexdigest()


def lines_of(text: Text) -> tuple[list[Line], list[str]]:
    """The rows of a file, and what is wrong with its header or with the number of cells."""
    columns = COLUMNS[text.table]
    reader = csv.reader(io.StringIO(text.content, newline=""), strict=True)
    lines: list[Line] = []
    faults: list[str] = []
    started = 1
    try:
        header = next(reader, [])
        faults += _header_faults(text, header, columns)
        if faults:
            return [], faults
        started = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                row = dict(zip(header, cells, strict=True))
                lines.append(Line(str(text.path), started, text.table, text.overlay, row))
            elif cells:
                what = f"{len(cells)} cells under {len(header)} columns; quote a cell that holds a comma"
                faults.append(f"{text.path}:{started}: {what}")
            started = reader.line_num + 1
    except csv.Error as error:
        faults.append(f"{text.path}:{started}: not CSV ({error}); quote cells with quotation marks or line breaks")
    return lines, faults


def _header_faults(text: Text, header: list[str], columns: tuple[str, ...]) -> list[str]:
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in columns]
    twice = sorted({name for name in header if header.count(name) > 1})
    faults = [f"{text.path}:1: no column {name}; add it, empty cells are allowed" for name in missing]
    faults += [f"{text.path}:1: unknown column {name!r}; the columns are {', '.join(columns)}" for name in unknown]
    return faults + [f"{text.path}:1: column {name} stands twice; leave one" for name in twice]


def csv_text(table: str, rows: Iterable[Row]) -> str:
    """A table as CSV: its columns in order, rows by id, LF, quotes only where needed."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS[table], lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row["id"]))
    return out.getvalue()


def write_whole(path: Path, content: str) -> None:
    """Write a file in one step: readers see the old content or the new, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
