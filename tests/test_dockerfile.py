"""The image cannot be built where there is no registry: what can be checked without one."""

import fnmatch
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
INSTRUCTIONS = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, BUILD = PYPROJECT["project"], PYPROJECT["build-system"]["requires"]
LISTS = (ROOT / ".ci" / "image.txt", ROOT / ".ci" / "image-build.txt")
"""What the image installs, and what builds the wheel in it."""
PINNED = r"[a-z0-9.-]+==[\w.]+( ; [^\\]+)?(\s+--hash=sha256:[0-9a-f]{64})+"


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
    """The package, its tables, the texts that pyproject.toml names, and the lists of what is installed beside it."""
    texts = {"pyproject.toml", PROJECT["readme"], *PROJECT["license-files"]}
    assert {"service", "factors", *texts, *(str(path.relative_to(ROOT)) for path in LISTS)} == set(copied())


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_all_that_is_installed_is_known_by_its_hash(path: Path) -> None:
    """Each package stands there with one version and the hashes of its files, and no address of a registry."""
    text = path.read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.fullmatch(PINNED, line)] == []


@pytest.mark.parametrize(
    ("path", "wanted"),
    [(LISTS[0], [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["bulk"]]), (LISTS[1], BUILD)],
    ids=["image", "build"],
)
def test_what_the_project_needs_is_in_the_list(path: Path, wanted: list[str]) -> None:
    """A new dependency, or a newer release that the project asks for, is in the image too."""
    held = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    needs = [Requirement(line) for line in wanted]
    assert [need.name for need in needs if held.get(need.name.lower(), "none") not in need.specifier] == []


def test_nothing_is_installed_that_is_not_in_the_lists() -> None:
    """Every command of pip that reaches a registry checks hashes."""
    commands = re.findall(r"pip (?:install|wheel) [^&\n]*", "\n".join(INSTRUCTIONS))
    assert len(commands) == 4
    assert [line for line in commands if not re.search("--require-hashes|--no-index|--no-build-isolation", line)] == []


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
