"""What a caller says of an import beside the file, by query or by flag, checked before anything is read."""

from datetime import UTC

from msgspec import Struct

from service.factors.store import FactorStore
from service.formats.imported import Given
from service.formats.local_time import zone_named
from service.formats.meter_units import MeterUnit
from service.formats.registry import FORMATS, Format
from service.http.problems import Declined
from service.model.workload import Amount, Level, Method, Money

_ISO_4217 = 3


class Stated(Struct, frozen=True, kw_only=True):
    """The parameters as they were given."""

    region: str | None = None
    instance: str | None = None
    allocation: Method | None = None
    host_overhead_ratio: Amount | None = None
    cost: Amount | None = None
    currency: str | None = None
    tz: str | None = None
    unit: MeterUnit | None = None
    level: Level | None = None


def format_named(name: str) -> Format:
    """The format of a name.

    Raises:
        Declined: there is none.
    """
    found = FORMATS.get(name)
    if found is None:
        raise Declined("NOT_FOUND", f"{name[:64]!r} is no format known here; there are {', '.join(FORMATS)}")
    return found


def given_of(format_: Format, stated: Stated, store: FactorStore, *, alone: bool) -> Given:
    """What the reader of a format is given.

    Args:
        format_: its name is told where it does not use what was stated.
        stated: by the caller.
        store: knows regions and instance types.
        alone: whether the body is one record, which alone may have a cost.

    Raises:
        Declined: a parameter has no sense here.
    """
    _check_used(format_, stated)
    if stated.region is not None:
        _check_region(store, stated.region)
    if stated.instance is not None and not store.instances(stated.instance):
        nearest = ", ".join(store.nearest_instances(stated.instance))
        detail = f"{stated.instance[:64]!r} is not known; the nearest names are {nearest}"
        raise Declined("HARDWARE_UNKNOWN", detail, parameter="instance")
    try:
        zone = zone_named(stated.tz) if stated.tz is not None else UTC
    except ValueError as error:
        raise Declined("VALUE_INVALID", str(error), parameter="tz") from None
    return Given(
        store=store,
        region=stated.region,
        instance=stated.instance,
        allocation=stated.allocation,
        host_overhead_ratio=stated.host_overhead_ratio,
        cost=_cost(stated, alone=alone),
        zone=zone,
        zone_assumed=stated.tz is None,
        unit=stated.unit,
        level=stated.level,
    )


def _check_used(format_: Format, stated: Stated) -> None:
    for name in Stated.__struct_fields__:
        if getattr(stated, name) is not None and name not in format_.given:
            known = ", ".join(sorted(format_.given)) or "none"
            detail = f"an import of {format_.name} takes no {name}; it takes {known}"
            raise Declined("VALUE_INVALID", detail, parameter=name)


def _check_region(store: FactorStore, region: str) -> None:
    places = store.places(region)
    if len(places) > 1:
        names = ", ".join(place.id for place in places)
        detail = f"{region[:64]!r} is a region of several providers: {names}"
        raise Declined("REGION_AMBIGUOUS", detail, parameter="region")
    if not places and store.zone(region) is None:
        nearest = ", ".join(store.nearest_regions(region))
        detail = f"{region[:64]!r} is not known; the nearest names are {nearest}"
        raise Declined("REGION_UNKNOWN", detail, parameter="region")


def _cost(stated: Stated, *, alone: bool) -> Money | None:
    cost, currency = stated.cost, stated.currency
    if cost is None and currency is None:
        return None
    if cost is None or currency is None:
        missing = "cost" if cost is None else "currency"
        raise Declined("VALUE_INVALID", "cost and currency go together: cost=125.5&currency=USD", parameter=missing)
    if not alone:
        detail = "a cost is that of one record: send the record by itself as JSON"
        raise Declined("VALUE_INVALID", detail, parameter="cost")
    code = currency.upper()
    if len(code) != _ISO_4217 or not (code.isascii() and code.isalpha()):
        raise Declined("VALUE_INVALID", f"{currency[:64]!r} is no currency; write USD", parameter="currency")
    return Money(amount=cost, currency=code)
