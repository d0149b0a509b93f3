"""Answers in a SQLite file: they outlive the process, and several processes share them.

In WAL mode readers wait for nobody, so a read (some 20 µs) may run on the event loop; it gives up after 20 ms where a
lock is held all the same. Writes go through a connection of their own, on another thread. A file that is damaged, not
ours, or holds what makes no sense is set aside as `NAME.broken` and built anew; where there can be no file, the table
is held in memory. Not for network file systems: they cannot share a WAL.
"""

import logging
import math
import os
import sqlite3
import tempfile
import threading
from contextlib import closing, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from service.boavizta.answers import Answer, is_sound

_LAYOUT = 1
"""Raised when the columns or their meaning change; a file of another layout is set aside."""
_READ_WAIT_S, _WRITE_WAIT_S = 0.02, 5.0
_PRUNE_EVERY = 1000
_READ = "SELECT kg_co2e, low, high, life_hours, version, warnings, asked_at FROM answer WHERE server=? AND question=?"
_THIS = f"{_READ} AND version=?"
_NEWEST = f"{_READ} ORDER BY asked_at DESC LIMIT 1"
_WRITE = "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PRUNE = "DELETE FROM answer WHERE rowid NOT IN (SELECT rowid FROM answer ORDER BY asked_at DESC LIMIT ?)"
_WAITING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM}
_log = logging.getLogger(__name__)


class _Spoiled(Exception):
    """The file does not hold what this program wrote."""


class _Opened(Struct, frozen=True):
    writer: sqlite3.Connection
    reader: sqlite3.Connection
    identity: tuple[int, int] | None
    """Device and number of the file; `None` in memory."""


class AnswerTable:
    """Answers by server, question and version, and the version that each server last had."""

    def __init__(self, file: Path | None, most: int) -> None:
        self._file = file
        self._most = most
        self._opened: _Opened | None = None
        self._retired: list[_Opened] = []
        """Closed at the end: until then another thread may be using them."""
        self._mending = threading.Lock()
        self._writes = 0
        self._failing = False

    def open(self) -> None:
        """Open the file, or make it."""
        self._opened = self._any()
        self._execute(_PRUNE, (self._most,))

    def close(self) -> None:
        """Close the file."""
        ended = [*self._retired, *([self._opened] if self._opened is not None else [])]
        self._opened, self._retired = None, []
        for opened in ended:
            opened.reader.close()
            opened.writer.close()

    def read(self, server: str, question: str, version: str) -> Answer | None:
        """The answer of one version."""
        return self._select(_THIS, (server, question, version))

    def newest(self, server: str, question: str) -> Answer | None:
        """The newest answer of any version."""
        return self._select(_NEWEST, (server, question))

    def version(self, server: str) -> str | None:
        """The version that a server last had."""
        rows = self._rows("SELECT version FROM server WHERE name=?", (server,))
        return str(rows[0][0]) if rows else None

    def write(self, server: str, question: str, answer: Answer) -> None:
        """Keep an answer."""
        warnings = msgspec.json.encode(answer.warnings).decode()
        figures = (answer.kg_co2e, answer.low, answer.high, answer.life_hours)
        self._execute(_WRITE, (server, question, answer.version, *figures, warnings, answer.asked_at))
        self._writes += 1
        if self._writes % _PRUNE_EVERY == 0:
            self._execute(_PRUNE, (self._most,))

    def write_version(self, server: str, version: str) -> None:
        """Keep the version of a server."""
        self._execute("INSERT OR REPLACE INTO server VALUES (?, ?)", (server, version))

    # reading and writing

    def _select(self, sql: str, key: tuple[str, ...]) -> Answer | None:
        opened = self._opened
        rows = self._rows(sql, key)
        if not rows or opened is None:
            return None
        try:
            return _answer(rows[0])
        except _Spoiled as why:
            self._mend(why, opened)
            return None

    def _rows(self, sql: str, key: tuple[str, ...]) -> list[tuple[object, ...]]:
        opened = self._opened
        if opened is None:
            return []
        try:
            return opened.reader.execute(sql, key).fetchall()
        except sqlite3.Error as error:
            self._told(error, opened)
            return []

    def _execute(self, sql: str, values: tuple[object, ...]) -> None:
        opened = self._opened
        if opened is None:
            return
        try:
            opened.writer.execute(sql, values)
        except sqlite3.Error as error:
            self._told(error, opened)
        else:
            self._failing = False

    def _told(self, error: sqlite3.Error, opened: _Opened) -> None:
        if _code(error) not in _WAITING | _NO_ROOM | {None}:
            self._mend(error, opened)
        elif not self._failing:
            self._failing = True  # told once, until it works again
            _log.warning("%s: answers are not kept for now (%s)", self._file, error)

    # opening

    def _mend(self, why: Exception, opened: _Opened) -> None:
        """Set the file aside and go on with a new one; where another process has done so, with that one's."""
        with self._mending:
            if self._opened is not opened:
                return  # another thread was faster
            if self._file is not None and self._identity() == opened.identity:
                self._set_aside(why)
            self._retired.append(opened)
            self._opened = self._any()

    def _any(self) -> _Opened:
        """The file's connections, of a new file if need be, else ones to a table in memory."""
        if self._file is None:
            return self._in_memory()
        found = self._identity()
        try:
            return self._connected(self._file)
        except (sqlite3.Error, _Spoiled, OSError) as error:
            if isinstance(error, OSError) or _code(error) in _WAITING | _NO_ROOM:
                return self._without(error)
            if self._identity() == found:  # else another process has just done so
                self._set_aside(error)
        try:
            return self._connected(self._file)
        except (sqlite3.Error, _Spoiled, OSError) as error:
            return self._without(error)

    def _without(self, why: Exception) -> _Opened:
        _log.warning("%s cannot be used (%s): answers are held in memory only", self._file, why)
        return self._in_memory()

    def _in_memory(self) -> _Opened:
        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        _create(connection)
        return _Opened(connection, connection, None)

    def _connected(self, file: Path) -> _Opened:
        if not file.exists():
            _build(file)
        writer = sqlite3.connect(file, timeout=_WRITE_WAIT_S, check_same_thread=False, isolation_level=None)
        try:
            _check(writer)
            writer.execute("PRAGMA synchronous=NORMAL")
            reader = sqlite3.connect(file, timeout=_READ_WAIT_S, check_same_thread=False, isolation_level=None)
            reader.execute("PRAGMA query_only=1")
        except BaseException:
            writer.close()
            raise
        return _Opened(writer, reader, self._identity())

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat() if self._file is not None else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found is not None else None

    def _set_aside(self, why: Exception) -> None:
        """Move the file and its companions away; only ever a file, never a folder that a setting names by mistake."""
        if self._file is None or not self._file.is_file():
            return
        _log.warning("%s is spoiled (%s): set aside as %s.broken and built anew", self._file, why, self._file.name)
        for tail in ("-wal", "-shm", ""):
            with suppress(OSError):
                Path(f"{self._file}{tail}").replace(f"{self._file}.broken{tail}")


