"""One workload under each allocation method: what falls on it, what it needs, what is left. Rules: METHOD section 5."""

from typing import Any

import pytest

from tests.workloads import Json, about, codes_of, estimate_of, redone, refusal_of, source_ids, source_of, warned

METERED: Json = {
    "energy": {"kwh": 1, "level": "facility"},
    "factors": {"location_kg_co2e_per_kwh": 0.38},
}
SERVER: Json = {"embodied_kg_co2e": 2912, "accelerators": 8, "share": 0.25, "lifetime_years": 4}
"""Eight devices of 164 kg and a host of 1600 kg, a quarter of it reserved."""
RUN: Json = METERED | {"duration_hours": 72, "hardware": SERVER}


def run(method: str | None, *, explain: bool = False, **workload: Any) -> Json:
    """The answer for the machine's 72 hours under a method."""
    allocation = workload.pop("allocation", {}) | ({} if method is None else {"method": method})
    return estimate_of(**RUN | workload, allocation=allocation, explain=explain)


def embodied(method: str | None, **workload: Any) -> Json:
    """Its embodied figure."""
    figure: Json = run(method, **workload)["scope3"]["embodied"]
    return figure


def refused(method: str, *without: str, **workload: Any) -> list[tuple[str, str]]:
    """The faults under a method, some fields of the run left out."""
    allocation = workload.pop("allocation", {}) | {"method": method}
    asked = {name: value for name, value in (RUN | workload).items() if name not in without}
    return refusal_of(**asked, allocation=allocation)


# time


def test_time_is_the_default() -> None:
    """A workload that names no method gets `time`, and the note."""
    answer = run(None)
    assert answer["allocation"] == {"method": "time", "alternatives": []}
    assert answer["scope3"]["embodied"]["kg_co2e"] == about(1.4958904109589042)  # 2912 · 72/35040 · 0.25
    assert ("/allocation/method", "ALLOC_METHOD_DEFAULTED") in warned(answer)


def test_time_named() -> None:
    """A method that is named needs no note."""
    answer = run("time")
    assert answer["scope3"]["embodied"]["kg_co2e"] == about(1.4958904109589042)
    assert "ALLOC_METHOD_DEFAULTED" not in codes_of(answer)


def test_time_with_fleet_utilization() -> None:
    """The fleet's idle life is charged to its users: divided by η."""
    figure = embodied("time", allocation={"fleet_utilization": 0.8})
    assert figure["kg_co2e"] == about(1.86986301369863)  # 1.4958904110 / 0.8
    assert figure["high_kg_co2e"] == about(3.73972602739726)  # double


def test_fleet_utilization_with_the_default_method() -> None:
    """Fleet utilization goes with the method that was only the default."""
    assert embodied(None, allocation={"fleet_utilization": 0.8})["kg_co2e"] == about(1.86986301369863)


@pytest.mark.parametrize("method", ["utilization", "economic"])
def test_fleet_utilization_has_no_place(method: str) -> None:
    """Fleet utilization goes with time and physical only."""
    faults = refused(
        method,
        utilization=0.6,
        cost={"amount": 500, "currency": "USD"},
        allocation={"fleet_utilization": 0.8},
    )
    assert faults == [("/allocation/fleet_utilization", "FIELDS_CONFLICT")]


def test_time_needs_hours() -> None:
    """Time that was named needs hours: refused, at the hours."""
    assert refused("time", "duration_hours") == [("/duration_hours", "ALLOC_DRIVER_MISSING")]


# utilization


def test_utilization() -> None:
    """What was used falls on the workload, what was reserved and unused is shown."""
    figure = embodied("utilization", utilization=0.6)
    assert figure["kg_co2e"] == about(0.8975342465753424)  # 1.4958904110 · 0.6
    assert figure["unallocated_kg_co2e"] == about(0.5983561643835617)  # 1.4958904110 · 0.4
    assert figure["low_kg_co2e"] == about(0.4487671232876712)  # half


@pytest.mark.parametrize(
    ("utilization", "kg", "unallocated_kg"),
    [(0, 0, 1.4958904109589042), (1, 1.4958904109589042, 0)],
)
def test_utilization_at_its_ends(utilization: float, kg: float, unallocated_kg: float) -> None:
    """Nothing used bears nothing, all used bears all; neither is lost."""
    figure = embodied("utilization", utilization=utilization)
    assert (figure["kg_co2e"], figure["unallocated_kg_co2e"]) == (about(kg), about(unallocated_kg))


