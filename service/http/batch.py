"""`POST /emissions/batch`: many workloads in, their footprints and sums out, sent while they are made."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import chain
from time import perf_counter

from litestar.di import NamedDependency
from msgspec import Raw, Struct
from msgspec.structs import replace

from service.batch.defaults import Defaults, faults_of_defaults
from service.batch.groups import faults_of_grouping
from service.batch.summary import Tally
from service.errors import Fault, Refused
from service.estimator import Estimator
from service.http.batch_forms import BatchEmissions, BatchResult, FeaturesForm, Form, JsonForm, LinesForm, RowsForm
from service.http.batch_map import MapForm
from service.http.batch_report import HtmlForm, MarkdownForm
from service.http.calls import Conversation, conversing, media_type
from service.http.decoding import StrictDecoder
from service.http.documents import problems
from service.http.lines import Lines
from service.http.metrics import Metrics
from service.http.problems import Declined, problem_of
from service.http.reports import HEADERS, ready
from service.http.representations import CSV, GEO_JSON, HTML, JSON, KEPLER_GL, MARKDOWN, NDJSON, Representation, chosen
from service.http.spool import Spool, SpoolSize
from service.http.streaming import Outlet, arriving, beside, leaving
from service.http.tables import emissions_csv
from service.model.batch import MOST_WORKLOADS, Batch, Envelope
from service.model.resolved import Resolved
from service.model.workload import Workload
from service.resolve import Resolver

_SLICE_S = 0.001
"""So long we compute before others have their turn."""
_TOGETHER = 10
"""Workloads whose answers make a chunk: some 64 KB."""
_COUNTED_TOGETHER = 256
_WAY_OUT = "send the workloads as application/x-ndjson, one a line, or in several requests"
_JSON_TYPE = b"application/json"
_LINE_TYPES = (b"application/x-ndjson", b"application/ndjson", b"application/jsonl")
_LINES = Representation(NDJSON, JSON.render)
_STREAMED = (
    _LINES,
    Representation(CSV, emissions_csv),
    Representation(GEO_JSON, JSON.render),
    Representation(KEPLER_GL, JSON.render),
)
_REPORTS = (Representation(MARKDOWN, JSON.render), Representation(HTML, JSON.render, HEADERS))
"""Of a JSON body: they tell sums, which lines have none of."""
_FORMS: dict[str, Callable[[], Form]] = {CSV: RowsForm, GEO_JSON: FeaturesForm, KEPLER_GL: MapForm}
_WORKLOAD, _ENVELOPE = StrictDecoder(Workload), StrictDecoder(Envelope)


class BatchLimits(Struct, frozen=True, kw_only=True):
    """Of uploads of lines."""

    line_bytes: int
    spool: SpoolSize
    patience_s: float


@conversing(
    "/emissions/batch",
    operation_id="estimate_batch",
    summary="Estimate many workloads",
    tags=["emissions"],
    takes={JSON.media_type: Batch, NDJSON: Workload},
    representations=(JSON, *_STREAMED, *_REPORTS),
    gives={JSON.media_type: BatchEmissions, NDJSON: BatchResult},
    responses=problems(400, 406, 413, 415, 422),
)
async def estimate_batch(
    conversation: NamedDependency[Conversation],
    resolver: NamedDependency[Resolver],
    estimator: NamedDependency[Estimator],
    metrics: NamedDependency[Metrics],
    batch_limits: NamedDependency[BatchLimits],
) -> None:
    """Estimate many workloads; one that has a problem never spoils the others.

    As JSON: at most 10,000, with their sums, sources once, status 200 whatever became of each. As lines
    (`application/x-ndjson`, one workload a line of at most 1 MiB): without limit, in bounded memory, each answer line
    with its own sources; answers begin while the upload still runs, and may be read after it. Every answer is sent
    while it is made: what goes wrong by then breaks the transfer off, so that one which ends properly is whole.

    GeoJSON and CSV have a point or row for each workload; `application/vnd.kepler.gl+json` is a saved map for
    kepler.gl, with one point for the sums of each region and month. HTML and Markdown are reports to print or file:
    sums, groups, problems and the first 1,000 workloads; of lines there are none (406).
    """
    desk = _Desk(resolver, estimator, metrics, batch_limits)
    if media_type(conversation.headers, (_JSON_TYPE, *_LINE_TYPES)) == _JSON_TYPE:
        await _whole(conversation, desk)
    else:
        await _by_lines(conversation, desk)


class _Desk(Struct, frozen=True):
    """What workloads are worked on with."""

    resolver: Resolver
    estimator: Estimator
    metrics: Metrics
    limits: BatchLimits


async def _whole(conversation: Conversation, desk: _Desk) -> None:
    """A JSON body: read to its end, then answered in pieces."""
    offer = chosen((JSON, *_STREAMED, *_REPORTS), conversation.accept)
    envelope, shared = _opened(await conversation.body(_WAY_OUT))
    tally = Tally(envelope.group_by or (), shared.workload if shared is not None else None)
    form = await _summing(offer, desk, tally, envelope.group_by or ())
    outlet = Outlet(conversation.send, form.media_type, desk.limits.patience_s, offer.headers)
    work = _Work(desk, form, conversation.instance, shared, in_body=True)

    async def answer() -> None:
        await work.each(envelope.workloads, outlet.send)
        await outlet.finish(await work.end())

    try:
        await beside(answer(), leaving(conversation.receive, outlet), outlet.patience())
    finally:
        work.count()


async def _by_lines(conversation: Conversation, desk: _Desk) -> None:
    """Lines: answered while they come in, and kept for a caller that reads later."""
    form = _form(chosen(_STREAMED, conversation.accept), desk)
    outlet = Outlet(conversation.send, form.media_type, desk.limits.patience_s)
    work, spool = _Work(desk, form, conversation.instance), Spool(desk.limits.spool)

    async def answer() -> None:
        lines = Lines(desk.limits.line_bytes).cut(arriving(conversation.receive, outlet))
        async for some in lines:
            await work.each(some, spool.put)
            await work.hand_over(spool.put)
        await spool.put(await work.end())
        spool.end()
        await leaving(conversation.receive, outlet)

    async def deliver() -> None:
        while (block := await spool.get()) is not None:
            await outlet.send(block)
            await asyncio.sleep(0)  # lets a caller be noticed that went away
        await outlet.finish()

    try:
        await beside(deliver(), answer(), outlet.patience())
    finally:
        work.count()
        spool.close()


async def _summing(offer: Representation, desk: _Desk, tally: Tally, dimensions: Sequence[str]) -> Form:
    """Writes an answer to a JSON body, of which there are sums."""
    if offer is JSON:
        return JsonForm(desk.estimator, tally)
    if offer not in _REPORTS:
        return _form(offer, desk)
    if offer.media_type == MARKDOWN:
        return MarkdownForm(desk.estimator, tally, dimensions)
    await ready()
    return HtmlForm(desk.estimator, tally, dimensions)


def _form(offer: Representation, desk: _Desk) -> Form:
    if offer is _LINES:
        return LinesForm(desk.estimator)
    return _FORMS[offer.media_type]()


def _with_bad_items(body: bytes, refused: Refused) -> Envelope:
    """The body where only workloads keep it from being JSON, with a NaN as Python writes it: these then have a problem.

    Raises:
        Refused: something else is wrong.
    """
    try:
        read = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise refused from None
    if not isinstance(read, dict) or not isinstance(read.get("workloads"), list):
        raise refused
    outside = _ENVELOPE.decode(json.dumps(read | {"workloads": []}).encode())
    return replace(outside, workloads=[Raw(json.dumps(item).encode()) for item in read["workloads"]])


def _opened(body: bytes) -> tuple[Envelope, Defaults | None]:
    """The body without its workloads, which are read one by one.

    Raises:
        Refused: something outside the workloads is wrong.
        Declined: there are too many.
    """
    try:
        envelope = _ENVELOPE.decode(body)
    except Refused as refused:
        envelope = _with_bad_items(body, refused)
    if len(envelope.workloads) > MOST_WORKLOADS:
        detail = f"a JSON body takes at most {MOST_WORKLOADS} workloads, this has {len(envelope.workloads)}; {_WAY_OUT}"
        raise Declined("BODY_TOO_LARGE", detail)
    faults = faults_of_grouping(envelope.group_by or ())
    shared = None
    if bytes(envelope.defaults) != b"null":
        try:
            shared = Defaults(bytes(envelope.defaults), _WORKLOAD.decode(bytes(envelope.defaults)))
        except Refused as refused:
            faults += _moved(refused.faults, lambda _: "/defaults")
    if not faults and shared is not None:
        faults = faults_of_defaults(shared.workload)
    if faults:
        raise Refused(faults)
    return envelope, shared


class _Work:
    """Estimates workloads one after another, in slices, and writes what became of them."""

    def __init__(
        self, desk: _Desk, form: Form, instance: str, shared: Defaults | None = None, *, in_body: bool = False
    ) -> None:
        self._resolve, self._metrics = desk.resolver.resolve, desk.metrics
        self._form, self._instance = form, instance
        self._shared, self._in_body = shared, in_body
        self._out = [form.opening()]
        self._index = self._failed = self._newly_failed = 0
        self._looked_up: list[Resolved] = []
        self._codes: list[Sequence[str]] = []

    async def each(self, items: Iterable[bytes | Raw | Fault], emit: Callable[[bytes], Awaitable[None]]) -> None:
        """Estimate some workloads; emit what is written as it grows."""
        out, resolve, add = self._out, self._resolve, self._form.add
        until = perf_counter() + _SLICE_S
        for item in items:
            workload = None
            try:
                workload = self._read(item)
                resolved = await resolve(workload)
                self._codes.append(add(out, self._index, workload, resolved))
                self._looked_up.append(resolved)
            except Refused as refused:
                self._refuse(item, workload, refused)
            self._index += 1
            if not self._index % _TOGETHER:
                await self.hand_over(emit)
            if perf_counter() >= until:
                await asyncio.sleep(0)
                until = perf_counter() + _SLICE_S

    async def hand_over(self, emit: Callable[[bytes], Awaitable[None]]) -> None:
        """Emit what is written by now."""
        if len(self._looked_up) >= _COUNTED_TOGETHER:
            self.count()
        block = b"".join(self._out)
        self._out.clear()
        if block:
            await emit(block)

    async def end(self) -> bytes:
        """What is left, and what stands behind the last workload."""
        self.count()
        closing, until = self._form.closing(self._failed), perf_counter() + _SLICE_S
        while True:
            try:
                next(closing)
            except StopIteration as done:
                return b"".join((*self._out, done.value))
            if perf_counter() >= until:
                await asyncio.sleep(0)
                until = perf_counter() + _SLICE_S

    def _read(self, item: bytes | Raw | Fault) -> Workload:
        if isinstance(item, Fault):
            raise Refused([item])
        body = bytes(item)
        workload = _WORKLOAD.decode(body)
        return workload if self._shared is None else self._shared.over(body, workload)

    def _refuse(self, item: bytes | Raw | Fault, workload: Workload | None, refused: Refused) -> None:
        """Write a problem; what is wrong in `defaults` is pointed at there."""
        own, shared = f"/workloads/{self._index}" if self._in_body else "", self._shared
        body = bytes(item) if shared is not None and workload is not None and not isinstance(item, Fault) else None

        def root(pointer: str) -> str:
            lacked = shared is not None and body is not None and shared.holds(pointer, body)
            return "/defaults" if lacked else own

        faults = _moved(refused.faults, root)
        self._form.refuse(self._out, self._index, workload, problem_of(faults, self._instance))
        self._failed += 1
        self._newly_failed += 1

    def count(self) -> None:
        """Count what became of them since it was last done."""
        by_identity = {id(resolved): resolved for resolved in self._looked_up}
        for identity, times in Counter(map(id, self._looked_up)).items():
            self._metrics.estimate(by_identity[identity], (), times)
        self._metrics.batch_items(len(self._looked_up), self._newly_failed, chain.from_iterable(self._codes))
        self._looked_up.clear()
        self._codes.clear()
        self._newly_failed = 0


def _moved(faults: Sequence[Fault], root: Callable[[str], str]) -> list[Fault]:
    """The faults of a workload, by where it stands in the body."""
    return sorted(Fault(root(fault.pointer) + fault.pointer, fault.code, fault.detail) for fault in faults)
