"""Energy of one workload: levels, PUE, host overhead, models, readings, series. Rules: METHOD section 1."""

from typing import Any

import pytest

from tests.workloads import (
    FLAT,
    THREE_HOURS,
    YEAR,
    Json,
    about,
    codes_of,
    estimate_of,
    redone,
    refusal_of,
    source_of,
    warned,
)

ALONE: Json = {"factors": FLAT}
"""No region: the caller's own grid stands in for it."""


def energy_of(**workload: Any) -> Json:
    """The answer's energy."""
    return estimate_of(**(ALONE | workload))["energy"]  # type: ignore[no-any-return]


def modeled(hardware: Json, **workload: Any) -> Json:
    """An answer modeled from hardware for 10 hours, behind a measured PUE of 1."""
    return estimate_of(**(ALONE | {"hardware": hardware, "duration_hours": 10, "pue": 1} | workload))


# levels and PUE


def test_facility_energy_is_taken_as_it_is() -> None:
    """Level `facility`, tier 1, grade A ±5 %; what lies before the meter is null."""
    energy = energy_of(energy={"kwh": 100, "level": "facility"})
    assert energy["facility_kwh"] == 100
    assert [energy[name] for name in ("component_kwh", "it_kwh", "pue")] == [None, None, None]
    assert (energy["tier"], energy["grade"], energy["hourly_gap_share"]) == (1, "A", 0)
    assert (energy["low_kwh"], energy["high_kwh"]) == (about(95), about(105))


def test_a_pue_is_ignored_at_facility_level() -> None:
    """Facility energy holds PUE already: kWh unchanged, and flagged."""
    answer = estimate_of(**ALONE, energy={"kwh": 100, "level": "facility"}, pue=1.2)
    assert answer["energy"]["facility_kwh"] == 100
    assert answer["energy"]["pue"] is None
    assert ("/pue", "PUE_IGNORED_FACILITY_LEVEL") in warned(answer)


def test_it_energy_is_multiplied_by_the_measured_pue() -> None:
    """Level `it` (the default), tier 2, grade A: 500 × 1.12 = 560."""
    answer = estimate_of(**ALONE, energy={"kwh": 500}, pue=1.12)
    energy = answer["energy"]
    assert (energy["it_kwh"], energy["pue"], energy["tier"], energy["grade"]) == (500, 1.12, 2, "A")
    assert energy["facility_kwh"] == about(560)
    assert energy["component_kwh"] is None
    assert (energy["low_kwh"], energy["high_kwh"]) == (about(532), about(588))  # 560 × .95, × 1.05
    assert "PUE_DEFAULTED" not in codes_of(answer)


def test_component_energy_takes_host_and_pue() -> None:
    """Level `component`, tier 3, grade B with a host ratio given: 100 × 1.45 × 1.2 = 174."""
    answer = estimate_of(**ALONE, energy={"kwh": 100, "level": "component"}, host_overhead_ratio=0.45, pue=1.2)
    energy = answer["energy"]
    assert (energy["component_kwh"], energy["tier"], energy["grade"]) == (100, 3, "B")
    assert energy["it_kwh"] == about(145)
    assert energy["facility_kwh"] == about(174)
    assert (energy["low_kwh"], energy["high_kwh"]) == (about(156.6), about(191.4))  # 174 × .9, × 1.1
    assert not {"HOST_OVERHEAD_MISSING", "HOST_OVERHEAD_DEFAULTED"} & codes_of(answer)


def test_component_energy_without_a_host_counts_the_components_alone() -> None:
    """No ratio, no known module: h = 0, flagged, grade C."""
    answer = estimate_of(**ALONE, energy={"kwh": 100, "level": "component"}, pue=1.2)
    assert answer["energy"]["it_kwh"] == 100
    assert answer["energy"]["grade"] == "C"
    assert ("/host_overhead_ratio", "HOST_OVERHEAD_MISSING") in warned(answer)


