"""A pool and its consumers → what falls on each. The one door for all that divide."""

import math
from collections import Counter
from typing import Any

from msgspec import Raw, Struct

from service.errors import Fault, Refused
from service.method.allocation import MOST_UNITS, Order, Shares, Steps, divide, finest_precision, slices, units_of
from service.model.codes import codes
from service.model.pool import (
    MOST_FIGURES,
    AllocationLine,
    Allocations,
    DividedPool,
    PoolRequest,
    UnallocatedLine,
)
from service.model.resolved import Resolved
from service.model.result import FactorSet, Warn
from service.pools.comparison import compared
from service.pools.drivers import Remembered
from service.pools.faults import MOST_TOLD
from service.pools.methodology import check_parameters, methodology
from service.pools.methods import Formed, formed
from service.pools.origin import Whole, whole_of
from service.pools.pace import paced
from service.pools.printed import kilograms, many_kilograms
from service.pools.sums import summed
from service.resolve import Resolver

_HINT = (
    "choose what the pool follows: time (training), utilization (inference), physical (telemetry), economic (finance) "
    "or two_part"
)


class Divided(Struct, frozen=True):
    """The answer, and what an estimate of the pool looked up."""

    answer: Allocations
    resolved: Resolved | None


async def divided(request: PoolRequest, resolver: Resolver) -> Divided:
    """What falls on each consumer.

    Raises:
        Refused: with every fault of the request.
    """
    faults = _checked(request)
    whole, way, known = None, None, Remembered()
    try:
        whole = await whole_of(request, resolver)
        check_parameters(whole)
        units = _units(request, whole, faults)
    except Refused as refused:
        faults += refused.faults
    if request.method is not None:
        found = await paced(formed(request, request.method, known))
        if isinstance(found, Formed):
            way = found
        else:
            faults += found
    if faults or whole is None or way is None or request.method is None:
        raise Refused(faults)
    order = Order([consumer.id for consumer in request.consumers])
    parts = {name: await paced(divide(count, way.shares, order)) for name, count in units.items()}
    sums = await paced(summed(parts))
    lines = await paced(_lines(request, way, parts, sums))
    comparison = None
    if request.compare:
        comparison = await compared(request, known, sums, units, order)
    factor_set = FactorSet(id=resolver.store.id, version=resolver.store.version)
    answer = Allocations(
        method=request.method,
        driver_unit=way.driver.unit if way.driver is not None else "share",
        allocations=lines,
        unallocated=_unallocated(request, way.shares, parts, sums),
        pool=_pool(request, whole, units),
        comparison=comparison,
        methodology=methodology(request, request.method, way.weights, whole, factor_set),
        warnings=_warnings(whole, way),
    )
    return Divided(answer, whole.resolved)


def _checked(request: PoolRequest) -> list[Fault]:
    """What is wrong whatever the method."""
    faults = [] if request.method is not None else [Fault("/method", "ALLOC_METHOD_REQUIRED", _HINT)]
    counts = Counter(consumer.id for consumer in request.consumers)
    if len(counts) == len(request.consumers):
        return faults
    seen: set[str] = set()
    repeated = []
    for index, consumer in enumerate(request.consumers):
        if consumer.id in seen:
            repeated.append((index, consumer.id))
        seen.add(consumer.id)
    for index, name in repeated[:MOST_TOLD]:
        detail = f"{name[:64]!r} stands {counts[name]} times: add its drivers up, or name its parts apart"
        faults.append(Fault(f"/consumers/{index}/id", "ALLOC_DUPLICATE_ID", detail))
    if len(repeated) > MOST_TOLD:
        detail = f"{len(repeated) - MOST_TOLD} more ids are repeated"
        faults.append(Fault("/consumers", "ALLOC_DUPLICATE_ID", detail))
    return faults


def _units(request: PoolRequest, whole: Whole, faults: list[Fault]) -> dict[str, int]:
    """Each component in whole units of the last decimal."""
    figures = len(whole.kg_co2e) * len(request.consumers)
    if figures > MOST_FIGURES:
        detail = f"{len(whole.kg_co2e)} components × {len(request.consumers)} consumers are over {MOST_FIGURES} figures"
        faults.append(Fault("/pool", "FIELDS_CONFLICT", f"{detail}: divide some components in a request of their own"))
    units = {name: units_of(kg, request.precision) for name, kg in whole.kg_co2e.items()}
    if sum(units.values()) > MOST_UNITS:
        finest = finest_precision([*whole.kg_co2e.values()], request.precision)
        detail = f"the pool is too large to be exact in {request.precision} decimals; it is in {finest}"
        faults.append(Fault("/precision", "FIELDS_CONFLICT", detail))
    return units


def _lines(
    request: PoolRequest, way: Formed, parts: dict[str, list[int]], sums: list[int]
) -> Steps[list[AllocationLine]]:
    precision, numerators, whole = request.precision, way.shares.numerators, way.shares.whole
    column = way.driver.column if way.driver is not None else None
    drivers, below = (column.numerators, column.denominator) if column is not None else (numerators, whole)
    named = [(name, column) for name, column in parts.items() if name]
    names = [name for name, _ in named]
    lines: list[AllocationLine] = []
    for piece in slices(len(request.consumers)):
        columns = [many_kilograms(column[piece], precision) for _, column in named]
        components: Any = zip(*columns, strict=True) if columns else ((),) * len(request.consumers[piece])
        lines += [
            AllocationLine(
                id=consumer.id,
                tags=consumer.tags,
                driver=driver / below,
                share=numerator / whole,
                kg_co2e=kg,
                components=dict(zip(names, values, strict=True)),
            )
            for consumer, driver, numerator, kg, values in zip(
                request.consumers[piece],
                drivers[piece],
                numerators[piece],
                many_kilograms(sums[piece], precision),
                components,
                strict=False,
            )
        ]
        yield
    return lines


def _unallocated(
    request: PoolRequest, shares: Shares, parts: dict[str, list[int]], sums: list[int]
) -> UnallocatedLine | None:
    if request.idle_policy == "pro_rata":
        return None
    return UnallocatedLine(
        share=shares.numerators[-1] / shares.whole,
        kg_co2e=kilograms(sums[-1], request.precision),
        components={name: kilograms(column[-1], request.precision) for name, column in parts.items() if name},
    )


def _pool(request: PoolRequest, whole: Whole, units: dict[str, int]) -> DividedPool:
    components: dict[str, float | Raw] = {
        name: kilograms(count, request.precision) for name, count in units.items() if name
    }
    return DividedPool(
        kg_co2e=kilograms(sum(units.values()), request.precision),
        components=components,
        unrounded_kg_co2e=math.fsum(whole.kg_co2e.values()),
        origin=whole.origin,
        basis=whole.basis,
        report=whole.report,
        missing=whole.missing,
        low_kg_co2e=whole.low_kg_co2e,
        high_kg_co2e=whole.high_kg_co2e,
        grade=whole.grade,
        unallocated_kg_co2e=whole.unallocated_kg_co2e,
    )


def _warnings(whole: Whole, way: Formed) -> list[Warn]:
    told = [
        Warn(code, pointer, "info" if codes()[code].severity == "info" else "warning", detail)
        for code, pointer, detail in way.warnings
    ]
    return sorted([*whole.warnings, *told])
