"""What the reading routes list: regions, factors and hardware, as answers show them, in the order of their ids."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Literal, Protocol, TypeVar

import msgspec
from msgspec import Meta, Struct

from service.factors.store import FactorStore
from service.http.live_figure import LiveFigure, live_figure
from service.http.problems import Declined
from service.model.factor import Accelerator, Component, Factor, Grade, Instance, Match, Place
from service.model.resolved import Matched, Resolved
from service.model.workload import Workload
from service.resolve import Resolver

HardwareKind = Literal["accelerator", "instance", "archetype"]
CURSOR = "^([2-7][0-9a-f])+$"
"""Form of a cursor: the hexadecimal digits of an id's characters."""


class FactorValue(Struct, frozen=True, kw_only=True, gc=False):
    """A factor in force: its number, and the id under which /factors has its whole source."""

    value: float
    unit: str
    year: int | None
    grade: Grade
    match: Match
    source: Annotated[str, Meta(description="Id of the factor.")]


class RegionItem(Struct, frozen=True, kw_only=True):
    """A place that `region` of a workload may name, with the newest factors that hold there."""

    id: str
    name: str
    provider: str | None
    country: str | None
    grid: Annotated[str | None, Meta(description="The zone whose grid feeds it; null where that is not certain.")]
    latitude: float | None
    longitude: float | None
    pue: FactorValue | None
    location: Annotated[FactorValue | None, Meta(description="Carbon intensity, location-based.")]
    residual_mix: Annotated[FactorValue | None, Meta(description="Carbon intensity of what no instrument claims.")]
    upstream: Annotated[FactorValue | None, Meta(description="Upstream emissions of the fuels.")]
    td_loss: Annotated[FactorValue | None, Meta(description="Transmission and distribution losses.")]


class HardwareItem(Struct, frozen=True, kw_only=True):
    """A device or machine that `hardware` of a workload may name."""

    id: str
    kind: HardwareKind
    name: str
    provider: Annotated[str | None, Meta(description="Cloud provider of an instance type.")] = None
    vendor: str | None = None
    aliases: tuple[str, ...] = ()
    form_factor: str | None = None
    vcpus: float | None = None
    memory_gb: float | None = None
    accelerator: Annotated[str | None, Meta(description="Id of the accelerators inside.")] = None
    accelerators: Annotated[float | None, Meta(description="How many of them.")] = None
    tdp_w: Annotated[float | None, Meta(description="Maximum power of the device. [W]")] = None
    tdp_low_w: float | None = None
    tdp_high_w: float | None = None
    embodied_kg_co2e: Annotated[float | None, Meta(description="Whole-life figure of one. [kg CO2e]")]
    embodied_low_kg_co2e: float | None
    embodied_high_kg_co2e: float | None
    grade: Grade
    host_included: Annotated[bool, Meta(description="Whether the figure holds the server around accelerators.")]
    source: Annotated[str, Meta(description="Id of the factor.")]
    boavizta: Annotated[LiveFigure | None, Meta(description="A live BoaviztAPI's figure, where one is asked.")] = None


class RegionPage(Struct, frozen=True, kw_only=True):
    """Some of the regions, by id."""

    items: list[RegionItem]
    next_cursor: str | None


class FactorPage(Struct, frozen=True, kw_only=True):
    """Some of the factors, by id."""

    items: list[Factor]
    next_cursor: str | None


class HardwarePage(Struct, frozen=True, kw_only=True):
    """Some of the hardware, by id."""

    items: list[HardwareItem]
    next_cursor: str | None


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


class Slice(Struct, frozen=True):
    """Which part of a list is asked for."""

    limit: int
    cursor: str | None

    def of(self, items: Sequence[N], wanted: Callable[[N], bool]) -> tuple[list[N], str | None]:
        """The part, and the cursor of the next; no more of the list is looked at than that."""
        begin = bisect_right(items, _after(self.cursor), key=lambda item: item.id) if self.cursor is not None else 0
        found = list(islice(filter(wanted, islice(items, begin, None)), self.limit + 1))
        part = found[: self.limit]
        return part, _cursor(part[-1].id) if len(found) > self.limit else None


