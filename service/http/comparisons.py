"""`POST /comparisons`: two years in, what moved between them out."""

from litestar.params import JSONBody

from service.http.calls import asking
from service.http.documents import problems
from service.model.comparison import ComparisonRequest, YearComparison
from service.years import compare


@asking(
    "/comparisons",
    operation_id="compare_years",
    summary="Compare two years",
    tags=["reports"],
    responses=problems(400, 406, 413, 415, 422),
)
async def compare_years(data: JSONBody[ComparisonRequest]) -> YearComparison:
    """Hold a year against another: whether the two compare, and what activity and factors each moved."""
    return compare(data)
