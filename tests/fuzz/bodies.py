"""Broken JSON bodies through the whole service, judged by the schema that the OpenAPI document publishes.

`python -m tests.fuzz.bodies 100000` tries so many and prints what it found; the suite tries a few thousand.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import msgspec
from litestar import Litestar

from service.app import create_app, document
from service.http.batch import MOST_WORKLOADS
from service.settings import Settings
from tests.fuzz.broken import Json, broken, written
from tests.fuzz.inprocess import Given, post

CASES = Path(__file__).parent.parent / "cases"
_SHOWN = 300
"""Bytes of a body that are printed."""
PROBLEM = "application/problem+json"
FAR_APART = b"so far apart that no figure can be formed"
"""Said of numbers near the ends of what a double can be, which no schema can tell."""
FINE, REFUSED, SENSELESS = 200, 400, 422


class Route(NamedTuple):
    """A route, sound bodies of it, and what its schema says of a body."""

    path: str
    sound: Sequence[Json]
    valid: Callable[[Json], bool]
    valid_item: Callable[[Json], bool]
    """The same of one workload of a batch, whose faults are its own."""


class Found(NamedTuple):
    """An answer that should not have been."""

    path: str
    body: bytes
    answer: Given
    why: str


async def routes(app: Litestar) -> list[Route]:
    """Every route that takes JSON of ours, with bodies from the document, the worked cases and the service itself."""
    described = msgspec.json.decode(document())
    schemas = described["components"]["schemas"]
    examples = {
        path: [
            example["value"]
            for example in operations["post"]["requestBody"]["content"]["application/json"].get("examples", {}).values()
        ]
        for path, operations in described["paths"].items()
        if "application/json" in operations.get("post", {}).get("requestBody", {}).get("content", {})
    }
    workloads = [*examples["/emissions"], *_requests_of_cases()]
    answers = [
        answer.json() for body in workloads if (answer := await post(app, "/emissions", _bytes(body))).status == FINE
    ]
    period = {"start": "2025-01-01", "end": "2026-01-01"}
    own: dict[str, list[Json]] = {
        "/emissions": workloads,
        "/emissions/batch": [{"workloads": workloads[index : index + 3]} for index in range(0, len(workloads), 3)],
        "/comparisons": [{"baseline": {"emissions": one}, "current": {"emissions": one}} for one in answers[:6]],
        "/disclosures": [{"period": period, "organization": "A", "emissions": [one]} for one in answers[:6]],
        "/allocations": [
            {"pool": {"emissions": one}, "consumers": [{"id": "a", "device_hours": 1}]} for one in answers[:3]
        ],
    }
    names = {
        "/emissions": "Workload",
        "/emissions/batch": "Batch",
        "/allocations": "PoolRequest",
        "/comparisons": "ComparisonRequest",
        "/disclosures": "DisclosureRequest",
        "/reconciliations": "ReconciliationRequest",
    }
    item = _validator("Workload", schemas).is_valid
    return [
        Route(path, [*examples[path], *own.get(path, [])], _validator(name, schemas).is_valid, item)
        for path, name in names.items()
    ]


def _validator(name: str, schemas: dict[str, Any]) -> Any:
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _requests_of_cases() -> list[Json]:
    cases = [case for file in sorted(CASES.glob("*.json")) for case in json.loads(file.read_text())["cases"]]
    return [case["request"]["body"] for case in cases if case["request"]["path"] == "/emissions"]


def _bytes(body: Json) -> bytes:
    return json.dumps(body).encode()


def wrong(route: Route, body: bytes, answer: Given) -> str | None:
    """What is wrong with an answer to a body, by the schema; `None` where nothing is."""
    if answer.status not in {FINE, REFUSED, SENSELESS}:
        return f"answered {answer.status}"
    if answer.status != FINE and answer.media_type != PROBLEM:
        return f"a refusal as {answer.media_type}"
    if answer.status != FINE and not all(map(_is_pointer, answer.json()["errors"])):
        return "a pointer that is none"
    try:
        value = json.loads(body.decode())
    except UnicodeDecodeError:
        return None  # a string that nobody reads, in a field that nobody knows, may be anything
    except (ValueError, RecursionError):
        return None if answer.status == REFUSED else "what is no JSON was taken"
    if _has_lone_surrogate(value):
        return None
    if route.path == "/emissions/batch" and isinstance(value, dict) and isinstance(value.get("workloads"), list):
        return _wrong_batch(route, value, answer)
    valid = _is_finite(value) and route.valid(value)
    if valid and answer.status == REFUSED and FAR_APART not in answer.body:
        return "the schema allows it, the service refuses it"
    return "the schema refuses it, the service took it" if not valid and answer.status != REFUSED else None


def _wrong_batch(route: Route, value: dict[str, Json], answer: Given) -> str | None:
    """One item that the schema refuses is that item's problem; what is wrong beside the items refuses the body."""
    beside = value | {"workloads": []}
    if answer.status == REFUSED:
        defaults = value.get("defaults") or {}
        sound = _is_finite(beside) and route.valid(beside) and len(value["workloads"]) <= MOST_WORKLOADS
        return "the schema allows what stands beside the workloads" if sound and not defaults else None
    if not (_is_finite(beside) and route.valid(beside)):
        return "the schema refuses what stands beside the workloads"
    if answer.status == SENSELESS:
        return None
    for item, result in zip(value["workloads"], answer.json()["results"], strict=True):
        valid = _is_finite(item) and route.valid_item(item)
        if result["problem"] is None and not valid:
            return "the schema refuses an item, the service took it"
        far_apart = FAR_APART.decode() in str(result["problem"])
        if valid and result["problem"] is not None and result["problem"]["status"] != SENSELESS and not far_apart:
            return "the schema allows an item, the service refuses it"
    return None


def _is_pointer(error: dict[str, str]) -> bool:
    return not error["pointer"] or error["pointer"].startswith("/")


def _is_finite(value: Json) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


def _has_lone_surrogate(value: Json) -> bool:
    return "\\ud" in json.dumps(value)


async def tried(app: Litestar, count: int, seed: int) -> tuple[Counter[tuple[str, int]], list[Found]]:
    """So many broken bodies, answered: how many by route and status, and what was wrong."""
    chance = random.Random(seed)
    all_routes = await routes(app)
    counts: Counter[tuple[str, int]] = Counter()
    faults: list[Found] = []
    for index in range(count):
        route = all_routes[index % len(all_routes)]
        body = written(broken(chance.choice(route.sound), chance), chance)
        answer = await post(app, route.path, body)
        counts[route.path, answer.status] += 1
        why = wrong(route, body, answer)
        if why is not None:
            faults.append(Found(route.path, body, answer, why))
    return counts, faults


async def main(count: int, seed: int) -> int:
    """Try, and print."""
    app = create_app(Settings(log_format="off"))
    async with app.lifespan():
        counts, faults = await tried(app, count, seed)
    for (path, status), number in sorted(counts.items()):
        print(f"{path:20} {status} {number:8,}")
    for found in faults[:6]:
        print(found.why, found.path, found.body[:_SHOWN], found.answer.status, found.answer.body[:_SHOWN], sep="\n  ")
    print(f"{sum(counts.values()):,} bodies, {len(faults)} answered wrongly")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
