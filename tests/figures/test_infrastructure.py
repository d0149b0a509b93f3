"""The provider's buildings, plant and network: what divides them, what counts. Rules: METHOD section 6."""

from typing import Any

import pytest

from tests.workloads import Json, about, codes_of, estimate_of, redone, refusal_of, source_of, warned

METERED: Json = {
    "energy": {"kwh": 606.85632, "level": "facility"},
    "factors": {"location_kg_co2e_per_kwh": 0.38},
}
ALL: Json = {"name": "all", "kg_co2e": 5_000_000}
SERVER: Json = {"embodied_kg_co2e": 2912, "accelerators": 8, "share": 0.25, "lifetime_years": 4}


def provider(driver: str = "energy_kwh", total: float | None = 120_000_000, **given: Any) -> Json:
    """A provider's report, of one annual total where no components are given."""
    report: Json = {"components": [ALL], "driver": driver, "provider_driver_total": total} | given
    return {name: value for name, value in report.items() if value is not None}


def infrastructure(report: Json, **workload: Any) -> Json:
    """The infrastructure figure of a workload."""
    figure: Json = estimate_of(**METERED | {"infrastructure": report} | workload)["scope3"]["infrastructure"]
    return figure


def test_worked_example() -> None:
    """I = T · d_w / d_P, with every field of the answer."""
    figure = infrastructure(provider())
    assert figure["kg_co2e"] == about(25.28568)  # 5,000,000 · 606.85632 / 120,000,000
    assert figure["driver"] == "energy_kwh"
    assert figure["workload_driver"] == about(606.85632)
    assert figure["provider_driver_total"] == 120_000_000
    assert figure["share"] == about(5.057136e-06)  # 606.85632 / 120,000,000
    assert figure["components"] == [{"name": "all", "kg_co2e": about(25.28568), "counted": True}]
    assert figure["low_kg_co2e"] == about(21.6192564)  # metered at the facility 0.95, reported by the provider 0.9
    assert figure["high_kg_co2e"] == about(29.2049604)  # 1.05 · 1.1
    assert figure["grade"] == "B"


def test_report_is_a_source() -> None:
    """The provider's report stands in the sources as the caller's: kilograms for one of the driver."""
    source = source_of(estimate_of(**METERED, infrastructure=provider()), "infrastructure")
    assert source["match"] == "user"
    assert source["value"] == about(0.041666666666666664)  # 5,000,000 / 120,000,000


# the driver


def test_energy_is_that_of_the_facility() -> None:
    """`energy_kwh` is facility energy, PUE applied."""
    figure = infrastructure(provider(total=1200), energy={"kwh": 100}, pue=1.2)
    assert figure["workload_driver"] == about(120)  # 100 · 1.2
    assert figure["kg_co2e"] == about(500_000)  # 5,000,000 · 120/1200


@pytest.mark.parametrize(
    ("driver", "workload", "hours"),
    [
        ("gpu_hours", {"usage": {"gpu_hours": 100}}, 100),
        ("gpu_hours", {}, 144),  # 8 · 0.25 · 72
        ("gpu_hours", {"hardware": SERVER | {"count": 2}}, 288),  # 8 · 2 · 0.25 · 72
        ("gpu_hours", {"hardware": {"instance": "aws:p4d.24xlarge"}}, 576),  # 8 · 72
        ("vcpu_hours", {"usage": {"vcpu_hours": 100}}, 100),
        ("vcpu_hours", {"hardware": {"vcpus": 96, "count": 2, "share": 0.25}}, 3456),  # 96 · 2 · 0.25 · 72
        ("vcpu_hours", {"hardware": {"instance": "aws:m5.large"}}, 144),  # 2 · 72
        ("compute_hours", {}, 144),  # D
        ("cost", {"cost": {"amount": 500, "currency": "EUR"}}, 500),  # whatever the currency of both
    ],
)
def test_own_driver(driver: str, workload: Json, hours: float) -> None:
    """Resource-hours are those metered, else capacity · count · share · t; compute hours are D; cost is the amount."""
    figure = infrastructure(provider(driver, 10_000), **{"duration_hours": 72, "hardware": SERVER} | workload)
    assert figure["workload_driver"] == about(hours)
    assert figure["kg_co2e"] == about(hours * 500)  # 5,000,000 / 10,000 = 500 kg for one