@pytest.mark.parametrize("level", ["component", "it"])
def test_a_pue_below_one_is_refused(level: str) -> None:
    """No building gives more than it takes."""
    workload = ALONE | {"energy": {"kwh": 1, "level": level}, "pue": 0.99, "host_overhead_ratio": 0}
    assert refusal_of(**workload) == [("/pue", "PUE_BELOW_ONE")]


def test_a_pue_of_one_is_allowed() -> None:
    """The bound itself: facility energy is IT energy."""
    assert energy_of(energy={"kwh": 7}, pue=1)["facility_kwh"] == 7


@pytest.mark.parametrize(
    ("region", "pue", "source", "match"),
    [
        ("aws:us-east-1", 1.15, "pue:aws:us-east-1:2024", "exact"),  # the region's own
        ("aws:eu-west-3", 1.14, "pue:aws:2025", "provider_default"),  # no row of its own: the provider's fleet
        ("FR", 1.56, "pue:default:2024", "provider_default"),  # no provider: the industry average
    ],
)
def test_a_missing_pue_is_the_region_s_the_provider_s_or_the_industry_s(
    region: str, pue: float, source: str, match: str
) -> None:
    """The region's PUE, else the provider's fleet value, else 1.56, each flagged; IT energy then has grade B."""
    answer = estimate_of(region=region, energy={"kwh": 100})
    assert answer["energy"]["pue"] == pue
    assert answer["energy"]["facility_kwh"] == about(100 * pue)
    assert answer["energy"]["grade"] == "B"
    assert (source_of(answer, "pue")["id"], source_of(answer, "pue")["match"]) == (source, match)
    assert ("/pue", "PUE_DEFAULTED") in warned(answer)


def test_a_defaulted_pue_does_not_better_a_grade() -> None:
    """Component energy without h has grade C, whatever the PUE."""
    assert energy_of(energy={"kwh": 1, "level": "component"})["grade"] == "C"


# models


def test_the_worked_example() -> None:
    """8 × 700 W, 72 h, u .85, h .45, PUE 1.2: 348.768 → 505.7136 → 606.85632 kWh, tier 4, grade C."""
    answer = estimate_of(
        **ALONE,
        hardware={"accelerators": 8, "tdp_w": 700},
        duration_hours=72,
        utilization=0.85,
        host_overhead_ratio=0.45,
        pue=1.2,
    )
    energy = answer["energy"]
    assert energy["component_kwh"] == about(348.768)  # 576 h × (70 + 630 × .85) W
    assert energy["it_kwh"] == about(505.7136)
    assert energy["facility_kwh"] == about(606.85632)
    assert (energy["tier"], energy["grade"]) == (4, "C")
    # ± 30 %: no range of the device's own
    assert (energy["low_kwh"], energy["high_kwh"]) == (about(424.799424), about(788.913216))
    assert ("/energy", "ENERGY_MODELED") in warned(answer)
    assert "UTILIZATION_DEFAULTED" not in codes_of(answer)


def test_a_missing_utilization_is_the_upper_bound() -> None:
    """u missing: TDP, flagged, grade D (0.5× to 2×)."""
    answer = modeled({"tdp_w": 500}, host_overhead_ratio=0)
    assert answer["energy"]["component_kwh"] == about(5)  # 10 h × 500 W
    assert answer["energy"]["grade"] == "D"
    assert (answer["energy"]["low_kwh"], answer["energy"]["high_kwh"]) == (about(2.5), about(10))
    assert ("/utilization", "UTILIZATION_DEFAULTED") in warned(answer)


def test_a_known_idle_power_outranks_a_tenth_of_tdp() -> None:
    """P_idle = `idle_w`, else 0.10·TDP."""
    known = modeled({"tdp_w": 500, "idle_w": 100}, utilization=0.5, host_overhead_ratio=0)
    assumed = modeled({"tdp_w": 500}, utilization=0.5, host_overhead_ratio=0)
    assert known["energy"]["component_kwh"] == about(3)  # 10 h × (100 + 400 × .5) W
    assert assumed["energy"]["component_kwh"] == about(2.75)  # 10 h × (50 + 450 × .5) W


