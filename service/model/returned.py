"""An answer of `POST /emissions` as a caller sends it back: as a pool, as a year to compare, as a line of a disclosure.

Only what is read of it stands here. Fields that are not known are passed over, for answers grow; every number is bound,
because an answer may have been edited on its way, and wide enough for whatever an answer may hold. How many sources and
warnings there may be, the body's size says.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.model.factor import Grade
from service.model.workload import Deployment, Name, Period, Share, Text

Basis = Literal["location_based", "market_based"]
"""Which of the two Scope 2 methods: alternatives, never added."""
LARGEST = 1e60
"""Above every product that an answer may hold, and far below what a double cannot."""
ReturnedKg = Annotated[float, Meta(ge=0, le=LARGEST)]
ReturnedKwh = Annotated[float, Meta(ge=0, le=LARGEST)]
Category = Annotated[str, Meta(max_length=64)]
SourceText = Annotated[str, Meta(max_length=2048)]
ParameterValue = (
    Annotated[str, Meta(max_length=256)]
    | float
    | bool
    | Annotated[list[Text], Meta(max_length=64)]
    | Annotated[dict[Name, float], Meta(max_length=64)]
    | None
)


class ReturnedFigure(Struct, frozen=True, kw_only=True, gc=False):
    """A figure with its range, grade and place in the inventory. [kg CO2e]"""

    kg_co2e: ReturnedKg
    """As it was answered. [kg CO2e]"""
    low_kg_co2e: ReturnedKg
    high_kg_co2e: ReturnedKg
    grade: Grade
    workload_scope: Category
    """The workload's view."""
    inventory_category: Category
    """What the reporting company books."""


class ReturnedInstrument(Struct, frozen=True, kw_only=True, gc=False):
    """What became of one contractual instrument."""

    id: SourceText
    """As it was sent; of a provider's published claim, its factor."""
    type: Text
    """Kind of instrument."""
    applied_kwh: ReturnedKwh
    """Energy that it covers. [kWh]"""
    accepted: bool
    """Whether it counted."""
    reason: Text | None = None
    """The first quality criterion that fails."""
    bundled: bool | None = None
    """Whether it came with the electricity."""
    unverified: Annotated[list[Text], Meta(max_length=16)]
    """Quality criteria that nothing attests."""


class ReturnedMarketFigure(ReturnedFigure, frozen=True, kw_only=True, gc=False):
    """Scope 2, market-based."""

    coverage_share: Share
    """Part of the energy that instruments cover."""
    covered_kwh: ReturnedKwh
    """By instruments. [kWh]"""
    uncovered_kwh: ReturnedKwh
    """Priced by the residual mix, or the location factor. [kWh]"""
    fallback: Literal["location"] | None = None
    """`location` where no residual mix is known."""
    instruments: Annotated[list[ReturnedInstrument], Meta(max_length=1001)]
    """What became of each."""


class ReturnedScope2(Struct, frozen=True, kw_only=True, gc=False):
    """Purchased electricity by both methods."""

    location_based: ReturnedFigure | None = None
    """By the grid's average."""
    market_based: ReturnedMarketFigure | None = None
    """By contract, the rest by the residual mix."""


class ReturnedFuelAndEnergy(Struct, frozen=True, kw_only=True, gc=False):
    """Category 3 under both methods."""

    location_based: ReturnedFigure | None = None
    """On the location-based Scope 2."""
    market_based: ReturnedFigure | None = None
    """On the market-based Scope 2."""


class ReturnedEmbodied(ReturnedFigure, frozen=True, kw_only=True, gc=False):
    """Making of the hardware."""

    acquisition_year_kg_co2e: ReturnedKg | None = None
    """What inventory Category 2 takes in the year of purchase. [kg CO2e]"""
    unallocated_kg_co2e: ReturnedKg | None = None
    """Of the hardware in these hours, charged to nobody. [kg CO2e]"""


class ReturnedScope3(Struct, frozen=True, kw_only=True, gc=False):
    """The value chain of the workload."""

    fuel_and_energy: ReturnedFuelAndEnergy | None = None
    """Category 3: upstream of fuels, and losses."""
    embodied: ReturnedEmbodied | None = None
    """Making of the hardware."""
    infrastructure: ReturnedFigure | None = None
    """Buildings, plant and network."""
    spend_based: ReturnedFigure | None = None
    """For cost alone: all of it in one figure."""


