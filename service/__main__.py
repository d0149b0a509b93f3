"""The `dualscope` command: serve · estimate · import · bulk · factors · hardware · keys · openapi.

Exit codes: 0 done; 1 the surroundings do not allow it (a port that is taken, a table that cannot be loaded);
2 what was given makes no sense; 130 broken off from the keyboard.
"""

import argparse
import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from service import __version__
from service.access import commands as keys
from service.access.keys import KeysInvalid
from service.app import create_app, document, open_boavizta, open_store
from service.boavizta import Boavizta, Miss
from service.boavizta.questions import PROVIDERS, Provider
from service.bulk import commands as bulk
from service.errors import DualscopeError, FactorDataInvalid, Fault, Refused
from service.estimate import estimate
from service.factors import commands
from service.http.decoding import StrictDecoder
from service.http.summary import emissions_text
from service.importing import commands as importing
from service.listening.server import listener, refuse_strangers
from service.live import Live
from service.model.resolved import Resolved
from service.model.result import Emissions
from service.model.workload import Workload
from service.reports.emissions import emissions_report
from service.reports.markdown import written
from service.resolve import Resolver
from service.running.server import serve
from service.running.workers import Supervisor
from service.settings import MOST_WORKERS, Settings, SettingsInvalid, read_settings
from service.telemetry.logs import configure_logging

FAILED, SENSELESS, BROKEN_OFF = 1, 2, 130
_BAR = 40
"""Width of a progress bar. [characters]"""

FLAGS: tuple[tuple[str, str, type, str], ...] = (
    ("--id", "/id", str, "echoed"),
    ("--region", "/region", str, "provider:region, a country or a grid zone: aws:us-east-1, FR, US-SRVC"),
    ("--start", "/period/start", str, "date or time that it began"),
    ("--end", "/period/end", str, "date or time that it ended"),
    ("--deployment", "/deployment", str, "cloud, owned, colocated or leased"),
    ("--kwh", "/energy/kwh", float, "electrical energy metered [kWh]"),
    ("--level", "/energy/level", str, "where it was metered: component, it (default) or facility"),
    ("--pue", "/pue", float, "facility energy over IT energy"),
    ("--hours", "/duration_hours", float, "wall-clock time [h]"),
    ("--instance", "/hardware/instance", str, "cloud instance type: p5.48xlarge"),
    ("--accelerator", "/hardware/accelerator", str, "accelerator: nvidia-h100-sxm"),
    ("--accelerators", "/hardware/accelerators", float, "how many of them one machine has"),
    ("--server", "/hardware/server", str, "server archetype"),
    ("--count", "/hardware/count", float, "machines"),
    ("--share", "/hardware/share", float, "reserved part of a machine, 0 to 1"),
    ("--utilization", "/utilization", float, "mean utilization, 0 to 1"),
    ("--method", "/allocation/method", str, "time, utilization, physical or economic"),
)
"""Flag, the field that it sets, its type, its meaning."""


