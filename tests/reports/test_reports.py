"""Reports over HTTP: the figures of the JSON, text of callers as text, nothing that a page would load or run."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.http.examples import REQUESTS

Json = dict[str, Any]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
YEAR = {"start": "2025-01-01", "end": "2026-01-01"}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a | b\n# c",
    "`x` **y** ~~z~~ $e$ &lt;",
    "[x](javascript:alert(1)) ![x](https://evil.example/a.png)",
    "https://evil.example/ www.evil.example",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eright to left\u2066\u200f\x1b[31m\x00",
)
EVIL = " ".join(HOSTILE)
WORKLOAD: Json = {
    "region": "aws:us-east-1",
    "period": YEAR,
    "energy": {"kwh": 100},
    "hardware": {"instance": "p5.48xlarge"},
}


class Page(HTMLParser):
    """What stands in a page: its elements, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.words.append(data)

    def exact(self) -> set[float]:
        """Numbers with every digit."""
        return {float(about["value"] or "nan") for tag, about in self.elements if tag == "data"}


def disclosed(client: httpx.Client, organization: str) -> Json:
    """A disclosure of one answer, whose sender has edited its texts."""
    answer = client.post("/emissions", json=WORKLOAD | {"id": organization[:256]}).json()
    for source in answer["sources"]:
        source |= {"title": organization, "url": "javascript:alert(1)"}
    return {"period": YEAR, "organization": organization[:256], "emissions": [answer]}


def requests(client: httpx.Client, text: str) -> Iterator[tuple[str, Json]]:
    """One for each report, with a text wherever a caller's may stand."""
    short = text[:256]
    go = {"id": short, "type": "rec", "percent": 10, "technology": "wind", "market": "US", "vintage_year": 2025}
    hall = {"components": [{"name": short, "kg_co2e": 5}], "driver": "energy_kwh", "provider_driver_total": 9e7}
    more = {"id": short, "tags": {short: short}, "instruments": [go], "infrastructure": hall}
    yield "/emissions", WORKLOAD | more | {"functional_units": {short: 2}}
    yield (
        "/emissions/batch",
        {
            "workloads": [WORKLOAD | more, {"id": short, "region": short, "energy": {"kwh": 1}}, 5],
            "group_by": [f"tags.{short}", "region"],
        },
    )
    yield (
        "/allocations",
        {
            "pool": {
                "components": {short: 12.5, "b": 3},
                "report": {"provider": short, "account": short, "title": short, "url": "javascript:alert(1)"},
            },
            "method": "time",
            "compare": True,
            "consumers": [{"id": short, "device_hours": 1}, {"id": "other", "device_hours": 2}],
        },
    )
    yield "/disclosures", disclosed(client, short)


def told(client: httpx.Client, path: str, body: Json, accept: str) -> httpx.Response:
    """A report."""
    response = client.post(path, json=body, headers={"accept": accept})
    assert response.status_code == 200, response.text
    return response


