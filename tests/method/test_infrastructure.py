"""The formulas of provider infrastructure. Rules: METHOD section 6."""

import numpy as np
import pytest

from service.method import infrastructure as method


def test_lives() -> None:
    """A building lives 50 years, its plant 19, where the provider states no life."""
    assert (method.BUILDING_LIFE_YEARS, method.PLANT_LIFE_YEARS) == (50, 19)


@pytest.mark.parametrize(
    ("as_built_kg", "life_years", "kg"),
    [
        (5_000_000, 50, 100_000),  # 5,000,000 / 50
        (1_900_000, 19, 100_000),  # 1,900,000 / 19
        (1000, 0.5, 2000),
    ],
)
def test_as_built(as_built_kg: float, life_years: float, kg: float) -> None:
    """What was built counts by the year of its life."""
    assert method.annual_kg_co2e(as_built_kg, life_years) == kg


@pytest.mark.parametrize(
    ("provider_kg", "driver", "provider_driver", "kg"),
    [
        (5_000_000, 606.85632, 120_000_000, 25.28568),  # 606.85632 / 24
        (1000, 0, 10, 0),
        (1000, 10, 10, 1000),  # all of it
    ],
)
def test_divided(provider_kg: float, driver: float, provider_driver: float, kg: float) -> None:
    """I = T · d_w / d_P."""
    got = method.divided_kg_co2e(provider_kg, driver, provider_driver)
    assert got == pytest.approx(kg, rel=1e-9, abs=0)


def test_columns() -> None:
    """The formula takes columns as it takes numbers."""
    assert list(method.divided_kg_co2e(1000.0, np.array([1.0, 2.0]), 10.0)) == [100, 200]
