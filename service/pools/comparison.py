"""The same pool by every method that the data allows; what it does not allow is told, never refused."""

from msgspec import Raw

from service.errors import Fault
from service.method.allocation import Order, Steps, divide, slices
from service.model.pool import Comparison, NotComputable, PoolMethod, PoolRequest
from service.pools.drivers import Remembered
from service.pools.methods import METHODS, formed
from service.pools.pace import paced
from service.pools.printed import kilograms, many_kilograms
from service.pools.sums import summed


async def compared(
    request: PoolRequest, known: Remembered, sums: list[int], units: dict[str, int], order: Order
) -> Comparison:
    """The pool by each method.

    Args:
        request: what was sent.
        known: the drivers that its own method has formed.
        sums: units of each line by that method.
        units: those of the pool's components.
        order: of the lines, where remainders tie.
    """
    found: dict[PoolMethod, list[int]] = {}
    failed = []
    for method in METHODS:
        if method == request.method:
            found[method] = sums
            continue
        way = await paced(formed(request, method, known))
        if isinstance(way, list):
            failed.append(_why(method, way))
            continue
        parts = {name: await paced(divide(count, way.shares, order)) for name, count in units.items()}
        found[method] = await paced(summed(parts))
    ids, precision = [consumer.id for consumer in request.consumers], request.precision
    idle = request.idle_policy == "unallocated"
    return Comparison(
        by_method={method: await paced(_by_consumer(ids, lines, precision)) for method, lines in found.items()},
        unallocated_kg_co2e={method: kilograms(lines[-1], precision) for method, lines in found.items() if idle},
        not_computable=failed,
        spread_kg_co2e=await paced(_by_consumer(ids, await paced(_spread([*found.values()])), precision)),
    )


def _why(method: PoolMethod, faults: list[Fault]) -> NotComputable:
    first = min(faults)
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return NotComputable(method=method, code=first.code, detail=f"{first.pointer}: {first.detail}{more}")


def _by_consumer(ids: list[str], units: list[int], precision: int) -> Steps[dict[str, float | Raw]]:
    found: dict[str, float | Raw] = {}
    for piece in slices(len(ids)):
        found |= zip(ids[piece], many_kilograms(units[piece], precision), strict=False)
        yield
    return found


def _spread(lines: list[list[int]]) -> Steps[list[int]]:
    """Largest less smallest of each line."""
    spread: list[int] = []
    for piece in slices(len(lines[0])):
        spread += [max(units) - min(units) for units in zip(*(column[piece] for column in lines), strict=True)]
        yield
    return spread
