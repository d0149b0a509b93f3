"""`POST /emissions`: what a caller gets, and in which form."""

import httpx
import msgspec
import pytest

from service.http.examples import REQUESTS
from service.model.result import Emissions

LEAST = {"region": "aws:us-east-1", "energy": {"kwh": 100}}


def test_the_least_request_is_answered(client: httpx.Client) -> None:
    """Region and energy suffice: both Scope 2 figures, both totals, every factor with its source."""
    response = client.post("/emissions", json=LEAST)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    emissions = response.json()
    facility_kwh = 100 * emissions["energy"]["pue"]
    assert emissions["energy"]["facility_kwh"] == pytest.approx(facility_kwh)
    grid = next(source for source in emissions["sources"] if source["kind"] == "grid_location")
    assert emissions["scope2"]["location_based"]["kg_co2e"] == pytest.approx(facility_kwh * grid["value"])
    assert emissions["scope2"]["market_based"]["kg_co2e"] > 0
    assert set(emissions["totals"]) == {"location_based", "market_based"}


def test_an_answer_is_of_its_schema(client: httpx.Client) -> None:
    """Every example of the document is answered, and the answer decodes as the type that is documented."""
    for example in REQUESTS["estimate_emissions"].values():
        response = client.post("/emissions", json=example["value"])
        assert response.status_code == 200, response.text
        emissions = msgspec.json.decode(response.content, type=Emissions)
        assert emissions.id == example["value"].get("id")
        assert emissions.tags == example["value"].get("tags", {})


def test_the_same_request_gives_the_same_bytes(client: httpx.Client) -> None:
    """Nothing of time or chance is in an answer."""
    first, second = (client.post("/emissions", json=LEAST).content for _ in range(2))
    assert first == second


def test_explain_adds_the_arithmetic(client: httpx.Client) -> None:
    """`derivation` stands in every figure when asked for, else in none."""
    plain = client.post("/emissions", json=LEAST)
    explained = client.post("/emissions?explain=true", json=LEAST)
    assert b'"derivation"' not in plain.content
    assert "×" in explained.json()["scope2"]["location_based"]["derivation"]
    assert client.post("/emissions?explain=false", json=LEAST).content == plain.content


def test_markdown_is_a_table_for_a_job_summary(client: httpx.Client) -> None:
    """Both Scope 2 figures, the parts of Scope 3, totals, warnings in words, sources."""
    response = client.post("/emissions", json=LEAST, headers={"accept": "text/markdown"})
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    lines = response.text.splitlines()
    assert lines[0].startswith("### Emissions: This workload in ")
    first = lines[lines.index("#### Figures") : lines.index("#### Not computed")]
    cells = [line.split("|")[1].strip() for line in first if line.startswith("| ") and "kg CO2e" not in line]
    assert cells == [
        "**Scope 2, location-based**",
        "**Scope 2, market-based**",
        "Scope 3, fuel and energy (location-based)",
        "Scope 3, fuel and energy (market-based)",
        "Scope 3, embodied",
        "Scope 3, infrastructure",
        "**Total with location-based Scope 2**",
        "**Total with market-based Scope 2**",
    ]
    assert "#### What to know" in lines
    assert any("| grid\\_location:US-SRVC:" in line for line in lines)


def test_markdown_cannot_be_injected(client: httpx.Client) -> None:
    """A caller's text stays text: no cell, link, tag or line of its own."""
    body = LEAST | {"id": "a|b\n<img src=x> [c](d) `e`", "functional_units": {"x|y\n# z": 1}}
    text = client.post("/emissions", json=body, headers={"accept": "text/markdown"}).text
    assert "### Emissions: a\\|b \\<img src=x\\> \\[c\\](d) \\`e\\` in " in text
    assert "| x\\|y \\# z |" in text


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/markdown; charset=utf-8"),
        ("text/markdown, application/json;q=0.9", "text/markdown; charset=utf-8"),
        ("text/markdown;q=0.5, application/json", "application/json"),
        ("text/markdown, */*", "text/markdown; charset=utf-8"),
        ("text/html, */*;q=0.1", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/json;q=0, */*", "text/markdown; charset=utf-8"),
        ("TEXT/MARKDOWN", "text/markdown; charset=utf-8"),
    ],
)
def test_accept_chooses_the_form(client: httpx.Client, accept: str | None, media_type: str) -> None:
    """The best liked is given; of equals the one named most exactly, else JSON."""
    request = client.build_request("POST", "/emissions", json=LEAST)
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept
    assert client.send(request).headers["content-type"] == media_type


def test_two_accept_lines_are_one_list(client: httpx.Client) -> None:
    """A header that stands twice is a list in two parts (RFC 9110, 5.3)."""
    headers = [("accept", "image/png"), ("accept", "text/markdown")]
    response = client.post("/emissions", json=LEAST, headers=headers)
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