def test_a_power_curve_outranks_tdp() -> None:
    """A measured curve is interpolated: halfway between 200 and 400 W."""
    curve = [{"utilization": 0, "watts": 100}, {"utilization": 0.5, "watts": 200}, {"utilization": 1, "watts": 400}]
    answer = modeled({"power_curve": curve, "tdp_w": 9000}, utilization=0.75, host_overhead_ratio=0)
    assert answer["energy"]["component_kwh"] == about(3)  # 10 h × 300 W


@pytest.mark.parametrize("shares", [[0, 0.5, 0.5, 1], [0.1, 1], [0, 0.9], [1, 0], [0, 0.6, 0.4, 1]])
def test_a_power_curve_rises_from_zero_to_one(shares: list[float]) -> None:
    """Points that do not rise strictly in u from 0 to 1 are refused."""
    curve = [{"utilization": share, "watts": 100} for share in shares]
    faults = refusal_of(**ALONE, hardware={"power_curve": curve}, duration_hours=1, utilization=0.5)
    assert faults == [("/hardware/power_curve", "FIELDS_CONFLICT")]


def test_the_tables_know_an_accelerator_and_its_host() -> None:
    """A known module takes 150 W of host a device: 8 × 72 h × .15 kW = 86.4 kWh, flagged."""
    answer = estimate_of(
        **ALONE,
        hardware={"accelerator": "nvidia-h100-sxm", "accelerators": 8},
        duration_hours=72,
        utilization=0.85,
        pue=1.2,
    )
    energy = answer["energy"]
    assert energy["component_kwh"] == about(348.768)
    assert energy["it_kwh"] == about(435.168)  # + 86.4
    assert energy["facility_kwh"] == about(522.2016)
    assert ("/host_overhead_ratio", "HOST_OVERHEAD_DEFAULTED") in warned(answer)


def test_a_card_has_no_host_of_its_own() -> None:
    """A PCIe card is no module: h = 0, flagged; 10 h × (35 + 315 × .5) W."""
    answer = modeled({"accelerator": "h100-pcie"}, utilization=0.5)
    assert answer["energy"]["it_kwh"] == answer["energy"]["component_kwh"] == about(1.925)
    assert ("/host_overhead_ratio", "HOST_OVERHEAD_MISSING") in warned(answer)


def test_an_oam_is_a_module_too() -> None:
    """MI300X, 750 W, OAM: 10 h × .75 kW + 10 h × .15 kW."""
    answer = modeled({"accelerator": "mi300x"}, utilization=1)
    assert answer["energy"]["it_kwh"] == about(9)


def test_a_device_of_uncertain_power_brings_its_range() -> None:
    """GH200 draws 450 to 1000 W where 700 are used: the energy's range holds both."""
    energy = modeled({"accelerator": "gh200"}, utilization=1, host_overhead_ratio=0)["energy"]
    assert energy["component_kwh"] == about(7)
    assert energy["low_kwh"] <= 4.5
    assert energy["high_kwh"] >= 10


def test_a_ratio_given_outranks_the_module_s_default() -> None:
    """h given: 10 h × .7 kW × 1.5."""
    answer = modeled({"accelerator": "h100-sxm5"}, utilization=1, host_overhead_ratio=0.5)
    assert answer["energy"]["it_kwh"] == about(10.5)
    assert "HOST_OVERHEAD_DEFAULTED" not in codes_of(answer)


