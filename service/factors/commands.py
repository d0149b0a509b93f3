"""The `factors` command: import an upstream's file, build, check, compare and list the tables."""

import argparse
import csv
import io
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from service.errors import FactorDataInvalid
from service.factors.checks import row_faults
from service.factors.columns import COLUMNS, Row
from service.factors.csvfiles import Line, Text, content_hash, csv_text, lines_of, read_text, read_texts, write_whole
from service.factors.database import path_for
from service.factors.importers import IMPORTERS
from service.factors.instance_figures import with_figures
from service.factors.merge import Merged, merge
from service.factors.tables import checked_lines, load

_SHOWN = 20
"""Rows of each kind that a report names before it only counts."""
_DERIVED_FROM = frozenset({"accelerator", "cloud_instance"})


def import_source(source: str, file: Path, directory: Path, *, replace: bool = False) -> str:
    """Read an upstream's file into the tables of a directory; the report of what it did.

    Raises:
        FactorDataInvalid: the file cannot be read, or would edit a figure that stands.
    """
    read = IMPORTERS.get(source)
    if read is None:
        raise FactorDataInvalid([f"{file}:1: no source {source!r}; the sources are {', '.join(sorted(IMPORTERS))}"])
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FactorDataInvalid([f"{file}:1: the file cannot be read ({error}); name a file in UTF-8"]) from error
    results = {
        stem: merge(_table(stem), _rows(directory, stem), rows, replace=replace)
        for stem, rows in read(text, file.name).items()
    }
    refused = [what for result in results.values() for what in result.refused]
    if refused:
        mend = "a row is superseded, never edited: give the new one an edition of its own, or use --replace"
        raise FactorDataInvalid([f"{file}:1: {what}; {mend}" for what in refused])
    tables = {stem: result.rows for stem, result in results.items()}
    if _DERIVED_FROM & tables.keys():
        instances = tables.get("cloud_instance", _rows(directory, "cloud_instance"))
        accelerators = tables.get("accelerator", _rows(directory, "accelerator"))
        tables["cloud_instance"] = with_figures(instances, accelerators)
    _write(directory, tables)
    return "\n".join(_report(stem, result) for stem, result in results.items())


def _table(stem: str) -> str:
    return stem.partition(".")[0]


def _rows(directory: Path, stem: str) -> list[Row]:
    """The rows of one file of a table; none where there is no file."""
    path = directory / f"{stem}.csv"
    if not path.is_file():
        return []
    lines, faults = lines_of(read_text(path))
    if faults:
        raise FactorDataInvalid(faults)
    return [line.row for line in lines]


def _write(directory: Path, tables: Mapping[str, Collection[Row]]) -> None:
    """Write files of tables, all of them or, where a row has a fault, none."""
    texts = [
        Text(directory / f"{stem}.csv", csv_text(_table(stem), rows), overlay=False)
        for stem, rows in tables.items()
        if rows
    ]
    faults = [fault for text in texts for line in lines_of(text)[0] for fault in row_faults(line)]
    if faults:
        raise FactorDataInvalid(faults)
    for text in texts:
        write_whole(text.path, text.content)


def _report(stem: str, result: Merged) -> str:
    counts = (
        f"{stem}: {len(result.added)} added, {len(result.changed)} changed, {len(result.unchanged)} unchanged, "
        f"{len(result.kept)} cells kept as another source gave them, {len(result.left_out)} incomplete left out"
    )
    lines = [counts]
    lines += _some("added", result.added) + _some("changed", result.changed)
    return "\n".join(lines + _some("kept", result.kept) + _some("left out", result.left_out))


def _some(word: str, names: Collection[str]) -> list[str]:
    """The first of a long list, and how many more there are."""
    shown = [f"  {word}: {name}" for name in list(names)[:_SHOWN]]
    more = len(names) - _SHOWN
    return [*shown, f"  {word}: {more} more"] if more > 0 else shown


def build(factors_dir: Path, cache_dir: Path, *, overlay: Path | None = None, exclude: Collection[str] = ()) -> str:
    """Check the tables and write their SQLite file; where it lies and what it holds.

    Raises:
        FactorDataInvalid: every fault of the tables.
        OSError: the file could not be written.
    """
    tables = load(factors_dir, overlay=overlay, exclude=exclude, cache_dir=cache_dir)
    path = path_for(cache_dir, tables.content_hash)
    if not path.is_file():
        raise OSError(f"{path} could not be written")
    return f"{path}\n{tables.content_hash}"


def check(factors_dir: Path, *, overlay: Path | None = None, exclude: Collection[str] = ()) -> str:
    """Check the tables; how many rows each has and the content hash.

    Raises:
        FactorDataInvalid: every fault of the tables.
    """
    texts = read_texts(factors_dir, exclude=exclude)
    if overlay is not None:
        texts += read_texts(overlay, overlay=True)
    lines = checked_lines(texts)
    counts = {table: sum(line.table == table for line in lines) for table in COLUMNS}
    report = [f"{table:<18}{count:>7,}" for table, count in counts.items() if count]
    return "\n".join([*report, f"{'total':<18}{len(lines):>7,}", content_hash(texts)])


