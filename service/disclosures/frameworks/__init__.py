"""The block's figures as reporting frameworks ask for them: maps held as data, one file a framework.

Each datapoint names the figure of the block that it takes: `a.b`, and `list[key=value,key=value].c` for an element.
`evidence` says whether its numbering was read in the text itself or taken from what others say of it.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from service.model.disclosed import Datapoint, Disclosure

_STEP = re.compile(r"(\w+)(?:\[([^\]]*)\])?")


class MappedPoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One datapoint of a map."""

    datapoint: str
    title: str
    path: str | None
    """The figure of the block; none where it holds none."""
    unit: str
    per: float = 1.0
    """How much of the block's unit is one of the framework's: 1000 for kg to t."""
    without: str
    """Why there is no value, where there is none."""
    note: str | None = None
    evidence: Literal["read", "second-hand"]


class FrameworkMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One framework in one edition."""

    framework: str
    publication: str
    url: str | None
    datapoints: list[MappedPoint]


@cache
def maps() -> list[FrameworkMap]:
    """All of them, in the order of their files, read once from the package."""
    files = sorted(Path(__file__).parent.glob("*.json"))
    return [msgspec.json.decode(file.read_bytes(), type=FrameworkMap) for file in files]


def datapoints(block: Disclosure) -> list[Datapoint]:
    """Every datapoint with its value, or the reason why it has none."""
    figures = msgspec.to_builtins(block)
    return [_datapoint(held, point, figures) for held in maps() for point in held.datapoints]


def _datapoint(held: FrameworkMap, point: MappedPoint, figures: dict[str, Any]) -> Datapoint:
    value = at(figures, point.path) if point.path is not None else None
    return Datapoint(
        framework=held.framework,
        datapoint=point.datapoint,
        title=point.title,
        value=value / point.per if value is not None else None,
        unit=point.unit,
        reason=point.without if value is None else None,
        note=point.note,
        publication=held.publication,
        url=held.url,
        evidence=point.evidence,
    )


def at(figures: Any, path: str) -> Any:
    """What stands at a path; none where a step leads nowhere."""
    for name, wanted in _steps(path):
        figures = figures[name]
        if wanted:
            figures = next((item for item in figures if wanted.items() <= item.items()), None)
        if figures is None:
            return None
    return figures


def _steps(path: str) -> Iterator[tuple[str, dict[str, str]]]:
    for step in re.split(r"\.(?![^\[]*\])", path):
        match = _STEP.fullmatch(step)
        if match is None:
            raise ValueError(f"not a step of a path: {step}")
        yield match[1], dict(part.split("=") for part in match[2].split(",")) if match[2] else {}
