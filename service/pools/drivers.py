"""What the consumers sent → the driver of a method, or why it cannot be formed. Source: METHOD section 7."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from service.method.allocation import Column, Steps, column, product, slices
from service.model.currencies import CURRENCIES
from service.model.pool import Consumer, PoolRequest
from service.pools.faults import Faults

RESOURCES = ("gpu_hours", "vcpu_hours", "ram_gb_hours", "energy_kwh")
_TOLERANCE = 1e-6
"""Relative difference up to which device-hours and devices × hours are the same."""


class Driver(Struct, frozen=True):
    """One driver of every consumer, its unit, and the key of `capacity` that it is compared with."""

    column: Column
    unit: str
    key: str | None


class Remembered:
    """The drivers of one request that several methods share, each formed once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Driver, Faults]] = {}

    def driver(self, name: str, form: Callable[[Faults], Steps[Driver]], faults: Faults) -> Steps[Driver]:
        """The driver of this name, and what is wrong with it."""
        if name not in self._known:
            own = Faults()
            self._known[name] = (yield from form(own)), own
        driver, own = self._known[name]
        faults.include(own)
        return driver


def wall_clock(request: PoolRequest, faults: Faults) -> Steps[Driver]:
    """Hours, however many devices were held."""
    hours = yield from _given(request, [consumer.hours for consumer in request.consumers], "hours", faults)
    return Driver(hours, "hours", "hours")


def device_hours(request: PoolRequest, faults: Faults) -> Steps[Driver]:
    """Exclusive device-hours: as sent, else devices × hours."""
    consumers = request.consumers
    devices, hours = [1.0] * len(consumers), [0.0] * len(consumers)
    for piece in slices(len(consumers)):
        for index, consumer in enumerate(consumers[piece], piece.start):
            count = 1.0 if consumer.devices is None else consumer.devices
            if consumer.device_hours is not None:
                _check_agreement(index, consumer, count, faults)
                hours[index] = consumer.device_hours
            elif consumer.hours is not None:
                devices[index], hours[index] = count, consumer.hours
            elif request.missing_driver == "error":
                detail = "send device_hours, or hours with devices (1 where left out)"
                faults.add(index, "device_hours", "ALLOC_DRIVER_MISSING", detail)
        yield
    held = yield from column(hours)
    if any(count != 1.0 for count in devices):
        held = yield from product((yield from column(devices)), held)
    return Driver(held, "device_hours", "device_hours")


def used_hours(request: PoolRequest, held: Driver | None, faults: Faults) -> Steps[Driver]:
    """Device-hours × utilization, or utilization alone where nobody sent hours.

    Args:
        request: what was sent.
        held: device-hours; none where nobody sent hours.
        faults: collects the consumers without utilization.
    """
    given = [consumer.utilization for consumer in request.consumers]
    utilization = yield from _given(request, given, "utilization", faults)
    if held is None:
        _check_same_devices(request, faults)
        return Driver(utilization, "utilization", None)
    return Driver((yield from product(held.column, utilization)), "utilized_device_hours", "device_hours")


def hours_are_absent(consumers: Sequence[Consumer]) -> bool:
    """Whether nobody sent hours of any kind."""
    return all(consumer.hours is None and consumer.device_hours is None for consumer in consumers)


def metered(request: PoolRequest) -> list[str]:
    """Resources that any consumer sent."""
    usages = [consumer.usage for consumer in request.consumers if consumer.usage is not None]
    return [name for name in RESOURCES if any(getattr(usage, name) is not None for usage in usages)]


def resource(request: PoolRequest, name: str, faults: Faults) -> Steps[Driver]:
    """One metered resource."""
    given = [getattr(consumer.usage, name) if consumer.usage is not None else None for consumer in request.consumers]
    return Driver((yield from _given(request, given, f"usage/{name}", faults)), name, name)


def cost(request: PoolRequest, faults: Faults) -> Steps[Driver]:
    """Money of one currency on one price basis."""
    costs = [consumer.cost for consumer in request.consumers]
    first = next((money for money in costs if money is not None), None)
    for piece in slices(len(costs)):
        for index, money in enumerate(costs[piece], piece.start):
            if money is None or first is None:
                continue
            if money.currency not in CURRENCIES:
                detail = f"{money.currency} is not a currency of ISO 4217"
                faults.add(index, "cost/currency", "CURRENCY_UNKNOWN", detail)
            if money.currency != first.currency:
                detail = f"{money.currency} beside {first.currency}: convert all costs to one currency"
                faults.add(index, "cost/currency", "ALLOC_MIXED_CURRENCY", detail)
            if money.price_basis != first.price_basis:
                detail = f"{money.price_basis or 'none'} beside {first.price_basis or 'none'}: name one price basis"
                faults.add(index, "cost/price_basis", "ALLOC_MIXED_CURRENCY", detail)
        yield
    amounts = [money.amount if money is not None else None for money in costs]
    spent = yield from _given(request, amounts, "cost", faults)
    return Driver(spent, first.currency if first is not None else "cost", "amount")


def _given(request: PoolRequest, values: list[float | None], field: str, faults: Faults) -> Steps[Column]:
    """What each consumer sent; what is missing is a fault, or 0 where the caller says so."""
    whole: list[float] = []
    for piece in slices(len(values)):
        for index, value in enumerate(values[piece], piece.start):
            if value is None and request.missing_driver == "error":
                detail = f"send {field.replace('/', '.')}, or say missing_driver: zero"
                faults.add(index, field, "ALLOC_DRIVER_MISSING", detail)
            whole.append(value or 0.0)
        yield
    return (yield from column(whole))


def _check_agreement(index: int, consumer: Consumer, devices: float, faults: Faults) -> None:
    if consumer.hours is None or consumer.device_hours is None:
        return
    product_ = devices * consumer.hours
    if abs(product_ - consumer.device_hours) > _TOLERANCE * max(product_, consumer.device_hours):
        named = f"{devices:g} devices" if consumer.devices is not None else "1 device (the default)"
        detail = f"{consumer.device_hours:g} is not {named} × {consumer.hours:g} h; mend one, or leave hours out"
        faults.add(index, "device_hours", "DEVICE_HOURS_CONFLICT", detail)


def _check_same_devices(request: PoolRequest, faults: Faults) -> None:
    """Without hours utilization alone decides, which is right only where all held equally many devices."""
    devices = [consumer.devices for consumer in request.consumers]
    counts = [1.0 if count is None else count for count in devices]
    for index, count in enumerate(counts):
        if count != counts[0]:
            detail = "the consumers held different numbers of devices: send hours, so that these count"
            faults.add(index, "hours", "ALLOC_DRIVER_MISSING", detail)
