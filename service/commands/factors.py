"""`dualscope factors`, on the tables that the settings name."""

import argparse
from pathlib import Path

from service.factors import commands
from service.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    commands.add_arguments(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace, settings: Settings) -> int:
    here = Path("dualscope-cache")  # for a user without a home
    return commands.run(args, settings.factors_dir, settings.cache_dir or here)