def test_sensors_of_a_module_take_its_host_by_device_hours() -> None:
    """Metered components of a known module: + 0.15·D kWh; without D nothing is added."""
    metered = {"energy": {"kwh": 40, "level": "component"}, "pue": 1}
    with_hours = estimate_of(**ALONE, **metered, hardware={"accelerator": "h100-sxm5", "device_hours": 80})
    without = estimate_of(**ALONE, **metered, hardware={"accelerator": "h100-sxm5"})
    assert with_hours["energy"]["it_kwh"] == about(52)  # 40 + .15 × 80
    assert without["energy"]["it_kwh"] == 40


def test_device_hours_are_d() -> None:
    """`device_hours` is D: count, accelerators and share are not applied again."""
    hardware = {"accelerators": 8, "count": 3, "share": 0.25, "tdp_w": 700, "device_hours": 100}
    answer = estimate_of(**ALONE, hardware=hardware, utilization=1, host_overhead_ratio=0, pue=1)
    assert answer["energy"]["component_kwh"] == about(70)  # 100 h × .7 kW


def test_devices_are_count_times_accelerators_times_share() -> None:
    """D = n·share·t with n = count × accelerators: 3 × 8 × .25 × 10 = 60 h."""
    hardware = {"accelerators": 8, "count": 3, "share": 0.25, "tdp_w": 700}
    answer = modeled(hardware, utilization=1, host_overhead_ratio=0)
    assert answer["energy"]["component_kwh"] == about(42)  # 60 h × .7 kW


@pytest.mark.parametrize(("device_hours", "conflict"), [(144, False), (144.0001, False), (144.001, True), (72, True)])
def test_two_statements_of_device_hours_agree(device_hours: float, conflict: bool) -> None:
    """With t given too, a relative difference above 1e-6 is refused: 8 × .25 × 72 = 144."""
    hardware = {"accelerators": 8, "share": 0.25, "tdp_w": 700, "device_hours": device_hours}
    faults = refusal_of(**ALONE, hardware=hardware, duration_hours=72, utilization=1)
    assert faults == ([("/hardware/device_hours", "DEVICE_HOURS_CONFLICT")] if conflict else [])


def test_a_period_is_the_duration_where_none_is_given() -> None:
    """Duration defaults to end − start: a day at 1 kW."""
    answer = estimate_of(
        **ALONE,
        period={"start": "2025-03-01", "end": "2025-03-02"},
        hardware={"tdp_w": 1000},
        utilization=1,
        host_overhead_ratio=0,
        pue=1,
    )
    assert answer["energy"]["component_kwh"] == about(24)


def test_a_period_does_not_contradict_device_hours() -> None:
    """Where device-hours are given a period is no duration, so there is nothing to differ from."""
    answer = estimate_of(
        **ALONE,
        period=YEAR,
        hardware={"tdp_w": 1000, "device_hours": 5},
        utilization=1,
        host_overhead_ratio=0,
        pue=1,
    )
    assert answer["energy"]["component_kwh"] == about(5)


def test_a_user_of_a_shared_device_takes_its_part_of_idle_power() -> None:
    """E_i = (D/share)·[P_idle·share + (P_max − P_idle)·u_i]/1000."""
    hardware = {"tdp_w": 700, "idle_w": 100, "share": 0.25}
    common = {"utilization": 0.2, "host_overhead_ratio": 0}
    of_device = modeled(hardware, utilization_of="device", **common)
    of_reserved = modeled(hardware, **common)
    of_hours = estimate_of(**ALONE, hardware=hardware | {"device_hours": 2.5}, utilization_of="device", pue=1, **common)
    assert of_device["energy"]["component_kwh"] == about(1.45)  # 10 h × (100 × .25 + 600 × .2) W
    assert of_hours["energy"]["component_kwh"] == about(1.45)  # D = 2.5 h is 10 h of the whole device
    assert of_reserved["energy"]["component_kwh"] == about(0.55)  # 2.5 h × (100 + 600 × .2) W


# instances and servers


