"""Google's carbon report: kilograms, null is not reported, scopes and totals are never both summed."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from service.errors import Refused
from service.formats import google
from service.formats.reported_lines import Kept, kept

LINES = (Path(__file__).parent / "samples" / "gcp_carbon_footprint.jsonl").read_bytes()
FIRST: dict[str, Any] = json.loads(LINES.splitlines()[0])


def read(content: bytes) -> Kept:
    """What counts of an export."""
    return kept(google.read_lines(io.BytesIO(content)))


def lines(*values: object) -> bytes:
    """Lines of an export."""
    return b"\n".join(json.dumps(value).encode() for value in values)


def refusal(content: bytes) -> tuple[str, str]:
    """Pointer and detail of an export that is refused."""
    with pytest.raises(Refused) as caught:
        read(content)
    return caught.value.faults[0].pointer, caught.value.faults[0].detail


def test_the_sample_is_read_in_kilograms() -> None:
    """Three lines; the third is of no project."""
    found = read(LINES)
    assert [total.account for total in found.totals] == ["ml-prod", "ml-prod", None]
    first = found.totals[0]
    assert (first.payer, first.month, first.service) == ("007GD7-15C0E6-BDE6B3", "2026-06", "Compute Engine")
    assert (first.region, first.model_version) == ("gcp:us-central1", "12")
    assert first.location_based is not None
    assert first.market_based is not None
    assert (first.location_based.kg_co2e, first.market_based.kg_co2e) == (160.32, 51.72)
    assert (first.location_based.scope2_kg_co2e, first.market_based.scope2_kg_co2e) == (118.3, 9.7)
    assert found.warnings == []


def test_null_market_is_not_reported() -> None:
    """It is null as a whole, and never 0."""
    scopes = FIRST["carbon_footprint_kgCO2e"] | {"scope2": {"location_based": 118.3, "market_based": None}}
    totals = {"location_based": 160.32, "market_based": None}
    line = FIRST | {"carbon_footprint_kgCO2e": scopes, "carbon_footprint_total_kgCO2e": totals}
    (total,) = read(lines(line)).totals
    assert total.market_based is None
    assert total.location_based is not None


def test_a_total_that_is_left_out_is_the_sum_of_the_scopes() -> None:
    """0.42 + 118.3 + 41.6 = 160.32."""
    line = {name: value for name, value in FIRST.items() if name != "carbon_footprint_total_kgCO2e"}
    (total,) = read(lines(line)).totals
    assert total.location_based is not None
    assert total.location_based.kg_co2e == pytest.approx(160.32, rel=1e-12)


def test_a_total_that_is_not_the_sum_is_told() -> None:
    """Google's own printed example does not add up: the figure is kept, and warned of."""
    line = FIRST | {"carbon_footprint_total_kgCO2e": {"location_based": 161.0, "market_based": 51.72}}
    (warning,) = read(lines(line)).warnings
    assert warning.pointer == "/1/carbon_footprint_total_kgCO2e.location_based"


def test_numbers_in_quotes_are_numbers() -> None:
    """BigQuery extracts write INT64 as strings, and `bq query --format=json` all numbers, in a list."""
    line = FIRST | {"carbon_model_version": "13"}
    quoted = json.loads(json.dumps([line, FIRST]), parse_float=str)
    found = read(json.dumps(quoted).encode())
    assert [total.model_version for total in found.totals] == ["13"]
    assert found.left_out[0].model_version == "12"


def test_zones_of_a_region_are_lines_of_their_own() -> None:
    """us-central1-a and us-central1-b are not the same line twice."""
    other = FIRST | {"location": {"location": "us-central1-b", "region": "us-central1"}}
    assert len(read(lines(FIRST, other)).totals) == 2


COLUMNS = {
    "usage_month": "Month",
    "carbon_model_version": "Model",
    "carbon_footprint_kgCO2e.scope1": "s1",
    "carbon_footprint_kgCO2e.scope2.location_based": "s2_lb",
    "carbon_footprint_kgCO2e.scope2.market_based": "s2_mb",
    "carbon_footprint_kgCO2e.scope3": "s3",
}


def test_a_csv_file_is_read_by_a_map_of_its_columns() -> None:
    """Columns that the map does not name are not read: a total beside the scopes is not summed with them."""
    content = b"Month;Model;s1;s2_lb;s2_mb;s3;all\n2026-06-01;12;0.5;100;;40;140.5\n"
    (line,) = google.read_csv(io.BytesIO(content), COLUMNS)
    assert line.total.location_based is not None
    assert line.total.location_based.kg_co2e == 140.5
    assert line.total.market_based is None


def test_a_column_that_the_map_names_must_be_there() -> None:
    """It is named."""
    with pytest.raises(Refused) as caught:
        google.read_csv(io.BytesIO(b"Month,Model,s1,s2_lb,s3\n2026-06-01,12,1,1,1\n"), COLUMNS)
    assert "s2_mb" in caught.value.faults[0].detail


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"usage_month": "2026-06-15"}, "/1/usage_month", "first day"),
        ({"usage_month": None}, "/1/usage_month", "empty"),
        ({"carbon_model_version": "v12"}, "/1/carbon_model_version", "whole number"),
        ({"carbon_footprint_kgCO2e": {"scope1": "x"}}, "/1/carbon_footprint_kgCO2e.scope1", "no number"),
        (
            {"carbon_footprint_kgCO2e": {"scope1": 1}, "carbon_footprint_total_kgCO2e": None},
            "/1/carbon_footprint_kgCO2e.scope2.location_based",
            "neither basis",
        ),
    ],
)
def test_a_bad_line_refuses_the_report(change: dict[str, Any], pointer: str, words: str) -> None:
    """With the full name of the field."""
    where, detail = refusal(lines(FIRST | change))
    assert where == pointer
    assert words in detail


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"status": "success", "data": {}}', LINES[:-40]])
def test_another_file_is_refused(content: bytes) -> None:
    """What is no export, or cut off."""
    assert refusal(content)[1]
