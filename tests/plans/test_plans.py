"""A plan gives the bytes that the estimate gives, whatever the numbers; what it cannot hold is estimated."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service import estimator as estimating
from service.errors import Refused
from service.estimate import estimate
from service.estimator import Estimator
from service.model.resolved import Resolved
from service.model.workload import Workload
from service.plans.plan import plan_of
from service.plans.shape import shape_of
from tests.workloads import Json, shipped_resolver

CASES = json.loads((Path(__file__).parent.parent / "cases" / "emissions.json").read_text(encoding="utf-8"))["cases"]
SEEN = 40
"""Often enough for a plan to be made."""

amounts = st.floats(0, 1e6)
shares = st.floats(0, 1)


def resolved_of(body: Json) -> tuple[Workload, Resolved]:
    """A workload and what its context looks up."""
    workload = msgspec.json.decode(json.dumps(body), type=Workload)
    return workload, asyncio.run(shipped_resolver().resolve(workload))


def estimated(workload: Workload, resolved: Resolved) -> bytes | str:
    """The answer's bytes, or the faults."""
    try:
        return msgspec.json.encode(estimate(workload, resolved))
    except Refused as refused:
        return str(refused.faults)


def by_estimator(estimator: Estimator, workload: Workload, resolved: Resolved) -> bytes | str:
    """The same, by way of plans."""
    try:
        return estimator.estimated(workload, resolved).body
    except Refused as refused:
        return str(refused.faults)


CONTEXTS: list[Json] = [
    {"region": "aws:us-east-1"},
    {"region": "gcp:europe-west9"},
    {"region": "FR", "deployment": "owned"},
    {"region": "GB", "deployment": "leased"},
    {"region": "aws:eu-north-1", "market": {"provider_claims": True}},
    {"region": "US-CA", "deployment": "colocated"},
    {"factors": {"location_kg_co2e_per_kwh": 0.4, "upstream_kg_co2e_per_kwh": 0.05, "td_loss_share": 0.06}},
    {"region": "DE", "factors": {"location_kg_co2e_per_kwh": 0.3, "location_basis": "life_cycle"}},
]
HARDWARE: list[Json | None] = [
    None,
    {"instance": "p4d.24xlarge"},
    {"instance": "aws:m5.large"},
    {"accelerator": "nvidia-h100-sxm", "accelerators": 8},
    {"accelerator": "nvidia-h100-sxm", "accelerators": 8, "host": {"ram_gb": 2048, "ssd_gb": 16000}},
    {"accelerator": "nvidia-l4", "lifetime_years": 5, "age_years": 4.9},
    {"embodied_kg_co2e": 2912, "accelerators": 8, "tdp_w": 700, "vcpus": 96, "ram_gb": 1000},
    {"embodied_kg_co2e": {"low": 1000, "central": 1500, "high": 2500}, "acquired_in_period": True},
    {"tdp_w": 300, "power_curve": [{"utilization": 0, "watts": 50}, {"utilization": 1, "watts": 300}]},
]
INSTRUMENTS: list[list[Json]] = [
    [],
    [{"id": "w", "type": "rec", "percent": 60, "technology": "wind", "vintage_year": 2025, "market": "US"}],
    [
        {"id": "a", "type": "go", "kwh": 500, "kg_co2e_per_kwh": 0.01, "retired": True, "serial": "1"},
        {"id": "b", "type": "green_tariff", "kg_co2e_per_kwh": 0.1, "upstream_kg_co2e_per_kwh": 0.02},
    ],
]
INFRASTRUCTURE: list[Json | None] = [
    None,
    {
        "components": [
            {"name": "halls", "kg_co2e": 5e6, "basis": "as_built", "covers": "building"},
            {"name": "diesel", "kg_co2e": 1e4, "covers": "scope1"},
        ],
        "driver": "energy_kwh",
        "provider_driver_total": 1e12,
    },
]
PERIODS: list[Json | None] = [
    None,
    {"start": "2025-03-01", "end": "2025-04-01"},
    {"start": "2025-12-30T06:00:00Z", "end": "2026-01-03T07:30:00Z"},
]


