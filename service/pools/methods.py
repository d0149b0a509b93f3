"""A method → the terms that it divides by, each over Σd or the capacity; or every reason why not.

Source: METHOD section 7.
"""

import math
from fractions import Fraction
from functools import partial

import msgspec
from msgspec import Struct

from service.errors import Fault
from service.method.allocation import Shares, Steps, Term, shares
from service.model.pool import Capacity, PoolMethod, PoolRequest, PoolWeights
from service.pools import drivers
from service.pools.drivers import RESOURCES, Driver, Remembered
from service.pools.faults import Faults

METHODS: tuple[PoolMethod, ...] = ("time", "utilization", "physical", "economic", "two_part")
_WEIGHT_TOLERANCE = 1e-9
_NO_CAPACITY = Capacity()
Weighted = list[tuple[Fraction, Driver]]


class Formed(Struct, frozen=True):
    """How a method divides the pool."""

    shares: Shares
    driver: Driver | None
    """None where several are mixed: a line's driver is its share then."""
    weights: dict[str, float]
    """Of the resources, under `physical`."""
    warnings: list[tuple[str, str, str]]
    """Code, pointer, detail."""


def formed(request: PoolRequest, method: PoolMethod, known: Remembered) -> Steps[Formed | list[Fault]]:
    """How the method divides the pool, or every reason why it cannot.

    Args:
        request: what was sent.
        method: any, the request's own or one to compare.
        known: drivers that another method has formed.
    """
    faults = Faults()
    unallocated = request.idle_policy == "unallocated"
    weights = _weights(request, faults) if method == "physical" else {}
    if method == "physical":
        weighted = yield from _resources(request, weights, faults)
    else:
        weighted = yield from _drivers(request, method, known, faults)
    told: list[tuple[str, str, str]] = []
    terms = [_term(request, method, weight, driver, faults, told) for weight, driver in weighted if weight]
    if faults.told:
        return faults.all()
    if unallocated and not any(term.column.total for term in terms):
        told.append(("ALLOC_ALL_IDLE", "/consumers", "every driver is 0: the whole pool is unallocated"))
    found = yield from shares(terms, unallocated=unallocated)
    return Formed(found, weighted[0][1] if len(weighted) == 1 else None, weights, told)


def _resources(request: PoolRequest, weights: dict[str, float], faults: Faults) -> Steps[Weighted]:
    found = []
    for name, weight in weights.items():
        found.append((Fraction(weight), (yield from drivers.resource(request, name, faults))))
    return found


def _drivers(request: PoolRequest, method: PoolMethod, known: Remembered, faults: Faults) -> Steps[Weighted]:
    one = Fraction(1)
    if method == "economic":
        return [(one, (yield from drivers.cost(request, faults)))]
    if method == "time" and request.time_unit == "wall_clock":
        return [(one, (yield from drivers.wall_clock(request, faults)))]
    if method == "utilization" and request.idle_policy == "pro_rata" and drivers.hours_are_absent(request.consumers):
        return [(one, (yield from drivers.used_hours(request, None, faults)))]
    held = yield from known.driver("held", partial(drivers.device_hours, request), faults)
    if method == "time":
        return [(one, held)]
    used = yield from known.driver("used", partial(drivers.used_hours, request, held), faults)
    if method == "utilization":
        return [(one, used)]
    if request.static_share is None:
        detail = "send static_share: the part that follows held device-hours; the rest follows used ones"
        faults.told.append(Fault("/static_share", "ALLOC_WEIGHTS_REQUIRED", detail))
        return []
    static = Fraction(request.static_share)
    return [(static, held), (1 - static, used)]


def _weights(request: PoolRequest, faults: Faults) -> dict[str, float]:
    """What each resource counts; one alone counts 1."""
    given = drivers.metered(request)
    if request.weights is None:
        if len(given) == 1:
            return {given[0]: 1.0}
        if given:
            detail = f"{', '.join(given)} are metered: send weights that sum to 1"
            faults.told.append(Fault("/weights", "ALLOC_WEIGHTS_REQUIRED", detail))
        elif request.missing_driver == "zero":
            return {_held(request): 1.0}
        else:
            detail = f"the physical method divides by usage: send one of {', '.join(RESOURCES)}"
            for index in range(len(request.consumers)):
                faults.add(index, "usage", "ALLOC_DRIVER_MISSING", detail)
        return {}
    return _sent_weights(request.weights, faults)


def _held(request: PoolRequest) -> str:
    """The resource that there is capacity of, where no consumer has used any."""
    capacity = msgspec.structs.asdict(request.capacity) if request.capacity is not None else {}
    return next((name for name in RESOURCES if capacity.get(name) is not None), RESOURCES[0])


def _sent_weights(weights: PoolWeights, faults: Faults) -> dict[str, float]:
    sent = {name: weight for name, weight in msgspec.structs.asdict(weights).items() if weight}
    if abs(math.fsum(sent.values()) - 1.0) > _WEIGHT_TOLERANCE:
        detail = f"the weights sum to {math.fsum(sent.values()):.12g}, not 1"
        faults.told.append(Fault("/weights", "ALLOC_WEIGHTS_REQUIRED", detail))
        return {}
    return sent


def _term(
    request: PoolRequest,
    method: PoolMethod,
    weight: Fraction,
    driver: Driver,
    faults: Faults,
    told: list[tuple[str, str, str]],
) -> Term:
    """A driver over what it is divided by; where that is 0 or missing the faults say so, and 1 stands in."""
    total = driver.column.total
    capacity = _capacity(request, driver)
    pointer = f"/capacity/{driver.key}"
    if request.idle_policy == "pro_rata":
        if not total and not faults.told:
            where = f"/weights/{driver.key}" if method == "physical" and request.weights is not None else "/consumers"
            detail = f"every consumer's {driver.unit} is 0, which leaves nothing to divide by; see idle_policy"
            faults.told.append(Fault(where, "ALLOC_ZERO_DENOMINATOR", detail))
        if capacity is not None and total > capacity and not told:  # used hours are a part of those held
            detail = f"{float(total):.12g} {driver.unit} of a capacity of {float(capacity):.12g}: shares stay pro rata"
            told.append(("ALLOC_OVERCOMMIT", pointer, detail))
        return Term(weight, driver.column, total or Fraction(1))
    if capacity is None:
        detail = f"idle as a line of its own needs capacity.{driver.key}"
        fault = Fault(pointer, "ALLOC_CAPACITY_REQUIRED", detail)
    elif total > capacity:
        detail = f"{float(total):.12g} {driver.unit} are more than the capacity of {float(capacity):.12g}"
        fault = Fault(pointer, "ALLOC_EXCEEDS_CAPACITY", detail)
    elif not capacity:
        fault = Fault(pointer, "ALLOC_ZERO_DENOMINATOR", "a capacity of 0 leaves nothing to divide by")
    else:
        return Term(weight, driver.column, capacity)
    if all((told_.pointer, told_.code) != (pointer, fault.code) for told_ in faults.told):  # terms may share one
        faults.told.append(fault)
    return Term(weight, driver.column, Fraction(1))


def _capacity(request: PoolRequest, driver: Driver) -> Fraction | None:
    value = getattr(request.capacity or _NO_CAPACITY, driver.key) if driver.key is not None else None
    return Fraction(value) if value is not None else None
