"""What kepler.gl 3.2.6 itself makes of our files: its own reader of each form, on answers of the real server."""

from typing import Any

import httpx
import pytest

from service.formats.keplergl import MEDIA_TYPE
from tests.bills import bill, csv_of
from tests.keplergl.conftest import Load

Json = dict[str, Any]
FORMS = {"csv": "text/csv", "geojson": "application/geo+json", "map": MEDIA_TYPE}
FACTORS = {"location_kg_co2e_per_kwh": 0.4, "residual_kg_co2e_per_kwh": 0.5}


def period(month: int) -> dict[str, str]:
    """Return some days of a month."""
    return {"start": f"2025-0{month}-05T00:00:00Z", "end": f"2025-0{month}-25T00:00:00Z"}


PLACED = [
    {"id": f"{region}-{month}", "region": region, "period": period(month), "energy": {"kwh": 100}}
    for region in ("aws:us-east-1", "gcp:europe-west9", "azure:westeurope")
    for month in (1, 1, 2)
]
BATCH: list[Json] = [
    *PLACED,
    {"tags": {"team": "=1+1"}, "region": "FR", "period": period(2), "energy": {"kwh": 10}},
    {"region": "aws:us-east-1", "energy": {"kwh": 10}},
    {"factors": FACTORS, "period": period(1), "energy": {"kwh": 10}},
    {"region": "nowhere", "energy": {"kwh": 10}},
]


def regions(client: httpx.Client, kind: str, **query: str | int) -> bytes:
    """Return the list of regions in a form."""
    return client.get("/regions", params={"limit": 1000} | query, headers={"accept": FORMS[kind]}).content


def batch(client: httpx.Client, kind: str, workloads: list[Json]) -> bytes:
    """Return the answer to a batch in a form."""
    answer = client.post("/emissions/batch", json={"workloads": workloads}, headers={"accept": FORMS[kind]})
    assert answer.headers["content-type"].startswith(FORMS[kind])
    return answer.content


def check_map(loaded: Json) -> None:
    """Nothing that kepler.gl drops in silence: each layer has its dataset, its columns and its channels there."""
    assert loaded["recognized"]
    assert loaded["filtersDropped"] == 0
    types = {dataset["id"]: dataset["types"] for dataset in loaded["datasets"]}
    assert loaded["layers"]
    for layer in loaded["layers"]:
        config = layer["config"]
        fields = types[config["dataId"]]
        assert layer["type"] == "point"
        assert [fields[config["columns"][name]] for name in ("lat", "lng")] == ["real", "real"]
        for channel in ("colorField", "sizeField"):
            field = config.get(channel)
            assert field is None or fields[field["name"]] == field["type"]
        assert config["colorField"]
    for dataset, shown in loaded["tooltip"].items():
        assert {field["name"] for field in shown} <= types[dataset].keys()


def test_regions_as_csv(load: Load, client: httpx.Client) -> None:
    """Every row; numbers are numbers, and the place has two columns of one stem, which makes a layer of points."""
    found = load("csv", regions(client, "csv"))
    count = len(client.get("/regions", params={"limit": 1000}).json()["items"])
    assert found["rows"] == count
    types = found["types"]
    texts = {"region_id", "provider", "name", "country", "grid"}
    assert {name for name, type_ in types.items() if type_ == "string"} == texts | {
        name for name in types if name.endswith(("_match", "_source"))
    }
    assert {name for name, type_ in types.items() if type_ == "integer"} == {n for n in types if n.endswith("_year")}
    assert types["region_latitude"] == types["region_longitude"] == types["location_kg_co2e_per_kwh"] == "real"


def test_regions_as_geojson(load: Load, client: httpx.Client) -> None:
    """Every region that has a place; kepler.gl has no row for a feature without geometry."""
    items = client.get("/regions", params={"limit": 1000}).json()["items"]
    found = load("geojson", regions(client, "geojson"))
    assert found["rows"] == sum(item["latitude"] is not None for item in items) > 200
    assert found["types"]["_geojson"] == "geojson"
    assert found["types"]["location_kg_co2e_per_kwh"] == "real"


def test_regions_as_a_map(load: Load, client: httpx.Client) -> None:
    """One dataset with every row, typed as told; layers of location-based and residual intensity; no filter."""
    loaded = load("map", regions(client, "map"))
    check_map(loaded)
    (dataset,) = loaded["datasets"]
    assert dataset["rows"] == len(client.get("/regions", params={"limit": 1000}).json()["items"])
    assert dataset["types"] == load("csv", regions(client, "csv"))["types"]
    assert [layer["id"] for layer in loaded["layers"]] == ["location", "residual_mix"]
    assert [layer["config"]["isVisible"] for layer in loaded["layers"]] == [True, False]
    assert loaded["filters"] == []


