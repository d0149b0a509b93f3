"""Totals under both methods, and emissions per functional unit. Rules: METHOD sections 0, 4, 8 and 9."""

from typing import Any

import pytest

from tests.workloads import Json, about, estimate_of, redone, refusal_of

FACILITY: Json = {"kwh": 1, "level": "facility"}
THREE: Json = {
    "energy": FACILITY,
    "factors": {"location_kg_co2e_per_kwh": 0.1, "hardware_kg_co2e_per_usd": 0.2},
    "cost": {"amount": 1, "currency": "USD"},
    "allocation": {"method": "economic"},
    "infrastructure": {
        "components": [{"name": "all", "kg_co2e": 0.3}],
        "driver": "energy_kwh",
        "workload_driver": 1,
        "provider_driver_total": 1,
    },
}
"""Three figures, of exactly 0.1, 0.2 and 0.3 kg."""


def location_total(**workload: Any) -> Json:
    """The location-based total of a workload."""
    total: Json = estimate_of(**workload)["totals"]["location_based"]
    return total


# the sum


def test_sum_is_rounded_once() -> None:
    """A total is the correctly rounded sum of the figures returned: 0.1 + 0.2 + 0.3 is 0.6 here."""
    answer = estimate_of(**THREE)
    figures = (answer["scope2"]["location_based"], answer["scope3"]["embodied"], answer["scope3"]["infrastructure"])
    assert [figure["kg_co2e"] for figure in figures] == [0.1, 0.2, 0.3]
    assert answer["totals"]["location_based"]["kg_co2e"] == 0.6  # added one by one it would be 0.6000000000000001


def test_bounds_are_summed() -> None:
    """The range of a total is the sum of the ranges."""
    total = location_total(**THREE)
    # 0.1 · 0.95 · 0.9 = 0.0855; 0.2 · 0.3 = 0.06; 0.3 · 0.9 = 0.27
    assert total["low_kg_co2e"] == about(0.4155)
    # 0.1 · 1.05 · 1.1 = 0.1155; 0.2 · 3 = 0.6; 0.3 · 1.1 = 0.33
    assert total["high_kg_co2e"] == about(1.0455)


def test_each_total_has_its_own_method() -> None:
    """Location pairs with its Category 3, market with its own; the rest is in both; nothing is in twice."""
    factors = {
        "location_kg_co2e_per_kwh": 0.38,
        "residual_kg_co2e_per_kwh": 0.45,
        "upstream_kg_co2e_per_kwh": 0.06,
        "td_loss_share": 0.05,
        "hardware_kg_co2e_per_usd": 0.15,
    }
    totals = estimate_of(
        energy={"kwh": 1000, "level": "facility"},
        factors=factors,
        cost={"amount": 500, "currency": "USD"},
        allocation={"method": "economic"},
    )["totals"]
    # 380 + 60 + 1000 · 0.05/0.95 · 0.44 + 75
    assert totals["location_based"]["kg_co2e"] == about(538.1578947368421)
    # 450 + 60 + 1000 · 0.05/0.95 · 0.51 + 75
    assert totals["market_based"]["kg_co2e"] == about(611.8421052631579)
    assert totals["location_based"]["missing"] == ["scope3.infrastructure"]


def test_missing_names_what_is_null() -> None:
    """Figures that are null are named, each total its own."""
    totals = estimate_of(energy=FACILITY, factors={"location_kg_co2e_per_kwh": 0.38})["totals"]
    for total in totals.values():
        assert {"scope3.embodied", "scope3.infrastructure"} < set(total["missing"])
        assert any("fuel_and_energy" in name for name in total["missing"])
        assert not any(name.startswith("scope2") or name.endswith("spend_based") for name in total["missing"])


@pytest.mark.parametrize(
    ("known", "missing"),
    [
        ({"upstream_kg_co2e_per_kwh": 0.06}, "td_losses"),
        ({"td_loss_share": 0.05}, "upstream"),
    ],
)
def test_missing_names_parts_too(known: Json, missing: str) -> None:
    """Where one part of Category 3 is null it is named."""
    total = location_total(energy=FACILITY, factors={"location_kg_co2e_per_kwh": 0.38} | known)
    assert [name for name in total["missing"] if name.endswith(missing)]


