"""A long file of each format: the command writes what the service answers."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.__main__ import main
from tests.bills import bill, csv_of

SAMPLES = Path(__file__).parent / "formats" / "samples"
RECORDS = 3000
CSV, JSON, LINES = "text/csv", "application/json", "application/x-ndjson"


def _rows(file: str, column: str) -> bytes:
    """The sample's rows over and over, each with an id of its own in a column."""
    head, *rows = csv.reader(io.StringIO((SAMPLES / file).read_text(encoding="utf-8")))
    place = head.index(column)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([*row[:place], f"id-{n}", *row[place + 1 :]] for n in range(RECORDS) for row in [rows[n % 3]])
    return text.getvalue().encode()


def _sample(file: str) -> Any:
    return json.loads((SAMPLES / file).read_bytes().splitlines()[0] if file.endswith("jsonl") else _whole(file))


def _whole(file: str) -> bytes:
    return (SAMPLES / file).read_bytes()


def _boamps() -> bytes:
    report = _sample("boamps_report.json")
    return json.dumps([report | {"header": {"reportId": str(number)}} for number in range(RECORDS)]).encode()


def _eco_ci() -> bytes:
    step = _sample("ecoci_post.body.json")
    return b"\n".join(json.dumps(step | {"run_id": str(number)}).encode() for number in range(RECORDS))


def _ccf() -> bytes:
    first, *_ = _sample("ccf_footprint.json")
    days = [datetime(2016, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(RECORDS)]
    return json.dumps(
        [first | {"timestamp": f"{day:%Y-%m-%d}T00:00:00.000Z", "groupBy": "day"} for day in days]
    ).encode()


def _google() -> bytes:
    line = _sample("gcp_carbon_footprint.jsonl")
    return b"\n".join(
        json.dumps(line | {"project": line["project"] | {"id": f"p-{number}"}}).encode() for number in range(RECORDS)
    )


def _azure() -> bytes:
    answer = _sample("azure_carbon_response.json")
    item = answer["value"][0]
    answer["value"] = [item | {"resourceId": f"{item['resourceId']}-{number}"} for number in range(RECORDS)]
    return json.dumps(answer).encode()


def _power() -> bytes:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    lines = (f"{start + timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ},{400 + number % 7}" for number in range(RECORDS))
    return "\n".join(["time,watts", *lines]).encode()


def _prometheus() -> bytes:
    values = [[1780000000 + 15 * number, str(100.0 * number)] for number in range(30)]
    series = [
        {"metric": {"__name__": "kepler_container_joules_total", "container_name": f"c-{number}"}, "values": values}
        for number in range(RECORDS // 30)
    ]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": series}}).encode()


LONG: dict[str, tuple[Callable[[], bytes], str, dict[str, str], int]] = {
    "codecarbon": (lambda: _rows("codecarbon_emissions.csv", "run_id"), CSV, {"tz": "Europe/Paris"}, RECORDS),
    "boamps": (_boamps, JSON, {}, RECORDS),
    "eco-ci": (_eco_ci, LINES, {"region": "azure:westeurope"}, RECORDS),
    "ccf": (_ccf, JSON, {}, 2 * RECORDS),
    "power": (_power, CSV, {"region": "DE"}, 1),
    "prometheus": (_prometheus, JSON, {"region": "DE"}, RECORDS // 30),
    "aws": (lambda: _rows("aws_carbon_emissions.csv", "usage_account_id"), CSV, {"pool_by": "month,region"}, RECORDS),
    "google": (_google, LINES, {"pool_by": "region"}, RECORDS),
    "azure": (_azure, JSON, {"scopes": "scope1,scope2", "month": "2026-06"}, RECORDS),
    "focus": (lambda: csv_of(bill(20 * RECORDS)), CSV, {}, 20 * RECORDS),
}
"""How it is made, its media type, what is said beside it, and how many results it has."""


@pytest.mark.parametrize("name", LONG)
def test_the_command_writes_what_the_service_answers(name: str, client: httpx.Client, tmp_path: Path) -> None:
    """Byte for byte, with every record."""
    made, media_type, stated, count = LONG[name]
    content = made()
    answer = client.post(f"/imports/{name}", params=stated, content=content, headers={"content-type": media_type})
    assert answer.status_code == 200, answer.text[:1000]
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    flags = [text for flag, value in stated.items() for text in (f"--{flag.replace('_', '-')}", value)]
    assert main(["import", name, str(source), "--output", str(target), *flags]) == 0
    assert target.read_bytes() == answer.content
    if name == "focus":
        found = sum(1 for _ in csv.reader(io.StringIO(answer.text))) - 1
    else:
        whole = answer.json()
        found = len(whole["totals"] if "pools" in whole else whole["results"])
        assert whole.get("summary", {}).get("failed", 0) == 0
    assert found == count
