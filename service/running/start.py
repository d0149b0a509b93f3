"""From sockets that listen to answers: by this process alone, or by several below it."""

import signal
import socket
from collections.abc import Callable

import msgspec

from service.app import create_app, open_tracing
from service.factors.store import FactorStore
from service.opening import open_store
from service.running.server import serve
from service.running.workers import Supervisor
from service.settings import Settings
from service.telemetry.logs import configure_logging


def run(settings: Settings, listen: Callable[[], list[socket.socket]]) -> int:
    """Answer until told to end; the exit code.

    Args:
        settings: of the service.
        listen: makes the sockets; called once nothing of settings and tables stands in the way of answers.
    """
    configure_logging(settings.log_format)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})  # waits for a server that reads the tables anew
    store = open_store(settings)
    if settings.workers == 1:
        app = create_app(settings, store=store)
        return serve(app, settings, listen())
    _try(settings, store)
    return Supervisor(settings, store, listen()).run()


def _try(settings: Settings, store: FactorStore) -> None:
    """Find what is wrong with the settings here, and not in each worker again and again.

    Raises:
        SettingsInvalid: something is.
    """
    create_app(msgspec.structs.replace(settings, otel="off"), store=store)
    tracing = open_tracing(settings)
    if tracing is not None:
        tracing.close()  # its thread would not go with a worker
