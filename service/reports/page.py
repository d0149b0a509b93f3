"""A report as one page that needs nothing else: no script, no request, its style inside and named by its hash."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from service.method.allocation import Steps
from service.reports.parts import Report
from service.reports.wording import ROUNDED, visible

if TYPE_CHECKING:
    from jinja2 import Template

_FOLDER = Path(__file__).parent / "templates"
_STYLE = (_FOLDER / "report.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_IN_PAGE = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
"""Holds where the page is opened from a disk."""
POLICY = f"{_IN_PAGE}; frame-ancestors 'none'"
"""Content-Security-Policy of the page."""
_PIECES_A_STEP = 2000
"""Written in about a millisecond."""


@cache
def template() -> "Template":
    """The page, compiled once, when it is first asked for: that takes some thirty milliseconds."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only who asks for a page needs it

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return environment.get_template("report.html")


def _finalize(value: object) -> object:
    """What is written of an expression: all text in one line of characters that show; markup of our own as it is."""
    return visible(value) if type(value) is str else value


def page(report: Report) -> Steps[bytes]:
    """The page, made in steps so that others have their turn."""
    pieces: list[str] = []
    until = _PIECES_A_STEP
    for piece in template().generate(report=report, style=_STYLE, policy=_IN_PAGE, rounded=ROUNDED):
        pieces.append(piece)
        if len(pieces) >= until:
            until += _PIECES_A_STEP
            yield
    return "".join(pieces).encode()
