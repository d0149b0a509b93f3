"""Where a pool comes from, what of it is not there, and by which parameters it was divided."""

from decimal import Decimal
from typing import Any

import pytest

from service.method.fingerprint import fingerprint, parameters_hash
from tests.pools.dividing import codes, divide, faults, hours, kilograms
from tests.workloads import FLAT, Json, estimate_of

METERED: Json = {"energy": {"kwh": 100.0, "level": "facility"}, "factors": FLAT | {"upstream_kg_co2e_per_kwh": 0.1}}
HARDWARE: Json = METERED | {
    "hardware": {"embodied_kg_co2e": 876.0, "lifetime_years": 4.0},
    "duration_hours": 40.0,
    "allocation": {"method": "time"},
}


def pool(**sent: Any) -> Json:
    """Device-hours 1 and 3 of 4."""
    return hours([1.0, 3.0], pool=sent)


def signed(answer: Json) -> Json:
    """An answer with the fingerprint of its parameters and factor set, whatever these are."""
    made = answer["methodology"]
    hashed = parameters_hash(made["parameters"])
    factors = f"{made['factor_set']['id']}@{made['factor_set']['version']}"
    made |= {"parameters_hash": hashed, "fingerprint": fingerprint(factors, hashed)}
    return answer


@pytest.mark.parametrize(
    "sent", [{}, {"kg_co2e": 1.0, "components": {"x": 1.0}}, {"kg_co2e": 1.0, "workload": METERED}]
)
def test_exactly_one_pool_is_sent(sent: Json) -> None:
    """None or several: at the pool."""
    assert faults(pool(**sent)) == [("/pool", "FIELDS_CONFLICT")]


def test_components_are_divided_each_on_its_own() -> None:
    """10 and 1 with 0 decimals, by 1 and 3: 2.5 → 2 + 8 (a tie, to a: 3 and 7); .25 → 0 and 1. a: 3 + 0, b: 7 + 1."""
    answer = divide(pool(components={"x": 10.0, "y": 1.0}), precision=0)
    assert [line["components"] for line in answer["allocations"]] == [{"x": 3, "y": 0}, {"x": 7, "y": 1}]
    assert kilograms(answer) == [3, 8]
    assert answer["pool"]["components"] == {"x": 10, "y": 1}


def test_the_pool_is_the_sum_of_its_rounded_components() -> None:
    """.4 + .4 with 0 decimals are 0 + 0; what was sent stands beside it."""
    answer = divide(pool(components={"x": 0.4, "y": 0.4}), precision=0)
    assert answer["pool"]["kg_co2e"] == 0
    assert answer["pool"]["unrounded_kg_co2e"] == Decimal("0.8")


def test_a_workload_is_estimated_first() -> None:
    """Scope 2 100 × .4 = 40, upstream 100 × .1 = 10, embodied 876 × 40/35040 = 1; a quarter and three quarters."""
    answer = divide(pool(workload=HARDWARE))
    assert answer["pool"]["components"] == {"scope2": 40, "fuel_and_energy": 10, "embodied": 1}
    assert kilograms(answer) == [Decimal("12.75"), Decimal("38.25")]
    assert answer["pool"]["origin"] == "workload"
    assert answer["pool"]["basis"] == "location_based"
    assert answer["pool"]["missing"] == ["scope3.infrastructure", "scope3.fuel_and_energy.td_losses"]
    assert answer["pool"]["low_kg_co2e"] < 51 < answer["pool"]["high_kg_co2e"]
    assert answer["pool"]["grade"] == "B"
    told = {warning["code"]: warning["pointer"] for warning in answer["warnings"]}
    assert told["INFRA_NOT_COMPUTED"] == "/pool/workload/infrastructure"


def test_one_basis_for_scope_2_and_category_3() -> None:
    """Market-based: 100 × .5 = 50, and the Category 3 beside it."""
    market = divide(pool(workload=METERED), basis="market_based")
    assert market["pool"]["components"] == {"scope2": 50, "fuel_and_energy": 10}
    assert market["pool"]["basis"] == "market_based"
    assert market["methodology"]["parameters"]["basis"] == "market_based"


