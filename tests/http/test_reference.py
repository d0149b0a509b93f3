"""The reading routes: lists, filters, pages, and what a cache needs."""

import httpx
import pytest

from service.factors.store import FactorStore

LISTS = ("/regions", "/factors", "/hardware")
READ = (*LISTS, "/regions/aws:us-east-1", "/hardware/h100-sxm5", "/methodology", "/openapi.json", "/docs")


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_read_page_by_page(client: httpx.Client, path: str) -> None:
    """Following `next_cursor` gives every item once, in the order of ids."""
    ids: list[str] = []
    cursor = None
    while True:
        page = client.get(path, params={"limit": 1000} | ({"cursor": cursor} if cursor else {})).json()
        ids += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert ids == sorted(set(ids))
    assert len(client.get(path).json()["items"]) == min(100, len(ids))


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=!", "cursor"),
        ("cursor=YWZ0ZXI6YQ", "cursor"),
        ("cursor=7", "cursor"),
        ("cursor=%C2%BF", "cursor"),
        ("cursor=", "cursor"),
        ("colour=red", "colour"),
        ("kind=moon", "kind"),
    ],
)
def test_a_bad_filter_is_refused(client: httpx.Client, path: str, query: str, parameter: str) -> None:
    """400 names the parameter; `kind` is unknown to /regions and has a list of names elsewhere."""
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    assert response.json()["code"] == "VALUE_INVALID"
    assert response.json()["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize("path", READ)
def test_what_is_known_is_not_sent_again(client: httpx.Client, path: str) -> None:
    """Each answer has an ETag and Cache-Control; who has it gets 304 without a body."""
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["cache-control"].startswith("public, max-age=")
    tag = response.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", [*READ, "/health/live", "/health/ready", "/metrics"])
def test_head_tells_what_get_would(client: httpx.Client, path: str) -> None:
    """HEAD has the status and headers of GET, and no body."""
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    if path != "/metrics":
        assert head.headers["content-length"] == str(len(get.content))


def test_a_region_has_its_factors(client: httpx.Client) -> None:
    """A provider's region: place, grid zone, PUE and carbon intensity, each number with its source's id."""
    region = client.get("/regions/aws:us-east-1").json()
    assert (region["id"], region["provider"], region["country"], region["grid"]) == (
        "aws:us-east-1",
        "aws",
        "US",
        "US-SRVC",
    )
    factor = client.get(f"/factors/{region['location']['source']}").json()
    assert factor["value"] == region["location"]["value"]
    assert factor["unit"] == "kg CO2e/kWh"
    assert factor["publisher"]
    assert factor["license"]


@pytest.mark.parametrize(
    ("name", "region"),
    [("AWS:US-EAST-1", "aws:us-east-1"), ("fr", "FR"), ("us-srvc", "US-SRVC"), ("europe-west9", "gcp:europe-west9")],
)
def test_a_region_is_read_by_every_name_of_it(client: httpx.Client, name: str, region: str) -> None:
    """The names are those that `region` of a workload takes, in any case."""
    assert client.get(f"/regions/{name}").json()["id"] == region


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/regions/aws:us-est-1", "the nearest names are aws:us-east-1"),
        ("/factors/nothing", "/factors lists them"),
        ("/hardware/h100-sxm6", "h100-sxm5"),
        ("/docs/nothing.js", "the page has no file"),
        ("/nothing", "/openapi.json lists them all"),
    ],
)
def test_what_is_not_there_is_not_found(client: httpx.Client, path: str, words: str) -> None:
    """404, with the nearest names or where to look."""
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["code"] == "NOT_FOUND"
    assert words in response.json()["detail"]


def test_regions_are_filtered(client: httpx.Client) -> None:
    """By provider and by country, in any case."""
    items = client.get("/regions", params={"provider": "AWS", "country": "us", "limit": 1000}).json()["items"]
    assert "aws:us-east-1" in [item["id"] for item in items]
    assert {(item["provider"], item["country"]) for item in items} == {("aws", "US")}


def test_factors_are_filtered(client: httpx.Client, store: FactorStore) -> None:
    """By kind, zone and year in force; every row that the tables have is there."""
    query = {"kind": "grid_location", "zone": "US-SRVC", "year": 2023}
    items = client.get("/factors", params=query).json()["items"]
    assert [item["id"] for item in items if item["use"] == "default"] == ["grid_location:US-SRVC:2023"]
    assert client.get("/factors", params={"kind": "accelerator", "limit": 1000}).json()["items"][0]["unit"]
    assert client.get("/factors/cloud_instance:aws:p5.48xlarge").json()["kind"] == "cloud_instance"


def test_hardware_is_searched(client: httpx.Client) -> None:
    """By kind, provider and a part of a name or alias."""
    items = client.get("/hardware", params={"q": "H100", "kind": "accelerator"}).json()["items"]
    assert "h100-sxm5" in [item["id"] for item in items]
    items = client.get("/hardware", params={"provider": "aws", "q": "p5.48"}).json()["items"]
    assert [item["id"] for item in items] == ["aws:p5.48xlarge"]
    assert client.get("/hardware/nvidia-h100-sxm").json()["tdp_w"] == 700


def test_regions_are_points_on_a_map(client: httpx.Client) -> None:
    """GeoJSON: longitude first, properties flat; a zone without a place has no geometry."""
    headers = {"accept": "application/geo+json"}
    response = client.get("/regions", params={"provider": "aws", "limit": 1000}, headers=headers)
    assert response.headers["content-type"] == "application/geo+json"
    assert response.headers["vary"] == "accept"
    collection = response.json()
    assert collection["type"] == "FeatureCollection"
    region = next(feature for feature in collection["features"] if feature["id"] == "aws:us-east-1")
    assert region["geometry"]["type"] == "Point"
    longitude, latitude = region["geometry"]["coordinates"]
    assert -80 < longitude < -75 < 36 < latitude < 41
    assert region["properties"]["location_kg_co2e_per_kwh"] > 0
    country = client.get("/regions/FR", headers=headers).json()
    assert (country["type"], country["geometry"]) == ("Feature", None)


def test_two_forms_have_two_tags(client: httpx.Client) -> None:
    """JSON and GeoJSON of one region are told apart by a cache."""
    path = "/regions/aws:us-east-1"
    assert (
        client.get(path).headers["etag"] != client.get(path, headers={"accept": "application/geo+json"}).headers["etag"]
    )


def test_the_methodology_explains_every_code(client: httpx.Client) -> None:
    """Method and factor set by version, default parameters, all codes with their meaning."""
    method = client.get("/methodology").json()
    assert (method["id"], method["version"]) == ("dualscope", "1.0.0")
    assert method["factor_set"]["version"] == client.get("/health/live").headers["x-factor-set"]
    assert method["parameters"]["lifetime_years"] == 4
    by_code = {code["code"]: code for code in method["codes"]}
    assert by_code["PUE_BELOW_ONE"]["http_status"] == 422
    assert by_code["OFFSET_EXCLUDED"]["message"] == "Carbon credits do not reduce Scope 2 or 3 and were ignored."
