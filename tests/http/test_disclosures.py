"""`POST /disclosures` over HTTP: real answers in, a block that adds up out, in three forms."""

import csv
import io
import math
import re
from typing import Any

import httpx
import msgspec
import pytest

from service.http.examples import REQUESTS
from service.model.disclosed import Disclosure

Json = dict[str, Any]
YEAR = {"start": "2025-01-01", "end": "2026-01-01"}
GPUS = {"accelerator": "nvidia-h100-sxm", "accelerators": 8, "lifetime_years": 5}
GO = {
    "id": "go",
    "type": "go",
    "percent": 40,
    "technology": "wind",
    "market": "FR",
    "serial": "1",
    "retired": True,
    "vintage_year": 2025,
    "bundled": True,
}
HALL = {"components": [{"name": "hall", "kg_co2e": 7e6}], "driver": "energy_kwh", "provider_driver_total": 9e7}
WORKLOADS: list[Json] = [
    {"id": "cloud", "region": "aws:us-east-1", "energy": {"kwh": 1234.5}, "hardware": {"instance": "p5.48xlarge"}},
    {"region": "azure:westeurope", "energy": {"kwh": 0.001}, "market": {"provider_claims": True}},
    {"region": "gcp:europe-west9", "energy": {"kwh": 77.7}, "infrastructure": HALL, "instruments": [GO]},
    {"region": "FR", "deployment": "owned", "energy": {"kwh": 500}, "hardware": GPUS, "instruments": [GO]},
    {"region": "FR", "deployment": "owned", "energy": {"kwh": 9}, "hardware": GPUS | {"acquired_in_period": True}},
    {"region": "DE", "deployment": "colocated", "energy": {"kwh": 333.3}, "hardware": GPUS, "utilization": 0.3},
    {"region": "US-CA", "deployment": "leased", "hardware": GPUS, "duration_hours": 100},
    {"region": "FR", "cost": {"amount": 250, "currency": "USD"}},
]


def answers(client: httpx.Client) -> list[Json]:
    """Real ones, of every kind; the second explained, the third without sources, the last without period."""
    made = []
    for index, workload in enumerate(WORKLOADS):
        asked = {"period": YEAR, "market": {"quality_policy": "strict"}} | workload
        if index == len(WORKLOADS) - 1:
            del asked["period"]
        response = client.post(f"/emissions?explain={str(index == 1).lower()}", json=asked)
        assert response.status_code == 200, response.text
        made.append(response.json())
    made[2]["sources"] = None
    return made


def disclose(client: httpx.Client, accept: str = "application/json", **more: Any) -> httpx.Response:
    """The disclosure of them all."""
    body = {"period": YEAR, "organization": "Example Ltd", "emissions": answers(client)} | more
    response = client.post("/disclosures", json=body, headers={"accept": accept})
    assert response.status_code == 200, response.text
    return response


def test_every_table_adds_up_to_the_digit(client: httpx.Client) -> None:
    """Lines are sums of their parts, totals of their lines, and the parts those of the answers."""
    made = answers(client)
    block = disclose(client).json()
    for basis in ("location_based", "market_based"):
        lines = [line for line in block["scope2"]["booked"] + block["scope3"] if line["basis"] == basis]
        assert block["totals"][basis]["kg_co2e"] == math.fsum(line["kg_co2e"] for line in lines)
        for line in lines:
            assert line["kg_co2e"] == math.fsum(part["kg_co2e"] for part in line["parts"])
        figures = [answer["scope2"][basis] for answer in made if answer["scope2"][basis] is not None]
        assert block["scope2"][f"{basis}_kg_co2e"] == math.fsum(figure["kg_co2e"] for figure in figures)
        own = [figure["kg_co2e"] for figure in figures if figure["inventory_category"] == "scope2"]
        booked = next(line for line in block["scope2"]["booked"] if line["basis"] == basis)
        assert booked["kg_co2e"] == math.fsum(own)
    energy = [answer["energy"]["facility_kwh"] or 0.0 for answer in made]
    assert block["energy"]["facility_kwh"] == pytest.approx(math.fsum(energy), rel=1e-15)
    instruments = block["contractual_instruments"]
    covered = [answer["scope2"]["market_based"]["covered_kwh"] for answer in made[:-1]]
    assert instruments["covered_kwh"] == pytest.approx(math.fsum(covered), rel=1e-15)
    assert {line["category"] for line in block["scope3"]} == {f"scope3.cat{number}" for number in (1, 2, 3, 8)}


def test_all_that_the_contract_names_is_there(client: httpx.Client) -> None:
    """And of the type that is documented."""
    answer = disclose(client)
    block = msgspec.json.decode(answer.content, type=Disclosure)
    assert block.organization == "Example Ltd"
    named = (
        "period organization energy scope2 scope3 totals contractual_instruments residual_mix allocation factors "
        "exclusions grade range primary_data_share base_year fingerprints frameworks warnings"
    )
    assert set(named.split()) <= answer.json().keys()
    assert {"framework", "datapoint", "value", "unit"} <= answer.json()["frameworks"][0].keys()


def test_the_example_is_answered(client: httpx.Client) -> None:
    """As the document shows it."""
    for example in REQUESTS["disclose_emissions"].values():
        answer = client.post("/disclosures", json=example["value"])
        assert answer.status_code == 200, answer.text
        assert answer.json()["totals"]["market_based"]["kg_co2e"] == 9.3


