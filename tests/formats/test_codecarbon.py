"""CodeCarbon's emissions.csv, and the body that it posts for a run."""

import csv
import io
import json
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.errors import Refused
from service.factors.store import FactorStore
from service.formats.codecarbon import COLUMNS, EARLIER_STATE, IGNORED, posted, read
from service.formats.imported import Given, Imported, LeftOut, Record, Unread
from service.model.workload import Energy

SAMPLES = Path(__file__).parent / "samples"
SAMPLE = (SAMPLES / "codecarbon_emissions.csv").read_bytes()
BODY = (SAMPLES / "codecarbon_http_post.body.json").read_bytes()
ROWS = list(csv.DictReader(io.StringIO(SAMPLE.decode())))


@pytest.fixture
def given(store: FactorStore) -> Given:
    """Nothing but the store."""
    return Given(store=store)


def file_of(*rows: dict[str, Any], without: tuple[str, ...] = ()) -> bytes:
    """A file of some rows, without some columns."""
    text = io.StringIO()
    columns = [name for name in dict.fromkeys(name for row in rows for name in row) if name not in without]
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def records(content: bytes, given: Given) -> list[Record]:
    """The records of a file; what is nothing but a breath is passed over."""
    return [record for record in read(io.BytesIO(content), given) if record is not None]


def one(given: Given, **changed: Any) -> Imported:
    """The first row of the sample with other cells."""
    (record,) = records(file_of(ROWS[0] | changed), given)
    assert isinstance(record, Imported), record
    return record


def refusal(given: Given, **changed: Any) -> tuple[str, str]:
    """Pointer and code of a row that cannot be read."""
    (record,) = records(file_of(ROWS[0] | changed), given)
    assert isinstance(record, Unread), record
    return record.faults[0].pointer, record.faults[0].code


def test_the_sample_is_read(given: Given) -> None:
    """Three runs: FR by its country, two by their cloud region; what they report is kept in kg."""
    found = records(SAMPLE, given)
    assert all(isinstance(record, Imported) for record in found)
    workloads = [record.workload for record in found if isinstance(record, Imported)]
    assert [workload.id for workload in workloads] == [row["run_id"] for row in ROWS]
    assert [workload.region for workload in workloads] == ["FR", "gcp:us-central1", "aws:us-east-1"]
    assert [workload.deployment for workload in workloads] == [None, "cloud", "cloud"]
    assert [workload.duration_hours for workload in workloads] == [1.5, 3612.5 / 3600, 742.25 / 3600]
    reported = [record.reported_kg_co2e for record in found if isinstance(record, Imported)]
    assert reported == [0.23609123999999995, 0.14927913680555557, 0.0026254928854166667]


def test_pue_is_divided_out_once(given: Given) -> None:
    """4.2084 kWh with PUE 1.2 inside are 3.507 kWh of the components; the PUE is handed on, for the facility."""
    workload = one(given).workload
    assert workload.energy == Energy(kwh=pytest.approx(3.507), level="component")
    assert workload.pue == 1.2


@pytest.mark.parametrize("pue", ["1.0", "1", "0", "", None])
def test_a_pue_of_one_is_none(pue: str | None, given: Given) -> None:
    """1 is what stands there where nobody set it: ours holds then. An absent one is told of."""
    record = one(given, pue=pue)
    assert record.workload.energy == Energy(kwh=4.208399999999999, level="component")
    assert record.workload.pue is None
    assert ("PUE_DEFAULTED" in [code for code, _, _ in record.notes]) == (not pue)


def test_the_period_ends_at_the_timestamp(given: Given) -> None:
    """14:22:07 with 5400 s before it; without a zone it is taken as UTC, which is told."""
    record = one(given)
    assert record.workload.period is not None
    assert (record.workload.period.start, record.workload.period.end) == (
        "2026-08-03T12:52:07Z",
        "2026-08-03T14:22:07Z",
    )
    assert [(code, pointer) for code, pointer, _ in record.notes] == [("VALUE_INVALID", "/1/timestamp")]


@pytest.mark.parametrize(
    ("zone", "timestamp", "end"),
    [
        (ZoneInfo("Europe/Paris"), "2026-08-03T14:22:07", "2026-08-03T12:22:07Z"),
        (ZoneInfo("Europe/Paris"), "2026-01-03T14:22:07", "2026-01-03T13:22:07Z"),
        (timezone(timedelta(hours=-7)), "2026-08-03T14:22:07", "2026-08-03T21:22:07Z"),
        (ZoneInfo("Europe/Paris"), "2026-08-03T14:22:07+00:00", "2026-08-03T14:22:07Z"),
    ],
)
def test_times_are_in_the_zone_that_is_named(zone: Any, timestamp: str, end: str, store: FactorStore) -> None:
    """With its summer time; a zone that the time itself states goes before."""
    record = one(Given(store=store, zone=zone, zone_assumed=False), timestamp=timestamp)
    assert record.workload.period is not None
    assert record.workload.period.end == end
    assert record.notes == ()


