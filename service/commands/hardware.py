"""`dualscope hardware warm`: the answers of a live hardware source, asked for ahead."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence

from service.boavizta import Boavizta, Miss
from service.boavizta.questions import PROVIDERS, Provider
from service.commands.telling import BROKEN_OFF, FAILED, SENSELESS, fail, say
from service.opening import open_boavizta
from service.settings import Settings

_BAR = 40
"""Width of a progress bar. [characters]"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    warm = parser.add_subparsers(required=True, metavar="COMMAND").add_parser(
        "warm", help="ask BoaviztAPI for all instance types of a provider, and keep the answers"
    )
    warm.add_argument("--provider", choices=sorted(PROVIDERS), help="default: all of them")
    warm.set_defaults(run=_warm)


def _warm(args: argparse.Namespace, settings: Settings) -> int:
    boavizta = open_boavizta(settings)
    if boavizta is None:
        return fail("DUALSCOPE_BOAVIZTA_URL names no server to ask", SENSELESS)
    providers = [args.provider] if args.provider else sorted(PROVIDERS)
    try:
        return asyncio.run(_warmed(boavizta, providers))
    except KeyboardInterrupt:  # by now what was answered is written
        say("")  # the bar's line is not ended
        return fail("broken off; the answers so far are kept, run it again to go on", BROKEN_OFF)


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
            code = fail(f"{provider}: {warmed.reason}", FAILED)
            continue
        say(f"{provider}: {warmed.kept} kept, {warmed.unknown} without an answer, {warmed.left} left")
        if warmed.left:
            code = fail(f"BoaviztAPI did not answer all: {boavizta.state().last_failure}; run it again", FAILED)
    return code


def _progress(provider: str) -> Callable[[int, int], None]:
    def show(done: int, of: int) -> None:
        filled = _BAR * done // of
        end = "\n" if done == of else ""
        sys.stderr.write(f"\r{provider} [{'#' * filled}{'.' * (_BAR - filled)}] {done}/{of}{end}")
        sys.stderr.flush()

    return show