def test_an_instance_is_its_processors_and_memory() -> None:
    """m5.xlarge, Skylake: 4 × (.65 + 3.61 × .5) + 16 × .392 = 16.092 W at the plug; no host is added."""
    answer = modeled({"instance": "m5.xlarge"}, utilization=0.5)
    energy = answer["energy"]
    assert energy["it_kwh"] == about(0.16092)
    assert (energy["component_kwh"], energy["tier"], energy["grade"]) == (None, 4, "C")
    assert not {"HOST_OVERHEAD_MISSING", "HOST_OVERHEAD_DEFAULTED"} & codes_of(answer)


def test_processors_are_half_used_where_nothing_is_said() -> None:
    """u missing: .5 for CPUs, flagged, grade D."""
    answer = modeled({"instance": "aws:m5.xlarge"})
    assert answer["energy"]["it_kwh"] == about(0.16092)
    assert answer["energy"]["grade"] == "D"
    assert ("/utilization", "UTILIZATION_DEFAULTED") in warned(answer)


def test_an_unlisted_family_takes_the_provider_s_average() -> None:
    """m6i.large has no family row: 2 × (.74 + 2.76 × .5) + 8 × .392 = 7.376 W by AWS's average."""
    answer = modeled({"instance": "m6i.large"}, utilization=0.5)
    assert answer["energy"]["it_kwh"] == about(0.07376)
    average = next(source for source in answer["sources"] if source["id"] == "power:average:aws")
    assert average["match"] == "provider_default"


@pytest.mark.parametrize(
    ("utilization", "it_kwh"),
    [
        (0.5, 24.32864),  # 96 × (.64 + 3.33 × .5) + 1152 × .392 + 8 × (40 + 360 × .5) = 2432.864 W
        (None, 38.72864),  # CPUs at .5, accelerators at TDP: 221.28 + 451.584 + 8 × 400 = 3872.864 W
    ],
)
def test_an_instance_holds_its_accelerators(utilization: float | None, it_kwh: float) -> None:
    """n_gpu·P_gpu(u) is added to processors and memory (p4d.24xlarge: 8 A100 of 400 W)."""
    answer = modeled({"instance": "p4d.24xlarge"}, **({} if utilization is None else {"utilization": utilization}))
    assert answer["energy"]["it_kwh"] == about(it_kwh)


def test_instances_count_by_number_and_share() -> None:
    """Machine-hours are count × share × duration: 4 × .5 × 10 h × 16.092 W."""
    answer = modeled({"instance": "m5.xlarge", "count": 4, "share": 0.5}, utilization=0.5)
    assert answer["energy"]["it_kwh"] == about(0.32184)


def test_device_hours_of_an_instance_are_its_accelerators() -> None:
    """80 device-hours of a machine of eight are 10 machine-hours."""
    answer = estimate_of(**ALONE, hardware={"instance": "p4d.24xlarge", "device_hours": 80}, utilization=0.5, pue=1)
    assert answer["energy"]["it_kwh"] == about(24.32864)


def test_an_instance_without_a_published_power_needs_energy() -> None:
    """No power is published for Trainium: refused, not guessed."""
    faults = refusal_of(**ALONE, hardware={"instance": "trn1.32xlarge"}, duration_hours=1)
    assert faults == [("/hardware", "ENERGY_MISSING")]


def test_a_power_of_the_caller_s_outranks_the_instance_s() -> None:
    """`tdp_w` outranks the table: 221.28 + 451.584 + 8 × (30 + 270 × .5) = 1992.864 W."""
    answer = modeled({"instance": "p4d.24xlarge", "tdp_w": 300}, utilization=0.5)
    assert answer["energy"]["it_kwh"] == about(19.92864)


def test_a_cpu_server_is_modeled_by_its_processor() -> None:
    """Cascade Lake: 64 × (.64 + 3.33 × .25) + 256 × .392 = 194.592 W at the plug."""
    hardware = {"host": {"cpu": {"model": "Xeon Gold 5218"}}, "vcpus": 64, "ram_gb": 256}
    answer = modeled(hardware, utilization=0.25)
    assert answer["energy"]["it_kwh"] == about(1.94592)
    assert answer["energy"]["component_kwh"] is None


