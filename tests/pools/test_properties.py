"""What holds for every pool: its parts sum to it exactly, in any order, and follow the drivers alone."""

from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.pools.dividing import divide, faults, kilograms
from tests.workloads import Json

bounded = settings(max_examples=60, deadline=None)
METHODS = ("time", "utilization", "physical", "economic", "two_part")
PLENTY = {"device_hours": 1e9, "gpu_hours": 1e9, "energy_kwh": 1e9, "amount": 1e9}
numbers = st.one_of(st.just(0.0), st.floats(1e-9, 1e5), st.integers(1, 20).map(float))
kgs = st.one_of(st.floats(0, 1e6), st.integers(0, 1000).map(float))


@st.composite
def consumers(draw: st.DrawFn, smallest: int = 1) -> list[Json]:
    """Some with every driver, whose ids are in no order."""
    count = draw(st.integers(smallest, 9))
    ids = draw(st.lists(st.text("abcXYZ09é", min_size=1, max_size=3), min_size=count, max_size=count, unique=True))
    return [
        {
            "id": name,
            "devices": draw(st.sampled_from([1.0, 2.0, 8.0, 0.3])),
            "hours": draw(numbers),
            "utilization": draw(st.floats(0, 1)),
            "usage": {"gpu_hours": draw(numbers), "energy_kwh": draw(numbers)},
            "cost": {"amount": draw(numbers), "currency": "EUR"},
        }
        for name in ids
    ]


@st.composite
def requests(draw: st.DrawFn) -> Json:
    """A pool of several components by any method under either idle policy, that can be divided."""
    body: Json = {
        "pool": {"components": draw(st.dictionaries(st.sampled_from("pqrst"), kgs, min_size=1))},
        "method": draw(st.sampled_from(METHODS)),
        "static_share": 0.25,
        "weights": {"gpu_hours": 0.7, "energy_kwh": 0.3},
        "precision": draw(st.integers(0, 9)),
        "consumers": draw(consumers()),
    }
    if draw(st.booleans()):
        return body | {"idle_policy": "unallocated", "capacity": PLENTY}
    first, *others = body["consumers"]
    some = {"hours": 3.0, "utilization": 0.7, "usage": {"gpu_hours": 5.0, "energy_kwh": 0.1}}
    return body | {"consumers": [first | some | {"cost": {"amount": 7.0, "currency": "EUR"}}, *others]}


def lines(answer: Json) -> list[Json]:
    """All that the pool is divided into."""
    idle = answer["unallocated"]
    return answer["allocations"] + ([idle] if idle is not None else [])


def total(values: Any) -> Decimal:
    """Sum of printed decimals."""
    return sum(map(Decimal, values), Decimal(0))


@bounded
@given(requests())
def test_the_parts_sum_to_the_pool_to_the_last_digit(body: Json) -> None:
    """In total, in each component, and each line's components to the line; no part is below 0."""
    answer = divide(body)
    pool = answer["pool"]
    assert total(line["kg_co2e"] for line in lines(answer)) == pool["kg_co2e"]
    assert total(pool["components"].values()) == pool["kg_co2e"]
    for name, kg in pool["components"].items():
        assert total(line["components"][name] for line in lines(answer)) == kg
    for line in lines(answer):
        assert total(line["components"].values()) == line["kg_co2e"]
        assert min(line["components"].values()) >= 0
        assert 0 <= line["share"] <= 1


@bounded
@given(requests(), st.randoms(use_true_random=False))
def test_the_order_of_consumers_and_components_is_irrelevant(body: Json, chance: Any) -> None:
    """Each consumer gets the same, wherever it stands."""
    mixed_consumers, mixed = list(body["consumers"]), list(body["pool"]["components"].items())
    chance.shuffle(mixed_consumers)
    chance.shuffle(mixed)
    first = divide(body)
    second = divide(body, consumers=mixed_consumers, pool={"components": dict(mixed)})
    assert {line["id"]: line for line in first["allocations"]} == {line["id"]: line for line in second["allocations"]}
    assert first["unallocated"] == second["unallocated"]
    assert first["methodology"] == second["methodology"]


