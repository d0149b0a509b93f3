"""Which driver each method takes, and what is said where it is missing, zero, mixed or too large."""

from decimal import Decimal
from typing import Any

import pytest

from tests.pools.dividing import codes, divide, faults, hours, kilograms
from tests.workloads import Json

TWO = [{"id": "a"}, {"id": "b"}]


def asked(method: str, *consumers: Json, **more: Any) -> Json:
    """100 kg among consumers named a, b, c and so on."""
    named = [{"id": chr(ord("a") + index), **consumer} for index, consumer in enumerate(consumers)]
    return {"pool": {"kg_co2e": 100.0}, "method": method, "consumers": named} | more


def money(amount: float, currency: str = "USD", **more: Any) -> Json:
    """A consumer's cost."""
    return {"cost": {"amount": amount, "currency": currency, **more}}


def test_the_method_must_be_chosen() -> None:
    """None is assumed for a shared pool; the hint names them all."""
    body = hours([1.0])
    del body["method"]
    assert faults(body) == [("/method", "ALLOC_METHOD_REQUIRED")]


def test_all_faults_are_told_at_once() -> None:
    """Of the pool, of the consumers and of the method, sorted by pointer."""
    body = asked("time", {"device_hours": 1.0}, {}, pool={}) | {"basis": "market_based"}
    body["consumers"][1]["id"] = "a"
    assert faults(body) == [
        ("/consumers/1/device_hours", "ALLOC_DRIVER_MISSING"),
        ("/consumers/1/id", "ALLOC_DUPLICATE_ID"),
        ("/pool", "FIELDS_CONFLICT"),
    ]


def test_device_hours_go_before_devices_times_hours() -> None:
    """Devices are 1 where left out; both ways may stand in one pool: 30 and 2 × 10 and 50 of 100."""
    answer = divide(asked("time", {"device_hours": 30.0}, {"devices": 2.0, "hours": 10.0}, {"hours": 50.0}))
    assert kilograms(answer) == [30, 20, 50]
    assert [line["driver"] for line in answer["allocations"]] == [30, 20, 50]
    assert answer["driver_unit"] == "device_hours"


@pytest.mark.parametrize(
    ("consumer", "told"),
    [
        ({"device_hours": 800.0, "devices": 8.0, "hours": 100.0}, False),
        ({"device_hours": 800.0007, "devices": 8.0, "hours": 100.0}, False),  # 9e-7 of it: rounded somewhere
        ({"device_hours": 800.0009, "devices": 8.0, "hours": 100.0}, True),  # 1.1e-6
        ({"device_hours": 800.0, "hours": 100.0}, True),  # 1 device where left out
        ({"device_hours": 800.0, "devices": 8.0}, False),
        ({"device_hours": 0.0, "devices": 0.0, "hours": 5.0}, False),
    ],
)
def test_device_hours_agree_with_devices_times_hours(consumer: Json, told: bool) -> None:
    """Where all three are sent they differ by at most a millionth."""
    body = asked("time", {"device_hours": 1.0}, consumer)
    if told:
        assert faults(body) == [("/consumers/1/device_hours", "DEVICE_HOURS_CONFLICT")]
    else:
        divide(body)


def test_wall_clock_counts_hours_alone() -> None:
    """25 and 75 h, whatever the devices."""
    body = asked("time", {"devices": 8.0, "hours": 25.0}, {"hours": 75.0}, time_unit="wall_clock")
    assert kilograms(divide(body)) == [25, 75]
    missing = asked("time", {"hours": 25.0}, {"device_hours": 75.0}, time_unit="wall_clock")
    assert faults(missing) == [("/consumers/1/hours", "ALLOC_DRIVER_MISSING")]


def test_utilization_alone_decides_where_nobody_sent_hours() -> None:
    """.25 and .75 of 1."""
    answer = divide(asked("utilization", {"utilization": 0.25}, {"utilization": 0.75}))
    assert kilograms(answer) == [25, 75]
    assert answer["driver_unit"] == "utilization"