def diff(old_dir: Path, new_dir: Path) -> str:
    """Which rows two directories of tables have apart, and how far figures moved."""
    old, new = ({line.row["id"]: line for line in _lines(directory)} for directory in (old_dir, new_dir))
    report = [f"- {key}" for key in sorted(old.keys() - new.keys())]
    report += [f"+ {key} {_figure(new[key].row)}" for key in sorted(new.keys() - old.keys())]
    for key in sorted(old.keys() & new.keys()):
        report += _moved(old[key].row, new[key].row)
    counts = f"{len(new.keys() - old.keys())} added, {len(old.keys() - new.keys())} removed"
    changed = sum(old[key].row != new[key].row for key in old.keys() & new.keys())
    return "\n".join([*report, f"{counts}, {changed} changed"])


def _lines(directory: Path) -> list[Line]:
    return checked_lines(read_texts(directory))


def _figure(row: Row) -> str:
    return f"{row['value']} {row['unit']}" if row["value"] else "no value"


def _moved(old: Row, new: Row) -> list[str]:
    """How a row changed: its figure in per cent, else the columns."""
    if old["value"] != new["value"] and old["value"] and new["value"] and float(old["value"]):
        percent = (float(new["value"]) / float(old["value"]) - 1) * 100
        return [f"~ {new['id']} {old['value']} → {new['value']} {new['unit']} ({percent:+.1f} %)"]
    changed = [column for column in new if old.get(column) != new[column]]
    return [f"~ {new['id']} {', '.join(changed)}"] if changed else []


def list_factors(
    factors_dir: Path,
    *,
    overlay: Path | None = None,
    kind: str | None = None,
    zone: str | None = None,
    year: int | None = None,
) -> str:
    """The rows of a kind, of a zone, of a year, as CSV of what names and what counts."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_LISTED)
    texts = read_texts(factors_dir)
    if overlay is not None:
        texts += read_texts(overlay, overlay=True)
    for line in sorted(checked_lines(texts), key=lambda line: line.row["id"]):
        if _asked(line.row, kind, zone, year):
            writer.writerow([line.row.get(column, "") for column in _LISTED])
    return out.getvalue().rstrip("\n")


_LISTED = ("id", "value", "unit", "valid_from", "valid_to", "use", "grade", "publisher", "note")


def _asked(row: Row, kind: str | None, zone: str | None, year: int | None) -> bool:
    parts = row["id"].split(":")
    if kind is not None and parts[0] != kind:
        return False
    if zone is not None and zone not in (*parts[1:], ":".join(parts[1:3])):
        return False
    if year is None:
        return True
    first, last = row["valid_from"][:4], row["valid_to"][:4] or "9999"
    return int(first) <= year <= int(last)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The `factors` command's own commands."""
    commands = parser.add_subparsers(dest="factors_command", required=True, metavar="COMMAND")
    _import_arguments(commands.add_parser("import", help="read an upstream's file into the tables"))
    for name, what in (("build", "write the SQLite file"), ("check", "say what is wrong"), ("list", "print rows")):
        command = commands.add_parser(name, help=what)
        command.add_argument("--overlay", type=Path, metavar="DIRECTORY", help="the operator's own tables")
        if name == "build":
            command.add_argument("--cache", type=Path, metavar="DIRECTORY", help="where to write it")
        if name == "list":
            command.add_argument("--kind", help="e.g. grid_location, residual_mix, accelerator")
            command.add_argument("--zone", help="a zone, a region, a device")
            command.add_argument("--year", type=int)
        else:
            command.add_argument("--exclude", action="append", default=[], metavar="TABLE", help="leave a file out")
    compare = commands.add_parser("diff", help="compare two directories of tables")
    compare.add_argument("old", type=Path)
    compare.add_argument("new", type=Path)
    for command in commands.choices.values():
        if command is not compare:
            command.add_argument("--directory", type=Path, help="of the tables; default: the shipped ones")


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", choices=sorted(IMPORTERS))
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="let figures that stand be changed")


def run(args: argparse.Namespace, factors_dir: Path, cache_dir: Path) -> int:
    """Run a `factors` command; its report goes to stdout, faults to stderr with exit code 1.

    Args:
        args: of the command line.
        factors_dir: tables that it works on unless told otherwise.
        cache_dir: where `build` writes unless told otherwise.
    """
    directory = getattr(args, "directory", None) or factors_dir
    commands: dict[str, Callable[[], str]] = {
        "import": lambda: import_source(args.source, args.file, directory, replace=args.replace),
        "build": lambda: build(directory, args.cache or cache_dir, overlay=args.overlay, exclude=args.exclude),
        "check": lambda: check(directory, overlay=args.overlay, exclude=args.exclude),
        "list": lambda: list_factors(directory, overlay=args.overlay, kind=args.kind, zone=args.zone, year=args.year),
        "diff": lambda: diff(args.old, args.new),
    }
    try:
        sys.stdout.write(commands[args.factors_command]() + "\n")
    except (FactorDataInvalid, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0
