"""Putting a figure together."""

from msgspec import UNSET, UnsetType

from service.figures.categories import Category
from service.model.factor import Grade
from service.model.result import Figure


def figure(
    amount: tuple[float, float, float],
    grade: Grade,
    category: Category,
    formula: str,
    sources: list[str],
    derivation: str | UnsetType = UNSET,
) -> Figure:
    """A figure of eight fields; its range always holds its value.

    Args:
        amount: value, low and high. [kg CO2e]
        grade: the worst of its inputs.
        category: where it stands.
        formula: in words.
        sources: ids of the factors used.
        derivation: its arithmetic with numbers, where asked for.
    """
    kg_co2e, low, high = amount
    return Figure(
        kg_co2e=kg_co2e,
        low_kg_co2e=min(low, kg_co2e),
        high_kg_co2e=max(high, kg_co2e),
        grade=grade,
        workload_scope=category.workload_scope,
        inventory_category=category.inventory_category,
        formula=formula,
        sources=sources,
        derivation=derivation,
    )
