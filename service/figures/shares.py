"""One workload under each allocation method: what part of the hardware's life falls on it. Source: METHOD section 5."""

from collections.abc import Callable

from msgspec import Struct

from service.figures.caller import own
from service.figures.case import Case
from service.figures.ledger import number
from service.figures.machine import Machine
from service.method import embodied as method
from service.method.numeric import greatest, total
from service.method.uncertainty import BOUNDS
from service.model.factor import Grade
from service.model.resolved import Matched
from service.model.workload import Hardware, Method, Usage, Weights

METHODS: tuple[Method, ...] = ("time", "utilization", "physical", "economic")
RESOURCES = ("gpu_hours", "vcpu_hours", "ram_gb_hours")
_WEIGHT_TOLERANCE = 1e-9
_MEND = {
    "gpu_hours": ("/hardware/accelerators", "how many accelerators one machine has"),
    "vcpu_hours": ("/hardware/vcpus", "how many vCPUs one machine has"),
    "ram_gb_hours": ("/hardware/ram_gb", "how much memory one machine has"),
}


class Part(Struct, frozen=True, kw_only=True, gc=False):
    """What falls on the workload. [kg CO2e]"""

    kg_co2e: float
    low: float
    high: float
    grade: Grade
    unallocated_kg_co2e: float | None
    formula: str
    sources: tuple[str, ...]
    text: Callable[[], str]
    """Its arithmetic, put into words where the caller asks."""
    factor: Matched | None = None
    """The spend factor, where money decided."""


class Unformed(Struct, frozen=True, gc=False):
    """Why a method has no result: a code, and where what is missing may be sent."""

    code: str
    missing: tuple[tuple[str, str], ...]
    """Pointer and mend of each."""


def _missing(pointer: str, mend: str, code: str = "ALLOC_DRIVER_MISSING") -> Unformed:
    return Unformed(code, ((pointer, mend),))


class Life(Struct, frozen=True, kw_only=True, gc=False):
    """A machine's figure and life, and the machine-hours that the workload held."""

    machine: Machine
    total_kg_co2e: float
    """Whole-life figure of all machines."""
    accelerators: float | None
    life_hours: float
    hours: float | None
    """As given: wall clock, or machine-hours where only device-hours are known."""
    counted_hours: float | None
    machines: float
    share: float
    """By which the hours count: 1 each for machine-hours, which hold them."""
    past_life: bool
    fleet_utilization: float


def life(case: Case, hardware: Hardware, machine: Machine, years: float, fleet_utilization: float) -> Life:
    """Amortization terms; hours that only device-hours tell are not cut by a life that may be several machines'."""
    life_hours = method.lifetime_hours(years)
    age_hours = (hardware.age_years or 0.0) * method.HOURS_PER_YEAR
    hours = case.activity.duration_hours
    by_device = hours is None and hardware.device_hours is not None
    counted: float | None
    if by_device and hardware.device_hours is not None:
        hours = hardware.device_hours / (case.activity.accelerators or 1.0)
        counted = hours if age_hours < life_hours else 0.0
    else:
        counted = method.counted_hours(hours, life_hours, hardware.age_years or 0.0) if hours is not None else None
    return Life(
        machine=machine,
        total_kg_co2e=hardware.count * machine.kg_co2e,
        accelerators=case.activity.accelerators,
        life_hours=life_hours,
        hours=hours,
        counted_hours=counted,
        machines=1.0 if by_device else hardware.count,
        share=1.0 if by_device else hardware.share,
        past_life=age_hours >= life_hours,
        fleet_utilization=fleet_utilization,
    )


def part(name: Method, case: Case, terms: Life | None) -> Part | Unformed:
    """The result under one method."""
    if name == "economic":
        return _economic(case)
    if terms is None:
        return _missing("/hardware", "no hardware, or no embodied figure for it", "EMBODIED_NOT_COMPUTED")
    if name == "physical":
        return _physical(case, terms)
    missing = []
    if terms.counted_hours is None:
        mend = f"the {name} method needs hours: send duration_hours, a period or hardware.device_hours"
        missing.append(("/duration_hours", mend))
    if name == "utilization" and case.workload.utilization is None:
        missing.append(("/utilization", "the utilization method needs utilization"))
    if missing:
        return Unformed("ALLOC_DRIVER_MISSING", tuple(missing))
    hours = terms.counted_hours or 0.0
    if name == "utilization":
        return _utilization(terms, hours, case.workload.utilization or 0.0)
    return _time(terms, hours)


def _scaled(terms: Life, part: float, unallocated: float | None, formula: str, text: Callable[[], str]) -> Part:
    """A part of one machine's figure, of its range the same part. [-]"""
    machine = terms.machine
    kg = part * machine.kg_co2e
    return Part(
        kg_co2e=kg,
        low=part * machine.low,
        high=part * machine.high,
        grade=machine.grade,
        unallocated_kg_co2e=unallocated * machine.kg_co2e if unallocated is not None else None,
        formula=formula,
        sources=machine.sources,
        text=lambda: f"{machine.derivation} a machine; {text()} = {number(kg)} kg CO2e",
    )


def _reserved(terms: Life, hours: float, fleet_utilization: float) -> float:
    """Part of one machine's life that the hours hold, 1 the whole. [-]"""
    life_part: float = method.amortized_kg_co2e(terms.machines, hours, terms.life_hours, terms.share, fleet_utilization)
    return life_part


def _rate_text(terms: Life, hours: float) -> str:
    return (
        f"{number(terms.machines)} × {number(terms.machine.kg_co2e)} kg × {number(hours)} h / "
        f"{number(terms.life_hours)} h × share {number(terms.share)}"
    )