def test_compute_hours_are_the_device_hours_sent() -> None:
    """D is `device_hours` where it is given."""
    figure = infrastructure(provider("compute_hours", 10_000), hardware=SERVER | {"device_hours": 100})
    assert figure["workload_driver"] == 100


def test_workload_driver_overrides() -> None:
    """A driver that is sent outranks the workload's own, of which nothing need be known then."""
    figure = infrastructure(provider(total=1000, workload_driver=10))
    assert figure["kg_co2e"] == about(50_000)  # 5,000,000 / 100
    assert (figure["low_kg_co2e"], figure["high_kg_co2e"]) == (about(45_000), about(55_000))  # the report's 10 %
    assert infrastructure(provider("cost", 1000, workload_driver=10))["kg_co2e"] == about(50_000)


@pytest.mark.parametrize(
    ("driver", "workload"),
    [
        ("gpu_hours", {}),
        ("gpu_hours", {"hardware": {"server": "dell-r740"}, "duration_hours": 72}),  # it has none
        ("gpu_hours", {"hardware": {"server": "dell-r740", "device_hours": 72}}),  # those are machine-hours
        ("vcpu_hours", {"hardware": {"instance": "aws:m5.large"}}),  # no hours
        ("vcpu_hours", {"hardware": SERVER, "duration_hours": 72}),  # no vCPUs
        ("compute_hours", {"hardware": SERVER}),
        ("cost", {}),
    ],
)
def test_own_driver_not_known(driver: str, workload: Json) -> None:
    """A driver of the workload's that is not known is refused, where it may be sent."""
    refused = refusal_of(**METERED | {"infrastructure": provider(driver, 10_000)} | workload)
    assert refused == [("/infrastructure/workload_driver", "ALLOC_DRIVER_MISSING")]


@pytest.mark.parametrize("total", [None, 0])
def test_denominator_missing(total: float | None) -> None:
    """A provider's total without its own driver total, or with 0, cannot be divided."""
    refused = refusal_of(**METERED, infrastructure=provider(total=total))
    assert refused == [("/infrastructure/provider_driver_total", "INFRA_DENOMINATOR_MISSING")]


def test_share_above_one() -> None:
    """A workload cannot be more than its provider."""
    refused = refusal_of(**METERED, infrastructure=provider(total=606))
    assert [code for _, code in refused] == ["INFRA_SHARE_ABOVE_ONE"]


def test_share_of_one() -> None:
    """A workload may be all that its provider has."""
    figure = infrastructure(provider(total=606.85632))
    assert (figure["share"], figure["kg_co2e"]) == (1, about(5_000_000))


def test_nothing_used() -> None:
    """A workload without any of the driver bears nothing: 0, not null."""
    figure = infrastructure(provider(workload_driver=0))
    assert (figure["kg_co2e"], figure["share"]) == (0, 0)


def test_other_faults_make_no_driver_missing() -> None:
    """Energy that was sent is not called missing because something else is wrong."""
    refused = refusal_of(region="xx:nowhere", energy={"kwh": 1}, infrastructure=provider())
    assert refused == [("/region", "REGION_UNKNOWN")]


# the components


@pytest.mark.parametrize(
    ("component", "kg"),
    [
        ({"kg_co2e": 1000}, 1000),  # annual by default
        ({"kg_co2e": 1000, "basis": "annual", "covers": "building"}, 1000),
        ({"kg_co2e": 1000, "basis": "annual", "life_years": 10}, 1000),  # an annual total is used as it is
        ({"kg_co2e": 1000, "basis": "as_built", "covers": "building"}, 20),  # 1000 / 50
        ({"kg_co2e": 1900, "basis": "as_built", "covers": "cooling"}, 100),  # 1900 / 19
        ({"kg_co2e": 1900, "basis": "as_built", "covers": "power"}, 100),
        ({"kg_co2e": 1900, "basis": "as_built", "covers": "network"}, 100),
        ({"kg_co2e": 1000, "basis": "as_built", "covers": "building", "life_years": 25}, 40),  # 1000 / 25
        ({"kg_co2e": 1000, "basis": "as_built", "covers": "cooling", "life_years": 10}, 100),  # 1000 / 10
    ],
)
def test_as_built_is_divided_by_its_life(component: Json, kg: float) -> None:
    """What was built counts by its life, 50 years for a building and 19 for plant; annual totals count as they are."""
    figure = infrastructure(provider(total=1, workload_driver=1, components=[{"name": "one"} | component]))
    assert figure["kg_co2e"] == about(kg)


