"""`dualscope bulk focus`: files, folders, what is broken off, what is missing."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.__main__ import main
from service.bulk import extra
from service.formats.focus.columns import ADDED
from service.formats.focus.summary import FocusSummary
from tests.bills import COLUMNS, bill, csv_of
from tests.bulk.reading_bills import batch_of


def write(path: Path, rows: int, seed: int = 1) -> Path:
    """A bill as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        path.write_bytes(csv_of(bill(rows, seed=seed)))
    else:
        pq.write_table(pa.Table.from_batches([batch_of(bill(rows, seed=seed))]), path)
    return path


@pytest.mark.parametrize("source", ["in.csv", "in.parquet"])
@pytest.mark.parametrize("target", ["out.csv", "out.parquet"])
def test_a_bill_is_converted(source: str, target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Either form in, either out; the summary is printed, and nothing else is left."""
    path = write(tmp_path / source, 200)
    assert main(["bulk", "focus", str(path), str(tmp_path / target), "--json"]) == 0
    told = capsys.readouterr()
    summary = msgspec.json.decode(told.out, type=FocusSummary)
    assert (summary.rows, told.err) == (200, "")  # no bar where no terminal reads it
    out = tmp_path / target
    if out.suffix == ".csv":
        with out.open(encoding="utf-8", newline="") as file:
            back = list(csv.DictReader(file))
        names = list(back[0])
    else:
        back = pq.read_table(out).to_pylist()
        names = pq.read_schema(out).names
    assert (len(back), names) == (200, [*COLUMNS, *ADDED])
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted({source, target})


def test_what_is_not_known_is_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bill of taxes alone has no total, not one of 0."""
    source = tmp_path / "in.csv"
    source.write_bytes(csv_of([row | {"ChargeCategory": "Tax"} for row in bill(3)]))
    assert main(["bulk", "focus", str(source), str(tmp_path / "out.csv")]) == 0
    assert "location-based nothing known, market-based nothing known" in capsys.readouterr().out


def test_figures_are_made_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bill that was converted before has no column twice."""
    first = write(tmp_path / "in.parquet", 50)
    for source, target in ((first, tmp_path / "a.parquet"), (tmp_path / "a.parquet", tmp_path / "b.parquet")):
        assert main(["bulk", "focus", str(source), str(target)]) == 0
    assert pq.read_table(tmp_path / "a.parquet").equals(pq.read_table(tmp_path / "b.parquet"))
    assert "50 rows" in capsys.readouterr().out


def test_a_folder_is_converted_part_by_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each file under its own name; what is done is not done again."""
    for month in (1, 2, 3):
        write(tmp_path / "bill" / f"month={month}" / "part-0.parquet", 40, seed=month)
    arguments = ["bulk", "focus", str(tmp_path / "bill"), str(tmp_path / "out"), "--json"]
    done = tmp_path / "out" / "month=2" / "part-0.parquet"
    write(done, 1)
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert [json.loads(line)["rows"] for line in told.out.splitlines()] == [40, 40]
    assert "done before" in told.err
    assert pq.read_metadata(done).num_rows == 1
    assert pq.read_metadata(tmp_path / "out" / "month=3" / "part-0.parquet").num_rows == 40


def test_what_cannot_be_read_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault far into the file: row and column are told, no file has the final name, an older one stays."""
    bad = tmp_path / "in.csv"
    bad.write_bytes(csv_of(bill(100)) + b"a,b\n")
    out = tmp_path / "out.csv"
    out.write_text("before")
    assert main(["bulk", "focus", str(bad), str(out)]) == 2
    assert "in.csv/101: the record cannot be read: Expected 51 columns, got 2" in capsys.readouterr().err
    assert out.read_text() == "before"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["in.csv", "out.csv"]


@pytest.mark.parametrize("target", ["out.csv", "out.parquet"])
def test_a_fault_far_into_a_file_is_all_that_is_told(target: str, tmp_path: Path) -> None:
    """The part that was written is forgotten without a word."""
    bad = tmp_path / "in.csv"
    bad.write_bytes(csv_of(bill(30_000)) + b"a,b\n")
    command = [sys.executable, "-m", "service", "bulk", "focus", str(bad), str(tmp_path / target)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr.splitlines() == [
        f"dualscope: {bad}/30001: the record cannot be read: Expected 51 columns, got 2: a,b"
    ]
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.csv"]


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Parquet has its index at the end."""
    path = write(tmp_path / "in.parquet", 100)
    path.write_bytes(path.read_bytes()[:-500])
    assert main(["bulk", "focus", str(path), str(tmp_path / "out.parquet")]) == 2
    assert "damaged or cut off" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("none.csv", "out.csv", "no such file"),
        ("in.csv", "out.xlsx", "end it in .parquet or .csv"),
        ("in.csv", "folder", "end it in .parquet or .csv"),
        ("folder", "in.csv", "name a folder for its parts"),
        ("folder", "folder", "name another folder"),
        ("folder", "elsewhere", "has no .parquet or .csv file"),
    ],
)
def test_what_has_no_sense_is_told(
    source: str, target: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is read."""
    write(tmp_path / "in.csv", 1)
    (tmp_path / "folder").mkdir()
    assert main(["bulk", "focus", str(tmp_path / source), str(tmp_path / target)]) == 2
    assert said in capsys.readouterr().err


def test_the_extra_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without it the command says what to install."""
    monkeypatch.setattr(extra, "PACKAGES", ("pyarrow", "not_installed_anywhere"))
    assert main(["bulk", "focus", str(write(tmp_path / "in.csv", 1)), str(tmp_path / "out.csv")]) == 1
    assert "pip install 'dualscope[bulk]'" in capsys.readouterr().err


def test_the_service_loads_without_the_extra() -> None:
    """Neither the command line nor the server imports what only bills need."""
    blocked = "import sys; sys.modules.update(numpy=None, pyarrow=None, polars=None, pyspark=None); "
    subprocess.run([sys.executable, "-c", f"{blocked}import service.__main__, service.app"], check=True)


def test_a_bar_is_drawn_where_a_terminal_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and rate, and a line's end once all are done."""
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    path = write(tmp_path / "in.parquet", 30)
    assert main(["bulk", "focus", str(path), str(tmp_path / "out.parquet")]) == 0
    assert re.fullmatch(r"\rin\.parquet \[#{30}\] 30 rows, [\d,]+ a second\n", screen.getvalue())
