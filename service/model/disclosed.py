"""What `POST /disclosures` answers: the disclosure block."""

from typing import Literal

from msgspec import Struct

from service.model.booked import (
    ByMethod,
    CapitalGoods,
    DisclosedAllocation,
    DisclosedBoundary,
    DisclosedEnergy,
    DisclosedScope2,
    DisclosedTotals,
    InventoryLine,
    WorkloadView,
)
from service.model.comparison import ShownValue, Status
from service.model.factor import Grade
from service.model.result import Warn
from service.model.returned import ReturnedFactorSet, ReturnedSource
from service.model.workload import Period


class TypeLine(Struct, frozen=True, kw_only=True, gc=False):
    """The instruments of one type that counted."""

    type: str
    """Kind of instrument."""
    instruments: int
    """How many."""
    applied_kwh: float
    """Energy that they cover. [kWh]"""
    share: float
    """Of the facility energy."""


class QualityLine(Struct, frozen=True, kw_only=True, gc=False):
    """What the quality criteria said."""

    outcome: str
    """`counted`, or the code of the first criterion that failed."""
    instruments: int
    """How many."""
    applied_kwh: float
    """Energy that they cover. [kWh]"""


class UnverifiedLine(Struct, frozen=True, kw_only=True, gc=False):
    """Instruments that were sent without what would attest a criterion; none of them counts."""

    criterion: str
    """The field that would attest it."""
    instruments: int
    """How many."""


class InstrumentShares(Struct, frozen=True, kw_only=True, gc=False):
    """Contractual instruments as parts of the facility energy: an emissions basis would hide zero-rated kWh."""

    facility_kwh: float
    """What the shares are of. [kWh]"""
    covered_kwh: float
    """By instruments. [kWh]"""
    share: float
    """Covered part."""
    bundled_share: float
    """Of the facility energy: came with the electricity."""
    unbundled_share: float
    """Of the facility energy: bought apart from it."""
    unstated_share: float
    """Of the facility energy: `bundled` was not said."""
    by_type: list[TypeLine]
    """What the covered energy is the sum of."""


class ContractualInstruments(InstrumentShares, frozen=True, kw_only=True, gc=False):
    """All the workloads' instruments, and what the criteria said of them."""

    of_scope2: InstrumentShares | None
    """The same for the electricity that is booked in Scope 2; null where none is."""
    quality: list[QualityLine]
    """Every instrument that was sent."""
    unverified: list[UnverifiedLine]
    """Criteria that nothing attests, of instruments that did not count."""


class ResidualMix(Struct, frozen=True, kw_only=True, gc=False):
    """What prices the energy that no instrument covers."""

    state: Literal["used", "partly_absent", "absent", "not_needed"]
    """Whether a residual mix was there; where it was not, the location factor stood in."""
    sources: list[str]
    """Ids of the residual mixes used."""
    uncovered_kwh: float
    """Energy that no instrument covers. [kWh]"""
    priced_by_location_kwh: float
    """Of it, what had no residual mix. [kWh]"""


class FactorSetLine(Struct, frozen=True, kw_only=True, gc=False):
    """A factor set that answers rest on."""

    id: str
    """Its name."""
    version: str
    """Release and hash of the tables."""
    answers: int
    """How many rest on it."""


class DisclosedFactors(Struct, frozen=True, kw_only=True, gc=False):
    """Every factor, with its version and year."""

    factor_sets: list[FactorSetLine]
    """Each that occurs."""
    items: list[ReturnedSource]
    """Each factor once, by id."""
    answers_without_sources: int
    """Answers that list none, and whose factors stand here only if `sources` was sent."""


class DisclosedGwp(Struct, frozen=True, kw_only=True, gc=False):
    """Global warming potentials over 100 years."""

    sets: list[str]
    """Of the method."""
    factor_sets_stated: list[str]
    """That the grid, residual and upstream factors state."""


class Exclusion(Struct, frozen=True, kw_only=True, gc=False):
    """Something that is not in the inventory, and why."""

    figure: str
    """Its path in an answer, or what it is."""
    answers: int
    """How many lack it."""
    ids: list[str]
    """Of these, the first 20 ids."""
    partial: bool
    """True where a part is there."""
    kg_co2e: float | None
    """What was left out; null where nobody knows. [kg CO2e]"""
    code: str | None
    """Why, as a code of GET /methodology."""
    reason: str
    """Why, in words."""


class MethodGrades(Struct, frozen=True, kw_only=True, gc=False):
    """Quality of the two totals."""

    location_based: Grade
    """Of that total."""
    market_based: Grade
    """Of that total."""


