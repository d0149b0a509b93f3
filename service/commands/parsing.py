"""How a command line is read: whole flags only, and whoever mistypes one hears which was meant."""

import argparse
import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from service.commands.telling import SENSELESS, fail

_CHOICE = re.compile(r"(.*invalid choice: '(.*)') \(choose from (.*)\)", re.DOTALL)


class Parser(argparse.ArgumentParser):
    """A parser of a command, or of all of them.

    A flag is never cut short: what is short today may be two tomorrow, and scripts live long.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Say in a line or two what is wrong, and end."""
        choice = _CHOICE.fullmatch(message)
        if choice:
            known = [name.strip("'") for name in choice[3].split(", ")]
            message = f"{choice[1]}; {_meant(choice[2], known)}it is one of {', '.join(known)}"
        self.exit(fail(f"{message}\nsee {self.prog} --help", SENSELESS))

    def refuse(self, words: Sequence[str]) -> NoReturn:
        """Say which words no command knows."""
        flags = [*_flags(self)]
        told = [
            f"{word.partition('=')[0]}: there is no such flag{_near(word, flags)}" for word in words if word[0:1] == "-"
        ]
        told = told or [f"{word}: what is it? A value follows its flag" for word in words]
        self.error("\n".join(told))


def number(text: str) -> float:
    """A finite number, as `float` reads it.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        value = float(text)
    except ValueError:
        mend = "; write it without commas" if re.fullmatch(r"-?[\d,. ]+", text.strip()) else ""
        raise argparse.ArgumentTypeError(f"{text!r} is no number{mend}") from None
    if value - value != 0:  # not a number, or infinite
        raise argparse.ArgumentTypeError(f"{text!r} is no number that can be counted with")
    return value


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The name that was probably meant."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return near[0] if near else None


def commands_of(parser: argparse.ArgumentParser) -> dict[str, Parser]:
    """The commands below a parser, by name."""
    return {name: command for action in _below(parser) for name, command in action.choices.items()}


def meanings_of(parser: argparse.ArgumentParser) -> dict[str, str]:
    """What the commands below a parser do, by name."""
    listed = [choice for action in _below(parser) for choice in action._choices_actions]  # noqa: SLF001
    return {choice.dest: choice.help or "" for choice in listed}


def flags_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """The flags and places of a parser, without the commands below it."""
    below = _below(parser)
    return [action for action in parser._actions if action not in below]  # noqa: SLF001


def _below(parser: argparse.ArgumentParser) -> list[Any]:
    """What holds the commands below a parser; argparse has no public door to it."""
    return [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001


def _near(word: str, flags: Sequence[str]) -> str:
    near = nearest(word.partition("=")[0], flags)
    return f"; did you mean {near}?" if near else ""


def _meant(word: str, known: Sequence[str]) -> str:
    near = nearest(word, known)
    return f"did you mean {near}? " if near else ""


def _flags(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Of a parser and of the commands below it."""
    yield from (name for action in flags_of(parser) for name in action.option_strings)
    for below in commands_of(parser).values():
        yield from _flags(below)