class JobInvalid(DualscopeError):
    """The job of `dualscope estimate` cannot be read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    args = _parser().parse_args(arguments)
    try:
        return int(args.run(args, read_settings(os.environ)))
    except (JobInvalid, SettingsInvalid, KeysInvalid, importing.ImportInvalid) as error:
        return _fail(str(error), SENSELESS)
    except importing.ImportFailed as error:
        return _fail(str(error), FAILED)
    except FactorDataInvalid as error:
        return _fail("\n".join(error.faults), FAILED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dualscope", description="Carbon accounting for computing workloads.")
    parser.add_argument("--version", action="version", version=f"dualscope {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    answering = subparsers.add_parser("serve", help="answer over HTTP")
    answering.add_argument("--host", help="address to listen on; default: DUALSCOPE_HOST or 127.0.0.1")
    answering.add_argument("--port", type=int, help="default: DUALSCOPE_PORT or 8000; 0 takes a free one")
    answering.add_argument("--workers", type=_some, help="processes on the port; default: DUALSCOPE_WORKERS or 1")
    answering.set_defaults(run=_serve)

    _add_estimate(subparsers.add_parser("estimate", help="estimate one workload, here and now"))

    bulk.add_arguments(subparsers, lambda settings: Resolver(open_store(settings)))

    commands.add_arguments(subparsers)
    subparsers.choices["factors"].set_defaults(run=_factors)

    hardware = subparsers.add_parser("hardware", help="the live hardware source").add_subparsers(required=True)
    warm = hardware.add_parser("warm", help="ask BoaviztAPI for all instance types of a provider, and keep the answers")
    warm.add_argument("--provider", choices=sorted(PROVIDERS), help="default: all of them")
    warm.set_defaults(run=_warm)

    importing.add_arguments(
        subparsers.add_parser("import", help="read a file of another tool, a provider's report or a bill")
    )

    keys.add_arguments(subparsers.add_parser("keys", help="make API keys, look through those that there are"))

    openapi = subparsers.add_parser("openapi", help="print the OpenAPI document")
    openapi.set_defaults(run=_openapi)
    return parser


def _add_estimate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-f", "--file", metavar="FILE", help="the workload as JSON; - reads standard input")
    for flag, _, type_, meaning in FLAGS:
        parser.add_argument(flag, type=type_, help=meaning)
    parser.add_argument("--cost", help="what it cost: 125.50USD")
    parser.add_argument("--explain", action="store_true", help="add the arithmetic of each figure (with --json)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the answer of POST /emissions")
    form.add_argument("--markdown", action="store_true", help="print a table for a job summary")
    parser.set_defaults(run=_estimate)


def _factors(args: argparse.Namespace, settings: Settings) -> int:
    here = Path("dualscope-cache")  # for a user without a home
    return commands.run(args, settings.factors_dir, settings.cache_dir or here)


def _openapi(args: argparse.Namespace, settings: Settings) -> int:
    del args, settings
    _print(document())
    return 0


# estimate


def _estimate(args: argparse.Namespace, settings: Settings) -> int:
    job = _job(args)
    if args.file and job:
        raise JobInvalid(f"-f and flags exclude each other: put {', '.join(job)} into the file")
    body = _read_job(args.file) if args.file else msgspec.json.encode(job)
    try:
        workload = StrictDecoder(Workload).decode(body)
        resolved = asyncio.run(_resolved(workload, settings))
        emissions = estimate(workload, resolved, explain=args.explain)
    except Refused as error:
        return _fail("\n".join(_told(fault, by_flags=not args.file) for fault in error.faults), SENSELESS)
    _print(_shown(emissions, args))
    return 0


async def _resolved(workload: Workload, settings: Settings) -> Resolved:
    """What the workload's context looks up, with a live hardware source where the settings name one."""
    store, boavizta = open_store(settings), open_boavizta(settings)
    if boavizta is None:
        return await Resolver(store).resolve(workload)
    await boavizta.open()
    try:
        return await Resolver(store, Live(boavizta)).resolve(workload)
    finally:
        await boavizta.close()


def _shown(emissions: Emissions, args: argparse.Namespace) -> bytes:
    if args.json:
        return msgspec.json.encode(emissions) + b"\n"
    return written(emissions_report(emissions)) if args.markdown else emissions_text(emissions).encode()


