"""`dualscope import`, run as a user runs it."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.__main__ import main
from service.bulk import extra
from tests.bills import bill, csv_of

SAMPLES = Path(__file__).parent / "formats" / "samples"
RUNS = SAMPLES / "codecarbon_emissions.csv"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment without settings of the tester's, and a cache that the runs share."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUALSCOPE_")}
    return kept | {"DUALSCOPE_CACHE_DIR": str(tmp_path_factory.mktemp("cache"))}


def imported(
    environment: dict[str, str], *arguments: str | Path, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run the command to its end."""
    command = [sys.executable, "-W", "error", "-m", "service", "import", *map(str, arguments)]
    return subprocess.run(command, input=given, env=environment, capture_output=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("format_", "file", "media_type"),
    [
        ("codecarbon", "codecarbon_emissions.csv", "text/csv"),
        ("boamps", "boamps_report.json", "application/json"),
        ("eco-ci", "ecoci_post.body.json", "application/x-ndjson"),
        ("ccf", "ccf_footprint.json", "application/json"),
        ("ccf", "ccf_footprint.csv", "text/csv"),
    ],
)
def test_it_answers_as_the_service_does(
    format_: str, file: str, media_type: str, environment: dict[str, str], client: httpx.Client
) -> None:
    """The same answer, from a file or standard input; only the path that a problem is of differs."""
    content = (SAMPLES / file).read_bytes()
    answer = client.post(f"/imports/{format_}", content=content, headers={"content-type": media_type}).json()
    by_file = imported(environment, format_, SAMPLES / file)
    assert by_file.returncode == 0, by_file.stderr
    assert without_instance(json.loads(by_file.stdout)) == without_instance(answer)
    by_input = imported(environment, format_, "-", given=content)
    assert without_instance(json.loads(by_input.stdout)) == without_instance(answer)


def without_instance(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without the paths that its problems are of."""
    for result in answer["results"]:
        if result["problem"] is not None:
            result["problem"].pop("instance", None)
    return answer


@pytest.mark.parametrize(
    ("path", "file", "media_type", "flags"),
    [
        ("aws", "aws_carbon_emissions.csv", "text/csv", []),
        ("aws?pool_by=region,month", "aws_carbon_emissions.csv", "text/csv", ["--pool-by", "region,month"]),
        ("aws", "aws_sustainability_api.response.json", "application/json", []),
        ("google", "gcp_carbon_footprint.jsonl", "application/x-ndjson", []),
        (
            "azure?scopes=scope2&month=2026-06&scope2_method=market",
            "azure_carbon_response.json",
            "application/json",
            ["--scopes", "scope2", "--month", "2026-06", "--scope2-method", "market", "--json"],
        ),
    ],
)
def test_a_report_is_answered_as_the_service_does(
    path: str, file: str, media_type: str, flags: list[str], environment: dict[str, str], client: httpx.Client
) -> None:
    """Byte for byte, from a file or standard input; a flag is a parameter."""
    content = (SAMPLES / file).read_bytes()
    answer = client.post(f"/imports/{path}", content=content, headers={"content-type": media_type})
    assert answer.status_code == 200, answer.text
    name = path.partition("?")[0]
    by_file = imported(environment, name, SAMPLES / file, *flags)
    assert (by_file.returncode, by_file.stdout) == (0, answer.content), by_file.stderr
    assert imported(environment, name, "-", *flags, given=content).stdout == answer.content


def test_columns_of_a_report_are_named(environment: dict[str, str], client: httpx.Client) -> None:
    """Google's own query: 0.42 + 118.3 + 41.6 = 160.32 kg location-based, 0.42 + 9.7 + 41.6 = 51.72 market-based."""
    table = b"m,v,s1,lb,mb,s3\n2026-06-01,12,0.42,118.3,9.7,41.6\n"
    kg = "carbon_footprint_kgCO2e.scope"
    method = f"{kg}2.location_based:lb,{kg}2.market_based:mb"
    columns = f"usage_month:m,carbon_model_version:v,{kg}1:s1,{method},{kg}3:s3"
    answer = client.post(f"/imports/google?columns={columns}", content=table, headers={"content-type": "text/csv"})
    run = imported(environment, "google", "-", "--columns", columns, given=table)
    assert run.stdout == answer.content
    told = run.stderr.decode().splitlines()
    assert [line.split(" kg ")[0] for line in told[1:3]] == ["160.3", "51.72"]


def test_a_report_is_summed_up(environment: dict[str, str], tmp_path: Path) -> None:
    """339.93 kg and 98.993 kg of four lines; the answer is in the file, which is there once it is whole."""
    output = tmp_path / "report.json"
    run = imported(environment, "aws", SAMPLES / "aws_carbon_emissions.csv", "--output", output)
    assert (run.returncode, run.stdout) == (0, b"")
    assert len(json.loads(output.read_bytes())["totals"]) == 4
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]
    assert run.stderr.decode().splitlines()[:4] == [
        "aws: 4 lines, in the provider's scopes; to the customer Scope 3",
        "1 left out: an older model version of the same month and account",
        "339.9 kg CO2e with location-based Scope 2; never added to computed figures",
        "98.99 kg CO2e with market-based Scope 2; never added to computed figures",
    ]


