"""What a bill emitted where and when: its rows summed by region and month, in memory that does not grow with them.

A sum is two floats, the second of which holds what the first rounds off.
Source: Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen (1974).
"""

import math
from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from service.batch.places import intensities
from service.bulk.kernel import Figured
from service.bulk.reading import NAMES, Array, Context
from service.factors.store import FactorStore
from service.formats.focus.charges import MOST_COST, place_of
from service.formats.focus.columns import FIGURES
from service.model.currencies import CURRENCIES
from service.model.factor import Place

_COLUMNS = (*FIGURES, "priced_kwh", "priced_location", "priced_market", "effective_cost")
"""What is summed. The priced are of rows with Scope 2 by both methods, so that they can be divided by each other; what
a correction takes back counts as what was used, or the two could leave nothing but their rounding to divide."""
_KWH, _LOCATION, _MARKET = FIGURES[:3]
_COUNTED = len(_COLUMNS)
"""Place of the number of rows, behind the sums."""
_CURRENCIES = sorted(CURRENCIES)
_CODES = {name: place for place, name in enumerate(_CURRENCIES)}
_OTHER = len(_CURRENCIES)
"""Place of what is no currency."""
_NOWHERE = ""
"""Stands for the id of a region where a row names none that is known; such rows are one sum, whatever their month."""
_MISSING = (
    ("scope2.location_based", 1),
    ("scope2.market_based", 2),
    ("scope3.fuel_and_energy", 3),
    ("scope3.fuel_and_energy", 4),
    ("scope3.embodied", 5),
    ("scope3.infrastructure", 6),
)
"""Names that a footprint's totals give to what they lack, and the place of its figure in FIGURES."""
_SPEND = FIGURES.index("x_CarbonScope3SpendKgCO2e")
_FIRST_ROOM = 64
_EPOCH_YEAR = 1970
_MONTHS = 12


class BillSum(Struct, frozen=True, gc=False):
    """What some rows add up to. A sum is null where no row has its figure."""

    rows: int
    figures: tuple[float | None, ...]
    """In the order of FIGURES."""
    totals: tuple[float | None, float | None]
    """Location-based and market-based: all of the figures that are there. [kg CO2e]"""
    intensities: tuple[float | None, float | None]
    """Scope 2 of its electricity, by both methods. [kg CO2e/kWh]"""
    missing: tuple[str, ...]
    """Figures that some of the rows have not, so not whole in the sums; money alone stands for all of a row's."""
    effective_cost: float | None
    """Null where it is of several currencies, or of what is none."""
    currency: str | None


class BillPoint(Struct, frozen=True, gc=False):
    """The rows of one region and month."""

    place: Place
    month: str
    amounts: BillSum


