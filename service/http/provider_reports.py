"""`POST /imports/aws`, `/imports/google`, `/imports/azure`, `/reconciliations`: what providers report, in our terms."""

import asyncio
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from service.formats import aws, azure, google
from service.formats.reconciliation import reconcile
from service.formats.report_pools import DIMENSIONS, Dimension, pools
from service.formats.reported_lines import ReportedLine, kept, warn
from service.http.calls import Answer, Conversation, asking, conversing, media_type
from service.http.documents import problems
from service.http.problems import Declined
from service.http.representations import JSON, chosen
from service.model.provider_report import (
    ProviderReport,
    ProviderTotal,
    Reconciliation,
    ReconciliationRequest,
    ReportScope,
)
from service.model.result import Warn

_CSV, _JSON, _LINES = b"text/csv", b"application/json", b"application/x-ndjson"
_FILE: dict[str, Any] = {"description": "As the provider writes it."}
_WAY_OUT = "send the report month by month"
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
_SCOPES: Mapping[str, ReportScope] = {"scope1": "scope1", "scope2": "scope2", "scope3": "scope3"}
_METHODS: Mapping[str, Literal["location_based", "market_based"]] = {
    "location": "location_based",
    "market": "market_based",
}

PoolBy = Annotated[
    str, QueryParameter(description="What the pools are apart by, comma between: month, account, service, region.")
]
ColumnMap = Annotated[
    str | None,
    QueryParameter(
        description="For CSV, whose columns are the query's own: `field:column`, comma between, as "
        "`usage_month:month,carbon_footprint_kgCO2e.scope1:s1`; fields are those of the export, in full."
    ),
]
Scopes = Annotated[
    str | None,
    QueryParameter(
        description="The carbonScopeList that was asked for, as scope1,scope2,scope3: the answer is its sum."
    ),
]
AzureMonth = Annotated[
    str | None, QueryParameter(description="Month that was asked for, as 2026-06, where the answer has no dates.")
]
Scope2Method = Annotated[
    Literal["location", "market"] | None,
    QueryParameter(description="By which method Scope 2 is, where you know; the answer does not say."),
]


@conversing(
    "/imports/aws",
    operation_id="import_aws",
    summary="Read AWS's carbon report",
    tags=["imports"],
    takes={"text/csv": {"type": "string", **_FILE}, "application/json": _FILE},
    gives={"application/json": ProviderReport},
    responses=problems(400, 406, 413, 415),
)
async def import_aws(conversation: NamedDependency[Conversation], pool_by: PoolBy = "month,account") -> None:
    """Read the table CARBON_EMISSIONS (CSV) or answers of the Sustainability API (JSON): kilograms by line and pool.

    Of each month and account the newest model version counts; the others are told in `left_out`.
    """
    readers: dict[bytes, _Read] = {_CSV: lambda file: (aws.read_csv(file), []), _JSON: aws.read_answers}
    await _answer(conversation, _dimensions(pool_by), readers)


@conversing(
    "/imports/google",
    operation_id="import_google",
    summary="Read Google's carbon report",
    tags=["imports"],
    takes={
        "application/x-ndjson": {"type": "string", **_FILE},
        "application/json": _FILE,
        "text/csv": {"type": "string", **_FILE},
    },
    gives={"application/json": ProviderReport},
    responses=problems(400, 406, 413, 415),
)
async def import_google(
    conversation: NamedDependency[Conversation], pool_by: PoolBy = "month,account", columns: ColumnMap = None
) -> None:
    """Read the BigQuery export of Carbon Footprint (JSON, or CSV with `columns`): kilograms by line and pool.

    A method that is null is not reported, and never 0.
    """
    by = _dimensions(pool_by)
    named = _column_map(columns)
    if named and media_type(conversation.headers, (_LINES, _JSON, _CSV)) != _CSV:
        raise Declined("VALUE_INVALID", "columns is for text/csv: JSON has the export's names", parameter="columns")
    readers: dict[bytes, _Read] = {
        _LINES: lambda file: (google.read_lines(file), []),
        _JSON: lambda file: (google.read_lines(file), []),
        _CSV: lambda file: (google.read_csv(file, _needed(named)), []),
    }
    await _answer(conversation, by, readers)


@conversing(
    "/imports/azure",
    operation_id="import_azure",
    summary="Read Microsoft's carbon report",
    tags=["imports"],
    takes={"application/json": _FILE},
    gives={"application/json": ProviderReport},
    responses=problems(400, 406, 413, 415),
)
async def import_azure(
    conversation: NamedDependency[Conversation],
    pool_by: PoolBy = "month,account",
    scopes: Scopes = None,
    month: AzureMonth = None,
    scope2_method: Scope2Method = None,
) -> None:
    """Read answers of carbonEmissionReports (JSON): kilograms by line and pool.

    The answer does not say by which method Scope 2 is: `location_based` and `market_based` are null, and the figure is
    `unspecified`, unless `scope2_method` says it.
    """
    by = _dimensions(pool_by)
    asked = _asked(scopes, month, scope2_method)
    await _answer(conversation, by, {_JSON: lambda file: azure.read_answers(file, asked)})


