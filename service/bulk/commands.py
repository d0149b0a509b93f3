"""`dualscope bulk focus IN OUT`: a bill, or a folder of its parts, with its figures beside each row."""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from service.bulk.extra import ExtraMissing, need_extra
from service.errors import Refused
from service.formats.focus.summary import FocusSummary
from service.resolve import Resolver

if TYPE_CHECKING:
    from service.bulk.kernel import Kernel

FAILED, SENSELESS, BROKEN_OFF = 1, 2, 130
_FORMS: dict[str, Any] = {".parquet": "parquet", ".csv": "csv"}
_PARTIAL = ".partial"
_OFTEN_S = 0.2
_WIDTH = 30


def add_arguments(parser: argparse.ArgumentParser, resolver_of: Callable[[Any], Resolver]) -> None:
    """Add what the command takes.

    Args:
        parser: of the command.
        resolver_of: makes the resolver of the settings; it is called once the arguments are known to be sound.
    """
    bills = parser.add_subparsers(required=True, metavar="COMMAND")
    focus = bills.add_parser("focus", help="a FOCUS bill in, the same rows with their figures out")
    focus.add_argument("source", metavar="IN", type=Path, help="a .parquet or .csv file, or a folder of them")
    focus.add_argument("target", metavar="OUT", type=Path, help="a .parquet or .csv file; for a folder a folder")
    focus.add_argument("--json", action="store_true", help="print the summary as JSON")
    focus.set_defaults(
        run=lambda args, settings: convert_bill(
            args.source, args.target, lambda: resolver_of(settings), as_json=args.json
        )
    )


def convert_bill(bill: Path, into: Path, resolver: Callable[[], Resolver], *, as_json: bool) -> int:
    """Convert a bill, or a folder of its parts, and print the summary; the exit code.

    Args:
        bill: a file or a folder.
        into: likewise; the end of a file's name chooses its form.
        resolver: is called once the bill and where it goes are known to be sound.
        as_json: whether the summary is printed as JSON.
    """
    try:
        need_extra()
        parts = _parts(bill, into)
    except ExtraMissing as error:
        return _fail(str(error), FAILED)
    except ValueError as error:
        return _fail(str(error), SENSELESS)
    from service.bulk.kernel import Kernel  # noqa: PLC0415 - only where the extra is installed

    kernel = Kernel(resolver())
    for source, target in parts:
        if bill.is_dir() and target.exists():
            _say(f"{source}: done before, left as it is")
            continue
        try:
            summary = asyncio.run(_convert(kernel, source, target))
        except Refused as error:
            return _fail("\n".join(f"{source}{fault.pointer}: {fault.detail}" for fault in error.faults), SENSELESS)
        except OSError as error:
            return _fail(f"{error.filename or source}: {error.strerror or error}", FAILED)
        except KeyboardInterrupt:
            _say("")  # the bar's line is not ended
            return _fail("broken off; parts that were done are kept, run it again to go on", BROKEN_OFF)
        sys.stdout.write(_shown(target, summary, as_json=as_json))
    return 0


def _parts(source: Path, target: Path) -> list[tuple[Path, Path]]:
    """Each file and where it goes."""
    if not source.exists():
        raise ValueError(f"{source}: there is no such file or folder")
    if not source.is_dir():
        if target.suffix not in _FORMS:
            raise ValueError(f"{target}: end it in .parquet or .csv, which chooses the form")
        if target.is_dir():
            raise ValueError(f"{target} is a folder, {source} a file")
        return [(source, target)]
    if target.exists() and not target.is_dir():
        raise ValueError(f"{source} is a folder, {target} a file: name a folder for its parts")
    if target.resolve() == source.resolve():
        raise ValueError(f"{target}: name another folder than that of the bill")
    return [(path, target / path.relative_to(source)) for path in parts_in(source)]


def parts_in(folder: Path) -> list[Path]:
    """The parts of a bill that a folder has, in the order of their names.

    Raises:
        ValueError: it has none.
    """
    found = sorted(path for path in folder.rglob("*") if path.suffix in _FORMS and path.is_file())
    if not found:
        raise ValueError(f"{folder}: the folder has no .parquet or .csv file")
    return found


async def _convert(kernel: "Kernel", source: Path, target: Path) -> FocusSummary:
    """One file; what is not whole never has its final name."""
    from service.bulk.sources import opened  # noqa: PLC0415
    from service.bulk.stream import enriched  # noqa: PLC0415

    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}{_PARTIAL}")
    try:
        with source.open("rb") as stream:
            bill = opened(stream)
            with partial.open("wb") as out:
                sums = await enriched(kernel, bill, (out, _FORMS[target.suffix]), progress(source.name, bill.rows))
                out.flush()
                os.fsync(out.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return sums.summary()


def progress(name: str, of: int | None) -> Callable[[int], None] | None:
    """A bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        return None
    begun = time.monotonic()
    last = 0.0

    def show(rows: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _OFTEN_S and rows != of:
            return
        last = now
        filled = _WIDTH * rows // of if of else 0
        bar = f" [{'#' * filled}{'.' * (_WIDTH - filled)}]" if of else ""
        end = "\n" if rows == of else ""
        sys.stderr.write(f"\r{name}{bar} {rows:,} rows, {rows / max(now - begun, 1e-9):,.0f} a second{end}")
        sys.stderr.flush()

    return show


def _shown(target: Path, summary: FocusSummary, *, as_json: bool) -> str:
    if as_json:
        return msgspec.json.encode(summary).decode() + "\n"
    return told(str(target), summary)


def told(name: str, summary: FocusSummary) -> str:
    """A summary in a few lines.

    Args:
        name: of what it is of.
        summary: of the bill.
    """
    estimated = summary.estimated
    by = f"hardware {estimated.machine:,}, storage {estimated.storage:,}, network {estimated.network:,}"
    totals = summary.totals
    lines = [
        f"{name}: {summary.rows:,} rows",
        f"  estimated from {by}, money alone {estimated.spend:,}",
        f"  location-based {_kg(totals.location_based_kg_co2e)}, market-based {_kg(totals.market_based_kg_co2e)}",
    ]
    for money in summary.currencies:
        share = "no usage" if money.covered_cost_share is None else f"{money.covered_cost_share:.1%} of usage covered"
        lines.append(f"  {money.currency} {money.effective_cost:,.2f} effective cost, {share}")
    lines += [f"  {one.rows:,} rows without a figure: {one.detail} ({one.code})" for one in summary.not_estimated]
    return "\n".join(lines) + "\n"


def _kg(amount: float | None) -> str:
    return "nothing known" if amount is None else f"{amount:,.6g} kg CO2e"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _fail(text: str, code: int) -> int:
    for line in text.splitlines():
        _say(f"dualscope: {line}")
    return code
