"""The formulas of hardware embodied. Rules: METHOD section 5."""

import numpy as np
import pytest

from service.method import embodied as method


def exactly(value: float) -> object:
    """Agreement that the method promises with exact arithmetic."""
    return pytest.approx(value, rel=1e-9, abs=0)


@pytest.mark.parametrize(
    ("years", "hours"),
    [
        (4, 35040),  # 4 × 8760
        (6, 52560),  # 6 × 8760
        (0.5, 4380),  # half of 8760
    ],
)
def test_year_has_8760_hours(years: float, hours: float) -> None:
    """A life in years is a life in hours at 365 × 24 hours a year."""
    assert method.lifetime_hours(years) == hours


def test_default_life_is_four_years() -> None:
    """The service life is 4 years where none is given."""
    assert method.LIFETIME_YEARS == 4


@pytest.mark.parametrize(
    ("hours", "age_years", "counted"),
    [
        (72, 0, 72),  # new
        (72, 2, 72),  # in the middle of its life
        (35040, 0, 35040),  # all of its life, no more
        (40000, 0, 35040),  # longer than its life
        (8760, 3.5, 4380),  # half a year is left
        (72, 4, 0),  # just past its life
        (72, 9, 0),  # long past: never negative
        (0, 0, 0),  # did not run
    ],
)
def test_counted_hours_end_with_life(hours: float, age_years: float, counted: float) -> None:
    """Hours count up to the end of life, `min(TiR, max(0, EL − age))`."""
    assert method.counted_hours(hours, 35040.0, age_years) == counted


@pytest.mark.parametrize(
    ("total_kg", "hours", "share", "fleet_utilization", "kg"),
    [
        (1000, 1, 1, 1, 0.02853881278538813),  # 1000 / 35040
        (2912, 72, 0.25, 1, 1.4958904109589042),  # (8·164 + 1600) · 72/35040 · 2/8
        (2912, 72, 0.25, 0.8, 1.86986301369863),  # the same / 0.8
        (5824, 72, 0.25, 1, 2.9917808219178084),  # two machines
        (2912, 35040, 1, 1, 2912),  # all of one machine's life
        (2912, 72, 0, 1, 0),  # nothing reserved
        (0, 72, 1, 1, 0),
    ],
)
def test_amortized(total_kg: float, hours: float, share: float, fleet_utilization: float, kg: float) -> None:
    """M = N·TE · t/EL · share / η."""
    assert method.amortized_kg_co2e(total_kg, hours, 35040.0, share, fleet_utilization) == exactly(kg)


@pytest.mark.parametrize(
    ("used_hours", "machine_has", "kg"),
    [
        (100, 8, 1.0388127853881277),  # 2912 · 100 / (35040 · 8)
        (960, 96, 0.8310502283105022),  # 2912 · 960 / (35040 · 96)
        (0, 8, 0),
    ],
)
def test_physical(used_hours: float, machine_has: float, kg: float) -> None:
    """A metered resource-hour bears the machine's figure over its life times what it has of the resource."""
    assert method.physical_kg_co2e(2912.0, used_hours, 35040.0, machine_has) == exactly(kg)


def test_device_hour() -> None:
    """A device-hour bears TE / (K·EL)."""
    assert method.device_hour_kg_co2e(2912.0, 8.0, 35040.0) == exactly(0.01038812785388128)  # 2912 / 280,320


def test_spend() -> None:
    """Money bears its factor, as it is."""
    assert method.spend_kg_co2e(500.0, 0.15) == 75


def test_range_where_none_is_given() -> None:
    """A whole-life figure without a range lies between its half and its double."""
    assert (method.RANGE_LOW, method.RANGE_HIGH) == (0.5, 2.0)


def test_columns() -> None:
    """The formulas take columns as they take numbers."""
    hours = np.array([72.0, 40000.0, 72.0])
    age = np.array([0.0, 0.0, 4.0])
    counted = method.counted_hours(hours, 35040.0, age)
    assert list(counted) == [72, 35040, 0]
    kg = method.amortized_kg_co2e(np.array([2912.0, 2912.0, 2912.0]), counted, 35040.0, 0.25, 1.0)
    assert list(kg) == [exactly(1.4958904109589042), 728, 0]  # 2912 / 4 over a whole life
