"""Contexts → coefficients: what one machine-hour, terabyte-hour, gigabyte or dollar comes to, looked up once each."""

import asyncio
import math
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from service.bulk.reading import NAMES, Context
from service.errors import Refused
from service.formats.focus.charges import REASONS, SPEND_CURRENCY, Charge, Kind, Why, charge_of
from service.formats.focus.figures import Figures, Unit, of_activity, of_cost
from service.model.factor import Grade
from service.model.workload import Period
from service.resolve import YEARS_AHEAD, Resolver

KINDS: tuple[Kind, ...] = ("", "machine", "storage", "network")
WHYS: tuple[Why, ...] = ("", *REASONS)
_MOST = 16384
"""Contexts that are kept; when there are more the table begins anew."""
_LONGEST = 4096
"""Characters of a context that is kept; a longer one is looked up each time."""
_BREATH = 16
"""Contexts that are looked up before others get their turn."""


class Rates(NamedTuple):
    """The numbers of one context, NaN where one is not known: rows of the table that is joined to the bill's."""

    kind: float
    """Place in `KINDS`."""
    why: float
    """Place in `WHYS`: why there is no activity."""
    closed: float
    correction: float
    committed: float
    covered: float
    modeled: float
    in_usd: float
    per_consumed: float
    per_priced: float
    coefficient: float
    """W of a machine, W/TB stored, kWh/GB moved."""
    pue: float
    location: float
    """[kg CO2e/kWh], here and in the next three: of the energy at the facility."""
    market: float
    fuel_and_energy_location: float
    fuel_and_energy_market: float
    embodied: float
    """Whole life of one machine. [kg CO2e]"""
    life_hours: float
    spend: float
    """[kg CO2e/USD]"""


class Coefficients(Struct, frozen=True, gc=False):
    """One context, ready to be joined to its rows."""

    rates: Rates
    charge: Charge
    activity: Figures
    """Texts of a row that its activity is computed from; its numbers are those of one unit."""
    worst_grade: Grade | None
    refused: str
    """Code of why its activity has no model."""
    money: Figures


_NOTHING = Figures()


class Table:
    """The coefficients of the contexts that were met, not more than a bound."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._by_texts: dict[tuple[Context, int], Coefficients] = {}
        self._by_charge: dict[tuple[Charge, int], Coefficients] = {}
        self._by_year: dict[int, Unit | None] = {}

    def __len__(self) -> int:
        return len(self._by_texts)

    async def of(self, contexts: Sequence[tuple[Context, int]]) -> list[Coefficients]:
        """The coefficients of each context; other tasks get their turn meanwhile."""
        if len(self._by_texts) + len(contexts) > _MOST:
            self._by_texts.clear()
        found = []
        fresh = 0
        for key in contexts:
            known = self._by_texts.get(key)
            if known is None:
                known = await self._read(*key)
                if len(self._by_texts) < _MOST and sum(map(len, key[0])) <= _LONGEST:
                    self._by_texts[key] = known
                fresh += 1
                if fresh % _BREATH == 0:
                    await asyncio.sleep(0)
            found.append(known)
        return found

    async def _read(self, context: Context, year: int) -> Coefficients:
        texts = {name: text for name, text in zip(NAMES, context, strict=False) if text}
        charge = charge_of(texts, self.resolver.store, committed=bool(context[-1]))
        key = charge, year
        known = self._by_charge.get(key)
        if known is None:
            if len(self._by_charge) >= _MOST:
                self._by_charge.clear()
            known = self._by_charge[key] = await self._look_up(charge, year)
        return known

    async def _look_up(self, charge: Charge, year: int) -> Coefficients:
        store = self.resolver.store
        whole = Period(start=f"{year:04}-01-01", end=f"{year + 1:04}-01-01")
        covered = store.first_year <= year <= store.newest_year + YEARS_AHEAD
        unit, refused, spent = None, "", None
        if covered and not charge.closed:
            if charge.kind:
                try:
                    unit = await of_activity(charge, whole, 1.0, self.resolver)
                except Refused as error:
                    refused = error.faults[0].code
            if year not in self._by_year:
                self._by_year[year] = await self._spent(whole)
            spent = self._by_year[year]
        return Coefficients(
            rates=_rates(charge, unit, spent, covered=covered, coefficient=self._coefficient(charge, unit)),
            charge=charge,
            activity=unit.figures if unit is not None else _NOTHING,
            worst_grade=unit.worst_grade if unit is not None else None,
            refused=refused,
            money=spent.figures if spent is not None else _NOTHING,
        )

    async def _spent(self, whole: Period) -> Unit:
        return await of_cost(1.0, whole, self.resolver)

    def _coefficient(self, charge: Charge, unit: Unit | None) -> float:
        if unit is None:
            return math.nan
        if charge.machine is not None:
            return (unit.emissions.energy.it_kwh or 0.0) * 1000.0  # of an hour
        return self.resolver.store.powers[charge.medium].factor.value or 0.0


def _rates(charge: Charge, unit: Unit | None, spent: Unit | None, *, covered: bool, coefficient: float) -> Rates:
    figures = unit.figures if unit is not None else _NOTHING
    embodied = unit.emissions.scope3.embodied if unit is not None else None
    kwh = figures.energy_kwh

    def rate(kg: float | None) -> float:
        return math.nan if kg is None or kwh is None else kg / kwh if kwh else 0.0

    return Rates(
        kind=KINDS.index(charge.kind),
        why=WHYS.index(charge.why),
        closed=charge.closed,
        correction=charge.correction,
        committed=charge.committed,
        covered=covered,
        modeled=unit is not None,
        in_usd=charge.currency == SPEND_CURRENCY,
        per_consumed=math.nan if charge.per_consumed is None else charge.per_consumed,
        per_priced=math.nan if charge.per_priced is None else charge.per_priced,
        coefficient=coefficient,
        pue=math.nan if unit is None else unit.emissions.energy.pue or math.nan,
        location=rate(figures.scope2_location),
        market=rate(figures.scope2_market),
        fuel_and_energy_location=rate(figures.fuel_and_energy_location),
        fuel_and_energy_market=rate(figures.fuel_and_energy_market),
        embodied=math.nan if embodied is None or embodied.total_kg_co2e is None else embodied.total_kg_co2e,
        life_hours=math.nan if embodied is None or embodied.lifetime_hours is None else embodied.lifetime_hours,
        spend=math.nan if spent is None or spent.figures.spend is None else spent.figures.spend,
    )
