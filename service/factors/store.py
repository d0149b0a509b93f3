"""The store in memory: names of places and devices, and which row answers for a zone and a year.

A look-up returns the row **and how it matched**; nothing is answered by a name that is merely near.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeVar

from iso3166 import countries_by_alpha2
from msgspec import Struct
from rapidfuzz import fuzz, process

from service.errors import FactorDataInvalid
from service.factors.names import accelerator_key, cpu_key, instance_key
from service.model.factor import Accelerator, Component, Factor, Instance, Match, Place, Power, Tables
from service.model.workload import Fallback

T = TypeVar("T")
V = TypeVar("V")
WORLD = "WORLD"
_REQUIRED = ("pue:default", "memory", "base", "cpu", "ram", "ssd", "hdd")
_LONGEST_NAME = 64
_NEAREST = 3


class Found(Struct, frozen=True, gc=False):
    """A row and how it matched; `why` explains what is not exact."""

    factor: Factor
    match: Match
    earlier_year: bool = False
    coarser: bool = False


class FactorStore:
    """Indexes over the tables; immutable once made.

    Raises:
        FactorDataInvalid: a row is missing that every answer may need.
    """

    def __init__(self, tables: Tables, release: str) -> None:
        _require(tables)
        self.tables = tables
        self.id = "embedded"
        self.version = f"{release}+{tables.content_hash[:12]}"
        self._rows = _rows_by_zone(tables.factors)
        self.first_year, self.newest_year = _years(tables.factors)
        self._zones = {zone.lower(): zone for zone in sorted(_grid_zones(tables))}
        self._places = {place.id: place for place in tables.places}
        self._places_by_code = _grouped((place.code.lower(), place) for place in tables.places)
        self._accelerators = dict(_named_accelerators(tables.accelerators))
        self._instances = _grouped(_named_instances(tables.instances))
        self._servers = dict(_named_archetypes(tables.components))
        self.components: dict[str, Component] = {part.id: part for part in tables.components if not part.archetype}
        self.powers: dict[str, Power] = {power.id: power for power in tables.powers}
        self._power_by_cpu = {cpu_key(model): power for power in tables.powers for model in power.cpu_models}
        self.nearest_regions = _nearest([*self._places, *self._zones.values()])
        accelerators = [device.id for device in tables.accelerators]
        instances = [instance.name for instance in tables.instances]
        servers = [part.id for part in tables.components if part.archetype]
        self.nearest_accelerators = _nearest(accelerators)
        self.nearest_instances = _nearest(instances)
        self.nearest_servers = _nearest(servers)
        self.nearest_hardware = _nearest([*accelerators, *instances, *servers])

    # places

    def places(self, region: str) -> Sequence[Place]:
        """The cloud regions that a name stands for, in any case: one by `provider:region`, several by region alone."""
        name = region.strip().lower()
        place = self._places.get(name)
        return (place,) if place is not None else self._places_by_code.get(name, ())

    def zone(self, region: str) -> str | None:
        """A country or grid zone in its own spelling."""
        return self._zones.get(region.strip().lower())

    def country(self, zone: str) -> str | None:
        """The country of a zone; none for a group of countries."""
        return zone[:2] if zone[:2] in countries_by_alpha2 and zone[2:3] in {"", "-"} else None

    def zone_name(self, zone: str) -> str:
        """A zone in words: its country's name, and the zone's code where it is a part of one."""
        country = countries_by_alpha2.get(zone[:2])
        if country is None:
            return zone
        return country.name if len(zone) == 2 else f"{country.name} ({zone})"  # noqa: PLR2004 - ISO 3166-1

    # rows

    def rows(self, kind: str, zone: str) -> Sequence[Factor]:
        """All rows of one kind for one zone: overlay before store, then newest first."""
        return self._rows.get((kind, zone), ())

    def row(self, kind: str, zone: str, year: int | None) -> Found | None:
        """The row of a zone for a factor year, else its latest earlier one.

        Args:
            kind: of the factor.
            zone: exactly.
            year: factor year; `None` takes the newest default row.
        """
        return self._newest(self.rows(kind, zone), year)

    def row_with_fallback(self, kind: str, zone: str, year: int | None, fallback: Fallback) -> Found | None:
        """The row that answers for a zone: overlay before store, direct before life-cycle, then the finest zone."""
        chain = zone_chain(zone, fallback)
        for overlay in (True, False):
            for life_cycle in (False, True):
                for candidate in chain:
                    rows = [
                        row
                        for row in self.rows(kind, candidate)
                        if row.overlay is overlay and (row.basis == "life_cycle") is life_cycle
                    ]
                    found = self._newest(rows, year)
                    if found is not None:
                        return _in_zone(found, zone, candidate)
        return None

    @staticmethod
    def _newest(rows: Iterable[Factor], year: int | None) -> Found | None:
        for row in rows:
            if row.use == "never" or (year is None and row.use == "dated"):
                continue
            if year is None:
                return Found(row, "exact")
            first_day = date(year, 1, 1)
            if row.valid_from <= first_day:
                earlier = row.valid_to is not None and row.valid_to < first_day
                return Found(row, "earlier_year" if earlier else "exact", earlier_year=earlier)
        return None

    # hardware

    def accelerator(self, name: str) -> Accelerator | None:
        """An accelerator by its id or one of the names that people and tools use."""
        return self._accelerators.get(accelerator_key(name))

    def instances(self, name: str) -> Sequence[Instance]:
        """The instance types of a name: `provider:name`, or the name alone at every provider that has it."""
        provider, colon, bare = name.partition(":")
        found = self._instances.get(instance_key(bare if colon else name), ())
        return tuple(type_ for type_ in found if type_.provider == provider.strip().lower()) if colon else found

    def server(self, name: str) -> Component | None:
        """A server archetype."""
        return self._servers.get(accelerator_key(name))

    def power_of_cpu(self, model: str) -> Power | None:
        """The power row of a processor model, by the name that the table, the maker or the system prints."""
        return self._power_by_cpu.get(cpu_key(model))


def _require(tables: Tables) -> None:
    """Refuse tables without the rows that defaults rest on."""
    known = {row.id for row in tables.powers} | {row.id for row in tables.components}
    known.update(f"pue:{row.zone}" for row in tables.factors if row.kind == "pue")
    missing = [name for name in _REQUIRED if name not in known]
    if missing:
        rows = ", ".join(missing)
        raise FactorDataInvalid([f"the tables lack {rows}; leave power, server_component and cloud_region in"])


def zone_chain(zone: str, fallback: Fallback) -> tuple[str, ...]:
    """The zone, then what may stand in for it."""
    chain = [zone]
    if fallback != "none":
        if "-" in zone:
            chain.append(zone.partition("-")[0])
        if fallback == "world":
            chain.append(WORLD)
    return tuple(chain)


def _in_zone(found: Found, asked: str, zone: str) -> Found:
    if zone != asked:
        match: Match = "world" if zone == WORLD else "coarser_zone"
        return Found(found.factor, match, earlier_year=found.earlier_year, coarser=True)
    if found.factor.basis == "life_cycle":
        return Found(found.factor, "life_cycle_basis", earlier_year=found.earlier_year)
    return found


def _rows_by_zone(factors: Iterable[Factor]) -> dict[tuple[str, str], tuple[Factor, ...]]:
    """By kind and zone: the operator's own rows before the shipped ones, of each the newest first."""
    newest_first = sorted(factors, key=lambda row: (row.overlay, row.valid_from, row.edition, row.id), reverse=True)
    return _grouped(((row.kind, row.zone), row) for row in newest_first)


