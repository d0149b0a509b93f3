"""`POST /imports/aws`, `google`, `azure` and `/reconciliations`: over HTTP, by form and by parameter."""

import json
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from service.http.examples import REQUESTS
from service.model.provider_report import ProviderReport, Reconciliation

SAMPLES = Path(__file__).parent.parent / "formats" / "samples"
AWS = (SAMPLES / "aws_carbon_emissions.csv").read_bytes()
GOOGLE = (SAMPLES / "gcp_carbon_footprint.jsonl").read_bytes()
AZURE = (SAMPLES / "azure_carbon_response.json").read_bytes()
AS_CSV = {"content-type": "text/csv"}
AS_JSON = {"content-type": "application/json"}
AS_LINES = {"content-type": "application/x-ndjson"}
Json = dict[str, Any]


def reported(client: httpx.Client, path: str, content: bytes, headers: dict[str, str]) -> Json:
    """The report in our terms, which is of its schema."""
    response = client.post(f"/imports/{path}", content=content, headers=headers)
    assert response.status_code == 200, response.text
    msgspec.json.decode(response.content, type=ProviderReport)
    answer: Json = response.json()
    return answer


def refused(response: httpx.Response, status: int, code: str) -> Json:
    """The one fault of a request that was refused."""
    problem: Json = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, problem["code"]) == (status, code), problem
    error: Json = problem["errors"][0]
    return error


def test_aws_by_table_and_by_api(client: httpx.Client) -> None:
    """The table's four lines of the newest version; 339.93 kg location-based and 98.993 kg market-based."""
    answer = reported(client, "aws?pool_by=month", AWS, AS_CSV)
    assert len(answer["totals"]) == 4
    assert [pool["kg_co2e"] for pool in answer["pools"]] == [pytest.approx(339.93), pytest.approx(98.993)]
    assert [left["rows"] for left in answer["left_out"]] == [[5]]
    page = (SAMPLES / "aws_sustainability_api.response.json").read_bytes()
    assert reported(client, "aws", page, AS_JSON)["totals"][0]["location_based"]["kg_co2e"] == 275.846


def test_google_by_lines_by_list_and_by_csv(client: httpx.Client) -> None:
    """The same lines in each form."""
    lines = reported(client, "google", GOOGLE, AS_LINES)
    listed = json.dumps([json.loads(line) for line in GOOGLE.splitlines()]).encode()
    assert reported(client, "google", listed, AS_JSON) == lines
    table = b"m,v,s1,lb,mb,s3\n2026-06-01,12,0.42,118.3,9.7,41.6\n"
    kg = "carbon_footprint_kgCO2e.scope"
    method = f"{kg}2.location_based:lb,{kg}2.market_based:mb"
    columns = f"usage_month:m,carbon_model_version:v,{kg}1:s1,{method},{kg}3:s3"
    (total,) = reported(client, f"google?columns={columns}", table, AS_CSV)["totals"]
    assert total["location_based"]["kg_co2e"] == pytest.approx(160.32)


def test_bytes_without_a_type_are_known_by_their_first(client: httpx.Client) -> None:
    """A table where they do not begin as JSON; where the provider writes no tables, JSON and its problem."""
    as_bytes = {"content-type": "application/octet-stream"}
    page = (SAMPLES / "aws_sustainability_api.response.json").read_bytes()
    assert reported(client, "aws", AWS, as_bytes) == reported(client, "aws", AWS, AS_CSV)
    assert reported(client, "aws", page, as_bytes) == reported(client, "aws", page, AS_JSON)
    assert reported(client, "google", GOOGLE, as_bytes) == reported(client, "google", GOOGLE, AS_LINES)
    assert reported(client, "azure?scopes=scope1,scope2,scope3&month=2026-06", AZURE, as_bytes)["pools"]
    refused(client.post("/imports/azure?scopes=scope1", content=AWS, headers=as_bytes), 400, "BODY_NOT_JSON")


