"""A pool in, its parts out, in process: JSON in and JSON out, every number as it is printed."""

import asyncio
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from service.errors import Refused
from service.http.allocation_forms import allocations_csv, allocations_json
from service.model.pool import PoolRequest
from service.pools.division import divided
from tests.workloads import Json, shipped_resolver


def divide(body: Json, **more: Any) -> Json:
    """The answer, its numbers as the decimals that stand in it."""
    answer: Json = json.loads(asyncio.run(_answered(body | more, csv=False)), parse_float=Decimal)
    return answer


def table(body: Json, **more: Any) -> str:
    """The answer as CSV."""
    return asyncio.run(_answered(body | more, csv=True)).decode()


async def _answered(body: Json, *, csv: bool) -> bytes:
    request = msgspec.convert(body, PoolRequest)
    answer = (await divided(request, shipped_resolver())).answer
    return await (allocations_csv(answer) if csv else allocations_json(answer))


def faults(body: Json, **more: Any) -> list[tuple[str, str]]:
    """Pointer and code of everything that is wrong."""
    with pytest.raises(Refused) as refused:
        divide(body, **more)
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


def kilograms(answer: Json) -> list[Decimal]:
    """Of each consumer, in order."""
    return [Decimal(line["kg_co2e"]) for line in answer["allocations"]]


def codes(answer: Json) -> list[str]:
    """Of the warnings."""
    return [warning["code"] for warning in answer["warnings"]]


def hours(values: Sequence[float], **more: Any) -> Json:
    """A pool of 100 kg divided by device-hours; consumers are a, b, c and so on."""
    consumers = [{"id": chr(ord("a") + index), "device_hours": value} for index, value in enumerate(values)]
    return {"pool": {"kg_co2e": 100.0}, "method": "time", "consumers": consumers} | more
