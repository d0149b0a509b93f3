"""One import from its first record to its summary: over HTTP, and by command."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import chain
from time import perf_counter

from msgspec import Struct

from service.batch.exact_sum import ExactSum
from service.batch.running import RunningTotals
from service.batch.sources import SourcesUsed
from service.errors import Fault, Refused
from service.estimator import Estimator
from service.formats.imported import Imported, LeftOut, Record, Unread
from service.http.batch_map import ImportMap
from service.http.import_forms import (
    Broken,
    ImportFeatures,
    ImportForm,
    ImportJson,
    ImportLines,
    ImportRows,
)
from service.http.metrics import Metrics
from service.http.problems import problem_of
from service.http.representations import CSV, GEO_JSON, JSON, KEPLER_GL, NDJSON
from service.model.codes import codes
from service.model.imports import ImportSummary, LeftOutRows
from service.model.resolved import Note, Resolved
from service.model.result import Warn
from service.plans.reading import Reading
from service.plans.tape import Played
from service.resolve import Resolver

SLICE_S = 0.001
"""So long we compute before others have their turn."""
_PIECES = 100
"""Written pieces that make a chunk: some 64 KB."""
_MOST_ROWS = 100
"""Of those left out, the numbers that are told."""

Emit = Callable[[bytes], Awaitable[None]]


class ImportDesk(Struct, frozen=True, kw_only=True):
    """What an import needs of the service."""

    resolver: Resolver
    estimator: Estimator
    metrics: Metrics | None = None


def form_of(media_type: str, estimator: Estimator) -> ImportForm:
    """The form of an answer."""
    if media_type == JSON.media_type:
        return ImportJson(estimator)
    if media_type == NDJSON:
        return ImportLines(estimator)
    forms: dict[str, Callable[[], ImportForm]] = {CSV: ImportRows, GEO_JSON: ImportFeatures, KEPLER_GL: ImportMap}
    return forms[media_type]()


class ImportRun:
    """Estimates records one after another, in slices, writes what became of them, and sums them up."""

    def __init__(self, desk: ImportDesk, form: ImportForm, format_: str, instance: str) -> None:
        self._desk, self._form, self._instance = desk, form, instance
        self._tally = _Tally(format_)
        self._out: list[bytes] = []
        self._looked_up: list[Resolved] = []
        self._codes: list[Sequence[str]] = []
        self._newly_failed = 0
        self._late_at = 0.0

    async def file(self, records: Iterator[Record | None], emit: Emit) -> ImportSummary:
        """Take all records of a file; what is wrong before the first refuses the file, later ends it.

        Raises:
            Refused: the file is none of the format.
        """
        self._late_at = perf_counter() + SLICE_S
        record = await self._first(records)
        self._out.append(self._form.opening())
        while record is not None:
            await self._take(record)
            if len(self._out) >= _PIECES or perf_counter() >= self._late_at:
                await self._hand_over(emit)
                await self._breathe()
            record = await self._next(records)
        return await self._end(emit)

    async def single(self, found: Imported, emit: Emit) -> ImportSummary:
        """Take one record that is the whole body.

        Raises:
            Refused: it has no footprint.
        """
        self._out.append(self._form.opening())
        resolved = await self._desk.resolver.resolve(found.workload)
        self._add(found, resolved)
        return await self._end(emit)

    async def _first(self, records: Iterator[Record | None]) -> Record | None:
        """The first record, however long the reader looks through the file before; nothing of an empty one."""
        for record in records:
            if record is not None:
                return record
            await self._breathe()
        return None

    async def _next(self, records: Iterator[Record | None]) -> Record | None:
        try:
            return await self._first(records)
        except Refused as refused:
            self._tally.complete = False
            self._refuse(Broken(row=None, problem=problem_of(refused.faults, self._instance)))
            return None

    async def _breathe(self) -> None:
        if perf_counter() >= self._late_at:
            await asyncio.sleep(0)
            self._late_at = perf_counter() + SLICE_S

    async def _take(self, record: Record) -> None:
        if isinstance(record, LeftOut):
            self._tally.leave_out(record)
            return
        if isinstance(record, Unread):
            self._refuse(Broken(row=record.row, problem=problem_of([*record.faults], self._instance)))
            return
        try:
            self._add(record, await self._desk.resolver.resolve(record.workload))
        except Refused as refused:
            faults = [Fault(f"/{record.row}{fault.pointer}", fault.code, fault.detail) for fault in refused.faults]
            problem = problem_of(faults, self._instance)
            self._refuse(Broken(row=record.row, problem=problem, found=record, warnings=_warnings(record.notes)))

    def _add(self, found: Imported, resolved: Resolved) -> None:
        warnings = _warnings(found.notes)
        reading, results = self._form.add(self._out, self._tally.index, found, resolved, warnings)
        self._tally.add(reading, results, found, warnings)
        self._looked_up.append(resolved)
        self._codes.append(reading.codes)

    def _refuse(self, broken: Broken) -> None:
        self._form.refuse(self._out, self._tally.index, broken)
        self._tally.failed += 1
        self._newly_failed += 1

    async def _hand_over(self, emit: Emit) -> None:
        self.count()
        block = b"".join(self._out)
        self._out.clear()
        if block:
            await emit(block)

    async def _end(self, emit: Emit) -> ImportSummary:
        summary = self._tally.summary()
        self._out.append(self._form.closing(summary, self._tally.sources.listed()))
        await self._hand_over(emit)
        return summary

    def count(self) -> None:
        """Tell the metrics what was done since it was called last."""
        metrics = self._desk.metrics
        if metrics is not None:
            by_identity = {id(resolved): resolved for resolved in self._looked_up}
            for identity, times in Counter(map(id, self._looked_up)).items():
                metrics.estimate(by_identity[identity], (), times)
            metrics.batch_items(len(self._looked_up), self._newly_failed, chain.from_iterable(self._codes))
        self._looked_up.clear()
        self._codes.clear()
        self._newly_failed = 0


class _Tally:
    """What the records sum to, in memory that does not grow with them."""

    def __init__(self, format_: str) -> None:
        self.failed = 0
        self.complete = True
        self.sources = SourcesUsed()
        self._format = format_
        self._running = RunningTotals()
        self._reported, self._reported_count = ExactSum(), 0
        self._codes: Counter[str] = Counter()
        self._left_out: dict[str, list[int]] = {}
        self._left_out_counts: Counter[str] = Counter()

    @property
    def index(self) -> int:
        """Place of the next result."""
        return self._running.count + self.failed

    def add(self, reading: Reading, results: Played, found: Imported, warnings: Sequence[Warn]) -> None:
        """Take one that was estimated."""
        self._running.add(reading, results)
        self.sources.add(reading.sources_of(results))
        self._codes.update({*reading.codes, *(warning.code for warning in warnings)})
        if found.reported_kg_co2e is not None:
            self._reported.add(found.reported_kg_co2e)
            self._reported_count += 1

    def leave_out(self, record: LeftOut) -> None:
        """Count one that is no workload."""
        self._left_out_counts[record.reason] += 1
        rows = self._left_out.setdefault(record.reason, [])
        if len(rows) < _MOST_ROWS:
            rows.append(record.row)

    def summary(self) -> ImportSummary:
        """The sums so far."""
        estimated = self._running.count
        left_out = [
            LeftOutRows(reason=reason, count=self._left_out_counts[reason], rows=rows)
            for reason, rows in sorted(self._left_out.items())
        ]
        return ImportSummary(
            format=self._format,
            count=self.index,
            failed=self.failed,
            left_out=left_out,
            complete=self.complete,
            totals=self._running.totals,
            reported_kg_co2e=self._reported.value if self._reported_count else None,
            reported_count=self._reported_count,
            energy_kwh=self._running.energy_kwh,
            warnings=sorted(_counted(code, count, estimated) for code, count in self._codes.items()),
        )


def _counted(code: str, count: int, of: int) -> Warn:
    return _warn((code, "/results", f"in {count} of {of}: {codes()[code].message}"))


def _warnings(notes: Sequence[Note]) -> list[Warn]:
    return sorted(map(_warn, notes))


def _warn(note: Note) -> Warn:
    code, pointer, detail = note
    return Warn(code, pointer, "info" if codes()[code].severity == "info" else "warning", detail)
