"""Sound requests, broken at random: values of another type or out of bounds, too many fields, long lists, no JSON."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

Json = Any

VALUES: tuple[Json, ...] = (
    None, True, False, "", " ", "3", "NaN", "x" * 257, "=1+1", "\u202e", "\ud800", "\x00", "2025-13-45", "-1",
    0, -0.0, 1, -1, 3.0, 3.5, 1e-320, 1e12, 1.0000001e12, -1e-9, 1e308, 2**53 + 1, 10**30,
    float("nan"), float("inf"), -float("inf"),
    [], [[]], [None], {}, {"": 1}, {"a": {"a": {}}}, [0] * 1001, ["x"] * 40,
)  # fmt: skip
"""What is put in the place of a value."""
NAMES = ("", "kwh", "id", "kgCO2e", "__proto__", "région", "x" * 300, "a/b~c", "\ud800")
"""Of fields that are added."""


def places(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value in a body."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def broken(sound: Json, chance: random.Random) -> Json:
    """A copy of a body in which one to three things are changed."""
    body = copy.deepcopy(sound)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        body = _changed(body, chance)
    return body


def _changed(body: Json, chance: random.Random) -> Json:
    path = chance.choice([*places(body)])
    if not path:
        return (
            _grown(body, chance)
            if isinstance(body, dict) and chance.random() < 0.9
            else copy.deepcopy(chance.choice(VALUES))
        )
    parent = body
    for step in path[:-1]:
        parent = parent[step]
    key = path[-1]
    kind = chance.randrange(6)
    if kind == 0:
        del parent[key]
    elif kind == 1 and isinstance(parent[key], dict):
        parent[key] = _grown(parent[key], chance)
    elif kind == 2 and isinstance(parent[key], list) and parent[key]:
        parent[key] = parent[key] * chance.choice((2, 30, 1001))
    elif kind == 3 and isinstance(parent[key], int | float) and not isinstance(parent[key], bool):
        parent[key] = chance.choice((-1, 1e9, 0.5, 2, 1e3)) * parent[key]
    else:
        parent[key] = copy.deepcopy(chance.choice(VALUES))
    return body


def _grown(body: dict[str, Json], chance: random.Random) -> dict[str, Json]:
    return body | {chance.choice(NAMES): copy.deepcopy(chance.choice(VALUES))}


def written(body: Json, chance: random.Random) -> bytes:
    """A body as bytes; one in ten is no longer JSON, or JSON of another kind."""
    text = json.dumps(body, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    if chance.random() >= 0.1:
        return text
    at = chance.randrange(len(text) + 1)
    return chance.choice(
        (
            text[:at],
            text[:at] + bytes([chance.randrange(256)]) + text[at + 1 :],
            b"\xef\xbb\xbf" + text,
            text + b"}",
            text.decode("utf-8", "replace").encode("utf-16"),
            b"[" * 2000 + text,
            text[:at] + text[at + chance.randrange(8) :],
        )
    )
