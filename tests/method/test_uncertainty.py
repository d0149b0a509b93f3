"""Ranges and grades, as pure functions. Numbers: METHOD section 8."""

import pytest

from service.method import uncertainty
from service.model.factor import Grade
from tests.workloads import about


def test_bounds_follow_the_grade() -> None:
    """A ±5 %, B ±10 %, C ±30 %, D 0.5×–2×, E 0.3×–3×."""
    assert uncertainty.BOUNDS == {
        "A": (0.95, 1.05),
        "B": (0.9, 1.1),
        "C": (0.7, 1.3),
        "D": (0.5, 2),
        "E": (0.3, 3),
    }


def test_independent_parts_of_a_sum() -> None:
    """38 ± 5 % and 20 ± 30 %: U = √((.05·38)² + (.3·20)²)/58 = √(3.61 + 36)/58."""
    assert uncertainty.quadrature_sum([38, 20], [0.05, 0.3]) == pytest.approx(0.1085111654, rel=1e-9)


def test_independent_parts_of_a_product() -> None:
    """U = √ΣU²: .03 and .04 are .05."""
    assert uncertainty.quadrature_product([0.03, 0.04]) == about(0.05)


def test_a_total_has_the_emission_weighted_grade() -> None:
    """38 kg of B and 20 of D: (38·2 + 20·4)/58 = 2.689655172, which is C; the worst is D."""
    assert uncertainty.weighted([38, 20], ["B", "D"]) == ("C", "D")


@pytest.mark.parametrize(
    ("kg_co2e", "grades", "grade"),
    [
        ([1, 1], "AB", "B"),  # 1.5: half up
        ([1.01, 1], "AB", "A"),  # 1.4975
        ([1, 1], "BE", "D"),  # 3.5
        ([1], "E", "E"),
        ([0, 5], "EA", "A"),  # what weighs nothing does not count
    ],
)
def test_half_a_grade_rounds_down_in_quality(kg_co2e: list[float], grades: list[Grade], grade: Grade) -> None:
    """The weighted score is rounded half up, towards the worse grade."""
    assert uncertainty.weighted(kg_co2e, list(grades))[0] == grade


def test_a_total_of_nothing_has_the_worst_grade() -> None:
    """Zero kg: the worst of its parts."""
    assert uncertainty.weighted([0, 0], ["A", "D"]) == ("D", "D")


@pytest.mark.parametrize(("grade", "lower"), [("A", "B"), ("B", "C"), ("C", "D"), ("D", "E"), ("E", "E")])
def test_a_grade_is_lowered_by_one(grade: Grade, lower: Grade) -> None:
    """One lower, and E stays."""
    assert uncertainty.lowered(grade) == lower


def test_a_figure_has_the_worst_grade_of_its_inputs() -> None:
    """Of A, D and B it is D."""
    assert uncertainty.worst("A", "D", "B") == "D"
