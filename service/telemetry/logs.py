"""Lines on standard error: what went wrong, one line each, beside the line of each request on standard output.

Text of callers and of other servers may stand in a message: no character of it ends a line or steers a terminal.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Literal

from service.telemetry.current import current

LogFormat = Literal["json", "text", "off"]

_LONGEST = 16_384
"""Of a message or a traceback. [characters]"""
_STEERING = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    code: f"\\u{code:04x}"
    for code in (0x2028, 0x2029, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
}


def escaped(text: str) -> str:
    """Text in which no character ends a line, turns its direction, is invisible or steers a terminal."""
    return text.translate(_STEERING).encode("utf-8", "backslashreplace").decode()


class _Lines(logging.Formatter):
    """What both forms have: time, level, who tells, of which request, what, and the traceback without local names."""

    def told(self, record: logging.LogRecord) -> dict[str, object]:
        """The parts of a line that are there."""
        request = current.get()
        told: dict[str, object] = {
            "time": record.created,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().strip()[:_LONGEST],
        }
        if request is not None:
            told["request_id"] = request.id.decode()
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)[-_LONGEST:]
        return told


class _AsJson(_Lines):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.told(record))  # ASCII: everything else is escaped


class _AsText(_Lines):
    def format(self, record: logging.LogRecord) -> str:
        told = self.told(record)
        when = f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        of = f" ({told['request_id']})" if "request_id" in told else ""
        first = f"{when} {record.levelname} {told['logger']}: {escaped(str(told['message']))}{of}"
        trace = [f"  | {escaped(line)}" for line in str(told.get("traceback", "")).splitlines()]
        return "\n".join([first, *trace])


def configure_logging(log_format: LogFormat) -> None:
    """Let everything that is logged go to standard error, in one form."""
    handler = logging.StreamHandler()
    handler.setFormatter(_AsJson() if log_format == "json" else _AsText())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("service").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
