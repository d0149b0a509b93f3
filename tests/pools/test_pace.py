"""Long work lets others be answered in between."""

import asyncio
from itertools import pairwise

import msgspec

from service.http.allocation_forms import allocations_csv, allocations_json
from service.method.allocation import SLICE, Steps
from service.model.pool import PoolRequest
from service.pools.division import divided
from service.pools.pace import paced
from tests.workloads import shipped_resolver

SLICES = 10


def test_the_result_of_steps_is_theirs() -> None:
    """However many there are, none included."""

    def steps(count: int) -> Steps[int]:
        for _ in range(count):
            yield
        return count

    assert [asyncio.run(paced(steps(count))) for count in (0, 1, 5)] == [0, 1, 5]


def test_others_take_their_turns_while_a_pool_is_divided() -> None:
    """At least one turn a slice of consumers in each of division, comparison, JSON and CSV."""
    consumers = [
        {"id": str(index), "hours": index / 7, "devices": 3.0, "utilization": 0.3} for index in range(SLICES * SLICE)
    ]
    body = {"pool": {"kg_co2e": 1.0}, "method": "time", "compare": True, "consumers": consumers}
    request = msgspec.convert(body, PoolRequest)
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def counted() -> list[int]:
        watching = asyncio.create_task(other())
        seen = [turns]
        answer = (await divided(request, shipped_resolver())).answer
        seen.append(turns)
        await allocations_json(answer)
        seen.append(turns)
        await allocations_csv(answer)
        seen.append(turns)
        watching.cancel()
        return [after - before for before, after in pairwise(seen)]

    dividing, as_json, as_csv = asyncio.run(counted())
    assert dividing > 2 * 5 * SLICES  # drivers read, scaled, multiplied, divided, written; by two methods
    assert as_json > 3 * SLICES  # lines, and two methods of the comparison
    assert as_csv >= SLICES