def test_unallocated_is_not_in_the_total() -> None:
    """What does not fall on the workload stands beside its figures, not in their sum."""
    answer = run("utilization", utilization=0.6)
    assert answer["totals"]["location_based"]["kg_co2e"] == about(1.2775342465753424)  # 0.38 + 0.8975342466


@pytest.mark.parametrize(
    ("without", "pointers"),
    [
        (("duration_hours",), ["/duration_hours"]),
        (("utilization",), ["/utilization"]),
        (("duration_hours", "utilization"), ["/duration_hours", "/utilization"]),
    ],
)
def test_utilization_needs(without: tuple[str, ...], pointers: list[str]) -> None:
    """Utilization needs hours and utilization; all that is missing is told at once."""
    faults = refused("utilization", *without, utilization=0.6)
    assert sorted(faults) == [(pointer, "ALLOC_DRIVER_MISSING") for pointer in pointers]


# physical


def test_physical() -> None:
    """Metered resource-hours bear their part of the machine; what was reserved beyond them is shown."""
    figure = embodied("physical", usage={"gpu_hours": 100})
    assert figure["kg_co2e"] == about(1.0388127853881277)  # 2912 · 100 / (35040 · 8)
    assert figure["unallocated_kg_co2e"] == about(0.45707762557077645)  # 1.4958904110 − 1.0388127854


def test_physical_with_fleet_utilization() -> None:
    """Fleet utilization divides the metered part and the reserved one alike."""
    figure = embodied("physical", usage={"gpu_hours": 100}, allocation={"fleet_utilization": 0.8})
    assert figure["kg_co2e"] == about(1.29851598173516)  # 1.0388127854 / 0.8
    assert figure["unallocated_kg_co2e"] == about(0.5713470319634704)  # 0.4570776256 / 0.8


def test_physical_without_hours() -> None:
    """Metered hours need no hours of the clock; the rest is then not known."""
    figure = estimate_of(**METERED, hardware=SERVER, usage={"gpu_hours": 100}, allocation={"method": "physical"})[
        "scope3"
    ]["embodied"]
    assert figure["kg_co2e"] == about(1.0388127853881277)
    assert figure["unallocated_kg_co2e"] is None


def test_physical_rest_is_never_negative() -> None:
    """More metered than reserved leaves no rest."""
    figure = embodied("physical", usage={"gpu_hours": 1000})
    assert figure["kg_co2e"] == about(10.388127853881278)  # 2912 · 1000 / (35040 · 8)
    assert figure["unallocated_kg_co2e"] == 0


@pytest.mark.parametrize(
    ("usage", "capacities"),
    [
        ({"vcpu_hours": 960}, {"vcpus": 96}),  # 960/96 = 10
        ({"ram_gb_hours": 20480}, {"ram_gb": 2048}),  # 20480/2048 = 10
        ({"ram_gb_hours": 20480}, {"host": {"ram_gb": 2048}}),  # the host's memory is the machine's
    ],
)
def test_physical_by_other_resources(usage: Json, capacities: Json) -> None:
    """vCPU-hours and GB-hours are taken over what one machine has of them."""
    hardware = {"embodied_kg_co2e": 2912, "lifetime_years": 4} | capacities
    figure = embodied("physical", usage=usage, hardware=hardware)
    assert figure["kg_co2e"] == about(0.8310502283105022)  # 2912 · 10 / 35040


@pytest.mark.parametrize("usage", [{"vcpu_hours": 200}, {"ram_gb_hours": 800}])
def test_physical_takes_an_instances_capacities(usage: Json) -> None:
    """The capacities of an instance are the table's: 2 vCPUs and 8 GB of an m5.large."""
    figure = embodied("physical", usage=usage, hardware={"instance": "aws:m5.large"})
    assert figure["kg_co2e"] == about(0.0957709046803653)  # 33.558125 · 100 / 35040


def test_physical_of_a_fraction() -> None:
    """GPU-hours of an instance with an eighth of a device are those of the device."""
    figure = embodied("physical", usage={"gpu_hours": 10}, hardware={"instance": "aws:g6f.large"})
    assert figure["kg_co2e"] == about(0.014868721461187215)  # 6.5125 · 10 / (35040 · 0.125)


