"""`POST /imports/aws`, `/imports/google`, `/imports/azure`, `/reconciliations`: what providers report, in our terms."""

import asyncio
import io
from collections.abc import Collection
from typing import Annotated, Any

import msgspec
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from service.formats.reconciliation import reconcile
from service.http.calls import Answer, Conversation, asking, conversing, media_type
from service.http.documents import problems
from service.http.report_given import ReportName, ReportStated, Scope2, reading_of
from service.http.representations import JSON, chosen
from service.model.provider_report import ProviderReport, Reconciliation, ReconciliationRequest

_ABOUT = {"description": "As the provider writes it."}
_TEXT: dict[str, Any] = {"type": "string", **_ABOUT}
_OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True, **_ABOUT}
_BYTES = "application/octet-stream"
_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"
_WAY_OUT = "send the report month by month"

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
    Scope2 | None,
    QueryParameter(description="By which method Scope 2 is, where you know; the answer does not say."),
]


@conversing(
    "/imports/aws",
    operation_id="import_aws",
    summary="Read AWS's carbon report",
    tags=["imports"],
    takes={"text/csv": _TEXT, "application/json": _OBJECT, _BYTES: _TEXT},
    gives={"application/json": ProviderReport},
    responses=problems(400, 406, 413, 415),
)
async def import_aws(conversation: NamedDependency[Conversation], pool_by: PoolBy = "month,account") -> None:
    """Read the table CARBON_EMISSIONS (CSV) or answers of the Sustainability API (JSON): kilograms by line and pool.

    Of each month and account the newest model version counts; the others are told in `left_out`.
    """
    await _answer(conversation, "aws", ReportStated(pool_by=pool_by))


@conversing(
    "/imports/google",
    operation_id="import_google",
    summary="Read Google's carbon report",
    tags=["imports"],
    takes={"application/x-ndjson": _TEXT, "application/json": _OBJECT, "text/csv": _TEXT, _BYTES: _TEXT},
    gives={"application/json": ProviderReport},
    responses=problems(400, 406, 413, 415),
)
async def import_google(
    conversation: NamedDependency[Conversation], pool_by: PoolBy = "month,account", columns: ColumnMap = None
) -> None:
    """Read the BigQuery export of Carbon Footprint (JSON, or CSV with `columns`): kilograms by line and pool.

    A method that is null is not reported, and never 0.
    """
    await _answer(conversation, "google", ReportStated(pool_by=pool_by, columns=columns))


@conversing(
    "/imports/azure",
    operation_id="import_azure",
    summary="Read Microsoft's carbon report",
    tags=["imports"],
    takes={"application/json": _OBJECT, _BYTES: _TEXT},
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
    stated = ReportStated(pool_by=pool_by, scopes=scopes, month=month, scope2_method=scope2_method)
    await _answer(conversation, "azure", stated)


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


async def _answer(conversation: Conversation, name: ReportName, stated: ReportStated) -> None:
    """Read the body as its media type says, beside the event loop, and send the report."""
    reading = reading_of(name, stated)
    chosen((JSON,), conversation.accept)
    form = media_type(conversation.headers, (*reading.readers, _BYTES.encode()))
    body = await conversation.body(_WAY_OUT)
    if form not in reading.readers:
        form = _form_of(body, reading.readers)
    report = await asyncio.to_thread(lambda: msgspec.json.encode(reading.report(io.BytesIO(body), form)))
    await conversation.answer(Answer(report, JSON.media_type))


def _form_of(body: bytes, readers: Collection[bytes]) -> bytes:
    """What bytes without a type are: a table where they do not begin as JSON does and the provider writes tables."""
    is_json = body.lstrip(_BEFORE_JSON)[:1] in (b"{", b"[")
    return b"text/csv" if b"text/csv" in readers and not is_json else b"application/json"
