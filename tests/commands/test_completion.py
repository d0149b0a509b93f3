"""`dualscope completion SHELL`: the script, run by the shell itself."""

import shutil
import subprocess
from typing import Any

import pytest

from service.__main__ import COMMANDS

LINES = [
    ("dualscope est", {"estimate"}),
    ("dualscope ", set(COMMANDS)),
    ("dualscope estimate --bud", {"--budget-kg", "--budget-basis"}),
    ("dualscope estimate --budget-basis ", {"location_based", "market_based", "larger"}),
    ("dualscope estimate --kwh 5 --level f", {"facility"}),
    ("dualscope import focus REA", {"README.md"}),
    ("dualscope estimate -f REA", {"README.md"}),
    ("dualscope completion z", {"zsh"}),
    ("dualscope hardware warm --provider a", {"aws", "azure"}),
]
ASK = """
ask() {
  COMP_WORDS=($1); [[ $1 == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
  _dualscope 2>/dev/null; printf '%s\\n' "${COMPREPLY[@]}"
}
"""


def asked(shell: str, script: str) -> str:
    """Run a script; what it prints."""
    return subprocess.run([shell, "-c", script], capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize(("line", "words"), LINES)
@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes(line: str, words: set[str], run: Any) -> None:
    """Commands, flags, their values, and files where files are wanted."""
    script = run("completion", "bash").answer
    assert set(asked("bash", f"{script}\n{ASK}\nask '{line}'").split()) == words
    assert asked("bash", f"{script}\ncomplete -p dualscope") == "complete -F _dualscope dualscope\n"


@pytest.mark.parametrize(("line", "words"), LINES)
@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish here")
def test_fish_completes(line: str, words: set[str], run: Any) -> None:
    """The same, as fish asks itself."""
    script = run("completion", "fish").answer
    found = asked("fish", f"{script}\ncomplete -C '{line}'")
    assert {entry.split("\t")[0] for entry in found.splitlines()} == words


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh here")
def test_zsh_takes_the_script(run: Any) -> None:
    """It is loaded, and completes dualscope."""
    script = run("completion", "zsh").answer
    assert asked("zsh", f"autoload -Uz compinit; compinit -D -u\n{script}\necho $_comps[dualscope]").strip()
