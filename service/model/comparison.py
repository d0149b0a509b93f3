"""Year over year: what `POST /comparisons` takes and answers."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.model.result import Warn
from service.model.returned import Basis, ParameterValue, Returned, ReturnedFactorSet, ReturnedKg, ReturnedKwh
from service.model.workload import Name, Period, Text

Status = Literal["comparable", "comparable_factor_update", "not_comparable"]
Lengths = Literal["equal", "unequal", "one_missing", "both_missing"]
ShownValue = str | float | bool | list[str] | dict[str, float] | None
"""A parameter in an answer."""
RECALCULATION_THRESHOLD_SHARE = 0.05
"""The base year is recalculated when a change moves it by this; the Protocol leaves the threshold to the company."""


class StatedMethodology(Struct, frozen=True, kw_only=True, gc=False):
    """By which method, parameters and factors figures were made, as `methodology` of an answer states it."""

    id: Name
    """Of the method: `dualscope`."""
    version: Name
    """Of the method."""
    factor_set: ReturnedFactorSet
    """Which factors were in force."""
    parameters: Annotated[dict[Name, ParameterValue], Meta(max_length=64)]
    """In force for the figures."""
    parameters_hash: Text | None = None
    """SHA-256 of the parameters; checked where it is sent."""
    fingerprint: Text | None = None
    """Checked where it is sent."""


class SentYear(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One side of a comparison: an answer of POST /emissions, or its sums by hand; exactly one of the two forms."""

    emissions: Returned | None = None
    """An answer of POST /emissions, as it was given."""
    basis: (
        Annotated[
            Basis,
            Meta(description="Which Scope 2 method is compared; default `location_based`. Both sides have the same."),
        ]
        | None
    ) = None
    period: Period | None = None
    """By hand: the time that the figures are of."""
    energy_kwh: Annotated[ReturnedKwh, Meta(description="By hand: facility energy. [kWh]")] | None = None
    kg_co2e: (
        Annotated[ReturnedKg, Meta(description="By hand: Scope 2 and Category 3 of one basis, together. [kg CO2e]")]
        | None
    ) = None
    methodology: StatedMethodology | None = None
    """By hand: by which method the figures were made."""


class ComparisonRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Two years to compare."""

    baseline: SentYear
    """The earlier year."""
    current: SentYear
    """The later year."""
    recalculated_baseline: SentYear | None = None
    """The baseline's activity by the current method; it then takes the baseline's place."""
    recalculation_threshold_share: Annotated[
        float, Meta(ge=0, le=1, description="From which move of the base year on its recalculation is due.")
    ] = RECALCULATION_THRESHOLD_SHARE


class ComparedYear(Struct, frozen=True, kw_only=True, gc=False):
    """One side, as it was read."""

    period: Period | None
    """Its time; null where the answer has none."""
    energy_kwh: float | None
    """A of the method: facility energy. [kWh]"""
    kg_co2e: float
    """The compared figure. [kg CO2e]"""
    kg_co2e_per_kwh: float | None
    """F of the method: the compared figure per kWh; null without energy."""
    total_kg_co2e: float | None
    """With embodied and infrastructure; null for figures by hand. [kg CO2e]"""
    factor_set: ReturnedFactorSet
    """Which factors were in force."""
    fingerprint: str
    """Worked out from what was sent."""


class ComparedLine(Struct, frozen=True, kw_only=True, gc=False):
    """One figure in both years. [kg CO2e]"""

    figure: str
    """Its path in an answer, or `compared`, or `total`."""
    baseline_kg_co2e: float | None
    """Null where that year has no such figure."""
    current_kg_co2e: float | None
    """Null where that year has no such figure."""
    delta_kg_co2e: float | None
    """Current minus baseline; null where they do not compare."""
    delta_share: float | None
    """Of the baseline; null where that is 0 or they do not compare."""


class MethodDifference(Struct, frozen=True, kw_only=True, gc=False):
    """A parameter, the method or the factor set, where the two differ."""

    parameter: str
    """Its name; `method` and `factor_set` stand beside the parameters."""
    baseline: ShownValue
    """Null where it is not in force."""
    current: ShownValue
    """Null where it is not in force."""


class Recalculation(Struct, frozen=True, kw_only=True, gc=False):
    """How far the current method moves the base year."""

    figure: Literal["total", "compared"]
    """Which figure was looked at: the total, where both have one."""
    original_kg_co2e: float
    """As it was reported. [kg CO2e]"""
    recalculated_kg_co2e: float
    """By the current method. [kg CO2e]"""
    shift_kg_co2e: float
    """Recalculated minus original. [kg CO2e]"""
    shift_share: float | None
    """Of the original; null where that is 0."""
    threshold_share: float
    """From which shift on the recalculation is due."""
    passes_threshold: bool
    """Whether the base year is to be restated."""
    differences: list[MethodDifference]
    """Between the original baseline and the current year."""


class YearComparison(Struct, frozen=True, kw_only=True, gc=False):
    """Two years, whether they compare, and what moved."""

    status: Status
    """`comparable_factor_update`: only the factor set differs. `not_comparable`: every delta is null."""
    basis: Basis | None
    """Which Scope 2 method; null where figures by hand do not say it."""
    figure: str
    """What the compared figure is the sum of."""
    compared_with: Literal["baseline", "recalculated_baseline"]
    """What the current year was held against."""
    periods: Lengths
    """Whether the two are of the same length; without any period that is the caller's to know."""
    baseline: ComparedYear
    """As sent."""
    recalculated_baseline: ComparedYear | None
    """As sent."""
    current: ComparedYear
    """As sent."""
    delta_kg_co2e: float | None
    """Of the compared figure: current minus baseline. [kg CO2e]"""
    delta_share: float | None
    """Of the baseline; null where that is 0."""
    activity_effect_kg_co2e: float | None
    """(A1 - A0)·F0: more or less energy. [kg CO2e]"""
    factor_effect_kg_co2e: float | None
    """A1·(F1 - F0): dirtier or cleaner energy. [kg CO2e]"""
    effects_reason: str | None
    """Why the two effects are null where the delta is not."""
    lines: list[ComparedLine]
    """Each figure, then `compared` and `total`, which are their sums."""
    differences: list[MethodDifference]
    """Between the two that were compared."""
    recalculation: Recalculation | None
    """With `recalculated_baseline`."""
    warnings: list[Warn]
    """What the reader must know, by code."""
