"""What a caller gets back: the footprint of one workload."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from service.model.factor import Grade, Match
from service.model.workload import Deployment, Method, Period


class Warn(Struct, frozen=True, order=True, gc=False):
    """Something that the reader of the figures must know."""

    code: str
    pointer: str
    severity: Literal["info", "warning"]
    detail: str


class Source(Struct, frozen=True, kw_only=True, gc=False):
    """A factor that was used, once, with where it comes from."""

    id: str
    kind: str
    zone: str | None = None
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str
    year: int | None
    """The year that the publisher issues the figure for."""
    data_year: int | None = None
    edition: str | None = None
    publisher: str
    title: str
    url: str | None = None
    license: str | None
    basis: str | None = None
    gwp_set: str | None = None
    match: Match
    grade: Grade
    note: str | None = None


class Region(Struct, frozen=True, kw_only=True, gc=False):
    """Where the workload ran."""

    id: str
    name: str
    provider: str | None
    country: str | None
    """ISO 3166; none for a group of countries."""
    grid: str
    """The zone whose grid feeds it."""
    latitude: float | None
    longitude: float | None


class EnergyResult(Struct, frozen=True, kw_only=True, gc=False):
    """The workload's energy at each side of the meter. [kWh]"""

    component_kwh: float | None
    it_kwh: float | None
    facility_kwh: float | None
    pue: float | None
    tier: int
    """1 metered facility, 2 metered IT, 3 component sensors, 4 modeled, 5 spend (no energy)."""
    hourly_gap_share: float
    grade: Grade
    low_kwh: float | None
    """Of the facility energy."""
    high_kwh: float | None
    formula: str
    sources: list[str]
    derivation: str | UnsetType = UNSET


class Figure(Struct, frozen=True, kw_only=True, gc=False):
    """A number with its range, grade, place in the inventory and sources. [kg CO2e]"""

    kg_co2e: float
    low_kg_co2e: float
    high_kg_co2e: float
    grade: Grade
    workload_scope: str
    inventory_category: str
    formula: str
    sources: list[str]
    derivation: str | UnsetType = UNSET


class InstrumentResult(Struct, frozen=True, kw_only=True, gc=False):
    """What became of one contractual instrument."""

    id: str
    type: str
    applied_kwh: float
    kg_co2e: float
    accepted: bool
    reason: str | None
    """The first quality criterion that fails."""
    bundled: bool | None
    unverified: list[str]
    """Quality criteria that nothing attests."""


class MarketFigure(Figure, frozen=True, kw_only=True, gc=False):
    """Scope 2, market-based."""

    coverage_share: float
    covered_kwh: float
    uncovered_kwh: float
    excess_kwh: float
    hourly_score: float | None
    surplus_kwh: float
    fallback: Literal["location"] | None
    instruments: list[InstrumentResult]


class Scope2(Struct, frozen=True, kw_only=True, gc=False):
    """Purchased electricity by both methods, never added together."""

    location_based: Figure | None
    market_based: MarketFigure | None


class FuelAndEnergyFigure(Figure, frozen=True, kw_only=True, gc=False):
    """Category 3 on one basis: the sum of its two parts."""

    upstream: Figure | None
    td_losses: Figure | None


class FuelAndEnergy(Struct, frozen=True, kw_only=True, gc=False):
    """Category 3 under both methods."""

    location_based: FuelAndEnergyFigure | None
    market_based: FuelAndEnergyFigure | None


class EmbodiedFigure(Figure, frozen=True, kw_only=True, gc=False):
    """The part of the hardware's making that falls on the workload."""

    total_kg_co2e: float | None
    """Whole-life figure of all its machines."""
    counted_hours: float | None
    lifetime_hours: float | None
    resource_share: float | None
    kg_co2e_per_device_hour: float | None
    acquisition_year_kg_co2e: float | None
    unallocated_kg_co2e: float | None
    origin: str
    """`user`, `boavizta`, `embedded` or `spend`."""
    origin_reason: str | None = None
    """Why a live hardware source that is asked has no figure."""
    source_lifetime_hours: float | None = None
    """The life that the source assumed; shown, not used. [h]"""


class InfrastructureLine(Struct, frozen=True, kw_only=True, gc=False):
    """One of the provider's components, and whether it counted. [kg CO2e]"""

    name: str
    kg_co2e: float
    """Its part that falls on the workload; 0 where it is left out."""
    counted: bool


class InfrastructureFigure(Figure, frozen=True, kw_only=True, gc=False):
    """The part of the provider's buildings, plant and network that falls on the workload."""

    driver: str
    workload_driver: float
    provider_driver_total: float | None
    share: float | None
    components: list[InfrastructureLine]


class Scope3(Struct, frozen=True, kw_only=True, gc=False):
    """The value chain of the workload."""

    fuel_and_energy: FuelAndEnergy | None
    embodied: EmbodiedFigure | None
    infrastructure: InfrastructureFigure | None
    spend_based: Figure | None


class Total(Struct, frozen=True, kw_only=True, gc=False):
    """Sum of the figures under one Scope 2 method. [kg CO2e]"""

    kg_co2e: float
    low_kg_co2e: float
    high_kg_co2e: float
    grade: Grade
    worst_grade: Grade
    primary_data_share: float
    """Part that rests on metered energy or the caller's own factors."""
    missing: list[str]
    """Figures that are null, and so not in the sum."""
    derivation: str | UnsetType = UNSET


class Totals(Struct, frozen=True, kw_only=True, gc=False):
    """Two totals, always: location and market are alternatives."""

    location_based: Total
    market_based: Total


class Alternative(Struct, frozen=True, kw_only=True, gc=False):
    """The result under one allocation method, or why it cannot be formed."""

    method: Method
    embodied_kg_co2e: float | None
    unallocated_kg_co2e: float | None
    infrastructure_kg_co2e: float | None
    code: str | None


class AllocationResult(Struct, frozen=True, kw_only=True, gc=False):
    """The allocation method used, and the others when asked for."""

    method: Method
    alternatives: list[Alternative]


class Intensity(Struct, frozen=True, kw_only=True, gc=False):
    """Emissions per functional unit. [g CO2e per unit]"""

    unit: str
    count: float
    sci_g_co2e: float | None
    """Software Carbon Intensity: location-based plus embodied; null where embodied is not known."""
    full_g_co2e: float
    """The location-based total, Category 3 and infrastructure included where known."""
    price_basis: str | None = None


class FactorSet(Struct, frozen=True, kw_only=True, gc=False):
    """Which factors were in force."""

    id: str
    version: str


class Methodology(Struct, frozen=True, kw_only=True, gc=False):
    """By which method, parameters and factors the figures were made; equal fingerprints compare."""

    id: str
    version: str
    factor_set: FactorSet
    parameters: dict[str, Any]
    parameters_hash: str
    fingerprint: Annotated[str, Meta(examples=["mf1:472f8e37852d5aa0e36e436f7781aa5272bde115ab1fb4c257380d3c41aaf7ba"])]


class Emissions(Struct, frozen=True, kw_only=True, gc=False):
    """The footprint of one workload."""

    id: str | None
    tags: dict[str, str]
    region: Region | None
    period: Period | None
    deployment: Deployment
    factor_year: int | None
    energy: EnergyResult
    scope2: Scope2
    scope3: Scope3
    totals: Totals
    allocation: AllocationResult
    intensities: list[Intensity]
    methodology: Methodology | Raw
    sources: list[Source | Raw] | None
    warnings: list[Warn]
