"""What a context comes down to: factors with how they matched, ready for arithmetic."""

from msgspec import Raw, Struct

from service.errors import Fault
from service.model.factor import Grade, Match
from service.model.result import Region, Source

Note = tuple[str, str, str]
"""A warning before it is given: code, pointer, detail."""


class Matched(Struct, frozen=True, kw_only=True, gc=False):
    """A factor that answers for a context: its number, range and grade, how it matched, its source as JSON."""

    id: str
    kind: str
    value: float
    low: float
    high: float
    grade: Grade
    match: Match
    unit: str = ""
    basis: str = ""
    boundary: str = ""
    gwp_set: str = ""
    year: int | None = None
    upstream_kg_co2e_per_kwh: float | None = None
    notes: tuple[Note, ...] = ()
    """What the match makes the reader know, wherever the factor is used."""
    ranged: bool = True
    """Whether the source itself gives the range."""
    source: Raw | Source
    """Of the store encoded, of the caller as it is."""


class Machine(Struct, frozen=True, kw_only=True, gc=False):
    """What the tables know of the hardware; `None` is not known."""

    name: str
    accelerators: float | None = None
    """Of one machine."""
    tdp_w: float | None = None
    tdp_low_w: float | None = None
    tdp_high_w: float | None = None
    module: bool = False
    """A data-center accelerator module (SXM, OAM), whose host's power has a default."""
    vcpus: float | None = None
    ram_gb: float | None = None
    vcpu_idle_w: float | None = None
    vcpu_maximum_w: float | None = None
    power_sources: tuple[Matched, ...] = ()
    server_level: bool = False
    """Its modeled energy is that at the server plug: an instance or a server."""
    embodied: Matched | None = None
    """Whole life: of one device for an accelerator, else of one machine. [kg CO2e]"""
    embodied_per_device: bool = False
    embodied_origin: str = "embedded"
    embodied_life_hours: float | None = None
    """The life that the source assumed; shown, not used. [h]"""
    host_included: bool = True


class Component(Struct, frozen=True, kw_only=True, gc=False):
    """A server's part: its figure, what the base server already holds of it, the size of a drive."""

    matched: Matched
    included: float
    unit_gb: float | None


class Resolved(Struct, frozen=True, kw_only=True, gc=False):
    """Everything that one context looked up. Factors are `None` where the tables have none."""

    region: Region | None
    provider: str | None
    country: str | None
    uncertain_zones: tuple[str, ...]
    """Of a cloud region whose grid zone is not certain, those that it may be."""
    factor_year: int | None
    grid: Matched | None
    residual: Matched | None
    residual_reason: str
    """Why there is no residual mix."""
    upstream: Matched | None
    td_loss: Matched | None
    pue: Matched
    pue_note: Note
    claim: Matched | None
    """A provider's published CFE or market factor, when the caller lets it serve."""
    claim_left_out: str
    """Id of a published one that may hold offsets, and so may not serve."""
    machine: Machine | None
    live_reason: str = ""
    """Why the live hardware source has no figure, where one is asked."""
    live_notes: tuple[Note, ...] = ()
    """What its failure makes the reader know."""
    components: dict[str, Component]
    spend_service: Matched | None
    spend_hardware: Matched | None
    market_groups: dict[str, tuple[str, ...]]
    first_year: int
    last_year: int
    """Years that a period may lie in."""
    factor_set_id: str
    factor_set_version: str
    faults: tuple[Fault, ...] = ()
