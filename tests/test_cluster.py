"""The cluster of openapi/examples/cluster: a year of it through batch, allocation, comparison and disclosure."""

import json
import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import pytest

CLUSTER = Path(__file__).parent.parent / "openapi" / "examples" / "cluster"
BASES = ("location_based", "market_based")
METHODS = {"time", "utilization", "physical", "economic", "two_part"}


def example(name: str) -> Any:
    """What a file of the example holds."""
    return json.loads((CLUSTER / name).read_text(encoding="utf-8"))


def answered(client: httpx.Client, path: str, body: Any, **reading: Any) -> Any:
    """The answer of a path."""
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    return json.loads(response.content, **reading)


@pytest.fixture(scope="module")
def batch(client: httpx.Client) -> Any:
    """The jobs, estimated."""
    return answered(client, "/emissions/batch", example("jobs.json"))


def test_every_job_of_every_team_and_month_is_summed(batch: Any) -> None:
    """300 jobs, five teams, twelve months; the groups hold all jobs, and their sums are those of the jobs."""
    emissions = [result["emissions"] for result in batch["results"]]
    groups = batch["summary"]["groups"]
    assert (batch["summary"]["count"], batch["summary"]["failed"]) == (300, 0)
    assert len({group["key"]["tags.team"] for group in groups}) == 5
    assert {group["key"]["month"] for group in groups} == {f"2025-{month:02}" for month in range(1, 13)}
    assert sum(group["count"] for group in groups) == 300
    for basis in BASES:
        kilograms = [job["totals"][basis]["kg_co2e"] for job in emissions]
        assert batch["summary"]["totals"][basis]["kg_co2e"] == math.fsum(kilograms)
        in_groups = sum(Fraction(group["totals"][basis]["kg_co2e"]) for group in groups)
        assert float(in_groups) == pytest.approx(math.fsum(kilograms), rel=1e-15)
    for group in groups:
        team, month = group["key"]["tags.team"], group["key"]["month"]
        own = [job for job in emissions if job["tags"]["team"] == team and job["period"]["start"].startswith(month)]
        assert len(own) == group["count"]
        assert group["energy_kwh"] == math.fsum(job["energy"]["facility_kwh"] for job in own)
        total = math.fsum(job["totals"]["market_based"]["kg_co2e"] for job in own)
        assert group["totals"]["market_based"]["kg_co2e"] == total


@pytest.mark.parametrize("method", sorted(METHODS))
def test_the_cluster_is_divided_by_every_method_to_the_last_digit(client: httpx.Client, method: str) -> None:
    """Parts and components sum to the pool in the printed decimals, by each method and in the comparison of all."""
    body = example("allocation.json") | {"method": method}
    answer = answered(client, "/allocations", body, parse_float=Decimal)
    pool = answer["pool"]
    assert sum(line["kg_co2e"] for line in answer["allocations"]) == pool["kg_co2e"]
    assert sum(pool["components"].values()) == pool["kg_co2e"]
    for name, kilograms in pool["components"].items():
        assert sum(line["components"][name] for line in answer["allocations"]) == kilograms
    assert answer["comparison"]["by_method"].keys() == METHODS
    assert answer["comparison"]["not_computable"] == []
    for parts in answer["comparison"]["by_method"].values():
        assert sum(parts.values()) == pool["kg_co2e"]
    own = {line["id"]: line["kg_co2e"] for line in answer["allocations"]}
    assert answer["comparison"]["by_method"][method] == own


def test_the_pool_is_the_cluster_of_the_year(client: httpx.Client) -> None:
    """The pool's workload is the year's; what is divided is its total."""
    body = example("allocation.json")
    assert body["pool"]["workload"] == example("2025.json")
    year = answered(client, "/emissions", example("2025.json"))
    pool = answered(client, "/allocations", body)["pool"]
    assert pool["unrounded_kg_co2e"] == year["totals"]["location_based"]["kg_co2e"]


@pytest.mark.parametrize("basis", BASES)
def test_two_years_differ_by_activity_and_factors(client: httpx.Client, basis: str) -> None:
    """Only the factor set changed: the difference is that of the figures, and activity and factors make it up."""
    year = answered(client, "/emissions", example("2025.json"))
    before = example("2024.json")
    sides = {"baseline": {"emissions": before, "basis": basis}, "current": {"emissions": year, "basis": basis}}
    answer = answered(client, "/comparisons", sides)
    assert answer["status"] == "comparable_factor_update"
    assert [difference["parameter"] for difference in answer["differences"]] == ["factor_set"]
    effects = answer["activity_effect_kg_co2e"] + answer["factor_effect_kg_co2e"]
    assert effects == pytest.approx(answer["delta_kg_co2e"], rel=1e-9)
    lines = {line["figure"]: line for line in answer["lines"]}
    moved = year["totals"][basis]["kg_co2e"] - before["totals"][basis]["kg_co2e"]
    assert lines["total"]["delta_kg_co2e"] == pytest.approx(moved, rel=1e-9)


def test_the_disclosure_holds_what_the_jobs_emitted(client: httpx.Client, batch: Any) -> None:
    """Each line is the correctly rounded sum of the jobs' figures, each total that of its lines."""
    emissions = [result["emissions"] for result in batch["results"]]
    body = {
        "organization": "Example AG",
        "period": {"start": "2025-01-01", "end": "2026-01-01"},
        "emissions": emissions,
        "sources": batch["sources"],
    }
    answer = answered(client, "/disclosures", body)
    for basis in BASES:
        scope2 = math.fsum(job["scope2"][basis]["kg_co2e"] for job in emissions)
        upstream = math.fsum(job["scope3"]["fuel_and_energy"][basis]["kg_co2e"] for job in emissions)
        assert answer["scope2"][f"{basis}_kg_co2e"] == scope2
        (line,) = (line for line in answer["scope3"] if line["basis"] == basis)
        assert (line["category"], line["kg_co2e"]) == ("scope3.cat3", upstream)
        assert answer["totals"][basis]["kg_co2e"] == math.fsum([scope2, upstream])
    amortized = math.fsum(job["scope3"]["embodied"]["kg_co2e"] for job in emissions)
    left_out = {line["figure"]: line["kg_co2e"] for line in answer["exclusions"]}
    assert left_out == {"scope3.embodied": amortized, "scope3.infrastructure": None}
    # 60 % of 150,033.25 facility kWh by a wind certificate that was bought apart from the electricity
    assert answer["contractual_instruments"]["covered_kwh"] == pytest.approx(90019.95)
    assert answer["contractual_instruments"]["unbundled_share"] == pytest.approx(0.6)