# what is missing, what contradicts


def test_nothing_to_go_by_is_refused() -> None:
    """No kWh, no hardware, no spend."""
    assert refusal_of(**ALONE) == [("/energy", "ENERGY_MISSING")]
    assert refusal_of(region="FR") == [("/energy", "ENERGY_MISSING")]


@pytest.mark.parametrize("hardware", [{"tdp_w": 700}, {"instance": "m5.xlarge"}, {"accelerator": "h100-sxm5"}])
def test_hardware_without_hours_is_refused(hardware: Json) -> None:
    """A model needs hours."""
    assert refusal_of(**ALONE, hardware=hardware) == [("/hardware", "ENERGY_MISSING")]


@pytest.mark.parametrize("hardware", [{"host": {"cpu": {"model": "Xeon Gold 5218"}}}, {"accelerators": 8}, {}])
def test_hardware_without_power_is_refused(hardware: Json) -> None:
    """A server of unknown size, a device of unknown power: refused, not guessed."""
    assert refusal_of(**ALONE, hardware=hardware, duration_hours=1) == [("/hardware", "ENERGY_MISSING")]


@pytest.mark.parametrize(
    "energy",
    [
        {},
        {"level": "it"},
        {"kwh": 1, "hourly_kwh": [1, 2, 3]},
        {"kwh": 1, "power_samples": [{"at": "2026-01-01T00:00:00Z", "watts": 1}]},
    ],
)
def test_energy_is_given_in_exactly_one_form(energy: Json) -> None:
    """One of kwh, hourly_kwh, power_samples."""
    assert refusal_of(**ALONE, period=THREE_HOURS, energy=energy) == [("/energy", "FIELDS_CONFLICT")]


@pytest.mark.parametrize(
    ("duration_hours", "disagree"), [(100, False), (120, False), (121, True), (80, False), (79, True)]
)
def test_a_model_far_off_the_meter_is_told(duration_hours: float, disagree: bool) -> None:
    """Metered 100 kWh of IT energy, modeled 1 kW × t: more than 20 % apart warns, and the meter is used."""
    answer = estimate_of(
        **ALONE,
        energy={"kwh": 100},
        pue=1.5,
        hardware={"tdp_w": 1000},
        duration_hours=duration_hours,
        utilization=1,
        host_overhead_ratio=0,
    )
    assert (("/energy", "ENERGY_SOURCES_DISAGREE") in warned(answer)) is disagree
    assert answer["energy"]["facility_kwh"] == about(150)


@pytest.mark.parametrize(("duration_hours", "disagree"), [(100, False), (94, True)])
def test_a_model_is_compared_at_the_plug(duration_hours: float, disagree: bool) -> None:
    """As IT kWh, the module's host included: .85 kW × 100 h is within 20 % of 100 kWh, × 94 h is not."""
    answer = estimate_of(
        **ALONE,
        energy={"kwh": 100},
        pue=1.5,
        hardware={"accelerator": "h100-sxm5"},
        duration_hours=duration_hours,
        utilization=1,
    )
    assert ("ENERGY_SOURCES_DISAGREE" in codes_of(answer)) is disagree


@pytest.mark.parametrize(
    "change", [{"energy": {"kwh": 100, "level": "facility"}}, {"utilization": None}, {"duration_hours": None}]
)
def test_without_a_full_model_nothing_disagrees(change: Json) -> None:
    """At level `facility`, or without hours or utilization, there is nothing to compare."""
    workload = {
        "energy": {"kwh": 100},
        "hardware": {"tdp_w": 1000},
        "duration_hours": 1,
        "utilization": 1,
        "host_overhead_ratio": 0,
    }
    assert "ENERGY_SOURCES_DISAGREE" not in codes_of(estimate_of(**ALONE, **(workload | change)))