def test_an_hour_that_is_there_twice_is_told_of(store: FactorStore) -> None:
    """On 2026-10-25 it is 02:30 in Paris twice: the first, in summer time, is taken."""
    record = one(Given(store=store, zone=ZoneInfo("Europe/Paris"), zone_assumed=False), timestamp="2026-10-25T02:30:00")
    assert record.workload.period is not None
    assert record.workload.period.end == "2026-10-25T00:30:00Z"
    assert "there twice" in record.notes[0][2]


def test_the_hardware_is_what_the_row_names(given: Given) -> None:
    """Eight modules by an alias of our table, with their host; utilization as a share."""
    workload = one(given).workload
    assert workload.hardware is not None
    assert (workload.hardware.accelerator, workload.hardware.accelerators) == ("a100-sxm4-40", 8)
    assert workload.hardware.host is not None
    assert workload.hardware.host.ram_gb == 1121.8
    assert (workload.utilization, workload.utilization_metric) == (0.872, "gpu")


def test_some_of_the_devices_are_a_share(given: Given) -> None:
    """Two of eight tracked: a quarter of the machine."""
    workload = one(given, gpu_count="2").workload
    assert workload.hardware is not None
    assert (workload.hardware.accelerators, workload.hardware.share) == (8, 0.25)


@pytest.mark.parametrize("name", ["1 x NVIDIA T41 x NVIDIA A10", "8 x Unheard Of", "0 x NVIDIA T4", ""])
def test_devices_that_cannot_be_told_are_a_warning(name: str, given: Given) -> None:
    """Their energy counts; their making is left out, and what to send is said."""
    record = one(given, gpu_model=name)
    assert record.workload.hardware is None
    assert ("HARDWARE_UNKNOWN", "/1/gpu_model") in [(code, pointer) for code, pointer, _ in record.notes]


def test_a_part_of_a_server_is_not_a_server(given: Given) -> None:
    """A virtual machine without accelerators: what it is a part of is not said."""
    record = one(given, on_cloud="Y", gpu_model="", gpu_count="0")
    assert record.workload.hardware is None
    assert "instance=" in record.notes[-1][2]


@pytest.mark.parametrize(
    ("cells", "region"),
    [
        ({"country_iso_code": "USA", "region": "iowa"}, "US-IA"),
        ({"country_iso_code": "CAN", "region": "Québec"}, "CA-QC"),
        ({"country_iso_code": "USA", "region": ""}, "US"),
        ({"country_iso_code": "USA", "region": "nowhere"}, "US"),
        ({"cloud_provider": "azure", "cloud_region": "westeurope"}, "azure:westeurope"),
        ({"cloud_provider": "gcp", "cloud_region": "moon-1"}, "FR"),
    ],
)
def test_the_region_is_the_finest_that_is_known(cells: dict[str, str], region: str, given: Given) -> None:
    """A cloud's region, else a state or province, else the country."""
    assert one(given, **cells).workload.region == region


def test_a_cloud_region_that_is_not_known_is_told_of(given: Given) -> None:
    """Its country is coarser."""
    record = one(given, cloud_provider="gcp", cloud_region="moon-1")
    assert ("FACTOR_FALLBACK_COARSER", "/1/cloud_region") in [(code, pointer) for code, pointer, _ in record.notes]


def test_quebec_may_be_a_failed_look_up(given: Given) -> None:
    """It is written where the machine could not be located; with coordinates it is a place."""
    lost = one(given, country_iso_code="CAN", region="quebec", longitude="", latitude="")
    assert "REGION_UNKNOWN" in [code for code, _, _ in lost.notes]
    there = one(given, country_iso_code="CAN", region="quebec")
    assert "REGION_UNKNOWN" not in [code for code, _, _ in there.notes]


def test_what_the_caller_says_fills_in(store: FactorStore) -> None:
    """Region and instance go before the row's own."""
    given = Given(store=store, region="aws:us-east-1", instance="p4d.24xlarge", allocation="physical")
    workload = one(given).workload
    assert workload.region == "aws:us-east-1"
    assert workload.hardware is not None
    assert workload.hardware.instance == "p4d.24xlarge"
    assert workload.usage is not None
    assert workload.usage.gpu_hours == 12  # 8 devices, 1.5 h


def test_of_several_states_of_a_run_the_longest_counts(given: Given) -> None:
    """`flush()` leaves cumulative rows: 10 s, 30 s, 20 s of a run, another between; only 30 s of it counts."""
    runs = [("a", 10), ("b", 5), ("a", 30), ("a", 20)]
    found = records(file_of(*(ROWS[0] | {"run_id": run, "duration": seconds} for run, seconds in runs)), given)
    assert [type(record) for record in found] == [LeftOut, Imported, Imported, LeftOut]
    assert [record.row for record in found] == [1, 2, 3, 4]
    assert {record.reason for record in found if isinstance(record, LeftOut)} == {EARLIER_STATE}


