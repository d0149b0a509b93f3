"""CSV files as people have them, and what is said of bad ones."""

import io

import pytest

from service.errors import Refused
from service.formats.sheet import Row, Sheet

REQUIRED = ("run_id", "kwh")


def sheet(content: bytes) -> Sheet:
    """A file of an invented format."""
    return Sheet(io.BytesIO(content), "example", REQUIRED)


def refusal(content: bytes) -> str:
    """What is said of a file that is refused."""
    with pytest.raises(Refused) as caught:
        list(sheet(content).rows())
    return caught.value.faults[0].detail


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_usual_forms_are_read(mark: str, bom: bytes, end: str) -> None:
    """Any usual delimiter, line end, byte order mark; empty cells are left out, blank lines are no records."""
    text = end.join([mark.join(line) for line in [("run_id", "kwh", "note"), ("a", "1.5", ""), (), ("b", "2e3", "x")]])
    rows = list(sheet(bom + text.encode()).rows())
    assert rows == [Row(1, {"run_id": "a", "kwh": "1.5"}), Row(2, {"run_id": "b", "kwh": "2e3", "note": "x"})]


def test_latin_1_is_read() -> None:
    """Old spreadsheets write Latin-1: é is one byte."""
    (row,) = sheet("run_id,kwh\ncafé,1\n".encode("latin-1")).rows()
    assert isinstance(row, Row)
    assert row.text("run_id") == "café"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"PAR1....", "a Parquet file"),
        (b"PK\x03\x04", "a zip file"),
        (b"\x1f\x8b\x08", "a gzip file"),
        (b"a\x00b", "no text"),
        ("run_id,kwh".encode("utf-16"), "no text"),
        (b'{"run_id": 1}', "this is JSON"),
        (b"run_id,watts\n", "the columns kwh"),
        (b"run_id,kwh,kwh\n", "has kwh twice"),
        (b"BilledCost,EffectiveCost,ChargePeriodStart\n", "a file of focus, not of example"),
        (b"x" * 3_000_000, "longer than 1 MiB"),
        (b"run_id,kwh\n" + b"x" * 3_000_000, "longer than 1 MiB"),
    ],
    ids=range(12),
)
def test_a_file_that_is_none_is_refused(content: bytes, words: str) -> None:
    """It is said what it is, and what would be right."""
    assert words in refusal(content)


@pytest.mark.parametrize("record", ["a", "a,1,2", 'a,"1', 'a,"1"2'])
def test_a_bad_record_is_told_of_in_its_place(record: str) -> None:
    """Too few or many cells, or broken quotes; a fault of quotes may take the rest with it."""
    first, second, *_ = sheet(f"run_id,kwh\nb,2\n{record}\nc,3\n".encode()).rows()
    assert first == Row(1, {"run_id": "b", "kwh": "2"})
    assert isinstance(second, Refused)
    assert second.faults[0].pointer == "/2"


def test_records_after_a_bad_one_are_read() -> None:
    """One bad record never spoils the others."""
    rows = list(sheet(b"run_id,kwh\na\nb,2\n").rows())
    assert rows[1] == Row(2, {"run_id": "b", "kwh": "2"})


@pytest.mark.parametrize("text", ["1,5", "1 000", "$5", "abc", "NaN", "inf", "1e999", "0x10", "-1", "1e13", "\u0661"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Decimal commas, thousands, currency signs, NaN, what is out of bounds: with row and column."""
    with pytest.raises(Refused) as caught:
        Row(7, {"a/b": text}).amount("a/b")
    assert caught.value.faults[0].pointer == "/7/a~1b"


def test_amounts_are_read() -> None:
    """Plain decimals and exponents; an empty cell is nothing."""
    row = Row(1, {"a": "1.5E-07", "b": " 12 ", "c": "-3"})
    assert (row.amount("a"), row.amount("b"), row.amount("c", lowest=-10), row.amount("d")) == (1.5e-7, 12, -3, None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T13:00:00Z", "2026-01-31T13:00:00Z"),
        ("2026-01-31 13:00:00", "2026-01-31T13:00:00+01:00"),
        ("2026-01-31 13:00:00.5+0530", "2026-01-31T13:00:00.5+05:30"),
        ("2026-07-21 09:14:33Z", "2026-07-21T09:14:33Z"),
        ("2026-07-21 09:14:33 UTC", "2026-07-21T09:14:33Z"),
        ("2026-07-21T09:14:33-03:00", "2026-07-21T09:14:33-03:00"),
    ],
)
def test_moments_are_rfc_3339(text: str, moment: str) -> None:
    """A time without an offset takes the one that the caller names."""
    assert Row(1, {"at": text}).moment("at", zone="+01:00") == moment


@pytest.mark.parametrize(
    "text", ["31/01/2026", "01/31/2026 13:00", "31.1.2026", "Jan 31, 2026", "1769864400", "20260131"]
)
def test_local_dates_are_refused(text: str) -> None:
    """Of 01/02/2026 nobody knows which month it is."""
    with pytest.raises(Refused, match="ISO 8601"):
        Row(1, {"at": text}).moment("at")
