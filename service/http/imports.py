"""`POST /imports/{format}`: a file of another tool in, footprints out, with what it reports itself beside them."""

import tempfile
from typing import Annotated, Any

import msgspec
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import PathParameter, QueryParameter
from msgspec import Struct

from service.errors import Fault, Refused
from service.estimator import Estimator
from service.formats.elements import elements
from service.formats.imported import Given
from service.formats.meter_units import MeterUnit
from service.formats.registry import CSV as CSV_FILE
from service.formats.registry import FORMATS, LINES, Format
from service.formats.registry import JSON as JSON_FILE
from service.http.calls import Answer, Conversation, conversing
from service.http.documents import problems
from service.http.import_forms import ImportEmissions, ImportLine
from service.http.import_given import Stated, format_named, given_of
from service.http.import_run import ImportDesk, ImportRun, form_of
from service.http.metrics import Metrics
from service.http.problems import Declined
from service.http.representations import CSV, GEO_JSON, JSON, KEPLER_GL, NDJSON, Representation, chosen
from service.http.streaming import Outlet, beside, leaving
from service.http.uploads import HELD, keep
from service.model.workload import MAX, Level, Method
from service.resolve import Resolver

_OFFERS = (JSON, *(Representation(media_type, JSON.render) for media_type in (NDJSON, CSV, GEO_JSON, KEPLER_GL)))
_ALIASES = {"application/ndjson": LINES, "application/jsonl": LINES, "application/csv": CSV_FILE}
_BYTES = "application/octet-stream"
_HOW = "curl --data-binary @FILE -H 'Content-Type: {}'"
_WAY_OUT = "`dualscope import`"
_SINGLE = 1024 * 1024
"""Longest body that is one record. [bytes]"""
_LATER = ((b"retry-after", b"60"),)
_ABOUT = {"description": "As the tool writes it."}
_TEXT: dict[str, Any] = {"type": "string", **_ABOUT}
_OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True, **_ABOUT}

Name = Annotated[str, PathParameter(description="Which tool wrote it.", schema_extra={"enum": [*FORMATS]})]
Region = Annotated[str | None, QueryParameter(description="Where it ran, as `POST /emissions` takes it.")]
Instance = Annotated[str | None, QueryParameter(description="Cloud instance type that it ran on.")]
Allocation = Annotated[Method | None, QueryParameter(description="How embodied emissions fall on a workload.")]
Ratio = Annotated[
    float | None,
    QueryParameter(ge=0, le=MAX, description="Unmetered host energy over the energy that the file states."),
]
Cost = Annotated[float | None, QueryParameter(ge=0, le=MAX, description="What the one record cost; with `currency`.")]
Currency = Annotated[str | None, QueryParameter(description="ISO 4217 code of `cost`.")]
Zone = Annotated[
    str | None,
    QueryParameter(description="Zone of times that state none: `Europe/Paris`, `+02:00`. Else UTC, flagged."),
]
Unit = Annotated[MeterUnit | None, QueryParameter(description="Of a meter's readings, where no name says it.")]
Side = Annotated[
    Level | None, QueryParameter(description="Side of the meter; else the names say it (Kepler: component; PDU: it).")
]


class ImportLimits(Struct, frozen=True, kw_only=True):
    """Of answers that are read slowly."""

    patience_s: float


@conversing(
    "/imports/{format:str}",
    operation_id="import_file",
    summary="Import a file of another tool",
    tags=["imports"],
    takes={CSV_FILE: _TEXT, JSON_FILE: _OBJECT, LINES: _TEXT, _BYTES: _TEXT},
    representations=_OFFERS,
    gives={JSON.media_type: ImportEmissions, NDJSON: ImportLine},
    responses={
        201: ResponseSpec(ImportEmissions, description="The answer to CodeCarbon itself.", generate_examples=False),
        202: ResponseSpec(ImportEmissions, description="The answer to Eco-CI itself.", generate_examples=False),
        **problems(400, 404, 406, 413, 415, 422, 503),
    },
)
async def import_file(  # noqa: PLR0913 - its parameters are those of the query
    format: Name,  # noqa: A002 - as it is called in the path
    conversation: NamedDependency[Conversation],
    resolver: NamedDependency[Resolver],
    estimator: NamedDependency[Estimator],
    metrics: NamedDependency[Metrics],
    import_limits: NamedDependency[ImportLimits],
    region: Region = None,
    instance: Instance = None,
    allocation: Allocation = None,
    host_overhead_ratio: Ratio = None,
    cost: Cost = None,
    currency: Currency = None,
    tz: Zone = None,
    unit: Unit = None,
    level: Side = None,
) -> None:
    """Import a file: every record with its footprint or its problem, in the file's order, and their sums.

    The upload is kept in the temporary folder until it is answered, then forgotten. What the file itself says that it
    emitted stands beside ours and is never added to it. A file that is none of the format is refused whole.
    """
    found = format_named(format)
    stated = Stated(
        region=region,
        instance=instance,
        allocation=allocation,
        host_overhead_ratio=host_overhead_ratio,
        cost=cost,
        currency=currency,
        tz=tz,
        unit=unit,
        level=level,
    )
    desk = ImportDesk(resolver=resolver, estimator=estimator, metrics=metrics)
    await _Import(conversation, found, stated, desk, import_limits).answer()