def test_azure_by_scopes_and_method(client: httpx.Client) -> None:
    """15.23 kg of an unstated method, and nothing in our two columns."""
    answer = reported(client, "azure?scopes=scope1,scope2,scope3&month=2026-06", AZURE, AS_JSON)
    assert [pool["basis"] for pool in answer["pools"]] == ["unspecified"]
    assert "DUAL_REPORTING_REQUIRED" in {warning["code"] for warning in answer["warnings"]}
    stated = reported(client, "azure?scopes=Scope2&month=2026-06&scope2_method=location", AZURE, AS_JSON)
    assert [(pool["basis"], pool["pool"]["components"]) for pool in stated["pools"]] == [
        ("location_based", {"scope2": 15.23})
    ]


@pytest.mark.parametrize("name", ["aws", "google", "azure?scopes=scope1"])
def test_the_examples_of_the_document_are_answered(client: httpx.Client, name: str) -> None:
    """As they stand there."""
    for example in REQUESTS[f"import_{name.partition('?')[0]}"].values():
        assert reported(client, name, json.dumps(example["value"]).encode(), AS_JSON)["totals"]


@pytest.mark.parametrize(
    ("path", "headers", "content", "parameter"),
    [
        ("aws?pool_by=month,team", AS_CSV, AWS, "pool_by"),
        ("aws?pool_by=month,month", AS_CSV, AWS, "pool_by"),
        ("aws?month=2026-06", AS_CSV, AWS, "month"),
        ("google", AS_CSV, b"a\n1\n", "columns"),
        ("google?columns=usage_month", AS_CSV, b"a\n1\n", "columns"),
        ("google?columns=month:a", AS_CSV, b"a\n1\n", "columns"),
        ("google?columns=usage_month:a,project.id:a", AS_CSV, b"a\n1\n", "columns"),
        ("google?columns=usage_month:a", AS_LINES, GOOGLE, "columns"),
        ("azure", AS_JSON, AZURE, "scopes"),
        ("azure?scopes=scope4", AS_JSON, AZURE, "scopes"),
        ("azure?scopes=scope1,scope1", AS_JSON, AZURE, "scopes"),
        ("azure?scopes=scope1&month=June", AS_JSON, AZURE, "month"),
        ("azure?scopes=scope1&scope2_method=location", AS_JSON, AZURE, "scope2_method"),
        ("azure?scopes=scope2&scope2_method=gross", AS_JSON, AZURE, "scope2_method"),
    ],
)
def test_a_parameter_without_sense_is_named(
    client: httpx.Client, path: str, headers: dict[str, str], content: bytes, parameter: str
) -> None:
    """What would be right stands in the detail."""
    error = refused(client.post(f"/imports/{path}", content=content, headers=headers), 400, "VALUE_INVALID")
    assert error["parameter"] == parameter


def test_what_is_no_report_is_refused(client: httpx.Client) -> None:
    """By form, by media type, by size, by what is accepted."""
    refused(client.post("/imports/aws", content=b"{", headers=AS_JSON), 400, "BODY_NOT_JSON")
    refused(client.post("/imports/aws", content=GOOGLE, headers=AS_CSV), 400, "VALUE_INVALID")
    refused(client.post("/imports/azure?scopes=scope1", content=AWS, headers=AS_CSV), 415, "MEDIA_TYPE_UNSUPPORTED")
    gzipped = AS_CSV | {"content-encoding": "gzip"}
    refused(client.post("/imports/aws", content=AWS, headers=gzipped), 415, "MEDIA_TYPE_UNSUPPORTED")
    refused(client.post("/imports/aws", content=b"x" * (17 << 20), headers=AS_CSV), 413, "BODY_TOO_LARGE")
    accept = AS_CSV | {"accept": "text/csv"}
    refused(client.post("/imports/aws", content=AWS, headers=accept), 406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    ("path", "content", "headers"),
    [
        ("aws", AWS, AS_CSV),
        ("google", GOOGLE, AS_LINES),
        ("azure?scopes=scope1,scope2,scope3&month=2026-06", AZURE, AS_JSON),
    ],
)
def test_pools_are_divided_as_they_are(
    client: httpx.Client, path: str, content: bytes, headers: dict[str, str]
) -> None:
    """Each `pool` goes into `POST /allocations` as it is, and comes back with where it was reported."""
    for grouped in reported(client, path, content, headers)["pools"]:
        consumers = [{"id": "a", "device_hours": 3}, {"id": "b", "device_hours": 1}]
        body = {"pool": grouped["pool"], "method": "time", "consumers": consumers}
        response = client.post("/allocations", json=body)
        assert response.status_code == 200, response.text
        divided = response.json()
        assert divided["pool"]["kg_co2e"] == pytest.approx(grouped["kg_co2e"])
        assert divided["pool"]["report"] == grouped["pool"]["report"]
        assert divided["allocations"][0]["kg_co2e"] == pytest.approx(grouped["kg_co2e"] * 3 / 4, abs=1e-6)


