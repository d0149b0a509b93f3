"""AWS's carbon reports: tons become kilograms once, the newest model version counts, nothing twice."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from service.errors import Refused
from service.formats import aws
from service.formats.reported_lines import OLDER, REFRESHED, TWICE, Kept, kept

SAMPLES = Path(__file__).parent / "samples"
TABLE = (SAMPLES / "aws_carbon_emissions.csv").read_bytes()
PAGE: dict[str, Any] = json.loads((SAMPLES / "aws_sustainability_api.response.json").read_bytes())
RESULT: dict[str, Any] = PAGE["Results"][0]
YEAR = {"Start": "2026-01-01T00:00:00Z", "End": "2027-01-01T00:00:00Z"}


def rows() -> list[dict[str, str]]:
    """The sample's rows: four of v3.0.0 and, of the first, one of v2.0.0."""
    return list(csv.DictReader(io.StringIO(TABLE.decode())))


def table(lines: list[dict[str, str]]) -> bytes:
    """Rows as a file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows()[0].keys())
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def read(content: bytes) -> Kept:
    """What counts of a table."""
    return kept(aws.read_csv(io.BytesIO(content)))


def faults(content: bytes) -> list[tuple[str, str]]:
    """Pointers and details of a table that is refused."""
    with pytest.raises(Refused) as caught:
        read(content)
    return [(fault.pointer, fault.detail) for fault in caught.value.faults]


def test_tons_become_kilograms_exactly_once() -> None:
    """0.275846 t = 275.846 kg, to the last digit; scope 1 stands under both methods, scope 3 is each method's own."""
    first = read(TABLE).totals[0]
    assert (first.provider, first.payer, first.account) == ("aws", "123456789012", "210987654321")
    assert (first.month, first.service, first.region) == ("2026-06", "AmazonEC2", "aws:us-east-1")
    assert first.location_based is not None
    assert first.market_based is not None
    location, market = first.location_based, first.market_based
    assert (location.scope1_kg_co2e, location.scope2_kg_co2e, location.scope3_kg_co2e) == (0.112, 214.53, 61.204)
    assert (market.scope1_kg_co2e, market.scope2_kg_co2e, market.scope3_kg_co2e) == (0.112, 0.0, 55.911)
    assert (location.kg_co2e, market.kg_co2e) == (275.846, 56.023)


def test_the_newest_model_version_counts_and_the_older_is_told() -> None:
    """201.198 kg of v2.0.0 would be counted beside the 275.846 kg of v3.0.0."""
    found = read(TABLE)
    assert [total.model_version for total in found.totals] == ["v3.0.0"] * 4
    (older,) = found.left_out
    assert (older.reason, older.model_version, older.kept_version, older.rows) == (OLDER, "v2.0.0", "v3.0.0", [5])
    assert (older.location_based_kg_co2e, older.market_based_kg_co2e) == (201.198, 0.098)
    assert found.warnings == []


def test_versions_are_numbers_and_of_each_month_and_account() -> None:
    """v10 is newer than v9; a month that has the old version only keeps it."""
    lines = rows()
    lines[0]["model_version"] = "v10.0.0"
    lines[4]["model_version"] = "v9.1.0"
    other = lines[4] | {"usage_period_start": "2026-05-01 00:00:00Z", "usage_period_end": "2026-06-01 00:00:00Z"}
    account = lines[4] | {"usage_account_id": "111111111111"}
    found = read(table([lines[0], lines[4], other, account]))
    assert sorted((total.month, total.account, total.model_version) for total in found.totals) == [
        ("2026-05", "210987654321", "v9.1.0"),
        ("2026-06", "111111111111", "v9.1.0"),
        ("2026-06", "210987654321", "v10.0.0"),
    ]


def test_a_line_of_the_older_version_alone_is_warned_of() -> None:
    """The newest version lacks it: the month may be too small."""
    lines = rows()
    lines[4]["region_code"] = "sa-east-1"
    (warning,) = read(table(lines)).warnings
    assert (warning.code, warning.pointer) == ("VALUE_INVALID", "/5")
    assert "aws:sa-east-1" in warning.detail


def test_a_line_twice_counts_once() -> None:
    """Equal lines once; of two refreshes the later; with other figures the file is refused."""
    lines = rows()[:1]
    assert [left.reason for left in read(table(lines * 2)).left_out] == [TWICE]
    later = lines[0] | {"last_refresh_timestamp": "2026-08-21 09:00:00Z", "total_lbm_emissions_value": "0.275847"}
    found = read(table([later, *lines]))
    assert [left.reason for left in found.left_out] == [REFRESHED]
    assert [total.location_based.kg_co2e for total in found.totals if total.location_based] == [275.847]
    other = lines[0] | {"total_lbm_emissions_value": "0.3"}
    assert faults(table([*lines, other]))[0][0] == "/2"


