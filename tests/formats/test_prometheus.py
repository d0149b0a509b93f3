"""Prometheus: matrices of watts and of counters, what overlaps, and bad answers."""

import io
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import Refused
from service.formats import prometheus
from service.formats.imported import Imported, LeftOut, Record, Unread
from service.formats.meter import Options

SAMPLES = Path(__file__).parent / "samples"
GERMANY = Options(region="DE")
T = 1_780_272_000
Labels = dict[str, str]


def matrix(*series: tuple[Labels, list[Any]]) -> bytes:
    """An answer of `query_range`."""
    result = [{"metric": labels, "values": values} for labels, values in series]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}}).encode()


def minutes(*readings: float | str) -> list[Any]:
    """Samples a minute apart."""
    return [[T + 60 * place, str(reading)] for place, reading in enumerate(readings)]


def read(content: bytes, options: Options = GERMANY) -> list[Record]:
    """The records of an answer."""
    return [record for record in prometheus.read(io.BytesIO(content), options) if record is not None]


def kwh(record: Record) -> float:
    """The energy of a record."""
    assert isinstance(record, Imported), record
    assert record.workload.energy is not None
    assert record.workload.energy.kwh is not None
    return record.workload.energy.kwh


def said(content: bytes) -> str:
    """What is said of an answer that is refused."""
    with pytest.raises(Refused) as caught:
        read(content)
    return caught.value.faults[0].detail


def test_the_sample_is_read() -> None:
    """Package: 18,000 + 18,000 + (begun anew) 3,000 + 18,000 J = 57,000 J; DRAM 4 × 900; core is inside."""
    package, dram, core = read((SAMPLES / "prometheus_kepler.json").read_bytes())
    assert kwh(package) == pytest.approx(57_000 / 3.6e6)
    assert kwh(dram) == pytest.approx(3_600 / 3.6e6)
    assert isinstance(core, LeftOut)
    assert isinstance(package, Imported)
    assert [note[1] for note in package.notes] == ["/1/resets"]
    workload = package.workload
    assert workload.id == 'kepler_node_cpu_joules_total{instance="gpu-1:28282", zone="package"}'
    assert list(workload.tags) == ["instance", "__name__", "zone"]
    assert workload.energy is not None
    assert workload.energy.level == "component"
    assert workload.period is not None
    assert (workload.period.start, workload.period.end) == ("2026-06-01T00:00:00Z", "2026-06-01T00:04:00Z")


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=50))
def test_a_counter_is_the_sum_of_its_increases(readings: list[int]) -> None:
    """What fell began anew at 0; nothing is extrapolated."""
    (record,) = read(matrix(({"__name__": "a_joules_total"}, minutes(*readings))))
    steps = [later if later < earlier else later - earlier for earlier, later in pairwise(readings)]
    assert kwh(record) == pytest.approx(sum(steps) / 3.6e6, rel=1e-12, abs=1e-15)


def test_watts_are_integrated_and_nan_is_a_gap() -> None:
    """100 W for four minutes; the NaN in their midst makes a gap of 120 s."""
    (record,) = read(matrix(({"__name__": "pdu_watts"}, minutes(100, 100, "NaN", 100, 100))))
    assert kwh(record) == pytest.approx(100 * 240 / 3.6e6)
    assert isinstance(record, Imported)
    assert record.notes[0][2].startswith("1 gaps of 120 s together")


@pytest.mark.parametrize("size", [1, 7, 64])
def test_an_answer_may_be_read_in_any_pieces(size: int) -> None:
    """White space and the ends of what is read make no difference."""
    content = (SAMPLES / "prometheus_kepler.json").read_bytes()
    spaced = json.dumps(json.loads(content), indent=size % 5).encode()
    assert read(spaced) == read(content)


def test_a_query_without_a_name_needs_its_unit() -> None:
    """`sum by (instance) (rate(…))` has no name any more."""
    content = matrix(({"instance": "a"}, minutes(100, 100)))
    (silent,) = read(content)
    assert isinstance(silent, Unread)
    assert "unit=" in silent.faults[0].detail
    (stated,) = read(content, Options(region="DE", unit="watts"))
    assert kwh(stated) == pytest.approx(100 * 60 / 3.6e6)


def test_many_labels_become_the_first_tags() -> None:
    """At most 32, those first that say where; it is told."""
    labels = {f"label_{number:02}": "x" * 300 for number in range(40)} | {"pod": "trainer", "__name__": "gpu_watts"}
    (record,) = read(matrix((labels, minutes(1, 1))))
    assert isinstance(record, Imported)
    assert len(record.workload.tags) == 32
    assert next(iter(record.workload.tags.items())) == ("pod", "trainer")
    assert max(map(len, record.workload.tags.values())) == 256
    assert record.workload.id is not None
    assert len(record.workload.id) == 256
    assert [note[:2] for note in record.notes] == [("VALUE_INVALID", "/1/labels")]