def test_physical_with_weights() -> None:
    """Σ w·TE·d/(EL·K) over several resources."""
    figure = embodied(
        "physical",
        hardware=SERVER | {"vcpus": 96},
        usage={"gpu_hours": 100, "vcpu_hours": 960},
        allocation={"weights": {"gpu_hours": 0.7, "vcpu_hours": 0.3}},
    )
    assert figure["kg_co2e"] == about(0.9764840182648402)  # 2912/35040 · (0.7 · 12.5 + 0.3 · 10)


def test_physical_with_three_weights() -> None:
    """Weights that sum to 1 but for the last binary digit are a sum of 1: 0.7 + 0.2 + 0.1."""
    figure = embodied(
        "physical",
        hardware=SERVER | {"vcpus": 96, "ram_gb": 256},
        usage={"gpu_hours": 100, "vcpu_hours": 960, "ram_gb_hours": 1024},
        allocation={"weights": {"gpu_hours": 0.7, "vcpu_hours": 0.2, "ram_gb_hours": 0.1}},
    )
    assert figure["kg_co2e"] == about(0.9266210045662101)  # 2912/35040 · (0.7 · 12.5 + 0.2 · 10 + 0.1 · 4) = 11.15


def test_physical_one_resource_weighs_one() -> None:
    """One metered resource needs no weights, and one weight of 1 changes nothing."""
    figure = embodied("physical", usage={"gpu_hours": 100}, allocation={"weights": {"gpu_hours": 1}})
    assert figure["kg_co2e"] == about(1.0388127853881277)


@pytest.mark.parametrize(
    "allocation",
    [
        {},
        {"weights": {"gpu_hours": 0.5, "vcpu_hours": 0.4}},
        {"weights": {"gpu_hours": 0.7, "vcpu_hours": 0.4}},
    ],
)
def test_physical_needs_weights(allocation: Json) -> None:
    """Several resources need weights that sum to 1."""
    faults = refused(
        "physical",
        hardware=SERVER | {"vcpus": 96},
        usage={"gpu_hours": 100, "vcpu_hours": 960},
        allocation=allocation,
    )
    assert faults == [("/allocation/weights", "ALLOC_WEIGHTS_REQUIRED")]


def test_physical_weight_without_a_meter() -> None:
    """A weight on a resource that nothing metered is a missing driver."""
    faults = refused(
        "physical",
        usage={"gpu_hours": 100},
        allocation={"weights": {"gpu_hours": 0.7, "vcpu_hours": 0.3}},
    )
    assert faults == [("/usage/vcpu_hours", "ALLOC_DRIVER_MISSING")]


def test_physical_needs_usage() -> None:
    """Physical that was named needs metered resource-hours."""
    assert refused("physical") == [("/usage", "ALLOC_DRIVER_MISSING")]
    assert refused("physical", usage={}) == [("/usage", "ALLOC_DRIVER_MISSING")]


@pytest.mark.parametrize(
    ("usage", "weights", "pointers"),
    [
        ({"gpu_hours": 1}, None, ["/hardware/accelerators"]),
        ({"vcpu_hours": 1}, None, ["/hardware/vcpus"]),
        ({"ram_gb_hours": 1}, None, ["/hardware/ram_gb"]),
        (
            {"gpu_hours": 1, "vcpu_hours": 1},
            {"gpu_hours": 0.5, "vcpu_hours": 0.5},
            ["/hardware/accelerators", "/hardware/vcpus"],
        ),
    ],
)
def test_physical_needs_capacities(usage: Json, weights: Json | None, pointers: list[str]) -> None:
    """Each metered resource needs to know what one machine has of it; all that is missing is told at once."""
    faults = refused(
        "physical", usage=usage, hardware={"embodied_kg_co2e": 2912}, allocation={"weights": weights} if weights else {}
    )
    assert sorted(faults) == [(pointer, "ALLOC_DRIVER_MISSING") for pointer in pointers]


def test_physical_cut_by_age() -> None:
    """Where age cuts the hours, metered hours are cut in the same proportion."""
    hardware = SERVER | {"lifetime_years": 4, "age_years": 3.75}
    answer = run("physical", usage={"gpu_hours": 100}, hardware=hardware, duration_hours=8760)
    figure = answer["scope3"]["embodied"]
    assert figure["counted_hours"] == 2190  # a quarter of 8760
    assert figure["kg_co2e"] == about(0.2597031963470319)  # 1.0388127854 · 2190/8760
    assert figure["unallocated_kg_co2e"] == about(45.24029680365297)  # 2912 · 2190/35040 · 0.25 − 0.2597031963
    assert "EMBODIED_PARTLY_AMORTIZED" in codes_of(answer)


