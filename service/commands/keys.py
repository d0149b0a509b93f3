"""`dualscope keys`, with what is wrong with a key told as of any command."""

import argparse
from collections.abc import Callable

from service.access import commands
from service.access.keys import KeysInvalid
from service.commands.parsing import commands_of
from service.commands.telling import CommandInvalid
from service.settings import Settings

_Run = Callable[[argparse.Namespace, Settings], int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    commands.add_arguments(parser)
    for command in commands_of(parser).values():
        command.set_defaults(run=_telling(command.get_default("run")))


def _telling(run: _Run) -> _Run:
    def telling(args: argparse.Namespace, settings: Settings) -> int:
        try:
            return run(args, settings)
        except KeysInvalid as error:
            raise CommandInvalid(str(error)) from None

    return telling
