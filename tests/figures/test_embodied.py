"""Embodied emissions: the machine's figure and range, its life, the hours that count. Rules: METHOD section 5."""

from typing import Any

import pytest

from tests.workloads import Json, about, codes_of, estimate_of, redone, refusal_of, source_of, warned

METERED: Json = {
    "energy": {"kwh": 1, "level": "facility"},
    "factors": {"location_kg_co2e_per_kwh": 0.38},
}
SERVER: Json = {"embodied_kg_co2e": 2912, "accelerators": 8, "share": 0.25, "lifetime_years": 4}
"""Eight devices of 164 kg and a host of 1600 kg, a quarter of it reserved."""


def answer_for(hardware: Json, **workload: Any) -> Json:
    """The answer for a machine that ran 72 hours."""
    return estimate_of(**METERED | {"duration_hours": 72, "hardware": hardware} | workload)


def embodied(hardware: Json, **workload: Any) -> Json:
    """Its embodied figure."""
    figure: Json = answer_for(hardware, **workload)["scope3"]["embodied"]
    return figure


# the caller's own figure


def test_worked_example() -> None:
    """A figure of the caller's, amortized: every field of the answer."""
    figure = embodied(SERVER)
    assert figure["kg_co2e"] == about(1.4958904109589042)  # 2912 · 72/35040 · 0.25
    assert figure["low_kg_co2e"] == about(0.7479452054794521)  # half
    assert figure["high_kg_co2e"] == about(2.9917808219178084)  # double
    assert figure["total_kg_co2e"] == 2912
    assert figure["counted_hours"] == 72
    assert figure["lifetime_hours"] == 35040  # 4 · 8760
    assert figure["resource_share"] == 0.25
    assert figure["kg_co2e_per_device_hour"] == about(0.01038812785388128)  # 2912 / (8 · 35040)
    assert figure["acquisition_year_kg_co2e"] is None
    assert figure["grade"] == "B"
    assert figure["origin"] == "user"
    assert figure["sources"] == ["user:embodied_kg_co2e"]


def test_callers_figure_is_shown_as_a_source() -> None:
    """A figure of the caller's stands in the sources as `user`."""
    source = source_of(answer_for(SERVER), "embodied_kg_co2e")
    assert (source["value"], source["unit"], source["match"], source["grade"]) == (2912, "kg CO2e", "user", "B")


def test_bare_figure_takes_half_to_double() -> None:
    """A figure without a range is told to lie between its half and its double."""
    assert ("/hardware/embodied_kg_co2e", "EMBODIED_RANGE_DEFAULTED") in warned(answer_for(SERVER))


def test_range_sent_is_kept() -> None:
    """A range of the caller's scales with the amortization, and none is assumed."""
    answer = answer_for(SERVER | {"embodied_kg_co2e": {"low": 1456, "central": 2912, "high": 4368}})
    figure = answer["scope3"]["embodied"]
    assert figure["low_kg_co2e"] == about(0.7479452054794521)  # 1456 · 72/35040 · 0.25
    assert figure["high_kg_co2e"] == about(2.2438356164383562)  # 4368 · 72/35040 · 0.25
    assert "EMBODIED_RANGE_DEFAULTED" not in codes_of(answer)


def test_range_around_zero_is_kept() -> None:
    """A central figure of 0 keeps the range that was sent with it."""
    figure = embodied(SERVER | {"embodied_kg_co2e": {"low": 0, "central": 0, "high": 2912}})
    assert (figure["low_kg_co2e"], figure["kg_co2e"]) == (0, 0)
    assert figure["high_kg_co2e"] == about(1.4958904109589042)  # 2912 · 72/35040 · 0.25


