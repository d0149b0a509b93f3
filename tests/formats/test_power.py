"""Power meters as CSV: energy, gaps, order, units, bad files."""

import io
import random
import tracemalloc
from datetime import timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import Refused
from service.formats import power
from service.formats.imported import Imported, LeftOut, Record, Unread
from service.formats.meter import Options

SAMPLES = Path(__file__).parent / "samples"
GERMANY = Options(region="DE")
T = 1_780_272_000
"""2026-06-01T00:00:00Z [s]"""


def read(content: str | bytes, options: Options = GERMANY) -> list[Record]:
    """The records of a file."""
    raw = content.encode() if isinstance(content, str) else content
    return [record for record in power.read(io.BytesIO(raw), options) if record is not None]


def kwh(record: Record) -> float:
    """The energy of a record."""
    assert isinstance(record, Imported), record
    assert record.workload.energy is not None
    assert record.workload.energy.kwh is not None
    return record.workload.energy.kwh


def one(content: str | bytes, options: Options = GERMANY) -> Imported:
    """The only record of a file."""
    (record,) = read(content, options)
    assert isinstance(record, Imported), record
    return record


def watts(readings: list[tuple[int, float]]) -> str:
    """A file of one series; instants in seconds after T."""
    return "time,watts\n" + "".join(f"{T + at},{reading}\n" for at, reading in readings)


def said(content: str | bytes, options: Options = GERMANY) -> str:
    """What is said of a file that is refused."""
    with pytest.raises(Refused) as caught:
        read(content, options)
    return caught.value.faults[0].detail


def test_the_sample_is_read() -> None:
    """Outlet 1: 400 W × 1 h = 0.4 kWh. Outlet 2: 1000 W, 1200 W, 1200 W, 1000 W for 15 min each = 1.1 kWh."""
    first, second = read((SAMPLES / "pdu_power.csv").read_bytes())
    assert (kwh(first), kwh(second)) == (pytest.approx(0.4, rel=1e-12), pytest.approx(1.1, rel=1e-12))
    assert isinstance(first, Imported)
    assert first.workload.id == "rack-7, 1"
    assert first.workload.tags == {"pdu": "rack-7", "outlet": "1"}
    assert first.workload.region == "DE"
    assert first.workload.period is not None
    assert (first.workload.period.start, first.workload.period.end) == ("2026-06-01T00:00:00Z", "2026-06-01T01:00:00Z")
    assert first.workload.energy is not None
    assert first.workload.energy.level == "it"
    assert first.notes == ()


@settings(deadline=None)
@given(st.integers(1, 500), st.integers(2, 5000), st.floats(0, 1e6))
def test_constant_power_is_power_times_time(step: int, count: int, power_w: float) -> None:
    """However many samples: blocks that are settled on the way lose and double nothing."""
    count = min(count, 300) if count % 7 else 4200
    record = one(watts([(step * place, power_w) for place in range(count)]))
    assert kwh(record) == pytest.approx(power_w * step * (count - 1) / 3.6e6, rel=1e-12, abs=1e-15)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3600), st.integers(0, 5000)), min_size=4, max_size=30), st.data())
def test_adjacent_windows_add_up(steps: list[tuple[int, int]], data: st.DataObject) -> None:
    """Energy until an instant and from it is the energy of both."""
    at, readings = 0, []
    for step, reading in steps:
        at += step
        readings.append((at, float(reading)))
    cut = data.draw(st.integers(1, len(readings) - 2))
    parts = [kwh(one(watts(some))) for some in (readings[: cut + 1], readings[cut:])]
    assert sum(parts) == pytest.approx(kwh(one(watts(readings))), rel=1e-12, abs=1e-15)


@settings(deadline=None)
@given(st.lists(st.integers(0, 5000) | st.none(), min_size=3, max_size=40), st.randoms())
def test_order_does_not_matter(values: list[int | None], chance: random.Random) -> None:
    """A file that is not in the order of time is sorted; gaps and energy are the same."""
    rows = [f"{T + 60 * place},{'NaN' if value is None else value}\n" for place, value in enumerate(values)]
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    assert read("time,watts\n" + "".join(shuffled)) == read("time,watts\n" + "".join(rows))


def test_newest_first_is_read_too() -> None:
    """100 W and 300 W an hour apart are 0.2 kWh, whichever stands first."""
    assert kwh(one("time,watts\n2026-06-01T01:00:00Z,300\n2026-06-01T00:00:00Z,100\n")) == pytest.approx(0.2)