def test_an_earlier_answer_is_the_same_pool() -> None:
    """The answer of a workload divides as the workload does; its sources may be null."""
    answer = estimate_of(**HARDWARE)
    by_workload = divide(pool(workload=HARDWARE))
    for sources in (answer["sources"], None):
        by_answer = divide(pool(emissions=answer | {"sources": sources}))
        assert by_answer["allocations"] == by_workload["allocations"]
        assert by_answer["methodology"] == by_workload["methodology"]
        assert by_answer["pool"] == by_workload["pool"] | {"origin": "emissions"}
        assert codes(by_answer) == codes(by_workload)


def test_a_figure_that_is_null_is_no_component_and_is_told() -> None:
    """Without hardware, provider totals and upstream factors the pool is Scope 2, and three warnings say so."""
    answer = estimate_of(energy={"kwh": 100.0, "level": "facility"}, factors=FLAT)
    divided = divide(pool(emissions=answer))
    assert divided["pool"]["components"] == {"scope2": 40}
    assert set(divided["pool"]["missing"]) >= {"scope3.fuel_and_energy", "scope3.embodied", "scope3.infrastructure"}
    assert {*codes(divided)} >= {"CAT3_NOT_COMPUTED", "EMBODIED_NOT_COMPUTED", "INFRA_NOT_COMPUTED"}
    del answer["warnings"]
    divided = divide(pool(emissions=answer))
    assert codes(divided) == ["CAT3_NOT_COMPUTED", "EMBODIED_NOT_COMPUTED", "INFRA_NOT_COMPUTED"]


def test_hardware_that_was_reserved_and_not_used_is_shown() -> None:
    """876 kg × 40 h / 35040 h = 1 kg reserved, .4 of it used: .4 in the pool, .6 charged to nobody and beside it."""
    used = HARDWARE | {"utilization": 0.4, "allocation": {"method": "utilization"}}
    for sent in ({"workload": used}, {"emissions": estimate_of(**used)}):
        answer = divide(pool(**sent))
        assert answer["pool"]["components"]["embodied"] == Decimal("0.4")
        assert float(answer["pool"]["unallocated_kg_co2e"]) == pytest.approx(0.6)


def test_an_edited_answer_is_refused() -> None:
    """A figure taken away, a total or a parameter changed: what was divided would look right and be wrong."""
    at = "/pool/emissions"
    without = estimate_of(**HARDWARE)
    without["scope3"]["embodied"] = None
    named = (f"{at}/methodology/parameters/figures", "FIELDS_CONFLICT")
    sums = [(f"{at}/totals/{basis}/kg_co2e", "FIELDS_CONFLICT") for basis in ("location_based", "market_based")]
    assert faults(pool(emissions=without)) == [named, *sums]
    moved = estimate_of(**HARDWARE)
    moved["methodology"]["parameters"]["lifetime_years"] = 5.0
    stated = ["fingerprint", "parameters_hash"]
    assert faults(pool(emissions=moved)) == [(f"{at}/methodology/{name}", "FIELDS_CONFLICT") for name in stated]
    nothing = estimate_of(**METERED) | {"totals": {}}
    nothing["scope2"] = nothing["scope3"] = {}
    del nothing["methodology"]["parameters"]["figures"]
    assert faults(pool(emissions=signed(nothing))) == [(at, "FIELDS_CONFLICT")]


def test_a_spend_based_answer_has_one_component() -> None:
    """It holds the others, so beside them it is refused."""
    answer = estimate_of(cost={"amount": 1000.0, "currency": "USD"})
    divided = divide(pool(emissions=answer))
    assert [*divided["pool"]["components"]] == ["spend_based"]
    assert codes(divided) == ["SPEND_BASED_ESTIMATE"]
    answer["scope2"] = estimate_of(**METERED)["scope2"]
    assert ("/pool/emissions/scope3/spend_based", "FIELDS_CONFLICT") in faults(pool(emissions=answer))