def test_nothing_missing() -> None:
    """A total of all figures misses none."""
    factors = THREE["factors"] | {"upstream_kg_co2e_per_kwh": 0.06, "td_loss_share": 0.05}
    assert location_total(**THREE | {"factors": factors})["missing"] == []


# grades


def test_grade_is_weighted_and_rounded_half_up() -> None:
    """Five kilograms of B and one of E score (5·2 + 1·5)/6 = 2.5, which is C; the worst is E."""
    total = location_total(
        energy={"kwh": 5, "level": "facility"},
        factors={"location_kg_co2e_per_kwh": 1, "hardware_kg_co2e_per_usd": 1},
        cost={"amount": 1, "currency": "USD"},
        allocation={"method": "economic"},
    )
    assert (total["kg_co2e"], total["grade"], total["worst_grade"]) == (6, "C", "E")


@pytest.mark.parametrize(
    ("kwh", "grade"),
    [
        (5.01, "B"),  # (5.01·2 + 5)/6.01 = 2.499
        (2, "C"),  # (2·2 + 5)/3 = 3
        (0.1, "E"),  # (0.1·2 + 5)/1.1 = 4.727
    ],
)
def test_grade_follows_the_kilograms(kwh: float, grade: str) -> None:
    """The grade of a total is nearest to the weighted score."""
    total = location_total(
        energy={"kwh": kwh, "level": "facility"},
        factors={"location_kg_co2e_per_kwh": 1, "hardware_kg_co2e_per_usd": 1},
        cost={"amount": 1, "currency": "USD"},
        allocation={"method": "economic"},
    )
    assert (total["grade"], total["worst_grade"]) == (grade, "E")


def test_grade_of_zero_is_the_worst() -> None:
    """A total of 0 kg has the worst grade of its figures."""
    total = location_total(
        energy={"kwh": 0, "level": "facility"},
        factors={"location_kg_co2e_per_kwh": 1, "hardware_kg_co2e_per_usd": 1},
        cost={"amount": 0, "currency": "USD"},
        allocation={"method": "economic"},
    )
    assert (total["kg_co2e"], total["grade"], total["worst_grade"]) == (0, "E", "E")


# primary data


def test_metered_energy_is_primary() -> None:
    """What rests on metered energy is primary, whatever its factor; what rests on a table alone is not."""
    total = location_total(
        region="US-SRVC",
        period={"start": "2023-01-01", "end": "2023-01-04"},
        energy={"kwh": 0, "level": "facility"},
        hardware={"accelerator": "h100-sxm5"},
    )
    assert total["primary_data_share"] == 0  # no kWh, 164 kg · 72/35040 of the table
    answer = estimate_of(
        energy={"kwh": 100, "level": "facility"},
        factors={"location_kg_co2e_per_kwh": 0.38},
        duration_hours=35040,
        hardware={"server": "dell-r740"},
    )
    # 38 of 38 + 1313
    assert answer["totals"]["location_based"]["primary_data_share"] == about(0.028127313101406366)


def test_callers_factors_are_primary() -> None:
    """What rests on the caller's own factors is primary, even with energy that was modeled."""
    answer = estimate_of(
        region="US-SRVC",
        period={"start": "2023-01-01", "end": "2024-01-01"},
        hardware={"accelerator": "h100-sxm5", "embodied_kg_co2e": 35040},
        utilization=0.5,
        host_overhead_ratio=0.2,
        pue=1.1,
        duration_hours=1000,
    )
    total = answer["totals"]["location_based"]
    assert total["primary_data_share"] == about(1000 / total["kg_co2e"])  # 35,040 kg · 1000/35040 is the caller's


def test_callers_instruments_are_primary() -> None:
    """Of a market-based figure on modeled energy only what the caller's own rates price is primary."""
    answer = estimate_of(
        region="US-SRVC",
        period={"start": "2023-01-01", "end": "2024-01-01"},
        hardware={"tdp_w": 700},
        utilization=0.5,
        host_overhead_ratio=0.2,
        pue=1.1,
        duration_hours=1000,
        instruments=[{"id": "a", "type": "rec", "percent": 50, "kg_co2e_per_kwh": 0.1}],
    )
    # 70 + 630 · 0.5 = 385 W; 385 · 1.2 · 1.1 = 508.2 kWh; half of them at 0.1
    assert answer["energy"]["facility_kwh"] == about(508.2)
    market = answer["totals"]["market_based"]
    assert market["primary_data_share"] == about(25.41 / market["kg_co2e"])
    assert answer["totals"]["location_based"]["primary_data_share"] == 0


