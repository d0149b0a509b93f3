"""What a cloud provider reported that a customer emitted, normalized; and our answers held against it.

The scopes here are the provider's: to the customer all of them are Scope 3. A report replaces the matching computed
figures or stands beside them, and is never added to them.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.model.pool import PoolReport
from service.model.result import Warn
from service.model.returned import Returned, ReturnedTotals
from service.model.workload import Kg, Name, Text

Provider = Literal["aws", "gcp", "azure"]
ReportBasis = Literal["location_based", "market_based", "unspecified"]
"""Of the provider's Scope 2; `unspecified` where the report does not say which."""
ReportScope = Literal["scope1", "scope2", "scope3"]
Month = Annotated[
    str,
    Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", description="Calendar month, as YYYY-MM.", examples=["2026-06"]),
]
Reported = Annotated[Kg, Meta(description="As reported; null: not reported, which is not 0. [kg CO2e]")]
Code = Annotated[str, Meta(max_length=1024)]


class ReportedScopes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A provider's scopes under one Scope 2 method, and their total. [kg CO2e]"""

    scope1_kg_co2e: Reported | None = None
    scope2_kg_co2e: Reported | None = None
    scope3_kg_co2e: Reported | None = None
    kg_co2e: (
        Annotated[
            Kg,
            Meta(
                description="Total as reported, else the sum of the three scopes: it holds them, so it is never added "
                "to them. [kg CO2e]"
            ),
        ]
        | None
    ) = None


class ProviderTotal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One line of a provider's report. The bases are alternatives, never added."""

    provider: Annotated[Provider, Meta(description="Whose report it is.")]
    payer: Annotated[Text, Meta(description="Payer or billing account.")] | None = None
    account: Annotated[Text, Meta(description="Account, project or subscription; null: tied to none.")] | None = None
    month: Month
    service: Annotated[Code, Meta(description="As the provider names it.")] | None = None
    region: (
        Annotated[Text, Meta(description="`provider:region`; null: the report names none.", examples=["aws:us-east-1"])]
        | None
    ) = None
    resource: Annotated[Code, Meta(description="Item of a finer report.")] | None = None
    model_version: Annotated[Text, Meta(description="Of the provider's method, where it is stated.")] | None = None
    scopes: Annotated[list[ReportScope], Meta(max_length=3, description="Scopes that the totals hold.")]
    location_based: ReportedScopes | None = None
    """Null: not reported."""
    market_based: ReportedScopes | None = None
    """Null: not reported."""
    unspecified: ReportedScopes | None = None
    """Where the report does not say by which method Scope 2 is; then the other two are null."""


class ReportPool(Struct, frozen=True, kw_only=True, gc=False):
    """A total as `POST /allocations` takes it for its `pool`."""

    report: PoolReport
    """Where it was reported."""
    components: Annotated[dict[str, float], Meta(description="The provider's scopes, summed. [kg CO2e]")]


class GroupedPool(Struct, frozen=True, kw_only=True, gc=False):
    """The lines of one group under one Scope 2 method."""

    basis: Annotated[ReportBasis, Meta(description="Of Scope 2: pools of different bases are alternatives.")]
    key: Annotated[dict[str, str | None], Meta(description="By what `pool_by` names; null: the report does not say.")]
    pool: ReportPool
    kg_co2e: Annotated[float, Meta(description="Sum of the components. [kg CO2e]")]
    lines: Annotated[int, Meta(description="How many lines it is the sum of.")]
    lines_not_reported: Annotated[
        int, Meta(description="Lines of the group without a figure on this basis: the pool lacks them.")
    ]


class LeftOutTotals(Struct, frozen=True, kw_only=True, gc=False):
    """Lines that would have counted something twice."""

    reason: Annotated[str, Meta(description="Why they are left out.")]
    month: Annotated[str, Meta(description="As YYYY-MM.")]
    payer: Annotated[str, Meta(description="Payer or billing account.")] | None
    account: Annotated[str, Meta(description="Account, project or subscription.")] | None
    model_version: Annotated[str, Meta(description="Theirs.")] | None
    kept_version: Annotated[str, Meta(description="That of the lines that are kept.")] | None
    count: Annotated[int, Meta(description="How many.")]
    rows: Annotated[list[int], Meta(description="The first hundred of them, by number.")]
    location_based_kg_co2e: Annotated[float, Meta(description="Their sum. [kg CO2e]")] | None
    market_based_kg_co2e: Annotated[float, Meta(description="Their sum. [kg CO2e]")] | None


class ProviderReport(Struct, frozen=True, kw_only=True, gc=False):
    """A provider's report in our terms."""

    totals: Annotated[list[ProviderTotal], Meta(description="One for each line that counts, in the order of the file.")]
    pools: Annotated[list[GroupedPool], Meta(description="Their sums by `pool_by`, ready for `POST /allocations`.")]
    left_out: Annotated[list[LeftOutTotals], Meta(description="Lines that do not count, and why.")]
    warnings: Annotated[list[Warn], Meta(description="What the reader must know, by code; `/row/column`.")]


