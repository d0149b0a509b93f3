"""The `dualscope` command, run as a user runs it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from service import __version__

JOB = {"id": "job-1", "region": "aws:us-east-1", "energy": {"kwh": 100}}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment without settings of the tester's, and a cache that the runs share."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUALSCOPE_")}
    return kept | {"DUALSCOPE_CACHE_DIR": str(tmp_path_factory.mktemp("cache"))}


def dualscope(environment: dict[str, str], *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    command = [sys.executable, "-W", "error", "-m", "service", *arguments]
    return subprocess.run(
        command, input=given, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@contextmanager
def served(environment: dict[str, str], *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a free port, and its address as it says it."""
    command = [sys.executable, "-m", "service", "serve", "--port", "0", *arguments]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        line = process.stderr.readline()
        found = re.search(r"http://\S+", line)
        assert found, line
        yield process, found[0]
        process.kill()


def test_version(environment: dict[str, str]) -> None:
    """`--version` names program and version."""
    assert dualscope(environment, "--version").stdout == f"dualscope {__version__}\n"


def test_estimate_prints_a_table(environment: dict[str, str]) -> None:
    """Flags in, aligned figures out: both Scope 2 methods, what to know, sources."""
    run = dualscope(environment, "estimate", "--region", "aws:us-east-1", "--kwh", "100")
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert lines[0].endswith(" (aws:us-east-1) with 115 kWh at the facility")
    assert [line.split("  ")[0] for line in lines[3:5]] == ["Scope 2, location-based", "Scope 2, market-based"]
    assert any(line.startswith("grid_location:US-SRVC:") for line in lines)
    assert any(line.startswith("! ") for line in lines)


def test_estimate_answers_as_the_service_does(environment: dict[str, str], client: httpx.Client) -> None:
    """`--json` prints the answer of `POST /emissions`, from a file, standard input or flags alike."""
    answer = client.post("/emissions", json=JOB).json()
    by_input = dualscope(environment, "estimate", "-f", "-", "--json", given=json.dumps(JOB))
    assert json.loads(by_input.stdout) == answer
    flags = ["--id", "job-1", "--region", "aws:us-east-1", "--kwh", "100"]
    assert json.loads(dualscope(environment, "estimate", *flags, "--json").stdout) == answer


def test_every_flag_is_taken(environment: dict[str, str]) -> None:
    """Hardware, time, utilization, cost and allocation by flags."""
    flags = {
        "--region": "aws:us-east-1",
        "--start": "2025-03-01",
        "--end": "2025-03-04",
        "--deployment": "cloud",
        "--level": "it",
        "--kwh": "500",
        "--pue": "1.2",
        "--hours": "72",
        "--instance": "p5.48xlarge",
        "--count": "1",
        "--share": "0.5",
        "--utilization": "0.8",
        "--cost": "125.50 usd",
        "--method": "time",
    }
    words = [word for pair in flags.items() for word in pair]
    run = dualscope(environment, "estimate", *words, "--json", "--explain")
    assert (run.returncode, run.stderr) == (0, "")
    answer = json.loads(run.stdout)
    assert answer["energy"]["facility_kwh"] == pytest.approx(600)  # 500 × 1.2
    assert answer["scope3"]["embodied"]["kg_co2e"] > 0
    assert "derivation" in answer["scope2"]["location_based"]


def test_markdown_is_for_a_job_summary(environment: dict[str, str]) -> None:
    """`--markdown` prints the table of `Accept: text/markdown`."""
    run = dualscope(environment, "estimate", "--region", "FR", "--kwh", "5", "--markdown")
    assert "| **Scope 2, market-based** |" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "given", "lines"),
    [
        (
            ["--region", "us-est-1", "--kwh", "1", "--pue", "0.5"],
            "",
            ["dualscope: --pue: 0.5 is below 1", "dualscope: --region: 'us-est-1' is not known; the nearest names are"],
        ),
        (["--region", "FR", "--kwh", "-1"], "", ["dualscope: --kwh: expected a number >= 0.0"]),
        (
            ["--region", "FR", "--cost", "ten"],
            "",
            ["dualscope: argument --cost: ten: write an amount and its currency", "dualscope: see dualscope estimate"],
        ),
        (["-f", "-"], "{", ["dualscope: standard input, line 1, column 2: "]),
        (["-f", "-"], '{"regoin": 1}', ["dualscope: /regoin: there is no such field; did you mean region?"]),
        (["-f", "nothing.json"], "", ["dualscope: nothing.json: No such file or directory"]),
        (["-f", "-", "--kwh", "1"], "{}", ["dualscope: /region: send region, or factors.location_kg_co2e_per_kwh"]),
    ],
)
def test_what_makes_no_sense_is_told_in_lines(
    environment: dict[str, str], arguments: list[str], given: str, lines: list[str]
) -> None:
    """Every fault is a line on standard error that names the flag or field; exit code 2, nothing on standard output."""
    run = dualscope(environment, "estimate", *arguments, given=given)
    assert (run.returncode, run.stdout) == (2, "")
    told = run.stderr.splitlines()
    assert len(told) == len(lines)
    for line, expected in zip(told, lines, strict=True):
        assert line.lower().startswith(expected.lower())


