"""The provider's buildings, plant and network. Source: METHOD section 6."""

import msgspec

from service.figures.caller import own
from service.figures.case import Case
from service.figures.categories import INFRASTRUCTURE, INFRASTRUCTURE_GUIDE, Category
from service.figures.energy import EnergyUse
from service.figures.figure import figure
from service.figures.ledger import number
from service.figures.shares import RESOURCES
from service.method import infrastructure as method
from service.method.numeric import total
from service.method.uncertainty import BOUNDS, worst
from service.model.factor import Grade
from service.model.result import Figure, InfrastructureFigure, InfrastructureLine
from service.model.workload import Hardware, Infrastructure, InfrastructureComponent

_GRADE: Grade = "B"
"""Of provider-reported totals that the caller sends."""


def infrastructure(
    case: Case,
    energy: EnergyUse | None,
    *,
    embodied_known: bool,
) -> InfrastructureFigure | None:
    """The figure; `None` with the reason where no total or factor was sent."""
    given, rate = case.workload.infrastructure, case.workload.factors.infrastructure_kg_co2e_per_it_kwh
    if given is not None:
        if rate is not None:
            detail = "send infrastructure or factors.infrastructure_kg_co2e_per_it_kwh, not both"
            case.ledger.fault("/factors/infrastructure_kg_co2e_per_it_kwh", "FIELDS_CONFLICT", detail)
        return _divided(case, energy, given, embodied_known=embodied_known)
    if rate is not None and energy is not None and energy.it_kwh is not None:
        return _by_factor(case, energy, energy.it_kwh, rate)
    if rate is not None:
        detail = "the factor is per IT kWh, and IT energy is not known at level facility"
        case.ledger.warn("INFRA_NOT_COMPUTED", "/factors/infrastructure_kg_co2e_per_it_kwh", detail)
        return None
    detail = "no provider total or factor was sent; send infrastructure to have it computed"
    case.ledger.warn("INFRA_NOT_COMPUTED", "/infrastructure", detail)
    return None


def _by_factor(case: Case, energy: EnergyUse, it_kwh: float, rate: float) -> InfrastructureFigure:
    factor = own("infrastructure_kg_co2e_per_it_kwh", rate, unit="kg CO2e/kWh IT")
    kg = it_kwh * rate
    base = figure(
        (kg, kg * energy.low * BOUNDS[_GRADE][0], kg * energy.high * BOUNDS[_GRADE][1]),
        worst(energy.grade, _GRADE),
        _category(case),
        "it_kwh × provider factor",
        [*energy.result.sources, case.ledger.use(factor)],
        case.ledger.line(f"{number(it_kwh)} kWh × {number(rate)} kg CO2e/kWh = {number(kg)} kg CO2e"),
    )
    return _with(base, "energy_kwh", it_kwh, None, [])


def _divided(
    case: Case, energy: EnergyUse | None, given: Infrastructure, *, embodied_known: bool
) -> InfrastructureFigure | None:
    drivers = _drivers(case, energy, given)
    if drivers is None:
        return None
    driver, provider_driver = drivers
    lines = _lines(given, driver, provider_driver, embodied_known=embodied_known)
    left_out = [line.name[:64] for line in lines if not line.counted]
    if left_out:
        detail = f"{', '.join(left_out)} are computed elsewhere and were left out"
        case.ledger.warn("INFRA_OVERLAP_EXCLUDED", "/infrastructure/components", detail)
    kg = total(line.kg_co2e for line in lines)
    by_energy = energy if given.driver == "energy_kwh" and given.workload_driver is None else None
    low, high = (by_energy.low, by_energy.high) if by_energy is not None else (1.0, 1.0)
    source = own("infrastructure", kg / driver if driver else 0.0, unit=f"kg CO2e per {given.driver}")
    base = figure(
        (kg, kg * low * BOUNDS[_GRADE][0], kg * high * BOUNDS[_GRADE][1]),
        worst(by_energy.grade, _GRADE) if by_energy is not None else _GRADE,
        _category(case),
        "Σ provider's components × workload driver / provider driver",
        [*(by_energy.result.sources if by_energy is not None else []), case.ledger.use(source)],
        _text(given, lines, driver, provider_driver) if case.ledger.explain else msgspec.UNSET,
    )
    return _with(base, given.driver, driver, provider_driver, lines)