class _Import:
    def __init__(
        self, conversation: Conversation, format_: Format, stated: Stated, desk: ImportDesk, limits: ImportLimits
    ) -> None:
        self._conversation, self._format, self._stated, self._desk = conversation, format_, stated, desk
        self._limits = limits
        self._offer = chosen(_OFFERS, conversation.accept)

    async def answer(self) -> None:
        is_json = _media_type(self._conversation, self._format) == JSON_FILE
        form = form_of(self._offer.media_type, self._desk.estimator)
        self._run = ImportRun(self._desk, form, self._format.name, self._conversation.instance)
        self._outlet = Outlet(self._conversation.send, form.media_type, self._limits.patience_s)
        self._given(alone=is_json)  # what has no sense is told before the upload
        try:
            with tempfile.SpooledTemporaryFile(HELD) as file:
                await self._kept(file, is_json=is_json)
        except OSError as error:  # of the temporary folder
            detail = f"there is no room for the upload ({error.strerror}); try again later"
            raise Declined("OVERLOADED", detail, headers=_LATER) from error

    async def _kept(self, file: Any, *, is_json: bool) -> None:
        size = await keep(self._conversation, self._outlet, file, _WAY_OUT)
        body = _one_object(file, size) if is_json and self._format.posted is not None else None
        if body is not None:
            await self._single(body)
        else:
            await self._file(file)

    async def _file(self, file: Any) -> None:
        records = self._format.read(file, self._given(alone=False))

        async def all_of_it() -> None:
            await self._run.file(records, self._outlet.send)
            await self._outlet.finish()

        try:
            await beside(all_of_it(), leaving(self._conversation.receive, self._outlet), self._outlet.patience())
        finally:
            self._run.count()

    async def _single(self, body: dict[str, Any]) -> None:
        """One record, as its tool posts it, with the status that the tool wants."""
        assert self._format.posted is not None  # noqa: S101 - the caller looked
        found = self._format.posted(body, self._given(alone=True))
        pieces: list[bytes] = []

        async def emit(block: bytes) -> None:
            pieces.append(block)

        await self._run.single(found, emit)
        answer = Answer(b"".join(pieces), self._offer.media_type, self._format.posted_status)
        await self._conversation.answer(answer)

    def _given(self, *, alone: bool) -> Given:
        return given_of(self._format, self._stated, self._desk.resolver.store, alone=alone)


def _media_type(conversation: Conversation, format_: Format) -> str:
    """The file's media type, one of the format's; bytes without a type are left to the reader.

    Raises:
        Declined: it is another, or compressed.
    """
    headers = conversation.headers
    stated = headers.get(b"content-type", _BYTES.encode()).decode("latin-1").partition(";")[0].strip().lower()
    name = _ALIASES.get(stated, stated)
    about = ((b"accept", ", ".join(format_.media_types).encode()), (b"accept-encoding", b"identity"))
    if name not in (*format_.media_types, _BYTES):
        how = _HOW.format(format_.media_types[0])
        detail = f"send the file itself as {' or '.join(format_.media_types)}, not in a form: {how}"
        raise Declined("MEDIA_TYPE_UNSUPPORTED", detail, headers=about)
    if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise Declined("MEDIA_TYPE_UNSUPPORTED", "send the body without Content-Encoding", headers=about)
    return name


def _one_object(file: Any, size: int) -> dict[str, Any] | None:
    """The body where it is one JSON object, as a tool posts it; nothing where it is a list, which is a file.

    Raises:
        Refused: it is no JSON, or neither.
    """
    start = file.read(min(size, _SINGLE))
    file.seek(0)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
        return None
    if size > _SINGLE:
        raise Declined("BODY_TOO_LARGE", f"one record takes at most {_SINGLE} bytes")
    values = elements(file, "one record")
    body, more = next(values), next(values, msgspec.UNSET)
    if not isinstance(body, dict) or more is not msgspec.UNSET:
        raise Refused([Fault("", "VALUE_INVALID", "send one JSON object, or a file of its own media type")])
    return body
