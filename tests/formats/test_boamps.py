"""BoAmps: reports of what a task consumed."""

import copy
import io
import json
from pathlib import Path
from typing import Any

import pytest

from service.errors import Refused
from service.factors.store import FactorStore
from service.formats.boamps import OTHER_MEASURE, read
from service.formats.imported import Given, Imported, LeftOut, Record, Unread
from service.model.workload import Energy, Hardware

REPORT: dict[str, Any] = json.loads((Path(__file__).parent / "samples" / "boamps_report.json").read_bytes())


@pytest.fixture
def given(store: FactorStore) -> Given:
    """Nothing but the store."""
    return Given(store=store)


def records(*reports: Any, given: Given) -> list[Record]:
    """The records of a file of reports."""
    content = io.BytesIO(json.dumps(reports[0] if len(reports) == 1 else reports).encode())
    return [record for record in read(content, given) if record is not None]


def one(report: dict[str, Any], given: Given) -> Imported:
    """The one workload of a report."""
    (record,) = records(report, given=given)
    assert isinstance(record, Imported), record
    return record


def changed(block: str, **fields: Any) -> dict[str, Any]:
    """The sample with other fields in a block, or in its first measure."""
    report = copy.deepcopy(REPORT)
    part = report[block][0] if block == "measures" else report[block]
    part |= fields
    return report


def test_the_sample_is_read(given: Given) -> None:
    """`powerConsumption` is kWh; sensors are at the components; the instance is known to our table."""
    workload = one(REPORT, given).workload
    assert workload.id == "2f4643f7-68b5-4fb6-21f0-b5dcda04897d"
    assert workload.energy == Energy(kwh=4.2084, level="component")
    assert workload.duration_hours == 1.5
    assert (workload.region, workload.deployment) == ("FR", "cloud")
    assert workload.hardware == Hardware(instance="aws:p4d.24xlarge")
    assert workload.utilization == 0.87
    assert workload.period is not None
    assert (workload.period.start, workload.period.end) == ("2026-08-03T14:22:07Z", "2026-08-03T15:52:07Z")
    assert workload.tags == {"publisher": "Acme", "stage": "finetuning", "task": "text generation"}


def test_a_country_alone_is_coarser_than_a_cloud_region(given: Given) -> None:
    """Which region of the provider it was is not said: that is told."""
    assert ("FACTOR_FALLBACK_COARSER", "/1/location") in [note[:2] for note in one(REPORT, given).notes]
    report = changed("environment", location="eu-west-3")
    assert one(report, given).workload.region == "aws:eu-west-3"


def test_the_components_describe_what_is_no_instance(given: Given) -> None:
    """Eight modules with half of their time; on one's own premises the host belongs to them."""
    report = changed("infrastructure", infraType="onPremise", cloudInstance=None, cloudProvider=None)
    report["infrastructure"]["components"] = [
        {"componentType": "gpu", "componentName": "NVIDIA A100-SXM4-40GB", "nbComponent": 8, "share": 0.5},
        {"componentType": "ram", "nbComponent": 16, "memorySize": 64},
        {"componentType": "cpu", "componentName": "AMD EPYC 7763", "nbComponent": 64},
    ]
    hardware = one(report, given).workload.hardware
    assert hardware is not None
    assert (hardware.accelerator, hardware.accelerators, hardware.share) == ("a100-sxm4-40", 8, 0.5)
    assert hardware.host is not None
    assert hardware.host.ram_gb == 1024  # 16 × 64
    assert hardware.host.cpu is not None
    assert hardware.host.cpu.units is None  # some reports count cores


def test_codecarbons_names_of_devices_hold_their_count(given: Given) -> None:
    """`2 x Tesla T4`."""
    report = changed("infrastructure", cloudInstance=None)
    report["infrastructure"]["components"] = [{"componentType": "GPU", "componentName": "2 x Tesla T4"}]
    hardware = one(report, given).workload.hardware
    assert hardware is not None
    assert (hardware.accelerator, hardware.accelerators) == ("t4", 2)


def test_of_several_measures_the_best_counts(given: Given) -> None:
    """They are of the same task: a meter at the plug goes before sensors, and nothing is added."""
    report = copy.deepcopy(REPORT)
    report["measures"].append(report["measures"][0] | {"measurementMethod": "Wattmeter", "powerConsumption": 6.1})
    first, second = records(report, given=given)
    assert isinstance(first, Imported)
    assert first.workload.energy == Energy(kwh=6.1, level="it")
    assert second == LeftOut(row=1, reason=OTHER_MEASURE)


@pytest.mark.parametrize(
    ("block", "fields", "pointer"),
    [
        ("measures", {"powerConsumption": -1}, "/1/powerConsumption"),
        ("measures", {"powerConsumption": None}, "/1/powerConsumption"),
        ("measures", {"measurementDuration": None}, "/1/measurementDuration"),
        ("measures", {"measurementDateTime": "03/08/2026"}, "/1/measurementDateTime"),
        ("infrastructure", {"components": "gpu"}, "/1/components"),
        ("environment", {"country": "Utopia"}, "/1/country"),
        ("environment", {"country": None}, "/1/country"),
        ("header", {"reportId": "x" * 300}, "/1/reportId"),
        ("header", {"publisher": "Acme"}, "/1/publisher"),
        ("task", {"nbRequest": "many"}, "/1/nbRequest"),
    ],
)
def test_a_bad_field_is_pointed_at(block: str, fields: dict[str, Any], pointer: str, given: Given) -> None:
    """By the number of the report and the field."""
    (record,) = records(changed(block, **fields), given=given)
    assert isinstance(record, Unread), record
    assert record.faults[0].pointer == pointer


@pytest.mark.parametrize("name", ["measures", "header", "infrastructure", "environment", "task"])
@pytest.mark.parametrize("value", [[], {}, 5, "x", None, [5]])
def test_blocks_of_another_kind_break_nothing(name: str, value: Any, given: Given) -> None:
    """Whatever stands there, a report is read or told of."""
    for record in records(REPORT | {name: value}, given=given):
        assert isinstance(record, Imported | Unread)


def test_a_utilization_above_one_is_left_out(given: Given) -> None:
    """87 may be a percentage; nobody says so."""
    record = one(changed("measures", averageUtilizationGpu=87), given)
    assert record.workload.utilization is None
    assert ("VALUE_INVALID", "/1/averageUtilizationGpu") in [note[:2] for note in record.notes]


def test_requests_are_functional_units(given: Given) -> None:
    """Of an inference stage."""
    assert one(changed("task", nbRequest=40), given).workload.functional_units == {"inference": 40}


def test_several_reports_are_read(given: Given) -> None:
    """In a list; one that lacks its measures is told of."""
    broken = {name: block for name, block in REPORT.items() if name != "measures"}
    assert [type(record) for record in records(REPORT, broken, REPORT, given=given)] == [Imported, Unread, Imported]


def test_no_report_is_refused(given: Given) -> None:
    """With what its records have."""
    with pytest.raises(Refused, match="no file of boamps"):
        records({"hello": 1}, given=given)