@pytest.mark.parametrize("hours", [{"duration_hours": 72}, {}])
def test_physical_past_the_life(hours: Json) -> None:
    """Past its life nothing more is charged, metered or not, whether the hours are known or not."""
    workload = METERED | hours | {"hardware": SERVER | {"age_years": 5}, "usage": {"gpu_hours": 100}}
    answer = estimate_of(**workload, allocation={"method": "physical"})
    assert answer["scope3"]["embodied"]["kg_co2e"] == 0
    assert "EMBODIED_FULLY_AMORTIZED" in codes_of(answer)


# economic


def test_economic_with_the_callers_factor() -> None:
    """Money bears the caller's factor as it is, at grade E, flagged."""
    answer = run(
        "economic",
        cost={"amount": 500, "currency": "USD"},
        factors=METERED["factors"] | {"hardware_kg_co2e_per_usd": 0.15},
    )
    figure = answer["scope3"]["embodied"]
    assert figure["kg_co2e"] == about(75)  # 500 · 0.15
    assert (figure["low_kg_co2e"], figure["high_kg_co2e"]) == (about(22.5), about(225))  # 0.3 and 3 times
    assert figure["grade"] == "E"
    assert figure["origin"] == "spend"
    assert ("/cost", "SPEND_BASED_ESTIMATE") in warned(answer)
    assert source_of(answer, "hardware_kg_co2e_per_usd")["match"] == "user"


def test_economic_with_the_table() -> None:
    """Without a factor of the caller's that of electronic computers is used, with margins, its year shown."""
    answer = run("economic", cost={"amount": 500, "currency": "USD"})
    assert answer["scope3"]["embodied"]["kg_co2e"] == about(29)  # 500 · 0.058
    source = source_of(answer, "spend")
    assert (source["id"], source["value"], source["year"]) == ("spend:334111:2022", 0.058, 2022)
    assert "2022 USD" in source["edition"]


def test_economic_in_another_currency() -> None:
    """The caller's factor is per unit of the cost's currency; the table's is per USD."""
    cost = {"amount": 500, "currency": "EUR"}
    with_factor = embodied("economic", cost=cost, factors=METERED["factors"] | {"hardware_kg_co2e_per_usd": 0.15})
    assert with_factor["kg_co2e"] == about(75)
    assert refused("economic", cost=cost) == [("/cost/currency", "CURRENCY_UNKNOWN")]


def test_economic_needs_cost() -> None:
    """Economic that was named needs a cost."""
    assert refused("economic") == [("/cost", "ALLOC_DRIVER_MISSING")]


def test_economic_without_hardware() -> None:
    """Money alone decides: no hardware and no hours are needed."""
    answer = estimate_of(**METERED, cost={"amount": 500, "currency": "USD"}, allocation={"method": "economic"})
    assert answer["scope3"]["embodied"]["kg_co2e"] == about(29)
    assert "LIFETIME_DEFAULTED" not in codes_of(answer)


def test_economic_has_no_rest_and_no_life() -> None:
    """Money leaves no rest, and age cuts nothing of it."""
    answer = run("economic", cost={"amount": 500, "currency": "USD"}, hardware=SERVER | {"age_years": 9})
    figure = answer["scope3"]["embodied"]
    assert figure["kg_co2e"] == about(29)
    assert figure["unallocated_kg_co2e"] is None
    assert "EMBODIED_FULLY_AMORTIZED" not in codes_of(answer)


def test_unknown_currency() -> None:
    """A currency that ISO 4217 does not have is refused under every method."""
    assert refused("time", cost={"amount": 1, "currency": "XYZ"}) == [("/cost/currency", "CURRENCY_UNKNOWN")]


# all of them


COMPARED: Json = {
    "utilization": 0.6,
    "usage": {"gpu_hours": 100},
    "cost": {"amount": 500, "currency": "USD"},
    "factors": METERED["factors"] | {"hardware_kg_co2e_per_usd": 0.15},
    "compare_allocations": True,
}


def alternatives(answer: Json) -> dict[str, tuple[float | None, float | None, str | None]]:
    """Method → embodied, unallocated, code."""
    return {
        one["method"]: (one["embodied_kg_co2e"], one["unallocated_kg_co2e"], one["code"])
        for one in answer["allocation"]["alternatives"]
    }


