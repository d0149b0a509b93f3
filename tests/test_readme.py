"""What README.md says is true: its requests get the answers that are printed below them, from a real server.

The two long commands that make a virtual environment are not run again in here: `.ci/run` reads both from README.md and
runs them word for word. What stands beside them is: each other command, the tables of routes and settings, and the
files that are named.
"""

import csv
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

import service
from service.settings import Settings, shipped_factors

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVER = "http://localhost:8000"
PATIENCE_S = 20.0
HARMLESS = {"curl", ".venv/bin/dualscope"}
"""Commands that install nothing and change nothing: only these are run."""


class Example(NamedTuple):
    """A command of README.md and what is printed below it."""

    command: str
    kind: str
    output: str


def examples() -> list[Example]:
    """Return each shell block with the block of another kind that follows it, words between them or not."""
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [
        Example(command, kind, output)
        for (shell, command), (kind, output) in itertools.pairwise(blocks)
        if shell == "sh" and kind in {"json", "text", "csv"} and command.split()[0] in HARMLESS
    ]


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading, without its head."""
    section = README.split(f"\n## {heading}\n", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def holds(answer: object, shown: object) -> bool:
    """Whether what is shown stands in the answer: an object may be shown in part, all else in whole."""
    if isinstance(shown, dict) and isinstance(answer, dict):
        return all(name in answer and holds(answer[name], value) for name, value in shown.items())
    if isinstance(shown, list) and isinstance(answer, list):
        return len(answer) == len(shown) and all(map(holds, answer, shown))
    return answer == shown


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which `dualscope` is the package under test, on a free port."""
    folder = tmp_path_factory.mktemp("readme")
    command = folder / "dualscope"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m service "$@"\n')
    command.chmod(0o755)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    return os.environ | {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(service.__file__).parent.parent),
        "DUALSCOPE_CACHE_DIR": str(folder / "cache"),
        "DUALSCOPE_PORT": str(port),
    }


@pytest.fixture(scope="module")
def address(environment: dict[str, str]) -> Iterator[str]:
    """Yield the address of a real server."""
    address, waiting = f"http://localhost:{environment['DUALSCOPE_PORT']}", threading.Event()
    with subprocess.Popen(["dualscope", "serve"], env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(int(PATIENCE_S / 0.05)):
                try:
                    urllib.request.urlopen(f"{address}/health/ready", timeout=PATIENCE_S).close()  # noqa: S310
                    break
                except (urllib.error.URLError, ConnectionError):
                    assert process.poll() is None, "the server has stopped"
                    waiting.wait(0.05)
            yield address
        finally:
            process.terminate()


@pytest.mark.skipif(shutil.which("curl") is None, reason="README's requests are made with curl")
@pytest.mark.parametrize("example", examples(), ids=map(str, range(1, len(examples()) + 1)))
def test_an_example_gives_what_is_printed_below_it(example: Example, environment: dict[str, str], address: str) -> None:
    """JSON is compared by value, shown in whole or in part; text line by line."""
    command = example.command.replace(".venv/bin/", "").replace(SERVER, address)
    shell = ["bash", "-c", command]
    done = subprocess.run(shell, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    if example.kind == "json":
        assert holds(json.loads(done.stdout), json.loads(example.output))
    else:
        printed = [line.rstrip() for line in done.stdout.strip().splitlines()]
        assert printed == example.output.strip().splitlines()


def test_there_is_a_number_and_a_command_for_each_purpose() -> None:
    """A number is shown; one block starts the service and one runs the tests, as `.ci/run` expects."""
    assert examples()
    shell = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert [sum(word in block for block in shell) for word in ("dualscope serve", "bin/pytest")] == [1, 1]


def test_the_routes_are_those_of_the_contract() -> None:
    """Every path of the OpenAPI document stands in the table, and no other."""
    paths = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    described = {f"{method.upper()} {path}" for path, item in paths.items() for method in item if method != "head"}
    named = {route for cells in rows("Routes") for route in re.findall(r"`([A-Z]+ [^`]+)`", cells[0])}
    assert named >= described
    assert {route for route in named - described if route.split()[1] not in UNDESCRIBED} == set()


UNDESCRIBED = {"/metrics", "/openapi.json", "/docs", "/"}
"""Routes that are not part of the OpenAPI document."""


def test_the_settings_are_those_that_are_read() -> None:
    """Each variable once, with its default where that is not a path."""
    fields = {f"DUALSCOPE_{field.name.upper()}": field for field in msgspec.structs.fields(Settings)}
    table = {cells[0].strip("`"): cells[1].strip("`") for cells in rows("Settings")}
    assert table.keys() == fields.keys()
    plain = {name: str(field.default) for name, field in fields.items() if isinstance(field.default, int | str)}
    plain = {name: default.lower() if default in ("True", "False") else default for name, default in plain.items()}
    assert {name: table[name] for name in plain} == plain


def test_the_sources_are_those_of_the_tables() -> None:
    """Each licence with every publisher whose figures stand under it, and the number of rows."""
    found: dict[str, set[str]] = {}
    count = 0
    for table in shipped_factors().glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found.setdefault(row["license"], set()).add(row["publisher"])
                count += 1
    assert {licence: set(publishers.split("; ")) for licence, publishers in rows("Factor sources")} == found
    assert f"{count:,} rows" in README


def test_the_files_that_are_named_exist() -> None:
    """A path in README.md that starts at the top of the repository."""
    path = r"((?:service|tests|factors|openapi|\.ci)/[\w./*-]*)"
    named = {first or second for first, second in re.findall(rf"`{path}`|\]\({path}[#)]", README)}
    assert named
    assert [path for path in named if not list(ROOT.glob(path))] == []
