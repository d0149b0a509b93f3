"""What `POST /disclosures` takes: answers of `POST /emissions`, and the base year that they are held against."""

from typing import Annotated

from msgspec import Meta, Struct

from service.model.comparison import RECALCULATION_THRESHOLD_SHARE, StatedMethodology
from service.model.returned import Returned, ReturnedKg, ReturnedSource
from service.model.workload import Name, Period, Text


class BaseYear(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The totals of an earlier disclosure."""

    period: Period
    """Its time."""
    location_based_kg_co2e: Annotated[ReturnedKg, Meta(description="Its `totals.location_based.kg_co2e`. [kg CO2e]")]
    market_based_kg_co2e: Annotated[ReturnedKg, Meta(description="Its `totals.market_based.kg_co2e`. [kg CO2e]")]
    methodologies: Annotated[
        list[StatedMethodology],
        Meta(max_length=1000, description="Its `fingerprints`; without them nothing says that it compares."),
    ] = []
    reason: Annotated[Text, Meta(description="Why this year was chosen, or why it was recalculated.")] | None = None


class DisclosureRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What an organization discloses of its workloads."""

    period: Period
    """The reporting period; every answer lies within it."""
    organization: Name
    """Who reports."""
    emissions: Annotated[list[Returned], Meta(min_length=1, max_length=10_000)]
    """Answers of POST /emissions, each as it was given; their order does not matter."""
    sources: Annotated[
        list[ReturnedSource],
        Meta(max_length=20_000, description="`sources` of a batch, whose answers do not list their own."),
    ] = []
    base_year: BaseYear | None = None
    """What this period is held against."""
    recalculated_baseline: BaseYear | None = None
    """The base year's activity by today's method; it then takes the base year's place."""
    recalculation_threshold_share: Annotated[
        float, Meta(ge=0, le=1, description="From which move of the base year on its recalculation is due.")
    ] = RECALCULATION_THRESHOLD_SHARE