def test_pue_is_no_factor() -> None:
    """A measured PUE does not make modeled energy primary."""
    total = location_total(
        region="US-SRVC",
        hardware={"tdp_w": 700},
        utilization=0.5,
        host_overhead_ratio=0.2,
        pue=1.1,
        duration_hours=1000,
    )
    assert total["kg_co2e"] > 0
    assert total["primary_data_share"] == 0


def test_all_primary() -> None:
    """Metered energy and the caller's factors alone are wholly primary."""
    assert location_total(**THREE)["primary_data_share"] == about(1)


def test_derivation() -> None:
    """`explain` writes the sum of the figures in one line that a person may redo."""
    line = estimate_of(**THREE, explain=True)["totals"]["location_based"]["derivation"]
    assert redone(line) == [(about(0.6), about(0.6))]
    assert "derivation" not in location_total(**THREE)


# per functional unit

RUN: Json = {
    "energy": {"kwh": 606.85632, "level": "facility"},
    "factors": {"location_kg_co2e_per_kwh": 0.38},
    "duration_hours": 35040,
    "hardware": {"embodied_kg_co2e": 5.5, "lifetime_years": 4},
}
"""230.6054016 kg of electricity and 5.5 kg of hardware."""


def intensities(**workload: Any) -> dict[str, Json]:
    """By unit."""
    return {one["unit"]: one for one in estimate_of(**workload)["intensities"]}


def test_worked_example() -> None:
    """SCI = (S2_L + M)/R for each unit asked for, per GPU-hour and per unit of money."""
    found = intensities(
        **RUN,
        usage={"gpu_hours": 576},
        cost={"amount": 1440, "currency": "USD"},
        functional_units={"1M tokens": 50, "inference": 125_000},
    )
    assert {unit: one["sci_g_co2e"] for unit, one in found.items()} == {
        "1M tokens": about(4722.108032),  # 236,105.4016 g / 50
        "inference": about(1.8888432128),  # / 125,000
        "gpu_hour": about(409.90521111111111),  # / 576
        "USD": about(163.96208444444444),  # / 1440
    }
    assert found["1M tokens"]["count"] == 50
    assert found["USD"]["price_basis"]
    assert found["1M tokens"]["price_basis"] is None


def test_full_intensity_has_the_rest() -> None:
    """Category 3 and infrastructure stay out of the SCI and stand in the full intensity."""
    factors = RUN["factors"] | {"upstream_kg_co2e_per_kwh": 0.1}
    infrastructure = {
        "components": [{"name": "all", "kg_co2e": 3}],
        "driver": "energy_kwh",
        "workload_driver": 1,
        "provider_driver_total": 1,
    }
    found = intensities(**RUN | {"factors": factors}, infrastructure=infrastructure, functional_units={"job": 2})
    assert found["job"]["sci_g_co2e"] == about(118_052.7008)  # 236.1054016 kg / 2
    assert found["job"]["full_g_co2e"] == about(149_895.5168)  # (236.1054016 + 60.685632 + 3) kg / 2


def test_instruments_do_not_change_the_sci() -> None:
    """The SCI is location-based: certificates leave it as it is."""
    wind = {"id": "w", "type": "rec", "percent": 100, "technology": "wind"}
    found = intensities(**RUN, instruments=[wind], functional_units={"1M tokens": 50})
    assert found["1M tokens"]["sci_g_co2e"] == about(4722.108032)


def test_no_sci_without_embodied() -> None:
    """Without an embodied figure there is no SCI, and the full intensity has what is known."""
    found = intensities(energy=RUN["energy"], factors=RUN["factors"], functional_units={"1M tokens": 50})
    assert found["1M tokens"]["sci_g_co2e"] is None
    assert found["1M tokens"]["full_g_co2e"] == about(4612.108032)  # 230.6054016 kg / 50


