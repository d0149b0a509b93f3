"""The command in this process: what it answers, what it says, and its exit code."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from service.__main__ import main


class Run(NamedTuple):
    """What a run of the command gave."""

    code: int
    answer: str
    told: list[str]


Runner = Callable[..., Run]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that the runs share."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def run(cache: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Runner:
    """Run the command with these words, in an environment that has only these variables of ours."""
    for name in os.environ:
        if name.startswith("DUALSCOPE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DUALSCOPE_CACHE_DIR", str(cache))

    def running(*words: str, **variables: str) -> Run:
        with monkeypatch.context() as patch:
            set_all(patch, variables)
            try:
                code = main(words)
            except SystemExit as left:
                code = int(left.code or 0)
        out, err = capfd.readouterr()
        return Run(code, out, err.splitlines())

    return running


def set_all(patch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> None:
    """Set variables of the environment."""
    for name, value in variables.items():
        patch.setenv(name, value)
