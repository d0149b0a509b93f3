"""The action for pipelines, run as a runner runs it: its script, in an environment, against a real server."""

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from service.access.keys import key_line, new_key
from service.app import create_app
from service.commands.job import FLAGS
from service.settings import Settings
from tests.serving import serving

ROOT = Path(__file__).parent.parent
ACTION = ROOT / ".github" / "actions" / "job-carbon"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BY_ITSELF = {"cost", "unit"}
"""Flags of the command whose variables the script has not: it refuses them."""
HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    '"; touch pwned; "',
    "'; touch pwned; '",
    "x\n::error::forged\n::set-output name=a::b",
    "</td><script>alert(1)</script>",
    '{"region": "DE"}',
    "\\(env)",
    "@/etc/passwd",
    "--url=http://elsewhere",
    "| a | b |",
    "é" * 300,
]


class Ran(NamedTuple):
    """What the script did."""

    code: int
    log: str
    summary: str
    outputs: dict[str, str]


Script = Callable[..., Ran]


@pytest.fixture
def script(server_url: str, tmp_path: Path) -> Script:
    """Run the script in a folder of its own, with these variables beside those of a runner."""
    missing = [name for name in ("bash", "curl", "jq") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"there is no {missing[0]} here")
    summary, output, here = tmp_path / "summary.md", tmp_path / "output.txt", tmp_path / "here"
    here.mkdir()

    def running(**variables: str) -> Ran:
        summary.write_text("")
        output.write_text("")
        runner = {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output), "DUALSCOPE_URL": server_url}
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **runner, **variables}
        command = ["bash", str(ACTION / "job-carbon.sh")]
        done = subprocess.run(
            command, cwd=here, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert list(here.iterdir()) == []
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return Ran(done.returncode, done.stdout + done.stderr, summary.read_text(), outputs)

    return running


def job(**variables: str) -> dict[str, str]:
    """5 kWh in France: 0.3659 kg CO2e with location-based Scope 2, 0.2613 with market-based."""
    return {"DUALSCOPE_JOB_REGION": "FR", "DUALSCOPE_JOB_KWH": "5", **variables}


def test_a_job_within_its_budget_passes(script: Script, client: httpx.Client) -> None:
    """The summary is the service's own report, the outputs its totals."""
    ran = script(**job(DUALSCOPE_BUDGET_KG="0.4", GITHUB_SHA="abc123"))
    assert (ran.code, ran.outputs["exceeded"]) == (0, "false")
    workload = {"region": "FR", "energy": {"kwh": 5}, "tags": {"commit": "abc123"}}
    report = client.post("/emissions", json=workload, headers={"accept": "text/markdown"}).text
    assert ran.summary.startswith(report.rstrip("\n"))
    assert "**budget kept: 0.3659 of 0.4 kg CO2e; not known, and so not in the total: scope3." in ran.summary
    totals = client.post("/emissions", json=workload).json()["totals"]
    assert float(ran.outputs["location-based-kg"]) == totals["location_based"]["kg_co2e"]
    assert float(ran.outputs["market-based-kg"]) == totals["market_based"]["kg_co2e"]


@pytest.mark.parametrize(
    ("most", "basis", "code"),
    [("0.3", "", 3), ("0.3", "larger", 3), ("0.3", "location_based", 3), ("0.3", "market_based", 0), ("", "", 0)],
)
def test_a_job_above_its_budget_fails(most: str, basis: str, code: int, script: Script) -> None:
    """Exit code 3, with summary and outputs there all the same; without a budget there is nothing to exceed."""
    ran = script(**job(DUALSCOPE_BUDGET_KG=most, DUALSCOPE_BUDGET_BASIS=basis))
    assert (ran.code, ran.outputs["exceeded"]) == (code, "true" if code else "false")
    assert "Scope 2, location-based" in ran.summary
    if code:
        assert "budget exceeded: 0.3659 kg CO2e, 0.0659 kg over the 0.3 kg planned" in ran.log  # 0.3659 − 0.3


def test_every_fault_is_told_by_its_pointer(script: Script) -> None:
    """A 422 in lines of the log; exit code 2, and the summary says that there are no figures."""
    ran = script(**job(DUALSCOPE_JOB_REGION="Frnce", DUALSCOPE_JOB_PUE="0.5"))
    assert (ran.code, ran.outputs) == (2, {})
    told = ran.log.splitlines()
    assert [line.split(": ")[1] for line in told] == ["/pue", "/region"]
    assert ran.summary == "Dualscope has no figures for this job; its log says why.\n"


def test_a_key_is_sent_and_asked_for(script: Script) -> None:
    """Without it the variable is named; with it the service answers. It stands in no line of the log."""
    key = new_key()
    settings = Settings(log_format="off", keys=key_line("pipeline", key, ""))
    with serving(create_app(settings, store=None)) as url:
        without = script(**job(DUALSCOPE_URL=url))
        having = script(**job(DUALSCOPE_URL=url, DUALSCOPE_KEY=key))
    assert (without.code, having.code) == (2, 0)
    assert without.log.startswith("dualscope: DUALSCOPE_KEY: this path needs a key")
    assert key not in having.log + having.summary


def test_a_service_that_is_down_does_not_pass(script: Script) -> None:
    """Exit code 1: nobody knows whether the budget is kept."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        url = f"http://127.0.0.1:{found.getsockname()[1]}"
    ran = script(**job(DUALSCOPE_URL=url, DUALSCOPE_BUDGET_KG="1"))
    assert (ran.code, ran.outputs) == (1, {})
    assert "the service is not reached" in ran.log


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"DUALSCOPE_URL": ""}, "DUALSCOPE_URL: it should be the address of the service"),
        ({"DUALSCOPE_URL": "file:///etc/passwd"}, "DUALSCOPE_URL: an address as https://host is wanted"),
        ({"DUALSCOPE_KEY": "a b"}, "DUALSCOPE_KEY: it has a character that no header can have"),
        ({"DUALSCOPE_JOB_KWH": "nan"}, "DUALSCOPE_JOB_KWH: it is no number"),
        ({"DUALSCOPE_JOB_REGON": "FR"}, "DUALSCOPE_JOB_REGON: it is no variable of this program"),
        ({"DUALSCOPE_BUDGET_KG": "nan"}, "DUALSCOPE_BUDGET_KG: a number from 0 on is wanted"),
        ({"DUALSCOPE_BUDGET_KG": "-1"}, "DUALSCOPE_BUDGET_KG: a number from 0 on is wanted"),
        ({"DUALSCOPE_BUDGET_KG": "10kg"}, "DUALSCOPE_BUDGET_KG: a number from 0 on is wanted"),
        ({"DUALSCOPE_BUDGET_BASIS": "both"}, "DUALSCOPE_BUDGET_BASIS: it is one of larger"),
        ({"DUALSCOPE_JOB_TAG": "team"}, "DUALSCOPE_JOB_TAG: write team=vision,stage=test"),
        ({"DUALSCOPE_JOB_FILE": "nothing.json"}, "nothing.json: there is no such file"),
        ({"DUALSCOPE_JOB_FILE": '{"a": '}, "the workload: Bad JSON"),
        ({"DUALSCOPE_JOB_FILE": '{"workloads": []}'}, "the workload: this is a batch; one is wanted"),
        ({"DUALSCOPE_JOB_FILE": "{} {}"}, "the workload: one JSON object is wanted"),
    ],
)
def test_what_makes_no_sense_does_not_pass(variables: dict[str, str], told: str, script: Script) -> None:
    """Exit code 2, and a line that names the variable: a budget that cannot be read is none that is kept."""
    ran = script(**job(**variables))
    assert (ran.code, ran.outputs) == (2, {})
    assert ran.log.startswith(f"dualscope: {told}")


def test_a_file_goes_before_the_environment(script: Script) -> None:
    """Field by field, as with the command: 10 kWh of the file, France of the environment; twice 0.3659."""
    ran = script(**job(DUALSCOPE_JOB_FILE='{"energy": {"kwh": 10}}'))
    assert float(ran.outputs["location-based-kg"]) == pytest.approx(0.7318, abs=1e-4)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_of_a_stranger_is_only_text(text: str, script: Script) -> None:
    """A branch, a job or an id that somebody chose to do harm: it is not run, and forges no line of log or output."""
    ran = script(
        **job(
            GITHUB_REF_NAME=text,
            GITHUB_JOB=text,
            DUALSCOPE_JOB_ID=text[:64],
            DUALSCOPE_JOB_TAG="message=" + text.replace(",", ";"),
            COMMIT_MESSAGE=text,
        )
    )
    assert ran.code in {0, 2}
    assert all(line.startswith("dualscope: ") for line in ran.log.splitlines())
    assert ran.outputs.keys() <= {"location-based-kg", "market-based-kg", "exceeded"}
    assert not re.search(r"(?m)^::|(?<!\\)<script", ran.summary)


def test_a_fault_does_not_forge_a_command_of_the_runner(script: Script) -> None:
    """What the service says of a stranger's text stays behind our name."""
    ran = script(**job(DUALSCOPE_JOB_REGION="x\n::error::forged\n##[error]forged"))
    assert ran.code == 2
    assert all(line.startswith("dualscope: ") for line in ran.log.splitlines())
    assert "##[" not in ran.log


def test_the_script_reads_what_the_command_reads() -> None:
    """One name for one field, in both; and no input of the action stands in the text of its script."""
    text = (ACTION / "job-carbon.sh").read_text(encoding="utf-8")
    fields = text.split("def FIELDS: {", 1)[1].split("};", 1)[0]
    paths = {
        name: "/" + "/".join(re.findall(r'"(\w+)"', path)) for name, path in re.findall(r"(\w+): \[(.*?)\]", fields)
    }
    simple = {flag.attribute.upper(): flag.pointer for flag in FLAGS if flag.attribute not in {*BY_ITSELF, "tag"}}
    assert paths == simple
    action = (ACTION / "action.yml").read_text(encoding="utf-8")
    assert [line.strip() for line in action.splitlines() if "run:" in line] == [
        'run: bash "$GITHUB_ACTION_PATH/job-carbon.sh"'
    ]
    inputs = set(re.findall(r"^  ([\w-]+):$", action.split("outputs:", 1)[0], re.MULTILINE))
    assert set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", action)) == inputs


def schema_holds(schema: str, path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Hold a file against one of the schemas that check-jsonschema brings."""
    main = pytest.importorskip("check_jsonschema").main
    with pytest.raises(SystemExit) as left:
        main(["--builtin-schema", schema, str(path)])
    assert left.value.code == 0, capfd.readouterr()


def test_the_action_is_one(capfd: pytest.CaptureFixture[str]) -> None:
    """Its description has the schema of actions."""
    schema_holds("vendor.github-actions", ACTION / "action.yml", capfd)


@pytest.mark.parametrize(("mark", "schema"), [("jobs:", "github-workflows"), ("script:", "gitlab-ci")])
def test_the_pipelines_of_the_readme_are_some(
    mark: str, schema: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What README.md shows has the schema of workflows, and of GitLab's pipelines."""
    found = [block for block in re.findall(r"^```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL) if mark in block]
    assert found
    for block in found:
        file = tmp_path / "pipeline.yml"
        file.write_text(block)
        schema_holds(f"vendor.{schema}", file, capfd)


def test_the_workflow_of_the_readme_gives_what_the_action_takes() -> None:
    """Each input that it names is one; and it has five lines to gate a job."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    (step,) = [block.split("job-carbon", 1)[1] for block in blocks if "job-carbon" in block]
    given = set(re.findall(r"^ {10}([\w-]+):", step, re.MULTILINE))
    action = (ACTION / "action.yml").read_text(encoding="utf-8")
    inputs = set(re.findall(r"^  ([\w-]+):$", action.split("outputs:", 1)[0], re.MULTILINE))
    assert given
    assert given <= inputs


def test_outputs_are_numbers(script: Script) -> None:
    """As JSON has them, so that a step behind it can reckon with them."""
    outputs = script(**job()).outputs
    assert all(json.loads(outputs[name]) > 0 for name in ("location-based-kg", "market-based-kg"))