def test_a_file_too_long_to_be_sorted_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded; what to do is said."""
    monkeypatch.setattr(power, "MOST_SORTED", 3)
    assert "sort it by time" in said(watts([(60, 1), (0, 1), (120, 1), (180, 1)]))


def test_rows_that_cannot_be_read_are_told_once() -> None:
    """Also where the file is read again because it has to be sorted."""
    bad = f"{T + 120},abc\n{T},1\n{T + 60},-5\n{T + 180},1\n{T + 90},1,1\n"
    records = read("time,watts\n" + f"{T + 100},1\n" + bad)
    faults = [record.faults[0] for record in records if isinstance(record, Unread)]
    assert [fault.pointer for fault in faults] == ["/2/watts", "/4/watts", "/6"]
    assert sum(isinstance(record, Imported) for record in records) == 1


def test_gaps_are_told_with_their_length() -> None:
    """Samples each minute; 10 minutes and 5 minutes without are 900 s in 2 gaps."""
    instants = [0, 60, 120, 720, 780, 840, 1140, 1200]
    record = one(watts([(at, 100.0) for at in instants]))
    ((code, pointer, detail),) = record.notes
    assert (code, pointer) == ("POWER_SAMPLES_GAP", "/1/gaps")
    assert detail.startswith("2 gaps of 900 s together")
    assert kwh(record) == pytest.approx(100 * 1200 / 3.6e6)


def test_nan_is_a_gap_and_an_empty_cell_none() -> None:
    """One NaN in samples each minute is a gap of 120 s; at the ends it shortens the period."""
    inside = one(f"time,watts\n{T},100\n{T + 60},NaN\n{T + 120},100\n{T + 180},100\n{T + 240},100\n")
    assert inside.notes[0][2].startswith("1 gaps of 120 s together")
    ends = one(f"time,watts\n{T},nan\n{T + 60},100\n{T + 120},100\n{T + 180},NaN\n")
    assert "2 samples at its ends" in ends.notes[0][2]
    assert kwh(ends) == pytest.approx(100 * 60 / 3.6e6)
    apart = read(f"time,a (W),b (W)\n{T},100,\n{T + 60},,50\n{T + 120},100,\n{T + 180},,50\n")
    assert [kwh(record) for record in apart] == [pytest.approx(100 * 120 / 3.6e6), pytest.approx(50 * 120 / 3.6e6)]
    assert all(isinstance(record, Imported) and record.notes == () for record in apart)


@pytest.mark.parametrize("second", [f"{T}", "2026-06-01T02:00:00+02:00", f"{T * 1000}"])
def test_two_samples_of_one_instant_are_refused(second: str) -> None:
    """However the instant is written; another series is not touched."""
    first, other = read(f"time,pdu,watts\n{T},a,100\n{second},a,100\n{T},b,1\n{T + 60},b,1\n")
    assert isinstance(first, Unread)
    assert (first.faults[0].pointer, first.faults[0].code) == ("/2", "HOURLY_DUPLICATE")
    assert isinstance(other, Imported)


@pytest.mark.parametrize(
    ("column", "unit", "reading", "expected"),
    [
        ("watts", None, 250, 0.25),
        ("power_kw", None, 0.25, 0.25),
        ("power_mW", None, 250_000, 0.25),
        ("value", "kilowatts", 0.25, 0.25),
        ("value", "milliwatts", 250_000, 0.25),
        ("value", "microwatts", 250_000_000, 0.25),
    ],
)
def test_units_of_power_become_watts(column: str, unit: str | None, reading: float, expected: float) -> None:
    """A quarter of a kilowatt for an hour."""
    content = f"time,{column}\n{T},{reading}\n{T + 3600},{reading}\n"
    assert kwh(one(content, Options(region="DE", unit=unit))) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("column", "unit", "readings", "expected"),
    [
        ("energy_joules_total", None, (0, 3.6e6), 1.0),
        ("energy_kwh", None, (1000.5, 1002.0), 1.5),
        ("value", "watt_hours", (500, 200), 0.2),  # began anew: 200 Wh
        ("value", "joules", (3.6e6, 7.2e6, 3.6e6), 2.0),  # 1 kWh and, begun anew, 1 kWh
    ],
)
def test_counters_become_kwh(column: str, unit: str | None, readings: tuple[float, ...], expected: float) -> None:
    """Increases of the counter; a beginning anew is told."""
    rows = "".join(f"{T + 60 * place},{reading}\n" for place, reading in enumerate(readings))
    record = one(f"time,{column}\n{rows}", Options(region="DE", unit=unit))
    assert kwh(record) == pytest.approx(expected)
    resets = sum(later < earlier for earlier, later in pairwise(readings))
    assert [pointer for _, pointer, _ in record.notes] == ["/1/resets"] * bool(resets)


def test_the_level_is_the_names_or_the_callers() -> None:
    """A GPU's sensor is a component; the caller's level goes before."""
    content = f"time,gpu_watts\n{T},1\n{T + 60},1\n"
    named, stated = one(content), one(content, Options(region="DE", level="it", host_overhead_ratio=0.4))
    assert named.workload.energy is not None
    assert stated.workload.energy is not None
    assert (named.workload.energy.level, stated.workload.energy.level) == ("component", "it")
    assert stated.workload.host_overhead_ratio is None


def test_times_without_a_zone_are_flagged_or_of_the_callers() -> None:
    """14:00 in a zone two hours ahead is 12:00 UTC."""
    content = "time;watts\n2026-06-01 14:00:00;100\n2026-06-01 15:00:00;100\n"
    assert [note[:2] for note in one(content).notes] == [("VALUE_INVALID", "/1/time")]
    found = power.read(io.BytesIO(content.encode()), GERMANY, timezone(timedelta(hours=2)))
    (record,) = [record for record in found if record is not None]
    assert isinstance(record, Imported)
    assert record.notes == ()
    assert record.workload.period is not None
    assert record.workload.period.start == "2026-06-01T12:00:00Z"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("watts\n1\n", "column of instants"),
        ("time\n1\n", "column of readings"),
        ("time,power\n1,2\n", "does not say its unit"),
        ("time,watts,temperature\n1,2,3\n", "'temperature' does not say its unit as others do"),
        ("time,pdu,watts,volts\n1,a,2,3\n", "one column holds the readings"),
        ("time,watts,watts\n1,2,3\n", "twice"),
        ("run_id,timestamp,energy_consumed,codecarbon_version\na,b,1,3\n", "a file of codecarbon"),
        ('{"status": "success"}', "JSON"),
        ("", "empty"),
        (b"PAR1\x00", "Parquet"),
        ("time,watts\n" + "1" * 2_000_000, "longer than 1 MiB"),
    ],
)
def test_a_bad_file_is_refused_with_what_would_be_right(content: str | bytes, words: str) -> None:
    """Each in words of its own."""
    assert words in said(content)


def test_a_place_is_needed() -> None:
    """A meter does not say where it stands."""
    with pytest.raises(Refused) as caught:
        read(watts([(0, 1), (60, 1)]), Options())
    assert caught.value.faults[0].code == "REGION_UNKNOWN"


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("01.06.2026 14:00", "no ISO 8601 time"),
        ("2026-06-31T00:00:00Z", "not of the calendar"),
        ("2026-06-01", "no time of the day"),
        ("12345", "neither seconds nor milliseconds"),
        ("", "empty"),
    ],
)
def test_a_bad_time_is_told_with_its_place(time: str, words: str) -> None:
    """The rows around it are read."""
    bad, good = read(f"time,watts\n{time},1\n{T},1\n{T + 60},1\n")
    assert isinstance(bad, Unread)
    assert bad.faults[0].pointer == "/1/time"
    assert words in bad.faults[0].detail
    assert isinstance(good, Imported)


def test_one_sample_is_no_energy() -> None:
    """Energy is between two samples: a single one is a problem, not 0 kWh."""
    (record,) = read(watts([(0, 100)]))
    assert isinstance(record, Unread)
    assert "1 samples" in record.faults[0].detail


def test_what_is_inside_another_series_is_left_out() -> None:
    """As in an answer of Prometheus: a core's energy is inside its package's; nodes and pods are not added."""
    head = "time,metric,instance,value\n"
    rows = "".join(
        f"{T + 60 * at},node_rapl_{zone}_joules_total,a,{at}\n" for at in (0, 1) for zone in ("package", "core")
    )
    package, core = read(head + rows)
    assert kwh(package) == pytest.approx(1 / 3.6e6)
    assert isinstance(core, LeftOut)
    both = "".join(f"{T},kepler_{kind}_joules_total,a,1\n" for kind in ("node", "pod"))
    assert "hold the same energy" in said(head + both)


def test_a_unit_that_contradicts_the_name_is_refused() -> None:
    """A thousandfold error is not guessed away."""
    (record,) = read(f"time,power_kw\n{T},1\n{T + 60},1\n", Options(region="DE", unit="watts"))
    assert isinstance(record, Unread)
    assert "says kilowatts, the parameter unit watts" in record.faults[0].detail


def test_memory_does_not_grow_with_the_samples() -> None:
    """Four times as many samples take no more memory beyond the file, to the hundred kilobytes."""
    short, long = (peak_bytes(watts([(place, 100.0) for place in range(count)])) for count in (5_000, 20_000))
    assert long < short + 100_000


def peak_bytes(content: str) -> int:
    """Most memory that reading a file takes."""
    stream = io.BytesIO(content.encode())
    tracemalloc.start()
    try:
        assert sum(record is not None for record in power.read(stream, GERMANY)) == 1
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
