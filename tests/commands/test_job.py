"""Where the workload of `dualscope estimate` comes from, and how a mistake in it is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], str]:
    """Write a file of a workload; its name."""

    def written(content: bytes) -> str:
        path = tmp_path / "job.json"
        path.write_bytes(content)
        return str(path)

    return written


def test_flags_go_before_the_file_and_the_file_before_the_environment(run: Any, file: Any) -> None:
    """Field by field: pue of the environment, kwh of a flag, region of the file."""
    name = file(b'{"region": "FR", "energy": {"kwh": 1, "level": "it"}, "tags": {"team": "a", "stage": "test"}}')
    variables = {"DUALSCOPE_JOB_REGION": "DE", "DUALSCOPE_JOB_PUE": "1.5", "DUALSCOPE_JOB_KWH": "2"}
    answer = json.loads(run("estimate", "-f", name, "--kwh", "10", "--tag", "team=b", "--json", **variables).answer)
    assert answer["region"]["id"] == "FR"
    assert answer["energy"]["facility_kwh"] == pytest.approx(15)  # 10 kWh × 1.5
    assert answer["tags"] == {"team": "b", "stage": "test"}


def test_tags_and_units_may_be_repeated(run: Any) -> None:
    """Each adds one; the name of a unit may have spaces."""
    words = ["--tag", "team=vision", "--tag", "note=a=b", "--unit", "1M tokens=9000"]
    answer = json.loads(run("estimate", "--region", "FR", "--kwh", "9", *words, "--json").answer)
    assert answer["tags"] == {"team": "vision", "note": "a=b"}
    (unit,) = {intensity["unit"] for intensity in answer["intensities"]}
    assert unit == "1M tokens"


def test_the_environment_describes_a_workload_alone(run: Any) -> None:
    """Variables, with commas between tags; the JSON of a workload may stand in one."""
    by_fields = run("estimate", "--json", DUALSCOPE_JOB_REGION="FR", DUALSCOPE_JOB_KWH="5", DUALSCOPE_JOB_TAG="a=1,b=2")
    job = {"region": "FR", "energy": {"kwh": 5}, "tags": {"a": "1", "b": "2"}}
    assert by_fields.code == 0
    assert run("estimate", "--json", DUALSCOPE_JOB_FILE=json.dumps(job)).answer == by_fields.answer


def test_a_variable_that_is_none_of_ours_is_told(run: Any) -> None:
    """One that is mistyped is not left out unheard."""
    told = run("estimate", "--region", "FR", "--kwh", "5", DUALSCOPE_JOB_REGON="DE").told
    assert told == [
        (
            "dualscope: DUALSCOPE_JOB_REGON is no variable of this program and is not used; "
            "did you mean DUALSCOPE_JOB_REGION?"
        )
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty; it should hold one workload as a JSON object"),
        (b"[{}]", "one workload is wanted, and this is a list; many are sent as"),
        (b'"x"', "a JSON object is wanted, as in"),
        (b'{"workloads": [{}, {}]}', "this is a batch, of 2; send it to POST /emissions/batch"),
        (b"\xff\xfe{\x00}\x00", "it is in UTF-16; save it in UTF-8"),
        (b'{"region": "FR",\n "energy": {"kwh": 5,}}', ", line 2, column 2"),
        (b'{"id": 1}\n{"id": 2}', ", line 2: one workload is wanted, and here begins more"),
        (b'{"pue": NaN}', "NaN is no number; leave the field out"),
        (b'{"id": "\xff"}', ", line 1: a character is not in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
    ids=["empty", "list", "text", "batch", "utf-16", "comma", "lines", "nan", "latin-1", "deep"],
)
def test_a_file_that_holds_no_workload_is_told(content: bytes, told: str, run: Any, file: Any) -> None:
    """By its name, by line and column where that helps; exit code 2 and no answer."""
    name = file(content)
    code, answer, lines = run("estimate", "-f", name)
    assert (code, answer, len(lines)) == (2, "", 1)
    assert lines[0].startswith(f"dualscope: {name}")
    assert told in lines[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-f", "nothing.json"], "nothing.json: No such file or directory"),
        (["-f", "/"], "/: Is a directory"),
        (["--regoin", "FR"], "--regoin: there is no such flag; did you mean --region?"),
        (["--region", "FR", "--kwh", "1,5"], "argument --kwh: '1,5' is no number; write it without commas"),
        (["--region", "FR", "--kwh", "nan"], "argument --kwh: 'nan' is no number that can be counted with"),
        (["--region", "FR"], "--kwh: send energy; to have it modeled, send hardware"),
        (["--level", "facilty"], "argument --level: invalid choice: 'facilty'; did you mean facility?"),
        (["--tag", "team"], "argument --tag: 'team': write a name and a value, as in team=vision"),
        (["--unit", "tokens=many"], "argument --unit: 'many' is no number"),
        (["FR"], "FR: what is it? A value follows its flag"),
    ],
)
def test_a_command_line_without_sense_is_told(words: list[str], told: str, run: Any) -> None:
    """Its first line says what to mend, by the flag; exit code 2 and no answer."""
    code, answer, lines = run("estimate", *words)
    assert (code, answer) == (2, "")
    assert lines[0].startswith(f"dualscope: {told}")


def test_a_fault_names_who_set_the_field(run: Any, file: Any) -> None:
    """The flag, the variable, or the place in the file."""
    name = file(b'{"region": "FR", "energy": {"kwh": 5}, "pue": 0.5}')
    told = run("estimate", "-f", name, "--share", "2", "--instance", "p5.48xlarge", DUALSCOPE_JOB_HOURS="-1").told
    assert len(told) == 1  # of the schema comes first, one at a time
    code, _, told = run("estimate", "-f", name, "--region", "Frnce")
    assert code == 2
    assert [line.split(": ")[1] for line in told] == ["/pue", "--region"]
    assert (
        run("estimate", "--kwh", "5", DUALSCOPE_JOB_REGION="Frnce")
        .told[0]
        .startswith("dualscope: DUALSCOPE_JOB_REGION: 'Frnce' is not known")
    )


def test_what_a_caller_wrote_does_not_move_the_cursor(run: Any) -> None:
    """Text of a workload is shown on a terminal without what would control it."""
    shown = run("estimate", "--region", "FR", "--kwh", "5", "--id", "a\x1b[2Jb\u202ec").answer
    assert "\x1b" not in shown
    assert "\u202e" not in shown
