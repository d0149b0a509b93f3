"""Every code that an answer can carry, with its meaning."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

Severity = Literal["error", "warning", "info"]


class Code(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One code of `codes.json`."""

    code: str
    severity: Severity
    http_status: int
    section: int
    message: str


@cache
def codes() -> dict[str, Code]:
    """All codes by name, read once from the package."""
    rows = msgspec.json.decode((Path(__file__).parent / "codes.json").read_bytes(), type=list[Code])
    return {row.code: row for row in rows}
