"""Our answers beside a provider's report, by month and region: never added, and told apart where they differ."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from math import fsum

from msgspec import Struct
from msgspec.structs import replace

from service.errors import Fault, Refused
from service.formats.boundaries import OURS, THEIRS
from service.formats.reported_lines import warn
from service.method.period import instant
from service.method.unedited import method_faults, method_of, sum_faults
from service.model.provider_report import (
    Apart,
    Ours,
    ProviderTotal,
    Reconciliation,
    ReconciliationLine,
    ReconciliationRequest,
    ReportedScopes,
    ReportScope,
    ServiceTotal,
    Theirs,
)
from service.model.result import Warn
from service.model.returned import Returned, ReturnedFigure, ReturnedTotal, ReturnedTotals
from service.model.workload import Period

_PRECISE = 1e-9
_Place = tuple[str, str | None]
_Part = tuple[float, Returned]
"""An answer, and the part of its time that falls into a month."""


class _Figures(Struct, frozen=True, kw_only=True):
    """What one answer, or one group of them, gives to a month. [kg CO2e]"""

    answers: int
    scope2_location: float | None
    scope2_market: float | None
    location: float | None
    market: float | None
    missing: Sequence[str]


class _Placed(Struct, frozen=True, kw_only=True):
    """Ours by month and region, and what could not be placed."""

    figures: dict[_Place, list[_Figures]]
    unplaced: list[str]
    warnings: list[Warn]


def reconcile(request: ReconciliationRequest) -> Reconciliation:
    """The view, in the order of months and regions.

    Raises:
        Refused: neither or both of `emissions` and `groups` are there, the report is of several providers, or an answer
            was edited.
    """
    _check(request)
    provider = request.report[0].provider
    theirs: dict[_Place, list[ProviderTotal]] = defaultdict(list)
    for line in request.report:
        theirs[line.month, line.region].append(line)
    ours = _placed_answers(request.emissions, provider) if request.emissions else _placed_groups(request, provider)
    if all(line.region is None for line in request.report):
        ours = _without_regions(ours)
    places = sorted({*theirs, *ours.figures}, key=lambda place: (place[0], place[1] is None, place[1] or ""))
    lines = [_line(place, ours.figures.get(place), theirs.get(place)) for place in places]
    return Reconciliation(
        lines=lines,
        boundaries=[OURS, THEIRS],
        unplaced=ours.unplaced,
        warnings=sorted([*_told(lines), *ours.warnings]),
    )


def _check(request: ReconciliationRequest) -> None:
    faults = []
    if bool(request.emissions) == bool(request.groups):
        detail = "send emissions or groups, one of the two: both would count the same workloads twice"
        faults.append(Fault("/emissions", "FIELDS_CONFLICT", detail))
    providers = {line.provider for line in request.report}
    if len(providers) > 1:
        detail = f"it is of {' and '.join(sorted(providers))}; hold one provider's report at a time"
        faults.append(Fault("/report", "FIELDS_CONFLICT", detail))
    for index, answer in enumerate(request.emissions):
        faults += method_faults(method_of(answer), f"/emissions/{index}/methodology")
        faults += sum_faults(answer, f"/emissions/{index}")
    if faults:
        raise Refused(faults)


def _placed_answers(answers: Sequence[Returned], provider: str) -> _Placed:
    figures: dict[_Place, list[_Figures]] = defaultdict(list)
    unplaced: list[str] = []
    crossing: list[Warn] = []
    for index, answer in enumerate(answers):
        region = answer.region
        if region is None or region.provider != provider or answer.period is None:
            unplaced.append(f"/emissions/{index}")
            continue
        parts = [*_months(answer.period, f"/emissions/{index}/period")]
        for month, share in parts:
            figures[month, region.id].append(_figures(answer, share))
        if len(parts) > 1:
            detail = "the period touches several months; its figures were divided among them by hours"
            crossing.append(warn("PERIOD_INVALID", f"/emissions/{index}/period", detail))
    return _Placed(figures=figures, unplaced=unplaced, warnings=crossing)


def _months(period: Period, pointer: str) -> Iterator[tuple[str, float]]:
    """Calendar months in UTC that a period touches, each with its share of the hours.

    Raises:
        Refused: it is no period.
    """
    try:
        start, end = instant(period.start), instant(period.end)
    except (ValueError, OverflowError):
        raise Refused([Fault(pointer, "PERIOD_INVALID", "it is not of the calendar")]) from None
    if end <= start:
        raise Refused([Fault(pointer, "PERIOD_INVALID", "the period must end after it starts")])
    length = (end - start).total_seconds()
    first = start
    while first < end:
        following = datetime(first.year + first.month // 12, first.month % 12 + 1, 1, tzinfo=UTC)
        until = min(following, end)
        yield f"{first:%Y-%m}", (until - first).total_seconds() / length
        first = until


def _figures(answer: Returned, share: float) -> _Figures:
    scope2, totals = answer.scope2, answer.totals
    return _Figures(
        answers=1,
        scope2_location=_part(scope2.location_based, share),
        scope2_market=_part(scope2.market_based, share),
        location=_part(totals.location_based, share),
        market=_part(totals.market_based, share),
        missing=_missing(totals),
    )


def _part(figure: ReturnedFigure | ReturnedTotal | None, share: float) -> float | None:
    return figure.kg_co2e * share if figure is not None else None


def _missing(totals: ReturnedTotals) -> list[str]:
    """Figures that are in neither total, or in one of them not."""
    both = (totals.location_based, totals.market_based)
    return [name for total in both if total is not None for name in total.missing]


def _placed_groups(request: ReconciliationRequest, provider: str) -> _Placed:
    figures: dict[_Place, list[_Figures]] = defaultdict(list)
    unplaced: list[str] = []
    for index, group in enumerate(request.groups):
        month, region, totals = group.key.get("month"), group.key.get("region"), group.totals
        if month is None or region is None or not region.startswith(f"{provider}:") or totals is None:
            unplaced.append(f"/groups/{index}")
            continue
        figures[month, region].append(
            _Figures(
                answers=group.count,
                scope2_location=None,
                scope2_market=None,
                location=_part(totals.location_based, 1.0),
                market=_part(totals.market_based, 1.0),
                missing=_missing(totals),
            )
        )
    return _Placed(figures=figures, unplaced=unplaced, warnings=[])


def _without_regions(ours: _Placed) -> _Placed:
    """Ours by month alone, as the report is."""
    figures: dict[_Place, list[_Figures]] = defaultdict(list)
    for (month, _), some in ours.figures.items():
        figures[month, None] += some
    return replace(ours, figures=figures)


def _line(place: _Place, ours: Sequence[_Figures] | None, theirs: Sequence[ProviderTotal] | None) -> ReconciliationLine:
    month, region = place
    mine = _ours(ours) if ours else None
    other = _theirs(theirs) if theirs else None
    return ReconciliationLine(
        month=month,
        region=region,
        status="both" if mine and other else "only_ours" if mine else "only_theirs",
        ours=mine,
        theirs=other,
        apart=[*_apart(mine, other)] if mine and other else [],
    )


def _ours(figures: Sequence[_Figures]) -> Ours:
    return Ours(
        answers=sum(one.answers for one in figures),
        scope2_location_kg_co2e=_all(one.scope2_location for one in figures),
        scope2_market_kg_co2e=_all(one.scope2_market for one in figures),
        location_based_kg_co2e=_all(one.location for one in figures),
        market_based_kg_co2e=_all(one.market for one in figures),
        missing=sorted({name for one in figures for name in one.missing}),
    )


def _theirs(lines: Sequence[ProviderTotal]) -> Theirs:
    by_service: dict[str | None, list[ProviderTotal]] = defaultdict(list)
    for line in lines:
        by_service[line.service].append(line)
    held: set[ReportScope] = set.intersection(*(set(line.scopes) for line in lines))
    return Theirs(
        lines=len(lines),
        scope2_location_kg_co2e=_scopes(lines, "location_based", lambda scopes: scopes.scope2_kg_co2e),
        scope2_market_kg_co2e=_scopes(lines, "market_based", lambda scopes: scopes.scope2_kg_co2e),
        location_based_kg_co2e=_total(lines, "location_based"),
        market_based_kg_co2e=_total(lines, "market_based"),
        unspecified_kg_co2e=_total(lines, "unspecified"),
        services=[
            ServiceTotal(
                service=service,
                location_based_kg_co2e=_total(some, "location_based"),
                market_based_kg_co2e=_total(some, "market_based"),
                unspecified_kg_co2e=_total(some, "unspecified"),
            )
            for service, some in sorted(by_service.items(), key=lambda item: (item[0] is None, item[0] or ""))
        ],
        scopes=sorted(held),
    )


def _total(lines: Sequence[ProviderTotal], basis: str) -> float | None:
    return _scopes(lines, basis, lambda scopes: scopes.kg_co2e)


def _scopes(
    lines: Sequence[ProviderTotal], basis: str, figure: Callable[[ReportedScopes], float | None]
) -> float | None:
    """Sum of a figure over the lines; nothing where one of them does not report it. [kg CO2e]"""
    reported = (getattr(line, basis) for line in lines)
    return _all(figure(scopes) if scopes is not None else None for scopes in reported)


def _all(figures: Iterable[float | None]) -> float | None:
    """Their sum; nothing where one is missing, because a sum without it would look whole. [kg CO2e]"""
    known: list[float] = []
    for figure in figures:
        if figure is None:
            return None
        known.append(figure)
    return fsum(known)


def _apart(ours: Ours, theirs: Theirs) -> Iterator[Apart]:
    pairs = (
        ("scope2", "location_based", ours.scope2_location_kg_co2e, theirs.scope2_location_kg_co2e),
        ("scope2", "market_based", ours.scope2_market_kg_co2e, theirs.scope2_market_kg_co2e),
        ("total", "location_based", ours.location_based_kg_co2e, theirs.location_based_kg_co2e),
        ("total", "market_based", ours.market_based_kg_co2e, theirs.market_based_kg_co2e),
    )
    for figure, basis, mine, other in pairs:
        if mine is not None and other is not None:
            yield Apart(
                figure=figure,
                basis=basis,
                difference_kg_co2e=mine - other,
                ratio=mine / other if other > _PRECISE else None,
            )


def _told(lines: Sequence[ReconciliationLine]) -> Iterator[Warn]:
    detail = "the provider's scopes are all Scope 3 to the customer; ours stand beside them and are never added"
    yield warn("CLOUD_SCOPE2_IS_SCOPE3", "/report", detail)
    unreported = [
        line
        for line in lines
        if line.theirs is not None
        and (line.theirs.location_based_kg_co2e is None or line.theirs.market_based_kg_co2e is None)
    ]
    if unreported:
        detail = (
            f"in {len(unreported)} of {len(lines)} lines the provider does not report both methods for all that it "
            "lists; the sum is null there"
        )
        yield warn("DUAL_REPORTING_REQUIRED", "/report", detail)