class KgRange(Struct, frozen=True, kw_only=True, gc=False):
    """The range of a total. [kg CO2e]"""

    low_kg_co2e: float
    high_kg_co2e: float


class MethodRanges(Struct, frozen=True, kw_only=True, gc=False):
    """Ranges of the two totals."""

    location_based: KgRange
    """Of that total."""
    market_based: KgRange
    """Of that total."""


class DisclosedBaseYear(Struct, frozen=True, kw_only=True, gc=False):
    """The base year, whether this period compares with it, and what moved."""

    period: Period
    """Its time."""
    kg_co2e: ByMethod
    """Its totals, as they were reported. [kg CO2e]"""
    reason: str | None
    """Why this year, or why it was recalculated."""
    recalculated_kg_co2e: ByMethod | None
    """Its totals by today's method. [kg CO2e]"""
    shift_share: ByMethod | None
    """How far the recalculation moves it."""
    threshold_share: float
    """From which shift on the recalculation is due."""
    passes_threshold: bool | None
    """Whether it is due under either method; null without a recalculation."""
    status: Status
    """Whether this period compares with it, recalculated where that was sent."""
    delta_kg_co2e: ByMethod | None
    """This period minus the base year; null where they do not compare. [kg CO2e]"""
    delta_share: ByMethod | None
    """Of the base year; null where they do not compare."""


class FingerprintLine(Struct, frozen=True, kw_only=True, gc=False):
    """A method that answers were made by; `methodologies` of a later base year takes this list."""

    id: str
    """Of the method."""
    version: str
    """Of the method."""
    factor_set: ReturnedFactorSet
    """Which factors were in force."""
    parameters: dict[str, ShownValue]
    """In force."""
    parameters_hash: str
    """SHA-256 of the parameters."""
    fingerprint: str
    """Answers of equal fingerprints compare."""
    answers: int
    """How many were made so."""


class AnswerWarning(Struct, frozen=True, kw_only=True, gc=False):
    """A warning that answers carry."""

    code: str
    """Stable name."""
    message: str | None
    """What it means; null for a code that is not known here."""
    answers: int
    """How many carry it."""


class Datapoint(Struct, frozen=True, kw_only=True, gc=False):
    """A figure of this block as a reporting framework asks for it."""

    framework: str
    """Which framework."""
    datapoint: str
    """Its paragraph, question or field, as the edition numbers it."""
    title: str
    """What it asks for."""
    value: float | None
    """In `unit`; null with a reason."""
    unit: str
    """Of the value."""
    reason: str | None
    """Why there is no value."""
    note: str | None
    """What else its reader must know."""
    publication: str
    """Which text the datapoint is of, with its edition."""
    url: str | None
    evidence: Literal["read", "second-hand"]
    """Whether that text was read for this map, or what others say of it."""


class Disclosure(Struct, frozen=True, kw_only=True, gc=False):
    """What an organization discloses of its workloads' emissions."""

    period: Period
    """The reporting period."""
    organization: str
    """Who reports."""
    boundary: DisclosedBoundary
    """What the block covers."""
    energy: DisclosedEnergy
    """By level and deployment."""
    scope2: DisclosedScope2
    """Both methods."""
    scope3: list[InventoryLine]
    """What the company books in Scope 3, by category and basis."""
    totals: DisclosedTotals
    """Sums of the inventory lines."""
    workloads: WorkloadView
    """The workloads' own view."""
    capital_goods: CapitalGoods
    """Hardware of one's own."""
    contractual_instruments: ContractualInstruments
    """On an energy basis."""
    residual_mix: ResidualMix
    """Its source, or its absence."""
    allocation: DisclosedAllocation
    """How shared hardware fell on the workloads."""
    factors: DisclosedFactors
    """With version and year."""
    gwp: DisclosedGwp
    """Which global warming potentials."""
    exclusions: list[Exclusion]
    """What is not in the inventory, and why."""
    grade: MethodGrades
    """Of the totals."""
    range: MethodRanges
    """Of the totals."""
    primary_data_share: ByMethod
    """Of the totals."""
    base_year: DisclosedBaseYear | None
    """Null where none was sent."""
    fingerprints: list[FingerprintLine]
    """By which methods the answers were made."""
    answer_warnings: list[AnswerWarning]
    """What the answers warn of."""
    frameworks: list[Datapoint]
    """The figures as reporting frameworks ask for them."""
    warnings: list[Warn]
    """What the reader must know, by code."""