def test_faults_of_the_workload_point_into_it() -> None:
    """Beside those of the consumers."""
    body = pool(workload={"region": "nowhere", "energy": {"kwh": 1.0}, "pue": 0.5})
    body["consumers"].append({"id": "c"})
    assert faults(body) == [
        ("/consumers/2/device_hours", "ALLOC_DRIVER_MISSING"),
        ("/pool/workload/pue", "PUE_BELOW_ONE"),
        ("/pool/workload/region", "REGION_UNKNOWN"),
    ]


def test_idle_is_not_charged_twice() -> None:
    """Fleet utilization below 1 and pro rata both charge it; idle as its own line, or 1, is no conflict."""
    busy = HARDWARE | {"allocation": {"method": "time", "fleet_utilization": 0.5}}
    at = "/pool/workload/allocation/fleet_utilization"
    assert faults(pool(workload=busy)) == [(at, "IDLE_COUNTED_TWICE")]
    answer = estimate_of(**busy)
    at = "/pool/emissions/methodology/parameters/fleet_utilization"
    assert faults(pool(emissions=answer)) == [(at, "IDLE_COUNTED_TWICE")]
    idle = {"idle_policy": "unallocated", "capacity": {"device_hours": 8.0}}
    assert divide(pool(workload=busy), **idle)["unallocated"]["share"] == Decimal("0.5")
    divide(pool(emissions=answer), **idle)
    divide(pool(workload=HARDWARE | {"allocation": {"method": "time", "fleet_utilization": 1.0}}))
    answer["methodology"]["parameters"]["fleet_utilization"] = "half"
    assert faults(pool(emissions=answer)) == [(at, "FIELDS_CONFLICT")]


@pytest.mark.parametrize(
    "parameters",
    [
        {"lifetime_years": "four"},
        {"weights": ["a"]},
        {"user_factors": "a"},
        {"hours_per_year": 1e300},
        {"matching": True},
    ],
)
def test_parameters_of_another_type_are_refused(parameters: Json) -> None:
    """They become part of a fingerprint, so they are those of an answer."""
    answer = estimate_of(**METERED)
    answer["methodology"]["parameters"] |= parameters
    assert faults(pool(emissions=signed(answer))) == [("/pool/emissions/methodology/parameters", "FIELDS_CONFLICT")]


@pytest.mark.parametrize("origin", ["kg_co2e", "components"])
def test_a_basis_goes_with_figures_only(origin: str) -> None:
    """A bare number has none."""
    sent = {"kg_co2e": 1.0} if origin == "kg_co2e" else {"components": {"x": 1.0}}
    assert faults(pool(**sent), basis="location_based") == [("/basis", "FIELDS_CONFLICT")]


REPORT = {
    "provider": "gcp",
    "account": "billing-01",
    "period": {"start": "2025-03-01", "end": "2025-04-01"},
    "title": "Carbon Footprint export, March 2025",
    "url": "https://example.com/report",
}


def test_a_reported_month_keeps_its_source() -> None:
    """Scopes 1 to 3 by cost, 25 and 75 %; the report is echoed. 4 → 1, 3; 100 → 25, 75; 61 → 15.25, 45.75."""
    costs = [{"id": name, "cost": {"amount": amount, "currency": "EUR"}} for name, amount in (("a", 1.0), ("b", 3.0))]
    reported = {"components": {"scope1": 4.0, "scope2": 100.0, "scope3": 61.0}, "report": REPORT}
    answer = divide(pool(**reported), method="economic", consumers=costs)
    assert answer["pool"]["report"] == REPORT
    assert answer["allocations"][0]["components"] == {"scope1": 1, "scope2": 25, "scope3": Decimal("15.25")}
    assert kilograms(answer) == [Decimal("41.25"), Decimal("123.75")]
    assert divide(pool(kg_co2e=4.0, report={"provider": "aws"}))["pool"]["report"]["provider"] == "aws"


