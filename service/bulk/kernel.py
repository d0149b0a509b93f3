"""RecordBatch in, RecordBatch out: the rows of a FOCUS bill with their figures, in the same order.

Three steps, so that a server can do the first and last beside its other work: `read` takes the batch apart, `Table.of`
looks up the contexts that are new, `figured` joins and multiplies.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec import Struct

from service.bulk.coefficients import KINDS, WHYS, Coefficients, Rates, Table
from service.bulk.reading import Array, Reading, read
from service.formats.focus.charges import MOST, MOST_COST, REASONS, Why
from service.formats.focus.columns import ADDED, BETWEEN, FIGURES
from service.formats.focus.rows import Decision, reason_of
from service.method import embodied, energy
from service.method.embodied import spend_kg_co2e
from service.method.fingerprint import METHOD_VERSION
from service.method.fuel_and_energy import upstream_kg_co2e
from service.method.numeric import where
from service.method.scope2 import electricity_kg_co2e
from service.resolve import Resolver

BY_ACTIVITY, BY_COST = 0, 1
_CODES = {why: code for why, (code, _) in REASONS.items()}
_TEXT = pa.dictionary(pa.int32(), pa.string())
_TYPES = dict.fromkeys(FIGURES, pa.float64()) | {"x_CarbonFactorYear": pa.int32()}
ADDED_FIELDS = [pa.field(name, _TYPES.get(name, _TEXT)) for name in ADDED]


class Outcomes(Struct, frozen=True, gc=False):
    """From what each row is estimated."""

    by: Array
    """`BY_ACTIVITY`, `BY_COST`, or 2: nothing."""
    quantity: Array
    """Machine-hours, TB·h or GB; NaN where the row is not estimated by its activity."""
    cost: Array
    """[USD]; NaN where it is not estimated by its cost."""
    why: Array
    """Place in `WHYS`: why there is no figure."""
    physical: Array
    """Place in `WHYS`: why none of its activity."""


class Figured(Struct, frozen=True, gc=False):
    """A batch with its figures, and what its sums need."""

    batch: pa.RecordBatch
    columns: dict[str, Array]
    outcomes: Outcomes
    reading: Reading
    coefficients: Sequence[Coefficients]


class Kernel:
    """Estimates batches, and keeps what their contexts looked up."""

    def __init__(self, resolver: Resolver) -> None:
        self.table = Table(resolver)
        self.factor_set = f"{resolver.store.id}@{resolver.store.version}"

    async def enriched(self, batch: pa.RecordBatch) -> Figured:
        """All three steps."""
        reading = read(batch)
        return self.figured(batch, reading, await self.table.of(reading.contexts))

    def figured(self, batch: pa.RecordBatch, reading: Reading, coefficients: Sequence[Coefficients]) -> Figured:
        """The batch with the columns added."""
        rates = _joined(reading, coefficients)
        outcomes = _outcomes(reading, rates)
        columns = _columns(outcomes, rates)
        arrays = [pa.array(columns[name], from_pandas=True) for name in FIGURES]
        arrays += _notes(outcomes, reading.of, coefficients)
        arrays += [_constant(text, batch.num_rows) for text in (METHOD_VERSION, self.factor_set)]
        whole = pa.RecordBatch.from_arrays(
            [*batch.columns, *arrays],
            schema=pa.schema([*batch.schema, *ADDED_FIELDS], metadata=batch.schema.metadata),
        )
        return Figured(whole, columns, outcomes, reading, coefficients)


def _joined(reading: Reading, coefficients: Sequence[Coefficients]) -> Any:
    """The rates of each row's context: `Rates`, of columns."""
    table = np.array([one.rates for one in coefficients], np.float64).reshape(len(coefficients), len(Rates._fields))
    return Rates._make(np.ascontiguousarray(table[:, place])[reading.of] for place in range(len(Rates._fields)))


