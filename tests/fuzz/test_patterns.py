"""No pattern of the program takes time that grows faster than what it reads: regexploit (Apache-2.0) looks at all."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

import service
from service.app import document

sre = pytest.importorskip("regexploit.ast.sre", reason="regexploit is in the group audit")
redos = pytest.importorskip("regexploit.redos", reason="regexploit is in the group audit")
HARMLESS = 2
"""Starriness up to which the time is at most quadratic, in a text whose length is bounded."""


def patterns() -> Iterator[tuple[str, str]]:
    """Each pattern with where it stands: compiled in a module, or a bound of the schema."""
    for module in pkgutil.walk_packages(service.__path__, "service."):
        if module.name.endswith(("__main__", ".spark")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                text = value.pattern
                yield f"{module.name}.{name}", text.decode("latin-1") if isinstance(text, bytes) else text
    yield from (("openapi.json", pattern) for pattern in bounds(msgspec.json.decode(document())))


def bounds(value: Any) -> Iterator[str]:
    """Each `pattern` of a schema."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key == "pattern" and isinstance(inner, str):
            yield inner
        yield from bounds(inner)


def worst(pattern: str) -> int:
    """How much worse than linear a pattern can be made to run."""
    found = redos.find(sre.SreOpParser().parse_sre(pattern))
    return max((result.starriness for result in found), default=0)


def test_no_pattern_can_be_made_to_run_for_long() -> None:
    """Every pattern is harmless."""
    every = [*patterns()]
    assert len(every) > 50
    assert [(where, pattern) for where, pattern in every if worst(pattern) > HARMLESS] == []


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(\w*\s*)*x", r"a*a*a*a*b"])
def test_a_pattern_that_can_is_told(pattern: str) -> None:
    """The check is one."""
    assert worst(pattern) > HARMLESS
