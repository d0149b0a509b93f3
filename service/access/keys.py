"""API keys as they are written down: a line each, with the digest of the key and never the key.

    NAME sha256=HEX [expires=2027-01-01] [per_minute=600] [per_day=10000] [per_month=200000] [may=data,operations]

A key is 256 random bits, so that nobody can try them all, and a plain SHA-256 of it is enough: salt and slow hashes are
for secrets that people choose.
"""

import re
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Literal, get_args

from msgspec import Struct

from service.errors import DualscopeError

Purpose = Literal["data", "operations"]
WINDOWS = ("minute", "day", "month")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_PREFIX = "dualscope_"
"""So that a key that was published by mistake is found by those who scan for such."""
_RANDOM_BYTES = 32
_MOST = 1_000_000_000


class Key(Struct, frozen=True, kw_only=True):
    """A key: who it was given to, and what they may."""

    name: str
    digest: bytes
    """SHA-256."""
    expires: float | None = None
    """From this moment it is no longer taken. [s] of 1970"""
    quotas: tuple[tuple[str, int], ...] = ()
    """By window, those that are limited: (("minute", 600), …). A minute of 0 is one without a limit."""
    may: frozenset[Purpose] = frozenset({"data"})


class KeysInvalid(DualscopeError):
    """Keys that cannot be read: where, and what would be right. It never quotes what may be a key."""


def new_key() -> str:
    """A key that nobody has."""
    return _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def digest_of(key: bytes) -> bytes:
    """What of a key is kept."""
    return sha256(key).digest()


def key_line(name: str, key: str, options: str = "") -> str:
    """The line of a key.

    Raises:
        KeysInvalid: the name or an option is none.
    """
    line = " ".join([name, f"sha256={digest_of(key.encode()).hex()}", *options.split()])
    keys_in([line], "the new key")
    return line


def keys_in(lines: list[str], source: str) -> dict[bytes, Key]:
    """The keys of some lines by digest; empty lines and those that begin with `#` are none.

    Raises:
        KeysInvalid: a line is none, or a name or digest stands twice.
    """
    keys: dict[bytes, Key] = {}
    names: set[str] = set()
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            key = _key(words)
        except ValueError as error:
            raise KeysInvalid(f"{source}:{number}: {error}") from None
        if key.name in names or key.digest in keys:
            raise KeysInvalid(f"{source}:{number}: name or digest stands twice; each key has its own")
        names.add(key.name)
        keys[key.digest] = key
    return keys


def _key(words: list[str]) -> Key:
    name, *rest = words
    if not _NAME.fullmatch(name):
        raise ValueError("a line begins with the key's name: up to 64 letters, digits, '.', '_' or '-'")
    options = dict(word.partition("=")[::2] for word in rest)
    if len(options) < len(rest) or not options.keys() <= _OPTIONS.keys() or "sha256" not in options:
        raise ValueError(f"behind the name stand sha256=… and, at most once each, {', '.join([*_OPTIONS][1:])}")
    told = {option: _OPTIONS[option](option, text) for option, text in options.items()}
    quotas = tuple((window, told[f"per_{window}"]) for window in WINDOWS if f"per_{window}" in told)
    about: dict[str, Any] = {option: told[option] for option in ("expires", "may") if option in told}
    return Key(name=name, digest=told["sha256"], quotas=quotas, **about)


def _digest(_: str, text: str) -> bytes:
    if not _DIGEST.fullmatch(text):
        raise ValueError("sha256 is the digest of the key, 64 hexadecimal digits; `dualscope keys new NAME` makes both")
    return bytes.fromhex(text)


def _moment(_: str, text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or (moment.tzinfo is None and len(text) > len(date.min.isoformat())):
        raise ValueError("expires is a date, 2027-01-01 (from its beginning in UTC), or a time with its zone")
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()


def _number(option: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _MOST) or (not int(text) and option != "per_minute"):
        raise ValueError(f"{option} is how many requests, a whole number from 1; per_minute=0: any number")
    return int(text)


def _purposes(_: str, text: str) -> frozenset[Purpose]:
    known: tuple[Purpose, ...] = get_args(Purpose)
    chosen = frozenset(purpose for purpose in known if purpose in text.split(","))
    if not chosen or len(chosen) != len(text.split(",")):
        raise ValueError(f"may is one or more of {', '.join(known)}, comma between")
    return chosen


_OPTIONS: dict[str, Callable[[str, str], Any]] = {
    "sha256": _digest,
    "expires": _moment,
    "per_minute": _number,
    "per_day": _number,
    "per_month": _number,
    "may": _purposes,
}
