"""From CSV files to everything that the store holds, by way of an SQLite file that is kept for the next start."""

from collections.abc import Collection
from pathlib import Path

from service.errors import FactorDataInvalid
from service.factors.checks import row_faults, table_faults
from service.factors.columns import COLUMNS, INTEGERS, NUMBERS, Row
from service.factors.csvfiles import Line, Text, content_hash, lines_of, read_texts
from service.factors.database import Cell, Record, Records, open_records, path_for, write_records
from service.factors.overlay import outrank
from service.factors.structs import tables_of
from service.model.factor import Tables


def load(
    factors_dir: Path,
    *,
    overlay: Path | None = None,
    exclude: Collection[str] = (),
    cache_dir: Path | None = None,
) -> Tables:
    """All factor tables.

    Args:
        factors_dir: the shipped tables.
        overlay: the operator's own, which outrank them.
        exclude: shipped tables to leave out, by file stem, e.g. `residual_mix.aib`.
        cache_dir: keeps the SQLite file; without it, or where it cannot be written, all is held in memory.

    Raises:
        FactorDataInvalid: every fault of the tables, each with file, line and mend.
    """
    texts = read_texts(factors_dir, exclude=exclude)
    if overlay is not None:
        texts += read_texts(overlay, overlay=True)
    version = content_hash(texts)
    path = path_for(cache_dir, version) if cache_dir is not None else None
    records = open_records(path, version) if path is not None else None
    if records is None:
        records = checked_records(texts)
        if path is not None:
            write_records(path, version, records)
    return tables_of(records, version)


def checked_records(texts: Collection[Text]) -> Records:
    """The records of tables without a fault.

    Raises:
        FactorDataInvalid: every fault found.
    """
    lines = checked_lines(texts)
    records: Records = {table: [] for table in COLUMNS}
    for line in sorted(lines, key=lambda line: line.row["id"]):
        records[line.table].append(_record(line))
    return records


def checked_lines(texts: Collection[Text]) -> list[Line]:
    """The rows that hold, those outranked by an overlay left out.

    Raises:
        FactorDataInvalid: every fault found.
    """
    lines: list[Line] = []
    faults: list[str] = []
    for text in texts:
        read, wrong = lines_of(text)
        lines += read
        faults += wrong
    faults += [fault for line in lines for fault in row_faults(line)]
    if not faults:
        shipped = [line for line in lines if not line.overlay]
        overlay = [line for line in lines if line.overlay]
        lines = outrank(shipped, overlay)
        faults = table_faults(lines)
    if faults:
        raise FactorDataInvalid(faults)
    return lines


def _record(line: Line) -> Record:
    cells = (_cell(column, line.row) for column in COLUMNS[line.table])
    return (*cells, int(line.overlay))


def _cell(column: str, row: Row) -> Cell:
    text = row[column]
    if column in NUMBERS:
        return float(text) if text else None
    if column in INTEGERS:
        return int(text) if text else None
    return text