@st.composite
def kinds(draw: st.DrawFn) -> Json:
    """What is the same in workloads of one kind, numbers left out."""
    kind: Json = dict(draw(st.sampled_from(CONTEXTS)))
    optional = {
        "hardware": HARDWARE,
        "infrastructure": INFRASTRUCTURE,
        "period": PERIODS,
        "utilization_of": ["reserved", "reserved", "device"],
        "allocation": [
            None,
            None,
            {"method": "utilization"},
            {"method": "physical"},
            {"method": "economic"},
            {"method": "time", "fleet_utilization": 0.7, "category_scheme": "guide"},
        ],
        "instruments": INSTRUMENTS,
    }
    kind |= {name: value for name, values in optional.items() if (value := draw(st.sampled_from(values))) is not None}
    kind["compare_allocations"] = draw(st.booleans())
    return kind


@st.composite
def numbers(draw: st.DrawFn) -> Json:
    """The numbers of one workload, each perhaps."""
    given_numbers: Json = {}
    if draw(st.sampled_from([True, True, True, False])):
        given_numbers["energy"] = {
            "kwh": draw(amounts),
            "level": draw(st.sampled_from(["component", "it", "facility"])),
        }
    maybe = {
        "pue": st.floats(1, 2),
        "host_overhead_ratio": shares,
        "duration_hours": amounts,
        "utilization": shares,
        "cost": st.fixed_dictionaries({"amount": amounts, "currency": st.just("USD")}),
        "usage": st.fixed_dictionaries({}, optional={"gpu_hours": amounts, "vcpu_hours": amounts}),
        "functional_units": st.just({"1M tokens": 9000.0, "run": 1.0}),
    }
    return given_numbers | {name: draw(values) for name, values in maybe.items() if draw(st.booleans())}


def other_numbers(draw: st.DrawFn, body: Json) -> Json:
    """The same fields with other numbers in them, often near, now and then far."""

    def other(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: other(inner) for name, inner in value.items()}
        return value * draw(st.sampled_from([1.0, 0.999, 0.5, 0.01, 0.0])) if isinstance(value, float) else value

    changed: Json = other(body)
    return changed if changed.get("pue", 1) >= 1 else changed | {"pue": 1.0}


@settings(max_examples=300, deadline=None)
@given(kind=kinds(), first=numbers(), data=st.data())
def test_a_plan_gives_the_estimate_to_the_last_byte(kind: Json, first: Json, data: st.DataObject) -> None:
    """Made on one workload and played on others of its kind: the same bytes, or nothing."""
    workload, resolved = resolved_of(kind | first)
    shape = shape_of(workload, resolved)
    assume(shape is not None)
    try:
        hash(shape.key)
    except TypeError:
        return
    plan = plan_of(workload, resolved, shape)
    if plan is None:
        return
    for _ in range(4):
        other, _ = resolved_of(kind | other_numbers(data.draw, first))
        again = shape_of(other, resolved)
        assert again.key == shape.key
        results = plan.played(*again.numbers)
        if results is not None:
            assert b"".join(plan.pieces(other, results, sources=True)) == estimated(other, resolved)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_an_estimator_never_differs_from_the_estimate(case: Json) -> None:
    """Each worked case, asked again and again, with and without a plan: the same bytes, the same faults."""
    workload, resolved = resolved_of(case["request"]["body"])
    estimator = Estimator()
    assert {by_estimator(estimator, workload, resolved) for _ in range(SEEN)} == {estimated(workload, resolved)}


def test_most_of_what_is_asked_is_planned() -> None:
    """Of the worked cases that are answered, all but those with series and one that ends with its hardware's life."""
    planned = []
    for case in CASES:
        workload, resolved = resolved_of(case["request"]["body"])
        estimator = Estimator()
        for _ in range(SEEN):
            by_estimator(estimator, workload, resolved)
        if case["status"] == 200 and not estimator.plans:
            planned.append(case["id"])
    assert planned == ["G09", "G18", "G37"]


MONTH = {"start": "2025-03-01", "end": "2025-04-01"}
JOB: Json = {
    "id": "job",
    "tags": {"team": "a"},
    "region": "aws:us-east-1",
    "period": MONTH,
    "energy": {"kwh": 100.0},
    "pue": 1.2,
    "hardware": {"instance": "p4d.24xlarge"},
}


def jobs() -> Iterator[Json]:
    """Sixty jobs of one kind."""
    for index in range(60):
        yield JOB | {"id": f"job {index}", "energy": {"kwh": 100.0 + index}, "tags": {"n": str(index)}}


