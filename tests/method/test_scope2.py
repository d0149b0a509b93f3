"""Location-based emissions, as pure functions. Numbers: METHOD section 2."""

import pytest

from service.method import scope2
from tests.workloads import about


def test_energy_times_intensity() -> None:
    """The guide's 100 kWh at 0.38 are 38 kg."""
    assert scope2.electricity_kg_co2e(100, 0.38) == about(38)


def test_each_hour_has_its_own_intensity() -> None:
    """[10, 20, 30] kWh at [.2, .5, .3] are 2 + 10 + 9 = 21 kg; the flat average 1/3 would say 20."""
    assert scope2.hourly_kg_co2e([10, 20, 30], [0.2, 0.5, 0.3]) == about(21)


def test_series_of_unequal_length_are_never_cut() -> None:
    """An hour without a partner is an error, not a hole."""
    with pytest.raises(ValueError, match="shorter"):
        scope2.hourly_kg_co2e([10, 20, 30], [0.2, 0.5])


def test_many_small_hours_are_summed_correctly() -> None:
    """The sum is correctly rounded: ten hours of 0.1 kWh at 1 kg/kWh are 1 kg, not 0.9999999999999999."""
    assert scope2.hourly_kg_co2e([0.1] * 10, [1.0] * 10) == 1.0


def test_the_thresholds_are_the_method_s() -> None:
    """Above 3 kg/kWh grams were passed; gaps above 5 % of the energy cost a grade."""
    assert scope2.SUSPECT_KG_CO2E_PER_KWH == 3
    assert scope2.GAP_SHARE_COSTING_A_GRADE == 0.05