class Catalog:
    """Lists made once from the store; regions at their first reading, since their factors must be looked up."""

    def __init__(self, store: FactorStore, resolver: Resolver) -> None:
        self._store = store
        self._resolver = resolver
        self.factors = _by_id(_all_factors(store))
        self.hardware = _by_id(_all_hardware(store))
        self._regions: Sequence[RegionItem] = ()
        self._factor_by_id = {factor.id: factor for factor in self.factors}
        self._hardware_by_id = {item.id.lower(): item for item in self.hardware}

    async def regions(self) -> Sequence[RegionItem]:
        """All regions: of providers, then countries and grid zones that have a factor."""
        if not self._regions:
            places = {place.id: place for place in self._store.tables.places}
            zones = {factor.zone for factor in self._store.tables.factors if factor.kind == "grid_location"}
            names = [*places, *(zone for zone in zones if self._store.zone(zone) == zone)]
            items = [_region(name, places.get(name), await self._resolved(name)) for name in names]
            self._regions = _by_id(items)
        return self._regions

    async def region(self, name: str) -> RegionItem:
        """One region, by the name that a workload may give it.

        Raises:
            Declined: there is none of this name.
        """
        places = self._store.places(name)
        zone = self._store.zone(name)
        if len(places) == 1:
            return _region(places[0].id, places[0], await self._resolved(places[0].id))
        if places or zone is None:
            near = [place.id for place in places] or self._store.nearest_regions(name)
            raise _nothing("region", name, near)
        return _region(zone, None, await self._resolved(zone))

    def factor(self, name: str) -> Factor:
        """One factor by its id.

        Raises:
            Declined: there is none of this id.
        """
        if name not in self._factor_by_id:
            raise Declined("NOT_FOUND", f"there is no factor {name[:64]!r}; /factors lists them")
        return self._factor_by_id[name]

    async def hardware_item(self, name: str) -> HardwareItem:
        """One device or machine by its id, an alias, or an instance's name that only one provider has.

        Where a live hardware source is configured its figure stands beside that of the tables.

        Raises:
            Declined: there is none of this name.
        """
        device = self._store.accelerator(name) or self._store.server(name)
        instances = self._store.instances(name)
        wanted = (
            device.id if device else f"{instances[0].provider}:{instances[0].name}" if len(instances) == 1 else name
        )
        item = self._hardware_by_id.get(wanted.lower())
        if item is None:
            raise _nothing("hardware", name, self._store.nearest_hardware(name))
        live = self._resolver.live
        if live is None:
            return item
        return msgspec.structs.replace(item, boavizta=await live_figure(live, device or instances[0]))

    async def _resolved(self, region: str) -> Resolved:
        return await self._resolver.resolve(Workload(region=region))


def _by_id(items: Iterable[N]) -> Sequence[N]:
    return sorted(items, key=lambda item: item.id)


def _nothing(what: str, name: str, near: Iterable[str]) -> Declined:
    return Declined("NOT_FOUND", f"there is no {what} {name[:64]!r}; the nearest names are {', '.join(near)}")


def _cursor(last: str) -> str:
    """The id after which the next page begins, so that a cursor outlives changes of the list."""
    return last.encode("ascii").hex()


def _after(cursor: str) -> str:
    return bytes.fromhex(cursor).decode("ascii")


def _region(name: str, place: Place | None, resolved: Resolved) -> RegionItem:
    region = resolved.region
    return RegionItem(
        id=name,
        name=region.name if region else name,
        provider=place.provider if place else None,
        country=region.country if region else None,
        grid=(place.grid_zone or None) if place else name,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        pue=_value(resolved.pue) if place else None,
        location=_value(resolved.grid),
        residual_mix=_value(resolved.residual),
        upstream=_value(resolved.upstream),
        td_loss=_value(resolved.td_loss),
    )


def _value(matched: Matched | None) -> FactorValue | None:
    if matched is None:
        return None
    return FactorValue(
        value=matched.value,
        unit=matched.unit,
        year=matched.year,
        grade=matched.grade,
        match=matched.match,
        source=matched.id,
    )


def _all_factors(store: FactorStore) -> Iterator[Factor]:
    tables = store.tables
    yield from tables.factors
    for things in (tables.places, tables.accelerators, tables.instances, tables.components, tables.powers):
        for thing in things:
            yield thing.factor


def _all_hardware(store: FactorStore) -> Iterator[HardwareItem]:
    yield from map(_accelerator_item, store.tables.accelerators)
    yield from map(_instance_item, store.tables.instances)
    yield from (_archetype_item(part) for part in store.tables.components if part.archetype)


def _accelerator_item(device: Accelerator) -> HardwareItem:
    return HardwareItem(
        id=device.id,
        kind="accelerator",
        name=f"{device.vendor} {device.model}",
        vendor=device.vendor,
        aliases=device.aliases,
        form_factor=device.form_factor or None,
        memory_gb=device.memory_gb,
        tdp_w=device.tdp_w,
        tdp_low_w=device.tdp_low_w,
        tdp_high_w=device.tdp_high_w,
        embodied_kg_co2e=device.factor.value,
        embodied_low_kg_co2e=device.factor.low,
        embodied_high_kg_co2e=device.factor.high,
        grade=device.factor.grade,
        host_included=False,
        source=device.factor.id,
    )


def _instance_item(instance: Instance) -> HardwareItem:
    return HardwareItem(
        id=f"{instance.provider}:{instance.name}",
        kind="instance",
        name=instance.name,
        provider=instance.provider,
        aliases=instance.aliases,
        vcpus=instance.vcpus,
        memory_gb=instance.memory_gb,
        accelerator=instance.accelerator or None,
        accelerators=instance.accelerators or None,
        embodied_kg_co2e=instance.factor.value,
        embodied_low_kg_co2e=instance.factor.low,
        embodied_high_kg_co2e=instance.factor.high,
        grade=instance.factor.grade,
        host_included=instance.host_included,
        source=instance.factor.id,
    )


def _archetype_item(part: Component) -> HardwareItem:
    return HardwareItem(
        id=part.id,
        kind="archetype",
        name=part.name,
        aliases=part.aliases,
        accelerator=part.accelerator or None,
        accelerators=part.accelerators or None,
        embodied_kg_co2e=part.factor.value,
        embodied_low_kg_co2e=part.factor.low,
        embodied_high_kg_co2e=part.factor.high,
        grade=part.factor.grade,
        host_included=True,
        source=part.factor.id,
    )
