"""One workload, estimated in this process."""

import asyncio

from service.commands.telling import CommandInvalid
from service.errors import Refused
from service.estimate import estimate
from service.http.decoding import StrictDecoder
from service.model.resolved import Resolved
from service.model.result import Emissions
from service.model.workload import Workload
from service.opening import open_boavizta, open_store
from service.resolve import Resolver
from service.settings import Settings


def estimated(body: bytes, settings: Settings, *, explain: bool) -> Emissions:
    """The footprint of the workload that a body holds.

    Raises:
        Refused: with every fault of the workload.
        CommandInvalid: it is another tool's.
    """
    try:
        workload = StrictDecoder(Workload).decode(body)
    except Refused:
        from service.http.strayed import strayed  # noqa: PLC0415 - it brings every format

        other = strayed(body)
        if other is None:
            raise
        raise CommandInvalid(other.faults[0].detail) from None
    return estimate(workload, asyncio.run(_resolved(workload, settings)), explain=explain)


async def _resolved(workload: Workload, settings: Settings) -> Resolved:
    """What the workload's context looks up, with a live hardware source where the settings name one."""
    store, boavizta = open_store(settings), open_boavizta(settings)
    if boavizta is None:
        return await Resolver(store).resolve(workload)
    from service.live import Live  # noqa: PLC0415 - it brings the client

    await boavizta.open()
    try:
        return await Resolver(store, Live(boavizta)).resolve(workload)
    finally:
        await boavizta.close()
