"""Prometheus: the answer of `query_range`, a matrix of power in watts or of energy in joules that a counter holds.

One workload a series. A counter's energy is the sum of its increases: a reading below the one before says that the
counter began anew at 0, as in Prometheus' `increase()`, but nothing is extrapolated beyond the samples. `NaN` is a gap.
"""

import math
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from service.errors import Fault, Refused
from service.formats.elements import JsonText
from service.formats.imported import LeftOut, Record
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
from service.formats.meter_units import level_of
from service.formats.overlapping import INSIDE, check_kinds, inside_others
from service.formats.recognized import refuse_another

FIELDS = {  # theirs -> ours
    "metric.__name__": "unit and level, and tags.__name__",
    "metric": "tags, id",
    "values": "energy.kwh, period",  # [seconds, "reading"]
}
IGNORED = {"stats warnings infos": "of the query", "resultType": "checked"}
NAME = "prometheus"
HOW = "curl 'http://PROMETHEUS/api/v1/query_range?query=kepler_node_cpu_watts&start=…&end=…&step=60s'"
_SHAPE = "a series of a matrix is {metric, values}"
_TURN = 256
_MOST_NAMES = 64
"""Of fields that are remembered, to say what a file is that is no answer of Prometheus."""
_SAMPLE = re.compile(r'\s*\[\s*((?:0|[1-9]\d{0,18})(?:\.\d{1,9})?)\s*,\s*"([\w.+-]{1,64})"\s*\]\s*,', re.ASCII)
"""One as Prometheus writes it."""
_YEARS = (0.0, 7.3e9)
"""Instants from 1970 to 2200. [s]"""


def read(stream: BinaryIO, options: Options) -> Iterator[Record | None]:
    """The series of an answer, each as a workload, in its order.

    Raises:
        Refused: it is no matrix, or its series measure the same energy.
    """
    if options.region is None:
        raise Refused([Fault("", "REGION_UNKNOWN", "say by region= where the meters stand")])
    series: list[Series] = []
    for found in _Matrix(JsonText(stream, NAME), options).series():
        if found is not None:
            series.append(found)
            if len(series) > MOST_SERIES:
                raise refused(f"it has more than {MOST_SERIES} series; sum them up in the query, or send several files")
        yield None
    check_kinds(series)
    inside = inside_others(series)
    for one in series:
        yield LeftOut(row=one.number, reason=INSIDE) if one.number in inside else one.result(options)


