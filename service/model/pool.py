"""A shared pool and those who consumed it, as `POST /allocations` takes and answers them.

Parts are printed in decimals of a kilogram that sum to the pool exactly; shares and drivers are not rounded.
"""

from typing import Annotated, Literal

from msgspec import Meta, Raw, Struct

from service.model.factor import Grade
from service.model.result import Methodology, Warn
from service.model.returned import Basis, Returned
from service.model.workload import Amount, Hours, Kg, Kwh, Money, Name, Period, Share, Text, Usage, Weights, Workload

PoolMethod = Literal["time", "utilization", "physical", "economic", "two_part"]
IdlePolicy = Literal["pro_rata", "unallocated"]
TimeUnit = Literal["device_hours", "wall_clock"]
Origin = Literal["kg_co2e", "components", "workload", "emissions"]
PriceBasis = Literal["list", "contracted", "billed", "effective"]
Kilograms = Annotated[float, Meta(ge=0, description="In exact decimals. [kg CO2e]")]
ByConsumer = dict[str, Kilograms | Raw]
"""A number beyond the digits of a double is written out (`Raw`)."""


class PoolReport(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Where a provider reported the total: echoed, so that the figure keeps its source."""

    provider: Annotated[Name, Meta(description="Who reported it.", examples=["aws", "gcp", "azure"])]
    account: Annotated[Text, Meta(description="Account, project or subscription that it is of.")] | None = None
    period: Period | None = None
    """Time that the total is of."""
    title: Annotated[Text, Meta(description="Name of the report.")] | None = None
    url: Annotated[Text, Meta(description="Where the report is found.")] | None = None


class Pool(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What is divided: exactly one of `kg_co2e`, `components`, `workload`, `emissions`."""

    kg_co2e: Annotated[Kg, Meta(description="One total. [kg CO2e]")] | None = None
    components: (
        Annotated[
            dict[Name, Kg],
            Meta(
                min_length=1,
                max_length=100,
                description="Totals by name, each divided on its own. [kg CO2e]",
                examples=[{"scope1": 12.5, "scope2": 840, "scope3": 1310.2}],
            ),
        ]
        | None
    ) = None
    workload: Workload | None = None
    """A workload, estimated first; its figures are the components."""
    emissions: Returned | None = None
    """An earlier answer of `POST /emissions`; its figures are the components."""
    report: PoolReport | None = None
    """Beside `kg_co2e` or `components`: where the total was reported."""


class ConsumerUsage(Usage, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Metered resources of one consumer, for physical allocation."""

    energy_kwh: Annotated[Kwh, Meta(description="Electrical energy. [kWh]")] | None = None


class PoolWeights(Weights, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What each resource counts in physical allocation; they sum to 1."""

    energy_kwh: Annotated[Share, Meta(description="Of electrical energy.")] | None = None


class ConsumerCost(Money, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What one consumer cost, in one currency on one price basis."""

    price_basis: (
        Annotated[
            PriceBasis, Meta(description="Which of a bill's costs it is; all consumers name the same one, or none.")
        ]
        | None
    ) = None


class Consumer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One of those who share the pool, with what the method divides by."""

    id: Annotated[Name, Meta(description="Unique in the request; echoed.")]
    tags: Annotated[dict[Name, Text], Meta(max_length=32, description="Echoed.")] = {}
    devices: Annotated[Amount, Meta(description="Devices held exclusively; 1 where left out.")] | None = None
    hours: Annotated[Hours, Meta(description="Wall clock. [h]")] | None = None
    device_hours: Annotated[Hours, Meta(description="Exclusive device-hours: devices × hours. [h]")] | None = None
    utilization: Annotated[Share, Meta(description="Mean utilization of what was held.")] | None = None
    usage: ConsumerUsage | None = None
    """For physical."""
    cost: ConsumerCost | None = None
    """For economic."""


class Capacity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """All that the pool could have given, used or idle."""

    device_hours: Annotated[Hours, Meta(description="For time, utilization and two_part. [h]")] | None = None
    hours: Annotated[Hours, Meta(description="For time by wall clock. [h]")] | None = None
    gpu_hours: Annotated[Hours, Meta(description="For physical. [h]")] | None = None
    vcpu_hours: Annotated[Hours, Meta(description="For physical. [h]")] | None = None
    ram_gb_hours: Annotated[Hours, Meta(description="For physical. [GB h]")] | None = None
    energy_kwh: Annotated[Kwh, Meta(description="For physical. [kWh]")] | None = None
    amount: Annotated[Amount, Meta(description="For economic, in the consumers' currency.")] | None = None


class PoolRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A pool and its consumers."""

    pool: Pool
    basis: (
        Annotated[Basis, Meta(description="Scope 2 method of a workload's or an answer's figures; location_based.")]
        | None
    ) = None
    method: (
        Annotated[
            PoolMethod,
            Meta(
                description="What the pool follows; it must be chosen. `time`: device-hours; `utilization`: the used "
                "ones; `physical`: metered resources; `economic`: cost; `two_part`: partly held, partly used hours."
            ),
        ]
        | None
    ) = None
    static_share: (
        Annotated[Share, Meta(description="For two_part: the part that follows held device-hours.")] | None
    ) = None
    time_unit: Annotated[TimeUnit, Meta(description="For time: what is counted.")] = "device_hours"
    idle_policy: Annotated[
        IdlePolicy,
        Meta(description="Idle capacity is charged to the consumers pro rata, or shown as a line of its own."),
    ] = "pro_rata"
    capacity: Capacity | None = None
    """Required with `unallocated`."""
    weights: PoolWeights | None = None
    """For physical with several resources."""
    missing_driver: Annotated[
        Literal["error", "zero"], Meta(description="A consumer without the driver is refused, or counts as zero.")
    ] = "error"
    precision: Annotated[int, Meta(ge=0, le=9, description="Decimals of a kilogram that the parts are printed in.")] = 6
    compare: Annotated[bool, Meta(description="Also divide by every other method that the data allows.")] = False
    consumers: Annotated[list[Consumer], Meta(min_length=1, max_length=100_000, description="Those who share it.")]


class AllocationLine(Struct, frozen=True, kw_only=True, gc=False):
    """What falls on one consumer."""

    id: Annotated[str, Meta(description="As sent.")]
    tags: Annotated[dict[str, str], Meta(description="As sent.")]
    driver: Annotated[float, Meta(ge=0, description="What the method divides by, in `driver_unit`.")]
    share: Annotated[float, Meta(ge=0, le=1, description="Of the pool, unrounded.")]
    kg_co2e: Kilograms | Raw
    components: Annotated[ByConsumer, Meta(description="Its parts by component; empty where the pool is one number.")]


class UnallocatedLine(Struct, frozen=True, kw_only=True, gc=False):
    """What falls on nobody: idle capacity."""

    share: Annotated[float, Meta(ge=0, le=1, description="Of the pool, unrounded.")]
    kg_co2e: Kilograms | Raw
    components: Annotated[ByConsumer, Meta(description="Its parts by component; empty where the pool is one number.")]


class DividedPool(Struct, frozen=True, kw_only=True, gc=False):
    """The pool as it was divided."""

    kg_co2e: Kilograms | Raw
    components: Annotated[ByConsumer, Meta(description="Each in exact decimals; empty where the pool is one number.")]
    unrounded_kg_co2e: Annotated[float, Meta(ge=0, description="Before it was rounded to `precision`. [kg CO2e]")]
    origin: Annotated[Origin, Meta(description="How it was sent.")]
    basis: Annotated[Basis, Meta(description="Scope 2 method of its figures.")] | None
    report: PoolReport | None
    """As sent."""
    missing: Annotated[list[str], Meta(description="Figures that are null, and so not in the pool.")]
    low_kg_co2e: Annotated[float, Meta(ge=0, description="Lower end of its range. [kg CO2e]")] | None
    high_kg_co2e: Annotated[float, Meta(ge=0, description="Upper end of its range. [kg CO2e]")] | None
    grade: Annotated[Grade, Meta(description="Of its figures, weighted by kg; A (best) to E.")] | None
    unallocated_kg_co2e: (
        Annotated[
            float,
            Meta(
                ge=0,
                description="Of hardware reserved but unused, which its own allocation method charges to nobody: no "
                "part of the pool. [kg CO2e]",
            ),
        ]
        | None
    )


class NotComputable(Struct, frozen=True, kw_only=True, gc=False):
    """A method that the data does not allow."""

    method: Annotated[PoolMethod, Meta(description="Which one.")]
    code: Annotated[str, Meta(description="Why.")]
    detail: Annotated[str, Meta(description="What to send.")]


class Comparison(Struct, frozen=True, kw_only=True, gc=False):
    """The same pool by every method that the data allows."""

    by_method: Annotated[dict[PoolMethod, ByConsumer | Raw], Meta(description="Consumer to its part. [kg CO2e]")]
    unallocated_kg_co2e: Annotated[
        dict[PoolMethod, Kilograms | Raw], Meta(description="What falls on nobody, where idle is its own line.")
    ]
    not_computable: Annotated[list[NotComputable], Meta(description="The other methods, and why.")]
    spread_kg_co2e: (
        Annotated[ByConsumer, Meta(description="Consumer to its largest less its smallest part. [kg CO2e]")] | Raw
    )


class Allocations(Struct, frozen=True, kw_only=True, gc=False):
    """A pool, divided: the parts sum to it exactly, in total and in every component."""

    method: Annotated[PoolMethod, Meta(description="As chosen.")]
    driver_unit: Annotated[
        str, Meta(description="Unit of the drivers: hours, a resource, a currency; `share` where several are mixed.")
    ]
    allocations: Annotated[list[AllocationLine], Meta(description="One a consumer, in the order sent.")] | Raw
    unallocated: UnallocatedLine | None
    """Null where idle capacity is charged pro rata."""
    pool: DividedPool
    comparison: Comparison | None
    """Null where it was not asked for."""
    methodology: Methodology
    warnings: Annotated[list[Warn], Meta(description="What the reader must know, by code.")]


MOST_FIGURES = 2_000_000
"""Consumers × components of one request: more would not fit the memory of a small container."""
