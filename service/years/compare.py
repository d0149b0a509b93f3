"""Whether two years compare, and what moved between them. Source: METHOD section 10."""

from collections.abc import Iterator

from service.method.comparison import effects, passes, same_length, share_of
from service.method.fingerprint import same_value
from service.model.codes import codes
from service.model.comparison import (
    ComparedLine,
    ComparisonRequest,
    Lengths,
    MethodDifference,
    Recalculation,
    Status,
    YearComparison,
)
from service.model.result import Warn
from service.years.sides import SPEND, Side, Sides, sides

_FACTOR_SET = "factor_set"
_ORDER = ("scope2.", "scope3.fuel_and_energy", "scope3.embodied", "scope3.infrastructure", SPEND)


def compare(request: ComparisonRequest) -> YearComparison:
    """Hold the current year against the baseline, or against the baseline recalculated where that is sent.

    Raises:
        Refused: with every fault of the request.
    """
    sent = sides(request)
    before, after = sent.recalculated or sent.baseline, sent.current
    differences = _differences(before, after)
    lengths = _lengths(before, after)
    status = _status(differences, lengths)
    compares = status != "not_comparable"
    activity, factor, reason = _effects(before, after) if compares else (None, None, None)
    lines = _lines(before, after, compares=compares)
    change = next(line for line in lines if line.figure == "compared")
    return YearComparison(
        status=status,
        basis=sent.basis,
        figure=" + ".join(after.compared or before.compared) or "as sent",
        compared_with="baseline" if sent.recalculated is None else "recalculated_baseline",
        periods=lengths,
        baseline=sent.baseline.shown(),
        recalculated_baseline=sent.recalculated.shown() if sent.recalculated is not None else None,
        current=after.shown(),
        delta_kg_co2e=change.delta_kg_co2e,
        delta_share=change.delta_share,
        activity_effect_kg_co2e=activity,
        factor_effect_kg_co2e=factor,
        effects_reason=reason,
        lines=lines,
        differences=differences,
        recalculation=_recalculation(sent, request.recalculation_threshold_share),
        warnings=sorted(_warnings(status, after, differences, lengths)),
    )


def _differences(before: Side, after: Side) -> list[MethodDifference]:
    """Method, factor set and every parameter that is not the same in both."""
    first, second = before.method, after.method
    named = [("method", f"{first.id}@{first.version}", f"{second.id}@{second.version}")]
    sets = (f"{side.factor_set.id}@{side.factor_set.version}" for side in (first, second))
    pairs = [*named, (_FACTOR_SET, *sets)]
    names = sorted(first.parameters.keys() | second.parameters.keys())
    pairs += [(name, first.parameters.get(name), second.parameters.get(name)) for name in names]  # type: ignore[misc]
    return [MethodDifference(parameter=name, baseline=a, current=b) for name, a, b in pairs if not same_value(a, b)]


def _lengths(before: Side, after: Side) -> Lengths:
    if before.period is None or after.period is None:
        return "both_missing" if before.period is after.period else "one_missing"
    return "equal" if same_length(before.period, after.period) else "unequal"


def _status(differences: list[MethodDifference], lengths: Lengths) -> Status:
    if lengths in ("unequal", "one_missing"):
        return "not_comparable"
    if not differences:
        return "comparable"
    only_factors = [difference.parameter for difference in differences] == [_FACTOR_SET]
    return "comparable_factor_update" if only_factors else "not_comparable"


def _effects(before: Side, after: Side) -> tuple[float | None, float | None, str | None]:
    """Activity and factor effect, or why there are none."""
    if before.energy_kwh is None or after.energy_kwh is None:
        return None, None, "the energy of a year is not known"
    if before.energy_kwh == 0:
        return None, None, "the baseline has no energy, so its kg CO2e per kWh is undefined"
    if after.energy_kwh == 0 and after.kg_co2e > 0:
        return None, None, "the current year has emissions and no energy, so its kg CO2e per kWh is undefined"
    try:
        parts = effects(before.energy_kwh, before.kg_co2e, after.energy_kwh, after.kg_co2e)
    except OverflowError:
        return None, None, "the years are so far apart that an effect is beyond what a number can hold"
    return parts.activity_kg_co2e, parts.factor_kg_co2e, None


def _lines(before: Side, after: Side, *, compares: bool) -> list[ComparedLine]:
    """Each figure that a year has; what is compared, and of two answers the total, as their sums."""
    lines = []
    if before.figures and after.figures:
        paths = before.figures.keys() | after.figures.keys()
        ordered = sorted(paths, key=lambda path: next(i for i, start in enumerate(_ORDER) if path.startswith(start)))
        lines = [_line(path, before.figures.get(path), after.figures.get(path), compares=compares) for path in ordered]
    lines.append(_line("compared", before.kg_co2e, after.kg_co2e, compares=compares))
    if before.figures and after.figures:
        lines.append(_line("total", before.total_kg_co2e, after.total_kg_co2e, compares=compares))
    return lines


def _line(figure: str, before: float | None, after: float | None, *, compares: bool) -> ComparedLine:
    delta = after - before if compares and before is not None and after is not None else None
    return ComparedLine(
        figure=figure,
        baseline_kg_co2e=before,
        current_kg_co2e=after,
        delta_kg_co2e=delta,
        delta_share=share_of(delta, before) if delta is not None and before is not None else None,
    )


def _recalculation(sent: Sides, threshold_share: float) -> Recalculation | None:
    if sent.recalculated is None:
        return None
    original, recalculated = sent.baseline.total_kg_co2e, sent.recalculated.total_kg_co2e
    whole = original is not None and recalculated is not None
    if original is None or recalculated is None:
        original, recalculated = sent.baseline.kg_co2e, sent.recalculated.kg_co2e
    shift = recalculated - original
    return Recalculation(
        figure="total" if whole else "compared",
        original_kg_co2e=original,
        recalculated_kg_co2e=recalculated,
        shift_kg_co2e=shift,
        shift_share=share_of(shift, original),
        threshold_share=threshold_share,
        passes_threshold=passes(original, recalculated, threshold_share),
        differences=_differences(sent.baseline, sent.current),
    )


def _warnings(status: Status, after: Side, differences: list[MethodDifference], lengths: Lengths) -> Iterator[Warn]:
    names = ", ".join(difference.parameter for difference in differences)
    if status == "comparable_factor_update":
        detail = "the two years rest on different factor sets; the delta is split into activity and factors"
        yield _warn("YOY_FACTOR_UPDATE", f"{after.pointer}/methodology/factor_set", detail)
    elif differences and [difference.parameter for difference in differences] != [_FACTOR_SET]:
        detail = f"the years differ in {names}; send recalculated_baseline: the baseline's activity by today's method"
        yield _warn("YOY_NOT_COMPARABLE", f"{after.pointer}/methodology", detail)
    if lengths == "unequal":
        detail = "the two periods are not of the same length; send a year of as many months"
        yield _warn("YOY_NOT_COMPARABLE", f"{after.pointer}/period", detail)
    elif lengths == "one_missing":
        detail = "one of the two has no period, so their lengths cannot be held together; send answers with a period"
        yield _warn("YOY_NOT_COMPARABLE", f"{after.pointer}/period", detail)


def _warn(code: str, pointer: str, detail: str) -> Warn:
    severity = "info" if codes()[code].severity == "info" else "warning"
    return Warn(code=code, pointer=pointer, severity=severity, detail=detail)  # type: ignore[arg-type]