def test_of_equal_states_the_last_counts(given: Given) -> None:
    """`stop()` right after `flush()`."""
    found = records(file_of(ROWS[0], ROWS[0]), given)
    assert [type(record) for record in found] == [LeftOut, Imported]


def test_other_generations_are_read_by_name(given: Given) -> None:
    """An older header, in another order: no utilization, no water, no experiment."""
    older = ("experiment_id", "water_consumed", "wue", "cpu_utilization_percent", "gpu_utilization_percent")
    (record,) = records(file_of(dict(reversed(ROWS[0].items())), without=older), given)
    assert isinstance(record, Imported)
    assert record.workload.energy == Energy(kwh=pytest.approx(3.507), level="component")
    assert record.workload.utilization is None


@pytest.mark.parametrize(
    ("cells", "pointer"),
    [
        ({"energy_consumed": "-1"}, "/1/energy_consumed"),
        ({"energy_consumed": ""}, "/1/energy_consumed"),
        ({"energy_consumed": "4,2"}, "/1/energy_consumed"),
        ({"duration": "nan"}, "/1/duration"),
        ({"duration": "1e11"}, "/1/duration"),
        ({"timestamp": "03/08/2026 14:22"}, "/1/timestamp"),
        ({"timestamp": "2026-08-03"}, "/1/timestamp"),
        ({"timestamp": "2026-13-03T14:22:07"}, "/1/timestamp"),
        ({"timestamp": "0001-01-01T00:00:00"}, "/1/timestamp"),
        ({"timestamp": ""}, "/1/timestamp"),
        ({"run_id": ""}, "/1/run_id"),
        ({"run_id": "x" * 257}, "/1/run_id"),
        ({"project_name": "x" * 257}, "/1/project_name"),
        ({"emissions": "-0.1"}, "/1/emissions"),
        ({"gpu_utilization_percent": "101"}, "/1/gpu_utilization_percent"),
        ({"pue": "-1"}, "/1/pue"),
    ],
)
def test_a_bad_cell_is_told_by_row_and_column(cells: dict[str, str], pointer: str, given: Given) -> None:
    """With the code of a value."""
    assert refusal(given, **cells) == (pointer, "VALUE_INVALID")


@pytest.mark.parametrize("country", ["", "XXX", "France!"])
def test_a_country_that_is_not_known_is_told(country: str, given: Given) -> None:
    """A world average is never taken."""
    assert refusal(given, country_iso_code=country) == ("/1/country_iso_code", "REGION_UNKNOWN")


def test_a_run_without_duration_lasts_no_time(given: Given) -> None:
    """Its period is the day, because a period has a length; its hours are 0."""
    workload = one(given, duration="0").workload
    assert workload.duration_hours == 0
    assert workload.period is not None
    assert (workload.period.start, workload.period.end) == ("2026-08-03T00:00:00Z", "2026-08-04T00:00:00Z")


def test_missing_columns_are_named(given: Given) -> None:
    """All of them, at once."""
    with pytest.raises(Refused, match="duration, energy_consumed"):
        records(file_of(ROWS[0], without=("duration", "energy_consumed")), given)


def test_a_truncated_file_keeps_its_whole_records(given: Given) -> None:
    """The last line lacks cells: it alone cannot be read."""
    found = records(SAMPLE[: SAMPLE.rindex(b",1.0,0.0")], given)
    assert [type(record) for record in found] == [Imported, Imported, Unread]


def test_a_posted_run_is_the_row(given: Given) -> None:
    """Without the number of a row in its pointers; `user` is dropped, unknown fields are passed over."""
    found = posted(json.loads(BODY) | {"a_field_of_tomorrow": [1]}, given)
    assert found.workload == one(given).workload
    assert found.reported_kg_co2e == 0.23609123999999995
    assert found.notes[0][1] == "/timestamp"
    assert b"ubuntu" in BODY
    assert "ubuntu" not in repr(found)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"duration": "x"}, "/duration"),
        ({"duration": None}, "/duration"),
        ({"energy_consumed": True}, "/energy_consumed"),
    ],
)
def test_a_posted_fault_points_into_the_body(change: dict[str, Any], pointer: str, given: Given) -> None:
    """RFC 6901."""
    with pytest.raises(Refused) as caught:
        posted(json.loads(BODY) | change, given)
    assert caught.value.faults[0].pointer == pointer


def test_a_part_of_a_run_is_refused(given: Given) -> None:
    """`save_to_api` sends differences, without place or hardware."""
    with pytest.raises(Refused, match="save_to_api"):
        posted(json.loads((SAMPLES / "codecarbon_api_emissions.body.json").read_bytes()), given)


def test_every_column_is_mapped_or_ignored() -> None:
    """None is passed over in silence; `user` is the body's alone."""
    known = {*COLUMNS, *(name for names in IGNORED for name in names.split())}
    assert known == {*ROWS[0], "user"}