def test_cost_alone_is_one_figure() -> None:
    """Tier 5: cost × EPA 518210 with margins; no kWh, all other figures null, both totals equal it, grade E."""
    answer = estimate_of(region="aws:us-east-1", cost={"amount": 100, "currency": "USD"})
    figure = answer["scope3"]["spend_based"]
    assert figure["kg_co2e"] == about(100 * source_of(answer, "spend")["value"])
    assert source_of(answer, "spend")["id"].startswith("spend:518210:")
    assert (figure["grade"], figure["inventory_category"]) == ("E", "scope3.cat1")
    assert figure["low_kg_co2e"] == about(0.3 * figure["kg_co2e"])
    assert figure["high_kg_co2e"] == about(3 * figure["kg_co2e"])
    assert answer["scope2"] == {"location_based": None, "market_based": None}
    assert [answer["scope3"][name] for name in ("fuel_and_energy", "embodied", "infrastructure")] == [None] * 3
    assert [answer["energy"][name] for name in ("facility_kwh", "it_kwh", "tier")] == [None, None, 5]
    assert {total["kg_co2e"] for total in answer["totals"].values()} == {figure["kg_co2e"]}
    assert ("/cost", "SPEND_BASED_ESTIMATE") in warned(answer)


@pytest.mark.parametrize("currency", ["EUR", "QQQ"])
def test_money_of_another_currency_is_not_guessed(currency: str) -> None:
    """The spend factor is per USD: a known currency without a rate and an unknown one are refused."""
    faults = refusal_of(region="FR", cost={"amount": 1, "currency": currency})
    assert set(faults) == {("/cost/currency", "CURRENCY_UNKNOWN")}


def test_an_unknown_currency_is_refused_beside_energy() -> None:
    """Money is checked wherever it is sent."""
    faults = refusal_of(**ALONE, energy={"kwh": 1}, pue=1, cost={"amount": 1, "currency": "QQQ"})
    assert faults == [("/cost/currency", "CURRENCY_UNKNOWN")]


# power readings


def readings(*samples: tuple[str, float]) -> Json:
    """Readings of 1 January 2026 by their time of day."""
    return {"power_samples": [{"at": f"2026-01-01T{at}", "watts": watts} for at, watts in samples]}


def test_readings_are_integrated() -> None:
    """Trapezoid: 1 h from 1000 to 3000 W is 2 kWh of IT energy, tier 2."""
    energy = energy_of(energy=readings(("00:00:00Z", 1000), ("01:00:00Z", 3000)), pue=1.5)
    assert (energy["it_kwh"], energy["facility_kwh"], energy["tier"]) == (about(2), about(3), 2)


def test_readings_need_no_order() -> None:
    """Readings are sorted by their instant, whatever their offsets."""
    # in UTC: 00:00 1000 W, 01:00 3000 W, 02:00 1000 W
    shuffled = readings(("02:00:00Z", 1000), ("01:00:00+01:00", 1000), ("02:00:00+01:00", 3000))
    assert energy_of(energy=shuffled, pue=1)["it_kwh"] == about(4)


def test_two_readings_of_one_instant_are_refused() -> None:
    """One instant has one power, also when written with two offsets."""
    twice = readings(("00:00:00Z", 1), ("01:00:00Z", 2), ("02:00:00+01:00", 3))
    assert refusal_of(**ALONE, energy=twice, pue=1) == [("/energy/power_samples", "HOURLY_DUPLICATE")]


def test_a_single_reading_is_refused() -> None:
    """Energy lies between two readings."""
    faults = refusal_of(**ALONE, energy=readings(("00:00:00Z", 1)), pue=1)
    assert [pointer for pointer, _ in faults] == ["/energy/power_samples"]


