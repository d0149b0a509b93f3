"""`dualscope bulk`, with the store that the settings name."""

import argparse

from service.bulk import commands
from service.opening import open_store
from service.resolve import Resolver


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    commands.add_arguments(parser, lambda settings: Resolver(open_store(settings)))