class BillPlaces:
    """Takes a bill batch by batch."""

    def __init__(self, store: FactorStore) -> None:
        self._store = store
        self._places: dict[str, Place] = {}
        self._slots: dict[tuple[str, int], int] = {}
        """Row of the next three, by region and month."""
        self._sums = np.zeros((_FIRST_ROOM, 2, len(_COLUMNS)))
        self._counts = np.zeros((_FIRST_ROOM, len(_COLUMNS) + 1), np.int64)
        """How many rows each sum is of."""
        self._currencies = _no_currencies(_FIRST_ROOM)
        self.rows = 0
        self.without_figure = 0
        """Rows that are in no point."""

    def add(self, figured: Figured) -> None:
        """Take a batch."""
        missing = np.isnan(np.array([figured.columns[name] for name in FIGURES]))
        known: Array = np.asarray(~missing.all(axis=0))
        ids = [self._id(context) for context, _ in figured.reading.contexts]
        distinct = sorted(set(ids))
        at = {id_: place for place, id_ in enumerate(distinct)}
        region = np.array([at[id_] for id_ in ids], np.int64)[figured.reading.of]
        rows = np.flatnonzero(known)
        self.rows += len(known)
        self.without_figure += len(known) - len(rows)
        if not len(rows):
            return
        placed = np.array([id_ != _NOWHERE for id_ in distinct])[region[rows]]
        months = np.where(placed, figured.reading.months()[rows], 0)
        first, span = int(months.min()), int(np.ptp(months)) + 1
        found, of = np.unique(region[rows] * span + months - first, return_inverse=True)
        keys = [(distinct[code // span], code % span + first) for code in found.tolist()]
        slots = np.array([self._slots.setdefault(key, len(self._slots)) for key in keys], np.int64)
        self._grow()
        self._pile(slots, of.reshape(-1), figured, rows)

    def points(self) -> Iterator[BillPoint]:
        """The sums, by region and month."""
        for (id_, month), slot in sorted(self._slots.items()):
            if id_ != _NOWHERE:
                year, rest = divmod(month, _MONTHS)
                yield BillPoint(self._places[id_], f"{_EPOCH_YEAR + year:04}-{rest + 1:02}", self._sum_of(slot))

    def without_region(self) -> BillSum | None:
        """The rows with a figure that name no known region, so are in no point; nothing where there are none."""
        slot = self._slots.get((_NOWHERE, 0))
        return self._sum_of(slot) if slot is not None else None

    def _id(self, context: Context) -> str:
        """The region of a context."""
        place = place_of({name: text for name, text in zip(NAMES, context, strict=False) if text}, self._store)
        if place is None:
            return _NOWHERE
        self._places[place.id] = place
        return place.id

    def _grow(self) -> None:
        """Room for all slots, and as much again."""
        if len(self._slots) > len(self._counts):
            more = 2 * len(self._slots) - len(self._counts)
            self._sums = np.concatenate([self._sums, np.zeros((more, *self._sums.shape[1:]))])
            self._counts = np.concatenate([self._counts, np.zeros((more, self._counts.shape[1]), np.int64)])
            self._currencies = np.concatenate([self._currencies, _no_currencies(more)])

    def _pile(self, slots: Array, of: Array, figured: Figured, rows: Array) -> None:
        """Add these rows, of which each belongs to one of the slots."""
        self._counts[slots, _COUNTED] += np.bincount(of, minlength=len(slots))
        for column, values in enumerate(_summed(figured, rows)):
            there = ~np.isnan(values)
            cells = of[there]
            self._counts[slots, column] += np.bincount(cells, minlength=len(slots))
            self._carry(slots, column, np.bincount(cells, weights=values[there], minlength=len(slots)))
        self._take_currencies(slots[of], figured, rows)

    def _take_currencies(self, slots: Array, figured: Figured, rows: Array) -> None:
        """Of rows with a cost, each in its slot."""
        there = ~np.isnan(_cost(figured, rows))
        codes = np.array([_CODES.get(one.charge.currency, _OTHER) for one in figured.coefficients], np.int64)
        codes = codes[figured.reading.of[rows]][there]
        np.minimum.at(self._currencies[:, 0], slots[there], codes)
        np.maximum.at(self._currencies[:, 1], slots[there], codes)

    def _carry(self, slots: Array, column: int, more: Array) -> None:
        before = self._sums[slots, 0, column]
        after = before + more
        lost = np.where(np.abs(before) >= np.abs(more), (before - after) + more, (more - after) + before)
        self._sums[slots, 0, column] = after
        self._sums[slots, 1, column] += lost

    def _sum_of(self, slot: int) -> BillSum:
        counts, parts = self._counts[slot].tolist(), self._sums[slot].T.tolist()
        known = {
            name: pair if count else None for name, pair, count in zip(_COLUMNS, parts, counts[:_COUNTED], strict=True)
        }
        figures = [known[name] for name in FIGURES]
        _, location, market, upstream_location, upstream_market, *both = figures
        by_activity = counts[_COUNTED] - counts[_SPEND]
        lowest, highest = self._currencies[slot].tolist()
        one = lowest == highest != _OTHER
        return BillSum(
            rows=counts[_COUNTED],
            figures=tuple(_sum(pair) for pair in figures),
            totals=(_sum(location, upstream_location, *both), _sum(market, upstream_market, *both)),
            intensities=intensities(
                *(_sum(known[name]) for name in ("priced_kwh", "priced_location", "priced_market"))
            ),
            missing=tuple(dict.fromkeys(name for name, place in _MISSING if counts[place] < by_activity)),
            effective_cost=_sum(known["effective_cost"]) if one else None,
            currency=_CURRENCIES[lowest] if one else None,
        )


def _summed(figured: Figured, rows: Array) -> Iterator[Array]:
    """The columns of these rows as `_COLUMNS` names them; NaN where there is nothing to add."""
    columns = {name: figured.columns[name][rows] for name in FIGURES}
    yield from columns.values()
    priced = ~np.isnan(columns[_KWH] + columns[_LOCATION] + columns[_MARKET])
    for name in (_KWH, _LOCATION, _MARKET):
        yield np.where(priced, np.abs(columns[name]), np.nan)
    yield _cost(figured, rows)


def _cost(figured: Figured, rows: Array) -> Array:
    """Of these rows; NaN where it is no money."""
    cost = figured.reading.cost[rows]
    return np.where(np.abs(cost) <= MOST_COST, cost, np.nan)


def _no_currencies(slots: int) -> Array:
    """The lowest and the highest of none."""
    return np.tile(np.array([_OTHER + 1, -1], np.int64), (slots, 1))


def _sum(*pairs: list[float] | None) -> float | None:
    """Of those that are there."""
    there = [pair for pair in pairs if pair is not None]
    return math.fsum(part for pair in there for part in pair) if there else None