def cells(row: str) -> list[str]:
    """Of a line of a table."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def numbers(text: str, column: int) -> list[float]:
    """Values of the inventory table of a report: the lines of one basis, then their total."""
    table = text.split("### Inventory\n", maxsplit=1)[1].split("###", maxsplit=1)[0]
    rows = [cells(line) for line in table.splitlines() if line.startswith("|")][2:]
    return [float(row[column].replace(",", "").strip("*")) for row in rows]


def test_markdown_is_a_section_whose_tables_add_up(client: httpx.Client) -> None:
    """Every digit, thousands grouped; both methods side by side."""
    answer = disclose(client, "text/markdown")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith("## Emissions of computing workloads: Example Ltd\n")
    for column in (1, 4):
        *lines, total = numbers(answer.text, column)
        assert total == math.fsum(lines)
        assert len(lines) == 5
    sections = re.findall(r"^### (.*)$", answer.text, re.MULTILINE)
    assert {"Energy", "Contractual instruments", "Residual mix", "Sources", "Exclusions", "Frameworks"} <= set(sections)
    for table in re.split(r"\n(?!\|)", answer.text):
        rows = [line for line in table.splitlines() if line.startswith("|")]
        assert len({len(cells(row)) for row in rows}) <= 1


def test_csv_has_a_line_a_figure(client: httpx.Client) -> None:
    """Six columns; the same numbers as the JSON."""
    answer = disclose(client, "text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == ["section", "item", "basis", "value", "unit", "note"]
    inventory = [row for row in rows if (row["section"], row["basis"]) == ("Inventory", "market_based")]
    *lines, total = (float(row["value"]) for row in inventory)
    assert total == math.fsum(lines) == disclose(client).json()["totals"]["market_based"]["kg_co2e"]


HOSTILE = '=cmd|"/C calc"!A0'


def test_text_of_the_sender_stays_text(client: httpx.Client) -> None:
    """No formula in a cell, no cell, tag or line of its own in a table."""
    organization = f"{HOSTILE}\n| <script> | [x](http://evil)"
    base = {"period": YEAR, "location_based_kg_co2e": 1, "market_based_kg_co2e": 1, "reason": "@SUM(A1)"}
    more = {"organization": organization, "base_year": base}
    rows = list(csv.reader(io.StringIO(disclose(client, "text/csv", **more).text)))
    text = [cell for row in rows[1:] for index, cell in enumerate(row) if index != 3]
    assert not [cell for cell in text if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert ["Boundary", "organization", "", f"'{organization}", "", ""] in rows
    written = disclose(client, "text/markdown", **more).text
    assert "<script>" not in written
    assert "[x](" not in written
    assert r"\| \<script\>" in written


def test_other_forms_are_refused(client: httpx.Client) -> None:
    """406, naming the three."""
    body = REQUESTS["disclose_emissions"]["spend"]["value"]
    answer = client.post("/disclosures", json=body, headers={"accept": "application/pdf"})
    assert (answer.status_code, answer.json()["code"]) == (406, "NOT_ACCEPTABLE")
    assert "application/json, text/markdown, text/csv" in answer.json()["detail"]


def test_lenient_instruments_are_refused(client: httpx.Client) -> None:
    """With quality_policy strict the same workload is disclosed."""
    bare = {"id": "b", "type": "go", "kwh": 10, "technology": "wind", "market": "FR"}
    workload = {"region": "FR", "period": YEAR, "energy": {"kwh": 100}, "instruments": [bare]}
    lenient = client.post("/emissions", json=workload).json()
    strict = client.post("/emissions", json=workload | {"market": {"quality_policy": "strict"}}).json()
    body = {"period": YEAR, "organization": "Example Ltd", "emissions": [strict, lenient]}
    problem = client.post("/disclosures", json=body).json()
    assert (problem["status"], problem["code"]) == (422, "DISCLOSURE_UNVERIFIED")
    assert problem["errors"][0]["pointer"] == "/emissions/1/scope2/market_based/instruments/0"
    assert client.post("/disclosures", json=body | {"emissions": [strict]}).status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"emissions": []}, "/emissions"),
        ({"organization": ""}, "/organization"),
        ({"year": 2025}, "/year"),
        ({"base_year": {"period": YEAR}}, "/base_year/location_based_kg_co2e"),
        ({"emissions": [{"deployment": "moon"}]}, "/emissions/0/deployment"),
    ],
)
def test_what_the_schema_refuses(client: httpx.Client, change: Json, pointer: str) -> None:
    """400, with the pointer of the first fault."""
    body = REQUESTS["disclose_emissions"]["spend"]["value"] | change
    answer = client.post("/disclosures", json=body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "VALUE_INVALID")
    assert problem["errors"][0]["pointer"] == pointer


def test_a_thousand_instruments_with_long_names_are_taken(client: httpx.Client) -> None:
    """Each with its own source, and half of them with a warning: all that an answer holds, it may come back with."""
    named = [
        GO | {"id": f"{index:04}" + "x" * 252, "serial": f"{index}", "percent": 0.01, "vintage_year": 2024 + index % 2}
        for index in range(1000)
    ]
    asked = {"region": "FR", "period": YEAR, "energy": {"kwh": 1000}, "instruments": named}
    answer = client.post("/emissions", json=asked)
    assert answer.status_code == 200
    body = {"period": YEAR, "organization": "Example Ltd", "emissions": [answer.json()]}
    block = client.post("/disclosures", json=body).json()
    assert [(line["outcome"], line["instruments"]) for line in block["contractual_instruments"]["quality"]] == [
        ("counted", 500),
        ("MB_VINTAGE_MISMATCH", 500),
    ]


def test_a_year_of_answers_is_one_body(client: httpx.Client) -> None:
    """More than a single workload's mebibyte."""
    made = answers(client) * 40
    body = msgspec.json.encode({"period": YEAR, "organization": "Example Ltd", "emissions": made})
    assert len(body) > 2 * 1024 * 1024
    answer = client.post("/disclosures", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["boundary"]["answers"] == 40 * len(WORKLOADS)
