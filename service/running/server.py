"""One process that answers, and its end: readiness off, a moment for balancers, then what was begun is finished.

uvicorn closes every connection without a request under way at once, also one on which a request is just arriving. Here
a connection is closed only after it has been quiet for a while, and every answer since the end was announced says
`Connection: close`, so that callers do not use it again. Connections that wait to be accepted are accepted first.
"""

import asyncio
import ctypes
import logging
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

import uvicorn
from litestar import Litestar
from msgspec import Struct

from service.app import Services
from service.listening.server import configuration
from service.running.reloading import Reloader
from service.settings import Settings

_SO_ATTACH_FILTER = 26
_BPF_RETURN = 0x06
"""Of Linux: `socket(7)`, `bpf(2)`."""
_TICK_S = 0.05
_QUIET_S = 0.5
"""How long no byte has come on a connection before it is closed."""
_TICKS_A_SECOND = 10
"""Of uvicorn's own loop."""
_log = logging.getLogger(__name__)


class Worker(Struct, frozen=True):
    """What a process is told that is one of several."""

    expected: Callable[[], str | None]
    """Version of the factor set that the process above them has checked."""
    ready: Callable[[], None]
    """Lets that process know that this one accepts connections."""
    above: socket.socket
    """Ends when that process does."""


class DrainingServer(uvicorn.Server):
    """A server that loses no request when it ends."""

    def __init__(
        self, config: uvicorn.Config, services: Services, settings: Settings, worker: Worker | None = None
    ) -> None:
        super().__init__(config)
        self._services = services
        self._delay_s = settings.drain_delay_seconds
        self._drain_s = settings.drain_seconds
        self._worker = worker
        self._reloader = Reloader(services, settings)
        self._signals = 0

    # signals

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first announces the end, the second brings it; one from the keyboard does without the delay."""
        del frame
        self._signals += 1
        if sig == signal.SIGINT:
            self._delay_s = 0.0
        self._end()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; from then on SIGHUP reads the factor tables anew."""
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        with suppress(ValueError, RuntimeError):  # on another thread than the main one there are no signals
            loop.add_signal_handler(signal.SIGHUP, self._hang_up)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
        if self._worker is not None:
            loop.add_reader(self._worker.above, self._left_alone)
            self._worker.ready()

    def _hang_up(self) -> None:
        self._reloader.begin(self._after_reload if self._worker is not None else None)

    def _after_reload(self) -> None:
        """A worker that does not come to the set that was checked makes room for one that begins with it."""
        if self._worker is not None and self._worker.expected() != self._services.now.store.version:
            self._end()

    def _left_alone(self) -> None:
        """The process above is gone: nobody would stop this one."""
        assert self._worker is not None  # noqa: S101 - else this is never called
        asyncio.get_running_loop().remove_reader(self._worker.above)
        self._end()

    def _end(self) -> None:
        self._services.life.draining = True
        self.should_exit = True

    # life

    @property
    def _at_once(self) -> bool:
        return self._signals > 1

    async def on_tick(self, counter: int) -> bool:
        """Tell the other workers what was counted, once a second."""
        if counter % _TICKS_A_SECOND == 0:
            self._services.metrics.publish()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End as described above, in bounded time."""
        quiet = _Quiet()
        await self._wait(self._delay_s, lambda: quiet.look(self.server_state.connections))
        await self._stop_listening(sockets or [])
        ends = time.monotonic() + self._drain_s
        while self.server_state.connections and time.monotonic() < ends and not self._at_once:
            for connection in quiet.look(self.server_state.connections):
                connection.shutdown()
            await asyncio.sleep(_TICK_S)
        left = 0.1 if self._at_once else max(0.1, ends - time.monotonic())
        self.config.timeout_graceful_shutdown = left  # type: ignore[assignment]
        await super().shutdown(None)
        self._services.metrics.publish()

    async def _wait(self, seconds: float, look: Callable[[], object]) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self._at_once:
            look()
            await asyncio.sleep(_TICK_S)

    async def _stop_listening(self, sockets: Sequence[socket.socket]) -> None:
        """Take whoever stands in the queue, then close it. Nobody joins it meanwhile: he would be cut off with it.

        A worker that makes room for another leaves the queue to the others, and open.
        """
        waiting = []
        for listener in sockets if self._signals else ():
            _stop_queueing(listener)
        for listener in sockets:
            with suppress(OSError):  # the queue is empty
                while True:
                    waiting.append(listener.accept()[0])
        for server in self.servers:
            server.close()
        for listener in sockets:
            listener.close()
        loop = asyncio.get_running_loop()
        for accepted in waiting:
            accepted.settimeout(0)
            await loop.connect_accepted_socket(self._protocol, accepted)

    def _protocol(self) -> Any:
        make: Any = self.config.http_protocol_class
        return make(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


def _stop_queueing(listener: socket.socket) -> None:
    """Let no more connections come to a socket that listens; on Linux, by a filter that drops every packet.

    Whoever tries is told nothing, tries again within a second, and finds the port closed: refused, not cut off.
    """
    if sys.platform != "linux":
        return
    drop = ctypes.create_string_buffer(struct.pack("HBBI", _BPF_RETURN, 0, 0, 0))
    program = struct.pack("HP", 1, ctypes.addressof(drop))
    with suppress(OSError):
        listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


class _Quiet:
    """Since when each connection has had no request and no part of one."""

    def __init__(self) -> None:
        self._since: dict[Any, tuple[object, float]] = {}

    def look(self, connections: set[Any]) -> list[Any]:
        """Those that have been quiet for long enough."""
        now = time.monotonic()
        quiet = []
        for connection in list(connections):
            if not _is_idle(connection):
                self._since.pop(connection, None)
                continue
            timer = connection.timeout_keep_alive_task  # another after every request
            known, since = self._since.setdefault(connection, (timer, now))
            if known is not timer:
                self._since[connection] = timer, now
            elif now - since >= _QUIET_S:
                quiet.append(connection)
        return quiet


def _is_idle(connection: Any) -> bool:
    """Whether it waits for its first request, or for the next with no byte of it there."""
    if connection.cycle is None:
        return connection.headers is None
    return connection.cycle.response_complete and connection.timeout_keep_alive_task is not None


def serve(app: Litestar, settings: Settings, listeners: list[socket.socket], worker: Worker | None = None) -> int:
    """Answer until told to end; the exit code."""
    services: Services = app.state.services
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the server takes it over
    server = DrainingServer(configuration(app, settings), services, settings, worker)
    server.run(sockets=listeners)
    return 0
