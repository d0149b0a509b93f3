"""What sums over many answers need of one: its totals, its energy, its sources, its codes; numbers by their place."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from msgspec import Raw, Struct
from msgspec.structs import replace

from service.method.uncertainty import scored
from service.model.result import Emissions, Figure, Source, Total
from service.plans.tape import Number, Played

OF_TOTAL = ("kg_co2e", "low_kg_co2e", "high_kg_co2e", "primary_data_share")
PER_TOTAL = len(OF_TOTAL) + 1
"""Numbers that sums take of a total: these, and the sum of its figures times the score of their grade."""
SUMMED = 2 * PER_TOTAL + 1
"""Those of the location-based total, of the market-based, then the facility kWh."""


class Reading(Struct, frozen=True, gc=False):
    """How to read the results of a run; what is the same in every run stands here itself."""

    location_based: Total
    """Its numbers are those of one run; grades and what is missing are those of all."""
    market_based: Total
    has_energy: bool
    summed: Callable[[Played], Sequence[float]]
    """The `SUMMED` numbers of one run; 0 kWh where it has no energy."""
    sources: Sequence[Source | Raw]
    source_places: tuple[tuple[int, int], ...]
    """Of the caller's own factors: place in the list, and where the value stands."""
    codes: tuple[str, ...]

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
    """How to read an answer; without `places` it has no numbers of a tape, and all is read from it.

    Args:
        emissions: the answer, with floats or with numbers of a tape.
        places: of a number's name among the results.
    """
    known = places or {}
    totals, kwh = emissions.totals, emissions.energy.facility_kwh
    numbers: list[Any] = []
    for total, score in zip((totals.location_based, totals.market_based), scores_of(emissions), strict=True):
        numbers += [*(getattr(total, name) for name in OF_TOTAL), score]
    sources = emissions.sources or ()
    values = [(i, _place(source.value, known)) for i, source in enumerate(sources) if isinstance(source, Source)]
    return Reading(
        location_based=totals.location_based,
        market_based=totals.market_based,
        has_energy=kwh is not None,
        summed=_picked([*numbers, 0.0 if kwh is None else kwh], known),
        sources=sources,
        source_places=tuple((index, place) for index, place in values if place is not None),
        codes=tuple(warning.code for warning in emissions.warnings),
    )


def scores_of(emissions: Emissions) -> tuple[Any, Any]:
    """Of each total, its figures times the score of their grade, summed; on a tape, if they are. [kg CO2e]"""
    scope2, scope3, energy = emissions.scope2, emissions.scope3, emissions.scope3.fuel_and_energy
    rest = (scope3.embodied, scope3.infrastructure, scope3.spend_based)
    return (
        _score((scope2.location_based, energy.location_based if energy is not None else None, *rest)),
        _score((scope2.market_based, energy.market_based if energy is not None else None, *rest)),
    )


def _score(figures: Sequence[Figure | None]) -> Any:
    known = [figure for figure in figures if figure is not None]
    return scored([figure.kg_co2e for figure in known], [figure.grade for figure in known])


def _picked(numbers: Sequence[Any], known: Mapping[str, int]) -> Callable[[Played], Sequence[float]]:
    places = [_place(number, known) for number in numbers]
    if None not in places:
        return itemgetter(*places)
    ways = [(number, place) for number, place in zip(numbers, places, strict=True)]
    return lambda results: [number if place is None else results[place] for number, place in ways]


def _place(value: Any, known: Mapping[str, int]) -> int | None:
    return known[value.name] if isinstance(value, Number) else None
