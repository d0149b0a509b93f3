"""The forms of a divided pool, written in pieces so that other callers are answered in between."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec
from msgspec import Raw

from service.http.csv_cells import safe
from service.http.problems import Declined
from service.method.allocation import Steps, slices
from service.method.fingerprint import plain
from service.model.pool import AllocationLine, Allocations, ByConsumer, Comparison
from service.pools.pace import paced

_ENCODE = msgspec.json.Encoder().encode
_MOST_TAG_COLUMNS = 256
_LINE, _UNALLOCATED = "consumer", "unallocated"


async def allocations_json(answer: Allocations) -> bytes:
    """The answer as JSON."""
    lines = Raw(await paced(_lines(_of(answer))))
    comparison = await paced(_comparison(answer.comparison)) if answer.comparison is not None else None
    return _ENCODE(msgspec.structs.replace(answer, allocations=lines, comparison=comparison))


async def allocations_csv(answer: Allocations) -> bytes:
    """One row a consumer, then the unallocated part, whose id is empty; the pool is their sum and has no row.

    Raises:
        Declined: the tags have more names than a table takes.
    """
    return await paced(_rows(answer))


def _of(answer: Allocations) -> Sequence[AllocationLine]:
    assert isinstance(answer.allocations, list)  # noqa: S101 - encoded only here
    return answer.allocations


def _lines(lines: Sequence[AllocationLine]) -> Steps[bytes]:
    pieces = []
    for piece in slices(len(lines)):
        pieces.append(_ENCODE(lines[piece])[1:-1])
        yield
    return b"[" + b",".join(pieces) + b"]"


def _comparison(comparison: Comparison) -> Steps[Comparison]:
    by_method = {}
    for method, parts in comparison.by_method.items():
        by_method[method] = yield from _encoded(parts)
    spread = yield from _encoded(comparison.spread_kg_co2e)
    return msgspec.structs.replace(comparison, by_method=by_method, spread_kg_co2e=spread)


def _encoded(parts: ByConsumer | Raw) -> Steps[Raw]:
    assert isinstance(parts, dict)  # noqa: S101 - encoded only here
    items, pieces = [*parts.items()], []
    for piece in slices(len(items)):
        pieces.append(_ENCODE(dict(items[piece]))[1:-1])
        yield
    return Raw(b"{" + b",".join(pieces) + b"}")


def _rows(answer: Allocations) -> Steps[bytes]:
    lines, components = _of(answer), [*answer.pool.components]
    tags = [*dict.fromkeys(chain.from_iterable(line.tags for line in lines))]
    if len(tags) > _MOST_TAG_COLUMNS:
        detail = f"{len(tags)} names of tags are more columns than a table takes ({_MOST_TAG_COLUMNS}); ask for JSON"
        raise Declined("NOT_ACCEPTABLE", detail)
    written = io.StringIO()
    write = csv.writer(written)
    named = [*(f"tags.{name}" for name in tags), "driver", "share", "kg_co2e", *(f"components.{n}" for n in components)]
    write.writerow(["id", "line", *named])
    for piece in slices(len(lines)):
        write.writerows(_cells(lines[piece], tags, components))
        yield
    idle = answer.unallocated
    if idle is not None:
        kilograms = [_number(idle.kg_co2e), *(_number(idle.components[name]) for name in components)]
        write.writerow(["", _UNALLOCATED, *[""] * len(tags), "", plain(idle.share), *kilograms])
    return written.getvalue().encode()


def _cells(lines: Sequence[AllocationLine], tags: list[str], components: list[str]) -> Iterator[list[str]]:
    for line in lines:
        yield [
            safe(line.id),
            _LINE,
            *(safe(line.tags.get(name, "")) for name in tags),
            plain(line.driver),
            plain(line.share),
            _number(line.kg_co2e),
            *(_number(line.components[name]) for name in components),
        ]


def _number(kilograms: float | Raw) -> str:
    """Plain decimals, exactly those of the JSON."""
    return plain(kilograms) if isinstance(kilograms, float) else bytes(kilograms).decode()