def test_hours_of_some_are_asked_of_all() -> None:
    """Hours count for all or for none."""
    body = asked("utilization", {"utilization": 0.5, "hours": 1.0}, {"utilization": 0.5})
    assert faults(body) == [("/consumers/1/device_hours", "ALLOC_DRIVER_MISSING")]


def test_different_devices_without_hours_are_not_passed_over() -> None:
    """Eight devices at a half are not one device at a half: without hours there is no number for it."""
    body = asked("utilization", {"utilization": 0.5, "devices": 8.0}, {"utilization": 0.5})
    assert faults(body) == [("/consumers/1/hours", "ALLOC_DRIVER_MISSING")]
    same = asked("utilization", {"utilization": 0.5, "devices": 8.0}, {"utilization": 0.5, "devices": 8.0})
    assert kilograms(divide(same)) == [50, 50]


def test_idle_utilization_needs_hours() -> None:
    """Capacity is in device-hours, so utilization alone cannot be compared with it."""
    body = asked("utilization", {"utilization": 0.5}, idle_policy="unallocated", capacity={"device_hours": 10.0})
    assert faults(body) == [("/consumers/0/device_hours", "ALLOC_DRIVER_MISSING")]


def test_one_resource_needs_no_weight() -> None:
    """Energy 30 and 10 kWh of 40: 75 and 25; the parameters name the resource."""
    answer = divide(asked("physical", {"usage": {"energy_kwh": 30.0}}, {"usage": {"energy_kwh": 10.0}}))
    assert kilograms(answer) == [75, 25]
    assert answer["driver_unit"] == "energy_kwh"
    assert answer["methodology"]["parameters"]["weights"] == {"energy_kwh": 1}


TWO_RESOURCES = ({"usage": {"gpu_hours": 1.0, "vcpu_hours": 3.0}}, {"usage": {"gpu_hours": 3.0, "vcpu_hours": 1.0}})


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        (None, [("/weights", "ALLOC_WEIGHTS_REQUIRED")]),
        ({}, [("/weights", "ALLOC_WEIGHTS_REQUIRED")]),
        ({"gpu_hours": 0.7, "vcpu_hours": 0.2}, [("/weights", "ALLOC_WEIGHTS_REQUIRED")]),
        (
            {"gpu_hours": 0.7, "ram_gb_hours": 0.3},
            [
                ("/consumers/0/usage/ram_gb_hours", "ALLOC_DRIVER_MISSING"),
                ("/consumers/1/usage/ram_gb_hours", "ALLOC_DRIVER_MISSING"),
            ],
        ),
    ],
)
def test_several_resources_need_weights(weights: Json | None, found: list[tuple[str, str]]) -> None:
    """They sum to 1, and what has a weight is metered for all."""
    assert faults(asked("physical", *TWO_RESOURCES, weights=weights)) == found


def test_no_usage_at_all_is_missing() -> None:
    """Each consumer lacks it."""
    assert faults(asked("physical", {}, {"usage": {}})) == [
        ("/consumers/0/usage", "ALLOC_DRIVER_MISSING"),
        ("/consumers/1/usage", "ALLOC_DRIVER_MISSING"),
    ]


def test_a_weighted_resource_that_nobody_used_has_no_shares() -> None:
    """0/0 of one term, even where the other has a sum; a weight of 0 asks for nothing."""
    used = ({"usage": {"gpu_hours": 1.0, "vcpu_hours": 0.0}}, {"usage": {"gpu_hours": 3.0, "vcpu_hours": 0.0}})
    weights = {"gpu_hours": 0.5, "vcpu_hours": 0.5}
    assert faults(asked("physical", *used, weights=weights)) == [("/weights/vcpu_hours", "ALLOC_ZERO_DENOMINATOR")]
    alone = {"gpu_hours": 1.0, "vcpu_hours": 0.0}
    assert kilograms(divide(asked("physical", *used, weights=alone))) == [25, 75]