class ReturnedTotal(Struct, frozen=True, kw_only=True, gc=False):
    """Sum of the figures under one Scope 2 method. [kg CO2e]"""

    kg_co2e: ReturnedKg
    """Sum of the figures. [kg CO2e]"""
    low_kg_co2e: ReturnedKg
    high_kg_co2e: ReturnedKg
    grade: Grade
    worst_grade: Grade
    """Of the figures in it."""
    primary_data_share: Share
    """Part that rests on metered energy or the caller's own factors."""
    missing: Annotated[list[Text], Meta(max_length=16)] = []
    """Figures that are null, and so not in the sum."""


class ReturnedTotals(Struct, frozen=True, kw_only=True, gc=False):
    """Two totals, always."""

    location_based: ReturnedTotal | None = None
    """With location-based Scope 2."""
    market_based: ReturnedTotal | None = None
    """With market-based Scope 2."""


class ReturnedEnergy(Struct, frozen=True, kw_only=True, gc=False):
    """The workload's energy at each side of the meter. [kWh]"""

    component_kwh: ReturnedKwh | None = None
    """At the chips. [kWh]"""
    it_kwh: ReturnedKwh | None = None
    """At the server plug. [kWh]"""
    facility_kwh: ReturnedKwh | None = None
    """At the building's meter. [kWh]"""
    pue: Annotated[float, Meta(ge=1, le=1e12)] | None = None
    tier: Annotated[int, Meta(ge=1, le=5)]
    """1 facility meter, 2 IT meter, 3 component sensors, 4 modeled, 5 spend."""


class ReturnedRegion(Struct, frozen=True, kw_only=True, gc=False):
    """Where the workload ran."""

    id: Name
    """As `region` names it."""
    provider: Text | None = None
    """Cloud provider; null for a zone."""
    country: Text | None = None
    grid: Text | None = None
    """The zone whose grid feeds it."""


class ReturnedAllocation(Struct, frozen=True, kw_only=True, gc=False):
    """The allocation method used."""

    method: Text
    """The one used."""


class ReturnedFactorSet(Struct, frozen=True, kw_only=True, gc=False):
    """Which factors were in force."""

    id: Name
    """Its name."""
    version: Name
    """Release and hash of the tables."""


class ReturnedMethodology(Struct, frozen=True, kw_only=True, gc=False):
    """By which method, parameters and factors the figures were made."""

    id: Name
    """Of the method."""
    version: Name
    """Of the method."""
    factor_set: ReturnedFactorSet
    """Which factors were in force."""
    parameters: Annotated[dict[Name, ParameterValue], Meta(max_length=64)]
    """In force in the answer."""
    parameters_hash: Text
    """SHA-256 of the parameters."""
    fingerprint: Text
    """Answers of equal fingerprints compare."""


class ReturnedSource(Struct, frozen=True, kw_only=True, gc=False):
    """A factor that was used."""

    id: SourceText
    """Path of the factor."""
    kind: SourceText
    """Kind of factor."""
    value: float | None = None
    """In its unit."""
    unit: SourceText | None = None
    """Of the value."""
    year: int | None = None
    """The year that the publisher issues the figure for."""
    edition: SourceText | None = None
    publisher: SourceText | None = None
    title: SourceText | None = None
    """Of the publication."""
    url: SourceText | None = None
    """Where it is found."""
    license: SourceText | None = None
    """Under which its figures are published."""
    gwp_set: Text | None = None
    """`AR5`, `AR6`, or null where not stated."""
    match: Text | None = None
    """How well it fits the question."""
    grade: Grade | None = None


class ReturnedWarning(Struct, frozen=True, kw_only=True, gc=False):
    """Something that the reader of the figures had to know."""

    code: Text
    """Stable name; GET /methodology lists all."""
    pointer: SourceText = ""
    """Into the request that was answered."""


class Returned(Struct, frozen=True, kw_only=True, gc=False):
    """The footprint of one workload, as it was answered."""

    id: Text | None = None
    """As it was sent."""
    tags: Annotated[dict[Name, Text], Meta(max_length=32)] = {}
    """As they were sent."""
    region: ReturnedRegion | None = None
    """Where it ran."""
    period: Period | None = None
    """When it ran."""
    deployment: Deployment
    """Whose machines and building."""
    factor_year: int | None = None
    """Year that the factors were chosen for."""
    energy: ReturnedEnergy
    """The workload's energy."""
    scope2: ReturnedScope2
    """Purchased electricity."""
    scope3: ReturnedScope3
    """The value chain."""
    totals: ReturnedTotals
    """Sums under both methods."""
    allocation: ReturnedAllocation
    """How the hardware fell on the workload."""
    methodology: ReturnedMethodology
    """By which method the figures were made."""
    sources: list[ReturnedSource] | None = None
    """Each factor used; null in a batch, which lists them for all."""
    warnings: list[ReturnedWarning] = []
    """What the reader had to know."""
