"""No text of a caller forges a line of the log, or steers the terminal of who reads it."""

import json
import logging

import pytest

from service.http.observed import LogLine, _as_json, _as_text
from service.telemetry.logs import _AsJson, _AsText

EVIL = "a\n2026 200 GET /forged\r\x1b[2J\x7f\x85\u202e\u2028\u200b\ud800"
STEERING = set("\n\r\x1b\x7f\x85\u202e\u2028\u200b")


@pytest.mark.parametrize("written", [_as_json, _as_text])
def test_a_line_of_a_request_is_one_line(written: object) -> None:
    """Whatever stands in path and method, nothing of it ends the line."""
    evil = EVIL.removesuffix("\ud800")
    line = LogLine(0.0, "id", "GET", "unmatched", evil, 404, 1.0, key=evil)
    text = written(line).decode()  # type: ignore[operator]
    assert text.count("\n") == 1
    assert "\x1b" not in text
    if written is _as_text:
        assert not STEERING & set(text[:-1])


@pytest.mark.parametrize("form", [_AsJson(), _AsText()])
def test_a_message_is_one_line(form: logging.Formatter) -> None:
    """The same for what goes wrong, and each line of a traceback is indented."""
    try:
        int(EVIL)
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, EVIL, (), (type(error), error, error.__traceback__))
    told = form.format(record)
    first, *rest = told.split("\n")
    assert all(line.startswith("  | ") for line in rest)
    assert not STEERING & set("".join([first, *rest]))
    if isinstance(form, _AsJson):
        assert json.loads(told)["level"] == "error"