def test_a_map_of_few_regions_keeps_its_types(load: Load, client: httpx.Client) -> None:
    """A column that is empty throughout stays a number; kepler.gl alone would take it for text."""
    loaded = load("map", regions(client, "map", provider="hetzner", country="SG"))
    check_map(loaded)
    assert loaded["datasets"][0]["types"]["residual_mix_kg_co2e_per_kwh"] == "real"


def test_a_batch_as_csv(load: Load, client: httpx.Client) -> None:
    """One row an item, problems too; the period is a time, figures are numbers."""
    found = load("csv", batch(client, "csv", BATCH))
    assert found["rows"] == len(BATCH) == 13
    types = found["types"]
    assert types["index"] == "integer"
    assert types["latitude"] == types["longitude"] == types["total_location_based_kg_co2e"] == "real"
    assert types["scope2_market_based_kg_co2e"] == "real"
    assert types["region"] == types["problem_code"] == "string"
    assert types["tags"] == "object"


def test_a_batch_as_geojson(load: Load, client: httpx.Client) -> None:
    """One row an item that has a place: 9 and the one without a period."""
    found = load("geojson", batch(client, "geojson", BATCH))
    assert found["rows"] == len(PLACED) + 1 == 10
    assert found["types"]["total_market_based_kg_co2e"] == "real"


def test_a_batch_as_a_map(load: Load, client: httpx.Client) -> None:
    """3 places × 2 months, France, the one without a period, the one without a region: 9 rows, filtered by time."""
    loaded = load("map", batch(client, "map", BATCH))
    check_map(loaded)
    (dataset,) = loaded["datasets"]
    assert (dataset["id"], dataset["rows"]) == ("emissions", 9)
    types = dataset["types"]
    assert types["period_start"] == "timestamp"
    assert types["workloads"] == "integer"
    assert {types[name] for name in types if "kg_co2e" in name} == {"real"}
    layers = [(layer["config"]["sizeField"]["name"], layer["config"]["isVisible"]) for layer in loaded["layers"]]
    assert layers == [("total_location_based_kg_co2e", True), ("total_market_based_kg_co2e", False)]
    (time,) = loaded["filters"]
    assert (time["name"], time["type"]) == (["period_start"], "timeRange")
    assert time["domain"] == [1735689600000, 1738368000000]  # 1 January and 1 February 2025, UTC
    assert time["value"] == [1735776000000, 1738368000000]  # from 2 January: February alone


@pytest.mark.parametrize("workloads", [[], BATCH[-1:], BATCH[:1]], ids=["none", "a problem", "one month"])
def test_a_map_of_little(load: Load, client: httpx.Client, workloads: list[Json]) -> None:
    """A map is one, whatever there is to show; one month needs no filter."""
    loaded = load("map", batch(client, "map", workloads))
    check_map(loaded)
    assert loaded["filters"] == []
    assert loaded["datasets"][0]["rows"] == sum("id" in workload for workload in workloads)


@pytest.mark.parametrize("rows", [0, 1, 600])
def test_a_bill_as_a_map(load: Load, client: httpx.Client, rows: int) -> None:
    """One row a region and month, with types that stay, sized by kg and colored by kg a kWh."""
    headers = {"content-type": "text/csv", "accept": MEDIA_TYPE}
    answer = client.post("/imports/focus", content=csv_of(bill(rows)), headers=headers)
    loaded = load("map", answer.content)
    check_map(loaded)
    (dataset,) = loaded["datasets"]
    assert dataset["rows"] == len(answer.json()["datasets"][0]["data"]["allData"]) >= min(rows, 1)
    types = dataset["types"]
    assert {types[name] for name in types if "kg_co2e" in name} == {types["effective_cost"]} == {"real"}
    assert (types["period_start"], types["rows"], types["currency"]) == ("timestamp", "integer", "string")
    sizes = [layer["config"]["sizeField"]["name"] for layer in loaded["layers"]]
    assert sizes == ["total_location_based_kg_co2e", "total_market_based_kg_co2e"]
    assert len(loaded["filters"]) == (rows == 600)


def test_a_bill_as_geojson(load: Load, client: httpx.Client) -> None:
    """Each point a row of kepler.gl's; what stands beside the features does not disturb it."""
    headers = {"content-type": "text/csv", "accept": FORMS["geojson"]}
    answer = client.post("/imports/focus", content=csv_of(bill(600)), headers=headers)
    found = load("geojson", answer.content)
    assert found["rows"] == len(answer.json()["features"]) > 100
    assert found["types"]["total_location_based_kg_co2e"] == "real"
