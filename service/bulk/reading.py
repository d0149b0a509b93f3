"""A record batch taken apart: its distinct contexts, which of them each row is of, and its numbers."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from service.formats.focus.columns import (
    COMMITTED,
    DESCRIPTION,
    DETAILS,
    METERS,
    NUMBERS,
    PERIOD,
    TEXTS,
)
from service.formats.focus.rows import details_of, instant_of, number_of, period_of
from service.method.period import span

Array = np.ndarray[Any, Any]
Context = tuple[str, ...]
"""Texts in the order of `NAMES`, then `1` where the row belongs to a commitment."""
NAMES = (*TEXTS, *(name for names in DETAILS.values() for name in names))
_DENSE = 4
"""Codes up to so many times the rows are counted in an array; above they are sorted."""
_SORTED_FROM = 1 << 20
"""Below so many, codes are always counted in an array."""
_LAST_YEAR = 9999
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = int(np.iinfo(np.int64).min)
_FIRST, _LAST = (int(np.datetime64(day, "us").astype(np.int64)) for day in ("0001-01-02", "9999-12-31"))


class Reading(Struct, frozen=True, gc=False):
    """What a batch holds."""

    contexts: list[tuple[Context, int]]
    """Each once, with its factor year; 0 where its period is none."""
    of: Array
    """Place of each row's context."""
    starts: "Moments"
    """Of the charge periods."""
    consumed: Array
    priced: Array
    cost: Array
    """NaN where no number is; `absent` where that is because the cell is empty."""
    absent_consumed: Array
    absent_priced: Array
    absent_cost: Array

    def months(self) -> Array:
        """The month in which each row's period starts, counted from January 1970; of no meaning without a period."""
        months: Array = self.starts.at.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
        return months[self.starts.codes]


class _Coded(Struct, frozen=True, gc=False):
    """A column as places in a list of its texts."""

    codes: Array
    texts: Sequence[str]


def read(batch: pa.RecordBatch) -> Reading:
    """Take a batch of FOCUS rows apart; a column that is missing is empty."""
    rows = batch.num_rows
    columns = {name: batch.column(index) for index, name in enumerate(batch.schema.names)}
    if not any(name in columns for name in METERS) and DESCRIPTION in columns:
        columns[METERS[0]] = columns[DESCRIPTION]
    coded = [_coded(columns.get(name), rows) for name in TEXTS]
    for name, properties in DETAILS.items():
        coded += _properties(columns.get(name), properties, rows)
    coded.append(_committed(columns, rows))
    starts, ends = (_moments(columns.get(name), rows) for name in PERIOD)
    years = _years(starts, ends)
    codes, first = _distinct([*((one.codes, len(one.texts)) for one in coded), (years, _LAST_YEAR + 1)], rows)
    texts = zip(*([one.texts[code] for code in one.codes[first].tolist()] for one in coded), strict=True)
    contexts = list(zip(texts, years[first].tolist(), strict=True))
    numbers = [_numbers(columns.get(name), rows) for name in NUMBERS]
    return Reading(contexts, codes, starts, *(values for values, _ in numbers), *(absent for _, absent in numbers))


# texts


def _coded(column: pa.Array | None, rows: int) -> _Coded:
    if column is None or pa.types.is_null(column.type):
        return _Coded(np.zeros(rows, np.int64), ("",))
    if not pa.types.is_dictionary(column.type):
        text = column if pa.types.is_string(column.type) else column.cast(pa.large_string())
        column = pc.dictionary_encode(text)
    texts = ["" if text is None else text for text in column.dictionary.to_pylist()]
    codes = pc.fill_null(column.indices, len(texts)) if column.indices.null_count else column.indices
    return _Coded(codes.to_numpy(zero_copy_only=False).astype(np.int64), [*texts, ""])


def _properties(column: pa.Array | None, names: tuple[str, ...], rows: int) -> list[_Coded]:
    """Properties of a JSON text, a map or a struct, each as a column of its own."""
    if column is None:
        return [_coded(None, rows) for _ in names]
    if pa.types.is_map(column.type):
        return [_coded(_text_or_none(pc.map_lookup(column, pa.scalar(name), "first")), rows) for name in names]
    if pa.types.is_struct(column.type):
        held = {field.name for field in column.type}
        return [_coded(_text_or_none(pc.struct_field(column, name)) if name in held else None, rows) for name in names]
    whole = _coded(column, rows)
    found = [details_of(text, names) for text in whole.texts]
    return [_interned(whole.codes, [texts[place] for texts in found]) for place in range(len(names))]


def _text_or_none(column: pa.Array) -> pa.Array | None:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return column if pa.types.is_string(kind) or pa.types.is_large_string(kind) else None


def _interned(codes: Array, texts: Sequence[str]) -> _Coded:
    """The same column with each text once."""
    places: dict[str, int] = {}
    again = np.fromiter((places.setdefault(text, len(places)) for text in texts), np.int64, len(texts))
    return _Coded(again[codes], list(places))


