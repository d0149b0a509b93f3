"""Choices that several schemas share, or that may be null: each stands once in the document, under a name of its own.

A generated client has one type for each then, and none that is called `DividedPoolGradeType0`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, get_args

from service.boavizta.answers import Position
from service.model.comparison import Status
from service.model.factor import Grade, Match
from service.model.pool import PoolMethod, PriceBasis
from service.model.provider_report import ReportScope
from service.model.returned import Basis
from service.model.workload import Covers, Deployment, Method


class Enumeration(NamedTuple):
    """A choice of named strings."""

    choice: Any
    description: str


_NAMED: Mapping[str, Enumeration] = {
    "AllocationMethod": Enumeration(Method, "How a part falls on a workload: by time, utilization, resources or cost."),
    "Basis": Enumeration(Basis, "By grid average, or by contract."),
    "BreakerPosition": Enumeration(Position, "`open`: the source is not asked; `half_open`: it is tried again."),
    "Comparability": Enumeration(Status, "Whether two years compare, and whether factors moved between them."),
    "Covers": Enumeration(Covers, "What a component is of."),
    "Deployment": Enumeration(Deployment, "Whose machines and building."),
    "Grade": Enumeration(Grade, "How well a figure is founded: A the best, E the least."),
    "Match": Enumeration(Match, "How well a factor fits the question."),
    "PoolMethod": Enumeration(PoolMethod, "How a pool is divided among its consumers."),
    "PriceBasis": Enumeration(PriceBasis, "Which price a cost is of, as FOCUS tells them apart."),
    "ReportScope": Enumeration(ReportScope, "Of a provider's report."),
}
_BY_VALUES = {tuple(sorted(get_args(enumeration.choice))): name for name, enumeration in _NAMED.items()}


def named(values: object) -> str | None:
    """The name of a choice among these values, where it has one."""
    return _BY_VALUES.get(tuple(sorted(values))) if isinstance(values, list) else None


def enumerations() -> dict[str, dict[str, Any]]:
    """The schema of each, by name."""
    return {
        name: {"title": name, "type": "string", "description": enumeration.description}
        | {"enum": sorted(get_args(enumeration.choice))}
        for name, enumeration in _NAMED.items()
    }