def test_components_are_summed() -> None:
    """T = Σ components, each line with its part."""
    components = [
        {"name": "shell", "kg_co2e": 1000, "basis": "as_built", "covers": "building"},
        {"name": "chillers", "kg_co2e": 1900, "basis": "as_built", "covers": "cooling"},
        {"name": "fibre", "kg_co2e": 30, "covers": "network"},
        {"name": "other", "kg_co2e": 50},
    ]
    figure = infrastructure(provider(total=10, workload_driver=1, components=components))
    assert figure["kg_co2e"] == about(20)  # (20 + 100 + 30 + 50) / 10
    lines = [(line["name"], line["kg_co2e"], line["counted"]) for line in figure["components"]]
    assert lines == [
        ("shell", about(2), True),
        ("chillers", about(10), True),
        ("fibre", about(3), True),
        ("other", about(5), True),
    ]


MIXED: list[Json] = [
    {"name": "shell", "kg_co2e": 100, "covers": "building"},
    {"name": "servers", "kg_co2e": 800, "covers": "it_hardware"},
    {"name": "electricity", "kg_co2e": 9000, "covers": "energy"},
]


def test_overlap_is_left_out() -> None:
    """Servers are left out where embodied is computed, energy always; the lines stay, marked and 0."""
    report = provider(total=10, workload_driver=1, components=MIXED)
    answer = estimate_of(**METERED, hardware=SERVER, duration_hours=72, infrastructure=report)
    figure = answer["scope3"]["infrastructure"]
    assert figure["kg_co2e"] == about(10)  # 100 / 10
    lines = [(line["name"], line["kg_co2e"], line["counted"]) for line in figure["components"]]
    assert lines == [("shell", about(10), True), ("servers", 0, False), ("electricity", 0, False)]
    assert ("/infrastructure/components", "INFRA_OVERLAP_EXCLUDED") in warned(answer)


def test_servers_count_where_embodied_is_not_computed() -> None:
    """Without an embodied figure the provider's servers are counted; energy is still left out."""
    answer = estimate_of(**METERED, infrastructure=provider(total=10, workload_driver=1, components=MIXED))
    figure = answer["scope3"]["infrastructure"]
    assert figure["kg_co2e"] == about(90)  # (100 + 800) / 10
    assert [line["counted"] for line in figure["components"]] == [True, True, False]
    assert "INFRA_OVERLAP_EXCLUDED" in codes_of(answer)


def test_hardware_past_its_life_is_computed() -> None:
    """An embodied figure of 0 is a figure: the provider's servers are left out beside it."""
    report = provider(total=10, workload_driver=1, components=MIXED)
    figure = infrastructure(report, hardware=SERVER | {"age_years": 9}, duration_hours=72)
    assert [line["counted"] for line in figure["components"]] == [True, False, False]


def test_no_overlap_no_warning() -> None:
    """Without anything left out nothing is told."""
    answer = estimate_of(**METERED, infrastructure=provider())
    assert "INFRA_OVERLAP_EXCLUDED" not in codes_of(answer)


def test_all_left_out() -> None:
    """A report of energy alone leaves 0."""
    report = provider(components=[{"name": "electricity", "kg_co2e": 9000, "covers": "energy"}])
    assert infrastructure(report)["kg_co2e"] == 0