def test_openapi_prints_the_document(environment: dict[str, str]) -> None:
    """`dualscope openapi` prints what /openapi.json serves."""
    assert json.loads(dualscope(environment, "openapi").stdout)["info"]["title"] == "Dualscope"


def test_a_bad_setting_is_one_line(environment: dict[str, str]) -> None:
    """The variable is named, and what it should be."""
    run = dualscope(environment | {"DUALSCOPE_LOG_FORMAT": "xml"}, "openapi")
    assert run.returncode == 2
    assert run.stderr == "dualscope: DUALSCOPE_LOG_FORMAT=xml: it is one of json, text, off\n"


def test_a_bad_overlay_is_told_by_file_and_line(environment: dict[str, str], tmp_path: Path) -> None:
    """The service does not start on factors that it cannot load."""
    (tmp_path / "grid_intensity.csv").write_text("id,value\nx,1\n")
    run = dualscope(environment | {"DUALSCOPE_FACTORS_OVERLAY": str(tmp_path)}, "serve", "--port", "0")
    assert run.returncode == 1
    assert run.stderr.startswith("dualscope: ")
    assert "grid_intensity.csv" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_taken_port_is_one_line(environment: dict[str, str]) -> None:
    """Exit code 1, and the address that cannot be listened on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        run = dualscope(environment, "serve", "--port", str(port))
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert line.startswith(f"dualscope: cannot listen on 127.0.0.1 port {port}: ")


def test_serve_answers_and_stops(environment: dict[str, str]) -> None:
    """It says where it listens, answers, logs one line a request, and ends well when it is told to."""
    with served(environment) as (process, url):
        answer = httpx.post(f"{url}/emissions", json=JOB, headers={"x-request-id": "mine"})
        assert answer.status_code == 200
        assert "server" not in answer.headers
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
        assert process.returncode == 0
    (line,) = out.splitlines()
    assert json.loads(line)["request_id"] == "mine"


def test_an_overlay_outranks_the_shipped_factor(environment: dict[str, str], tmp_path: Path) -> None:
    """An operator's own row is used, and the factor set's version tells that it is another."""
    shipped = Path(__file__).parents[1] / "factors" / "grid_intensity.csv"
    header = shipped.read_text(encoding="utf-8").splitlines()[0]
    own = dict.fromkeys(header.split(","), "") | {
        "id": "grid_location:FR:2025",
        "value": "0.5",
        "unit": "kg CO2e/kWh",
        "data_year": "2025",
        "valid_from": "2025-01-01",
        "valid_to": "2025-12-31",
        "edition": "own",
        "publisher": "Own meter",
        "title": "Own figure",
        "license": "own",
        "evidence": "raw",
        "grade": "A",
        "zone": "FR",
        "zone_name": "France",
        "basis": "direct",
        "use": "default",
    }
    (tmp_path / "grid_intensity.csv").write_text(f"{header}\n{','.join(own.values())}\n", encoding="utf-8")
    flags = ["--region", "FR", "--kwh", "10", "--level", "facility", "--json"]
    before = json.loads(dualscope(environment, "estimate", *flags).stdout)
    run = dualscope(environment | {"DUALSCOPE_FACTORS_OVERLAY": str(tmp_path)}, "estimate", *flags)
    assert run.stderr == ""
    after = json.loads(run.stdout)
    assert after["scope2"]["location_based"]["kg_co2e"] == pytest.approx(5)  # 10 kWh × 0.5 kg CO2e/kWh
    assert after["methodology"]["factor_set"] != before["methodology"]["factor_set"]


def test_serve_does_not_start_open_to_all_by_mistake(environment: dict[str, str]) -> None:
    """On other than loopback it wants keys, or to be told; exit code 2, and what to do."""
    run = dualscope(environment, "serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104
    assert run.returncode == 2
    assert run.stderr.startswith("dualscope: 0.0.0.0 is not loopback and there are no keys")
    assert "DUALSCOPE_ALLOW_OPEN=true" in run.stderr


def test_a_new_key_opens_the_service(environment: dict[str, str], tmp_path: Path) -> None:
    """`keys new` gives a line for the file and shows the key; with the file the service starts anywhere."""
    made = dualscope(environment, "keys", "new", "ci", "--per-minute", "60", "--expires", "2999-01-01")
    (tmp_path / "keys").write_text(made.stdout)
    key = made.stderr.strip().rpartition(" ")[2]
    assert key not in made.stdout
    assert dualscope(environment, "keys", "check", str(tmp_path / "keys")).stdout == (
        "ci  data  60 a minute  until 2999-01-01T00:00:00Z\n"
    )
    keyed = environment | {"DUALSCOPE_KEYS_FILE": str(tmp_path / "keys"), "DUALSCOPE_HOST": "0.0.0.0"}  # noqa: S104
    with served(keyed) as (_, url):
        address = url.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        assert httpx.get(f"{address}/methodology").status_code == 401
        assert httpx.get(f"{address}/methodology", headers={"x-api-key": key}).status_code == 200


def test_a_key_that_cannot_be_is_one_line(environment: dict[str, str]) -> None:
    """Exit code 2."""
    run = dualscope(environment, "keys", "new", "c i")
    assert (run.returncode, run.stdout) == (2, "")
    assert len(run.stderr.splitlines()) == 1
