"""`dualscope estimate`: the footprint of one workload, computed here or by a service; and held against a budget."""

import argparse
import asyncio
import os
from collections.abc import Mapping

import msgspec

from service.commands import budget as budgets
from service.commands.job import Job, job_of
from service.commands.job import add_arguments as add_job_arguments
from service.commands.parsing import number
from service.commands.telling import SENSELESS, answer, fail, harmless, say
from service.errors import Refused
from service.http.summary import emissions_text
from service.model.result import Emissions
from service.reports.emissions import emissions_report
from service.reports.markdown import written
from service.settings import Settings

_URL = "DUALSCOPE_URL"
_PATIENCE_S = 30.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_job_arguments(parser)
    parser.add_argument("--url", help=f"address of a service to ask; default: {_URL}, else it is computed here")
    parser.add_argument(
        "--timeout", type=_seconds, default=_PATIENCE_S, metavar="SECONDS", help="how long to wait for it; default: 30"
    )
    budgets.add_arguments(parser)
    parser.add_argument("--explain", action="store_true", help="add the arithmetic of each figure (with --json)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the answer of POST /emissions")
    form.add_argument("--markdown", action="store_true", help="print the report for a job summary or a wiki")
    form.add_argument("--html", action="store_true", help="print the report as a page to keep or send")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace, settings: Settings) -> int:
    budget = budgets.budget_of(args, os.environ)
    job = job_of(args, os.environ)
    try:
        body, emissions = _estimated(job, args, settings, os.environ)
    except Refused as error:
        return fail("\n".join(job.told(fault) for fault in error.faults), SENSELESS)
    answer(_shown(body, emissions, args))
    if budget is None:
        return 0
    verdict = budgets.judged(emissions, budget)
    for line in verdict.lines:
        say(f"dualscope: {line}")
    return verdict.code


def _estimated(
    job: Job, args: argparse.Namespace, settings: Settings, environment: Mapping[str, str]
) -> tuple[bytes, Emissions]:
    """The answer as JSON and as it reads; of the two ways to it only the one taken is loaded."""
    explain = args.explain or args.html  # a page has the arithmetic always, as that of the service
    url = args.url if args.url is not None else environment.get(_URL, "").strip()
    if url:
        from service.commands.remote import answered, server_of  # noqa: PLC0415

        return answered(job.body, server_of(url, environment, args.timeout), explain=explain)
    from service.commands.here import estimated  # noqa: PLC0415

    emissions = estimated(job.body, settings, explain=explain)
    return msgspec.json.encode(emissions), emissions


def _shown(body: bytes, emissions: Emissions, args: argparse.Namespace) -> bytes:
    if args.json:
        return body + b"\n"
    if args.html:
        return _page(emissions)
    return written(emissions_report(emissions)) if args.markdown else harmless(emissions_text(emissions)).encode()


def _page(emissions: Emissions) -> bytes:
    from service.pools.pace import paced  # noqa: PLC0415
    from service.reports.page import page  # noqa: PLC0415 - it brings the templates

    return asyncio.run(paced(page(emissions_report(emissions))))


def _seconds(text: str) -> float:
    seconds = number(text)
    if seconds <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return seconds
