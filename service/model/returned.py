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
    inventory_category: Category


class ReturnedInstrument(Struct, frozen=True, kw_only=True, gc=False):
    """What became of one contractual instrument."""

    id: Text
    type: Text
    applied_kwh: Kwh
    accepted: bool
    reason: Text | None = None
    bundled: bool | None = None
    unverified: Annotated[list[Text], Meta(max_length=16)] = []


class ReturnedMarketFigure(ReturnedFigure, frozen=True, kw_only=True, gc=False):
    """Scope 2, market-based."""

    coverage_share: Share
    covered_kwh: Kwh
    uncovered_kwh: Kwh
    fallback: Literal["location"] | None = None
    instruments: Annotated[list[ReturnedInstrument], Meta(max_length=1001)] = []


class ReturnedScope2(Struct, frozen=True, kw_only=True, gc=False):
    """Purchased electricity by both methods."""

    location_based: ReturnedFigure | None = None
    market_based: ReturnedMarketFigure | None = None


class ReturnedFuelAndEnergy(Struct, frozen=True, kw_only=True, gc=False):
    """Category 3 under both methods."""

    location_based: ReturnedFigure | None = None
    market_based: ReturnedFigure | None = None


class ReturnedEmbodied(ReturnedFigure, frozen=True, kw_only=True, gc=False):
    """Making of the hardware."""

    acquisition_year_kg_co2e: Kg | None = None
    unallocated_kg_co2e: Kg | None = None


class ReturnedScope3(Struct, frozen=True, kw_only=True, gc=False):
    """The value chain of the workload."""

    fuel_and_energy: ReturnedFuelAndEnergy | None = None
    embodied: ReturnedEmbodied | None = None
    infrastructure: ReturnedFigure | None = None
    spend_based: ReturnedFigure | None = None


class ReturnedTotal(Struct, frozen=True, kw_only=True, gc=False):
    """Sum of the figures under one Scope 2 method. [kg CO2e]"""

    kg_co2e: Kg
    low_kg_co2e: Kg
    high_kg_co2e: Kg
    grade: Grade
    worst_grade: Grade
    primary_data_share: Share
    missing: Annotated[list[Text], Meta(max_length=16)] = []


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


class ReturnedRegion(Struct, frozen=True, kw_only=True, gc=False):
    """Where the workload ran."""

    id: Name
    provider: Text | None = None
    country: Text | None = None
    grid: Text | None = None


class ReturnedAllocation(Struct, frozen=True, kw_only=True, gc=False):
    """The allocation method used."""

    method: Text


class ReturnedFactorSet(Struct, frozen=True, kw_only=True, gc=False):
    """Which factors were in force."""

    id: Name
    version: Name


class ReturnedMethodology(Struct, frozen=True, kw_only=True, gc=False):
    """By which method, parameters and factors the figures were made."""

    id: Name
    version: Name
    factor_set: ReturnedFactorSet
    parameters: Annotated[dict[Name, Any], Meta(max_length=64)]
    parameters_hash: Text
    fingerprint: Text


class ReturnedSource(Struct, frozen=True, kw_only=True, gc=False):
    """A factor that was used."""

    id: Text
    kind: Text
    value: float | None = None
    unit: Text | None = None
    year: int | None = None
    edition: Text | None = None
    publisher: Text | None = None
    title: Annotated[str, Meta(max_length=1024)] | None = None
    gwp_set: Text | None = None
    match: Text | None = None
    grade: Grade | None = None


class ReturnedWarning(Struct, frozen=True, kw_only=True, gc=False):
    """Something that the reader of the figures had to know."""

    code: Text
    pointer: Text = ""


class Returned(Struct, frozen=True, kw_only=True, gc=False):
    """The footprint of one workload, as it was answered."""

    id: Text | None = None
    tags: Annotated[dict[Name, Text], Meta(max_length=32)] = {}
    region: ReturnedRegion | None = None
    period: Period | None = None
    deployment: Deployment
    factor_year: int | None = None
    energy: ReturnedEnergy
    scope2: ReturnedScope2
    scope3: ReturnedScope3
    totals: ReturnedTotals
    allocation: ReturnedAllocation
    methodology: ReturnedMethodology
    sources: Annotated[list[ReturnedSource], Meta(max_length=5000)] | None = None
    warnings: Annotated[list[ReturnedWarning], Meta(max_length=5000)] = []