def test_a_gap_is_bridged_and_told() -> None:
    """A pause above twice the median interval is integrated like any other, and flagged."""
    minutes = [("00:00:00Z", 600), ("00:01:00Z", 600), ("00:02:00Z", 600), ("00:04:01Z", 600)]
    answer = estimate_of(**ALONE, energy=readings(*minutes), pue=1)
    assert ("/energy/power_samples", "POWER_SAMPLES_GAP") in warned(answer)
    assert answer["energy"]["it_kwh"] == about(241 / 6000)  # 241 s × 600 W = 144600 J
    even = estimate_of(**ALONE, energy=readings(*minutes[:3], ("00:04:00Z", 600)), pue=1)
    assert "POWER_SAMPLES_GAP" not in codes_of(even)  # exactly twice the median is none


# hourly series


def test_a_series_is_summed() -> None:
    """[10, 20, 30] kWh of IT energy at PUE 1.5 are 60 and 90 kWh."""
    energy = energy_of(period=THREE_HOURS, energy={"hourly_kwh": [10, 20, 30]}, pue=1.5)
    assert (energy["it_kwh"], energy["facility_kwh"]) == (60, 90)


def test_a_series_needs_its_start() -> None:
    """Without a period nobody knows which hour is the first."""
    assert refusal_of(**ALONE, energy={"hourly_kwh": [1]}, pue=1) == [("/period", "PERIOD_INVALID")]


def test_a_series_starts_on_a_full_hour_of_utc() -> None:
    """05:00 at +05:30 is 23:30 UTC: refused; 05:30 is midnight: taken."""
    at_half = {"start": "2026-01-01T05:00:00+05:30", "end": "2026-01-01T06:00:00+05:30"}
    at_full = {"start": "2026-01-01T05:30:00+05:30", "end": "2026-01-01T06:30:00+05:30"}
    series = ALONE | {"energy": {"hourly_kwh": [1]}, "pue": 1}
    assert refusal_of(**series, period=at_half) == [("/period/start", "PERIOD_INVALID")]
    assert refusal_of(**series, period=at_full) == []


@pytest.mark.parametrize("hours", [2, 4])
def test_a_series_has_one_value_an_hour(hours: int) -> None:
    """Three hours of period, three values."""
    faults = refusal_of(**ALONE, period=THREE_HOURS, energy={"hourly_kwh": [1] * hours}, pue=1)
    assert faults == [("/energy/hourly_kwh", "HOURLY_LENGTH_MISMATCH")]


# the arithmetic


@pytest.mark.parametrize(
    "workload",
    [
        {"energy": {"kwh": 123.4}, "pue": 1.2},
        {"energy": {"kwh": 100, "level": "component"}, "host_overhead_ratio": 0.45, "pue": 1.2},
        {"hardware": {"accelerators": 8, "tdp_w": 700}, "duration_hours": 72, "utilization": 0.85},
        {"hardware": {"accelerator": "h100-sxm5", "accelerators": 8}, "duration_hours": 72, "utilization": 0.85},
        {"hardware": {"instance": "p4d.24xlarge"}, "duration_hours": 3},
        {
            "hardware": {"tdp_w": 700, "idle_w": 70, "share": 0.25},
            "duration_hours": 72,
            "utilization": 0.2,
            "utilization_of": "device",
        },
        {
            "hardware": {"instance": "p4d.24xlarge", "share": 0.5},
            "duration_hours": 72,
            "utilization": 0.2,
            "utilization_of": "device",
        },
    ],
    ids=["it", "component", "devices", "module", "instance", "shared device", "shared instance"],
)
def test_energy_can_be_redone_on_paper(workload: Json) -> None:
    """Every equation of the derivation holds, and the last gives the facility energy."""
    energy = estimate_of(explain=True, **ALONE, **workload)["energy"]
    equations = redone(energy["derivation"])
    for ours, theirs in equations:
        assert ours == pytest.approx(theirs, rel=1e-9)
    assert equations[-1][1] == pytest.approx(energy["facility_kwh"], rel=1e-9)
