"""`dualscope openapi`: the interface document."""

import argparse

from service.app import document
from service.commands.telling import answer
from service.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace, settings: Settings) -> int:
    del args, settings
    answer(document())
    return 0
