"""`POST /comparisons` over HTTP: real answers in, and what is refused."""

import json
from typing import Any

import httpx
import msgspec
import pytest

from service.http.examples import REQUESTS
from service.model.comparison import YearComparison

YEAR = {"start": "2025-01-01", "end": "2026-01-01"}
LAST_YEAR = {"start": "2024-01-01", "end": "2025-01-01"}


def emissions(client: httpx.Client, query: str = "", **workload: Any) -> dict[str, Any]:
    """A real answer."""
    asked = {"region": "FR", "period": YEAR, "energy": {"kwh": 1000}} | workload
    response = client.post(f"/emissions{query}", json=asked)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_the_example_is_the_worked_case(client: httpx.Client) -> None:
    """Of the document: +20 = 80 − 60."""
    for example in REQUESTS["compare_years"].values():
        answer = client.post("/comparisons", json=example["value"])
        assert answer.status_code == 200, answer.text
        found = msgspec.json.decode(answer.content, type=YearComparison)
        assert (found.delta_kg_co2e, found.activity_effect_kg_co2e, found.factor_effect_kg_co2e) == (20, 80, -60)


def test_real_answers_compare(client: httpx.Client) -> None:
    """One explained, one without sources: the same method; the grid's vintage is performance."""
    before = emissions(client, "?explain=true", period=LAST_YEAR)
    after = emissions(client, energy={"kwh": 1200}) | {"sources": None}
    answer = client.post("/comparisons", json={"baseline": {"emissions": before}, "current": {"emissions": after}})
    found = answer.json()
    assert (answer.status_code, found["status"], found["warnings"]) == (200, "comparable", [])
    assert found["lines"][-1]["delta_kg_co2e"] == (
        after["totals"]["location_based"]["kg_co2e"] - before["totals"]["location_based"]["kg_co2e"]
    )


def test_the_largest_answers_are_taken(client: httpx.Client) -> None:
    """What a request may ask for, its answer may come back with: 10^12 kWh at a PUE of 10^12."""
    extreme = emissions(client, energy={"kwh": 1e12}, pue=1e12)
    side = {"emissions": extreme, "basis": "market_based"}
    answer = client.post("/comparisons", json={"baseline": side, "current": side})
    assert (answer.status_code, answer.json()["delta_kg_co2e"]) == (200, 0)


def by_hand() -> dict[str, Any]:
    """The example's baseline."""
    side: dict[str, Any] = json.loads(json.dumps(REQUESTS["compare_years"]["by_hand"]["value"]["baseline"]))
    return side


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"kwh": 1}, 400, "VALUE_INVALID", "/baseline/kwh"),
        ({"energy_kwh": -1}, 400, "VALUE_INVALID", "/baseline/energy_kwh"),
        ({"energy_kwh": "1"}, 400, "VALUE_INVALID", "/baseline/energy_kwh"),
        ({"basis": "both"}, 400, "VALUE_INVALID", "/baseline/basis"),
        ({"emissions": {}}, 400, "VALUE_INVALID", "/baseline/emissions/deployment"),
        ({"methodology": None}, 422, "FIELDS_CONFLICT", "/baseline/methodology"),
        ({"period": YEAR | {"end": "2025-01-01"}}, 422, "PERIOD_INVALID", "/baseline/period"),
    ],
)
def test_bad_input_is_refused(
    client: httpx.Client, change: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    """By name, with what would be right."""
    answer = client.post("/comparisons", json={"baseline": by_hand() | change, "current": by_hand()})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["errors"][0]["pointer"]) == (status, code, pointer)


@pytest.mark.parametrize(
    "value",
    [{"a": {"b": {"c": 1}}}, [[1]], [1], {"a": "x"}, "x" * 257],
)
def test_parameters_hold_what_parameters_hold(client: httpx.Client, value: Any) -> None:
    """Text, numbers, lists of text, weights: nothing else has a fingerprint."""
    side = by_hand()
    side["methodology"]["parameters"] = {"figures": value}
    answer = client.post("/comparisons", json={"baseline": side, "current": by_hand()})
    assert (answer.status_code, answer.json()["code"]) == (400, "VALUE_INVALID")


def test_a_body_that_is_too_large_is_refused(client: httpx.Client) -> None:
    """16 MiB, for two answers may have a thousand instruments each."""
    answer = client.post(
        "/comparisons", content=b" " * (16 * 1024 * 1024 + 1), headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