class ReturnedGroup(Struct, frozen=True, kw_only=True, gc=False):
    """A group of the summary of `POST /emissions/batch`, grouped by month and region."""

    key: Annotated[dict[Name, Text | None], Meta(max_length=16, description="Has `month` and `region`.")]
    count: Annotated[int, Meta(ge=0, le=10**12, description="How many workloads it sums.")]
    totals: ReturnedTotals | None = None
    """Null where none was estimated."""


class ReconciliationRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A provider's report and our answers for the same customer."""

    report: Annotated[
        list[ProviderTotal],
        Meta(min_length=1, max_length=100_000, description="`totals` of `/imports/aws`, `google` or `azure`."),
    ]
    emissions: Annotated[
        list[Returned], Meta(max_length=10_000, description="Answers of `POST /emissions`; these or `groups`.")
    ] = []
    groups: Annotated[
        list[ReturnedGroup],
        Meta(max_length=10_000, description="`summary.groups` of a batch grouped by month and region."),
    ] = []


class Ours(Struct, frozen=True, kw_only=True, gc=False):
    """Our figures of one month and region. [kg CO2e]"""

    answers: Annotated[int, Meta(description="How many answers they are of, parts counted.")]
    scope2_location_kg_co2e: Annotated[float, Meta(description="Electricity, location-based.")] | None
    scope2_market_kg_co2e: Annotated[float, Meta(description="Electricity, market-based.")] | None
    location_based_kg_co2e: Annotated[float, Meta(description="Total with location-based Scope 2.")] | None
    market_based_kg_co2e: Annotated[float, Meta(description="Total with market-based Scope 2.")] | None
    missing: Annotated[list[str], Meta(description="Figures that at least one of the answers lacks.")]


class ServiceTotal(Struct, frozen=True, kw_only=True, gc=False):
    """A service's part; null: not reported. [kg CO2e]"""

    service: Annotated[str, Meta(description="As the provider names it; null: not stated.")] | None
    location_based_kg_co2e: Annotated[float, Meta(description="Total, location-based.")] | None
    market_based_kg_co2e: Annotated[float, Meta(description="Total, market-based.")] | None
    unspecified_kg_co2e: Annotated[float, Meta(description="Total whose Scope 2 method is not stated.")] | None


class Theirs(Struct, frozen=True, kw_only=True, gc=False):
    """The provider's figures of one month and region; null: not reported for all of its lines. [kg CO2e]"""

    lines: Annotated[int, Meta(description="How many lines of the report they are of.")]
    scope2_location_kg_co2e: Annotated[float, Meta(description="Scope 2, location-based.")] | None
    scope2_market_kg_co2e: Annotated[float, Meta(description="Scope 2, market-based.")] | None
    location_based_kg_co2e: Annotated[float, Meta(description="Total, location-based.")] | None
    market_based_kg_co2e: Annotated[float, Meta(description="Total, market-based.")] | None
    unspecified_kg_co2e: Annotated[float, Meta(description="Total whose Scope 2 method is not stated.")] | None
    services: Annotated[list[ServiceTotal], Meta(description="The same totals by service; we know none.")]
    scopes: Annotated[list[ReportScope], Meta(description="Scopes that every line holds.")]


class Apart(Struct, frozen=True, kw_only=True, gc=False):
    """One of our figures less theirs."""

    figure: Annotated[str, Meta(description="Which: `scope2` or `total`.")]
    basis: Annotated[str, Meta(description="Scope 2 method of both.")]
    difference_kg_co2e: Annotated[float, Meta(description="Ours less theirs. [kg CO2e]")]
    ratio: Annotated[float, Meta(description="Ours over theirs; null where theirs is 0.")] | None


class ReconciliationLine(Struct, frozen=True, kw_only=True, gc=False):
    """One month and region: ours beside theirs, never added."""

    month: Annotated[str, Meta(description="As YYYY-MM.")]
    region: Annotated[str, Meta(description="`provider:region`; null: not stated.")] | None
    status: Annotated[Literal["both", "only_ours", "only_theirs"], Meta(description="Which side has figures for it.")]
    ours: Ours | None
    """Null where we have none."""
    theirs: Theirs | None
    """Null where the provider has none."""
    apart: Annotated[list[Apart], Meta(description="How far apart they are, where both have the figure.")]


class Boundary(Struct, frozen=True, kw_only=True, gc=False):
    """What a side counts, in words."""

    side: Annotated[Literal["ours", "theirs"], Meta(description="Whose boundary.")]
    contains: Annotated[list[str], Meta(description="What is in its figures.")]
    lacks: Annotated[list[str], Meta(description="What the other side has and it has not.")]


class Reconciliation(Struct, frozen=True, kw_only=True, gc=False):
    """Our answers beside a provider's report."""

    lines: Annotated[list[ReconciliationLine], Meta(description="By month and region.")]
    boundaries: Annotated[list[Boundary], Meta(description="Why the figures differ even where both are right.")]
    unplaced: Annotated[
        list[str], Meta(description="Pointers of answers that no month or provider's region can be told of.")
    ]
    warnings: Annotated[list[Warn], Meta(description="What the reader must know, by code.")]