class _Matrix:
    """Pulls the samples out of the text, one at a time."""

    def __init__(self, text: JsonText, options: Options) -> None:
        self._text = text
        self._options = options
        self._number = 0
        self._is_matrix = False

    def series(self) -> Iterator[Series | None]:
        """The series; nothing now and then, while one is read."""
        if self._text.next_mark() != "{":
            raise refused(f"this is no answer of Prometheus; send that of {HOW}")
        names: set[str] = set()
        for name in self._members():
            if len(names) < _MOST_NAMES:
                names.add(name)
            if name == "data" and self._text.next_mark() == "{":
                yield from self._data()
            else:
                value = self._text.value()
                if name == "error":
                    raise refused(f"Prometheus answered an error: {str(value)[:256]}")
        if self._text.next_mark():
            raise self._text.wrong("something stands behind its end")
        if not self._is_matrix:
            refuse_another(names, NAME)
            raise refused(f"this is no answer of Prometheus with data; send that of {HOW}")

    def _data(self) -> Iterator[Series | None]:
        for name in self._members():
            if name == "result" and self._text.next_mark() == "[":
                for _ in self._items():
                    yield from self._one()
                self._is_matrix = True
            elif name == "resultType":
                _check_type(self._text.value())
            else:
                self._text.value()

    def _one(self) -> Iterator[Series | None]:
        """One series."""
        if self._text.next_mark() != "{":
            raise refused(_SHAPE)
        self._number += 1
        series: Series | None = None
        for name in self._members():
            if name == "metric":
                series = self._named(self._text.value())
            elif name == "values" and series is None:
                raise refused("metric must stand before values, as Prometheus writes it")
            elif name == "values" and series is not None and self._text.next_mark() == "[":
                yield from self._values(series)
            else:
                self._other(name, series)
        if series is None:
            raise refused(_SHAPE)
        yield series

    def _values(self, series: Series) -> Iterator[None]:
        """Its samples; nothing now and then, so that others may have their turn."""
        place = 0
        for _ in self._items():
            for sample in self._text.run(_SAMPLE):
                self._take(series, [float(sample[1]), sample[2]], place)
                place += 1
                if place % _TURN == 0:
                    yield None
            self._take(series, self._text.value(), place)
            place += 1
            yield None

    def _other(self, name: str, series: Series | None) -> None:
        """A member of a series that is no reading."""
        self._text.value()
        if name == "value":
            _check_type("vector")
        if name == "histograms" and series is not None:
            series.fault = Fault(f"/{self._number}", "VALUE_INVALID", "histograms are no readings of a meter")

    def _named(self, metric: Any) -> Series:
        if not isinstance(metric, dict) or not all(isinstance(text, str) for text in metric.values()):
            raise refused("the metric of a series is an object of strings")
        name = metric.get("__name__", "")
        labels = ", ".join(f'{label}="{text}"' for label, text in metric.items() if label != "__name__")
        measure, fault = measure_of(name, self._options, f"/{self._number}/metric")
        said = f"{name}{{{labels}}}" if labels or not name else name
        return Series(
            number=self._number,
            name=said,
            labels=metric,
            meter=Meter(measure),
            level=self._options.level or level_of(name),
            fault=fault,
        )

    def _take(self, series: Series, sample: Any, place: int) -> None:
        """Add a sample to a series that has no fault yet."""
        if series.fault is not None:
            return
        where = f"/{series.number}/values/{place}"
        reading = _reading(sample)
        if isinstance(reading, str):
            series.fault = Fault(where, "VALUE_INVALID", reading)
            return
        try:
            series.meter.add(*reading)
        except SameInstant:
            series.fault = Fault(where, "HOURLY_DUPLICATE", "two samples are of one instant")
        except OutOfOrder:
            series.fault = Fault(where, "VALUE_INVALID", "it is earlier than the sample before; Prometheus sorts them")

    def _members(self) -> Iterator[str]:
        """Names of an object; who asks takes each value."""
        self._text.skip()
        if self._text.next_mark() == "}":
            self._text.skip()
            return
        while True:
            name = self._text.value()
            if not isinstance(name, str) or self._text.next_mark() != ":":
                raise self._text.wrong("an object has names in quotes, each with a colon; the file may be cut off")
            self._text.skip()
            yield name
            if self._went_on("}"):
                return

    def _items(self) -> Iterator[None]:
        """Places of a list; who asks takes each value."""
        self._text.skip()
        if self._text.next_mark() == "]":
            self._text.skip()
            return
        while True:
            yield
            if self._went_on("]"):
                return

    def _went_on(self, end: str) -> bool:
        """Take the comma, or the end."""
        mark = self._text.next_mark()
        if mark not in {",", end}:
            raise self._text.wrong(f"a comma or {end} must follow; the file may be cut off")
        self._text.skip()
        return mark == end


def _reading(sample: Any) -> tuple[int, float | None] | str:
    """Instant [us] and reading of a sample, or what is wrong with it."""
    if not isinstance(sample, list) or [*map(type, sample[1:])] != [str] or type(sample[0]) not in (int, float):
        return 'a sample is [seconds, "reading"]'
    seconds, text = sample
    if not _YEARS[0] <= seconds <= _YEARS[1]:
        return f"{seconds} is no instant in seconds since 1970"
    at = round(seconds * 1000) * 1000  # Prometheus keeps milliseconds
    try:
        value = float(text)
    except ValueError:
        return f"{text[:32]!r} is no number"
    if math.isnan(value):
        return at, None
    if not 0 <= value <= HIGHEST:
        return f"{text[:32]} is not between 0 and {HIGHEST:g}"
    return at, value


def _check_type(kind: object) -> None:
    if kind == "matrix":
        return
    if kind in ("vector", "scalar"):
        raise refused(f"this is an instant query ({kind}): one sample is no energy; send a range, {HOW}")
    raise refused(f"a resultType of {str(kind)[:32]!r} has no series; send a matrix, {HOW}")
