"""A footprint as a row."""

import csv
import io

import httpx

from service.http.tables import COLUMNS

LEAST = {"region": "aws:us-east-1", "energy": {"kwh": 100}}
CSV = {"accept": "text/csv"}


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows by column."""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_one_workload_is_a_head_and_a_row(client: httpx.Client) -> None:
    """The figures are those of the JSON, to the last digit."""
    response = client.post("/emissions", json=LEAST, headers=CSV)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = rows(response.text)
    emissions = client.post("/emissions", json=LEAST).json()
    assert tuple(row) == COLUMNS
    assert float(row["scope2_location_based_kg_co2e"]) == emissions["scope2"]["location_based"]["kg_co2e"]
    assert float(row["scope2_market_based_kg_co2e"]) == emissions["scope2"]["market_based"]["kg_co2e"]
    upstream = emissions["scope3"]["fuel_and_energy"]
    assert float(row["fuel_and_energy_location_based_kg_co2e"]) == upstream["location_based"]["kg_co2e"]
    assert float(row["fuel_and_energy_market_based_kg_co2e"]) == upstream["market_based"]["kg_co2e"]
    for basis in ("location_based", "market_based"):
        total = emissions["totals"][basis]
        assert float(row[f"total_{basis}_kg_co2e"]) == total["kg_co2e"]
        assert float(row[f"total_{basis}_low_kg_co2e"]) == total["low_kg_co2e"]
        assert float(row[f"total_{basis}_high_kg_co2e"]) == total["high_kg_co2e"]
        assert row[f"total_{basis}_grade"] == total["grade"]
    assert (row["region"], row["provider"], row["country"], row["grid"]) == ("aws:us-east-1", "aws", "US", "US-SRVC")
    assert row["warnings"].split() == sorted({warning["code"] for warning in emissions["warnings"]})


def test_what_cannot_be_formed_is_empty(client: httpx.Client) -> None:
    """Never 0; and a figure that is 0 is not empty."""
    (row,) = rows(client.post("/emissions", json=LEAST | {"energy": {"kwh": 0}}, headers=CSV).text)
    assert (row["embodied_kg_co2e"], row["infrastructure_kg_co2e"], row["spend_based_kg_co2e"]) == ("", "", "")
    assert (row["facility_kwh"], row["scope2_location_based_kg_co2e"]) == ("0.0", "0.0")
    assert (row["id"], row["tags"], row["problem_code"]) == ("", "", "")


def test_text_of_the_caller_s_stays_text(client: httpx.Client) -> None:
    """Formulas, quotes and line breaks in ids and tags; tags are one JSON object."""
    body = LEAST | {"id": '=HYPERLINK("x")', "tags": {"=a": '-b"\r\n,'}}
    (row,) = rows(client.post("/emissions", json=body, headers=CSV).text)
    assert row["id"] == '\'=HYPERLINK("x")'
    assert row["tags"] == '{"=a":"-b\\"\\r\\n,"}'


def test_spend_alone_has_its_figure(client: httpx.Client) -> None:
    """It stands in its own column, and both totals are it."""
    (row,) = rows(client.post("/emissions", json={"cost": {"amount": 5, "currency": "USD"}}, headers=CSV).text)
    assert row["spend_based_kg_co2e"] == row["total_location_based_kg_co2e"] == row["total_market_based_kg_co2e"] != ""
    assert (row["region"], row["facility_kwh"]) == ("", "")