def _time(terms: Life, hours: float) -> Part:
    def text() -> str:
        return f"{_rate_text(terms, hours)} / fleet utilization {number(terms.fleet_utilization)}"

    reserved = _reserved(terms, hours, terms.fleet_utilization)
    return _scaled(terms, reserved, 0.0, "machines × embodied × hours / lifetime × share / fleet utilization", text)


def _utilization(terms: Life, hours: float, utilization: float) -> Part:
    def text() -> str:
        return f"{_rate_text(terms, hours)} × utilization {number(utilization)}"

    reserved = _reserved(terms, hours, 1.0)
    formula = "machines × embodied × hours / lifetime × share × utilization"
    return _scaled(terms, reserved * utilization, reserved * (1.0 - utilization), formula, text)


def _physical(case: Case, terms: Life) -> Part | Unformed:
    usage = case.workload.usage or Usage()
    weights = case.workload.allocation.weights if case.workload.allocation is not None else None
    weighted = _weights(usage, weights)
    if isinstance(weighted, Unformed):
        return weighted
    held = {resource: _capacity(case, terms, resource) for resource in weighted}
    unknown = [_MEND[resource] for resource, amount in held.items() if not amount]
    if unknown:
        mends = [(pointer, f"the physical method needs to know {what}") for pointer, what in unknown]
        return Unformed("ALLOC_DRIVER_MISSING", tuple(mends))
    metered = [
        (weight, getattr(usage, resource), resource, held[resource] or 1.0) for resource, weight in weighted.items()
    ]
    cut = 0.0 if terms.past_life else 1.0
    if terms.hours and terms.counted_hours is not None:
        cut = terms.counted_hours / terms.hours
    lives = [weight * method.physical_kg_co2e(1.0, used, terms.life_hours, has) for weight, used, _, has in metered]
    part = total(lives) * cut / terms.fleet_utilization
    rest: float | None = None
    if terms.counted_hours is not None:
        rest = greatest(0.0, _reserved(terms, terms.counted_hours, terms.fleet_utilization) - part)

    def text() -> str:
        sums = " + ".join(
            f"{number(weight)} × {number(terms.machine.kg_co2e)} kg × {number(used)} {resource} / "
            f"({number(terms.life_hours)} h × {number(has)})"
            for weight, used, resource, has in metered
        )
        return f"({sums}) × {number(cut)} / fleet utilization {number(terms.fleet_utilization)}"

    return _scaled(terms, part, rest, "Σ weight × embodied × resource-hours / (lifetime × machine's resources)", text)


def _weights(usage: Usage, weights: Weights | None) -> dict[str, float] | Unformed:
    """What each metered resource counts."""
    given = [resource for resource in RESOURCES if getattr(usage, resource) is not None]
    if not given:
        detail = "the physical method needs usage: gpu_hours, vcpu_hours or ram_gb_hours"
        return _missing("/usage", detail)
    if weights is None:
        if len(given) == 1:
            return {given[0]: 1.0}
        detail = f"{', '.join(given)} are metered: send weights that sum to 1"
        return _missing("/allocation/weights", detail, "ALLOC_WEIGHTS_REQUIRED")
    sent = {resource: getattr(weights, resource) for resource in RESOURCES if getattr(weights, resource)}
    if abs(total(sent.values()) - 1.0) > _WEIGHT_TOLERANCE:
        detail = f"the weights sum to {number(total(sent.values()))}, not 1"
        return _missing("/allocation/weights", detail, "ALLOC_WEIGHTS_REQUIRED")
    unmetered = [resource for resource in sent if resource not in given]
    if unmetered:
        mends = [(f"/usage/{resource}", f"{resource} has a weight but is not metered") for resource in unmetered]
        return Unformed("ALLOC_DRIVER_MISSING", tuple(mends))
    return sent


def _capacity(case: Case, terms: Life, resource: str) -> float | None:
    """One machine's GPUs, vCPUs or GB."""
    hardware, known = case.workload.hardware or Hardware(), case.resolved.machine
    if resource == "gpu_hours":
        return terms.accelerators
    if resource == "vcpu_hours":
        return hardware.vcpus if hardware.vcpus is not None else (known.vcpus if known else None)
    if hardware.ram_gb is not None:
        return hardware.ram_gb
    if hardware.host is not None and hardware.host.ram_gb is not None:
        return hardware.host.ram_gb
    return known.ram_gb if known else None


def _economic(case: Case) -> Part | Unformed:
    if case.workload.cost is None:
        return _missing("/cost", "the economic method needs cost")
    rate = case.workload.factors.hardware_kg_co2e_per_usd
    if rate is not None:
        factor = own("hardware_kg_co2e_per_usd", rate, unit="kg CO2e per currency unit", grade="E")
    elif case.workload.cost.currency != "USD":
        detail = (
            f"the factor is per USD, the cost in {case.workload.cost.currency}; send USD or hardware_kg_co2e_per_usd"
        )
        return _missing("/cost/currency", detail, "CURRENCY_UNKNOWN")
    elif case.resolved.spend_hardware is None:
        return _missing("/period", "no spend factor is in force for the period", "EMBODIED_NOT_COMPUTED")
    else:
        factor = case.resolved.spend_hardware
    amount, currency = case.workload.cost.amount, case.workload.cost.currency
    kg = method.spend_kg_co2e(amount, factor.value)
    low, high = BOUNDS["E"]
    return Part(
        kg_co2e=kg,
        low=kg * low,
        high=kg * high,
        grade="E",
        unallocated_kg_co2e=None,
        formula="cost × spend factor",
        sources=(factor.id,),
        text=lambda: f"{number(amount)} {currency} × {number(factor.value)} kg CO2e per unit = {number(kg)} kg CO2e",
        factor=factor,
    )
