"""`dualscope completion SHELL`: a script that completes its commands, flags and their values."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from service.commands.parsing import commands_of, flags_of, meanings_of
from service.commands.shells import SHELLS, Command, Word
from service.commands.telling import answer
from service.settings import Settings

_FILES = {"FILE", "DIRECTORY", "IN", "OUT"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=f"one of {', '.join(SHELLS)}")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace, settings: Settings) -> int:
    del settings
    answer(SHELLS[args.shell]([*described(args.whole)]).encode())
    return 0


def described(parser: argparse.ArgumentParser, path: str = "dualscope", meaning: str = "") -> Iterator[Command]:
    """A parser and those below it, each after the one above it."""
    below, meanings = commands_of(parser), meanings_of(parser)
    words = tuple(_word(action) for action in flags_of(parser))
    yield Command(path, meaning, tuple(below), words)
    for name, command in below.items():
        yield from described(command, f"{path} {name}", meanings.get(name, ""))


def _word(action: argparse.Action) -> Word:
    return Word(
        names=tuple(action.option_strings),
        meaning=(action.help or "").replace("%%", "%"),
        takes=action.nargs != 0,
        choices=tuple(map(str, action.choices or ())),
        of_files=action.type is Path or action.metavar in _FILES,
    )
