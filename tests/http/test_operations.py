"""What those who run the service rely on."""

import re
from pathlib import Path

import httpx
import msgspec
import pytest

from service.app import document
from service.http.descriptions import DESCRIPTIONS
from service.http.operations import WEB

DURATION = (
    "http_server_request_duration_seconds_bucket"
    '{{http_request_method="{1}",http_response_status_code="{2}",http_route="{0}",le="+Inf"}}'
)
COMMITTED = Path(__file__).parents[2] / "openapi" / "openapi.json"


def test_liveness_and_readiness(client: httpx.Client) -> None:
    """Ready says from which factor set, by which version of the program."""
    assert client.get("/health/live").json() == {"status": "live"}
    ready = client.get("/health/ready")
    assert ready.json()["status"] == "ready"
    assert ready.json()["store"]["status"] == "ready"
    assert ready.json()["store"]["factors"] > 1000
    assert ready.json()["factor_set"]["version"] == ready.headers["x-factor-set"]
    assert ready.headers["cache-control"] == "no-store"


def test_metrics_count_what_happened(client: httpx.Client) -> None:
    """Requests by route, method and status; durations; how factors matched; warnings by code; versions."""
    client.post("/emissions", json={"region": "aws:us-east-1", "energy": {"kwh": 100}})
    client.get("/nothing")
    response = client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    values = dict(re.findall(r"^([^#]\S*) (\S+)$", response.text, re.MULTILINE))
    assert float(values['dualscope_requests_total{method="POST",route="/emissions",status="200"}']) >= 1
    assert float(values['dualscope_requests_total{method="GET",route="unmatched",status="404"}']) >= 1
    assert float(values[DURATION.format("/emissions", "POST", 200)]) >= 1
    assert float(values['dualscope_factor_matches_total{kind="grid_location",match="exact"}']) >= 1
    assert float(values['dualscope_warnings_total{code="CLOUD_SCOPE2_IS_SCOPE3"}']) >= 1
    assert float(values["dualscope_contexts_cached"]) >= 1
    assert any(name.startswith("dualscope_info{factor_set=") for name in values)


def test_the_buckets_of_the_histogram_add_up(client: httpx.Client) -> None:
    """Buckets grow, and the last is the count."""
    client.get("/health/live")
    text = client.get("/metrics").text
    name = "http_server_request_duration_seconds"
    labels = 'http_request_method="GET",http_response_status_code="200",http_route="/health/live"'
    counts = [float(n) for n in re.findall(rf'^{name}_bucket{{{labels},le="\S+"}} (\S+)$', text, re.MULTILINE)]
    assert counts == sorted(counts)
    assert counts[-1] == float(re.search(rf"^{name}_count{{{labels}}} (\S+)$", text, re.MULTILINE)[1])  # type: ignore[index]


def test_the_committed_document_is_current(client: httpx.Client) -> None:
    """openapi/openapi.json is what the service serves; `dualscope openapi` writes it."""
    assert client.get("/openapi.json").content == document()
    assert COMMITTED.read_bytes() == document(), "run: dualscope openapi > openapi/openapi.json"


def test_the_document_says_what_is_refused(client: httpx.Client) -> None:
    """Unknown fields are refused by schema, parts that are sent encoded show their fields, every problem has a body."""
    schema = client.get("/openapi.json").json()
    assert schema["openapi"] == "3.1.0"
    schemas = schema["components"]["schemas"]
    assert schemas["Workload"]["additionalProperties"] is False
    assert schemas["Emissions"]["properties"]["sources"]["anyOf"] == [
        {"type": "array", "items": {"$ref": "#/components/schemas/Source"}},
        {"type": "null"},  # in a batch, which lists them once for all
    ]
    assert schemas["Emissions"]["properties"]["methodology"] == {"$ref": "#/components/schemas/Methodology"}
    assert schemas["Figure"]["properties"]["derivation"]["type"] == "string"
    answers = schema["paths"]["/emissions"]["post"]["responses"]
    assert sorted(answers) == "200 400 401 403 406 408 413 415 422 429 503".split()
    for status in sorted(answers)[1:]:
        body = answers[status]["content"]["application/problem+json"]["schema"]
        assert body == {"$ref": "#/components/schemas/Problem"}
    names = [item["operationId"] for path in schema["paths"].values() for item in path.values()]
    assert len(names) == len(set(names)) == 21


def test_every_schema_and_property_is_described(client: httpx.Client) -> None:
    """A reader of the document needs no other page; what only refers to a schema is described there."""
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert [name for name, schema in schemas.items() if not schema.get("description")] == []
    bare = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, about in schema.get("properties", {}).items()
        if "description" not in about
        and "$ref" not in about
        and not any("description" in option for option in about.get("anyOf", ()))
    ]
    assert bare == []


def test_no_description_is_left_over() -> None:
    """What is described is a property of the document."""
    schemas = msgspec.json.decode(document())["components"]["schemas"]
    fields = {field for schema in schemas.values() for field in schema.get("properties", ())}
    typed = {f"{name}.{field}" for name, schema in schemas.items() for field in schema.get("properties", ())}
    assert sorted(DESCRIPTIONS.keys() - fields - typed) == []


def test_the_page_asks_nobody_else(client: httpx.Client) -> None:
    """All that /docs refers to is of this service, its policy forbids the rest, and no script stands inside it."""
    page = client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "http" not in policy
    references = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert [reference for reference in references if not reference.startswith(("/", "data:,"))] == []
    assert re.findall(r"<script[^>]*>[^<]", page.text) == []
    for reference in references:
        if reference.startswith("/"):
            assert client.get(reference).status_code == 200
    assert client.get("/docs/swagger-ui.css", headers={"accept": "text/css"}).status_code == 200
    styles = client.get("/docs/swagger-ui.css").text
    assert [url for url in re.findall(r"url\(([^)]*)\)", styles) if not url.strip("\"'").startswith("data:")] == []
    assert "validatorUrl: null" in (WEB / "start.js").read_text()


def test_the_page_carries_its_licenses(client: httpx.Client) -> None:
    """What is vendored is served with its license."""
    assert "Apache License" in client.get("/docs/LICENSE").text
    assert client.get("/docs/swagger-ui-bundle.js.LICENSE.txt").status_code == 200


@pytest.mark.parametrize("path", ["/docs/../settings.py", "/docs/%2e%2e%2fsettings.py", "/docs/docs.html"])
def test_only_the_page_s_files_are_served(client: httpx.Client, path: str) -> None:
    """No path leads out of the list."""
    assert client.get(path).status_code == 404