def _committed(columns: dict[str, pa.Array], rows: int) -> _Coded:
    column = columns.get(COMMITTED)
    if column is None or NUMBERS[0] not in columns:
        return _Coded(np.zeros(rows, np.int64), ("",))
    coded = _coded(column, rows)
    return _interned(coded.codes, ["1" if text else "" for text in coded.texts])


# periods


class Moments(Struct, frozen=True, gc=False):
    """A column of times as places in a list of them."""

    codes: Array
    at: Array
    """[µs] of 1970; `_NEVER` where it is no time."""
    years: Array
    text: Callable[[int], str]
    """Of a place."""


def _years(starts: Moments, ends: Moments) -> Array:
    """The factor year of each row; 0 where its period is none. Only those over a year's end need the method's rule."""
    start, end = starts.at[starts.codes], ends.at[ends.codes]
    first, last = starts.years[starts.codes], ends.years[ends.codes]
    sound = (start != _NEVER) & (end != _NEVER) & (start < end)
    years = np.where(sound & (first == last), first, 0)
    apart = np.flatnonzero(sound & (first != last))
    if len(apart):
        pairs = [(starts.codes[apart], len(starts.at)), (ends.codes[apart], len(ends.at))]
        codes, example = _distinct(pairs, len(apart))
        rows_of = apart[example].tolist()
        found = [period_of(starts.text(starts.codes[row]), ends.text(ends.codes[row])) for row in rows_of]
        years[apart] = np.array([span(period).factor_year if period is not None else 0 for period in found])[codes]
    return years


def _moments(column: pa.Array | None, rows: int) -> Moments:
    """Times of no zone are UTC, as FOCUS has them."""
    if column is not None and (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
        encoded = pc.dictionary_encode(column)
        stamps = encoded.dictionary.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
        at = pc.fill_null(stamps, _NEVER).to_numpy(zero_copy_only=False)
        codes = pc.fill_null(encoded.indices, len(at)).to_numpy(zero_copy_only=False).astype(np.int64)
        at = np.append(at, _NEVER)
        at = np.where((at >= _FIRST) & (at < _LAST), at, _NEVER)
        return Moments(codes, at, _calendar_years(at), lambda place: str(np.datetime64(int(at[place]), "us")))
    coded = _coded(column, rows)
    at = np.array([_microseconds(text) for text in coded.texts], np.int64)
    return Moments(coded.codes, at, _calendar_years(at), lambda place: coded.texts[place])


def _calendar_years(at: Array) -> Array:
    years: Array = at.astype("datetime64[us]").astype("datetime64[Y]").astype(np.int64) + _EPOCH.year
    return years


@lru_cache(maxsize=8192)
def _microseconds(text: str) -> int:
    moment = instant_of(text)
    return _NEVER if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


# numbers


def _numbers(column: pa.Array | None, rows: int) -> tuple[Array, Array]:
    """Values, NaN where there is none, and where that is because the cell is empty."""
    if column is None or pa.types.is_null(column.type):
        return np.full(rows, math.nan), np.ones(rows, bool)
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        values = column.cast(pa.float64(), safe=False)
        absent = column.is_null().to_numpy(zero_copy_only=False)
    elif (values := _plain_numbers(column)) is not None:
        absent = column.is_null().to_numpy(zero_copy_only=False)
    else:
        coded = _coded(column, rows)
        found = [number_of(text) for text in coded.texts]
        nothing = np.array([number is None for number in found])
        return np.array([math.nan if number is None else number for number in found])[coded.codes], nothing[coded.codes]
    return values.to_numpy(zero_copy_only=False), absent


def _plain_numbers(column: pa.Array) -> pa.Array | None:
    """Texts as numbers where all of them are such; nothing where one has to be looked at."""
    if not pa.types.is_string(column.type):
        return None
    try:
        return column.cast(pa.float64())
    except pa.ArrowInvalid:
        return None


# distinct


def _distinct(columns: Sequence[tuple[Array, int]], rows: int) -> tuple[Array, Array]:
    """Which of the distinct combinations each row has, and a row of each combination.

    Args:
        columns: codes, and how many different ones there may be.
        rows: how many.
    """
    codes, size = np.zeros(rows, np.int64), 1
    for column, many in columns:
        if many > 1:
            codes, size = codes * many + column, size * many
            if size > _DENSE * rows:
                codes, size = _compressed(codes, size, rows)
    codes, size = _compressed(codes, size, rows)
    first = np.zeros(size, np.int64)
    first[codes[::-1]] = np.arange(rows - 1, -1, -1)
    return codes, first


def _compressed(codes: Array, size: int, rows: int) -> tuple[Array, int]:
    """The codes without gaps, in the same order."""
    if size > max(_DENSE * rows, _SORTED_FROM):
        found, places = np.unique(codes, return_inverse=True)
        return places.reshape(-1), len(found)
    there = np.zeros(size, bool)
    there[codes] = True
    found = np.flatnonzero(there)
    places = np.empty(size, np.int64)  # of what is there: the rest is never asked for
    places[found] = np.arange(len(found))
    return places[codes], len(found)
