"""Whether traces are recorded, decided at the start."""

import importlib.util
import logging
from collections.abc import Mapping
from typing import Literal

from service.telemetry.tracing import Tracing

Wish = Literal["auto", "on", "off"]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_HINT = "OpenTelemetry is not installed: pip install 'dualscope[otel]'"
_log = logging.getLogger(__name__)


class TracingMissing(Exception):
    """Traces are demanded, but what records them is not installed."""


def start_tracing(wish: Wish, environment: Mapping[str, str], version: str) -> Tracing | None:
    """What records spans; `None`: nothing does, and a caller's trace is passed on as it came.

    Args:
        wish: `auto` records where the environment names a collector.
        environment: with OpenTelemetry's own variables.
        version: of the program.

    Raises:
        TracingMissing: it is on, and not installed. Where it is `auto` that is one warning.
    """
    disabled = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    exporter = environment.get("OTEL_TRACES_EXPORTER", "otlp").strip().lower()
    named = any(environment.get(name, "").strip() for name in _ENDPOINTS)
    if wish == "off" or (wish == "auto" and (disabled or exporter == "none" or not named)):
        return None
    if not _installed():
        if wish == "on":
            raise TracingMissing(_HINT)
        _log.warning("a collector of traces is named, but %s", _HINT)
        return None
    from service.telemetry.otel import by_otlp  # noqa: PLC0415 - only where the extra is installed

    return by_otlp(version)


def _installed() -> bool:
    try:
        return importlib.util.find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        return False
