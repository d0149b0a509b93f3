"""The words of a command line → a script that completes them in a shell. Nothing is run at a press of the tab key."""

import shlex
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct


class Word(Struct, frozen=True):
    """A flag or a place of a command: what may follow or stand there."""

    names: tuple[str, ...]
    """Of a flag; none for a place."""
    meaning: str
    takes: bool
    """Whether a value follows it."""
    choices: tuple[str, ...]
    of_files: bool

    @property
    def flags(self) -> bool:
        """Whether it is one."""
        return bool(self.names)


class Command(Struct, frozen=True):
    """A command, by the words that lead to it."""

    path: str
    meaning: str
    below: tuple[str, ...]
    words: tuple[Word, ...]


def bash(commands: Sequence[Command]) -> str:
    """A script for bash."""
    return f"""# Completion of dualscope in bash: source <(dualscope completion bash)
_dualscope() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} path=dualscope i
  if [[ $cur == '=' ]]; then cur=''; elif [[ $prev == '=' ]]; then prev=${{COMP_WORDS[COMP_CWORD-2]}}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path ${{COMP_WORDS[i]}}" in
      {_patterns(command.path for command in commands[1:])}) path="$path ${{COMP_WORDS[i]}}" ;;
    esac
  done
  COMPREPLY=()
  case "$path $prev" in
{_lines(_after_flags(commands), "    {0}) {1} ;;")}
  esac
  case "$path" in
{_lines([(_patterns([command.path]), _at(command)) for command in commands], "    {0}) {1} ;;")}
  esac
}}
_dualscope_files() {{ compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$1")); }}
complete -F _dualscope dualscope
"""


def zsh(commands: Sequence[Command]) -> str:
    """A script for zsh, which runs that for bash."""
    _, _, script = bash(commands).partition("\n")
    return f"""# Completion of dualscope in zsh: source <(dualscope completion zsh)
(( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit }}
autoload -Uz bashcompinit && bashcompinit
{script}"""


def fish(commands: Sequence[Command]) -> str:
    """A script for fish."""
    meanings = {command.path: command.meaning for command in commands}
    listed = "\n".join(line for command in commands for line in _fish(command, meanings))
    return f"""# Completion of dualscope in fish: dualscope completion fish | source
function __dualscope_at
    set -l path dualscope
    for word in (commandline -opc)[2..-1]
        contains -- "$path $word" {" ".join(map(shlex.quote, (command.path for command in commands[1:])))}
        and set path "$path $word"
    end
    test "$path" = "$argv"
end
complete -c dualscope -f
{listed}
"""


SHELLS: dict[str, Callable[[Sequence[Command]], str]] = {"bash": bash, "zsh": zsh, "fish": fish}


def _patterns(words: Iterable[str]) -> str:
    return "|".join(map(shlex.quote, words))


def _lines(pairs: Sequence[tuple[str, str]], form: str) -> str:
    return "\n".join(form.format(*pair) for pair in pairs)


def _after_flags(commands: Sequence[Command]) -> list[tuple[str, str]]:
    """What completes the value of each flag that takes one."""
    return [
        (_patterns([f"{command.path} {name}" for name in word.names]), f"{_values(word)}; return")
        for command in commands
        for word in command.words
        if word.flags and word.takes
    ]


def _values(word: Word) -> str:
    if word.choices:
        return _chosen(word.choices)
    return '_dualscope_files "$cur"' if word.of_files else ":"


def _chosen(words: Sequence[str]) -> str:
    return f'COMPREPLY=($(compgen -W {shlex.quote(" ".join(words))} -- "$cur"))'


def _at(command: Command) -> str:
    """What completes a word that follows no flag: flags once it begins so, else commands or what stands there."""
    flags = [name for word in command.words for name in word.names]
    places = [word for word in command.words if not word.flags]
    named = [*command.below, *(choice for word in places for choice in word.choices)]
    files = any(word.of_files for word in places)
    stands = [_chosen(named)] if named else []
    if files:
        stands.append('[[ ${#COMPREPLY[@]} -gt 0 ]] || _dualscope_files "$cur"')
    if not stands:
        return _chosen(flags)
    return f"if [[ $cur == -* ]]; then {_chosen(flags)}; else {'; '.join(stands)}; fi"


def _fish(command: Command, meanings: dict[str, str]) -> list[str]:
    """The lines of one command: what is below it, its flags, what stands at its places."""
    begin = f"complete -c dualscope -n {_fish_text(f'__dualscope_at {command.path}')}"
    lines = [f"{begin} -a {name} -d {_fish_text(meanings[f'{command.path} {name}'])}" for name in command.below]
    for word in command.words:
        parts = [begin]
        parts += [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in word.names]
        parts += ["-F" if word.of_files else "", ("-r" if word.of_files else "-x") if word.flags and word.takes else ""]
        parts += [f"-a {_fish_text(' '.join(word.choices))}"] if word.choices else []
        parts += [f"-d {_fish_text(word.meaning)}"] if word.meaning else []
        lines.append(" ".join(part for part in parts if part))
    return lines


def _fish_text(text: str) -> str:
    """A text in quotes, as fish reads them."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
