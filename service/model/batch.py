"""Many workloads in one request, and what they sum to: `POST /emissions/batch`."""

from typing import Annotated

from msgspec import Meta, Raw, Struct

from service.model.result import Totals, Warn
from service.model.workload import Workload

MOST_WORKLOADS = 10_000
"""Of one JSON body; lines have no such limit."""
MOST_DIMENSIONS = 8
DIMENSIONS = ("region", "provider", "hardware", "month")
TAG = "tags."
"""Before the name of a tag in `group_by`."""

_ITEMS = (
    f"At most {MOST_WORKLOADS}, else 413; more go as application/x-ndjson, or in several requests. A field that one "
    "has replaces that of `defaults` whole. What is no workload is answered by the problem of its place, and harms no "
    "other."
)
_GROUP_BY = (
    "`region`, `provider`, `hardware` (the table's id), `month` (of period.start, in UTC) or `tags.` and the name of a "
    "tag. A workload without one has null there."
)
_DIMENSION = {"pattern": r"^(region|provider|hardware|month|tags\.[\s\S]{1,256})$"}


class Batch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Workloads, what they have in common, and by what they are summed."""

    workloads: Annotated[list[Workload], Meta(description=_ITEMS)]
    defaults: Workload | None = None
    """Fields for the workloads that have none of their own. Instruments may state a percent only."""
    group_by: (
        Annotated[
            list[Annotated[str, Meta(extra_json_schema=_DIMENSION)]],
            Meta(description=_GROUP_BY, extra_json_schema={"maxItems": MOST_DIMENSIONS, "uniqueItems": True}),
        ]
        | None
    ) = None


class Envelope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `Batch` whose workloads are not read yet, so that one that is wrong is wrong alone."""

    workloads: list[Raw]
    defaults: Raw = Raw(b"null")
    group_by: list[str] | None = None


class Group(Struct, frozen=True, kw_only=True, gc=False):
    """Workloads that are alike in all that `group_by` names, and their sum."""

    key: Annotated[
        dict[str, str | None],
        Meta(description="What they have in common, by the names in `group_by`.", examples=[{"tags.team": "vision"}]),
    ]
    count: Annotated[int, Meta(description="Workloads in it; one with a problem is in no group.")]
    totals: Annotated[Totals, Meta(description="Their sums. [kg CO2e]")]
    energy_kwh: Annotated[
        float | None, Meta(description="Facility energy of those whose energy is known; null where none is. [kWh]")
    ]


class Summary(Struct, frozen=True, kw_only=True, gc=False):
    """The sum over the workloads that have no problem; it does not depend on their order."""

    count: Annotated[int, Meta(description="Workloads sent.")]
    failed: Annotated[int, Meta(description="Those with a problem, which are in no sum.")]
    totals: Annotated[
        Totals | None,
        Meta(
            description="Correctly rounded sums of the workloads' totals, and of their ranges. The grade is weighted "
            "by emissions; `missing` names figures that at least one workload has no value for. Null where none was "
            "estimated. [kg CO2e]"
        ),
    ]
    groups: Annotated[list[Group], Meta(description="By `group_by`, in the order of their keys; none without it.")]
    energy_kwh: Annotated[
        float | None, Meta(description="Facility energy of those whose energy is known; null where none is. [kWh]")
    ]
    warnings: Annotated[
        list[Warn],
        Meta(
            description="Each code that the workloads' warnings have, with how many workloads (`/workloads`); and the "
            "certificates that several workloads claim, each where it is claimed again; no figure changes by that."
        ),
    ]
