"""Context → Resolved: which factor applies, and how it matched. Nothing else knows how a factor is chosen.

The context holds no number, id or time of the caller's, so it repeats and its answer is kept.
"""

from typing import TYPE_CHECKING, Any

import msgspec
from cachetools import LRUCache

from service.errors import Fault
from service.factors.store import FactorStore, Found
from service.hardware import HardwareRow, machine_of, named_hardware
from service.matched import matched
from service.method.period import span
from service.model.factor import Place
from service.model.resolved import Component, Matched, Note, Resolved
from service.model.result import Region
from service.model.workload import Fallback, Workload

if TYPE_CHECKING:  # its client takes longer to load than the tables, and most have no live source
    from service.live import Live

YEARS_AHEAD = 2
"""How many years after the newest of the grid table a period may lie."""
_CACHED_CONTEXTS = 4096
_MOST_SPELLINGS = 8192
_CLAIMS = ("carbon_free_share", "provider_market_intensity")
_DEFAULT = "default"
"""Zone of the PUE that holds where no better one is known; the table's check demands its row."""


class Context(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a look-up depends on, and so the key under which its answer is kept."""

    region: str | None
    """A cloud region or a zone, in its own spelling."""
    hardware: str | None
    """Id of the hardware's row."""
    year: int | None
    fallback: Fallback
    provider_claims: bool


class Resolver:
    """Answers contexts from the store and keeps the answers."""

    def __init__(self, store: FactorStore, live: "Live | None" = None) -> None:
        self.store = store
        self.live = live
        self._cache: LRUCache[Context, Resolved] = LRUCache(_CACHED_CONTEXTS)
        self._by_spelling: dict[tuple[Any, ...], tuple[Resolved, HardwareRow | None]] = {}
        """By the caller's own words, which save the look-up of what they stand for."""
        self._components = _components(store)

    @property
    def cached_contexts(self) -> int:
        """How many contexts are kept."""
        return len(self._cache)

    async def resolve(self, workload: Workload) -> Resolved:
        """Look up everything that the workload's context needs.

        What cannot be found stands in `faults`; nothing is raised, so that the caller hears of every fault at once.
        """
        year = self._year(workload)
        spelling = _spelling(workload, year)
        kept = self._by_spelling.get(spelling)
        if kept is None:
            faults: list[Fault] = []
            kept = self._resolved(workload, year, faults)
            if faults:
                return kept[0]
            if len(self._by_spelling) >= _MOST_SPELLINGS:
                self._by_spelling.clear()
            self._by_spelling[spelling] = kept
        known, hardware = kept
        return known if self.live is None else await self.live.over(known, workload.hardware, hardware)

    def _resolved(
        self, workload: Workload, year: int | None, faults: list[Fault]
    ) -> tuple[Resolved, HardwareRow | None]:
        place, zone = self._locate(workload.region, faults)
        provider = place.provider if place is not None else None
        hardware = named_hardware(self.store, workload.hardware, provider, faults)
        context = Context(
            region=place.id if place is not None else zone,
            hardware=hardware.factor.id if hardware is not None else None,
            year=year,
            fallback=workload.factors.fallback,
            provider_claims=workload.market.provider_claims,
        )
        if faults:
            return self._look_up(context, place, zone, hardware, faults), None
        known = self._cache.get(context)
        if known is None:
            known = self._cache[context] = self._look_up(context, place, zone, hardware, faults)
        return known, hardware

    def _look_up(
        self, context: Context, place: Place | None, zone: str | None, hardware: HardwareRow | None, faults: list[Fault]
    ) -> Resolved:
        year, fallback = context.year, context.fallback
        region = _region(self.store, place, zone)
        residual = self._electricity("residual_mix", place, zone, year, fallback)
        pue, pue_note = self._pue(place, year)
        return Resolved(
            region=region,
            provider=place.provider if place is not None else None,
            country=region.country if region is not None else None,
            uncertain_zones=place.alternative_zones if place is not None and not place.grid_zone else (),
            factor_year=year,
            grid=self._electricity("grid_location", place, zone, year, fallback),
            residual=residual,
            residual_reason=self._why_no_residual(zone, year) if residual is None else "",
            upstream=self._electricity("upstream_wtt", place, zone, year, fallback),
            td_loss=self._electricity("td_loss", place, zone, year, fallback),
            pue=pue,
            pue_note=pue_note,
            claim=self._claim(place, year) if context.provider_claims else None,
            claim_left_out=self._claim_left_out(place) if context.provider_claims else "",
            machine=machine_of(self.store, hardware) if hardware is not None else None,
            components=self._components,
            spend_service=self._matched_row("spend", "518210", year),
            spend_hardware=self._matched_row("spend", "334111", year),
            market_groups=self.store.tables.market_groups,
            first_year=self.store.first_year,
            last_year=self.store.newest_year + YEARS_AHEAD,
            factor_set_id=self.store.id,
            factor_set_version=self.store.version,
            faults=tuple(faults),
        )

    def _year(self, workload: Workload) -> int | None:
        """The factor year; a period that is not of the calendar or not of the tables is told of where it is judged."""
        if workload.period is None:
            return None
        try:
            year = span(workload.period).factor_year
        except (ValueError, OverflowError):
            return None
        return year if self.store.first_year <= year <= self.store.newest_year + YEARS_AHEAD else None

    # where

    def _locate(self, region: str | None, faults: list[Fault]) -> tuple[Place | None, str | None]:
        """The cloud region, if it is one, and the zone whose factors hold there."""
        if region is None:
            return None, None
        places = self.store.places(region)
        if len(places) == 1:
            return places[0], places[0].grid_zone or places[0].country
        if places:
            names = ", ".join(place.id for place in places)
            faults.append(Fault("/region", "REGION_AMBIGUOUS", f"{region!r} is a region of several providers: {names}"))
            return None, None
        zone = self.store.zone(region)
        if zone is None:
            nearest = ", ".join(self.store.nearest_regions(region))
            faults.append(
                Fault("/region", "REGION_UNKNOWN", f"{region[:64]!r} is not known; the nearest names are {nearest}")
            )
        return None, zone

    # electricity

    def _electricity(
        self, kind: str, place: Place | None, zone: str | None, year: int | None, fallback: Fallback
    ) -> Matched | None:
        """The factor of one kind: the world only for the grid; in an uncertain grid zone the country's, as coarser."""
        if zone is None:
            return None
        uncertain = place is not None and not place.grid_zone
        if uncertain and fallback == "none":
            return None
        allowed: Fallback = "coarser" if fallback == "world" and kind != "grid_location" else fallback
        found = self.store.row_with_fallback(kind, zone, year, allowed)
        if found is None or found.factor.value is None:
            return None
        if place is None or not uncertain:
            return matched(found, asked=zone, year=year)
        why = f"the grid zone of {place.id} is not certain ({' or '.join(place.alternative_zones)})"
        return matched(
            Found(found.factor, "coarser_zone", earlier_year=found.earlier_year, coarser=True),
            asked=place.id,
            year=year,
            why=why,
        )

    def _why_no_residual(self, zone: str | None, year: int | None) -> str:
        found = self.store.row("residual_mix", zone, year) if zone else None
        if found is None:
            return f"no residual mix is published for {zone}" if zone else "no region was given"
        return found.factor.note

    def _pue(self, place: Place | None, year: int | None) -> tuple[Matched, Note]:
        """The region's PUE, else the provider's fleet value, else the industry's average."""
        zones = (place.id, place.provider, _DEFAULT) if place else (_DEFAULT,)
        zone, found = next((zone, found) for zone in zones if (found := self.store.row("pue", zone, year)) is not None)
        own = place is not None and zone == place.id
        row = matched(found if own else Found(found.factor, "provider_default"), asked=zone, year=year)
        of = "the industry average" if zone == _DEFAULT else f"that of {zone}"
        detail = f"PUE {row.value} was used, {of} ({row.id}); send pue to use a measured one"
        return row, ("PUE_DEFAULTED", "/pue", detail)

    def _claim(self, place: Place | None, year: int | None) -> Matched | None:
        if place is None:
            return None
        for kind in _CLAIMS:
            row = self._matched_row(kind, place.id, year)
            if row is not None:
                return row
        return None

    def _claim_left_out(self, place: Place | None) -> str:
        """A published market factor that may hold offsets: its id, for the reader who let claims serve."""
        rows = self.store.rows(_CLAIMS[1], place.id) if place is not None else ()
        return rows[0].id if rows and rows[0].use == "never" else ""

    def _matched_row(self, kind: str, zone: str, year: int | None) -> Matched | None:
        found = self.store.row(kind, zone, year)
        return matched(found, asked=zone, year=year) if found and found.factor.value is not None else None


def _spelling(workload: Workload, year: int | None) -> tuple[Any, ...]:
    """What the look-up rests on, as the caller wrote it."""
    given = workload.hardware
    hardware = None if given is None else (given.instance, given.accelerator, given.server, given.host)
    return workload.region, hardware, year, workload.factors.fallback, workload.market.provider_claims


def _region(store: FactorStore, place: Place | None, zone: str | None) -> Region | None:
    if zone is None:
        return None
    return Region(
        id=place.id if place else zone,
        name=place.name if place else store.zone_name(zone),
        provider=place.provider if place else None,
        country=place.country if place else store.country(zone),
        grid=zone,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
    )


def _components(store: FactorStore) -> dict[str, Component]:
    return {
        part.id: Component(
            matched=matched(Found(part.factor, "exact"), asked=part.id, year=None),
            included=part.included,
            unit_gb=part.unit_gb,
        )
        for part in store.components.values()
    }