def spoiled(file: str, right: bytes, wrong: bytes) -> bytes:
    """A sample with something else in the place of what is right."""
    content = (SAMPLES / file).read_bytes()
    assert right in content
    return content.replace(right, wrong)


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (
            ["aws", "-"],
            spoiled("aws_carbon_emissions.csv", b"v3.0.0", b"newest"),
            "/1/model_version: 'newest' is no version",
        ),
        (
            ["google", "-"],
            spoiled("gcp_carbon_footprint.jsonl", b"2026-06-01", b"2026-06-09"),
            "/1/usage_month: 2026-06-09",
        ),
        (
            ["azure", "-", "--scopes", "scope1", "--month", "2026-06"],
            spoiled("azure_carbon_response.json", b'"latestMonthEmissions"', b'"latest"'),
            "/1/latestMonthEmissions: it is empty",
        ),
    ],
    ids=["aws", "google", "azure"],
)
def test_a_fault_of_a_report_is_told_by_row_and_column(
    arguments: list[str], given: bytes, words: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """Exit code 2, and what stood at the place of the answer stays."""
    output = tmp_path / "report.json"
    output.write_text("older")
    run = imported(environment, *arguments, "--output", output, given=given)
    assert run.returncode == 2
    assert words in run.stderr.decode()
    assert b"Traceback" not in run.stderr
    assert output.read_text() == "older"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_a_bill_is_converted_as_in_bulk(flags: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same rows and the same summary."""
    source = str(SAMPLES / "focus_1_2.csv")
    output = tmp_path / "out.csv"
    assert main(["bulk", "focus", source, str(output), *flags]) == 0
    converted, told = output.read_bytes(), capsys.readouterr().out
    output.unlink()
    assert main(["import", "focus", source, "--output", str(output), *flags]) == 0
    assert (output.read_bytes(), capsys.readouterr().out) == (converted, told)
    assert b"x_CarbonEnergyKwh" in converted


def test_a_bill_needs_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without it the command says what to install."""
    monkeypatch.setattr(extra, "PACKAGES", ("pyarrow", "not_installed_anywhere"))
    for how in ([], ["--map"]):
        output = str(tmp_path / "out.csv")
        assert main(["import", "focus", str(SAMPLES / "focus_1_2.csv"), "--output", output, *how]) == 1
        assert "pip install 'dualscope[bulk]'" in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


def test_a_fault_of_a_bill_is_told_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is left of the answer."""
    bad = tmp_path / "in.csv"
    content = (SAMPLES / "focus_1_2.csv").read_bytes()
    bad.write_bytes(content.rstrip(b"\n") + b"\na,b\n")
    assert main(["import", "focus", str(bad), "--output", str(tmp_path / "out.csv")]) == 2
    assert f"in.csv/{len(content.splitlines())}: the record cannot be read" in capsys.readouterr().err
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize(
    ("flag", "accept"), [("--map", "application/vnd.kepler.gl+json"), ("--geojson", "application/geo+json")]
)
def test_a_bill_is_drawn_as_the_service_does(
    flag: str, accept: str, environment: dict[str, str], client: httpx.Client, tmp_path: Path
) -> None:
    """Byte for byte, from a file or standard input, printed or with a name; the summary goes to standard error."""
    content = csv_of(bill(400))
    source, target = tmp_path / "bill.csv", tmp_path / "map.json"
    source.write_bytes(content)
    answer = client.post("/imports/focus", content=content, headers={"content-type": "text/csv", "accept": accept})
    by_file = imported(environment, "focus", source, flag)
    assert (by_file.returncode, by_file.stdout) == (0, answer.content), by_file.stderr
    assert by_file.stderr.decode().startswith(f"{source}: 400 rows\n  estimated from hardware ")
    by_input = imported(environment, "focus", "-", flag, "--output", target, given=content)
    assert (by_input.returncode, by_input.stdout, target.read_bytes()) == (0, b"", answer.content)


def test_parts_of_a_bill_are_one_map(environment: dict[str, str], client: httpx.Client, tmp_path: Path) -> None:
    """A folder's files, whatever their names: the rows of all of them."""
    rows = bill(400)
    for place, part in enumerate((rows[:150], rows[150:])):
        folder = tmp_path / f"month={place}"
        folder.mkdir()
        (folder / "part.csv").write_bytes(csv_of(part))
    run = imported(environment, "focus", tmp_path, "--geojson")
    headers = {"content-type": "text/csv", "accept": "application/geo+json"}
    whole = client.post("/imports/focus", content=csv_of(rows), headers=headers).json()
    drawn = json.loads(run.stdout)
    assert drawn["rows"] == 400
    assert [feature["id"] for feature in drawn["features"]] == [feature["id"] for feature in whole["features"]]
    for ours, theirs in zip(drawn["features"], whole["features"], strict=True):
        kg = theirs["properties"]["total_location_based_kg_co2e"]
        assert ours["properties"]["total_location_based_kg_co2e"] == pytest.approx(kg, rel=1e-12)
    assert run.stderr.decode().count(" rows\n") == 2


def test_no_map_of_a_broken_bill_takes_the_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The fault is told by file and row; what stood there stays."""
    bad, target = tmp_path / "in.csv", tmp_path / "map.json"
    bad.write_bytes(csv_of(bill(3)) + b"a,b\n")
    target.write_text("older")
    assert main(["import", "focus", str(bad), "--map", "--output", str(target)]) == 2
    assert f"{bad}/4: the record cannot be read" in capsys.readouterr().err
    assert target.read_text() == "older"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["in.csv", "map.json"]


def test_a_summary_goes_to_standard_error(environment: dict[str, str]) -> None:
    """What was done, ours by both methods, and what the file says beside them."""
    run = imported(environment, "codecarbon", RUNS, "--tz", "Europe/Paris")
    told = run.stderr.decode().splitlines()
    assert told[0] == "codecarbon: 3 estimated, 0 with a problem"
    assert told[-1] == "0.388 kg CO2e by the file itself, of 3; not added"
    assert [line.split(" kg CO2e ")[1] for line in told[2:4]] == [
        "with location-based Scope 2, grade C",
        "with market-based Scope 2, grade C",
    ]


def test_records_left_out_are_told(environment: dict[str, str], tmp_path: Path) -> None:
    """By reason."""
    lines = RUNS.read_text().splitlines()
    file = tmp_path / "emissions.csv"
    file.write_text("\n".join([*lines, lines[1]]))
    told = imported(environment, "codecarbon", file).stderr.decode()
    assert "1 left out: an earlier state of a run that another record has whole" in told


def test_flags_fill_in(environment: dict[str, str]) -> None:
    """As the query does."""
    flags = ["--region", "aws:us-east-1", "--instance", "p4d.24xlarge", "--tz", "+02:00", "--allocation", "time"]
    run = imported(environment, "codecarbon", RUNS, *flags, "--host-overhead-ratio", "0", "--csv")
    rows = list(csv.DictReader(io.StringIO(run.stdout.decode())))
    assert {row["region"] for row in rows} == {"aws:us-east-1"}
    assert rows[0]["period_end"] == "2026-08-03T12:22:07Z"
    assert rows[0]["reading_warnings"] == ""
    assert float(rows[0]["facility_kwh"]) == pytest.approx(4.2084)  # 4.2084 / 1.2 × 1.2, no host added


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "geojson", "map"])
def test_the_answer_gets_its_name_when_it_is_whole(form: str, environment: dict[str, str], tmp_path: Path) -> None:
    """It is what is printed else; nothing else is left beside it."""
    printed = imported(environment, "codecarbon", RUNS, f"--{form}")
    output = tmp_path / "answer"
    output.write_text("older")
    written = imported(environment, "codecarbon", RUNS, f"--{form}", "--output", output)
    assert (written.returncode, written.stdout) == (0, b"")
    assert output.read_bytes() == printed.stdout
    assert [entry.name for entry in tmp_path.iterdir()] == ["answer"]


def test_a_partial_answer_never_takes_the_name(environment: dict[str, str], tmp_path: Path) -> None:
    """A file that breaks off: exit code 2, and what stood there stays."""
    cut = tmp_path / "cut.json"
    cut.write_bytes((SAMPLES / "ccf_footprint.json").read_bytes()[:-300])
    output = tmp_path / "answer.json"
    output.write_text("older")
    run = imported(environment, "ccf", cut, "--output", output)
    assert run.returncode == 2
    assert b"could not be read to its end" in run.stderr
    assert output.read_text() == "older"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["answer.json", "cut.json"]


@pytest.mark.parametrize(
    ("arguments", "given", "code", "words"),
    [
        (["codecarbon", "-"], b"", 2, "the file is empty"),
        (["codecarbon", "-"], b"PAR1....", 2, "a Parquet file"),
        (["codecarbon", "-"], b"BilledCost,EffectiveCost,ChargePeriodStart\n", 2, "a file of focus"),
        (["codecarbon", "-"], b"run_id\nx\n", 2, "needs the columns timestamp"),
        (["ccf", "-"], b'{"measures": 1, "task": 1, "infrastructure": 1}', 2, "a file of boamps"),
        (["eco-ci", "-"], b'{"energy_uj": "-1", "duration_us": "1"}', 2, "no record could be estimated"),
        (["codecarbon", "nowhere.csv"], b"", 1, "nowhere.csv: No such file"),
        (["codecarbon", str(SAMPLES)], b"", 1, "Is a directory"),
        (["codecarbon", str(RUNS), "--output", "nowhere/answer"], b"", 1, "No such file"),
        (["codecarbon", str(RUNS), "--tz", "Mars"], b"", 2, "--tz: 'Mars' is no time zone"),
        (["codecarbon", str(RUNS), "--region", "moon"], b"", 2, "--region: 'moon' is not known"),
        (["codecarbon", str(RUNS), "--allocation", "fairly"], b"", 2, "--allocation: not one of the names known here"),
        (["codecarbon", str(RUNS), "--host-overhead-ratio", "-1"], b"", 2, "--host-overhead-ratio"),
        (["codecarbon", str(RUNS), "--host-overhead-ratio", "nan"], b"", 2, "--host-overhead-ratio"),
        (["ccf", str(RUNS), "--instance", "p4d.24xlarge"], b"", 2, "--instance: an import of ccf takes no instance"),
        (["nonsense", str(RUNS)], b"", 2, "invalid choice"),
        (["codecarbon", str(RUNS), "--month", "2026-06"], b"", 2, "--month: an import of codecarbon takes no month"),
        (["aws", "-"], b"", 2, "the file is empty"),
        (["aws", "-"], b"{", 2, "(BODY_NOT_JSON)"),
        (["aws", str(RUNS)], b"", 2, "a file of codecarbon, not of aws"),
        (["aws", "nowhere.csv"], b"", 1, "nowhere.csv: No such file"),
        (["aws", "-", "--pool-by", "team"], b"", 2, "--pool-by: 'team': pools are apart by month, account"),
        (["aws", "-", "--region", "FR"], b"", 2, "--region: an import of aws takes no region; it takes pool_by"),
        (["aws", "-", "--csv"], b"", 2, "--csv: it is not for an import of aws: the answer is JSON"),
        (["google", "-"], b"a\n1\n", 2, "--columns: a CSV file names its columns itself"),
        (["google", "-", "--columns", "usage_month:a"], b"{}", 2, "--columns: columns is for text/csv"),
        (["azure", "-"], b"{}", 2, "--scopes: say which carbonScopeList was asked for"),
        (["azure", "-", "--scopes", "scope1"], b"a,b\n1,2\n", 2, "(BODY_NOT_JSON)"),
        (["azure", "-", "--scopes", "scope2", "--scope2-method", "gross"], b"", 2, "--scope2-method: not one of"),
        (["focus", "bill.csv"], b"", 2, "--output: a bill needs it"),
        (["focus", "-", "--output", "out.csv"], b"", 2, "-: a bill is read from a .parquet or .csv file"),
        (["focus", "bill.csv", "--output", "out.csv"], b"", 2, "bill.csv: there is no such file"),
        (
            ["focus", "bill.csv", "--output", "out.csv", "--ndjson"],
            b"",
            2,
            "--ndjson: it is not for an import of focus",
        ),
        (["focus", "nowhere.csv", "--map"], b"", 1, "nowhere.csv: No such file"),
        (["focus", "-", "--map"], b"run_id\nx\n", 2, "-: focus needs the columns ChargeCategory"),
        (["focus", str(SAMPLES.parent / "focus"), "--map"], b"", 2, "the folder has no .parquet or .csv file"),
        (["focus", "bill.csv", "--map", "--region", "FR"], b"", 2, "--region: an import of focus takes no region"),
        (["focus", "bill.csv", "--output", "out.csv", "--tz", "Z"], b"", 2, "--tz: an import of focus takes no tz"),
    ],
    ids=range(38),
)
def test_what_makes_no_sense_is_told(
    arguments: list[str], given: bytes, code: int, words: str, environment: dict[str, str]
) -> None:
    """In a line, by the flag that it is about; 1 for the surroundings, 2 for what was given."""
    run = imported(environment, *arguments, given=given)
    assert run.returncode == code, run.stderr
    assert words in run.stderr.decode()
    assert b"Traceback" not in run.stderr


def test_a_pipe_is_written_to(environment: dict[str, str], tmp_path: Path) -> None:
    """What is no file keeps its place: as `/dev/null`."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        run = imported(environment, "codecarbon", RUNS, "--output", pipe)
        read, _ = reader.communicate()
    assert (run.returncode, pipe.is_fifo()) == (0, True)
    assert json.loads(read)["summary"]["count"] == 3


def test_a_long_file_is_read(environment: dict[str, str]) -> None:
    """20,000 records from a pipe, which cannot be read twice; each run in two states, the later the longer."""
    head, *runs = csv.reader(io.StringIO(RUNS.read_text()))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for number in range(20_000):
        cells = runs[number % 3]
        writer.writerow([*cells[:2], f"run-{number // 2}", cells[3], 10 + number % 2, *cells[5:]])
    run = imported(environment, "codecarbon", "-", "--tz", "Z", "--ndjson", given=text.getvalue().encode())
    assert run.returncode == 0, run.stderr
    summary = json.loads(run.stdout.splitlines()[-1])["summary"]
    assert (summary["count"], summary["failed"], summary["complete"]) == (10_000, 0, True)
    (left_out,) = summary["left_out"]
    assert (left_out["count"], left_out["rows"]) == (10_000, [*range(1, 200, 2)])
