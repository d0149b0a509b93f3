"""The tables as one SQLite file: derived from the CSV files, never served when it is not what they say."""

import hashlib
import logging
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from service.factors.columns import COLUMNS, INTEGERS, NUMBERS

Cell = str | float | int | None
Record = tuple[Cell, ...]
"""A row in the order of its table's columns, numbers as numbers; last 1 for an overlay row, else 0."""
Records = dict[str, list[Record]]

_LAYOUT = hashlib.sha256(repr((1, sorted(COLUMNS.items()))).encode()).hexdigest()
"""Changes when the columns do; the number is raised when records are made another way."""
_log = logging.getLogger(__name__)


def path_for(cache_dir: Path, content_hash: str) -> Path:
    """Where the file for these tables lies."""
    return cache_dir / f"factors-{content_hash[:12]}.sqlite"


def open_records(path: Path, content_hash: str) -> Records | None:
    """The records of a file, or `None` where there is no file or it is not the one for these tables."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            records = {table: _select(connection, table) for table in COLUMNS}
            meta = dict(connection.execute("SELECT name, value FROM meta"))
            sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.Error as error:
        _log.warning("%s is damaged (%s): built anew", path, error)
        return None
    if not sound or meta != _meta(content_hash, records):
        _log.warning("%s is not what the tables say: built anew", path)
        return None
    return records


def _select(connection: sqlite3.Connection, table: str) -> list[Record]:
    columns = ", ".join(f'"{name}"' for name in (*COLUMNS[table], "overlay"))
    return connection.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()  # noqa: S608 - names of ours


def _meta(content_hash: str, records: Records) -> dict[str, str]:
    """What a file states about itself, and what is computed from it to see whether it is true."""
    counts = {f"rows:{table}": str(len(rows)) for table, rows in records.items()}
    checksum = hashlib.sha256(msgspec.json.encode(records)).hexdigest()
    return {"content_hash": content_hash, "layout": _LAYOUT, "checksum": checksum, **counts}


def write_records(path: Path, content_hash: str, records: Records) -> bool:
    """Build the file beside its place and move it there in one step; `False` where it cannot be written."""
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".factors-", suffix=".sqlite")
        os.close(handle)
        _build(name, content_hash, records)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except (OSError, sqlite3.Error) as error:
        _log.warning("%s cannot be written (%s): the tables are held in memory only", path, error)
        if name:
            Path(name).unlink(missing_ok=True)
        return False
    return True


def _build(name: str, content_hash: str, records: Records) -> None:
    from sqlite_utils import Database  # noqa: PLC0415 - slow to import, and seldom needed

    with closing(sqlite3.connect(name)) as connection:
        database = Database(connection)
        for table, rows in records.items():
            columns = (*COLUMNS[table], "overlay")
            database.table(table).create({column: _type(column) for column in columns}, pk="id", strict=True)
            if rows:
                database.table(table).insert_all(_dicts(columns, rows))
        database.table("meta").create({"name": str, "value": str}, pk="name", strict=True)
        pairs = _meta(content_hash, records).items()
        database.table("meta").insert_all({"name": name, "value": value} for name, value in pairs)


def _dicts(columns: tuple[str, ...], rows: Iterable[Record]) -> Iterator[dict[str, Cell]]:
    return (dict(zip(columns, row, strict=True)) for row in rows)


def _type(column: str) -> type:
    if column in NUMBERS:
        return float
    return int if column in INTEGERS or column == "overlay" else str
