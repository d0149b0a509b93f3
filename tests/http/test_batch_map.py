"""`POST /emissions/batch` as a saved map."""

from typing import Any

import httpx
import msgspec
import pytest

Json = dict[str, Any]
MAP = {"accept": "application/vnd.kepler.gl+json"}
FACTORS = {"location_kg_co2e_per_kwh": 0.4, "residual_kg_co2e_per_kwh": 0.5}
BASE: Json = {"region": "aws:us-east-1", "energy": {"kwh": 100, "level": "facility"}, "factors": FACTORS}
MARCH = {"start": "2025-03-01", "end": "2025-03-05"}
WORKLOADS: list[Json] = [
    BASE | {"period": MARCH},
    BASE | {"period": MARCH, "energy": {"kwh": 50, "level": "facility"}},
    BASE | {"region": "FR", "period": MARCH},
    BASE,
    {"region": "nowhere", "energy": {"kwh": 1}},
    {"colour": "red"},
]


def sent(client: httpx.Client, workloads: list[Json], *, as_lines: bool = False) -> httpx.Response:
    """Return the answer to a batch, as a JSON body or as lines."""
    if as_lines:
        lines = b"\n".join(map(msgspec.json.encode, workloads))
        headers = MAP | {"content-type": "application/x-ndjson"}
        return client.post("/emissions/batch", content=lines, headers=headers)
    return client.post("/emissions/batch", json={"workloads": workloads}, headers=MAP)


def rows(response: httpx.Response) -> list[Json]:
    """Return the rows of the map, by the names of its fields."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == MAP["accept"]
    (dataset,) = response.json()["datasets"]
    names = [field["name"] for field in dataset["data"]["fields"]]
    return [dict(zip(names, row, strict=True)) for row in dataset["data"]["allData"]]


def test_a_point_is_a_region_in_a_month(client: httpx.Client) -> None:
    """(100 + 50) kWh × 0.4 and × 0.5: 60 kg and 75 kg, at the place of the region; embodied is not known: null."""
    _, _, march = rows(sent(client, WORKLOADS))
    place = client.get("/regions/aws:us-east-1").json()
    assert (march["region_id"], march["provider"], march["grid"]) == ("aws:us-east-1", "aws", "US-SRVC")
    assert (march["region_latitude"], march["region_longitude"]) == (place["latitude"], place["longitude"])
    assert (march["period_start"], march["workloads"], march["facility_kwh"]) == ("2025-03-01T00:00:00Z", 2, 150)
    assert march["scope2_location_based_kg_co2e"] == 60
    assert march["scope2_market_based_kg_co2e"] == 75
    assert march["scope2_location_based_kg_co2e_per_kwh"] == 0.4
    assert march["scope2_market_based_kg_co2e_per_kwh"] == 0.5
    assert march["embodied_kg_co2e"] is None
    assert march["missing"] == "scope3.embodied scope3.infrastructure"


def test_every_workload_is_in_a_row_or_told(client: httpx.Client) -> None:
    """4 estimated, one of them in a country without a place, one without a period; 2 have problems."""
    response = sent(client, WORKLOADS)
    assert [row["workloads"] for row in rows(response)] == [1, 1, 2]
    assert response.json()["info"]["description"] == (
        "Workloads: 6; not to be estimated, so in no sum: 2; without a place, so in the table only: 1; "
        "without a period, so hidden by a filter over time: 1."
    )


def test_totals_are_those_of_the_items(client: httpx.Client) -> None:
    """What a group by region and month sums to stands in its row, to the last digit."""
    workloads = [{"region": "gcp:europe-west9", "period": MARCH, "energy": {"kwh": 10.1**power}} for power in range(9)]
    (row,) = rows(sent(client, workloads))
    summary = client.post("/emissions/batch", json={"workloads": workloads}).json()["summary"]
    assert row["facility_kwh"] == summary["energy_kwh"]
    for basis in ("location_based", "market_based"):
        total = summary["totals"][basis]
        assert row[f"total_{basis}_kg_co2e"] == total["kg_co2e"]
        assert row[f"total_{basis}_low_kg_co2e"] == total["low_kg_co2e"]
        assert row[f"total_{basis}_high_kg_co2e"] == total["high_kg_co2e"]


@pytest.mark.parametrize("order", [1, -1])
def test_lines_give_the_same_map(client: httpx.Client, order: int) -> None:
    """As a JSON body or as lines, in any order: the same bytes."""
    assert sent(client, WORKLOADS[::order], as_lines=True).content == sent(client, WORKLOADS).content