def test_scope1_is_a_line_of_its_own() -> None:
    """Refrigerants and diesel come back as a line of their own, counted."""
    components = [ALL, {"name": "refrigerants", "kg_co2e": 30, "covers": "scope1"}]
    figure = infrastructure(provider(total=10, workload_driver=1, components=components))
    assert figure["components"][1] == {"name": "refrigerants", "kg_co2e": about(3), "counted": True}
    assert figure["kg_co2e"] == about(500_003)  # 5,000,030 / 10


# the provider's factor


def test_provider_factor() -> None:
    """A provider's factor prices IT energy, not facility energy."""
    factors = {"location_kg_co2e_per_kwh": 0.38, "infrastructure_kg_co2e_per_it_kwh": 0.02}
    answer = estimate_of(energy={"kwh": 100}, pue=1.5, factors=factors)
    figure = answer["scope3"]["infrastructure"]
    assert figure["kg_co2e"] == about(2)  # 100 · 0.02
    assert figure["low_kg_co2e"] == about(1.71)  # 0.95 · 0.9
    assert figure["high_kg_co2e"] == about(2.31)  # 1.05 · 1.1
    assert figure["workload_driver"] == 100
    assert figure["provider_driver_total"] is None
    assert figure["share"] is None
    assert figure["components"] == []
    assert "user:infrastructure_kg_co2e_per_it_kwh" in figure["sources"]


def test_provider_factor_at_facility_level() -> None:
    """At level facility IT energy is not known, so the factor forms nothing, and that is told."""
    factors = {"location_kg_co2e_per_kwh": 0.38, "infrastructure_kg_co2e_per_it_kwh": 0.02}
    answer = estimate_of(energy={"kwh": 100, "level": "facility"}, factors=factors)
    assert answer["scope3"]["infrastructure"] is None
    assert ("/factors/infrastructure_kg_co2e_per_it_kwh", "INFRA_NOT_COMPUTED") in warned(answer)


def test_report_and_factor() -> None:
    """A report and a factor exclude each other."""
    factors = {"location_kg_co2e_per_kwh": 0.38, "infrastructure_kg_co2e_per_it_kwh": 0.02}
    refused = refusal_of(energy={"kwh": 100}, pue=1.2, factors=factors, infrastructure=provider())
    assert refused == [("/factors/infrastructure_kg_co2e_per_it_kwh", "FIELDS_CONFLICT")]


def test_neither() -> None:
    """Without a report or a factor infrastructure is null, and that is told."""
    answer = estimate_of(**METERED)
    assert answer["scope3"]["infrastructure"] is None
    assert ("/infrastructure", "INFRA_NOT_COMPUTED") in warned(answer)


def test_embodied_method_changes_nothing_here() -> None:
    """Infrastructure follows its own driver, whatever the allocation method."""
    workload = METERED | {"hardware": SERVER, "duration_hours": 72, "utilization": 0.1, "infrastructure": provider()}
    by_method = [
        estimate_of(**workload, allocation={"method": method})["scope3"]["infrastructure"]["kg_co2e"]
        for method in ("time", "utilization")
    ]
    assert by_method == [about(25.28568), about(25.28568)]


@pytest.mark.parametrize(
    ("workload", "kg"),
    [
        (METERED | {"infrastructure": provider()}, 25.28568),
        (METERED | {"infrastructure": provider(total=10, workload_driver=1, components=[ALL, ALL])}, 1_000_000),
        (
            {
                "energy": {"kwh": 100},
                "pue": 1.5,
                "factors": {"location_kg_co2e_per_kwh": 0.38, "infrastructure_kg_co2e_per_it_kwh": 0.02},
            },
            2,
        ),
    ],
    ids=["total", "totals", "factor"],
)
def test_derivation(workload: Json, kg: float) -> None:
    """`explain` writes the arithmetic in one line that a person may redo."""
    line = estimate_of(**workload, explain=True)["scope3"]["infrastructure"]["derivation"]
    assert "\n" not in line
    ((redo, said),) = redone(line)
    assert redo == pytest.approx(kg, rel=1e-9)
    assert said == pytest.approx(kg, rel=1e-9)
    assert "derivation" not in estimate_of(**workload)["scope3"]["infrastructure"]
