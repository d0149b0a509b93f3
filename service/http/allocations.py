"""`POST /allocations`: a shared pool in, what falls on each consumer out."""

from litestar.di import NamedDependency
from litestar.params import JSONBody

from service.http.allocation_forms import allocations_csv, allocations_json
from service.http.calls import asking
from service.http.documents import problems
from service.http.metrics import Metrics
from service.http.reports import html, markdown
from service.http.representations import CSV, JSON, Representation
from service.model.pool import Allocations, PoolRequest
from service.pools.division import divided
from service.reports.allocations import allocations_report
from service.resolve import Resolver


@asking(
    "/allocations",
    operation_id="allocate_pool",
    summary="Divide a shared pool among its consumers",
    tags=["allocations"],
    representations=(
        Representation(JSON.media_type, allocations_json),
        Representation(CSV, allocations_csv),
        markdown(allocations_report),
        html(allocations_report),
    ),
    responses=problems(400, 406, 413, 415, 422),
)
async def allocate_pool(
    data: JSONBody[PoolRequest], resolver: NamedDependency[Resolver], metrics: NamedDependency[Metrics]
) -> Allocations:
    """Divide a shared pool: a total, totals by name, a workload, or an earlier answer. The parts sum to it exactly."""
    division = await divided(data, resolver)
    metrics.allocation(division.resolved, [warning.code for warning in division.answer.warnings])
    return division.answer
