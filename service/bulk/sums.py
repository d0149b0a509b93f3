"""Sums over the batches of a bill; their order does not matter."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from service.bulk.coefficients import KINDS, WHYS
from service.bulk.kernel import BY_ACTIVITY, BY_COST, Figured
from service.bulk.reading import Array
from service.formats.focus.charges import MOST_COST, REASONS
from service.formats.focus.columns import FIGURES
from service.formats.focus.summary import (
    FocusCurrency,
    FocusEstimated,
    FocusFigures,
    FocusReason,
    FocusSummary,
    FocusTotals,
)
from service.method.fingerprint import METHOD_VERSION
from service.model.currencies import CURRENCIES

_NOT_USAGE = WHYS.index("not_usage")


class _Money:
    """Of one currency."""

    def __init__(self) -> None:
        self.rows = 0
        self.cost: list[float] = []
        self.usage: list[float] = []
        """Absolute amounts, as in the next."""
        self.covered: list[float] = []


class Sums:
    """What was added so far."""

    def __init__(self, factor_set: str) -> None:
        self.rows = 0
        self._factor_set = factor_set
        self._figures: dict[str, list[float]] = {name: [] for name in FIGURES}
        self._kinds: Counter[str] = Counter()
        self._not_estimated: Counter[int] = Counter()
        self._by_spend: Counter[int] = Counter()
        self._money: dict[str, _Money] = {}

    def add(self, figured: Figured) -> None:
        """Count a batch."""
        outcomes, reading = figured.outcomes, figured.reading
        self.rows += figured.batch.num_rows
        for name, values in figured.columns.items():
            if not np.isnan(values).all():
                self._figures[name].append(float(np.nansum(values)))
        by_cost = outcomes.by == BY_COST
        kinds = np.array([KINDS.index(one.charge.kind) for one in figured.coefficients], np.int64)
        self._kinds["spend"] += int(by_cost.sum())
        for place, count in _counted(kinds[reading.of[outcomes.by == BY_ACTIVITY]]):
            self._kinds[KINDS[place]] += count
        self._not_estimated.update(dict(_counted(outcomes.why[outcomes.why > 0])))
        self._by_spend.update(dict(_counted(outcomes.physical[by_cost])))
        self._add_money(figured)

    def _add_money(self, figured: Figured) -> None:
        names = [one.charge.currency if one.charge.currency in CURRENCIES else "other" for one in figured.coefficients]
        known = sorted(set(names))
        of = np.array([known.index(name) for name in names], np.int64)[figured.reading.of]
        cost = np.where(np.abs(figured.reading.cost) <= MOST_COST, figured.reading.cost, 0.0)  # others are no money
        usage = np.where(figured.outcomes.why == _NOT_USAGE, 0.0, np.abs(cost))
        covered = np.where(figured.outcomes.why == 0, usage, 0.0)
        rows = np.bincount(of, minlength=len(known))
        sums = [np.bincount(of, weights=values, minlength=len(known)) for values in (cost, usage, covered)]
        for place, name in enumerate(known):
            money = self._money.setdefault(name, _Money())
            money.rows += int(rows[place])
            for parts, values in zip((money.cost, money.usage, money.covered), sums, strict=True):
                parts.append(float(values[place]))

    def summary(self) -> FocusSummary:
        """All of it."""
        figures = [math.fsum(parts) if parts else None for parts in self._figures.values()]
        _, location, market, upstream_location, upstream_market, embodied, infrastructure, spend = figures
        both = (embodied, infrastructure, spend)
        currencies = [_currency(name, money) for name, money in sorted(self._money.items())]
        return FocusSummary(
            rows=self.rows,
            estimated=FocusEstimated(**{name: self._kinds[name] for name in FocusEstimated.__struct_fields__}),
            covered_cost_share=currencies[0].covered_cost_share if len(currencies) == 1 else None,
            figures=FocusFigures(**dict(zip(FocusFigures.__struct_fields__, figures, strict=True))),
            totals=FocusTotals(
                location_based_kg_co2e=_total(location, upstream_location, *both),
                market_based_kg_co2e=_total(market, upstream_market, *both),
            ),
            not_estimated=_reasons(self._not_estimated),
            by_spend=_reasons(self._by_spend),
            currencies=currencies,
            method_version=METHOD_VERSION,
            factor_set=self._factor_set,
        )


def _counted(places: Array) -> Sequence[tuple[int, int]]:
    counts = np.bincount(places.astype(np.int64))
    return [(place, int(count)) for place, count in enumerate(counts.tolist()) if count]


def _total(*figures: float | None) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return math.fsum(known) if known else None


def _currency(name: str, money: _Money) -> FocusCurrency:
    usage = math.fsum(money.usage)
    return FocusCurrency(
        currency=name,
        rows=money.rows,
        effective_cost=math.fsum(money.cost),
        covered_cost_share=min(1.0, math.fsum(money.covered) / usage) if usage else None,
    )


def _reasons(counted: Counter[int]) -> list[FocusReason]:
    """The most rows first."""
    found = [
        FocusReason(reason=WHYS[place], code=REASONS[WHYS[place]][0], detail=REASONS[WHYS[place]][1], rows=rows)
        for place, rows in counted.items()
        if place and rows
    ]
    return sorted(found, key=lambda one: (-one.rows, one.reason))
