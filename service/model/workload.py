"""What a caller sends: one workload, as `POST /emissions` takes it.

Units stand in the names; `share` is 0 to 1. Bounds here are those of the schema; what needs sense beyond a bound
(a PUE below 1, a percent above 100) is judged in `estimate`.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

MAX = 1e12
"""Upper bound of every number: large enough for any real figure, small enough that no product overflows."""

Text = Annotated[str, Meta(max_length=256)]
Name = Annotated[str, Meta(min_length=1, max_length=256)]
Share = Annotated[float, Meta(ge=0, le=1)]
Amount = Annotated[float, Meta(ge=0, le=MAX)]
Kwh = Annotated[float, Meta(ge=0, le=MAX, description="Electrical energy. [kWh]")]
Hours = Annotated[float, Meta(ge=0, le=MAX, description="Time. [h]")]
Kg = Annotated[float, Meta(ge=0, le=MAX, description="Greenhouse gases as CO2 equivalents. [kg CO2e]")]
KgPerKwh = Annotated[float, Meta(ge=0, le=MAX, description="Carbon intensity of electricity. [kg CO2e/kWh]")]
Watts = Annotated[float, Meta(ge=0, le=MAX, description="Electrical power. [W]")]
Gigabytes = Annotated[float, Meta(ge=0, le=MAX, description="Capacity. [GB]")]
Hourly = Annotated[list[Kwh], Meta(min_length=1, max_length=8784, description="One value an hour. [kWh]")]
HourlyIntensity = Annotated[
    list[KgPerKwh | None],
    Meta(min_length=1, max_length=8784, description="One value an hour, null where unknown. [kg CO2e/kWh]"),
]
Moment = Annotated[
    str,
    Meta(
        pattern=r"^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2}))?$",
        description="A date (its 00:00 UTC) or an RFC 3339 time with its offset.",
        examples=["2026-01-01", "2026-01-01T06:00:00Z"],
    ),
]

Deployment = Literal["cloud", "owned", "colocated", "leased"]
Level = Literal["component", "it", "facility"]
Method = Literal["time", "utilization", "physical", "economic"]
InstrumentType = Literal[
    "rec",
    "go",
    "rego",
    "i-rec",
    "granular",
    "ppa",
    "vppa",
    "contract",
    "green_tariff",
    "supplier_rate",
    "provider_cfe",
    "carbon_credit",
]
Covers = Literal["building", "cooling", "power", "network", "it_hardware", "energy", "scope1"]
Driver = Literal["energy_kwh", "vcpu_hours", "gpu_hours", "compute_hours", "cost"]
Fallback = Literal["coarser", "none", "world"]


class Period(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """When it ran: from `start` up to, but without, `end`. It chooses the factor year and the vintage window."""

    start: Moment
    end: Moment


class PowerSample(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One reading of a power meter."""

    at: Annotated[datetime, Meta(tz=True)]
    watts: Watts


class Energy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What was metered: exactly one of `kwh`, `hourly_kwh`, `power_samples`."""

    kwh: Kwh | None = None
    hourly_kwh: Hourly | None = None
    power_samples: Annotated[list[PowerSample], Meta(min_length=1, max_length=100_000)] | None = None
    level: Annotated[
        Level,
        Meta(
            description="`component`: sensors of the chips (NVML, RAPL, CodeCarbon); `it`: at the server plug (PDU); "
            "`facility`: at the building's meter."
        ),
    ] = "it"
    origin: Annotated[
        Literal["metered", "estimated"],
        Meta(description="`estimated`: not metered, but made from billing or nameplates by another tool."),
    ] = "metered"


class Cpu(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The processors of a host."""

    model: Name | None = None
    units: Annotated[float, Meta(ge=0, le=1024)] | None = None
    cores: Annotated[float, Meta(ge=0, le=100_000, description="Cores of one processor.")] | None = None


