"""One workload through resolve and estimate, in process, JSON in and JSON out; and small tables of one's own."""

import ast
import asyncio
import json
import operator
import re
from datetime import date
from functools import cache
from typing import Any

import msgspec
import pytest

from service.errors import Refused
from service.estimate import estimate
from service.factors.store import FactorStore
from service.factors.tables import load
from service.model.factor import Factor, Place, Tables
from service.model.workload import Workload
from service.resolve import Resolver
from service.settings import RELEASE, shipped_factors

Json = dict[str, Any]

YEAR = {"start": "2025-01-01", "end": "2026-01-01"}
FLAT = {"location_kg_co2e_per_kwh": 0.4, "residual_kg_co2e_per_kwh": 0.5}
"""The caller's own grid and residual mix, so that numbers are exact and no table moves them."""
THREE_HOURS = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T03:00:00Z"}
_SIGNS = {ast.Add: operator.add, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Sub: operator.sub}
_WORD = re.compile(r"(?<![\d.])[A-Za-z][\w'/-]*")


def about(value: float) -> Any:
    """Equal within 1e-9 of the value, which is what the method promises."""
    return pytest.approx(value, rel=1e-9, abs=1e-15)


@cache
def shipped_tables() -> Tables:
    """The shipped tables, in memory."""
    return load(shipped_factors())


@cache
def shipped_resolver() -> Resolver:
    """Looks up in the shipped tables."""
    return Resolver(FactorStore(shipped_tables(), RELEASE))


def row(kind: str, zone: str, year: int, value: float | None, **cells: Any) -> Factor:
    """A row of one's own, for one year, grade C unless said otherwise."""
    sound: Json = {
        "id": f"{kind}:{zone}:{year}" + (f":{cells['basis']}" if cells.get("basis") == "life_cycle" else ""),
        "kind": kind,
        "zone": zone,
        "value": value,
        "unit": "share" if kind in {"td_loss", "carbon_free_share"} else "kg CO2e/kWh",
        "data_year": year,
        "valid_from": date(year, 1, 1),
        "valid_to": date(year, 12, 31),
        "edition": str(year),
        "publisher": "Example Agency",
        "title": "Factors",
        "url": "https://example.org",
        "license": "CC BY 4.0",
        "evidence": "raw",
        "grade": "C",
        "basis": "direct" if kind in {"grid_location", "residual_mix"} else "",
    }
    return Factor(**(sound | cells))


def place(region: str, country: str, grid_zone: str, *alternative_zones: str) -> Place:
    """A cloud region of one's own, by `provider:region`."""
    provider, code = region.split(":")
    return Place(
        id=region,
        provider=provider,
        code=code,
        name=code,
        country=country,
        grid_zone=grid_zone,
        alternative_zones=alternative_zones,
        latitude=None,
        longitude=None,
        factor=row("cloud_region", region, 2024, None),
    )


def resolver_of(*rows: Factor, places: tuple[Place, ...] = ()) -> Resolver:
    """Looks up in the shipped tables and in rows and places of one's own, as if shipped with them."""
    tables = shipped_tables()
    with_ours = msgspec.structs.replace(tables, factors=(*tables.factors, *rows), places=(*tables.places, *places))
    return Resolver(FactorStore(with_ours, RELEASE))


def estimate_of(*, explain: bool = False, resolver: Resolver | None = None, **workload: Any) -> Json:
    """The answer to a workload, as its caller reads it."""
    asked = msgspec.json.decode(json.dumps(workload), type=Workload)
    found = asyncio.run((resolver or shipped_resolver()).resolve(asked))
    answer: Json = json.loads(msgspec.json.encode(estimate(asked, found, explain=explain)))
    return answer


def refusal_of(*, resolver: Resolver | None = None, **workload: Any) -> list[tuple[str, str]]:
    """The faults of a workload that is refused, (pointer, code) in their order; none where it is answered."""
    try:
        estimate_of(resolver=resolver, **workload)
    except Refused as refused:
        return [(fault.pointer, fault.code) for fault in refused.faults]
    return []


def warned(answer: Json) -> set[tuple[str, str]]:
    """(pointer, code) of every warning of an answer."""
    return {(warning["pointer"], warning["code"]) for warning in answer["warnings"]}


def codes_of(answer: Json) -> set[str]:
    """The codes of an answer's warnings."""
    return {warning["code"] for warning in answer["warnings"]}


def source_of(answer: Json, kind: str) -> Json:
    """The one source of a kind that an answer used."""
    (source,) = (source for source in answer["sources"] if source["kind"] == kind)
    return source  # type: ignore[no-any-return]


def source_ids(answer: Json) -> list[str]:
    """The ids of the factors that an answer used."""
    return [source["id"] for source in answer["sources"]]


def figures_of(answer: Json) -> dict[str, Json]:
    """Every figure of an answer that is not null, by its path; the parts of Category 3 and the totals among them."""
    found: dict[str, Json] = {}

    def visit(path: str, value: Any) -> None:
        if not isinstance(value, dict):
            return
        if "low_kg_co2e" in value:
            found[path] = value
        for name, part in value.items():
            visit(f"{path}.{name}".lstrip("."), part)

    visit("", answer)
    return found


def redone(derivation: str) -> list[tuple[float, float]]:
    """What a person gets who redoes each equation of a derivation, and what the line says that it is.

    Words, units and what stands in brackets are left out; what remains must be numbers, signs and parentheses.
    """
    pairs = []
    for equation in derivation.split(";"):
        if "=" in equation:
            left, right = (_WORD.sub("", re.sub(r"\[.*?\]", "", side)) for side in equation.split("="))
            pairs.append((_value(ast.parse(left.replace("×", "*").strip(), mode="eval").body), float(right)))
    return pairs


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp):
        return float(_SIGNS[type(node.op)](_value(node.left), _value(node.right)))
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    raise AssertionError(f"not arithmetic: {ast.unparse(node)}")
