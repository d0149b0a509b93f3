"""The same formulas on floats and on NumPy arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from service.method import energy, fuel_and_energy, market, numeric, scope2

Function = Callable[..., Any]
FORMULAS: list[tuple[Function, list[tuple[float, ...]]]] = [
    (energy.it_energy_kwh, [(100, 0), (348.768, 0.45)]),
    (energy.facility_energy_kwh, [(100, 1), (505.7136, 1.2)]),
    (energy.device_hours, [(8, 1, 72), (1, 0.25, 10)]),
    (energy.device_power_w, [(70, 700, 0.85), (0, 100, 0)]),
    (energy.reserved_devices_kwh, [(576, 605.5), (0, 10)]),
    (energy.shared_device_kwh, [(2.5, 0.25, 100, 700, 0.2), (7.5, 0.75, 100, 700, 0.5)]),
    (energy.server_power_w, [(4, 0.65, 4.26, 0.5, 16), (0, 0.65, 4.26, 1, 0)]),
    (scope2.electricity_kg_co2e, [(100, 0.38), (0, 3)]),
    (fuel_and_energy.upstream_kg_co2e, [(1000, 0.06), (0, 1)]),
    (fuel_and_energy.td_losses_kg_co2e, [(1000, 0.05, 0.38, 0.06), (1, 0, 1, 1)]),
    (market.counted_share, [(400, 500), (400, 300), (400, 0)]),
    (market.left_kwh, [(400, 500), (400, 300)]),
    (market.contracted_share, [(0.8, 0.4), (0.3, 0.4), (1, 1)]),
    (numeric.least, [(1, 2), (2, 1), (1, 1)]),
    (numeric.greatest, [(1, 2), (2, 1), (1, 1)]),
    (numeric.ratio, [(1, 4), (1, 0), (0, 0)]),
]


@pytest.mark.parametrize(("formula", "rows"), FORMULAS, ids=[formula.__name__ for formula, _ in FORMULAS])
def test_a_column_gives_what_its_rows_give(formula: Function, rows: list[tuple[float, ...]]) -> None:
    """Row by row a NumPy column has exactly the floats' results."""
    columns = [np.array(column, dtype=float) for column in zip(*rows, strict=True)]
    with np.errstate(all="raise"):
        of_columns = formula(*columns)
    assert list(of_columns) == [formula(*(float(number) for number in row)) for row in rows]


@pytest.mark.parametrize("of_generation", [True, False])
def test_loss_rates_are_columns_too(of_generation: bool) -> None:
    """The basis is one for all rows, the rate is each row's own."""
    rates = [0.0, 0.05, 0.2]
    expected = [0, 0.05 / 0.95, 0.25] if of_generation else rates
    assert list(fuel_and_energy.lost_per_delivered(np.array(rates), of_generation)) == pytest.approx(expected)


def test_a_part_of_nothing_is_nothing() -> None:
    """part / 0 is 0, on floats and columns."""
    assert numeric.ratio(5.0, 0.0) == 0
    assert list(numeric.ratio(np.array([5.0, 6.0]), np.array([0.0, 2.0]))) == [0, 3]


def test_a_float_stays_a_float() -> None:
    """What an answer returns is no NumPy number."""
    for result in (numeric.least(1.0, 2.0), numeric.greatest(1.0, 2.0), numeric.ratio(1.0, 4.0)):
        assert type(result) is float


def test_a_sum_is_correctly_rounded() -> None:
    """1e16 + 1 − 1e16 is 1; adding in order would say 0."""
    assert numeric.total([1e16, 1.0, -1e16]) == 1
