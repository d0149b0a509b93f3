"""`GET /regions` as CSV and as a saved map."""

import csv
import io
from pathlib import Path

import httpx
import pytest

CSV = {"accept": "text/csv"}
MAP = {"accept": "application/vnd.kepler.gl+json"}
EXAMPLE = Path(__file__).parents[2] / "openapi" / "examples" / "regions_aws.json"


def rows(response: httpx.Response) -> list[dict[str, str]]:
    """Return the rows of a table."""
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.text)))


def test_a_row_has_what_the_item_has(client: httpx.Client) -> None:
    """Numbers to the last digit, each with its year, match and source; what there is not is an empty cell."""
    query = {"limit": 1000}
    items = client.get("/regions", params=query).json()["items"]
    for row, item in zip(rows(client.get("/regions", params=query, headers=CSV)), items, strict=True):
        place = ("id", "provider", "name", "country", "grid", "latitude", "longitude")
        assert [*row.values()][:7] == ["" if item[name] is None else str(item[name]) for name in place]
        for factor, column in (
            ("pue", "pue"),
            ("location", "location_kg_co2e_per_kwh"),
            ("residual_mix", "residual_mix_kg_co2e_per_kwh"),
            ("upstream", "upstream_kg_co2e_per_kwh"),
            ("td_loss", "td_loss_share"),
        ):
            told = item[factor] or dict.fromkeys(("value", "year", "match", "source"))
            cells = [row[column], *(row[f"{factor}_{about}"] for about in ("year", "match", "source"))]
            expected = [told[name] for name in ("value", "year", "match", "source")]
            assert cells == ["" if cell is None else str(cell) for cell in expected]


@pytest.mark.parametrize(
    "headers", [{}, CSV, MAP, {"accept": "application/geo+json"}], ids=["json", "csv", "map", "geo"]
)
def test_every_form_has_pages(client: httpx.Client, headers: dict[str, str]) -> None:
    """The header Link leads from page to page, filters kept, until there is no next."""
    wanted = [item["id"] for item in client.get("/regions", params={"provider": "aws"}).json()["items"]]
    address = httpx.URL("/regions?provider=aws&limit=15")
    found: list[str] = []
    pages = 0
    while True:
        page = client.get(address, headers=headers)
        pages += 1
        found += [name for name in wanted if f'"{name}"' in page.text or f"{name}," in page.text]
        if "link" not in page.headers:
            break
        reference, relation = page.headers["link"].split("; ")
        assert relation == 'rel="next"'
        address = page.url.join(reference.strip("<>"))
        assert address.params["provider"] == "aws"
    assert pages == 3  # 39 regions, 15 a page
    assert sorted(set(found)) == wanted


def test_a_map_says_what_it_leaves_out(client: httpx.Client) -> None:
    """Its description counts the regions without a place, and tells of a next page."""
    first = client.get("/regions", params={"limit": 1}, headers=MAP).json()
    assert first["info"]["description"] == (
        "Regions: 1; with a place on the map: 0; more regions follow on the next page."
    )
    last = client.get("/regions", params={"provider": "hetzner"}, headers=MAP).json()
    assert last["info"]["description"] == "Regions: 6; with a place on the map: 6."


def test_a_map_is_the_same_each_time(client: httpx.Client) -> None:
    """Byte for byte, with a tag of its own for caches."""
    one, other = (client.get("/regions", headers=MAP) for _ in range(2))
    assert one.headers["content-type"] == "application/vnd.kepler.gl+json"
    assert (one.content, one.headers["etag"]) == (other.content, other.headers["etag"])
    tags = {client.get("/regions", headers=headers).headers["etag"] for headers in ({}, CSV, MAP)}
    assert len(tags) == 3
    assert client.get("/regions", headers=MAP | {"if-none-match": one.headers["etag"]}).status_code == 304


def test_the_example_is_current(client: httpx.Client) -> None:
    """What `GET /regions?provider=aws` answers, byte for byte."""
    assert client.get("/regions", params={"provider": "aws"}, headers=MAP).content == EXAMPLE.read_bytes()
