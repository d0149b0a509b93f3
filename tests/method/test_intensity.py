"""Emissions per functional unit. Rules: METHOD section 9."""

import numpy as np
import pytest

from service.method import intensity as method


@pytest.mark.parametrize(
    ("kg", "units", "grams"),
    [
        (236.1054016, 50, 4722.108032),  # 50 million tokens: 236,105.4016 g / 50
        (236.1054016, 125000, 1.8888432128),  # 236,105.4016 g / 125,000 inferences
        (6500, 50000, 130),  # 6,500 kg over 50 billion tokens is 130 g a million, not 0.13
        (0, 7, 0),
        (1e-12, 1000, 1e-12),  # a millionth of a gram stays
    ],
)
def test_grams_per_unit(kg: float, units: float, grams: float) -> None:
    """Kilograms become grams before they are divided by the units, and nothing is rounded."""
    assert method.grams_per_unit(kg, units) == pytest.approx(grams, rel=1e-9, abs=0)


def test_columns() -> None:
    """The formula takes columns as it takes numbers."""
    assert list(method.grams_per_unit(np.array([1.0, 3.0]), 2.0)) == [500, 1500]