def test_bare_figure_of_zero() -> None:
    """Half and double of 0 are 0."""
    figure = embodied(SERVER | {"embodied_kg_co2e": 0})
    assert (figure["low_kg_co2e"], figure["kg_co2e"], figure["high_kg_co2e"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("low", "central", "high"),
    [(3000, 2912, 4000), (1000, 2912, 2000)],
)
def test_range_out_of_order(low: float, central: float, high: float) -> None:
    """A range that does not hold its central figure is refused."""
    hardware = SERVER | {"embodied_kg_co2e": {"low": low, "central": central, "high": high}}
    refused = refusal_of(**METERED, duration_hours=72, hardware=hardware)
    assert refused == [("/hardware/embodied_kg_co2e", "FIELDS_CONFLICT")]


@pytest.mark.parametrize(
    "named",
    [
        {"instance": "p4d.24xlarge"},
        {"accelerator": "h100-sxm5", "accelerators": 8},
        {"server": "dgx-h100"},
        {"host": {"ram_gb": 512}},
    ],
)
def test_callers_figure_outranks_the_table(named: Json) -> None:
    """A supplier's figure goes before the table's, beside any name, and is that of one machine."""
    figure = embodied(named | {"embodied_kg_co2e": 1000})
    assert figure["total_kg_co2e"] == 1000
    assert figure["origin"] == "user"


# the table's figures


def test_accelerators_without_a_host() -> None:
    """Of accelerators alone the table's figures are summed, and the missing host is told."""
    answer = answer_for({"accelerator": "h100-sxm5", "accelerators": 8})
    figure = answer["scope3"]["embodied"]
    assert figure["total_kg_co2e"] == 1312  # 8 · 164
    assert figure["kg_co2e_per_device_hour"] == about(0.004680365296803653)  # 1312 / (8 · 35040)
    assert figure["origin"] == "embedded"
    assert figure["grade"] == "C"  # a published product carbon footprint
    assert ("/hardware/host", "EMBODIED_HOST_MISSING") in warned(answer)
    assert "EMBODIED_RANGE_DEFAULTED" not in codes_of(answer)  # the table gives 131.2 to 575.1
    assert figure["low_kg_co2e"] == about(2.156712328767123)  # 8 · 131.2 · 72/35040
    assert figure["high_kg_co2e"] == about(9.453698630136987)  # 8 · 575.1 · 72/35040


def test_one_device_where_no_number_is_sent() -> None:
    """An accelerator without a number is one device."""
    assert embodied({"accelerator": "h100-sxm5"})["total_kg_co2e"] == 164


def test_count_is_of_machines() -> None:
    """`total_kg_co2e` is that of all machines, the device-hour that of one device."""
    figure = embodied({"accelerator": "h100-sxm5", "accelerators": 8, "count": 3})
    assert figure["total_kg_co2e"] == 3936  # 3 · 8 · 164
    assert figure["kg_co2e"] == about(8.087671232876712)  # 3936 · 72/35040
    assert figure["kg_co2e_per_device_hour"] == about(0.004680365296803653)  # 164 / 35040


def test_other_rows_of_the_table_are_graded_lower() -> None:
    """A device's figure without a published life-cycle assessment has grade D."""
    assert embodied({"accelerator": "a100-sxm4-80"})["grade"] == "D"


@pytest.mark.parametrize(
    ("host", "kg"),
    [
        ({}, 1000),  # the base server
        ({"cpu": {"units": 1}, "ram_gb": 16}, 1000),  # both are inside the base server
        ({"cpu": {"units": 2}}, 1100),  # 1000 + 100
        ({"ram_gb": 128}, 1155.4583333333333),  # 1000 + (128 − 16) · 533/384
        ({"ssd_gb": 3840}, 1100),  # one drive
        ({"ssd_gb": 7680}, 1200),  # two drives
        ({"hdd_gb": 14000}, 1050),  # one drive
        (
            {"cpu": {"units": 2}, "ram_gb": 128, "ssd_gb": 7680, "hdd_gb": 14000},
            1505.4583333333333,  # 1000 + 100 + 155.4583333 + 200 + 50
        ),
    ],
)
def test_host_is_the_sum_of_its_parts(host: Json, kg: float) -> None:
    """A host is the base server, and what it has beyond that: processors, memory, drives."""
    assert embodied({"host": host})["total_kg_co2e"] == about(kg)


def test_host_beside_accelerators() -> None:
    """TE = n·TE_gpu + TE_host, each part a source, the worst grade of them, the range of each part."""
    host = {"cpu": {"units": 2}, "ram_gb": 128, "ssd_gb": 7680, "hdd_gb": 14000}
    answer = answer_for({"accelerator": "h100-sxm5", "accelerators": 8, "host": host}, duration_hours=35040)
    figure = answer["scope3"]["embodied"]
    assert figure["kg_co2e"] == about(2817.4583333333335)  # 1312 + 1505.4583333
    assert figure["low_kg_co2e"] == about(1802.3291666666667)  # 8 · 131.2 + 1505.4583333 / 2
    assert figure["high_kg_co2e"] == about(7611.716666666667)  # 8 · 575.1 + 1505.4583333 · 2
    assert figure["grade"] == "D"
    assert sorted(figure["sources"]) == [
        "accelerator:h100-sxm5",
        "server_component:base",
        "server_component:cpu",
        "server_component:hdd",
        "server_component:ram",
        "server_component:ssd",
    ]
    assert "EMBODIED_HOST_MISSING" not in codes_of(answer)
    assert "EMBODIED_RANGE_DEFAULTED" in codes_of(answer)


@pytest.mark.parametrize(
    ("server", "kg", "low", "high"),
    [
        ("dell-r740", 1313, 1000, 4289),
        ("PowerEdge R740", 1313, 1000, 4289),
        ("dgx-h100", 4000, 3000, 5000),
    ],
)
def test_archetype(server: str, kg: float, low: float, high: float) -> None:
    """A whole server of the table has the table's figure and range."""
    figure = embodied({"server": server}, duration_hours=35040)
    assert (figure["kg_co2e"], figure["low_kg_co2e"], figure["high_kg_co2e"]) == (kg, low, high)


def test_archetype_knows_its_accelerators() -> None:
    """The device-hour of a server is that of the accelerators inside."""
    assert embodied({"server": "dgx-h100"})["kg_co2e_per_device_hour"] == about(
        0.014269406392694063
    )  # 4000 / (8 · 35040)


def test_device_hour_needs_accelerators() -> None:
    """Hardware without accelerators has no figure per device-hour."""
    assert embodied({"server": "dell-r740"})["kg_co2e_per_device_hour"] is None


# cloud instances


def test_gpu_instance() -> None:
    """A GPU instance is its devices and its part of the platform without the platform's cards."""
    figure = embodied({"instance": "aws:p4d.24xlarge"}, duration_hours=35040)
    assert figure["kg_co2e"] == about(4497.59)  # 8 · 127.6 + (4676.79 − 8 · 150) · 8/8
    assert figure["low_kg_co2e"] == about(2555.195)  # 8 · 102.1 + 3476.79 / 2
    assert figure["high_kg_co2e"] == about(9507.98)  # 8 · 319.3 + 3476.79 · 2
    assert figure["low_kg_co2e"] < 5571.36 < figure["high_kg_co2e"]  # 106 g/h · 52,560 h
    assert figure["kg_co2e_per_device_hour"] == about(0.01604448487442922)  # 4497.59 / (8 · 35040)
    assert figure["grade"] == "D"


def test_gpu_instance_of_an_unknown_platform() -> None:
    """Where the platform is not known the devices alone count, and the missing host is told."""
    answer = answer_for({"instance": "aws:p5.48xlarge"})
    assert answer["scope3"]["embodied"]["total_kg_co2e"] == 1312  # 8 · 164
    assert ("/hardware/instance", "EMBODIED_HOST_MISSING") in warned(answer)


def test_range_is_widened_to_hold_the_other_study() -> None:
    """The range holds SPRUCE's grams per hour over 52,560 hours, however far off."""
    figure = embodied({"instance": "aws:p5.48xlarge"}, duration_hours=35040)
    assert figure["low_kg_co2e"] == about(1049.6)  # 8 · 131.2
    assert figure["high_kg_co2e"] == about(10512)  # 200 g/h · 52,560 h, above 8 · 575.1 = 4600.8


@pytest.mark.parametrize(
    ("instance", "kg"),
    [
        ("aws:m5.large", 33.558125),  # 1610.79 · 2/96
        ("aws:m5.xlarge", 67.11625),  # 1610.79 · 4/96
        ("aws:a1.2xlarge", 511.105),  # 1022.21 · 8/16
    ],
)
def test_cpu_instance(instance: str, kg: float) -> None:
    """A CPU instance is its platform's figure by its part of the vCPUs."""
    figure = embodied({"instance": instance})
    assert figure["total_kg_co2e"] == about(kg)
    assert figure["kg_co2e_per_device_hour"] is None


def test_cpu_instance_takes_half_to_double() -> None:
    """A platform's figure has no range of its own, so half to double is taken, and told."""
    answer = answer_for({"instance": "aws:m5.large"}, duration_hours=35040)
    figure = answer["scope3"]["embodied"]
    assert figure["low_kg_co2e"] == about(16.7790625)  # 33.558125 / 2; SPRUCE's 24.1776 kg lies inside
    assert figure["high_kg_co2e"] == about(67.11625)
    assert "EMBODIED_RANGE_DEFAULTED" in codes_of(answer)


def test_cpu_instance_range_is_widened_too() -> None:
    """SPRUCE's figure stretches the range of a CPU instance as well."""
    figure = embodied({"instance": "aws:a1.2xlarge"}, duration_hours=35040)
    assert figure["low_kg_co2e"] == about(226.008)  # 4.3 g/h · 52,560 h, below 511.105 / 2
    assert figure["high_kg_co2e"] == about(1022.21)  # 511.105 · 2


@pytest.mark.parametrize(
    ("instance", "part", "kg"),
    [
        ("aws:g6f.large", 0.125, 6.5125),  # 52.1 / 8
        ("aws:g6f.2xlarge", 0.25, 13.025),  # 52.1 / 4
        ("aws:g6f.4xlarge", 0.5, 26.05),  # 52.1 / 2
    ],
)
def test_fraction_of_a_device(instance: str, part: float, kg: float) -> None:
    """An instance with a fraction of a device bears that fraction; its device-hour is that of a whole device."""
    figure = embodied({"instance": instance})
    assert figure["total_kg_co2e"] == about(kg)
    assert figure["kg_co2e_per_device_hour"] == about(0.0014868721461187215)  # 52.1 / 35040


def test_instance_is_the_machine() -> None:
    """A cloud instance has share 1 unless one is sent."""
    assert embodied({"instance": "aws:m5.large"})["resource_share"] == 1
    half = embodied({"instance": "aws:m5.large", "share": 0.5}, duration_hours=35040)
    assert half["kg_co2e"] == about(16.7790625)  # 33.558125 / 2


def test_instance_knows_its_accelerators() -> None:
    """A number of accelerators beside an instance that has another is refused."""
    hardware = {"instance": "aws:p4d.24xlarge", "accelerators": 4}
    assert refusal_of(**METERED, duration_hours=72, hardware=hardware) == [
        ("/hardware/accelerators", "FIELDS_CONFLICT")
    ]


@pytest.mark.parametrize(
    "hardware",
    [
        {"instance": "aws:m5.large", "accelerator": "h100-sxm5"},
        {"instance": "aws:m5.large", "server": "dell-r740"},
        {"accelerator": "h100-sxm5", "server": "dell-r740"},
        {"server": "dell-r740", "host": {"ram_gb": 512}},
    ],
)
def test_hardware_has_one_name(hardware: Json) -> None:
    """At most one of instance, accelerator and server names the hardware."""
    assert refusal_of(**METERED, duration_hours=72, hardware=hardware) == [("/hardware", "FIELDS_CONFLICT")]


@pytest.mark.parametrize("field", ["instance", "accelerator", "server"])
def test_unknown_hardware(field: str) -> None:
    """A name that is not known is refused at its field, whatever else is near."""
    refused = refusal_of(**METERED, duration_hours=72, hardware={field: "foo"})
    assert refused == [(f"/hardware/{field}", "HARDWARE_UNKNOWN")]


# what cannot be computed


def test_no_hardware() -> None:
    """Without hardware embodied is null, and the answer says why and what to send."""
    answer = estimate_of(**METERED)
    assert answer["scope3"]["embodied"] is None
    assert ("/hardware", "EMBODIED_NOT_COMPUTED") in warned(answer)


@pytest.mark.parametrize("method", ["time", "utilization", "physical"])
def test_no_hardware_for_a_named_method(method: str) -> None:
    """Without hardware embodied is null under every method but the economic one; nothing is refused."""
    answer = estimate_of(**METERED, allocation={"method": method})
    assert answer["scope3"]["embodied"] is None
    assert ("/hardware", "EMBODIED_NOT_COMPUTED") in warned(answer)


@pytest.mark.parametrize(
    "hardware",
    [
        {"accelerator": "k80", "accelerators": 2},
        {"accelerator": "k80", "host": {"ram_gb": 512}},  # a host alone is not the machine
        {"tdp_w": 700, "accelerators": 8},
    ],
)
def test_no_figure_for_the_hardware(hardware: Json) -> None:
    """Hardware without a known figure makes embodied null, never a part of it and never 0."""
    answer = answer_for(hardware)
    assert answer["scope3"]["embodied"] is None
    assert "EMBODIED_NOT_COMPUTED" in codes_of(answer)


def test_no_hours() -> None:
    """Where time was only the default, missing hours make embodied null with the reason at the hours."""
    answer = estimate_of(**METERED, hardware=SERVER)
    assert answer["scope3"]["embodied"] is None
    assert ("/duration_hours", "EMBODIED_NOT_COMPUTED") in warned(answer)


def test_factors_without_a_figure_are_no_sources() -> None:
    """`sources` lists each factor used: the hardware's is not, where no figure could be formed."""
    answer = estimate_of(**METERED, hardware={"accelerator": "h100-sxm5"})
    assert [source["id"] for source in answer["sources"]] == ["user:location_kg_co2e_per_kwh"]


# life


def test_life_defaults_to_four_years() -> None:
    """Without a life of the caller's 4 years are taken, and told."""
    answer = answer_for({"embodied_kg_co2e": 1000}, duration_hours=1)
    figure = answer["scope3"]["embodied"]
    assert figure["lifetime_hours"] == 35040
    assert figure["kg_co2e"] == about(0.02853881278538813)  # 1000 / 35040
    assert ("/hardware/lifetime_years", "LIFETIME_DEFAULTED") in warned(answer)


def test_life_sent() -> None:
    """A life of the caller's is used as it is."""
    answer = answer_for({"embodied_kg_co2e": 1000, "lifetime_years": 5}, duration_hours=876)
    assert answer["scope3"]["embodied"]["kg_co2e"] == about(20)  # 1000 · 876 / 43800
    assert "LIFETIME_DEFAULTED" not in codes_of(answer)


@pytest.mark.parametrize("age_years", [4, 4.5, 100])
def test_past_its_life(age_years: float) -> None:
    """Past its life nothing more is charged: 0, not null, and told."""
    answer = answer_for(SERVER | {"age_years": age_years})
    figure = answer["scope3"]["embodied"]
    assert (figure["kg_co2e"], figure["low_kg_co2e"], figure["high_kg_co2e"]) == (0, 0, 0)
    assert figure["counted_hours"] == 0
    assert ("/hardware/age_years", "EMBODIED_FULLY_AMORTIZED") in warned(answer)
    assert "EMBODIED_PARTLY_AMORTIZED" not in codes_of(answer)


def test_end_of_life_within_the_hours() -> None:
    """Of hours that straddle the end of life those before it are charged, and told."""
    answer = answer_for({"embodied_kg_co2e": 1000, "lifetime_years": 4, "age_years": 3.75}, duration_hours=8760)
    figure = answer["scope3"]["embodied"]
    assert figure["counted_hours"] == 2190  # a quarter of 8760
    assert figure["kg_co2e"] == about(62.5)  # 1000 · 2190 / 35040
    assert ("/hardware/age_years", "EMBODIED_PARTLY_AMORTIZED") in warned(answer)
    assert "EMBODIED_FULLY_AMORTIZED" not in codes_of(answer)


def test_at_most_all_of_it() -> None:
    """A run longer than the life bears all of the machine and no more."""
    answer = answer_for({"embodied_kg_co2e": 1000, "lifetime_years": 1}, duration_hours=10000)
    assert answer["scope3"]["embodied"]["kg_co2e"] == 1000
    assert "EMBODIED_PARTLY_AMORTIZED" in codes_of(answer)


@pytest.mark.parametrize(
    ("age_years", "hours"),
    [(None, 72), (0, 72), (3, 8760), (None, 35040)],
)
def test_in_life(age_years: float | None, hours: float) -> None:
    """Up to the end of life, and where the age is not known, every hour counts and nothing is told."""
    answer = answer_for(SERVER | ({} if age_years is None else {"age_years": age_years}), duration_hours=hours)
    assert answer["scope3"]["embodied"]["counted_hours"] == hours
    assert not codes_of(answer) & {"EMBODIED_PARTLY_AMORTIZED", "EMBODIED_FULLY_AMORTIZED"}


def test_no_hours_at_all() -> None:
    """A run of no hours bears nothing, which is no matter of age."""
    answer = answer_for(SERVER, duration_hours=0)
    assert answer["scope3"]["embodied"]["kg_co2e"] == 0
    assert not codes_of(answer) & {"EMBODIED_PARTLY_AMORTIZED", "EMBODIED_FULLY_AMORTIZED"}


# hours


def test_hours_of_the_period() -> None:
    """Without hours those of the period are taken, end not included."""
    period = {"start": "2025-01-01", "end": "2025-01-04"}
    figure = estimate_of(**METERED, period=period, hardware=SERVER)["scope3"]["embodied"]
    assert figure["counted_hours"] == 72  # three days
    assert figure["kg_co2e"] == about(1.4958904109589042)


def test_hours_sent_go_before_those_of_the_period() -> None:
    """`duration_hours` outranks the period's length."""
    period = {"start": "2025-01-01", "end": "2026-01-01"}
    assert embodied(SERVER, period=period)["counted_hours"] == 72


def test_device_hours_alone() -> None:
    """Device-hours without hours: M = TE·D/(K·EL), nothing of count and share applied again."""
    hardware = SERVER | {"device_hours": 100, "count": 3}
    figure = estimate_of(**METERED, hardware=hardware)["scope3"]["embodied"]
    assert figure["kg_co2e"] == about(1.0388127853881277)  # 2912 · 100 / (8 · 35040)


def test_device_hours_go_before_the_period() -> None:
    """The period gives no hours where device-hours are given."""
    period = {"start": "2025-01-01", "end": "2026-01-01"}
    figure = estimate_of(**METERED, period=period, hardware=SERVER | {"device_hours": 100})["scope3"]["embodied"]
    assert figure["kg_co2e"] == about(1.0388127853881277)


def test_device_hours_of_machines_without_accelerators() -> None:
    """Of machines without accelerators a device-hour is a machine-hour."""
    hardware = {"embodied_kg_co2e": 1000, "lifetime_years": 4, "device_hours": 3504}
    assert estimate_of(**METERED, hardware=hardware)["scope3"]["embodied"]["kg_co2e"] == about(100)  # 1000 / 10


@pytest.mark.parametrize("nothing", [{"share": 0}, {"count": 0}])
def test_device_hours_need_no_share_or_count(nothing: Json) -> None:
    """Device-hours contain count and share, so that a 0 there changes nothing."""
    hardware = SERVER | {"device_hours": 100} | nothing
    figure = estimate_of(**METERED, hardware=hardware)["scope3"]["embodied"]
    assert figure is not None
    assert figure["kg_co2e"] == about(1.0388127853881277)


def test_machine_hours_beside_hours() -> None:
    """Of machines without accelerators 72 device-hours agree with 72 hours, 144 do not."""
    server = {"embodied_kg_co2e": 1000}
    assert refusal_of(**METERED, duration_hours=72, hardware=server | {"device_hours": 72}) == []
    assert refusal_of(**METERED, duration_hours=72, hardware=server | {"device_hours": 144}) == [
        ("/hardware/device_hours", "DEVICE_HOURS_CONFLICT")
    ]


def test_device_hours_beside_hours() -> None:
    """Device-hours that agree with the hours change nothing: 8 · 0.25 · 72 = 144."""
    figure = embodied(SERVER | {"device_hours": 144})
    assert figure["kg_co2e"] == about(1.4958904109589042)
    assert figure["counted_hours"] == 72


@pytest.mark.parametrize("device_hours", [143, 145, 576, 0])
def test_device_hours_conflict(device_hours: float) -> None:
    """Device-hours other than count × accelerators × share × hours are refused."""
    refused = refusal_of(**METERED, duration_hours=72, hardware=SERVER | {"device_hours": device_hours})
    assert refused == [("/hardware/device_hours", "DEVICE_HOURS_CONFLICT")]


def test_device_hours_agree_within_a_millionth() -> None:
    """A relative difference up to 1e-6 is no conflict, one above is."""
    assert refusal_of(**METERED, duration_hours=72, hardware=SERVER | {"device_hours": 144.0001}) == []  # 7e-7
    assert refusal_of(**METERED, duration_hours=72, hardware=SERVER | {"device_hours": 144.0002}) == [  # 1.4e-6
        ("/hardware/device_hours", "DEVICE_HOURS_CONFLICT")
    ]


def test_device_hours_past_the_life() -> None:
    """Hardware past its life bears nothing, whichever way its hours are given."""
    answer = estimate_of(**METERED, hardware=SERVER | {"device_hours": 100, "age_years": 4})
    assert answer["scope3"]["embodied"]["kg_co2e"] == 0
    assert "EMBODIED_FULLY_AMORTIZED" in codes_of(answer)


# own hardware: two views


@pytest.mark.parametrize("deployment", ["owned", "colocated"])
def test_acquisition_year(deployment: str) -> None:
    """Category 2 takes all of own hardware in the year of purchase; both views are returned, never added."""
    answer = answer_for(SERVER | {"count": 2, "acquired_in_period": True}, deployment=deployment)
    figure = answer["scope3"]["embodied"]
    assert figure["acquisition_year_kg_co2e"] == 5824  # 2 · 2912, whatever the share and the hours
    assert figure["kg_co2e"] == about(2.9917808219178084)  # 5824 · 72/35040 · 0.25
    assert answer["totals"]["location_based"]["kg_co2e"] == about(3.3717808219178085)  # and 1 kWh · 0.38
    assert ("/hardware/acquired_in_period", "CAT2_ACQUISITION_YEAR") in warned(answer)


@pytest.mark.parametrize("deployment", ["leased", "cloud"])
def test_acquisition_year_of_anothers_hardware(deployment: str) -> None:
    """Hardware of another's is nobody's purchase here."""
    answer = answer_for(SERVER | {"acquired_in_period": True}, deployment=deployment)
    assert answer["scope3"]["embodied"]["acquisition_year_kg_co2e"] is None
    assert "CAT2_ACQUISITION_YEAR" not in codes_of(answer)


def test_acquisition_in_another_year() -> None:
    """Own hardware of an earlier year has the amortized view alone."""
    answer = answer_for(SERVER, deployment="owned")
    assert answer["scope3"]["embodied"]["acquisition_year_kg_co2e"] is None
    assert "CAT2_ACQUISITION_YEAR" not in codes_of(answer)


def test_derivation() -> None:
    """`explain` writes the parts of the machine and the arithmetic on them in one line that a person may redo."""
    workload = METERED | {
        "duration_hours": 72,
        "hardware": {"accelerator": "h100-sxm5", "accelerators": 8, "host": {"cpu": {"units": 2}}},
    }
    line = estimate_of(**workload, explain=True)["scope3"]["embodied"]["derivation"]
    assert "\n" not in line
    (machine, part) = (redo for redo, _ in redone(line))
    assert machine == about(2412)  # 1000 + 100 + 8 · 164
    assert part == about(4.956164383561644)  # 2412 · 72/35040
    assert [said for _, said in redone(line)] == [2412, pytest.approx(part, rel=1e-9)]
    assert "derivation" not in estimate_of(**workload)["scope3"]["embodied"]
