"""Rows of an import laid over a table: what is added, what changes, what is refused."""

from collections.abc import Iterable

from msgspec import Struct

from service.factors.columns import COLUMNS, NEEDED, Row
from service.factors.names import instance_key

COMPLETED = frozenset({"cloud_instance", "power", "server_component"})
"""Tables that several sources fill: the first to give a cell keeps it."""
FIGURES = ("value", "low", "high", "unit")


class Merged(Struct, frozen=True):
    """A table after an import, and what the import did to it."""

    rows: list[Row]
    added: list[str]
    changed: list[str]
    unchanged: list[str]
    kept: list[str]
    """Cells that another source gave first and this one gives otherwise."""
    left_out: list[str]
    """Rows that complete one that is not there."""
    refused: list[str]
    """Figures that would be edited: a row is superseded instead."""


def merge(table: str, existing: Iterable[Row], incoming: Iterable[Row], *, replace: bool = False) -> Merged:
    """Lay an import over a table.

    Args:
        table: its name.
        existing: its rows.
        incoming: those of the import; in a table that several sources fill they may be incomplete.
        replace: let the import's cells and figures take the place of those that stand.
    """
    rows = {_key(table, row): row for row in existing}
    merged = Merged([], [], [], [], [], [], [])
    for row in incoming:
        key = _key(table, row)
        old = rows.get(key)
        if old is None:
            new = {column: row.get(column, "") for column in COLUMNS[table]}
            if all(new[column] for column in NEEDED):
                rows[key] = new
                merged.added.append(row["id"])
            else:
                merged.left_out.append(row["id"])
            continue
        new = _completed(old, row, merged, replace=replace) if table in COMPLETED else row
        if table not in COMPLETED and not replace:
            merged.refused.extend(_edited(old, new))
        (merged.unchanged if new == old else merged.changed).append(row["id"])
        rows[key] = new
    merged.rows.extend(rows.values())
    return merged


def _key(table: str, row: Row) -> str:
    """An instance type is the same however its name is written."""
    return f"{row['provider']}:{instance_key(row['instance'])}" if table == "cloud_instance" else row["id"]


def _completed(old: Row, row: Row, merged: Merged, *, replace: bool) -> Row:
    """A row with its empty cells filled; with `replace` the others too, but for the id and the instance's name."""
    new = dict(old)
    for column, cell in row.items():
        if not cell or cell == old[column] or column in ("id", "instance"):
            continue
        if not old[column] or replace:
            new[column] = cell
        elif column not in _ABOUT and column != "host_included":
            merged.kept.append(f"{old['id']} {column}: {old[column]} stands, {cell} given")
    return new


_ABOUT = frozenset("edition publisher title url license evidence grade note data_year valid_from".split())
"""Columns in which two sources differ as a matter of course."""


def _edited(old: Row, new: Row) -> list[str]:
    return [
        f"{old['id']}: {column} {old[column] or 'none'} would become {new[column] or 'none'}"
        for column in FIGURES
        if old[column] != new[column]
    ]