def _grouped(pairs: Iterable[tuple[T, V]]) -> dict[T, tuple[V, ...]]:
    groups: dict[T, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _years(factors: Iterable[Factor]) -> tuple[int, int]:
    years = [row.valid_from.year for row in factors if row.kind == "grid_location" and row.use != "never"]
    return (min(years), max(years)) if years else (date.min.year, date.max.year)


def _grid_zones(tables: Tables) -> set[str]:
    zones = {row.zone for row in tables.factors if row.kind == "grid_location" and row.zone != WORLD}
    zones.update(place.grid_zone for place in tables.places if place.grid_zone)
    zones.update(countries_by_alpha2)
    return zones


def _named_accelerators(accelerators: Iterable[Accelerator]) -> Iterable[tuple[str, Accelerator]]:
    for device in accelerators:
        for name in (device.id, *device.aliases):
            yield accelerator_key(name), device


def _named_instances(instances: Iterable[Instance]) -> Iterable[tuple[str, Instance]]:
    for instance in instances:
        for key in {instance_key(name) for name in (instance.name, *instance.aliases)}:
            yield key, instance


def _named_archetypes(components: Iterable[Component]) -> Iterable[tuple[str, Component]]:
    for part in components:
        if part.archetype:
            for name in (part.id, part.name, *part.aliases):
                yield accelerator_key(name), part


def _nearest(names: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """A look-up of the nearest names, remembered: for the help in an error, never for an answer."""
    choices = {name: name.lower() for name in names}

    @lru_cache(maxsize=1024)
    def nearest(name: str) -> tuple[str, ...]:
        near = process.extract(name[:_LONGEST_NAME].lower(), choices, scorer=fuzz.ratio, limit=_NEAREST)
        return tuple(key for _, _, key in near)

    return nearest
