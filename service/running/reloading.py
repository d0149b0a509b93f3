"""New factor tables without a new process: read and checked beside the event loop, then taken in one step.

Until then, and where they have a fault, the old set answers; requests under way keep the set that they began with.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence

from service.app import InForce, Services
from service.errors import FactorDataInvalid
from service.http.life import Reload, now_utc
from service.opening import open_store
from service.settings import Settings

_MOST_FAULTS = 50
"""That are logged of one reading."""
_log = logging.getLogger(__name__)


class Reloader:
    """Reads the tables anew when it is told to; told again meanwhile, it does so once more."""

    def __init__(self, services: Services, settings: Settings) -> None:
        self._services = services
        self._settings = settings
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def begin(self, after: Callable[[], None] | None = None) -> None:
        """Begin, and call `after` at the end."""
        if self._task is not None and not self._task.done():
            self._again = True
            return
        self._task = asyncio.get_running_loop().create_task(self._run(after))

    async def _run(self, after: Callable[[], None] | None) -> None:
        self._again = True
        while self._again:
            self._again = False
            await self.reload()
        if after is not None:
            after()

    async def reload(self) -> Reload:
        """Read the tables once; what it came to."""
        life, former = self._services.life, self._services.now.store.version
        try:
            in_force = await asyncio.to_thread(self._prepared, former)
        except FactorDataInvalid as invalid:
            tell_refused(invalid.faults)
            return life.own_reloads.note("refused", faults=len(invalid.faults))
        if in_force is None:
            _log.info("the factor tables were read again and are the same: %s", former)
            return life.own_reloads.note("unchanged", version=former)
        self._services.adopt(in_force)
        life.loaded_at = now_utc()
        _log.info("the factor set is now %s, it was %s", in_force.store.version, former)
        return life.own_reloads.note("adopted", version=in_force.store.version)

    def _prepared(self, former: str) -> InForce | None:
        store = open_store(self._settings)
        return self._services.prepared(store) if store.version != former else None


def tell_refused(faults: Sequence[str]) -> None:
    """Log why new tables were not taken, in one line."""
    more = f" (and {len(faults) - _MOST_FAULTS} more)" if len(faults) > _MOST_FAULTS else ""
    told = "; ".join(faults[:_MOST_FAULTS])
    _log.error("the factor tables were not taken, the former set stays: %s%s", told, more)
