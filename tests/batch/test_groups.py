"""By what workloads are grouped."""

import asyncio

import msgspec
import pytest

from service.batch.groups import Grouping, faults_of_grouping, sorting
from service.model.workload import Workload
from tests.workloads import shipped_resolver


def key(job: dict[str, object], *dimensions: str) -> tuple[str | None, ...]:
    """Return the group of a workload."""
    workload = msgspec.convert(job, Workload)
    return Grouping(dimensions).key(workload, asyncio.run(shipped_resolver().resolve(workload)))


@pytest.mark.parametrize(
    ("job", "dimension", "found"),
    [
        ({"region": "AWS:US-EAST-1"}, "region", "aws:us-east-1"),
        ({"region": "europe-west9"}, "region", "gcp:europe-west9"),
        ({"region": "fr"}, "region", "FR"),
        ({}, "region", None),
        ({"region": "aws:us-east-1"}, "provider", "aws"),
        ({"region": "FR"}, "provider", None),
        ({"hardware": {"accelerator": "nvidia-h100-sxm"}}, "hardware", "h100-sxm5"),
        ({"hardware": {"instance": "P5.48xlarge"}}, "hardware", "aws:p5.48xlarge"),
        ({"hardware": {"host": {"ram_gb": 64}}}, "hardware", None),
        ({"hardware": {"tdp_w": 300}}, "hardware", None),
        ({}, "hardware", None),
        ({"period": {"start": "2025-03-31", "end": "2025-04-30"}}, "month", "2025-03"),
        ({"period": {"start": "2025-03-31T23:30:00-01:00", "end": "2025-04-30"}}, "month", "2025-04"),
        ({"period": {"start": "2025-04-01T00:30:00+01:00", "end": "2025-04-30"}}, "month", "2025-03"),
        ({}, "month", None),
        ({"tags": {"team": "a", "b.c": "d"}}, "tags.team", "a"),
        ({"tags": {"team": "a", "b.c": "d"}}, "tags.b.c", "d"),
        ({"tags": {"team": ""}}, "tags.team", ""),
        ({"tags": {"team": "a"}}, "tags.cost", None),
    ],
)
def test_a_workload_has_a_place_along_a_dimension(job: dict[str, object], dimension: str, found: str | None) -> None:
    """Regions and hardware by their ids however they were written, months in UTC, null where there is none."""
    assert key(job, dimension) == (found,)


def test_keys_are_in_the_order_asked_for() -> None:
    """Several dimensions are one key."""
    assert key({"region": "FR", "tags": {"a": "b"}}, "tags.a", "region") == ("b", "FR")


def test_keys_have_an_order() -> None:
    """Null is first and is not the empty text."""
    keys = [("b", None), ("", "x"), (None, "z"), ("b", "a")]
    assert sorted(keys, key=sorting) == [(None, "z"), ("", "x"), ("b", None), ("b", "a")]


@pytest.mark.parametrize(
    ("dimensions", "pointers"),
    [
        (["region", "provider", "hardware", "month", "tags.a"], []),
        (["colour"], ["/group_by/0"]),
        (["region", "tags."], ["/group_by/1"]),
        (["tags"], ["/group_by/0"]),
        (["", "Region"], ["/group_by/0", "/group_by/1"]),
        (["month", "month"], ["/group_by/1"]),
        (["tags." + "x" * 257], ["/group_by/0"]),
        ([f"tags.{index}" for index in range(9)], ["/group_by"]),
    ],
)
def test_an_unknown_dimension_is_told(dimensions: list[str], pointers: list[str]) -> None:
    """Each with its pointer and the names that are known."""
    faults = faults_of_grouping(dimensions)
    assert [fault.pointer for fault in faults] == pointers
    assert {fault.code for fault in faults} <= {"VALUE_INVALID"}
