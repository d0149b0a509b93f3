"""An answer of `POST /emissions` as a caller sends it back: as a pool, as a year to compare, as a line of a disclosure.

Only what is read of it stands here. Fields that are not known are passed over, for answers grow; bounds are those of a
request, because an answer may have been edited on its way.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from service.model.factor import Grade
from service.model.workload import Deployment, Kg, Kwh, Name, Period, Share, Text

Basis = Literal["location_based", "market_based"]
"""Which of the two Scope 2 methods: alternatives, never added."""
Category = Annotated[str, Meta(max_length=64)]


class ReturnedFigure(Struct, frozen=True, kw_only=True, gc=False):
    """A figure with its range, grade and place in the inventory. [kg CO2e]"""

    kg_co2e: Kg
    low_kg_co2e: Kg
    high_kg_co2e: Kg
    grade: Grade
    workload_scope: Category
    """The workload's view: `scope2`, `scope3.cat3` and so on."""
    inventory_category: Category
    """What the reporting company books it under."""


class ReturnedInstrument(Struct, frozen=True, kw_only=True, gc=False):
    """What became of one contractual instrument."""

    id: Text
    """As sent."""
    type: Text
    """As sent."""
    applied_kwh: Kwh
    accepted: bool
    """Whether it counted."""
    reason: Text | None = None
    """The first quality criterion that fails."""
    bundled: bool | None = None
    """Whether it came with the electricity."""
    unverified: Annotated[list[Text], Meta(max_length=16)] = []
    """Quality criteria that nothing attests."""


class ReturnedMarketFigure(ReturnedFigure, frozen=True, kw_only=True, gc=False):
    """Scope 2, market-based."""

    coverage_share: Share
    """Part of the energy that instruments cover."""
    covered_kwh: Kwh
    uncovered_kwh: Kwh
    fallback: Literal["location"] | None = None
    """`location` where no residual mix was known."""
    instruments: Annotated[list[ReturnedInstrument], Meta(max_length=1001)] = []
    """What became of each."""


class ReturnedScope2(Struct, frozen=True, kw_only=True, gc=False):
    """Purchased electricity by both methods."""

    location_based: ReturnedFigure | None = None
    """By the grid's average."""
    market_based: ReturnedMarketFigure | None = None
    """By contracts and the residual mix."""


class ReturnedFuelAndEnergy(Struct, frozen=True, kw_only=True, gc=False):
    """Category 3 under both methods."""

    location_based: ReturnedFigure | None = None
    """Beside the location-based Scope 2."""
    market_based: ReturnedFigure | None = None
    """Beside the market-based Scope 2."""


class ReturnedEmbodied(ReturnedFigure, frozen=True, kw_only=True, gc=False):
    """Making of the hardware."""

    acquisition_year_kg_co2e: Kg | None = None
    unallocated_kg_co2e: Kg | None = None


class ReturnedScope3(Struct, frozen=True, kw_only=True, gc=False):
    """The value chain of the workload."""

    fuel_and_energy: ReturnedFuelAndEnergy | None = None
    """Category 3: upstream and grid losses."""
    embodied: ReturnedEmbodied | None = None
    """Making of the hardware."""
    infrastructure: ReturnedFigure | None = None
    """Buildings, plant and network."""
    spend_based: ReturnedFigure | None = None
    """All of it, where cost alone was known."""


class ReturnedTotal(Struct, frozen=True, kw_only=True, gc=False):
    """Sum of the figures under one Scope 2 method. [kg CO2e]"""

    kg_co2e: Kg
    low_kg_co2e: Kg
    high_kg_co2e: Kg
    grade: Grade
    worst_grade: Grade
    """The worst of its figures."""
    primary_data_share: Share
    """Part that rests on metered energy or the caller's own factors."""
    missing: Annotated[list[Text], Meta(max_length=16)] = []
    """Figures that are null, and so not in the sum."""


class ReturnedTotals(Struct, frozen=True, kw_only=True, gc=False):
    """Two totals, always."""

    location_based: ReturnedTotal
    market_based: ReturnedTotal


class ReturnedEnergy(Struct, frozen=True, kw_only=True, gc=False):
    """The workload's energy at each side of the meter. [kWh]"""

    component_kwh: Kwh | None = None
    it_kwh: Kwh | None = None
    facility_kwh: Kwh | None = None
    pue: Annotated[float, Meta(ge=1, le=1e12)] | None = None
    tier: Annotated[int, Meta(ge=1, le=5)]
    """1 metered facility, 2 metered IT, 3 component sensors, 4 modeled, 5 spend."""


class ReturnedRegion(Struct, frozen=True, kw_only=True, gc=False):
    """Where the workload ran."""

    id: Name
    """Region or zone."""
    provider: Text | None = None
    """Whose region it is."""
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
    """Release and content."""


class ReturnedMethodology(Struct, frozen=True, kw_only=True, gc=False):
    """By which method, parameters and factors the figures were made."""

    id: Name
    """Name of the method."""
    version: Name
    """Of the method."""
    factor_set: ReturnedFactorSet
    parameters: Annotated[dict[Name, Any], Meta(max_length=64)]
    """Those in force."""
    parameters_hash: Text
    """SHA-256 of them."""
    fingerprint: Text
    """Equal ones compare."""


class ReturnedSource(Struct, frozen=True, kw_only=True, gc=False):
    """A factor that was used."""

    id: Text
    """Of the factor."""
    kind: Text
    """What it is a factor of."""
    value: float | None = None
    """In its unit."""
    unit: Text | None = None
    """Of the value."""
    year: int | None = None
    """That the publisher issues it for."""
    edition: Text | None = None
    publisher: Text | None = None
    title: Annotated[str, Meta(max_length=1024)] | None = None
    """Of the publication."""
    gwp_set: Text | None = None
    """AR5 or AR6, where stated."""
    match: Text | None = None
    """How well it fits what was asked."""
    grade: Grade | None = None


class ReturnedWarning(Struct, frozen=True, kw_only=True, gc=False):
    """Something that the reader of the figures had to know."""

    code: Text
    """Stable name."""
    pointer: Text = ""
    """RFC 6901, into the request that it was of."""


class Returned(Struct, frozen=True, kw_only=True, gc=False):
    """The footprint of one workload, as it was answered."""

    id: Text | None = None
    """As answered."""
    tags: Annotated[dict[Name, Text], Meta(max_length=32)] = {}
    """As answered."""
    region: ReturnedRegion | None = None
    """Where it ran."""
    period: Period | None = None
    """When it ran."""
    deployment: Deployment
    """As used."""
    factor_year: int | None = None
    """Year that the factors were chosen for."""
    energy: ReturnedEnergy
    scope2: ReturnedScope2
    scope3: ReturnedScope3
    totals: ReturnedTotals
    allocation: ReturnedAllocation
    methodology: ReturnedMethodology
    sources: Annotated[list[ReturnedSource], Meta(max_length=5000)] | None = None
    warnings: Annotated[list[ReturnedWarning], Meta(max_length=5000)] = []
    """What the reader had to know."""
