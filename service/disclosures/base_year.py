"""This period beside the base year. Source: METHOD section 10."""

from collections.abc import Iterator, Sequence

from service.method.comparison import passes, same_length, share_of
from service.method.fingerprint import parameters_hash
from service.model.booked import ByMethod, DisclosedTotals
from service.model.codes import codes
from service.model.comparison import StatedMethodology, Status
from service.model.disclosed import DisclosedBaseYear, FingerprintLine
from service.model.disclosure import BaseYear, DisclosureRequest
from service.model.result import Warn


def base_year(
    request: DisclosureRequest, totals: DisclosedTotals, lines: Sequence[FingerprintLine]
) -> DisclosedBaseYear | None:
    """The base year and what moved since; no delta where the two do not compare."""
    original, recalculated = request.base_year, request.recalculated_baseline
    if original is None:
        return None
    before = recalculated or original
    status = _status(before, request, lines)
    base = (before.location_based_kg_co2e, before.market_based_kg_co2e)
    deltas = None
    if status != "not_comparable":
        now = (totals.location_based.kg_co2e, totals.market_based.kg_co2e)
        deltas = (now[0] - base[0], now[1] - base[1])
    return DisclosedBaseYear(
        period=original.period,
        kg_co2e=_of(original),
        reason=before.reason,
        recalculated_kg_co2e=_of(recalculated) if recalculated is not None else None,
        shift_share=_shift(original, recalculated) if recalculated is not None else None,
        threshold_share=request.recalculation_threshold_share,
        passes_threshold=_passes(original, recalculated, request.recalculation_threshold_share),
        status=status,
        delta_kg_co2e=_pair(*deltas) if deltas is not None else None,
        delta_share=_pair(share_of(deltas[0], base[0]), share_of(deltas[1], base[1])) if deltas is not None else None,
    )


def base_year_warnings(request: DisclosureRequest, found: DisclosedBaseYear | None) -> Iterator[Warn]:
    """Whether the base year compares."""
    before = request.recalculated_baseline or request.base_year
    if before is None or found is None or found.status == "comparable":
        return
    place = "/base_year" if request.recalculated_baseline is None else "/recalculated_baseline"
    if found.status == "comparable_factor_update":
        yield _warn("YOY_FACTOR_UPDATE", place, "the base year rests on another factor set; the method is the same")
    elif not before.methodologies:
        detail = "the base year does not say its methodologies, so nothing says that it compares; send its fingerprints"
        yield _warn("YOY_NOT_COMPARABLE", place, detail)
    else:
        detail = "the base year was made by another method, or is not as long; send it recalculated by today's method"
        yield _warn("YOY_NOT_COMPARABLE", place, detail)


def _status(before: BaseYear, request: DisclosureRequest, lines: Sequence[FingerprintLine]) -> Status:
    then = {_method(stated) for stated in before.methodologies}
    now = {(line.id, line.version, line.parameters_hash) for line in lines}
    if then != now or not same_length(before.period, request.period):
        return "not_comparable"
    sets_then = {(stated.factor_set.id, stated.factor_set.version) for stated in before.methodologies}
    sets_now = {(line.factor_set.id, line.factor_set.version) for line in lines}
    return "comparable" if sets_then == sets_now else "comparable_factor_update"


def _method(stated: StatedMethodology) -> tuple[str, str, str]:
    return stated.id, stated.version, parameters_hash(stated.parameters)


def _of(year: BaseYear) -> ByMethod:
    return _pair(year.location_based_kg_co2e, year.market_based_kg_co2e)


def _pair(location: float | None, market: float | None) -> ByMethod:
    return ByMethod(location_based=location, market_based=market)


def _shift(original: BaseYear, recalculated: BaseYear) -> ByMethod:
    location = recalculated.location_based_kg_co2e - original.location_based_kg_co2e
    market = recalculated.market_based_kg_co2e - original.market_based_kg_co2e
    return _pair(share_of(location, original.location_based_kg_co2e), share_of(market, original.market_based_kg_co2e))


def _passes(original: BaseYear, recalculated: BaseYear | None, threshold_share: float) -> bool | None:
    if recalculated is None:
        return None
    return passes(original.location_based_kg_co2e, recalculated.location_based_kg_co2e, threshold_share) or passes(
        original.market_based_kg_co2e, recalculated.market_based_kg_co2e, threshold_share
    )


def _warn(code: str, pointer: str, detail: str) -> Warn:
    severity = "info" if codes()[code].severity == "info" else "warning"
    return Warn(code=code, pointer=pointer, severity=severity, detail=detail)  # type: ignore[arg-type]