@pytest.mark.parametrize("number", range(4))
def test_a_page_needs_nothing_else(client: httpx.Client, number: int) -> None:
    """No script, no address but of links and anchors, no style but the one whose hash both policies name."""
    path, body = [*requests(client, "plain")][number]
    response = told(client, path, body, BROWSER)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(response.text)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "audio", "video"}
    assert not [about for _, about in page.elements if {"style", "src", "srcset"} & about.keys()]
    assert not [name for _, about in page.elements for name in about if name.startswith("on")]
    (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    inside = next(about["content"] for tag, about in page.elements if "http-equiv" in about)
    for policy in (inside or "", response.headers["content-security-policy"]):
        assert policy.startswith(f"default-src 'none'; style-src 'sha256-{hashed}';")
    assert ("html", {"lang": "en"}) in page.elements
    assert ("meta", {"charset": "utf-8"}) in page.elements
    links = [about for tag, about in page.elements if tag == "a"]
    anchors = {about["id"] for _, about in page.elements if "id" in about}
    for about in links:
        href = about["href"] or ""
        assert (href.startswith("#") and href[1:] in anchors) or about["rel"] == "noreferrer noopener"
        assert href.startswith(("#", "https://", "http://"))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_caller_stays_text_on_a_page(client: httpx.Client, text: str) -> None:
    """The elements are those of the same report with a harmless text; nothing turns the line around."""
    for (path, hostile), (_, harmless) in zip(requests(client, text), requests(client, "plain"), strict=True):
        page, plain = (Page(told(client, path, body, "text/html").text) for body in (hostile, harmless))
        assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
        shown = "".join(page.words)
        assert not set("\u202e\u2066\u200f\x1b\x00") & set(shown)
        assert not [about for tag, about in page.elements if tag == "a" and "javascript" in (about["href"] or "")]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_caller_stays_text_in_markdown(client: httpx.Client, text: str) -> None:
    """No line, cell, tag, link, emphasis of its own."""
    for (path, hostile), (_, harmless) in zip(requests(client, text), requests(client, "plain"), strict=True):
        written, plain = (told(client, path, body, "text/markdown").text for body in (hostile, harmless))
        assert len(written.splitlines()) == len(plain.splitlines())
        widths = [[len(re.findall(r"(?<!\\)\|", line)) for line in some.splitlines()] for some in (written, plain)]
        assert widths[0] == widths[1]
        assert not re.search(r"(?<!\\)(<script|<img|\]\(|`|~~|\$e)", written)
        assert not re.search(r"(?<!<)https://evil|www\.evil", written)
        assert not set("\u202e\u2066\u200f\x1b\x00") & set(written)


def kilograms(answer: object) -> Iterator[float]:
    """Central figures of an answer, wherever they stand."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            if name == "kg_co2e" and isinstance(value, float | int):
                yield float(value)
            elif name not in ("upstream", "td_losses", "sources", "parts", "exclusions", "base_year"):
                yield from kilograms(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from kilograms(value)


@pytest.mark.parametrize("number", range(4))
def test_the_figures_are_those_of_the_json(client: httpx.Client, number: int) -> None:
    """Every kg CO2e of the answer stands in its page with every digit, and in its Markdown for reading."""
    path, body = [*requests(client, "plain")][number]
    answer = client.post(path, json=body).json()
    exact = Page(told(client, path, body, "text/html").text).exact()
    figures = {*kilograms(answer.get("summary", answer))}
    assert figures
    assert figures - exact == set()
    assert 'class="n strong"' in told(client, path, body, "text/html").text
    assert told(client, path, body, "text/html").content == told(client, path, body, "text/html").content


def test_an_accountant_finds_all_of_it(client: httpx.Client) -> None:
    """Both methods, ranges, categories, energy, what is not computed and why, sources, method; in both forms alike."""
    body = next(shown["value"] for shown in REQUESTS["estimate_emissions"].values() if "id" in shown["value"])
    answer = client.post("/emissions?explain=true", json=body).json()
    pages = "".join(Page(told(client, "/emissions", body, "text/html").text).words)
    written = told(client, "/emissions?explain=true", body, "text/markdown").text.replace("\\", "")
    for text in (pages, written):
        for source in answer["sources"]:
            parts = [source[name] for name in ("id", "publisher", "title", "unit", "license", "url", "year")]
            assert all(str(part) in text for part in parts if part is not None)
            assert source["match"].replace("_", " ") in text
        assert answer["methodology"]["fingerprint"] in text
        assert answer["methodology"]["factor_set"]["version"] in text
        assert answer["scope2"]["market_based"]["derivation"] in text
        assert "never added together" in text
        assert "Scope 3 category 1" in text
        assert "Scope 3, infrastructure: in no total, and not 0." in text


def test_what_is_not_computed_says_what_to_send(client: httpx.Client) -> None:
    """No figure of it, and no 0."""
    text = told(client, "/emissions", {"region": "FR", "energy": {"kwh": 1}}, "text/markdown").text
    assert "| Scope 3, embodied | not computed |" in text
    assert "Scope 3, embodied: in no total, and not 0." in text
    assert "Send hardware and hours to have embodied emissions computed." in text
    spend = told(client, "/emissions", {"region": "FR", "cost": {"amount": 9, "currency": "USD"}}, "text/markdown").text
    assert "| **Scope 2, location-based** | not computed |" in spend
    assert "electricity and hardware are inside that one figure" in spend  # so they are not missing from it
    assert "in no total" not in spend
    assert "not told apart Scope 2, location-based" in spend


def test_a_long_batch_is_told_in_part(client: httpx.Client) -> None:
    """The first 1,000 workloads and problems are shown; the sums are of all, and the rest is counted."""
    workloads: list[Any] = [{"id": f"w{index}", "region": "FR", "energy": {"kwh": index}} for index in range(1100)]
    body = {"workloads": workloads + [{"region": "nowhere", "energy": {"kwh": 1}}] * 1200, "group_by": ["tags.a"]}
    text = told(client, "/emissions/batch", body, "text/html").text
    assert "100 further workloads are not shown, but are in all sums" in text
    assert "The first 1,000 of 1,200 problems are shown" in text
    assert "<bdi>w999</bdi>" in text
    assert "<bdi>w1000</bdi>" not in text
    summary = client.post("/emissions/batch", json=body).json()["summary"]
    assert summary["totals"]["market_based"]["kg_co2e"] in Page(text).exact()


def test_a_long_allocation_is_told_in_part(client: httpx.Client) -> None:
    """The first 1,000 consumers are shown, the rest in one line: of 1,200 kg each of 1,500 has 0.8, so 500 have 400."""
    consumers = [{"id": f"c{index}", "device_hours": 2} for index in range(1500)]
    body = {"pool": {"kg_co2e": 1200}, "method": "time", "compare": True, "consumers": consumers}
    text = told(client, "/allocations", body, "text/markdown").text
    assert "| 500 further consumers |  |  | **400.0** |" in text
    assert "The first 1,000 of 1,500 consumers are shown; all of them are in JSON and CSV" in text
    assert "| c999 |" in text
    assert "| c1000 |" not in text


def test_lines_have_no_report(client: httpx.Client) -> None:
    """They have no sums: 406 names the forms that they have; a browser's */* takes lines."""
    line = json.dumps(WORKLOAD).encode()
    about = {"content-type": "application/x-ndjson", "accept": "text/html"}
    response = client.post("/emissions/batch", content=line, headers=about)
    assert (response.status_code, response.json()["code"]) == (406, "NOT_ACCEPTABLE")
    response = client.post("/emissions/batch", content=line, headers=about | {"accept": BROWSER})
    assert response.headers["content-type"] == "application/x-ndjson"


def test_a_batch_without_a_figure_has_a_report(client: httpx.Client) -> None:
    """It holds the problems."""
    text = told(client, "/emissions/batch", {"workloads": [5]}, "text/html").text
    assert "No workload could be estimated" in text
    assert told(client, "/emissions/batch", {"workloads": []}, "text/html").text


def test_the_style_ships_with_the_package() -> None:
    """Beside the module that reads it."""
    folder = Path(__file__).parent.parent.parent / "service" / "reports" / "templates"
    assert {path.name for path in folder.iterdir()} == {"report.css", "report.html"}