def test_answers_are_held_against_a_report(client: httpx.Client) -> None:
    """What `/imports/aws` and `/emissions` answer goes in as it is."""
    report = reported(client, "aws", AWS, AS_CSV)["totals"]
    workload = {
        "region": "aws:us-east-1",
        "energy": {"kwh": 100},
        "period": {"start": "2026-06-01", "end": "2026-07-01"},
    }
    emissions = client.post("/emissions", json=workload).json()
    response = client.post("/reconciliations", json={"report": report, "emissions": [emissions]})
    assert response.status_code == 200, response.text
    msgspec.json.decode(response.content, type=Reconciliation)
    lines = {line["region"]: line for line in response.json()["lines"]}
    assert lines["aws:us-east-1"]["status"] == "both"
    assert lines["aws:us-east-1"]["theirs"]["location_based_kg_co2e"] == pytest.approx(295.135)
    assert lines["aws:us-east-1"]["ours"]["location_based_kg_co2e"] == emissions["totals"]["location_based"]["kg_co2e"]
    assert lines["aws:eu-north-1"]["status"] == "only_theirs"


def test_groups_of_a_batch_are_held_against_a_report(client: httpx.Client) -> None:
    """`summary.groups` by month and region goes in as it is."""
    report = reported(client, "aws", AWS, AS_CSV)["totals"]
    workload = {"region": "aws:us-east-1", "energy": {"kwh": 1}, "period": {"start": "2026-06-01", "end": "2026-06-02"}}
    batch = {"workloads": [workload, workload], "group_by": ["month", "region"]}
    groups = client.post("/emissions/batch", json=batch).json()["summary"]["groups"]
    response = client.post("/reconciliations", json={"report": report, "groups": groups})
    assert response.status_code == 200, response.text
    (line,) = [line for line in response.json()["lines"] if line["status"] == "both"]
    assert line["ours"]["answers"] == 2


def test_a_reconciliation_without_sense_is_refused(client: httpx.Client) -> None:
    """The example of the document is answered; without ours it is not."""
    (example,) = REQUESTS["reconcile"].values()
    assert client.post("/reconciliations", json=example["value"]).status_code == 200
    error = refused(
        client.post("/reconciliations", json={"report": example["value"]["report"]}), 422, "FIELDS_CONFLICT"
    )
    assert error["pointer"] == "/emissions"


def test_power_and_prometheus_are_imported(client: httpx.Client) -> None:
    """By the same route as other tools' files; a parameter that is not of the format is refused."""
    power = client.post(
        "/imports/power?region=DE", content=(SAMPLES / "pdu_power.csv").read_bytes(), headers=AS_CSV
    ).json()
    assert power["summary"]["count"] == 2
    assert power["results"][0]["emissions"]["energy"]["it_kwh"] == pytest.approx(0.4)
    kepler = (SAMPLES / "prometheus_kepler.json").read_bytes()
    found = client.post("/imports/prometheus?region=DE", content=kepler, headers=AS_JSON).json()
    assert [left["rows"] for left in found["summary"]["left_out"]] == [[3]]
    assert found["results"][0]["emissions"]["energy"]["component_kwh"] == pytest.approx(57_000 / 3.6e6)
    response = client.post("/imports/prometheus?region=DE&unit=horsepower", content=kepler, headers=AS_JSON)
    assert refused(response, 400, "VALUE_INVALID")["parameter"] == "unit"
    response = client.post("/imports/prometheus", content=kepler, headers=AS_JSON)
    refused(response, 422, "REGION_UNKNOWN")