def test_sums_are_checked_in_the_printed_decimals() -> None:
    """Two units of the sixth decimal are rounding; three are not, and are told, not mended."""
    lines = rows()
    lines[0]["total_lbm_emissions_value"] = "0.275848"
    assert read(table(lines)).warnings == []
    lines[0]["total_lbm_emissions_value"] = "0.275849"
    found = read(table(lines))
    ((pointer, detail),) = [(warning.pointer, warning.detail) for warning in found.warnings]
    assert pointer == "/1/total_lbm_emissions_value"
    assert "+0.000003" in detail
    assert found.totals[0].location_based is not None
    assert found.totals[0].location_based.kg_co2e == 275.849


def test_an_empty_scope_3_is_not_reported() -> None:
    """Older rows have none: null, never 0."""
    lines = rows()[4:]
    lines[0] |= {"total_scope_3_lbm_emissions_value": "", "total_scope_3_mbm_emissions_value": ""}
    (total,) = read(table(lines)).totals
    assert total.location_based is not None
    assert (total.location_based.scope3_kg_co2e, total.location_based.kg_co2e) == (None, 201.198)


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"total_lbm_emissions_unit": "kgCO2e"}, "/1/total_lbm_emissions_unit", "MTCO2e"),
        ({"total_lbm_emissions_value": "0,275846"}, "/1/total_lbm_emissions_value", "no number"),
        ({"total_lbm_emissions_value": "-1"}, "/1/total_lbm_emissions_value", "not between"),
        ({"total_lbm_emissions_value": "=1+1"}, "/1/total_lbm_emissions_value", "no number"),
        ({"model_version": "latest"}, "/1/model_version", "v3.0.0"),
        ({"usage_period_end": "2026-09-01 00:00:00Z"}, "/1/usage_period_start", "no calendar month"),
        ({"usage_period_start": "2026-13-01 00:00:00Z"}, "/1/usage_period_start", "no calendar month"),
        ({"usage_period_start": "01/06/2026"}, "/1/usage_period_start", "ISO 8601"),
        ({"usage_account_id": "1" * 300}, "/1/usage_account_id", "longer"),
    ],
)
def test_a_bad_cell_refuses_the_report(change: dict[str, str], pointer: str, words: str) -> None:
    """A report without one of its lines would be too small; row and column are told."""
    ((where, detail),) = faults(table([rows()[0] | change]))
    assert where == pointer
    assert words in detail


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (TABLE.split(b"\n")[0] + b"\n", "no lines"),
        (b"usage_month,carbon_model_version\n2026-06-01,12\n", "a file of google"),
        (b"usage_account_id,total_mbm_emissions_value\n1,2\n", "total_lbm_emissions_value"),
        (b"", "empty"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"[1]", "JSON"),
    ],
)
def test_another_file_is_refused(content: bytes, words: str) -> None:
    """With what it is, or what it lacks."""
    assert words in faults(content)[0][1]


def answers(*pages: object) -> Kept:
    """What counts of answers of the API."""
    lines, warnings = aws.read_answers(io.BytesIO(json.dumps(pages if len(pages) > 1 else pages[0]).encode()))
    found = kept(lines)
    return Kept(totals=found.totals, left_out=found.left_out, warnings=[*warnings, *found.warnings])


def test_the_api_answers_the_same() -> None:
    """The sample's result is the first row of the table, but for the payer, which it does not say."""
    (total,) = answers(PAGE).totals
    (row,) = [one for one in read(TABLE).totals if one.region == "aws:us-east-1" and one.service == "AmazonEC2"]
    assert (total.location_based, total.market_based, total.payer) == (row.location_based, row.market_based, None)


def test_two_totals_alone_are_totals_without_scopes() -> None:
    """So answers the API where no EmissionsTypes are asked for."""
    result = PAGE["Results"][0]
    types = {name: value for name, value in result["EmissionsValues"].items() if "SCOPE" not in name}
    (total,) = answers({"Results": [result | {"EmissionsValues": types}]}).totals
    assert total.market_based is not None
    assert (total.market_based.scope2_kg_co2e, total.market_based.kg_co2e) == (None, 56.023)


def test_more_pages_are_warned_of() -> None:
    """A page is a part of the whole."""
    (warning,) = answers(PAGE | {"NextToken": "abc"}).warnings
    assert warning.pointer == "/NextToken"


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ([{"Results": {}}], "no answer of GetEstimatedCarbonEmissions"),
        ([{"Results": [{"TimePeriod": {}}]}], "a result has"),
        ([{"Results": []}], "no lines"),
        ([PAGE, {"Results": [RESULT | {"DimensionsValues": {"REGION": "us-east-1"}}]}], "grouped in several ways"),
        ([{"Results": [RESULT | {"EmissionsValues": {}}]}], "neither basis"),
        ([{"Results": [RESULT | {"TimePeriod": YEAR}]}], "MONTHLY"),
    ],
)
def test_another_answer_is_refused(pages: list[Any], words: str) -> None:
    """Each with what would be right."""
    with pytest.raises(Refused) as caught:
        answers(*pages)
    assert words in caught.value.faults[0].detail
