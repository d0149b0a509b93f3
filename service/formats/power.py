"""Power meters as CSV: a time and a reading a row, with a column that names the series; or a column for each series.

Readings are power in watts, integrated by trapezoid, or energy that a counter holds. Rows in the order of time are read
as a stream; others are sorted first, as many as fit. One workload a series.
"""

import math
import re
from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import BinaryIO

from msgspec import Struct

from service.errors import Fault, Refused
from service.formats.imported import Imported, LeftOut, Record, Unread, unread
from service.formats.meter import (
    HIGHEST,
    MOST_SERIES,
    Meter,
    Options,
    OutOfOrder,
    SameInstant,
    Series,
    measure_of,
    refused,
)
from service.formats.meter_units import UNITS, level_of, unit_of
from service.formats.overlapping import INSIDE, check_kinds, inside_others
from service.formats.recognized import refuse_another
from service.formats.sheet import Row, Sheet

NAME = "power"
TIMES = ("time", "timestamp", "at", "datetime", "date_time", "_time", "ts")
"""Names of the column of instants: ISO 8601, or seconds or milliseconds since 1970."""
LABELS = frozenset(
    (
        "series label name device instance node host hostname server pod namespace container job pdu outlet rack "
        "sensor gpu uuid cluster zone metric __name__ _field _measurement"
    ).split()
)
"""Columns that together name a series; they become its tags."""
MOST_SORTED = 2_000_000
"""Samples of a file that is not in the order of time; they are held. [16 bytes each]"""
_SECONDS, _MILLISECONDS = (1e8, 1e11), (1e11, 1e14)
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_ZONED = re.compile(r"(?:[zZ]|UTC|[+-]\d{2}:?\d{2})$", re.ASCII)
_NOT_A_NUMBER = frozenset({"nan", "null", "none", "na", "n/a", "-"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TURN = 256


class _Layout(Struct, frozen=True, kw_only=True):
    """What the columns of a file are."""

    time: str
    readings: tuple[str, ...]
    """One, or one for each series."""
    labels: tuple[str, ...]
    """That name the series, where there is one column of readings."""


class _Sample(Struct, frozen=True, gc=False):
    """One reading."""

    series: Series
    at: int
    value: float | None
    row: int


def read(stream: BinaryIO, options: Options, zone: tzinfo | None = None) -> Iterator[Record | None]:
    """The series of a file, each as a workload, in the order in which they begin.

    Args:
        stream: of the file, in which it may seek.
        options: what the caller says of every series.
        zone: of times that state none; else they are UTC, and flagged.

    Raises:
        Refused: the file is none of this form, or too long to be sorted.
    """
    if options.region is None:
        raise Refused([Fault("", "REGION_UNKNOWN", "say by region= where the meters stand")])
    table = _Table(stream, options, zone)
    try:
        for number, sample in enumerate(table.samples(), start=1):
            if isinstance(sample, Unread):
                yield sample
            else:
                _take(sample)
            if number % _TURN == 0:
                yield None
    except OutOfOrder:
        told = table.rows_read
        stream.seek(0)
        table = _Table(stream, options, zone)
        yield from _sorted(table, told)
    yield from table.results()


def _sorted(table: "_Table", told: int) -> Iterator[Record | None]:
    """Read all samples of a file again, and take them in the order of time.

    Args:
        table: of the file.
        told: the rows up to this one were told where they cannot be read.
    """
    held: dict[int, tuple[Series, array[int], array[float], array[int]]] = {}
    for number, sample in enumerate(table.samples(), start=1):
        if isinstance(sample, Unread):
            if sample.row > told:
                yield sample
        else:
            if number > MOST_SORTED:
                detail = f"it is not in the order of time, and longer than {MOST_SORTED} samples; sort it by time"
                raise refused(detail)
            _, instants, values, rows = held.setdefault(
                sample.series.number, (sample.series, array("q"), array("d"), array("q"))
            )
            instants.append(sample.at)
            values.append(math.nan if sample.value is None else sample.value)
            rows.append(sample.row)
        if number % _TURN == 0:
            yield None
    for series, instants, values, rows in held.values():
        for turn, place in enumerate(sorted(range(len(instants)), key=instants.__getitem__)):
            value = values[place]
            _take(_Sample(series, instants[place], None if math.isnan(value) else value, rows[place]))
            if turn % _TURN == 0:
                yield None


def _take(sample: _Sample) -> None:
    """Add a sample to a series that has no fault yet."""
    series = sample.series
    if series.fault is not None:
        return
    try:
        series.meter.add(sample.at, sample.value)
    except SameInstant:
        detail = f"two samples of {series.name[:64]} are of one instant"
        series.fault = Fault(f"/{sample.row}", "HOURLY_DUPLICATE", detail)


class _Table:
    """A file with its series, as they are met."""

    def __init__(self, stream: BinaryIO, options: Options, zone: tzinfo | None) -> None:
        self._sheet = Sheet(stream, NAME, ())
        self._layout = _layout(self._sheet.header, options)
        self._options = options
        self._zone = zone
        self._assumed = False
        self._series: dict[tuple[str, ...], Series] = {}
        self.rows_read = 0

    def samples(self) -> Iterator[_Sample | Unread]:
        """The readings; in the place of a row that cannot be read stands why."""
        for row in self._sheet.rows():
            if isinstance(row, Refused):
                found = unread(row)
                self.rows_read = found.row
                yield found
                continue
            self.rows_read = row.number
            try:
                present = [column for column in self._layout.readings if column in row.cells]
                at = self._instant(row)
                readings = [(column, _reading(row, column)) for column in present]
            except Refused as wrong:
                yield unread(wrong)
                continue
            for column, value in readings:
                yield _Sample(self._of(row, column), at, value, row.number)

    def results(self) -> Iterator[Record]:
        """What became of each series."""
        listed = [*self._series.values()]
        check_kinds(listed)
        inside = inside_others(listed)
        for series in listed:
            if series.number in inside:
                yield LeftOut(row=series.number, reason=INSIDE)
                continue
            found = series.result(self._options)
            if self._assumed and isinstance(found, Imported):
                detail = (
                    "its times state no zone and were taken as UTC; say where they were read off by tz=Europe/Paris"
                )
                note = ("VALUE_INVALID", f"/{series.number}/{self._layout.time}", detail)
                found = Imported(row=found.row, workload=found.workload, notes=(*found.notes, note))
            yield found

    def _of(self, row: Row, column: str) -> Series:
        """The series of a reading."""
        labels = self._layout.labels
        key = tuple(row.cells.get(label, "") for label in labels) if len(self._layout.readings) == 1 else (column,)
        found = self._series.get(key)
        return found if found is not None else self._new(key, column, f"/{row.number}")

    def _new(self, key: tuple[str, ...], column: str, pointer: str) -> Series:
        number = len(self._series) + 1
        if number > MOST_SERIES:
            raise refused(f"it has more than {MOST_SERIES} series; send several files")
        alone = len(self._layout.readings) == 1
        labels = dict(zip(self._layout.labels, key, strict=True)) if alone else {"series": column}
        labels = {"__name__" if name == "metric" else name: text for name, text in labels.items() if text}
        metric = labels.get("__name__", column)
        measure, fault = measure_of(metric if unit_of(metric) else column, self._options, pointer)
        series = Series(
            number=number,
            name=", ".join(labels.values()) or column,
            labels=labels,
            meter=Meter(measure),
            level=self._options.level or level_of(metric),
            fault=fault,
        )
        self._series[key] = series
        return series

    def _instant(self, row: Row) -> int:
        """Of a row. [us since 1970]"""
        column = self._layout.time
        text = row.cells.get(column, "").strip()
        if not text:
            raise row.wrong(column, "it is empty")
        if _NUMBER.fullmatch(text):
            return _epoch(row, column, float(text))
        moment = row.moment(column) or ""
        try:
            read = datetime.fromisoformat(moment)
        except ValueError:
            raise row.wrong(column, f"{moment!r} is not of the calendar") from None
        if "T" not in moment:
            raise row.wrong(column, f"{moment!r} has no time of the day; write {moment}T00:00:00Z")
        if not _ZONED.search(text):
            self._assumed |= self._zone is None
            read = read.replace(tzinfo=self._zone or UTC)
        past = read.astimezone(UTC) - _EPOCH
        return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def _epoch(row: Row, column: str, number: float) -> int:
    if _SECONDS[0] <= number < _SECONDS[1]:
        return round(number * 1e6)
    if _MILLISECONDS[0] <= number < _MILLISECONDS[1]:
        return round(number * 1e3)
    raise row.wrong(column, f"{number:g} is neither seconds nor milliseconds since 1970")


def _reading(row: Row, column: str) -> float | None:
    """A reading; nothing where the cell says that there was none."""
    text = row.cells[column].strip()
    if text.lower() in _NOT_A_NUMBER:
        return None
    return row.amount(column, highest=HIGHEST)


def _layout(header: Sequence[str], options: Options) -> _Layout:
    """What the columns are, by their names.

    Raises:
        Refused: they do not say it.
    """
    refuse_another(header, NAME)
    lower = {name.lower(): name for name in header}
    times = [lower[name] for name in TIMES if name in lower]
    if not times:
        raise refused(f"power needs a column of instants, named {', '.join(TIMES)}, which the file lacks")
    others = [name for name in header if name != times[0]]
    labels = tuple(name for name in others if name.lower() in LABELS)
    readings = tuple(name for name in others if name not in labels)
    if not readings:
        raise refused("power needs a column of readings, named watts, which the file lacks")
    if labels and len(readings) > 1:
        told = f"beside {', '.join(labels)[:128]} one column holds the readings"
        raise refused(f"{told}; there are {', '.join(readings)[:256]}")
    if not {"metric", "__name__"} & {label.lower() for label in labels}:
        _check_units(readings, options)
    return _Layout(time=times[0], readings=readings, labels=labels)


def _check_units(readings: Sequence[str], options: Options) -> None:
    """All columns say their unit, or none does and the caller says it."""
    silent = [name for name in readings if unit_of(name) is None]
    if not silent or (len(silent) == len(readings) and options.unit is not None):
        return
    name = silent[0][:64]
    known = ", ".join(UNITS)
    if len(silent) < len(readings):
        raise refused(f"the column {name!r} does not say its unit as others do; name it {name}_watts, or take it out")
    raise refused(f"the column {name!r} does not say its unit; name it watts, or say by unit= which of {known} it is")
