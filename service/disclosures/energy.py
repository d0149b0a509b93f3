"""What the block covers, its energy by level and deployment, and how hardware was allocated."""

from collections import Counter
from collections.abc import Sequence

from service.method.disclosure import fleet_pue
from service.method.numeric import total
from service.model.booked import (
    DeploymentLine,
    DisclosedAllocation,
    DisclosedBoundary,
    DisclosedEnergy,
    MethodLine,
)
from service.model.returned import Basis, Returned, ReturnedEmbodied

SHOWN_IDS = 20
"""Longer lists of ids are cut."""
_NOTE = (
    "The workloads that were sent, and nothing else: Scope 1 and all other activities of the organization are no part "
    "of these figures. Carbon credits reduce none of them."
)


def boundary(answers: Sequence[Returned]) -> DisclosedBoundary:
    """How many answers there are, and what to ask their sender."""
    ids = Counter(answer.id for answer in answers if answer.id is not None)
    return DisclosedBoundary(
        answers=len(answers),
        answers_without_period=sum(answer.period is None for answer in answers),
        repeated_ids=sorted(name for name, count in ids.items() if count > 1)[:SHOWN_IDS],
        regions=len({answer.region.id for answer in answers if answer.region is not None}),
        note=_NOTE,
    )


def energy(answers: Sequence[Returned]) -> DisclosedEnergy:
    """Energy at each side of the meter: what no answer knows is null, never 0."""
    lines = [
        _deployment(name, [answer for answer in answers if answer.deployment == name])
        for name in sorted({answer.deployment for answer in answers})
    ]
    facility, it = _both(answers)
    return DisclosedEnergy(
        facility_kwh=_sum([line.facility_kwh for line in lines]),
        it_kwh=_sum([line.it_kwh for line in lines]),
        component_kwh=_sum([line.component_kwh for line in lines]),
        pue=fleet_pue(facility, it),
        pue_facility_kwh=total(facility),
        answers_without_energy=sum(answer.energy.facility_kwh is None for answer in answers),
        by_deployment=lines,
    )


def allocation(answers: Sequence[Returned]) -> DisclosedAllocation:
    """Each method under which hardware fell on workloads; without hardware a method allocates nothing."""
    used = [answer for answer in answers if answer.scope3.embodied is not None]
    figures: dict[str, list[ReturnedEmbodied]] = {}
    for answer in used:
        if answer.scope3.embodied is not None:
            figures.setdefault(answer.allocation.method, []).append(answer.scope3.embodied)
    methods = [_allocation(name, figures[name]) for name in sorted(figures)]
    return DisclosedAllocation(
        methods=methods,
        idle_policies=sorted({policy for answer in used if (policy := _idle_policy(answer))}),
        unallocated_kg_co2e=total(line.unallocated_kg_co2e for line in methods),
    )


def _deployment(name: str, answers: Sequence[Returned]) -> DeploymentLine:
    return DeploymentLine(
        deployment=name,  # type: ignore[arg-type]
        answers=len(answers),
        facility_kwh=_sum([answer.energy.facility_kwh for answer in answers]),
        it_kwh=_sum([answer.energy.it_kwh for answer in answers]),
        component_kwh=_sum([answer.energy.component_kwh for answer in answers]),
        pue=fleet_pue(*_both(answers)),
        stated_pue=fleet_pue(*_both([answer for answer in answers if not _pue_is_default(answer)])),
        location_based_kg_co2e=_electricity(answers, "location_based"),
        market_based_kg_co2e=_electricity(answers, "market_based"),
    )


def _both(answers: Sequence[Returned]) -> tuple[list[float], list[float]]:
    """Facility and IT energy of the answers that know both. [kWh]"""
    pairs = [(answer.energy.facility_kwh, answer.energy.it_kwh) for answer in answers]
    known = [(facility, it) for facility, it in pairs if facility is not None and it is not None]
    return [facility for facility, _ in known], [it for _, it in known]


def _pue_is_default(answer: Returned) -> bool:
    return any(warning.code == "PUE_DEFAULTED" for warning in answer.warnings)


def _electricity(answers: Sequence[Returned], basis: Basis) -> float | None:
    figures = [getattr(answer.scope2, basis) for answer in answers]
    return _sum([None if figure is None else figure.kg_co2e for figure in figures])


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return total(known) if known else None


def _allocation(name: str, figures: Sequence[ReturnedEmbodied]) -> MethodLine:
    return MethodLine(
        method=name,
        answers=len(figures),
        embodied_kg_co2e=total(figure.kg_co2e for figure in figures),
        unallocated_kg_co2e=total(figure.unallocated_kg_co2e or 0.0 for figure in figures),
    )


def _idle_policy(answer: Returned) -> str | None:
    """What an answer says of idle life: a fleet's mean utilization charges it to those who use it."""
    parameters = answer.methodology.parameters
    stated = parameters.get("idle_policy")
    if isinstance(stated, str):
        return stated
    fleet = parameters.get("fleet_utilization")
    if isinstance(fleet, float):
        return f"idle life is charged to users, fleet utilization {fleet!r}"
    return "idle life is not allocated" if answer.allocation.method == "utilization" else None