def test_what_is_inside_another_series_is_left_out() -> None:
    """Core and uncore are inside their package, all of these inside the platform; other nodes are not touched."""
    series = [
        ({"__name__": f"kepler_node_{zone}_joules_total", "instance": instance}, minutes(0, 3.6e6))
        for instance, zones in (("a", ("platform", "package", "dram")), ("b", ("package", "core", "uncore", "dram")))
        for zone in zones
    ]
    kinds = [type(record) for record in read(matrix(*series))]
    assert kinds == [Imported, LeftOut, LeftOut, Imported, LeftOut, LeftOut, Imported]


def test_active_and_idle_are_inside_their_sum() -> None:
    """Kepler has the sum beside its parts."""
    names = ("kepler_node_cpu_joules_total", "kepler_node_cpu_active_joules_total", "kepler_node_cpu_idle_joules_total")
    records = read(matrix(*(({"__name__": name, "instance": "a"}, minutes(0, 100)) for name in names)))
    assert [type(record) for record in records] == [Imported, LeftOut, LeftOut]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("kepler_node_cpu_joules_total", "kepler_pod_cpu_joules_total"), "hold the same energy"),
        (("kepler_container_joules_total", "kepler_process_joules_total"), "hold the same energy"),
        (("kepler_node_cpu_joules_total", "kepler_node_cpu_watts"), "joules and its watts"),
    ],
)
def test_the_same_energy_twice_is_refused(names: tuple[str, str], words: str) -> None:
    """Nodes hold their pods, joules their watts: their sum would be double."""
    assert words in said(matrix(*(({"__name__": name}, minutes(1, 2)) for name in names)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"status":"success","data":{"resultType":"vector","result":[]}}', "query_range"),
        (
            b'{"data":{"result":[{"metric":{},"value":[1,"2"]}],"resultType":"vector"},"status":"success"}',
            "query_range",
        ),
        (b'{"status":"success","data":{"resultType":"streams","result":[]}}', "'streams' has no series"),
        (b'{"status":"error","errorType":"bad_data","error":"parse error"}', "parse error"),
        (b"[]", "no answer of Prometheus"),
        (b"{}", "no answer of Prometheus"),
        (b"time,watts\n1,2\n", "no answer of Prometheus"),
        (b'{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1,"2"]]}]}}', "metric must stand"),
        (b'{"status":"success","data":{"resultType":"matrix","result":[1]}}', "{metric, values}"),
        (b'{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":1}}]}}', "object of strings"),
    ],
)
def test_another_answer_is_refused_with_what_to_send(content: bytes, words: str) -> None:
    """Instant queries, logs, errors, lists."""
    assert words in said(content)


@pytest.mark.parametrize("cut", range(10, 160, 7))
def test_an_answer_that_is_cut_off_is_refused(cut: int) -> None:
    """Half an answer would be half the energy."""
    content = matrix(({"__name__": "pdu_watts"}, minutes(1, 2, 3)))
    with pytest.raises(Refused):
        read(content[: min(cut, len(content) - 1)])


@pytest.mark.parametrize(
    ("sample", "code", "words"),
    [
        ([T, 1], "VALUE_INVALID", "a sample is"),
        (["x", "1"], "VALUE_INVALID", "a sample is"),
        ([T, "abc"], "VALUE_INVALID", "no number"),
        ([T, "-1"], "VALUE_INVALID", "not between"),
        ([T, "+Inf"], "VALUE_INVALID", "not between"),
        ([1e300, "1"], "VALUE_INVALID", "no instant"),
        ([T - 60, "1"], "HOURLY_DUPLICATE", "one instant"),
        ([T - 120, "1"], "VALUE_INVALID", "earlier"),
    ],
)
def test_a_bad_sample_refuses_its_series_alone(sample: list[Any], code: str, words: str) -> None:
    """With the place of the sample."""
    good = ({"__name__": "pdu_watts", "instance": "b"}, minutes(1, 1))
    bad = ({"__name__": "pdu_watts", "instance": "a"}, [[T - 60, "1"], sample])
    first, second = read(matrix(bad, good))
    assert isinstance(first, Unread)
    assert (first.faults[0].pointer, first.faults[0].code) == ("/1/values/1", code)
    assert words in first.faults[0].detail
    assert isinstance(second, Imported)
