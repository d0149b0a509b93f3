"""`dualscope import`: a file of another tool, read here and now; the answer of `POST /imports/{format}`."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
from msgspec import Struct, inspect

from service.bulk.commands import convert_bill
from service.bulk.extra import ExtraMissing
from service.commands.telling import CommandFailed, CommandInvalid
from service.errors import Refused
from service.estimator import Estimator
from service.formats import aws, azure, google
from service.formats.registry import FORMATS
from service.http.decoding import fault_of
from service.http.import_given import Stated, format_named, given_of
from service.http.import_run import ImportDesk, ImportRun, form_of
from service.http.problems import Declined
from service.http.report_given import TAKEN, ReportStated
from service.http.representations import CSV, GEO_JSON, JSON, KEPLER_GL, NDJSON
from service.importing.bills import DRAWN, draw_bill
from service.importing.files import Sink, opened, output
from service.importing.reports import import_report
from service.live import Live
from service.model.imports import ImportSummary
from service.opening import open_boavizta, open_store
from service.reports.wording import readable
from service.resolve import Resolver
from service.settings import Settings

_FOCUS = "focus"
_Stated = TypeVar("_Stated", bound=Struct)
_TITLES = {
    **{format_.name: format_.title for format_ in FORMATS.values()},
    **{report.NAME: f"{report.TITLE}: the provider's report" for report in (aws, google, azure)},
    _FOCUS: "FOCUS: a bill, as `dualscope bulk focus` converts it, into --output; or its --map or --geojson",
}
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
_REPORT_FLAGS = {
    "pool_by": "what pools are apart by, comma between: month, account, service, region; default: month,account",
    "columns": "columns of Google's report as CSV: field:column, comma between",
    "scopes": "scopes that Microsoft was asked for, comma between: scope1,scope2,scope3",
    "month": "month that Microsoft was asked for, where the answer has no dates: 2026-06",
    "scope2_method": "method of Microsoft's Scope 2, where you know it: location or market",
}
"""Field of `ReportStated`, its meaning."""
_FLAG_NAMES = (*_FLAGS, *_REPORT_FLAGS)


class ImportInvalid(CommandInvalid):
    """What is to be imported makes no sense."""


class ImportFailed(CommandFailed):
    """A file cannot be read or written."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    listed = "; ".join(f"{name} ({title})" for name, title in _TITLES.items())
    parser.add_argument("format", choices=_TITLES, metavar="FORMAT", help=listed.replace("%", "%%"))
    parser.add_argument("file", metavar="FILE", help="the file as the tool wrote it; - reads standard input")
    for name, (type_, meaning) in _FLAGS.items():
        parser.add_argument(_flag(name), type=type_, help=meaning)
    for name, meaning in _REPORT_FLAGS.items():
        parser.add_argument(_flag(name), help=meaning)
    parser.add_argument(
        "--output",
        metavar="FILE",
        help="write the answer there once it is whole (rows of focus need it); default: print it",
    )
    form = parser.add_mutually_exclusive_group()
    for name in _FORMS:
        default = " (default)" if name == "json" else ""
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=f"answer as {name}{default}")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Import a file; what became of it goes to standard error.

    Raises:
        ImportInvalid: it is none of its format, or could not be read to its end.
        ImportFailed: it cannot be read, or the answer not be written.
    """
    try:
        _check_flags(args)
        if args.format == _FOCUS:
            return _bill(args, settings)
        return _report(args) if args.format in TAKEN else _records(args, settings)
    except Refused as refused:
        lines = [f"{fault.pointer or args.file}: {fault.detail} ({fault.code})" for fault in refused.faults]
        raise ImportInvalid("\n".join(lines)) from None
    except Declined as declined:
        flag = f"{_flag(declined.parameter)}: " if declined.parameter else ""
        raise ImportInvalid(f"{flag}{declined} ({declined.code})") from None
    except OSError as error:
        raise ImportFailed(f"{error.filename or args.file}: {error.strerror}") from error


def _bill(args: argparse.Namespace, settings: Settings) -> int:
    if args.form in DRAWN:
        return _map_of_bill(args, settings)
    if args.output is None:
        raise ImportInvalid("--output: a bill needs it; name a .parquet or .csv file, or for a folder a folder")
    if args.file == "-":
        raise ImportInvalid("-: a bill is read from a .parquet or .csv file, or a folder of them")
    bill, into = Path(args.file), Path(args.output)
    return convert_bill(bill, into, lambda: Resolver(open_store(settings)), as_json=args.form == "json")


def _map_of_bill(args: argparse.Namespace, settings: Settings) -> int:
    try:
        with output(args.output) as sink:
            for told in draw_bill(args.file, args.form, lambda: Resolver(open_store(settings)), sink):
                sys.stderr.write(told)
    except ExtraMissing as error:
        raise ImportFailed(str(error)) from None
    except ValueError as error:
        raise ImportInvalid(str(error)) from None
    return 0


def _report(args: argparse.Namespace) -> int:
    stated = _stated(args, ReportStated)
    with opened(args.file) as file, output(args.output) as sink:
        told = import_report(args.format, stated, file, sink)
    sys.stderr.write(told)
    return 0


def _records(args: argparse.Namespace, settings: Settings) -> int:
    stated = _stated(args, Stated)
    with opened(args.file) as file, output(args.output) as sink:
        summary = asyncio.run(_imported(args, settings, stated, file, sink))
        sys.stderr.write(_told(summary))
        if not summary.complete:
            raise ImportInvalid("the file could not be read to its end; the last result says why")
    if summary.failed and summary.failed == summary.count:
        raise ImportInvalid("no record could be estimated; the results say why")
    return 0


def _check_flags(args: argparse.Namespace) -> None:
    """No flag is given that the format does not use."""
    name = args.format
    known = FORMATS[name].given if name in FORMATS else TAKEN.get(name, frozenset())
    taken = [flag for flag in _FLAG_NAMES if flag in known]
    for flag in _FLAG_NAMES:
        if getattr(args, flag) is not None and flag not in taken:
            detail = f"an import of {name} takes no {flag}; it takes {', '.join(taken) or 'none'}"
            raise Declined("VALUE_INVALID", detail, parameter=flag)
    forms = {None, "json", *(DRAWN if name == _FOCUS else ())}
    if name not in FORMATS and args.form not in forms:
        why = "the name of --output chooses the form of rows" if name == _FOCUS else "the answer is JSON"
        raise Declined("VALUE_INVALID", f"it is not for an import of {name}: {why}", parameter=args.form)


def _stated(args: argparse.Namespace, type_: type[_Stated]) -> _Stated:
    """The flags that were given."""
    names = type_.__struct_fields__
    given = {name: value for name in names if (value := getattr(args, name, None)) is not None}
    try:
        return msgspec.convert(given, type_)
    except msgspec.ValidationError as error:
        fault = fault_of(str(error), inspect.type_info(type_))
        raise ImportInvalid(f"{_flag(fault.pointer[1:])}: {fault.detail} ({fault.code})") from None


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


async def _imported(
    args: argparse.Namespace, settings: Settings, stated: Stated, file: BinaryIO, sink: Sink
) -> ImportSummary:
    store, boavizta = open_store(settings), open_boavizta(settings)
    format_ = format_named(args.format)
    given = given_of(format_, stated, store, alone=False)
    live = Live(boavizta) if boavizta is not None else None
    desk = ImportDesk(resolver=Resolver(store, live), estimator=Estimator())
    form = form_of(_FORMS[args.form or "json"], desk.estimator)
    if boavizta is not None:
        await boavizta.open()
    try:
        return await ImportRun(desk, form, format_.name, args.file).file(format_.read(file, given), sink.emit)
    finally:
        if boavizta is not None:
            await boavizta.close()


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
