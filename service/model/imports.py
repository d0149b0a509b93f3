"""What comes back of an imported file: `POST /imports/{format}`."""

from typing import Annotated

from msgspec import Meta, Struct

from service.model.result import Totals, Warn

Reported = Annotated[
    float | None,
    Meta(
        description="What the file itself says that it emitted, by its own method; beside ours, never added to it. "
        "[kg CO2e]"
    ),
]


class LeftOutRows(Struct, frozen=True, kw_only=True, gc=False):
    """Records that are rightly no workloads of their own."""

    reason: Annotated[str, Meta(description="Why.")]
    count: Annotated[int, Meta(description="How many.")]
    rows: Annotated[list[int], Meta(description="The first hundred of them, by number.")]


class ImportSummary(Struct, frozen=True, kw_only=True, gc=False):
    """The sum over the records that were estimated, and what became of the others."""

    format: Annotated[str, Meta(description="As what the file was read.")]
    count: Annotated[int, Meta(description="Results: the records that were estimated, and those that have a problem.")]
    failed: Annotated[int, Meta(description="Those with a problem, which are in no sum.")]
    left_out: Annotated[list[LeftOutRows], Meta(description="Records that are not among the results, by reason.")]
    complete: Annotated[
        bool,
        Meta(description="False where the file could not be read to its end; the last result says why."),
    ]
    totals: Annotated[Totals | None, Meta(description="Our sums; null where none was estimated. [kg CO2e]")]
    reported_kg_co2e: Annotated[
        float | None,
        Meta(
            description="Sum of what the file itself says of the records that were estimated; beside `totals`, never "
            "added to them. Null where it says nothing. [kg CO2e]",
        ),
    ]
    reported_count: Annotated[int, Meta(description="How many records `reported_kg_co2e` is the sum of.")]
    energy_kwh: Annotated[
        float | None, Meta(description="Facility energy of those whose energy is known; null where none is. [kWh]")
    ]
    warnings: Annotated[
        list[Warn], Meta(description="Each code that the records' warnings have, with how many records (`/results`).")
    ]