@asking(
    "/reconciliations",
    operation_id="reconcile",
    summary="Hold answers against a provider's report",
    tags=["imports"],
    responses=problems(400, 406, 413, 415, 422),
)
async def reconcile_report(data: JSONBody[ReconciliationRequest]) -> Reconciliation:
    """Our answers beside a provider's report, by month and region: never added, with what each boundary holds."""
    return await asyncio.to_thread(reconcile, data)


_Read = Callable[[io.BytesIO], tuple[list[ReportedLine], list[Warn]]]


async def _answer(conversation: Conversation, by: Sequence[Dimension], readers: Mapping[bytes, _Read]) -> None:
    """Read the body as its media type says, beside the event loop, and send the report."""
    chosen((JSON,), conversation.accept)
    read = readers[media_type(conversation.headers, tuple(readers))]
    body = await conversation.body(_WAY_OUT)
    report = await asyncio.to_thread(lambda: msgspec.json.encode(_report(read(io.BytesIO(body)), by)))
    await conversation.answer(Answer(report, JSON.media_type))


def _report(found: tuple[list[ReportedLine], list[Warn]], by: Sequence[Dimension]) -> ProviderReport:
    lines, warnings = found
    counting = kept(lines)
    return ProviderReport(
        totals=counting.totals,
        pools=pools(counting.totals, by),
        left_out=counting.left_out,
        warnings=sorted([*warnings, *counting.warnings, *_told(counting.totals)]),
    )


def _told(totals: Sequence[ProviderTotal]) -> list[Warn]:
    """What holds of every report, and which bases it lacks."""
    detail = "the scopes are the provider's; to the customer all of it is Scope 3, and it is never added to our figures"
    told = [warn("CLOUD_SCOPE2_IS_SCOPE3", "", detail)]
    unstated = sum(total.unspecified is not None for total in totals)
    lacking = {
        basis: sum(getattr(total, basis) is None for total in totals) - unstated
        for basis in ("location_based", "market_based")
    }
    if unstated:
        detail = f"{unstated} of {len(totals)} lines do not say by which method Scope 2 is; scope2_method says it"
        told.append(warn("DUAL_REPORTING_REQUIRED", "/totals", detail))
    told += [
        warn(
            "DUAL_REPORTING_REQUIRED",
            f"/totals/{basis}",
            f"{count} of {len(totals)} lines do not report it; it is not 0",
        )
        for basis, count in lacking.items()
        if count
    ]
    return told


def _dimensions(text: str) -> list[Dimension]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in DIMENSIONS]
    if unknown or len(set(names)) < len(names):
        wrong = unknown[0][:32] if unknown else "one of them twice"
        raise Declined("VALUE_INVALID", f"{wrong!r}: pools are apart by {', '.join(DIMENSIONS)}", parameter="pool_by")
    return [dimension for dimension in DIMENSIONS if dimension in names]


def _column_map(text: str | None) -> dict[str, str]:
    """Fields of the export to columns of the file."""
    named: dict[str, str] = {}
    for pair in text.split(",") if text else ():
        field, mark, column = (part.strip() for part in pair.partition(":"))
        if not mark or not column or field not in google.FIELDS or field in named or column in named.values():
            detail = f"{pair[:64]!r} is no field:column, each once; fields are {', '.join(google.FIELDS)}"
            raise Declined("VALUE_INVALID", detail, parameter="columns")
        named[field] = column
    return named


def _needed(named: dict[str, str]) -> dict[str, str]:
    missing = [field for field in google.NEEDED if field not in named]
    if missing:
        detail = f"a CSV file names its columns itself: say by columns=field:column what is {', '.join(missing)}"
        raise Declined("VALUE_INVALID", detail, parameter="columns")
    return named


def _asked(scopes: str | None, month: str | None, method: str | None) -> azure.Asked:
    named = [_SCOPES.get(name.strip().lower()) for name in (scopes or "").split(",")]
    known = [scope for scope in named if scope is not None]
    if len(known) < len(named) or len(set(known)) < len(known):
        detail = "say which carbonScopeList was asked for, as scopes=scope1,scope2,scope3: the answer is their sum"
        raise Declined("VALUE_INVALID", detail, parameter="scopes")
    if month is not None and not _MONTH.fullmatch(month):
        raise Declined("VALUE_INVALID", f"{month[:32]!r} is no month; write 2026-06", parameter="month")
    if method is not None and "scope2" not in known:
        raise Declined("VALUE_INVALID", "it is for answers that hold scope2", parameter="scope2_method")
    return azure.Asked(
        scopes=tuple(sorted(known)), month=month, method=_METHODS[method] if method is not None else None
    )
