"""What sums over many answers need of one: its totals, its energy, its sources, its codes; numbers by their place."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Raw, Struct
from msgspec.structs import replace

from service.model.result import Emissions, Source, Total, Totals
from service.plans.tape import Number, Played

Places = tuple[tuple[str, int], ...]
"""Field, and where its number stands among the results."""
_OF_TOTAL = ("kg_co2e", "low_kg_co2e", "high_kg_co2e", "primary_data_share")


class Reading(Struct, frozen=True, gc=False):
    """Where to read in the results of a run; what is the same in every run stands here itself."""

    location_based: Total
    location_places: Places
    market_based: Total
    market_places: Places
    facility_kwh: float | None
    facility_place: int | None
    sources: Sequence[Source | Raw]
    source_places: tuple[tuple[int, int], ...]
    """Of the caller's own factors: place in the list, and where the value stands."""
    codes: tuple[str, ...]

    def totals_of(self, results: Played) -> Totals:
        """Both totals of one run."""
        return Totals(
            location_based=_filled(self.location_based, self.location_places, results),
            market_based=_filled(self.market_based, self.market_places, results),
        )

    def facility_kwh_of(self, results: Played) -> float | None:
        """The facility energy of one run. [kWh]"""
        return self.facility_kwh if self.facility_place is None else results[self.facility_place]

    def sources_of(self, results: Played) -> Sequence[Source | Raw]:
        """The factors that one run used; the same list where none is the caller's own."""
        if not self.source_places:
            return self.sources
        sources = list(self.sources)
        for index, place in self.source_places:
            own: Any = sources[index]
            sources[index] = replace(own, value=results[place])
        return sources


def reading(emissions: Emissions, places: Mapping[str, int] | None = None) -> Reading:
    """Where to read the numbers of an answer; without `places` it has none of a tape, and all is read from it.

    Args:
        emissions: the answer, with floats or with numbers of a tape.
        places: of a number's name among the results.
    """
    known = places or {}
    totals, kwh = emissions.totals, emissions.energy.facility_kwh
    sources = emissions.sources or ()
    values = [(i, _place(source.value, known)) for i, source in enumerate(sources) if isinstance(source, Source)]
    return Reading(
        location_based=totals.location_based,
        location_places=_places(totals.location_based, known),
        market_based=totals.market_based,
        market_places=_places(totals.market_based, known),
        facility_kwh=kwh,
        facility_place=_place(kwh, known),
        sources=sources,
        source_places=tuple((index, place) for index, place in values if place is not None),
        codes=tuple(warning.code for warning in emissions.warnings),
    )


def _places(total: Total, known: Mapping[str, int]) -> Places:
    fields = ((name, _place(getattr(total, name), known)) for name in _OF_TOTAL)
    return tuple((name, place) for name, place in fields if place is not None)


def _place(value: Any, known: Mapping[str, int]) -> int | None:
    return known[value.name] if isinstance(value, Number) else None


def _filled(total: Total, places: Places, results: Played) -> Total:
    return replace(total, **{name: results[place] for name, place in places}) if places else total