def test_compare_allocations() -> None:
    """The result under every method that can be formed, the one asked for unchanged."""
    answer = run("utilization", **COMPARED)
    assert answer["allocation"]["method"] == "utilization"
    assert answer["scope3"]["embodied"]["kg_co2e"] == about(0.8975342465753424)
    compared = alternatives(answer)
    assert compared["time"][0] == about(1.4958904109589042)
    assert compared["utilization"] == (about(0.8975342465753424), about(0.5983561643835617), None)
    assert compared["physical"] == (about(1.0388127853881277), about(0.45707762557077645), None)
    assert compared["economic"] == (about(75), None, None)


def test_compare_allocations_with_fleet_utilization() -> None:
    """In a comparison fleet utilization holds where it may: for time and physical."""
    compared = alternatives(run("time", **COMPARED, allocation={"fleet_utilization": 0.8}))
    assert compared["time"][0] == about(1.86986301369863)
    assert compared["utilization"][0] == about(0.8975342465753424)
    assert compared["physical"][0] == about(1.29851598173516)


def test_compare_allocations_that_cannot_be_formed() -> None:
    """The others come back null with their reason, and refuse nothing."""
    compared = alternatives(run("time", compare_allocations=True, cost={"amount": 5, "currency": "EUR"}))
    assert compared["time"][2] is None
    assert compared["utilization"] == (None, None, "ALLOC_DRIVER_MISSING")
    assert compared["physical"] == (None, None, "ALLOC_DRIVER_MISSING")
    assert compared["economic"] == (None, None, "CURRENCY_UNKNOWN")


def test_compare_allocations_without_weights() -> None:
    """Several resources without weights are the physical method's reason."""
    compared = alternatives(run("time", compare_allocations=True, usage={"gpu_hours": 1, "vcpu_hours": 1}))
    assert compared["physical"] == (None, None, "ALLOC_WEIGHTS_REQUIRED")


def test_compare_allocations_without_hardware() -> None:
    """Without hardware only money can be compared."""
    compared = alternatives(estimate_of(**METERED, compare_allocations=True, cost={"amount": 500, "currency": "USD"}))
    assert compared["time"] == (None, None, "EMBODIED_NOT_COMPUTED")
    assert compared["utilization"] == (None, None, "EMBODIED_NOT_COMPUTED")
    assert compared["physical"] == (None, None, "EMBODIED_NOT_COMPUTED")
    assert compared["economic"] == (about(29), None, None)


def test_compare_allocations_infrastructure() -> None:
    """Infrastructure follows its own driver: the same under every method that can be formed, else null."""
    infrastructure = {
        "components": [{"name": "all", "kg_co2e": 1000}],
        "driver": "energy_kwh",
        "provider_driver_total": 100,
    }
    answer = run("time", compare_allocations=True, utilization=0.6, infrastructure=infrastructure)
    got = {one["method"]: one["infrastructure_kg_co2e"] for one in answer["allocation"]["alternatives"]}
    assert got == {"time": 10, "utilization": 10, "physical": None, "economic": None}  # 1000 · 1/100


def test_compare_allocations_shows_the_factors_of_every_number() -> None:
    """A number that rests on a factor has it among the sources."""
    answer = run("time", compare_allocations=True, cost={"amount": 500, "currency": "USD"})
    assert alternatives(answer)["economic"][0] == about(29)
    assert "spend:334111:2022" in source_ids(answer)


def test_no_comparison_unless_asked() -> None:
    """Without `compare_allocations` there are no alternatives."""
    assert run("time")["allocation"]["alternatives"] == []


@pytest.mark.parametrize(
    ("method", "workload", "kg"),
    [
        ("time", {}, 1.4958904109589042),
        ("time", {"allocation": {"fleet_utilization": 0.8}}, 1.86986301369863),
        ("utilization", {}, 0.8975342465753424),
        ("physical", {}, 1.0388127853881277),
        ("physical", {"allocation": {"fleet_utilization": 0.8}}, 1.29851598173516),
        ("economic", {}, 75),
    ],
)
def test_derivation(method: str, workload: Json, kg: float) -> None:
    """`explain` writes the arithmetic of the method in one line that a person may redo."""
    line = run(method, **COMPARED | workload, explain=True)["scope3"]["embodied"]["derivation"]
    assert "\n" not in line
    steps = redone(line)
    assert steps[-1][0] == pytest.approx(kg, rel=1e-9)
    for redo, said in steps:
        assert redo == pytest.approx(said, rel=1e-9)
