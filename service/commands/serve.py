"""`dualscope serve`: the service, on one address, in one process or more."""

import argparse
import contextlib
import signal

import msgspec

from service import __version__
from service.app import create_app
from service.commands.telling import FAILED, fail, say
from service.listening.server import listener, refuse_strangers
from service.opening import open_store
from service.running.server import serve
from service.running.workers import Supervisor
from service.settings import MOST_WORKERS, Settings
from service.telemetry.logs import configure_logging


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
    configure_logging(settings.log_format)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})  # waits for a server that reads the tables anew
    store = open_store(settings)
    app = create_app(settings, store=store) if settings.workers == 1 else None  # else each worker has its own
    listeners = []
    for port in ports:
        try:
            listeners.append(listener(host, port))
        except (OSError, OverflowError) as error:
            return fail(f"cannot listen on {host} port {port}: {error}", FAILED)
    shown = f"[{host}]" if ":" in host else host
    say(f"dualscope {__version__} listens on http://{shown}:{listeners[0].getsockname()[1]} (interface: /docs)")
    with contextlib.suppress(KeyboardInterrupt):
        return Supervisor(settings, store, listeners).run() if app is None else serve(app, settings, listeners)
    return 0


def _some(text: str) -> int:
    """A number of workers."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text}: it is a number from 1 to {MOST_WORKERS}")
    return int(text)
