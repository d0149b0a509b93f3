"""Settings, read from the environment once. All defaults of the program's running stand here."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from service.errors import DualscopeError

RELEASE = "2026.1"
"""Of the shipped factor tables; the factor set's version is this and a hash of the tables in force."""

PREFIX = "DUALSCOPE_"
_PACKAGE = Path(__file__).parent

LogFormat = Literal["json", "text", "off"]


class SettingsInvalid(DualscopeError):
    """A setting has no sense: its variable and the mend."""


def shipped_factors() -> Path:
    """Where the shipped tables are: inside an installed package, or beside it in a checkout."""
    inside = _PACKAGE / "factors" / "data"
    return inside if inside.is_dir() else _PACKAGE.parent / "factors"


def user_cache() -> Path | None:
    """The platform's place for what can be made again; `None` for a user without a home.

    `$XDG_CACHE_HOME` or `~/.cache` (Linux), `~/Library/Caches` (macOS), `%LOCALAPPDATA%` (Windows), in it `dualscope`.
    """
    place = {
        "darwin": "~/Library/Caches",
        "win32": os.environ.get("LOCALAPPDATA", "~"),
    }.get(sys.platform, os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    try:
        return Path(place).expanduser() / "dualscope"
    except RuntimeError:
        return None


class Settings(Struct, frozen=True, kw_only=True):
    """How this process runs. The variable of `name` is `DUALSCOPE_NAME`."""

    factors_dir: Path = msgspec.field(default_factory=shipped_factors)
    """Folder of the factor tables. `DUALSCOPE_FACTORS_DIR`"""
    factors_overlay: Path | None = None
    """Folder of the operator's own tables, whose rows outrank the shipped ones. `DUALSCOPE_FACTORS_OVERLAY`"""
    factors_exclude: tuple[str, ...] = ()
    """Tables or parts to leave out, by file name without `.csv`, comma between. `DUALSCOPE_FACTORS_EXCLUDE`"""
    cache_dir: Path | None = msgspec.field(default_factory=user_cache)
    """Where the SQLite file that is derived from the tables is kept for the next start. `DUALSCOPE_CACHE_DIR`"""
    host: str = "127.0.0.1"
    """Address that `dualscope serve` listens on. `DUALSCOPE_HOST`"""
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    """Its port; 0 lets the system choose a free one. `DUALSCOPE_PORT`"""
    log_format: LogFormat = "json"
    """One line a request on standard output: `json`, `text` or `off`. `DUALSCOPE_LOG_FORMAT`"""
    body_limit_bytes: Annotated[int, Meta(ge=1024)] = 1024 * 1024
    """Largest body of a single workload, or line of a batch. `DUALSCOPE_BODY_LIMIT_BYTES`"""
    large_body_limit_bytes: Annotated[int, Meta(ge=1024)] = 16 * 1024 * 1024
    """Largest body of a batch, an allocation, a comparison, a disclosure. `DUALSCOPE_LARGE_BODY_LIMIT_BYTES`"""
    import_limit_bytes: Annotated[int, Meta(ge=1024)] = 1024 * 1024 * 1024
    """Largest file to import. `DUALSCOPE_IMPORT_LIMIT_BYTES`"""
    spool_limit_bytes: Annotated[int, Meta(ge=0)] = 1024 * 1024 * 1024
    """Most that answers of one batch take of the temporary folder until they are read. `DUALSCOPE_SPOOL_LIMIT_BYTES`"""
    patience_seconds: Annotated[float, Meta(gt=0)] = 60.0
    """How long a caller may leave unread what lies ready of a long answer. `DUALSCOPE_PATIENCE_SECONDS`"""
    keep_alive_seconds: Annotated[int, Meta(ge=1)] = 75
    """How long an idle connection is kept; longer than the usual 60 s of a balancer. `DUALSCOPE_KEEP_ALIVE_SECONDS`"""
    boavizta_url: str | None = None
    """Address of a BoaviztAPI server to ask for embodied figures; none: the tables alone. `DUALSCOPE_BOAVIZTA_URL`"""
    boavizta_budget_seconds: Annotated[float, Meta(gt=0, le=60)] = 2.0
    """Longest that a request waits for it before the tables answer. `DUALSCOPE_BOAVIZTA_BUDGET_SECONDS`"""
    drain_seconds: Annotated[int, Meta(ge=1)] = 30
    """How long requests in flight may take once the process is told to stop. `DUALSCOPE_DRAIN_SECONDS`"""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment.

    Raises:
        SettingsInvalid: a variable has the wrong type or is out of bounds.
    """
    given: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        text = environment.get(PREFIX + field.name.upper(), "").strip()
        # a Kubernetes Service named `dualscope` makes DUALSCOPE_PORT=tcp://10.0.0.1:8000: that is not ours
        if text and not text.startswith("tcp://"):
            given[field.name] = _parsed(field.name, field.type, text)
    return Settings(**given)


def _parsed(name: str, type_: type, text: str) -> object:
    value: object = [part.strip() for part in text.split(",") if part.strip()] if name == "factors_exclude" else text
    try:
        return msgspec.convert(value, type_, strict=False, dec_hook=lambda wanted, raw: wanted(raw))
    except msgspec.ValidationError as error:
        wanted = f"it is one of {', '.join(get_args(type_))}" if get_origin(type_) is Literal else error
        raise SettingsInvalid(f"{PREFIX}{name.upper()}={text}: {wanted}") from error
