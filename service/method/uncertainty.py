"""Ranges and grades. Source: METHOD section 8."""

import math
from collections.abc import Sequence

from service.method.numeric import total
from service.model.factor import Grade

GRADES: tuple[Grade, ...] = ("A", "B", "C", "D", "E")
BOUNDS: dict[Grade, tuple[float, float]] = {
    "A": (0.95, 1.05),
    "B": (0.9, 1.1),
    "C": (0.7, 1.3),
    "D": (0.5, 2.0),
    "E": (0.3, 3.0),
}
"""Relative bounds of an input whose source gives no range."""
SCORE: dict[Grade, int] = {"A": 1, "B": 2, "C": 3, "D": 4, "E": 5}


worst = max
"""The lowest of grades: the last letter."""


def lowered(grade: Grade) -> Grade:
    """One grade lower, at most E."""
    return GRADES[min(SCORE[grade], 4)]


def weighted(kg_co2e: Sequence[float], grades: Sequence[Grade]) -> tuple[Grade, Grade]:
    """Grade of a total by emission-weighted score, half up, and the worst grade; of a zero total the worst.

    Args:
        kg_co2e: of each figure, at least one. [kg CO2e]
        grades: of each figure.
    """
    lowest = max(grades)
    return graded(scored(kg_co2e, grades), total(kg_co2e), lowest), lowest


def scored(kg_co2e: Sequence[float], grades: Sequence[Grade]) -> float:
    """Emissions times the score of their grade, summed: such sums add up over totals. [kg CO2e]"""
    return total([kg * SCORE[grade] for kg, grade in zip(kg_co2e, grades, strict=True)])


def graded(scored_kg_co2e: float, kg_co2e: float, lowest: Grade) -> Grade:
    """Grade of a total by its emission-weighted score, half up; of a zero total the lowest."""
    if kg_co2e == 0:
        return lowest
    return GRADES[math.floor(scored_kg_co2e / kg_co2e + 0.5) - 1]


def quadrature_product(relative: Sequence[float]) -> float:
    """Relative uncertainty of a product of independent inputs. [-]"""
    return math.sqrt(math.fsum(part * part for part in relative))


def quadrature_sum(values: Sequence[float], relative: Sequence[float]) -> float:
    """Relative uncertainty of a sum of independent inputs. [-]"""
    squares = math.fsum((value * part) ** 2 for value, part in zip(values, relative, strict=True))
    return math.sqrt(squares) / math.fsum(values)
