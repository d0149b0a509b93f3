"""Factors and their sources: what the store holds, one Struct a shape of row.

Every number keeps its unit and its source: all shapes carry a `Factor`, the columns that every table has.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

Basis = Literal["direct", "life_cycle", ""]
Evidence = Literal["raw", "transcribed", "derived", "assumed"]
Grade = Literal["A", "B", "C", "D", "E"]
Use = Literal["default", "dated", "never"]
Match = Literal["exact", "earlier_year", "coarser_zone", "life_cycle_basis", "provider_default", "world", "user"]


class Factor(Struct, frozen=True, kw_only=True, gc=False):
    """One row: a number, its unit, what it holds for and where it comes from."""

    id: str
    """Path-safe, e.g. `grid_location:US-SRVC:2023`."""
    kind: str
    """`grid_location`, `residual_mix`, `td_loss`, `upstream_wtt`, `pue`, `accelerator` …"""
    zone: str
    """What the number holds for: a grid zone, a country, `provider:region`, a NAICS code, a device."""
    value: float | None
    """`None` when the publisher states that there is no figure; `note` then says why."""
    low: float | None = None
    high: float | None = None
    unit: str
    data_year: int
    """The year of the data from which the figure was made."""
    valid_from: date
    """The first day that the publisher issues the figure for."""
    valid_to: date | None = None
    """The last such day; `None`: in force until superseded."""
    edition: str
    publisher: str
    title: str
    url: str
    license: str
    evidence: Evidence
    grade: Grade
    note: str = ""
    basis: Basis = ""
    """Electricity only: direct emissions of generation, or life-cycle (upstream inside)."""
    gwp_set: str = ""
    """`AR5`, `AR6`, or empty where the publisher does not state it or the figure is CO2 alone."""
    boundary: str = ""
    """What is inside the figure where that varies, e.g. `upstream_and_td`, `of_generation`."""
    use: Use = "default"
    """`dated`: only for periods that name its years; `never`: shown, never chosen."""
    upstream_kg_co2e_per_kwh: float | None = None
    """Well-to-tank part of a published T&D factor. [kg CO2e/kWh]"""
    overlay: bool = False
    """From the operator's own tables, which outrank the shipped ones."""


class Place(Struct, frozen=True, kw_only=True, gc=False):
    """A cloud provider's region: where it is and which grid feeds it."""

    id: str
    """`provider:region` in lower case."""
    provider: str
    code: str
    """The region as the provider writes it."""
    name: str
    country: str
    grid_zone: str
    """Empty where it is not resolved."""
    alternative_zones: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    factor: Factor


class Accelerator(Struct, frozen=True, kw_only=True, gc=False):
    """A GPU, TPU or other accelerator; `factor` is its embodied figure. [kg CO2e/device]"""

    id: str
    vendor: str
    model: str
    form_factor: str
    memory_gb: float | None
    tdp_w: float | None
    """`None` where no power is published, or copies disagree."""
    tdp_low_w: float | None
    tdp_high_w: float | None
    aliases: tuple[str, ...]
    factor: Factor


class Instance(Struct, frozen=True, kw_only=True, gc=False):
    """A cloud instance type; `factor` is its part of the platform's embodied figure. [kg CO2e/instance]"""

    provider: str
    name: str
    """As the provider writes it, e.g. `p5.48xlarge`, `Standard_NC24ads_A100_v4`."""
    vcpus: float | None
    memory_gb: float | None
    accelerator: str
    """Id of an `Accelerator`, empty without one."""
    accelerators: float
    """Devices; fractions of a device are fractions."""
    platforms: tuple[str, ...]
    """Keys of `Power` rows: the processor families that the type runs on."""
    host_included: bool
    """Whether the embodied figure holds the host beside the accelerators."""
    aliases: tuple[str, ...]
    factor: Factor


class Component(Struct, frozen=True, kw_only=True, gc=False):
    """A server's part, or a whole server, with its embodied figure."""

    id: str
    """`base`, `cpu`, `ram`, `ssd`, `hdd`, or an archetype's name."""
    archetype: bool
    name: str
    aliases: tuple[str, ...]
    included: float
    """Units of this part that the base server already holds (1 CPU, 16 GB of RAM)."""
    unit_gb: float | None
    """Capacity of one drive, where the figure is per drive. [GB]"""
    accelerator: str
    """Archetype: the accelerators inside, their id."""
    accelerators: float
    factor: Factor


class Power(Struct, frozen=True, kw_only=True, gc=False):
    """Power of a processor family or device; `factor.value` is the maximum. [W per vCPU, per device, per GB …]"""

    id: str
    """`CASCADE_LAKE`, `average:aws`, `memory`, `storage_ssd`, `storage_hdd`, `network` …"""
    idle_w: float | None
    cpu_models: tuple[str, ...]
    factor: Factor


class Tables(Struct, frozen=True, kw_only=True):
    """Everything that the store holds, in memory."""

    factors: tuple[Factor, ...]
    """Rows that are a number alone: grid, residual, losses, upstream, PUE, CFE, spend, provider totals."""
    places: tuple[Place, ...]
    accelerators: tuple[Accelerator, ...]
    instances: tuple[Instance, ...]
    components: tuple[Component, ...]
    powers: tuple[Power, ...]
    market_groups: dict[str, tuple[str, ...]]
    """Group → countries."""
    content_hash: str
    """SHA-256 of the CSV texts, overlay included."""
