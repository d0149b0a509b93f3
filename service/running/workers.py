"""Several processes on one port: one above that answers nothing, and below it as many as are wanted.

All share one listening socket, so that whoever waits to be accepted is accepted by any of them: none is lost with a
worker that ends or is killed. The one above starts another in the place of one that ended, reads new factor tables
before the workers do, and passes the signals on.
"""

import gc
import logging
import mmap
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from service.app import create_app
from service.errors import FactorDataInvalid
from service.factors.store import FactorStore
from service.http.life import Reloads
from service.opening import open_store
from service.running.reloading import tell_refused
from service.running.server import Worker, serve
from service.settings import Settings
from service.telemetry.shared import Slots

_HEARD = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM}
_ENDING = {signal.SIGTERM, signal.SIGINT}
_SHORT_LIFE_S = 10.0
"""A worker that ended sooner is started again later and later."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.1, 10.0
_VERSION, _RELOADS = 0, 1
_log = logging.getLogger(__name__)


class _Place(Struct):
    """Of one worker."""

    index: int
    pid: int = 0
    started: float = 0.0
    wait_s: float = 0.0
    due: float = 0.0
    """When it is to be started; on the monotonic clock. [s]"""


class Supervisor:
    """The process above the workers."""

    def __init__(self, settings: Settings, store: FactorStore, listeners: Sequence[socket.socket]) -> None:
        self._settings = settings
        self._store = store
        self._listeners = list(listeners)
        self._places = [_Place(index) for index in range(settings.workers)]
        self._slots = Slots(settings.workers)
        self._words = Slots(2, size=4096)
        """What the workers are told: the version of the factor set, what the reloads came to."""
        self._reloads = Reloads()
        self._ready = mmap.mmap(-1, settings.workers)
        """A byte of each worker: whether it accepts connections."""
        self._here, self._there = socket.socketpair()
        self._ending = False
        self._code = 0

    def run(self) -> int:
        """Keep the workers going until told to end; the exit code."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # what is ignored by default is not waited for
        while True:
            self._start_due(before)
            if self._ending and not any(place.pid for place in self._places):
                return self._code
            heard = signal.sigwait(_HEARD)
            if heard in _ENDING:
                self._end(heard)
            elif heard == signal.SIGHUP and not self._ending:
                self._reload()
            self._bury()

    # workers

    def _start_due(self, mask: set[int | signal.Signals]) -> None:
        now = time.monotonic()
        missing = [] if self._ending else [place for place in self._places if not place.pid]
        for place in missing:
            if place.due <= now:
                self._start(place, mask)
        waits = [place.due - now for place in missing if not place.pid]
        signal.setitimer(signal.ITIMER_REAL, max(min(waits), 0.001) if waits else 0)

    def _start(self, place: _Place, mask: set[int | signal.Signals]) -> None:
        gc.unfreeze()
        gc.collect()
        gc.freeze()  # shared pages stay shared
        self._ready[place.index] = False
        place.started = time.monotonic()
        place.pid = os.fork()
        if place.pid == 0:
            code = 1
            try:
                code = self._work(place.index, mask)
            except SystemExit as ended:
                code = int(ended.code or 0)
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)

    def _work(self, index: int, mask: set[int | signal.Signals]) -> int:
        """Be a worker. SIGHUP waits until there is someone to hear it."""
        os.setpgid(0, 0)  # an interrupt from the keyboard comes by way of the process above
        self._here.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        app = create_app(self._settings, store=self._store)
        services = app.state.services
        services.life.reloads_above = self._reloads_here
        services.metrics.share(self._slots, index)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask | {signal.SIGHUP})
        return serve(app, self._settings, self._listeners, self._told(index))

    def _told(self, index: int) -> Worker:
        def ready() -> None:
            self._ready[index] = True

        return Worker(self._expected, ready, self._there)

    def _bury(self) -> None:
        """Take note of workers that ended, and when to start others in their place."""
        for place in self._places:
            pid, status = os.waitpid(place.pid, os.WNOHANG) if place.pid else (0, 0)
            if not pid:
                continue
            place.pid = 0
            if self._ending:
                self._code = self._code or int(status != 0)
                continue
            lived = time.monotonic() - place.started
            short = min(max(_FIRST_WAIT_S, place.wait_s * 2), _LONGEST_WAIT_S)
            place.wait_s = short if lived < _SHORT_LIFE_S else 0.0
            place.due = time.monotonic() + place.wait_s
            _log.warning("worker %d ended, another is started in %.1f s", pid, place.wait_s)

    def _tell(self, heard: int) -> None:
        for place in self._places:
            if place.pid:
                os.kill(place.pid, heard)

    # signals

    def _end(self, heard: int) -> None:
        """Pass it on. The last worker that stops listening must be the last who holds the socket.

        One that is not yet listening is killed before the others are told: it serves nobody.
        """
        self._ending = True
        for place in self._places:
            if place.pid and not self._ready[place.index]:
                os.kill(place.pid, signal.SIGKILL)
                os.waitpid(place.pid, 0)
                place.pid = 0
        self._tell(heard)
        for listener in self._listeners:
            listener.close()

    def _reload(self) -> None:
        """Read the tables; only such as have no fault get to the workers."""
        former = self._store.version
        try:
            store = open_store(self._settings)
        except FactorDataInvalid as invalid:
            tell_refused(invalid.faults)
            self._reloads.note("refused", faults=len(invalid.faults))
        else:
            self._store = store
            self._reloads.note("unchanged" if store.version == former else "adopted", version=store.version)
        self._words.write(_VERSION, self._store.version.encode())
        self._words.write(_RELOADS, msgspec.msgpack.encode(self._reloads))
        if self._store.version != former:
            self._tell(signal.SIGHUP)

    def _reloads_here(self) -> Reloads:
        content = self._words.read(_RELOADS)
        return self._reloads if content is None else msgspec.msgpack.decode(content, type=Reloads)

    def _expected(self) -> str:
        content = self._words.read(_VERSION)
        return self._store.version if content is None else content.decode()
