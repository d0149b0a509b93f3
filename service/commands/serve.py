"""`dualscope serve`: the service, on one address, in one process or more."""

import argparse
import contextlib
import socket

import msgspec

from service import __version__
from service.commands.telling import CommandFailed, say
from service.listening.server import listener, refuse_strangers
from service.running.start import run
from service.settings import MOST_WORKERS, Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--host", help="address to listen on; default: DUALSCOPE_HOST or 127.0.0.1")
    parser.add_argument("--port", type=int, help="default: DUALSCOPE_PORT or 8000; 0 takes a free one")
    parser.add_argument("--workers", type=_some, help="processes on the port; default: DUALSCOPE_WORKERS or 1")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace, settings: Settings) -> int:
    host = args.host or settings.host
    settings = msgspec.structs.replace(settings, workers=args.workers or settings.workers)
    ports = [settings.port if args.port is None else args.port]
    if settings.operations_port is not None:
        ports.append(settings.operations_port)
    refuse_strangers(host, settings)

    def listen() -> list[socket.socket]:
        listeners = []
        for port in ports:
            try:
                listeners.append(listener(host, port))
            except (OSError, OverflowError) as error:
                raise CommandFailed(f"cannot listen on {host} port {port}: {error}") from None
        shown = f"[{host}]" if ":" in host else host
        say(f"dualscope {__version__} listens on http://{shown}:{listeners[0].getsockname()[1]} (interface: /docs)")
        return listeners

    with contextlib.suppress(KeyboardInterrupt):
        return run(settings, listen)
    return 0


def _some(text: str) -> int:
    """A number of workers."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text}: it is a number from 1 to {MOST_WORKERS}")
    return int(text)