def _outcomes(reading: Reading, rates: Any) -> Outcomes:
    """`decided` of the rows, as columns: what is decided last here outranks what is decided before."""
    by_priced = reading.absent_consumed | np.isnan(rates.per_consumed)
    quantity = where(by_priced, reading.priced * rates.per_priced, reading.consumed * rates.per_consumed)
    missing = by_priced & (reading.absent_priced | np.isnan(rates.per_priced))
    physical = _chosen(rates.why, ("refused", rates.modeled == 0), ("quantity_missing", missing))
    physical = where(rates.kind > 0, physical, rates.why)
    negative = rates.correction == 0
    measured = (rates.kind > 0) & ~missing
    senseless = _chosen(0, ("value_negative", negative & (quantity < 0)), ("value", ~(np.abs(quantity) <= MOST)))
    by_activity = measured & ((senseless > 0) | (rates.modeled > 0))
    why = where(
        by_activity,
        senseless,
        _chosen(
            0,
            (
                "correction_without_quantity",
                (rates.correction > 0) & reading.absent_consumed & reading.absent_priced,
            ),
            ("value_negative", negative & (reading.cost < 0)),
            ("value", ~(np.abs(reading.cost) <= MOST_COST)),
            ("no_cost", reading.absent_cost | (reading.cost == 0)),
            ("currency", rates.in_usd == 0),
        ),
    )
    unused = (rates.committed > 0) & reading.absent_consumed
    why = where(unused, WHYS.index("unused_commitment"), why)
    why = where(rates.covered == 0, WHYS.index("period"), why)
    why = where(rates.closed > 0, rates.why, why).astype(np.int64)
    whole = (rates.closed > 0) | (rates.covered == 0) | unused | by_activity
    by = where(why > 0, 2, where(by_activity, BY_ACTIVITY, BY_COST))
    return Outcomes(
        by=by,
        quantity=where(by == BY_ACTIVITY, quantity, np.nan),
        cost=where(by == BY_COST, reading.cost, np.nan),
        why=why,
        physical=where(whole, 0, physical).astype(np.int64),
    )


def _chosen(otherwise: Array | int, *cases: tuple[Why, Array]) -> Array:
    """The place of the last case that holds."""
    chosen = otherwise
    for why, holds in cases:
        chosen = where(holds, WHYS.index(why), chosen)
    return np.asarray(chosen)


def _columns(outcomes: Outcomes, rates: Any) -> dict[str, Array]:
    """The figures, by the method's own formulas. NaN where nothing could be computed."""
    quantity = outcomes.quantity
    it_kwh = where(
        rates.kind == KINDS.index("machine"),
        energy.reserved_devices_kwh(quantity, rates.coefficient),
        where(
            rates.kind == KINDS.index("storage"),
            energy.storage_kwh(quantity, rates.coefficient, 1.0),
            energy.network_kwh(quantity, rates.coefficient),
        ),
    )
    kwh = energy.facility_energy_kwh(it_kwh, rates.pue)
    values = (
        kwh,
        electricity_kg_co2e(kwh, rates.location),
        electricity_kg_co2e(kwh, rates.market),
        upstream_kg_co2e(kwh, rates.fuel_and_energy_location),
        upstream_kg_co2e(kwh, rates.fuel_and_energy_market),
        embodied.amortized_kg_co2e(rates.embodied, quantity, rates.life_hours, 1.0, 1.0),
        np.full(len(quantity), np.nan),  # FOCUS has no provider's total to divide
        spend_kg_co2e(outcomes.cost, rates.spend),
    )
    return dict(zip(FIGURES, values, strict=True))


# notes


def _notes(outcomes: Outcomes, of: Array, coefficients: Sequence[Coefficients]) -> list[pa.Array]:
    """Texts of each row: few differ, so each is made once and pointed at."""
    zero = outcomes.quantity == 0
    case = ((of * len(WHYS) + outcomes.why) * len(WHYS) + outcomes.physical) * 2 + zero
    found, places = np.unique(case, return_inverse=True)
    lines = [_note(int(one), coefficients) for one in found]
    return [_pointed(list(column), places.reshape(-1)) for column in zip(*lines, strict=True)] if lines else _NO_NOTES


def _note(case: int, coefficients: Sequence[Coefficients]) -> tuple[str | int | None, ...]:
    """Allocation method, grid factor, sources, factor year, grade, reason."""
    case, zero = divmod(case, 2)
    case, physical = divmod(case, len(WHYS))
    of, why = divmod(case, len(WHYS))
    one = coefficients[of]
    decision = Decision(why=WHYS[why], physical=WHYS[physical])
    reasons = reason_of(decision, _CODES | {"refused": one.refused})
    if why:
        return None, None, None, None, None, BETWEEN.join(reasons)
    by_activity = one.charge.kind and not physical and one.worst_grade is not None
    told = one.activity if by_activity else one.money
    return (
        told.allocation_method,
        told.grid_factor,
        told.factor_source,
        told.factor_year,
        one.worst_grade if by_activity and zero else told.grade,
        BETWEEN.join(dict.fromkeys((*reasons, told.reason))) or None,
    )


def _pointed(values: list[str | int | None], places: Array) -> pa.Array:
    if any(isinstance(value, int) for value in values):
        return pa.array(values, pa.int32()).take(pa.array(places))
    known: dict[str | int, int] = {}
    again = [None if value is None else known.setdefault(value, len(known)) for value in values]
    codes = pa.array(again, pa.int32()).take(pa.array(places))
    return pa.DictionaryArray.from_arrays(codes, pa.array(list(known), pa.string()))


def _constant(text: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([text], pa.string()))


_NO_NOTES = [pa.array([], field.type) for field in ADDED_FIELDS[len(FIGURES) : -2]]