class Host(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The server around the accelerators."""

    cpu: Cpu | None = None
    ram_gb: Gigabytes | None = None
    ssd_gb: Gigabytes | None = None
    hdd_gb: Gigabytes | None = None


class EmbodiedRange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A supplier's whole-life figure with its range. [kg CO2e]"""

    low: Kg
    central: Kg
    high: Kg


class CurvePoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One point of a device's measured power curve."""

    utilization: Share
    watts: Watts


class Hardware(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What it ran on: at most one of `instance`, `accelerator`, `server`."""

    instance: Annotated[Name, Meta(examples=["p5.48xlarge", "aws:p5.48xlarge"])] | None = None
    accelerator: Annotated[Name, Meta(examples=["nvidia-h100-sxm"])] | None = None
    accelerators: Annotated[float, Meta(ge=0, le=1_000_000, description="Accelerators of one machine.")] | None = None
    host: Host | None = None
    server: Annotated[Name, Meta(description="An archetype of GET /hardware?kind=archetype.")] | None = None
    embodied_kg_co2e: (
        Annotated[float, Meta(ge=0, le=MAX, description="Whole-life embodied figure of one machine. [kg CO2e]")]
        | EmbodiedRange
        | None
    ) = None
    count: Annotated[float, Meta(ge=0, le=1_000_000_000, description="Machines.")] = 1.0
    share: Annotated[Share, Meta(description="Reserved part of a machine's resources.")] = 1.0
    device_hours: (
        Annotated[Hours, Meta(description="Device-hours reserved: contains count, accelerators and share. [h]")] | None
    ) = None
    lifetime_years: Annotated[float, Meta(gt=0, le=100, description="Service life. [years]")] | None = None
    age_years: Annotated[float, Meta(ge=0, le=100, description="Age at the period's start. [years]")] | None = None
    tdp_w: Annotated[Watts, Meta(description="Maximum power of one device. [W]")] | None = None
    idle_w: Annotated[Watts, Meta(description="Idle power of one device. [W]")] | None = None
    power_curve: Annotated[list[CurvePoint], Meta(min_length=2, max_length=1000)] | None = None
    vcpus: Annotated[Amount, Meta(description="vCPUs of one machine.")] | None = None
    ram_gb: Annotated[Gigabytes, Meta(description="Memory of one machine. [GB]")] | None = None
    acquired_in_period: bool = False


class Money(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """An amount in one currency."""

    amount: Amount
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217 code.", examples=["USD"])]


class Usage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Metered resource-hours, for physical allocation."""

    gpu_hours: Hours | None = None
    vcpu_hours: Hours | None = None
    ram_gb_hours: Hours | None = None


class Weights(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What each resource counts in physical allocation; they sum to 1."""

    gpu_hours: Share | None = None
    vcpu_hours: Share | None = None
    ram_gb_hours: Share | None = None


class Allocation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """How the hardware's embodied emissions fall on the workload."""

    method: Method | None = None
    weights: Weights | None = None
    category_scheme: Literal["ghg_protocol", "guide"] = "ghg_protocol"
    fleet_utilization: (
        Annotated[float, Meta(gt=0, le=1, description="Used part of the fleet's capacity; charges idle life.")] | None
    ) = None


class Instrument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A contractual instrument claimed in the market-based method."""

    id: Name
    type: InstrumentType
    kwh: Kwh | None = None
    percent: Annotated[float, Meta(ge=0, le=MAX, description="Of total facility consumption, 0 to 100. [%]")] | None = (
        None
    )
    hourly_kwh: Hourly | None = None
    kg_co2e_per_kwh: KgPerKwh | None = None
    technology: Text | None = None
    vintage_year: Annotated[int, Meta(ge=0, le=9999)] | None = None
    market: Annotated[Text, Meta(description="Country (ISO 3166) or market group.")] | None = None
    retired: bool | None = None
    expires: Moment | None = None
    serial: Name | None = None
    attributes_transferred: bool | None = None
    bundled: bool | None = None
    covers_losses: bool = False
    upstream_kg_co2e_per_kwh: KgPerKwh | None = None
    cfe_share: Share | None = None


class Market(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """How instruments are matched and judged."""

    matching: Literal["annual", "hourly"] = "annual"
    quality_policy: Literal["lenient", "strict"] = "lenient"
    provider_claims: bool = False


class CallerFactors(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The caller's own factors; they outrank the store and are shown as `user` sources."""

    location_kg_co2e_per_kwh: KgPerKwh | None = None
    location_basis: Literal["generation", "life_cycle", "marginal"] = "generation"
    hourly_location_kg_co2e_per_kwh: HourlyIntensity | None = None
    residual_kg_co2e_per_kwh: KgPerKwh | None = None
    hourly_residual_kg_co2e_per_kwh: HourlyIntensity | None = None
    upstream_kg_co2e_per_kwh: KgPerKwh | None = None
    td_loss_share: Share | None = None
    td_loss_basis: Literal["of_generation", "of_consumption"] = "of_generation"
    grid_carbon_free_share: Share | None = None
    infrastructure_kg_co2e_per_it_kwh: KgPerKwh | None = None
    hardware_kg_co2e_per_usd: Amount | None = None
    fallback: Fallback = "coarser"


NO_FACTORS = CallerFactors()
"""What holds where the caller sends none."""


class InfrastructureComponent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One line of the provider's reported total."""

    name: Name
    kg_co2e: Kg
    basis: Literal["annual", "as_built"] = "annual"
    life_years: Annotated[float, Meta(gt=0, le=1000)] | None = None
    covers: Covers | None = None


class Infrastructure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Provider-reported totals of buildings, plant and network, and the driver that divides them."""

    components: Annotated[list[InfrastructureComponent], Meta(min_length=1, max_length=100)]
    driver: Driver
    workload_driver: Amount | None = None
    provider_driver_total: Amount | None = None


class Workload(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Something that ran in one place."""

    id: Text | None = None
    tags: Annotated[dict[Name, Text], Meta(max_length=32)] = {}
    region: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=256,
                description="`provider:region`, a country, or a sub-national zone; case does not matter.",
                examples=["aws:us-east-1", "FR", "US-SRVC"],
            ),
        ]
        | None
    ) = None
    period: Period | None = None
    deployment: Deployment | None = None
    energy: Energy | None = None
    pue: Annotated[float, Meta(ge=0, le=MAX, description="Facility energy over IT energy, at least 1.")] | None = None
    host_overhead_ratio: (
        Annotated[float, Meta(ge=0, le=MAX, description="Unmetered host energy over accelerator energy.")] | None
    ) = None
    duration_hours: Hours | None = None
    hardware: Hardware | None = None
    utilization: Annotated[Share, Meta(description="Mean utilization.")] | None = None
    utilization_metric: Text | None = None
    utilization_of: Literal["reserved", "device"] = "reserved"
    cost: Money | None = None
    usage: Usage | None = None
    allocation: Allocation | None = None
    instruments: Annotated[list[Instrument], Meta(max_length=1000)] = []
    market: Market = Market()
    factors: CallerFactors = NO_FACTORS
    infrastructure: Infrastructure | None = None
    functional_units: Annotated[dict[Name, Amount], Meta(max_length=32)] = {}
    compare_allocations: bool = False
