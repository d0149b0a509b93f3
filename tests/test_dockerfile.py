"""The image cannot be built where there is no registry: what can be checked without one."""

import fnmatch
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
INSTRUCTIONS = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def arguments(instruction: str) -> list[list[str]]:
    """Return the words of each line that starts with an instruction."""
    return [line.split()[1:] for line in INSTRUCTIONS if line.startswith(f"{instruction} ")]


def copied() -> list[str]:
    """Return what is copied out of the checkout, not from another stage."""
    return [source for words in arguments("COPY") if not words[0].startswith("--") for source in words[:-1]]


def test_it_copies_only_what_exists() -> None:
    """A renamed path breaks the build."""
    assert copied()
    assert [path for path in copied() if not (ROOT / path).exists()] == []


def test_the_ignore_file_lets_through_just_what_is_copied() -> None:
    """Everything is kept out of the build but the paths that are named."""
    written = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    lines = [line for line in written if not line.startswith("#")]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == set(copied())
    hidden = [line for line in lines[1:] if not line.startswith("!")]
    assert not [path for path in copied() if any(fnmatch.fnmatch(path, pattern) for pattern in hidden)]


def test_what_the_wheel_is_built_from_is_copied() -> None:
    """The package, its tables, and the texts that pyproject.toml names."""
    assert {"service", "factors", "pyproject.toml", PROJECT["readme"], *PROJECT["license-files"]} == set(copied())


def test_both_stages_stand_on_one_base() -> None:
    """A virtual environment works only beside the interpreter that it was made with."""
    bases = {words[0] for words in arguments("FROM")}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+-slim(@sha256:[0-9a-f]{64})?", bases.pop())


def test_it_runs_our_command_as_nobody_in_particular() -> None:
    """The last user is not root, and the command is the one that the wheel installs."""
    assert arguments("USER")[-1] == ["999"]
    assert arguments("CMD")[-1][0].strip('[",') in PROJECT["scripts"]
    assert len(arguments("HEALTHCHECK")) == 1
