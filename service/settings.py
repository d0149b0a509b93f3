"""Settings, read from the environment once. All defaults of the program's running stand here."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from service.errors import DualscopeError
from service.telemetry.logs import LogFormat
from service.telemetry.starting import Wish

RELEASE = "2026.1"
"""Of the shipped factor tables; the factor set's version is this and a hash of the tables in force."""

MOST_WORKERS = 256
PREFIX = "DUALSCOPE_"
_PACKAGE = Path(__file__).parent

ForwardedHeader = Literal["x-forwarded-for", "forwarded"]


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
    drain_delay_seconds: Annotated[float, Meta(ge=0, le=3600)] = 1.0
    """How long it still takes new connections then, for a balancer to notice. `DUALSCOPE_DRAIN_DELAY_SECONDS`"""
    drain_seconds: Annotated[int, Meta(ge=1)] = 30
    """How long requests in flight may take once the process is told to stop. `DUALSCOPE_DRAIN_SECONDS`"""
    keys_file: Path | None = None
    """File of API keys, a line each; read again when it changes. `DUALSCOPE_KEYS_FILE`"""
    keys: str | None = None
    """The same lines, a semicolon between. `DUALSCOPE_KEYS`"""
    allow_open: bool = False
    """Whether `dualscope serve` may listen on other than loopback without keys. `DUALSCOPE_ALLOW_OPEN`"""
    without_key: tuple[Literal["/health/ready", "/metrics"], ...] = ("/health/ready",)
    """Which of these paths ask for no key even where there are keys, comma between. `DUALSCOPE_WITHOUT_KEY`"""
    operations_port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    """A port for /health and /metrics alone, without keys; they then stand at no other. `DUALSCOPE_OPERATIONS_PORT`"""
    requests_per_minute: Annotated[int, Meta(ge=0)] = 0
    """Of a key without a number of its own, of a caller's address where there are no keys; 0: any number.
    `DUALSCOPE_REQUESTS_PER_MINUTE`"""
    requests_at_once: Annotated[int, Meta(ge=1)] = 256
    """Most requests that are answered at a time. `DUALSCOPE_REQUESTS_AT_ONCE`"""
    large_at_once: Annotated[int, Meta(ge=1)] = 32
    """The same of those with a large body or a file. `DUALSCOPE_LARGE_AT_ONCE`"""
    queue_length: Annotated[int, Meta(ge=0)] = 128
    """Most requests that wait for one of those to end. `DUALSCOPE_QUEUE_LENGTH`"""
    queue_seconds: Annotated[float, Meta(gt=0)] = 2.0
    """Longest that they wait. `DUALSCOPE_QUEUE_SECONDS`"""
    request_seconds: Annotated[float, Meta(gt=0)] = 60.0
    """Longest that a request may take, its body's arrival included. `DUALSCOPE_REQUEST_SECONDS`"""
    large_seconds: Annotated[float, Meta(gt=0)] = 3600.0
    """The same of one with a large body or a file. `DUALSCOPE_LARGE_SECONDS`"""
    silence_seconds: Annotated[float, Meta(gt=0)] = 30.0
    """Longest that nothing of a body may arrive while it is waited for. `DUALSCOPE_SILENCE_SECONDS`"""
    head_seconds: Annotated[float, Meta(gt=0)] = 15.0
    """Longest that the head of a request may take to arrive. `DUALSCOPE_HEAD_SECONDS`"""
    head_limit_bytes: Annotated[int, Meta(ge=1024)] = 32 * 1024
    """Largest head of a request: its URL and headers. `DUALSCOPE_HEAD_LIMIT_BYTES`"""
    url_limit_bytes: Annotated[int, Meta(ge=256)] = 8 * 1024
    """Longest URL. `DUALSCOPE_URL_LIMIT_BYTES`"""
    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may read answers, comma between; `*`: any. `DUALSCOPE_CORS_ORIGINS`"""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies whose word on the caller is taken, comma between. `DUALSCOPE_TRUSTED_PROXIES`"""
    forwarded_header: ForwardedHeader = "x-forwarded-for"
    """The header in which they give it; no other is read. `DUALSCOPE_FORWARDED_HEADER`"""
    workers: Annotated[int, Meta(ge=1, le=MOST_WORKERS)] = 1
    """Processes that answer on the one port. `DUALSCOPE_WORKERS`"""
    otel: Wish = "auto"
    """Traces by OpenTelemetry: `auto` where `OTEL_EXPORTER_OTLP_ENDPOINT` is set, `on` or `off`. `DUALSCOPE_OTEL`"""
    build: Annotated[str, Meta(pattern=r"^[\w.+:/@-]{1,64}$")] | None = None
    """What the program was built from, for `/health/ready`: a commit. `DUALSCOPE_BUILD`"""


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
    listed = get_origin(type_) is tuple
    value: object = [part.strip() for part in text.split(",") if part.strip()] if listed else text
    try:
        return msgspec.convert(value, type_, strict=False, dec_hook=lambda wanted, raw: wanted(raw))
    except msgspec.ValidationError as error:
        wanted = f"it is one of {', '.join(get_args(type_))}" if get_origin(type_) is Literal else error
        raise SettingsInvalid(f"{PREFIX}{name.upper()}={text}: {wanted}") from error