def test_what_is_repeated_is_each_workloads_own() -> None:
    """Id, tags and period are those of the workload, also in text that looks like JSON or like a number."""
    estimator = Estimator()
    for index, job in enumerate(jobs()):
        period = {"start": f"2025-03-0{index % 9 + 1}", "end": "2025-04-01T00:00:00Z"}
        body = job | {"period": period, "id": f'"}}{index},"kg_co2e":0', "tags": {'a"b\\': "é\n\u2028", "x0": "t1"}}
        workload, resolved = resolved_of(body)
        assert estimator.estimated(workload, resolved).body == estimated(workload, resolved)
    assert estimator.plans == 1


def test_sums_read_what_the_body_says() -> None:
    """Totals, energy, sources and codes beside the body are those in it, planned or not."""
    estimator = Estimator()
    for job in jobs():
        workload, resolved = resolved_of(job)
        result = estimator.estimated(workload, resolved)
        answer = json.loads(result.body)
        reading = result.reading
        both = [answer["totals"][basis] for basis in ("location_based", "market_based")]
        fields = ("kg_co2e", "low_kg_co2e", "high_kg_co2e", "primary_data_share")
        kwh = answer["energy"]["facility_kwh"]
        *numbers, energy = reading.summed(result.results)
        assert energy == kwh
        scores = [numbers.pop(4), numbers.pop(8)]
        assert numbers == [total[name] for total in both for name in fields]
        points = dict(zip("ABCDE", range(1, 6), strict=True))
        for basis, score in zip(("location_based", "market_based"), scores, strict=True):
            parts = [answer["scope2"][basis], answer["scope3"]["fuel_and_energy"][basis]]
            parts.append(answer["scope3"]["embodied"])
            known = [part for part in parts if part is not None]
            assert score == pytest.approx(sum(part["kg_co2e"] * points[part["grade"]] for part in known))
        assert reading.has_energy
        assert kwh == pytest.approx(job["energy"]["kwh"] * 1.2)
        assert [reading.location_based.grade, reading.market_based.grade] == [total["grade"] for total in both]
        assert json.loads(msgspec.json.encode(list(reading.sources_of(result.results)))) == answer["sources"]
        assert list(result.codes) == [warning["code"] for warning in answer["warnings"]]


def test_without_sources_only_they_are_missing() -> None:
    """A batch lists sources once: each answer is as ever, its `sources` null."""
    estimator = Estimator()
    for job in jobs():
        workload, resolved = resolved_of(job)
        whole, short = (
            json.loads(estimator.estimated(workload, resolved, sources=shown).body) for shown in (True, False)
        )
        assert short == whole | {"sources": None}


def test_the_list_of_sources_is_one_while_none_is_the_callers() -> None:
    """Who lists the sources of many answers knows those of a plan by their identity."""
    estimator = Estimator()
    lists = []
    for job in jobs():
        workload, resolved = resolved_of({name: value for name, value in job.items() if name != "pue"})
        result = estimator.estimated(workload, resolved)
        lists.append(result.reading.sources_of(result.results))
    assert lists[-1] is lists[-2]


def test_a_comparison_that_comes_out_otherwise_gets_a_plan_of_its_own() -> None:
    """Claims of 500 kWh cover all of 400 kWh and a part of 600: two plans of one kind, neither used for the other."""
    estimator = Estimator()
    claims = [{"id": "a", "type": "rec", "kwh": 500, "kg_co2e_per_kwh": 0.0, "retired": True, "serial": "1"}]
    for kwh in [400.0, 600.0] * SEEN:
        workload, resolved = resolved_of(JOB | {"energy": {"kwh": kwh, "level": "facility"}, "instruments": claims})
        assert estimator.estimated(workload, resolved).body == estimated(workload, resolved)
    assert estimator.plans == 2


def test_another_context_never_uses_a_plan() -> None:
    """The same numbers elsewhere are other factors."""
    estimator = Estimator()
    for region in ["aws:us-east-1", "aws:eu-west-3"] * SEEN:
        workload, resolved = resolved_of(JOB | {"region": region})
        assert estimator.estimated(workload, resolved).body == estimated(workload, resolved)
    assert estimator.plans == 2


