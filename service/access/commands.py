"""`dualscope keys`: make a key, look through those that there are. A key itself is shown once and kept nowhere."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any

from service.access.keyring import lines_of
from service.access.keys import Key, key_line, keys_in, new_key


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    new = commands.add_parser(
        "new", help="make a key: its line, with the digest alone, goes to standard output, the key to standard error"
    )
    new.add_argument("name", help="who it is for; it stands in logs and metrics")
    new.add_argument("--expires", help="from when it is no longer taken: 2027-01-01, or a time with its zone")
    for window in ("minute", "day", "month"):
        new.add_argument(f"--per-{window}", help=f"most requests in a {window}")
    new.add_argument("--may", help="data (default), operations (/health/ready and /metrics), or both, comma between")
    new.set_defaults(run=_new)
    check = commands.add_parser("check", help="read a file of keys, and list them")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_check)


def _new(args: argparse.Namespace, settings: object) -> int:
    del settings
    given = {name: getattr(args, name) for name in ("expires", "per_minute", "per_day", "per_month", "may")}
    key = new_key()
    line = key_line(args.name, key, " ".join(f"{name}={value}" for name, value in given.items() if value is not None))
    sys.stdout.write(f"{line}\n")
    sys.stderr.write(f"the key of {args.name}, shown only now: {key}\n")
    return 0


def _check(args: argparse.Namespace, settings: object) -> int:
    del settings
    for key in keys_in(lines_of(args.file), str(args.file)).values():
        sys.stdout.write(f"{_told(key)}\n")
    return 0


def _told(key: Key) -> str:
    words: list[Any] = [key.name, ",".join(sorted(key.may)), *(f"{most} a {window}" for window, most in key.quotas)]
    if key.expires is not None:
        moment = f"{datetime.fromtimestamp(key.expires, UTC):%Y-%m-%dT%H:%M:%SZ}"
        words.append(f"expired {moment}" if time() >= key.expires else f"until {moment}")
    return "  ".join(words)
