"""One meter, read sample by sample: its energy, its gaps. Memory does not grow with the samples.

Of the intervals only their lengths are kept, in milliseconds, each once: as many different ones as sum up to the time
that the series covers, a quarter of a million for a year at the very most.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from math import fsum

from msgspec import Struct

from service.errors import DualscopeError, Fault, Refused
from service.formats.imported import Imported, Unread
from service.formats.meter_units import MEASURES, UNITS, Measure, unit_of
from service.method.energy import integrate_power
from service.method.power import JOULES_PER_KWH, counter_increase, gaps_of
from service.model.resolved import Note
from service.model.workload import Energy, Level, Period, Workload

MOST_SERIES = 10_000
"""Of one file."""
HIGHEST = 1e18
"""Of a reading, in its unit: counters run for years."""
_BLOCK = 4096
_US = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE = -(10**18)
_MOST_TAGS = 32
_LONGEST = 256
_FIRST_LABELS = ("instance", "node", "pod", "namespace", "container", "exported_instance", "job")


class OutOfOrder(DualscopeError):
    """A sample is earlier than the one before."""


class SameInstant(DualscopeError):
    """Two samples are of one instant."""


class Options(Struct, frozen=True, kw_only=True):
    """What the caller says of every series."""

    region: str | None = None
    unit: str | None = None
    """Of `meter_units.MEASURES`; else the names say it."""
    level: Level | None = None
    """Goes before what the names say."""
    host_overhead_ratio: float | None = None
    """Of series at the level of components."""


class Meter:
    """One series."""

    __slots__ = (
        "_edge",
        "_first",
        "_instants",
        "_intervals",
        "_last",
        "_latest",
        "_lost",
        "_lost_us",
        "_measure",
        "_missing",
        "_parts",
        "_resets",
        "_values",
        "samples",
    )

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._first = self._last = 0
        self._latest = _BEFORE
        self._instants: list[float] = []
        self._values: list[float] = []
        self._parts: list[float] = []
        self._intervals: Counter[int] = Counter()
        self._edge = self._missing = self._resets = self._lost = self._lost_us = 0
        self.samples = 0

    def add(self, at: int, value: float | None) -> None:
        """Take the next sample.

        Args:
            at: instant. [us since 1970]
            value: in the meter's unit; nothing where there was no reading.

        Raises:
            OutOfOrder: it is earlier than the one before.
            SameInstant: it is of the same instant.
        """
        if at <= self._latest:
            raise SameInstant if at == self._latest else OutOfOrder
        self._latest = at
        if value is None:
            self._missing += 1
            return
        interval = at - self._last
        if not self.samples:
            self._first, self._edge = at, self._missing
        elif self._missing:
            self._lost, self._lost_us = self._lost + 1, self._lost_us + interval
        else:
            self._intervals[round(interval / 1000)] += 1
        self._missing = 0
        self._last = at
        self.samples += 1
        self._instants.append((at - self._first) / _US)
        self._values.append(value)
        if len(self._values) >= _BLOCK:
            self._settle()

    @property
    def kwh(self) -> float:
        """Energy between the first and the last sample. [kWh]"""
        self._settle()
        return fsum(self._parts)

    @property
    def period(self) -> Period:
        """From the first sample to the last."""
        start, end = (_EPOCH + timedelta(microseconds=at) for at in (self._first, self._last))
        return Period(start=_rfc3339(start), end=_rfc3339(end))

    def notes(self, pointer: str) -> list[Note]:
        """Gaps of the readings, and beginnings of the counter."""
        count, length_ms = gaps_of(self._intervals)
        seconds = length_ms / 1000 + self._lost_us / _US
        notes: list[Note] = []
        if count + self._lost:
            how = "the counter went on in them" if self._measure.counter else "power was interpolated across them"
            detail = f"{count + self._lost} gaps of {seconds:g} s together in {self.samples} samples; {how}"
            notes.append(("POWER_SAMPLES_GAP", f"{pointer}/gaps", detail))
        if self._edge + self._missing:
            detail = f"{self._edge + self._missing} samples at its ends are no numbers; the period is without them"
            notes.append(("POWER_SAMPLES_GAP", f"{pointer}/ends", detail))
        if self._resets:
            detail = (
                f"the counter began anew {self._resets} times; what it counted between its last reading and its new "
                "beginning is not known and not counted"
            )
            notes.append(("POWER_SAMPLES_GAP", f"{pointer}/resets", detail))
        return notes

    def _settle(self) -> None:
        """Make the samples energy; the last stays, for the next interval."""
        if self._measure.counter:
            units, resets = counter_increase(self._values)
            self._parts.append(units * self._measure.factor / JOULES_PER_KWH)
            self._resets += resets
        else:
            self._parts.append(integrate_power(self._instants, self._values) * self._measure.factor)
        del self._instants[:-1], self._values[:-1]


class Series(Struct, kw_only=True):
    """A meter with its names, as one workload."""

    number: int
    """Among the series of its file, from 1."""
    name: str
    labels: dict[str, str]
    meter: Meter
    level: Level
    fault: Fault | None = None
    """Why it cannot be read."""

    def result(self, options: Options) -> Imported | Unread:
        """The series as a workload."""
        if self.fault is not None:
            return Unread(row=self.number, faults=(self.fault,))
        if self.meter.samples <= 1:
            detail = f"{self.name[:64]} has {self.meter.samples} samples; energy is between two"
            return Unread(row=self.number, faults=(Fault(f"/{self.number}", "VALUE_INVALID", detail),))
        kwh = self.meter.kwh
        if kwh > 1e12:  # noqa: PLR2004 - as the model bounds it
            detail = f"{self.name[:64]} comes to {kwh:g} kWh: its unit is another"
            return Unread(row=self.number, faults=(Fault(f"/{self.number}", "VALUE_INVALID", detail),))
        tags, notes = _tags(self.labels), self.meter.notes(f"/{self.number}")
        if len(self.labels) > _MOST_TAGS:
            detail = f"it has {len(self.labels)} labels; the first {_MOST_TAGS} are its tags"
            notes.append(("VALUE_INVALID", f"/{self.number}/labels", detail))
        workload = Workload(
            id=self.name[:_LONGEST],
            tags=tags,
            region=options.region,
            period=self.meter.period,
            energy=Energy(kwh=kwh, level=self.level),
            host_overhead_ratio=options.host_overhead_ratio if self.level == "component" else None,
        )
        return Imported(row=self.number, workload=workload, notes=tuple(notes))


def measure_of(name: str, options: Options, pointer: str) -> tuple[Measure, Fault | None]:
    """How the readings of a name become energy, or why that is not known."""
    said, stated = unit_of(name), options.unit
    if said is not None and stated is not None and said != stated:
        detail = f"{name[:128]} says {said}, the parameter unit {stated}; leave unit out, or rename the series"
        return MEASURES[said], Fault(pointer, "VALUE_INVALID", detail)
    unit = stated or said
    if unit is None:
        detail = f"{name[:128]!r} does not say its unit; say by unit= which of {', '.join(UNITS)} it is"
        return MEASURES["watts"], Fault(pointer, "VALUE_INVALID", detail)
    return MEASURES[unit], None


def refused(detail: str) -> Refused:
    """The file is refused, to be raised."""
    return Refused([Fault("", "VALUE_INVALID", detail)])


def _tags(labels: dict[str, str]) -> dict[str, str]:
    """The labels, those first that say where."""
    first = [name for name in _FIRST_LABELS if name in labels]
    names = [*first, *sorted(labels.keys() - set(first))]
    return {name[:_LONGEST]: labels[name][:_LONGEST] for name in names[:_MOST_TAGS] if name}


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