@bounded
@given(requests(), st.integers(0, 3))
def test_a_pool_ten_times_as_large_has_parts_ten_times_as_large(body: Json, power: int) -> None:
    """Ten times the kilograms with one decimal less are the same whole units."""
    units = {name: round(kg) for name, kg in body["pool"]["components"].items()}
    small = divide(body, pool={"components": {n: float(f"{u}e-{power}") for n, u in units.items()}}, precision=power)
    large = divide(body, pool={"components": {n: float(u) for n, u in units.items()}}, precision=0)
    assert [kg.scaleb(power) for kg in kilograms(small)] == kilograms(large)


@bounded
@given(requests())
def test_who_consumed_nothing_changes_nobody(body: Json) -> None:
    """One more consumer with drivers of 0 gets exactly 0, and all others what they had."""
    nothing = {
        "id": "!",  # before all others, so first in any tie
        "hours": 0.0,
        "utilization": 0.0,
        "usage": {"gpu_hours": 0.0, "energy_kwh": 0.0},
        "cost": {"amount": 0.0, "currency": "EUR"},
    }
    assert kilograms(divide(body, consumers=[nothing, *body["consumers"]])) == [0, *kilograms(divide(body))]


@bounded
@given(consumers(smallest=2), kgs)
def test_splitting_a_consumer_in_two_halves_moves_no_more_than_rounding(given_: list[Json], kg: float) -> None:
    """Two halves of a consumer get within one unit each of half its exact part, it within one of the whole.

    So their sum and its part differ by less than 3 units; the rest of the pool is within one unit of its exact part.
    """
    assume(any(consumer["hours"] for consumer in given_))
    body = {"pool": {"kg_co2e": kg}, "method": "time", "consumers": given_}
    first, *others = given_
    half = first | {"hours": first["hours"] / 2}
    before = kilograms(divide(body))
    after = kilograms(divide(body, consumers=[half | {"id": "!1"}, half | {"id": "!2"}, *others]))
    unit = Decimal("0.000001")
    assert abs(after[0] - after[1]) <= unit
    assert abs(after[0] + after[1] - before[0]) < 3 * unit
    assert all(abs(new - old) <= unit for new, old in zip(after[2:], before[1:], strict=True))


@bounded
@given(st.lists(numbers, min_size=1, max_size=6).filter(any), kgs)
def test_time_is_physical_by_gpu_hours(values: list[float], kg: float) -> None:
    """The guide lists GPU-hours under both."""
    held = [{"id": str(index), "device_hours": value} for index, value in enumerate(values)]
    used = [{"id": str(index), "usage": {"gpu_hours": value}} for index, value in enumerate(values)]
    pool = {"kg_co2e": kg}
    by_time = divide({"pool": pool, "method": "time", "consumers": held})
    by_resource = divide({"pool": pool, "method": "physical", "consumers": used})
    assert by_time["allocations"] == by_resource["allocations"]


@bounded
@given(requests(), st.floats(0, 1))
def test_idle_is_never_negative(body: Json, part: float) -> None:
    """Capacity of at least what was used leaves idle ≥ 0, to 0 at exactly that; less is refused."""
    used = sum(consumer["hours"] * 8 for consumer in body["consumers"])
    assume(used > 1e-6)
    alike = [consumer | {"devices": 8.0} for consumer in body["consumers"]]
    asked = {"method": "time", "idle_policy": "unallocated", "consumers": alike}
    answer = divide(body, **asked, capacity={"device_hours": used * (1 + part) + 1e-9})
    assert answer["unallocated"]["kg_co2e"] >= 0
    small = {"device_hours": used * 0.999}
    assert faults(body, **asked, capacity=small) == [("/capacity/device_hours", "ALLOC_EXCEEDS_CAPACITY")]


@bounded
@given(requests())
def test_a_comparison_has_the_request_s_own_parts(body: Json) -> None:
    """By the chosen method it repeats the answer; each method's parts sum to the pool; the spread is exact."""
    answer = divide(body, compare=True)
    comparison = answer["comparison"]
    own = {line["id"]: line["kg_co2e"] for line in answer["allocations"]}
    assert comparison["by_method"][body["method"]] == own
    for method, parts in comparison["by_method"].items():
        idle = comparison["unallocated_kg_co2e"].get(method, 0)
        assert total([*parts.values(), idle]) == answer["pool"]["kg_co2e"]
    for name, spread in comparison["spread_kg_co2e"].items():
        parts = [Decimal(method[name]) for method in comparison["by_method"].values()]
        assert spread == max(parts) - min(parts)
