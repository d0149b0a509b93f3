"""The `dualscope` command: serve · estimate · import · bulk · factors · hardware · keys · openapi · completion.

Exit codes: 0 done; 1 the surroundings do not allow it (a port that is taken, a table that cannot be loaded, a service
that is not reached); 2 what was given makes no sense; 3 above the budget; 4 the budget cannot be judged; 130 broken off
from the keyboard; 141 nobody reads the answer.
"""

import contextlib
import importlib
import os
import sys
from collections.abc import Collection, Sequence

from service import __version__
from service.commands.parsing import Parser, commands_of
from service.commands.telling import (
    BROKEN_OFF,
    FAILED,
    SENSELESS,
    UNREAD,
    CommandFailed,
    CommandInvalid,
    fail,
)
from service.errors import FactorDataInvalid
from service.settings import SettingsInvalid, read_settings

COMMANDS = {
    "serve": ("answer over HTTP", "service.commands.serve"),
    "estimate": ("estimate one workload, here and now or by a service", "service.commands.estimate"),
    "import": ("read a file of another tool, a provider's report or a bill", "service.importing.commands"),
    "bulk": ("estimate whole billing exports", "service.commands.bulk"),
    "factors": ("import, build, check, compare and list factor tables", "service.commands.factors"),
    "hardware": ("the live hardware source", "service.commands.hardware"),
    "keys": ("make API keys, look through those that there are", "service.commands.keys"),
    "openapi": ("print the OpenAPI document", "service.commands.openapi"),
    "completion": ("print a script that completes commands in a shell", "service.commands.completion"),
}
"""Name → meaning, and the module that adds its arguments: loaded only for the command that is run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    name = next((word for word in words if not word.startswith("-")), None)
    parser = parser_of(COMMANDS if name == "completion" else [name] if name in COMMANDS else [])
    args, rest = parser.parse_known_args(words)
    if rest:
        commands_of(parser)[args.command].refuse(rest)
    try:
        return int(args.run(args, read_settings(os.environ)))
    except (CommandInvalid, SettingsInvalid) as error:
        return fail(str(error), SENSELESS)
    except CommandFailed as error:
        return fail(str(error), FAILED)
    except FactorDataInvalid as error:
        return fail("\n".join(error.faults), FAILED)
    except KeyboardInterrupt:
        return fail("broken off", BROKEN_OFF)
    except BrokenPipeError:
        with contextlib.suppress(OSError):  # what is not written yet has no reader either
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD


def parser_of(names: Collection[str]) -> Parser:
    """The parser, with the arguments of these commands; of the others it knows the names."""
    parser = Parser(prog="dualscope", description="Carbon accounting for computing workloads.")
    parser.add_argument("--version", action="version", version=f"dualscope {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    parser.set_defaults(whole=parser)
    for name, (meaning, module) in COMMANDS.items():
        command = commands.add_parser(name, help=meaning, description=f"{meaning[0].upper()}{meaning[1:]}.")
        if name in names:
            importlib.import_module(module).add_arguments(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