def test_each_resource_is_compared_with_its_own_capacity() -> None:
    """.5 × 1/10 + .5 × 3/8 = .2375, .5 × 3/10 + .5 × 1/8 = .2125, idle .55."""
    answer = divide(
        asked("physical", *TWO_RESOURCES),
        weights={"gpu_hours": 0.5, "vcpu_hours": 0.5},
        idle_policy="unallocated",
        capacity={"gpu_hours": 10.0, "vcpu_hours": 8.0},
    )
    assert kilograms(answer) == [Decimal("23.75"), Decimal("21.25")]
    assert answer["unallocated"] == {"share": Decimal("0.55"), "kg_co2e": 55, "components": {}}


def test_cost_is_of_one_currency_on_one_price_basis() -> None:
    """Every consumer that differs from the first is named; a code that is no currency too."""
    assert kilograms(divide(asked("economic", money(10), money(30)))) == [25, 75]
    mixed = asked("economic", money(10), money(30, "EUR"), money(1), money(1, "ZZZ"))
    assert faults(mixed) == [
        ("/consumers/1/cost/currency", "ALLOC_MIXED_CURRENCY"),
        ("/consumers/3/cost/currency", "ALLOC_MIXED_CURRENCY"),
        ("/consumers/3/cost/currency", "CURRENCY_UNKNOWN"),
    ]
    bases = asked("economic", money(10, price_basis="list"), money(30, price_basis="effective"), money(1))
    assert faults(bases) == [
        ("/consumers/1/cost/price_basis", "ALLOC_MIXED_CURRENCY"),
        ("/consumers/2/cost/price_basis", "ALLOC_MIXED_CURRENCY"),
    ]
    assert faults(asked("economic", money(10), {})) == [("/consumers/1/cost", "ALLOC_DRIVER_MISSING")]


def test_two_parts_need_their_share() -> None:
    """No static share is assumed; 0 and 1 leave one part."""
    body = asked("two_part", {"hours": 8.0, "utilization": 0.5}, {"hours": 2.0, "utilization": 0.5})
    assert faults(body) == [("/static_share", "ALLOC_WEIGHTS_REQUIRED")]
    idle = asked("two_part", {"hours": 8.0, "utilization": 0.0}, {"hours": 2.0, "utilization": 0.5})
    assert kilograms(divide(idle, static_share=1.0)) == [80, 20]
    assert kilograms(divide(idle, static_share=0.0)) == [0, 100]
    unused = asked("two_part", {"hours": 8.0, "utilization": 0.0}, static_share=0.5)
    assert faults(unused) == [("/consumers", "ALLOC_ZERO_DENOMINATOR")]


def test_two_parts_leave_idle_and_unused() -> None:
    """K 20 h; held 8 + 2, used 4 + 2: .5 × 8/20 + .5 × 4/20 = .3; .05 + .05 = .1; the rest .6."""
    answer = divide(
        asked("two_part", {"hours": 8.0, "utilization": 0.5}, {"hours": 2.0, "utilization": 1.0}),
        static_share=0.5,
        idle_policy="unallocated",
        capacity={"device_hours": 20.0},
    )
    assert kilograms(answer) == [30, 10]
    assert answer["unallocated"]["kg_co2e"] == 60


def test_a_missing_driver_counts_as_zero_only_on_request() -> None:
    """By default it is refused."""
    body = hours([1.0])
    body["consumers"].append({"id": "z"})
    assert faults(body) == [("/consumers/1/device_hours", "ALLOC_DRIVER_MISSING")]
    assert kilograms(divide(body, missing_driver="zero")) == [100, 0]
    nobody = {"consumers": TWO, "missing_driver": "zero"}
    assert faults(body, **nobody) == [("/consumers", "ALLOC_ZERO_DENOMINATOR")]


