"""`dualscope import`: a file of another tool, read here and now; the answer of `POST /imports/{format}`."""

import argparse
import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
from msgspec import Struct, inspect

from service.app import open_boavizta, open_store
from service.errors import DualscopeError, Refused
from service.estimator import Estimator
from service.formats.registry import FORMATS
from service.http.decoding import fault_of
from service.http.import_given import Stated, format_named, given_of
from service.http.import_run import ImportDesk, ImportRun, form_of
from service.http.problems import Declined
from service.http.representations import CSV, GEO_JSON, JSON, KEPLER_GL, NDJSON
from service.http.summary import readable
from service.live import Live
from service.model.imports import ImportSummary
from service.resolve import Resolver
from service.settings import Settings

_FORMS = {"json": JSON.media_type, "ndjson": NDJSON, "csv": CSV, "geojson": GEO_JSON, "map": KEPLER_GL}
_FLAGS = {
    "region": (str, "where it ran: aws:us-east-1, FR, US-SRVC"),
    "instance": (str, "cloud instance type that it ran on: p4d.24xlarge"),
    "allocation": (str, "how embodied emissions fall on a workload: time, utilization, physical or economic"),
    "host_overhead_ratio": (float, "unmetered host energy over the energy that the file states"),
    "unit": (
        str,
        "of a meter's readings: watts, kilowatts, milliwatts, microwatts, joules, watt_hours, kilowatt_hours",
    ),
    "level": (str, "side of the meter: component, it or facility; default: as the names say"),
    "tz": (str, "zone of times that state none: Europe/Paris, +02:00; default: UTC, flagged"),
}
"""Field of `Stated`, its type, its meaning."""


class ImportInvalid(DualscopeError):
    """What is to be imported makes no sense."""


class ImportFailed(DualscopeError):
    """A file cannot be read or written."""


class _Sink(Struct):
    """Where the answer goes."""

    write: Callable[[bytes], object]

    async def emit(self, block: bytes) -> None:
        """Write a block."""
        self.write(block)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    listed = "; ".join(f"{format_.name} ({format_.title})" for format_ in FORMATS.values())
    parser.add_argument("format", choices=FORMATS, metavar="FORMAT", help=listed.replace("%", "%%"))
    parser.add_argument("file", metavar="FILE", help="the file as the tool wrote it; - reads standard input")
    for name, (type_, meaning) in _FLAGS.items():
        parser.add_argument(_flag(name), type=type_, help=meaning)
    parser.add_argument("--output", metavar="FILE", help="write the answer there once it is whole; default: print it")
    form = parser.add_mutually_exclusive_group()
    for name in _FORMS:
        default = " (default)" if name == "json" else ""
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=f"answer as {name}{default}")
    parser.set_defaults(run=run, form="json")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Import a file; what became of it goes to standard error.

    Raises:
        ImportInvalid: it is none of its format, or could not be read to its end.
        ImportFailed: it cannot be read, or the answer not be written.
    """
    try:
        stated = msgspec.convert({name: getattr(args, name) for name in _FLAGS}, Stated)
    except msgspec.ValidationError as error:
        fault = fault_of(str(error), inspect.type_info(Stated))
        raise ImportInvalid(f"{_flag(fault.pointer[1:])}: {fault.detail} ({fault.code})") from None
    try:
        with _opened(args.file) as file, _output(args.output) as sink:
            summary = asyncio.run(_imported(args, settings, stated, file, sink))
            sys.stderr.write(_told(summary))
            if not summary.complete:
                raise ImportInvalid("the file could not be read to its end; the last result says why")
    except Refused as refused:
        lines = [f"{fault.pointer or args.file}: {fault.detail} ({fault.code})" for fault in refused.faults]
        raise ImportInvalid("\n".join(lines)) from None
    except Declined as declined:
        flag = f"{_flag(declined.parameter)}: " if declined.parameter else ""
        raise ImportInvalid(f"{flag}{declined} ({declined.code})") from None
    except OSError as error:
        raise ImportFailed(f"{error.filename or args.file}: {error.strerror}") from error
    if summary.failed and summary.failed == summary.count:
        raise ImportInvalid("no record could be estimated; the results say why")
    return 0


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


async def _imported(
    args: argparse.Namespace, settings: Settings, stated: Stated, file: BinaryIO, sink: _Sink
) -> ImportSummary:
    store, boavizta = open_store(settings), open_boavizta(settings)
    format_ = format_named(args.format)
    given = given_of(format_, stated, store, alone=False)
    live = Live(boavizta) if boavizta is not None else None
    desk = ImportDesk(resolver=Resolver(store, live), estimator=Estimator())
    form = form_of(_FORMS[args.form], desk.estimator)
    if boavizta is not None:
        await boavizta.open()
    try:
        return await ImportRun(desk, form, format_.name, args.file).file(format_.read(file, given), sink.emit)
    finally:
        if boavizta is not None:
            await boavizta.close()


@contextlib.contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """The file; what cannot be read twice, as standard input, is kept in a temporary one first."""
    if name != "-":
        with Path(name).open("rb") as file:
            if file.seekable():
                yield file
                return
            with _kept(file) as kept:
                yield kept
        return
    with _kept(sys.stdin.buffer) as kept:
        yield kept


@contextlib.contextmanager
def _kept(file: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(file, kept)
        kept.seek(0)
        yield cast("BinaryIO", kept)


@contextlib.contextmanager
def _output(name: str | None) -> Iterator[_Sink]:
    """Standard output, or a file that gets its name only once it is whole."""
    if name is None:
        yield _Sink(sys.stdout.buffer.write)
        sys.stdout.buffer.flush()
        return
    place = Path(name).resolve()
    if place.exists() and not place.is_file():  # a device or a pipe keeps its name
        with place.open("wb") as device:
            yield _Sink(device.write)
        return
    handle, partial = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield _Sink(file.write)
        mask = os.umask(0)
        os.umask(mask)
        Path(partial).chmod(0o666 & ~mask)
        Path(partial).replace(place)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def _told(summary: ImportSummary) -> str:
    """The summary in a few lines."""
    estimated = summary.count - summary.failed
    lines = [f"{summary.format}: {estimated} estimated, {summary.failed} with a problem"]
    lines += [f"{left.count} left out: {left.reason}" for left in summary.left_out]
    if summary.energy_kwh is not None:
        lines.append(f"{readable(summary.energy_kwh)} kWh at the facility")
    if summary.totals is not None:
        location, market = summary.totals.location_based, summary.totals.market_based
        lines.append(f"{readable(location.kg_co2e)} kg CO2e with location-based Scope 2, grade {location.grade}")
        lines.append(f"{readable(market.kg_co2e)} kg CO2e with market-based Scope 2, grade {market.grade}")
    if summary.reported_kg_co2e is not None:
        of = f"by the file itself, of {summary.reported_count}"
        lines.append(f"{readable(summary.reported_kg_co2e)} kg CO2e {of}; not added")
    return "".join(f"{line}\n" for line in lines)
