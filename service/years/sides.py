"""What a caller sent as a year, read into one shape, whichever of the two forms it has."""

from collections.abc import Sequence

from msgspec import Struct

from service.errors import Fault, Refused
from service.method.numeric import total
from service.method.period import span
from service.method.unedited import Method, figures, hash_and_fingerprint, method_faults, method_of, sum_faults
from service.model.comparison import ComparedYear, ComparisonRequest, SentYear, StatedMethodology
from service.model.returned import Basis, Returned
from service.model.workload import Period

SPEND = "scope3.spend_based"
BY_HAND = ("period", "energy_kwh", "kg_co2e", "methodology")


class Side(Struct, frozen=True, kw_only=True, gc=False):
    """One year."""

    pointer: str
    """Of the object that holds `period` and `methodology`."""
    period: Period | None
    energy_kwh: float | None
    method: Method
    fingerprint: str
    kg_co2e: float
    """The compared figure."""
    compared: tuple[str, ...]
    """Paths of what it is the sum of; none for figures by hand."""
    figures: dict[str, float]
    """Of an answer, by path. [kg CO2e]"""

    @property
    def total_kg_co2e(self) -> float | None:
        """Sum of the figures; none where they are not known. [kg CO2e]"""
        return total(self.figures.values()) if self.figures else None

    def shown(self) -> ComparedYear:
        """As it stands in the answer."""
        return ComparedYear(
            period=self.period,
            energy_kwh=self.energy_kwh,
            kg_co2e=self.kg_co2e,
            kg_co2e_per_kwh=self.kg_co2e / self.energy_kwh if self.energy_kwh else None,
            total_kg_co2e=self.total_kg_co2e,
            factor_set=self.method.factor_set,
            fingerprint=self.fingerprint,
        )


class Sides(Struct, frozen=True, kw_only=True, gc=False):
    """All that were sent, and the one basis of them all."""

    baseline: Side
    current: Side
    recalculated: Side | None
    basis: Basis | None


def sides(request: ComparisonRequest) -> Sides:
    """Read and check them.

    Raises:
        Refused: with every fault of the request.
    """
    sent = [("/baseline", request.baseline), ("/current", request.current)]
    if request.recalculated_baseline is not None:
        sent.append(("/recalculated_baseline", request.recalculated_baseline))
    faults: list[Fault] = []
    basis = _basis(sent, faults)
    baseline, current, *others = (_side(pointer, year, basis or "location_based", faults) for pointer, year in sent)
    recalculated = others[0] if others else None
    if baseline is not None and recalculated is not None:
        faults += _not_of_its_time(baseline, recalculated)
    if faults or baseline is None or current is None:
        raise Refused(faults)
    return Sides(baseline=baseline, current=current, recalculated=recalculated, basis=basis)


def _basis(sent: Sequence[tuple[str, SentYear]], faults: list[Fault]) -> Basis | None:
    """The one basis that is compared: what is stated once holds for all."""
    stated = [(pointer, year.basis) for pointer, year in sent if year.basis is not None]
    for pointer, basis in stated:
        if basis != stated[0][1]:
            detail = f"location and market are alternatives: {stated[0][0][1:]} is {stated[0][1]}, so this must be too"
            faults.append(Fault(f"{pointer}/basis", "FIELDS_CONFLICT", detail))
    if stated:
        return stated[0][1]
    return "location_based" if any(year.emissions is not None for _, year in sent) else None


def _side(pointer: str, sent: SentYear, basis: Basis, faults: list[Fault]) -> Side | None:
    by_hand = [name for name in BY_HAND if getattr(sent, name) is not None]
    if sent.emissions is not None:
        detail = "send either emissions or the figures by hand, not both"
        faults += [Fault(f"{pointer}/{name}", "FIELDS_CONFLICT", detail) for name in by_hand]
        return _answer(f"{pointer}/emissions", sent.emissions, basis, faults) if not by_hand else None
    if not by_hand:
        faults.append(Fault(pointer, "FIELDS_CONFLICT", f"send either emissions or {', '.join(BY_HAND)}"))
    missing = [name for name in BY_HAND if name not in by_hand]
    if by_hand:
        detail = "figures by hand need all of " + ", ".join(BY_HAND)
        faults += [Fault(f"{pointer}/{name}", "FIELDS_CONFLICT", detail) for name in missing]
    if sent.period is None or sent.energy_kwh is None or sent.kg_co2e is None or sent.methodology is None:
        return None
    method = _stated(sent.methodology)
    faults += _period_faults(pointer, sent.period)
    faults += method_faults(method, f"{pointer}/methodology")
    return Side(
        pointer=pointer,
        period=sent.period,
        energy_kwh=sent.energy_kwh,
        method=method,
        fingerprint=hash_and_fingerprint(method)[1],
        kg_co2e=sent.kg_co2e,
        compared=(),
        figures={},
    )


def _answer(pointer: str, answer: Returned, basis: Basis, faults: list[Fault]) -> Side | None:
    method = method_of(answer)
    faults += _period_faults(pointer, answer.period) if answer.period is not None else []
    faults += method_faults(method, f"{pointer}/methodology")
    faults += sum_faults(answer, pointer)
    parts = figures(answer, basis)
    compared = tuple(path for path in (f"scope2.{basis}", "scope3.fuel_and_energy") if path in parts)
    if not compared and SPEND in parts:
        compared = (SPEND,)
    if not compared:
        detail = f"there is no {basis} Scope 2 to compare"
        faults.append(Fault(f"{pointer}/scope2/{basis}", "FIELDS_CONFLICT", detail))
        return None
    return Side(
        pointer=pointer,
        period=answer.period,
        energy_kwh=answer.energy.facility_kwh,
        method=method,
        fingerprint=hash_and_fingerprint(method)[1],
        kg_co2e=total(parts[path] for path in compared),
        compared=compared,
        figures=parts,
    )


def _stated(sent: StatedMethodology) -> Method:
    return Method(
        id=sent.id,
        version=sent.version,
        factor_set=sent.factor_set,
        parameters=sent.parameters,
        parameters_hash=sent.parameters_hash,
        fingerprint=sent.fingerprint,
    )


def _period_faults(pointer: str, period: Period) -> list[Fault]:
    try:
        span(period)
    except (ValueError, OverflowError) as why:
        return [Fault(f"{pointer}/period", "PERIOD_INVALID", str(why))]
    return []


def _not_of_its_time(baseline: Side, recalculated: Side) -> list[Fault]:
    """The base year recalculated is the same time by another method."""
    if baseline.period is None or recalculated.period is None:
        return []
    if _period_faults("", baseline.period) or _period_faults("", recalculated.period):
        return []  # told already
    if span(baseline.period) == span(recalculated.period):
        return []
    detail = "the recalculated baseline is the baseline's activity: send it for the baseline's period"
    return [Fault(f"{recalculated.pointer}/period", "PERIOD_INVALID", detail)]
