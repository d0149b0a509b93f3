"""Lines of a provider's report, summed by month, account, service or region, as pools that can be divided."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import fsum, isclose
from typing import Literal

from service.formats import aws, azure, google
from service.model.pool import PoolReport
from service.model.provider_report import (
    GroupedPool,
    ProviderTotal,
    ReportBasis,
    ReportedScopes,
    ReportPool,
)
from service.model.workload import Period

Dimension = Literal["month", "account", "service", "region"]
DIMENSIONS: tuple[Dimension, ...] = ("month", "account", "service", "region")
BASES: tuple[ReportBasis, ...] = ("location_based", "market_based", "unspecified")
_REPORTS = {"aws": (aws.TITLE, aws.URL), "gcp": (google.TITLE, google.URL), "azure": (azure.TITLE, azure.URL)}
_METHODS = {
    "location_based": "location-based",
    "market_based": "market-based",
    "unspecified": "Scope 2 method not stated",
}
_CLOSE = 1e-6
"""Relative: so close, scopes that are reported hold the whole total."""
_LONGEST = 256


def pools(totals: Sequence[ProviderTotal], by: Sequence[Dimension]) -> list[GroupedPool]:
    """The pools of all bases that are reported, by group."""
    groups: dict[tuple[str | None, ...], list[ProviderTotal]] = defaultdict(list)
    for total in totals:
        groups[tuple(getattr(total, name) for name in by)].append(total)
    ordered = sorted(groups.items(), key=lambda item: [(value is None, value or "") for value in item[0]])
    return [
        pool
        for key, lines in ordered
        for basis in BASES
        if (pool := _pool(dict(zip(by, key, strict=True)), basis, lines)) is not None
    ]


def _pool(key: dict[str, str | None], basis: ReportBasis, lines: Sequence[ProviderTotal]) -> GroupedPool | None:
    """The sum of the lines that report a basis; nothing where none does."""
    parts = [_parts(line, scopes) for line in lines if (scopes := getattr(line, basis)) is not None]
    reported = [part for part in parts if part]
    if not reported:
        return None
    by_name: dict[str, list[float]] = defaultdict(list)
    for part in reported:
        for name, kg in part.items():
            by_name[name].append(kg)
    components = {name: fsum(kilograms) for name, kilograms in sorted(by_name.items())}
    return GroupedPool(
        basis=basis,
        key=key,
        pool=ReportPool(report=_origin(basis, lines), components=components),
        kg_co2e=fsum(components.values()),
        lines=len(reported),
        lines_not_reported=len(lines) - len(reported),
    )


def _parts(line: ProviderTotal, scopes: ReportedScopes) -> dict[str, float]:
    """The scopes apart where they hold the whole total, else the total: never both. [kg CO2e]"""
    named = {
        "scope1": scopes.scope1_kg_co2e,
        "scope2": scopes.scope2_kg_co2e,
        "scope3": scopes.scope3_kg_co2e,
    }
    apart = {name: kg for name, kg in named.items() if kg is not None}
    total = scopes.kg_co2e
    if len(apart) == len(named) or (
        apart and total is not None and isclose(fsum(apart.values()), total, rel_tol=_CLOSE)
    ):
        return apart
    return {"+".join(line.scopes): total} if total is not None else {}


def _origin(basis: ReportBasis, lines: Sequence[ProviderTotal]) -> PoolReport:
    title, url = _REPORTS[lines[0].provider]
    versions = sorted({line.model_version for line in lines if line.model_version is not None})
    model = f", model {' and '.join(versions)}" if versions else ""
    return PoolReport(
        provider=lines[0].provider,
        account=_only(line.account for line in lines),
        period=_period(sorted({line.month for line in lines})),
        title=f"{title}{model}, {_METHODS[basis]}"[:_LONGEST],
        url=url,
    )


def _only(names: Iterable[str | None]) -> str | None:
    known = set(names)
    return known.pop() if len(known) == 1 else None


def _period(months: Sequence[str]) -> Period:
    year, month = map(int, months[-1].split("-"))
    return Period(start=f"{months[0]}-01", end=f"{year + month // 12:04}-{month % 12 + 1:02}-01")