def _drivers(case: Case, energy: EnergyUse | None, given: Infrastructure) -> tuple[float, float] | None:
    """The workload's driver and the provider's, or a fault that tells what to send."""
    provider_driver = given.provider_driver_total
    if not provider_driver:
        detail = f"send the provider's total of {given.driver}, above 0"
        case.ledger.fault("/infrastructure/provider_driver_total", "INFRA_DENOMINATOR_MISSING", detail)
        return None
    driver = _own_driver(case, energy, given) if given.workload_driver is None else given.workload_driver
    if driver is None and energy is None and case.ledger.faults:
        return None  # what is wrong with the energy was told
    if driver is None:
        detail = f"the workload's own {given.driver} is not known: send infrastructure.workload_driver"
        case.ledger.fault("/infrastructure/workload_driver", "ALLOC_DRIVER_MISSING", detail)
        return None
    if driver > provider_driver:
        detail = f"the workload's {number(driver)} {given.driver} exceed the provider's {number(provider_driver)}"
        case.ledger.fault("/infrastructure/provider_driver_total", "INFRA_SHARE_ABOVE_ONE", detail)
        return None
    return driver, provider_driver


def _lines(
    given: Infrastructure, driver: float, provider_driver: float, *, embodied_known: bool
) -> list[InfrastructureLine]:
    """Each component's part; those computed elsewhere count 0."""
    lines = []
    for component in given.components:
        counted = _counts(component, embodied_known=embodied_known)
        kg = method.divided_kg_co2e(_yearly(component), driver, provider_driver) if counted else 0.0
        lines.append(InfrastructureLine(name=component.name, kg_co2e=kg, counted=counted))
    return lines


def _text(given: Infrastructure, lines: list[InfrastructureLine], driver: float, provider_driver: float) -> str:
    counted = [
        number(_yearly(component)) for component, line in zip(given.components, lines, strict=True) if line.counted
    ]
    kg = total(line.kg_co2e for line in lines)
    return f"({' + '.join(counted) or '0'}) kg × {number(driver)} / {number(provider_driver)} = {number(kg)} kg CO2e"


def _counts(component: InfrastructureComponent, *, embodied_known: bool) -> bool:
    if component.covers == "it_hardware":
        return not embodied_known
    return component.covers != "energy"


def _yearly(component: InfrastructureComponent) -> float:
    """What counts for one year: as-built totals by their life. [kg CO2e]"""
    if component.basis == "annual":
        return component.kg_co2e
    years = component.life_years
    if years is None:
        plant = component.covers in {"cooling", "power", "network", "it_hardware", "energy"}
        years = method.PLANT_LIFE_YEARS if plant else method.BUILDING_LIFE_YEARS
    kg: float = method.annual_kg_co2e(component.kg_co2e, years)
    return kg


def _own_driver(case: Case, energy: EnergyUse | None, given: Infrastructure) -> float | None:
    if given.driver == "energy_kwh":
        return energy.facility_kwh if energy is not None else None
    if given.driver == "cost":
        return case.workload.cost.amount if case.workload.cost is not None else None
    if given.driver == "compute_hours":
        return case.activity.device_hours
    metered: float | None = getattr(case.workload.usage, given.driver) if case.workload.usage is not None else None
    if metered is not None:
        return metered
    return _reserved_hours(case, given.driver)


def _reserved_hours(case: Case, driver: str) -> float | None:
    """Capacity × machines × share × hours. [h]"""
    hardware, machine = case.workload.hardware or Hardware(), case.resolved.machine
    capacity = case.activity.accelerators
    if driver == RESOURCES[1]:
        capacity = hardware.vcpus if hardware.vcpus is not None else (machine.vcpus if machine else None)
    elif hardware.device_hours is not None and capacity:
        return hardware.device_hours
    if not capacity or case.activity.duration_hours is None:
        return None
    return capacity * hardware.count * hardware.share * case.activity.duration_hours


def _category(case: Case) -> Category:
    guide = case.workload.allocation is not None and case.workload.allocation.category_scheme == "guide"
    return (INFRASTRUCTURE_GUIDE if guide else INFRASTRUCTURE)[case.activity.deployment]


def _with(
    base: Figure, driver: str, workload_driver: float, provider_driver: float | None, lines: list[InfrastructureLine]
) -> InfrastructureFigure:
    return InfrastructureFigure(
        **msgspec.structs.asdict(base),
        driver=driver,
        workload_driver=workload_driver,
        provider_driver_total=provider_driver,
        share=workload_driver / provider_driver if provider_driver else None,
        components=lines,
    )
