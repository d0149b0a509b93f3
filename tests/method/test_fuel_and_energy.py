"""Category 3 of electricity, as pure functions. Numbers: METHOD section 4."""

import pytest

from service.method.fuel_and_energy import lost_per_delivered, td_losses_kg_co2e, upstream_kg_co2e
from tests.workloads import about


@pytest.mark.parametrize(
    ("rate", "of_generation", "lost"),
    [
        (0.05, True, 0.0526315789473684),  # .05/.95
        (0.05, False, 0.05),
        (0.2, True, 0.25),  # of 100 generated 20 are lost for 80 delivered
        (0, True, 0),
        (0, False, 0),
    ],
)
def test_a_rate_of_generation_is_grossed_up(rate: float, of_generation: bool, lost: float) -> None:
    """x = l/(1 − l) of generation, x = l of consumption."""
    assert lost_per_delivered(rate, of_generation) == about(lost)


def test_upstream_is_energy_times_its_factor() -> None:
    """C3b = E·WTT: 1000 × .06 = 60."""
    assert upstream_kg_co2e(1000, 0.06) == about(60)


def test_losses_hold_generation_and_its_upstream() -> None:
    """C3c = E·x·(EF + WTT): 1000 × .05/.95 × (.38 + .06) = 23.15789474, of consumption 22."""
    assert td_losses_kg_co2e(1000, 0.05 / 0.95, 0.38, 0.06) == about(23.157894736842106)
    assert td_losses_kg_co2e(1000, 0.05, 0.38, 0.06) == about(22)