def test_kinds_that_never_repeat_take_no_memory_for_ever() -> None:
    """Kinds are forgotten when there are too many: ten thousand leave no more than are kept."""
    estimator = Estimator()
    _, resolved = resolved_of(JOB)
    for years in range(10_000):
        body = JOB | {"hardware": {"instance": "p4d.24xlarge", "lifetime_years": 1 + years / 1000}}
        workload = msgspec.convert(body, Workload)
        estimator.estimated(workload, resolved)
    assert (estimator.plans, len(estimator._plans)) == (0, 0)
    assert all(isinstance(kind, int) for kind in estimator._seen)


def test_of_a_workload_that_is_seen_once_nothing_is_kept() -> None:
    """Only the hash of its kind, and a count: no text that was sent."""
    estimator = Estimator()
    claim = {"id": "SECRET", "type": "rec", "percent": 50, "kg_co2e_per_kwh": 0.0}
    workload, resolved = resolved_of(JOB | {"instruments": [claim]})
    estimator.estimated(workload, resolved)
    assert (estimator._plans, [*estimator._seen.values()]) == ({}, [1])


def test_long_lists_are_of_no_kind() -> None:
    """What a plan would have to hold of them is more than it saves."""
    estimator = Estimator()
    claims = [{"id": f"{n}", "type": "rec", "percent": 1, "kg_co2e_per_kwh": 0.0} for n in range(9)]
    workload, resolved = resolved_of(JOB | {"instruments": claims})
    assert {by_estimator(estimator, workload, resolved) for _ in range(SEEN)} == {estimated(workload, resolved)}
    assert (estimator._plans, estimator._seen) == ({}, {})


def test_plans_that_are_too_many_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for three, twenty kinds leave no more than these and one more round of each."""
    monkeypatch.setattr(estimating, "_MOST_PLANS", 3)
    estimator = Estimator()
    _, resolved = resolved_of(JOB)
    for years in range(1, 21):
        workload = msgspec.convert(JOB | {"hardware": {"instance": "p4d.24xlarge", "lifetime_years": years}}, Workload)
        for _ in range(SEEN):
            assert estimator.estimated(workload, resolved).body == estimated(workload, resolved)
        assert estimator.plans <= 3


def test_every_field_is_of_the_kind_or_a_number_or_repeated() -> None:
    """No field is forgotten: another value of any is another kind, another number, or is echoed."""
    kind = msgspec.convert(JOB | {"duration_hours": 5, "utilization": 0.5}, Workload)
    _, resolved = resolved_of(JOB)
    shape = shape_of(kind, resolved)
    others: Json = {
        "deployment": "owned",
        "energy": {"kwh": 100.0, "level": "facility"},
        "pue": 1.3,
        "host_overhead_ratio": 0.5,
        "duration_hours": 6.0,
        "hardware": {"instance": "p5.48xlarge"},
        "utilization": 0.6,
        "utilization_of": "device",
        "cost": {"amount": 1.0, "currency": "USD"},
        "usage": {},
        "allocation": {"method": "time"},
        "instruments": INSTRUMENTS[1],
        "market": {"quality_policy": "strict"},
        "factors": {"td_loss_share": 0.1},
        "infrastructure": INFRASTRUCTURE[1],
        "functional_units": {"run": 1.0},
        "compare_allocations": True,
        "period": {"start": "2025-03-01", "end": "2025-03-02"},
    }
    echoed_or_resolved = {"id", "tags", "region", "utilization_metric"}
    assert others.keys() | echoed_or_resolved == set(Workload.__struct_fields__)
    for name, value in others.items():
        changed = msgspec.convert(msgspec.to_builtins(kind) | {name: value}, Workload)
        assert shape_of(changed, resolved) != shape, name


@pytest.mark.parametrize(
    "name", ["age_years", "lifetime_years", "tdp_w", "idle_w", "vcpus", "ram_gb", "count", "share"]
)
def test_every_number_of_hardware_counts(name: str) -> None:
    """Those that are no numbers to play on are of the kind."""
    first, second = (msgspec.convert(JOB | {"hardware": {name: value}}, Workload) for value in (0.5, 0.25))
    _, resolved = resolved_of(JOB)
    assert shape_of(first, resolved) != shape_of(second, resolved)
