"""The factors of many workloads, each once."""

from typing import Any

import msgspec
from msgspec import Raw

from service.batch.sources import SourcesUsed
from service.model.result import Source


def source(id_: str, value: float = 1.0, **cells: Any) -> Source:
    """A source of one's own."""
    sound: dict[str, Any] = {"kind": "grid", "unit": "kg CO2e/kWh", "year": 2024, "publisher": "p", "title": "t"}
    sound |= {"license": None, "match": "exact", "grade": "B"}
    return Source(id=id_, value=value, **(sound | cells))


def raw(id_: str, **cells: Any) -> Raw:
    """One of the store's."""
    return Raw(msgspec.json.encode(source(id_, **cells)))


def listed(*workloads: list[Source | Raw]) -> list[dict[str, Any]]:
    """Return what is listed of some workloads."""
    used = SourcesUsed()
    for sources in workloads:
        used.add(sources)
    return [msgspec.json.decode(one) for one in used.listed()]


def test_each_is_listed_once() -> None:
    """The same object again, or another of the same content, is the same factor; the order is that of ids."""
    first = raw("b")
    assert [one["id"] for one in listed([first, raw("a")], [first], [raw("b")])] == ["a", "b"]


def test_another_match_is_another_line() -> None:
    """A factor may fit one workload exactly and another as the coarser zone."""
    found = listed([raw("a")], [raw("a", match="coarser_zone")], [raw("a")])
    assert sorted((one["id"], one["match"]) for one in found) == [("a", "coarser_zone"), ("a", "exact")]


def test_a_factor_of_the_caller_s_that_varies_has_no_value() -> None:
    """Its id stands once, with a note; one that is the same everywhere keeps its value."""
    own = {"match": "user", "kind": "location"}
    same, *several = (source("user:a", 2.0, **own), source("user:b", 1.0, **own), source("user:b", 3.0, **own))
    found = listed([same, several[0]], [same, several[1]], [same, several[0]])
    assert [(one["id"], one["value"], one["note"]) for one in found] == [
        ("user:a", 2.0, None),
        ("user:b", None, "differs from workload to workload"),
    ]


def test_the_order_of_workloads_does_not_matter() -> None:
    """The list is the same whoever came first."""
    own = {"match": "user"}
    workloads: list[list[Source | Raw]] = [
        [source("user:b", float(value), **own), raw(f"{value}")] for value in (1, 2, 1, 3)
    ]
    assert listed(*workloads) == listed(*reversed(workloads))


def test_an_object_that_is_gone_does_not_hide_another() -> None:
    """Identity counts only for what is still there: a new object may stand where an old one stood in memory."""
    used = SourcesUsed()
    for index in range(1000):
        used.add([raw(f"id{index:03}")])
    assert len(used.listed()) == 1000