@pytest.mark.parametrize(
    ("hardware", "gpu_hours"),
    [
        ({"accelerators": 8, "share": 0.25, "count": 2}, 144),  # 8 · 2 · 0.25 · 36
        ({"accelerator": "h100-sxm5"}, 36),
        ({"instance": "aws:p4d.24xlarge"}, 288),  # 8 · 36
        ({"instance": "aws:g6f.large"}, 4.5),  # 36 / 8
    ],
)
def test_gpu_hours_are_device_hours(hardware: Json, gpu_hours: float) -> None:
    """Without metered GPU-hours the device-hours reserved stand for them."""
    found = intensities(energy=RUN["energy"], factors=RUN["factors"], duration_hours=36, hardware=hardware)
    assert found["gpu_hour"]["count"] == about(gpu_hours)


def test_metered_gpu_hours_go_first() -> None:
    """Metered GPU-hours outrank the device-hours."""
    found = intensities(**RUN | {"hardware": {"accelerator": "h100-sxm5"}}, usage={"gpu_hours": 576})
    assert found["gpu_hour"]["count"] == 576


@pytest.mark.parametrize("hardware", [{"server": "dell-r740"}, {"instance": "aws:m5.large"}])
def test_no_gpu_hours_without_gpus(hardware: Json) -> None:
    """Machine-hours without an accelerator are no GPU-hours."""
    assert "gpu_hour" not in intensities(**RUN | {"hardware": hardware})


def test_no_cost_no_intensity_of_money() -> None:
    """Units that cannot be formed are left out: no cost, a cost of 0, no GPU-hours."""
    assert intensities(**RUN) == {}
    assert intensities(**RUN, cost={"amount": 0, "currency": "USD"}, usage={"gpu_hours": 0}) == {}


def test_currency_is_the_costs() -> None:
    """The intensity of money is named by the currency of the cost, without conversion."""
    found = intensities(**RUN, cost={"amount": 1440, "currency": "EUR"})
    assert found["EUR"]["sci_g_co2e"] == about(163.96208444444444)


def test_small_cost_is_a_cost() -> None:
    """A cost below one unit forms its intensity as any other."""
    found = intensities(**RUN, cost={"amount": 0.5, "currency": "EUR"})
    assert found["EUR"]["sci_g_co2e"] == about(472_210.8032)  # 236,105.4016 g / 0.5


@pytest.mark.parametrize("name", ["gpu_hour", "USD", "EUR"])
def test_names_that_are_formed(name: str) -> None:
    """Names that the answer forms itself are refused."""
    assert refusal_of(**RUN, functional_units={name: 1}) == [(f"/functional_units/{name}", "FIELDS_CONFLICT")]


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("inference", "/functional_units/inference"),
        ("1M tokens", "/functional_units/1M tokens"),
        ("km/h", "/functional_units/km~1h"),
        ("a~b", "/functional_units/a~0b"),
    ],
)
def test_functional_unit_of_zero(name: str, pointer: str) -> None:
    """Nothing can be divided by 0 units; the pointer escapes what RFC 6901 escapes."""
    assert refusal_of(**RUN, functional_units={name: 0}) == [(pointer, "FUNCTIONAL_UNIT_ZERO")]


def test_every_unit_of_zero_is_told() -> None:
    """All faults are told at once, others' included."""
    refused = refusal_of(energy=FACILITY, functional_units={"a": 0, "b": 0})
    assert set(refused) == {
        ("/functional_units/a", "FUNCTIONAL_UNIT_ZERO"),
        ("/functional_units/b", "FUNCTIONAL_UNIT_ZERO"),
        ("/region", "REGION_UNKNOWN"),
    }


def test_order_of_units_is_kept() -> None:
    """Units come back in the order in which they were sent, those formed by the answer after them."""
    found = intensities(**RUN, functional_units={"z": 1, "a": 2}, usage={"gpu_hours": 1})
    assert list(found) == ["z", "a", "gpu_hour"]


def test_tiny_numbers_are_not_rounded() -> None:
    """One inference may be a millionth of a gram."""
    found = intensities(
        energy={"kwh": 1e-9, "level": "facility"},
        factors={"location_kg_co2e_per_kwh": 0.38},
        functional_units={"inference": 1},
    )
    assert found["inference"]["full_g_co2e"] == pytest.approx(3.8e-07, rel=1e-9, abs=0)
