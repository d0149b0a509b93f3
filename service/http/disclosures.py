"""`POST /disclosures`: answers in, the disclosure block out."""

from asyncio import to_thread

from litestar.params import JSONBody

from service.disclosures import disclose
from service.http.calls import asking
from service.http.disclosure_csv import CSV, disclosure_csv
from service.http.documents import problems
from service.http.reports import html, markdown
from service.http.representations import JSON, Representation
from service.model.disclosed import Disclosure
from service.model.disclosure import DisclosureRequest
from service.reports.disclosures import disclosure_report


@asking(
    "/disclosures",
    operation_id="disclose_emissions",
    summary="Put answers together for a report",
    tags=["reports"],
    representations=(
        JSON,
        markdown(disclosure_report),
        Representation(CSV, disclosure_csv),
        html(disclosure_report),
    ),
    responses=problems(400, 406, 413, 415, 422),
)
async def disclose_emissions(data: JSONBody[DisclosureRequest]) -> Disclosure:
    """Book the answers of a reporting period: both Scope 2 methods, Scope 3 by category, and what a report must say."""
    return await to_thread(disclose, data)  # thousands of answers hold nobody else up