def test_a_report_goes_with_reported_numbers_only() -> None:
    """A workload or an answer has sources of its own; a report's period does not run backwards."""
    assert faults(pool(workload=METERED, report=REPORT)) == [("/pool/report", "FIELDS_CONFLICT")]
    assert faults(pool(emissions=estimate_of(**METERED), report=REPORT)) == [("/pool/report", "FIELDS_CONFLICT")]
    reversed_ = REPORT | {"period": {"start": "2025-04-01", "end": "2025-03-01"}}
    assert faults(pool(kg_co2e=1.0, report=reversed_)) == [("/pool/report/period", "PERIOD_INVALID")]


def test_the_parameters_are_those_of_the_division() -> None:
    """Only what decided it; the fingerprint is theirs with the method and the factor set."""
    one = divide(hours([1.0]))["methodology"]
    assert one["parameters"] == {"allocation_method": "time", "idle_policy": "pro_rata", "time_unit": "device_hours"}
    hashed = parameters_hash(one["parameters"])
    assert one["parameters_hash"] == hashed
    version = f"{one['factor_set']['id']}@{one['factor_set']['version']}"
    assert one["fingerprint"] == fingerprint(version, hashed)
    idle = divide(hours([1.0]), idle_policy="unallocated", capacity={"device_hours": 1.0})["methodology"]
    assert idle["fingerprint"] != one["fingerprint"]
    other = divide(hours([7.0, 2.0], pool={"kg_co2e": 3.0}))["methodology"]
    assert other == one  # activity is no parameter


def test_the_parameters_of_an_answer_stay() -> None:
    """Those of the pool go before them: `time` decided the embodied part, `economic` the pool."""
    costs = [{"id": "a", "cost": {"amount": 1.0, "currency": "EUR"}}]
    found = divide(pool(workload=HARDWARE), method="economic", consumers=costs)["methodology"]["parameters"]
    own = estimate_of(**HARDWARE)["methodology"]["parameters"]
    changed = {"allocation_method": "economic", "idle_policy": "pro_rata", "basis": "location_based"}
    assert found == own | changed


def test_the_factor_set_is_that_of_the_answer() -> None:
    """An answer made with last year's factors is still of last year's factors once it is divided."""
    answer = estimate_of(**METERED)
    answer["methodology"]["factor_set"] = {"id": "embedded", "version": "2025.1+000000000000"}
    found = divide(pool(emissions=signed(answer)))["methodology"]
    assert found["factor_set"]["version"] == "2025.1+000000000000"
    assert found["fingerprint"] != divide(pool(workload=METERED))["methodology"]["fingerprint"]


def test_a_pool_beyond_the_digits_of_a_double_needs_fewer_decimals() -> None:
    """2^53 is 9.007e15: 1e10 kg have 1e16 units of 6 decimals, too many; 5 fit."""
    assert faults(pool(kg_co2e=1e10)) == [("/precision", "FIELDS_CONFLICT")]
    assert kilograms(divide(pool(kg_co2e=1e10), precision=5)) == [2_500_000_000, 7_500_000_000]


def test_sixteen_digits_are_written_out() -> None:
    """9007199254740991 units of 6 decimals: near 9e9 doubles are 1.9e-6 apart, so a double would print others.

    A quarter is 2251799813685247.75, three quarters 6755399441055743.25: the unit left goes to the .75.
    """
    exact = Decimal("9007199254.740991")
    answer = divide(pool(components={"x": 9007199254.0, "y": 0.740991}))
    assert answer["pool"]["kg_co2e"] == exact
    assert sum(kilograms(answer)) == exact
    total = Decimal("9007199254.740990")
    assert sum(kilograms(divide(pool(kg_co2e=float(total))))) == divide(pool(kg_co2e=float(total)))["pool"]["kg_co2e"]


def test_too_many_figures_are_refused() -> None:
    """100 components of 20,001 consumers are over two million figures."""
    consumers = [{"id": str(index), "device_hours": 1.0} for index in range(20_001)]
    body = pool(components={str(index): 1.0 for index in range(100)})
    assert faults(body, consumers=consumers) == [("/pool", "FIELDS_CONFLICT")]
