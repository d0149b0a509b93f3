"""Energy at the three sides of the meter, as pure functions. Numbers: METHOD section 1."""

import pytest

from service.method import energy
from tests.workloads import about


def test_a_device_draws_between_idle_and_maximum() -> None:
    """P(u) = P_idle + (P_max − P_idle)·u."""
    assert energy.device_power_w(70, 700, 0) == 70
    assert energy.device_power_w(70, 700, 1) == 700
    assert energy.device_power_w(70, 700, 0.85) == about(605.5)  # 70 + 630 × .85 = 70 + 535.5


def test_the_worked_example_from_devices_to_the_building() -> None:
    """8 × 700 W, 72 h, u .85, h .45, PUE 1.2 is 606.85632 kWh."""
    hours = energy.device_hours(8, 1, 72)
    component_kwh = energy.reserved_devices_kwh(hours, 605.5)
    it_kwh = energy.it_energy_kwh(component_kwh, 0.45)
    assert hours == 576  # 8 × 72
    assert component_kwh == about(348.768)  # 576 × .6055
    assert it_kwh == about(505.7136)  # 348.768 × 1.45
    assert energy.facility_energy_kwh(it_kwh, 1.2) == about(606.85632)  # 505.7136 × 1.2


def test_device_hours_hold_the_share() -> None:
    """D = n·share·t."""
    assert energy.device_hours(8, 0.25, 72) == 144  # 8 × .25 × 72


def test_host_overhead_is_relative_to_the_accelerators() -> None:
    """h is host over accelerator energy: with 58 % and 25 % of the whole it is 25/58."""
    assert energy.it_energy_kwh(58, 0.4310344828) == pytest.approx(83, rel=1e-9)  # 58 + 25


@pytest.mark.parametrize(
    ("utilization", "watts"),
    [
        (0, 100),
        (0.25, 220),  # halfway from 100 to 340
        (0.5, 340),
        (0.75, 370),  # halfway from 340 to 400
        (0.9, 388),  # 340 + 60 × .4/.5
        (1, 400),
    ],
)
def test_a_power_curve_is_linear_between_its_points(utilization: float, watts: float) -> None:
    """Between two measured points power rises in proportion; on a point it is that point's."""
    assert energy.curve_power_w([0, 0.5, 1], [100, 340, 400], utilization) == about(watts)


def test_users_of_a_shared_device_sum_to_the_device() -> None:
    """Static power goes by reservation, dynamic by use: two users of one device add up to what it draws."""
    # 10 h; idle 100, maximum 700 W; shares .25 and .75; use .2 and .5 of the device
    first = energy.shared_device_kwh(2.5, 0.25, 100, 700, 0.2)
    second = energy.shared_device_kwh(7.5, 0.75, 100, 700, 0.5)
    assert first == about(1.45)  # 10 × (100 × .25 + 600 × .2) / 1000 = 10 × 145 / 1000
    assert second == about(3.75)  # 10 × (100 × .75 + 600 × .5) / 1000 = 10 × 375 / 1000
    assert first + second == about(5.2)  # 10 × (100 + 600 × .7) / 1000


def test_a_server_is_its_processors_and_its_memory() -> None:
    """P = vCPU·(w_min + (w_max − w_min)·u) + GB·0.392."""
    # 4 × (.65 + 3.61 × .5) + 16 × .392 = 4 × 2.455 + 6.272
    assert energy.server_power_w(4, 0.65, 4.26, 0.5, 16) == about(16.092)


def test_power_readings_are_integrated_by_trapezoid() -> None:
    """Between two readings power is the mean of both."""
    assert energy.integrate_power([0, 3600], [100, 300]) == about(0.2)  # 1 h at 200 W
    # 1800 s at (100+300)/2 W, then 3600 s at (300+500)/2 W: 360000 + 1440000 J = 1.8 MJ
    assert energy.integrate_power([0, 1800, 5400], [100, 300, 500]) == about(0.5)


def test_a_single_reading_holds_no_energy() -> None:
    """Energy lies between two readings."""
    assert energy.integrate_power([0], [100]) == 0


@pytest.mark.parametrize(
    ("seconds", "gaps"),
    [
        ([0, 60, 120, 180], []),
        ([0, 60, 120, 240], []),  # 120 s is twice the median interval, not more
        ([0, 60, 120, 241], [121]),
        ([0, 60, 120, 180, 380, 680], [200, 300]),  # intervals 60, 60, 60, 200, 300: median 60
        ([0, 60, 120, 380, 780], [400]),  # intervals 60, 60, 260, 400: median 160, limit 320
        ([0], []),
    ],
)
def test_a_gap_is_longer_than_twice_the_median_interval(seconds: list[float], gaps: list[float]) -> None:
    """Only pauses above twice the median interval are gaps."""
    assert energy.power_gaps(seconds) == gaps


@pytest.mark.parametrize(
    ("modeled_kwh", "apart"),
    [(120, False), (120.001, True), (80, False), (79.999, True), (100, False)],
)
def test_two_sources_disagree_above_a_fifth(modeled_kwh: float, apart: bool) -> None:
    """A model more than 20 % off the meter disagrees; exactly 20 % does not."""
    assert energy.disagree(100, modeled_kwh) is apart


def test_the_defaults_are_the_method_s() -> None:
    """Idle .10·TDP, 150 W of host a module (1.2 kW a server of eight), 0.392 W a gigabyte."""
    assert energy.IDLE_SHARE_OF_TDP == 0.1
    assert energy.MODULE_HOST_KW == 0.15
    assert energy.RAM_W_PER_GB == 0.392