def test_idle_needs_the_capacity() -> None:
    """Under the key of the method."""
    idle = {"idle_policy": "unallocated", "capacity": {"vcpu_hours": 1.0}}
    assert faults(hours([1.0], **idle)) == [("/capacity/device_hours", "ALLOC_CAPACITY_REQUIRED")]
    clock = asked("time", {"hours": 1.0}, time_unit="wall_clock", **idle)
    assert faults(clock) == [("/capacity/hours", "ALLOC_CAPACITY_REQUIRED")]
    assert faults(asked("economic", money(1), **idle)) == [("/capacity/amount", "ALLOC_CAPACITY_REQUIRED")]
    parts = asked("two_part", {"hours": 1.0, "utilization": 1.0}, static_share=0.5, **idle)
    assert faults(parts) == [("/capacity/device_hours", "ALLOC_CAPACITY_REQUIRED")]


def test_more_than_the_capacity_is_refused_or_told() -> None:
    """A negative idle line has no meaning; pro rata it changes nothing, and is told. At the capacity all is well."""
    over = hours([6.0, 6.0], capacity={"device_hours": 10.0})
    assert faults(over, idle_policy="unallocated") == [("/capacity/device_hours", "ALLOC_EXCEEDS_CAPACITY")]
    answer = divide(over)
    assert codes(answer) == ["ALLOC_OVERCOMMIT"]
    assert kilograms(answer) == [50, 50]
    full = divide(hours([4.0, 6.0], capacity={"device_hours": 10.0}, idle_policy="unallocated"))
    assert kilograms(full) == [40, 60]
    assert full["unallocated"]["kg_co2e"] == 0
    assert codes(full) == []


def test_a_capacity_of_nothing_divides_nothing() -> None:
    """0 used of 0 is no share."""
    body = hours([0.0], capacity={"device_hours": 0.0}, idle_policy="unallocated")
    assert faults(body) == [("/capacity/device_hours", "ALLOC_ZERO_DENOMINATOR")]


def test_a_hundred_faults_are_enough() -> None:
    """Of 5,000 consumers with the same fault 100 are named, the others counted."""
    consumers = [{"id": str(index)} for index in range(5000)]
    found = faults(hours([1.0], consumers=consumers))
    assert len(found) == 101
    assert found[0] == ("/consumers", "ALLOC_DRIVER_MISSING")
    twice = [{"id": str(index % 1000), "device_hours": 1.0} for index in range(5000)]
    assert len(faults(hours([1.0], consumers=twice))) == 101


def test_a_comparison_never_refuses() -> None:
    """What stands in the way of another method is told with its code, and the request's own method is answered."""
    body = asked(
        "economic", {**money(10), "device_hours": 5.0, "hours": 1.0}, {**money(30), "hours": 1.0}, compare=True
    )
    answer = divide(body, weights={"gpu_hours": 0.5})
    assert kilograms(answer) == [25, 75]
    comparison = answer["comparison"]
    assert [*comparison["by_method"]] == ["economic"]
    assert comparison["spread_kg_co2e"] == {"a": 0, "b": 0}
    assert {entry["method"]: entry["code"] for entry in comparison["not_computable"]} == {
        "time": "DEVICE_HOURS_CONFLICT",
        "utilization": "DEVICE_HOURS_CONFLICT",
        "physical": "ALLOC_WEIGHTS_REQUIRED",
        "two_part": "DEVICE_HOURS_CONFLICT",
    }
    assert all(entry["detail"].startswith("/") for entry in comparison["not_computable"])


def test_nobody_has_used_a_resource() -> None:
    """With missing drivers as 0 all are 0: undefined pro rata, all idle where there is capacity of it."""
    body = hours([1.0, 3.0], pool={"kg_co2e": 9.0}, method="physical", missing_driver="zero")
    assert [code for _, code in faults(body)] == ["ALLOC_ZERO_DENOMINATOR"]
    idle = divide(body, idle_policy="unallocated", capacity={"vcpu_hours": 10.0})
    assert (idle["unallocated"]["kg_co2e"], codes(idle)) == (9, ["ALLOC_ALL_IDLE"])
