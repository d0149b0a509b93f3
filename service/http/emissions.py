"""`POST /emissions`: one workload in, its footprint out."""

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Annotated

from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from msgspec import Struct

from service.estimate import estimate
from service.estimator import Estimated, Estimator
from service.http.calls import asking
from service.http.documents import problems
from service.http.metrics import Metrics
from service.http.reports import html, markdown
from service.http.representations import CSV, JSON, Representation
from service.http.strayed import strayed
from service.http.tables import emissions_csv
from service.model.result import Emissions
from service.model.workload import Workload
from service.reports.emissions import emissions_report
from service.resolve import Resolver

Explain = Annotated[
    bool,
    QueryParameter(description="Adds the arithmetic, with its numbers, to every figure; HTML always has it."),
]


class Footprint(Struct, frozen=True, gc=False):
    """What was estimated, and the same with its arithmetic for those who read it."""

    estimated: Estimated
    explained: Callable[[], Emissions]


@asking(
    "/emissions",
    operation_id="estimate_emissions",
    summary="Estimate one workload",
    tags=["emissions"],
    representations=(
        Representation(JSON.media_type, attrgetter("estimated.body")),
        markdown(lambda footprint: emissions_report(footprint.estimated.emissions)),
        Representation(CSV, lambda footprint: emissions_csv(footprint.estimated.emissions)),
        html(lambda footprint: emissions_report(footprint.explained())),
    ),
    gives={JSON.media_type: Emissions},
    responses=problems(400, 406, 413, 415, 422),
    strayed=strayed,
)
async def estimate_emissions(
    data: JSONBody[Workload],
    resolver: NamedDependency[Resolver],
    estimator: NamedDependency[Estimator],
    metrics: NamedDependency[Metrics],
    explain: Explain = False,  # noqa: FBT002 - a query parameter
) -> Footprint:
    """Estimate the Scope 2 and Scope 3 emissions of one workload: location-based and market-based, side by side."""
    resolved = await resolver.resolve(data)  # all the waiting
    estimated = estimator.estimated(data, resolved, explain=explain)  # none
    metrics.estimate(resolved, estimated.codes)
    return Footprint(estimated, partial(estimate, data, resolved, explain=True))
