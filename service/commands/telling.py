"""What a command says, and to whom: its answer to standard output, all else to standard error; and its exit codes."""

import sys
import unicodedata

from service.errors import DualscopeError

FAILED = 1
"""The surroundings do not allow it: a port that is taken, a service that is not reached."""
SENSELESS = 2
"""What was given makes no sense."""
OVER_BUDGET = 3
"""The answer is there, and above its budget."""
UNJUDGED = 4
"""The answer is there, but what it lacks keeps it from being held against a budget."""
BROKEN_OFF = 130
"""Ended from the keyboard."""
UNREAD = 141
"""Nobody reads on: as a shell reports a pipe that was closed."""


class CommandInvalid(DualscopeError):
    """What a command was given makes no sense."""


class CommandFailed(DualscopeError):
    """A command cannot do what it should."""


def harmless(text: str) -> str:
    """Text that may hold a caller's, for a terminal: nothing in it moves the cursor or turns the writing around."""
    return "".join(
        c if c == "\n" or not unicodedata.category(c).startswith("C") else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def say(text: str) -> None:
    """Write to standard error."""
    sys.stderr.write(f"{harmless(text)}\n")


def fail(text: str, code: int) -> int:
    """Say what is wrong, each line with the program's name before it; the exit code."""
    for line in text.splitlines():
        say(f"dualscope: {line}")
    return code


def answer(text: bytes) -> None:
    """Write to standard output."""
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
