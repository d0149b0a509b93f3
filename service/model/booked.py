"""The inventory part of a disclosure: what is covered, energy, and what is booked where."""

from typing import Literal

from msgspec import Struct

from service.model.factor import Grade
from service.model.returned import Basis
from service.model.workload import Deployment


class ByMethod(Struct, frozen=True, kw_only=True, gc=False):
    """One number under each Scope 2 method; alternatives, never added."""

    location_based: float | None
    """With location-based Scope 2."""
    market_based: float | None
    """With market-based Scope 2."""


class DisclosedBoundary(Struct, frozen=True, kw_only=True, gc=False):
    """What the block covers."""

    answers: int
    """How many answers are in it."""
    answers_without_period: int
    """Of these, how many do not say when they ran; they are counted on the sender's word."""
    repeated_ids: list[str]
    """Ids that stand on more than one answer (the first 20): a workload that is sent twice is counted twice."""
    regions: int
    """How many places they ran in."""
    note: str
    """What is never part of it."""


class DeploymentLine(Struct, frozen=True, kw_only=True, gc=False):
    """The workloads of one deployment."""

    deployment: Deployment
    """Whose machines and building."""
    answers: int
    """How many."""
    facility_kwh: float | None
    """At the building's meter; null where no answer knows it. [kWh]"""
    it_kwh: float | None
    """At the server plug, of those that know it. [kWh]"""
    component_kwh: float | None
    """At the chips, of those that know it. [kWh]"""
    pue: float | None
    stated_pue: float | None
    """Facility over IT energy, of those whose PUE is no default of the factor set."""
    location_based_kg_co2e: float | None
    """Their electricity, by the grid's average. [kg CO2e]"""
    market_based_kg_co2e: float | None
    """Their electricity, by contract. [kg CO2e]"""


class DisclosedEnergy(Struct, frozen=True, kw_only=True, gc=False):
    """Energy by level and by deployment. [kWh]"""

    facility_kwh: float | None
    """At the building's meter: the sum of its deployments; null where no answer knows it. [kWh]"""
    it_kwh: float | None
    """At the server plug, of those that know it. [kWh]"""
    component_kwh: float | None
    """At the chips, of those that know it. [kWh]"""
    pue: float | None
    """Facility over IT energy, of the answers that know both."""
    pue_facility_kwh: float
    """Facility energy that this PUE speaks of. [kWh]"""
    answers_without_energy: int
    """Estimated from spend."""
    by_deployment: list[DeploymentLine]
    """Each deployment that occurs."""


class InventoryPart(Struct, frozen=True, kw_only=True, gc=False):
    """What an inventory line is the sum of."""

    part: Literal["electricity", "fuel_and_energy", "embodied", "acquisition_year", "infrastructure", "spend_based"]
    """Kind of figure."""
    kg_co2e: float
    """Sum over the answers. [kg CO2e]"""
    answers: int
    """How many hold it."""


class InventoryLine(Struct, frozen=True, kw_only=True, gc=False):
    """What the company books in one category under one Scope 2 method: the sum of its parts."""

    category: str
    """`scope2`, or `scope3.cat1` to `scope3.cat15`."""
    title: str
    """The category's name."""
    basis: Basis
    """Lines of the two bases are alternatives, never added."""
    kg_co2e: float
    """Sum of the parts. [kg CO2e]"""
    low_kg_co2e: float
    high_kg_co2e: float
    grade: Grade | None
    """Emission-weighted; null where nothing is booked here."""
    parts: list[InventoryPart]
    """What it is the sum of."""


class DisclosedScope2(Struct, frozen=True, kw_only=True, gc=False):
    """Purchased electricity by both methods: of all the workloads, and what of it the company books in Scope 2."""

    location_based_kg_co2e: float | None
    """Of all workloads, whoever books it: on cloud it stands in `scope3`. Null where no answer has it. [kg CO2e]"""
    market_based_kg_co2e: float | None
    """Of all workloads, whoever books it: on cloud it stands in `scope3`. Null where no answer has it. [kg CO2e]"""
    booked: list[InventoryLine]
    """What the company books in Scope 2, by each method; with `scope3` it makes the totals."""


class WorkloadLine(Struct, frozen=True, kw_only=True, gc=False):
    """One figure of the workload's view, over all answers. [kg CO2e]"""

    figure: str
    """`scope2`, or its path in an answer."""
    answers: int
    """How many hold it."""
    location_based_kg_co2e: float | None
    """Null where no answer holds it. [kg CO2e]"""
    market_based_kg_co2e: float | None
    """Null where no answer holds it. [kg CO2e]"""


class WorkloadView(Struct, frozen=True, kw_only=True, gc=False):
    """The workloads' own footprint, hardware amortized: not the inventory, and never added to it."""

    lines: list[WorkloadLine]
    """What the two sums are of."""
    location_based_kg_co2e: float
    """Sum of the lines. [kg CO2e]"""
    market_based_kg_co2e: float
    """Sum of the lines. [kg CO2e]"""


class DisclosedTotal(Struct, frozen=True, kw_only=True, gc=False):
    """Sum of the inventory lines under one Scope 2 method. [kg CO2e]"""

    kg_co2e: float
    """Sum of `scope2.booked` and `scope3` on this basis. [kg CO2e]"""
    low_kg_co2e: float
    high_kg_co2e: float
    grade: Grade
    """Emission-weighted over the figures, A (best) to E."""
    worst_grade: Grade
    """Of the figures in it."""
    primary_data_share: float
    """Part that rests on metered energy or the sender's own factors."""


class DisclosedTotals(Struct, frozen=True, kw_only=True, gc=False):
    """Two totals, always: alternatives, never added."""

    location_based: DisclosedTotal
    """With location-based Scope 2."""
    market_based: DisclosedTotal
    """With market-based Scope 2."""


class CapitalGoods(Struct, frozen=True, kw_only=True, gc=False):
    """Hardware of one's own: the inventory takes all of it in the year of purchase, never the amortized view."""

    acquisition_year_kg_co2e: float
    """Taken into `scope3.cat2`. [kg CO2e]"""
    acquisition_answers: int
    """Answers that state it; of the same machines only one may."""
    amortized_left_out_kg_co2e: float
    """In the workloads' view, not in the inventory. [kg CO2e]"""
    amortized_answers: int
    """Answers with such a figure."""


class MethodLine(Struct, frozen=True, kw_only=True, gc=False):
    """The hardware that fell on workloads by one method."""

    method: str
    """Allocation method."""
    answers: int
    """How many used it."""
    embodied_kg_co2e: float
    """By it, amortized. [kg CO2e]"""
    unallocated_kg_co2e: float
    """Charged to nobody. [kg CO2e]"""


class DisclosedAllocation(Struct, frozen=True, kw_only=True, gc=False):
    """How shared hardware fell on the workloads."""

    methods: list[MethodLine]
    """Each method that occurs."""
    idle_policies: list[str]
    """Who bears idle life, where an answer says so."""
    unallocated_kg_co2e: float
    """Hardware charged to nobody. [kg CO2e]"""