def _read_job(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise JobInvalid(f"{name}: {error.strerror}") from error


def _job(args: argparse.Namespace) -> dict[str, Any]:
    """The workload that the flags describe."""
    job: dict[str, Any] = {}
    for flag, pointer, _, _ in FLAGS:
        value = getattr(args, flag[2:].replace("-", "_"))
        if value is not None:
            *parents, name = pointer[1:].split("/")
            place = job
            for parent in parents:
                place = place.setdefault(parent, {})
            place[name] = value
    if args.cost is not None:
        job["cost"] = _money(args.cost)
    return job


def _money(text: str) -> dict[str, Any]:
    match = re.fullmatch(r"\s*(\d+(?:\.\d*)?)\s*([A-Za-z]{3})\s*", text)
    if match is None:
        raise JobInvalid(f"--cost {text}: write an amount and its currency, as in 125.50USD")
    return {"amount": float(match[1]), "currency": match[2].upper()}


def _told(fault: Fault, *, by_flags: bool) -> str:
    """A fault in a line, by the flag that it is about, or the field."""
    flags = {pointer: flag for flag, pointer, _, _ in FLAGS} | {"/cost/currency": "--cost"}
    where = flags.get(fault.pointer, fault.pointer) if by_flags else fault.pointer
    return f"{where or 'workload'}: {fault.detail} ({fault.code})"


# hardware


def _warm(args: argparse.Namespace, settings: Settings) -> int:
    boavizta = open_boavizta(settings)
    if boavizta is None:
        return _fail("DUALSCOPE_BOAVIZTA_URL names no server to ask", SENSELESS)
    providers = [args.provider] if args.provider else sorted(PROVIDERS)
    try:
        return asyncio.run(_warmed(boavizta, providers))
    except KeyboardInterrupt:  # by now what was answered is written
        _say("")  # the bar's line is not ended
        return _fail("broken off; the answers so far are kept, run it again to go on", BROKEN_OFF)


async def _warmed(boavizta: Boavizta, providers: Sequence[Provider]) -> int:
    """What is kept already is not asked again, so that a run that was broken off goes on where it stood."""
    await boavizta.open()
    try:
        results = [(provider, await boavizta.warm(provider, _progress(provider))) for provider in providers]
    finally:
        await boavizta.close()
    code = 0
    for provider, warmed in results:
        if isinstance(warmed, Miss):
            code = _fail(f"{provider}: {warmed.reason}", FAILED)
            continue
        _say(f"{provider}: {warmed.kept} kept, {warmed.unknown} without an answer, {warmed.left} left")
        if warmed.left:
            code = _fail(f"BoaviztAPI did not answer all: {boavizta.state().last_failure}; run it again", FAILED)
    return code


def _progress(provider: str) -> Callable[[int, int], None]:
    def show(done: int, of: int) -> None:
        filled = _BAR * done // of
        end = "\n" if done == of else ""
        sys.stderr.write(f"\r{provider} [{'#' * filled}{'.' * (_BAR - filled)}] {done}/{of}{end}")
        sys.stderr.flush()

    return show


# serve


def _serve(args: argparse.Namespace, settings: Settings) -> int:
    host = args.host or settings.host
    settings = msgspec.structs.replace(settings, workers=args.workers or settings.workers)
    ports = [settings.port if args.port is None else args.port]
    if settings.operations_port is not None:
        ports.append(settings.operations_port)
    refuse_strangers(host, settings)
    configure_logging(settings.log_format)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})  # waits for a server that reads the tables anew
    store = open_store(settings)
    app = create_app(settings, store=store) if settings.workers == 1 else None  # else each worker has its own
    listeners = []
    for port in ports:
        try:
            listeners.append(listener(host, port))
        except (OSError, OverflowError) as error:
            return _fail(f"cannot listen on {host} port {port}: {error}", FAILED)
    shown = f"[{host}]" if ":" in host else host
    _say(f"dualscope {__version__} listens on http://{shown}:{listeners[0].getsockname()[1]} (interface: /docs)")
    with contextlib.suppress(KeyboardInterrupt):
        return Supervisor(settings, store, listeners).run() if app is None else serve(app, settings, listeners)
    return 0


def _some(text: str) -> int:
    """A number of workers."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text}: it is a number from 1 to {MOST_WORKERS}")
    return int(text)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _fail(text: str, code: int) -> int:
    for line in text.splitlines():
        _say(f"dualscope: {line}")
    return code


def _print(text: bytes) -> None:
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
