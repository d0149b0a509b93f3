"""What a bill comes to: its sums, what they cover, and why the rest could not be estimated."""

from typing import Annotated

from msgspec import Meta, Struct

Kg = Annotated[float | None, Meta(description="Sum of its column, null where no row has it. [kg CO2e]")]
CostShare = Annotated[
    float | None,
    Meta(description="Of the effective cost of usage, in absolute amounts, the part on rows with a figure. [-]"),
]


class FocusFigures(Struct, frozen=True, kw_only=True, gc=False):
    """Sums over the rows. Location and market are alternatives; spend stands for all figures of its rows."""

    energy_kwh: Annotated[float | None, Meta(description="At the facility. [kWh]")]
    scope2_location_kg_co2e: Kg
    scope2_market_kg_co2e: Kg
    scope3_fuel_and_energy_location_kg_co2e: Kg
    scope3_fuel_and_energy_market_kg_co2e: Kg
    scope3_embodied_kg_co2e: Kg
    scope3_infrastructure_kg_co2e: Kg
    scope3_spend_kg_co2e: Kg


TotalKg = Annotated[float | None, Meta(description="Null where no row has a figure. [kg CO2e]")]


class FocusTotals(Struct, frozen=True, kw_only=True, gc=False):
    """Two totals, always: location and market are alternatives."""

    location_based_kg_co2e: TotalKg
    market_based_kg_co2e: TotalKg


class FocusEstimated(Struct, frozen=True, kw_only=True, gc=False):
    """Rows with a figure, by what it rests on."""

    machine: Annotated[int, Meta(description="Hardware and its hours.")]
    storage: Annotated[int, Meta(description="Data kept: one copy, 730 hours a month.")]
    network: Annotated[int, Meta(description="Data moved between data centers.")]
    spend: Annotated[int, Meta(description="Money alone, grade E.")]


class FocusReason(Struct, frozen=True, kw_only=True, gc=False):
    """Why rows could not be estimated, or not by their activity."""

    reason: Annotated[str, Meta(description="Stable name.", examples=["hardware_unknown"])]
    code: Annotated[str, Meta(description="Code that the rows have in x_CarbonReason.", examples=["HARDWARE_UNKNOWN"])]
    detail: Annotated[str, Meta(description="In words.")]
    rows: Annotated[int, Meta(description="How many.")]


class FocusCurrency(Struct, frozen=True, kw_only=True, gc=False):
    """The rows billed in one currency."""

    currency: Annotated[str, Meta(description="ISO 4217; `other` for what is none.", examples=["USD"])]
    rows: Annotated[int, Meta(description="How many.")]
    effective_cost: Annotated[float, Meta(description="Sum of EffectiveCost of all its rows, in it.")]
    covered_cost_share: CostShare


class FocusSummary(Struct, frozen=True, kw_only=True, gc=False):
    """What a bill comes to."""

    rows: Annotated[int, Meta(description="As many come back as came in, in the same order.")]
    estimated: FocusEstimated
    covered_cost_share: Annotated[CostShare, Meta(description="Null for several currencies, which are not added.")]
    figures: FocusFigures
    totals: FocusTotals
    not_estimated: Annotated[list[FocusReason], Meta(description="Rows without any figure, by reason.")]
    by_spend: Annotated[list[FocusReason], Meta(description="Rows estimated from money, by why not from activity.")]
    currencies: Annotated[list[FocusCurrency], Meta(description="Never added to each other.")]
    method_version: Annotated[str, Meta(description="Of the method.")]
    factor_set: Annotated[str, Meta(description="Id and version.")]