def _build(file: Path) -> None:
    """Make the file beside its place and put it there whole, unless another process was faster.

    It is in WAL mode from then on: to switch a file that others have open is to be told that it is locked.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    os.close(handle)
    try:
        with closing(sqlite3.connect(name, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            _create(connection)
        with suppress(FileExistsError):
            _put(Path(name), file)
    finally:
        Path(name).unlink(missing_ok=True)


def _put(made: Path, file: Path) -> None:
    try:
        file.hardlink_to(made)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        made.replace(file)


def _create(connection: sqlite3.Connection) -> None:
    from sqlite_utils import Database  # noqa: PLC0415 - slow to import, and seldom needed

    names = {"server": str, "question": str, "version": str}
    figures = {"kg_co2e": float, "low": float, "high": float, "life_hours": float, "warnings": str, "asked_at": float}
    needed = {name for name in (*names, *figures) if name != "life_hours"}
    database = Database(connection)
    database.table("answer").create(names | figures, pk=tuple(names), not_null=needed, strict=True)
    database.table("server").create({"name": str, "version": str}, pk="name", strict=True)
    connection.execute(f"PRAGMA user_version={_LAYOUT}")


def _check(connection: sqlite3.Connection) -> None:
    """See that the tables are ours and whole; a file of another program is not changed by that.

    Raises:
        _Spoiled: they are not.
    """
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    if layout != _LAYOUT:
        raise _Spoiled(f"it has layout {layout} instead of {_LAYOUT}")
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise _Spoiled("it is damaged")
    connection.execute(_NEWEST, ("", "")).fetchall()
    connection.execute("SELECT name, version FROM server LIMIT 1").fetchall()


def _answer(row: tuple[object, ...]) -> Answer:
    kg, low, high, life_hours, version, warnings, asked_at = row
    try:
        answer = msgspec.convert(
            {
                "kg_co2e": kg,
                "low": low,
                "high": high,
                "life_hours": life_hours,
                "version": version,
                "warnings": msgspec.json.decode(warnings if isinstance(warnings, str) else b""),
                "asked_at": asked_at,
                "keep_until": 0.0,
            },
            Answer,
        )
    except msgspec.MsgspecError as error:
        raise _Spoiled(str(error)) from error
    if not is_sound(answer.kg_co2e, answer.low, answer.high) or not math.isfinite(answer.asked_at):
        raise _Spoiled("a figure in it makes no sense")
    return answer


def _code(error: Exception) -> int | None:
    """SQLite's own code, without its refinements; `None` where it gave none."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None
