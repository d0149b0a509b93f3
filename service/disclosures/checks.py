"""What makes answers unfit for a disclosure: every fault, each with its pointer. Source: METHOD sections 0, 3, 10."""

from collections.abc import Iterator

import msgspec

from service.errors import Fault, Refused
from service.figures.categories import (
    ELECTRICITY,
    EMBODIED,
    FUEL_AND_ENERGY,
    INFRASTRUCTURE,
    INFRASTRUCTURE_GUIDE,
    SPEND,
)
from service.method.period import Span, span
from service.method.unedited import BASES, Method, method_faults, method_of, sum_faults
from service.model.disclosure import BaseYear, DisclosureRequest
from service.model.returned import Returned, ReturnedFigure
from service.model.workload import Period


def check(request: DisclosureRequest) -> None:
    """Refuse what cannot be disclosed.

    Raises:
        Refused: with every fault of the request.
    """
    faults = list(_period_faults("/period", request.period))
    within = None if faults else span(request.period)
    checked: dict[bytes, list[Fault]] = {}
    for index, answer in enumerate(request.emissions):
        pointer = f"/emissions/{index}"
        faults += _lies_within(f"{pointer}/period", answer.period, within)
        one_sided = list(_one_sided(pointer, answer))
        faults += one_sided or sum_faults(answer, pointer)
        faults += _unverified(pointer, answer)
        faults += _misplaced(pointer, answer)
        faults += _methods(pointer, answer, checked)
    faults += _base_year_faults("/base_year", request.base_year)
    faults += _base_year_faults("/recalculated_baseline", request.recalculated_baseline)
    if request.recalculated_baseline is not None and request.base_year is None:
        detail = "send the base year as it was reported too: how far it moved is part of the disclosure"
        faults.append(Fault("/base_year", "FIELDS_CONFLICT", detail))
    if not faults and request.recalculated_baseline is not None and request.base_year is not None:
        faults += _not_of_its_time(request.base_year, request.recalculated_baseline)
    if faults:
        raise Refused(faults)


def _period_faults(pointer: str, period: Period) -> Iterator[Fault]:
    try:
        span(period)
    except (ValueError, OverflowError) as why:
        yield Fault(pointer, "PERIOD_INVALID", str(why))


def _lies_within(pointer: str, period: Period | None, within: Span | None) -> Iterator[Fault]:
    if period is None:
        return
    faults = list(_period_faults(pointer, period))
    yield from faults
    if faults or within is None:
        return
    ran = span(period)
    if ran.start < within.start or ran.end > within.end:
        detail = (
            f"{period.start} to {period.end} does not lie within the period of the disclosure; leave this answer out"
        )
        yield Fault(pointer, "PERIOD_INVALID", detail)


def _one_sided(pointer: str, answer: Returned) -> Iterator[Fault]:
    """Where one of the two Scope 2 methods is missing."""
    detail = "a disclosure shows both Scope 2 methods: send the answer whole, with {0}"
    of_energy = answer.scope3.fuel_and_energy
    pairs = [
        ("scope2", answer.scope2, answer.scope3.spend_based is None),
        ("totals", answer.totals, True),
        ("scope3/fuel_and_energy", of_energy, False),
    ]
    for place, pair, needed in pairs:
        missing = [basis for basis in BASES if pair is not None and getattr(pair, basis) is None]
        if len(missing) == 1 or needed:
            for basis in missing:
                yield Fault(f"{pointer}/{place}/{basis}", "DUAL_REPORTING_REQUIRED", detail.format(basis))


def _unverified(pointer: str, answer: Returned) -> Iterator[Fault]:
    market = answer.scope2.market_based
    for index, instrument in enumerate(market.instruments if market is not None else ()):
        if instrument.accepted and instrument.unverified:
            criteria = ", ".join(instrument.unverified)
            detail = f"it was counted although nothing attests {criteria}; make the answer with quality_policy strict"
            yield Fault(f"{pointer}/scope2/market_based/instruments/{index}", "DISCLOSURE_UNVERIFIED", detail)


def _misplaced(pointer: str, answer: Returned) -> Iterator[Fault]:
    """Where a figure's category is not that of the deployment: it would be booked in the wrong place."""
    scope3, deployment = answer.scope3, answer.deployment
    of_energy = scope3.fuel_and_energy
    buildings = {INFRASTRUCTURE[deployment].inventory_category, INFRASTRUCTURE_GUIDE[deployment].inventory_category}
    places: list[tuple[str, ReturnedFigure | None, set[str]]] = [
        ("scope3/embodied", scope3.embodied, {EMBODIED[deployment].inventory_category}),
        ("scope3/infrastructure", scope3.infrastructure, buildings),
        ("scope3/spend_based", scope3.spend_based, {SPEND.inventory_category}),
    ]
    for basis in BASES:
        electricity, upstream = getattr(answer.scope2, basis), getattr(of_energy, basis, None)
        places += [
            (f"scope2/{basis}", electricity, {ELECTRICITY[deployment].inventory_category}),
            (f"scope3/fuel_and_energy/{basis}", upstream, {FUEL_AND_ENERGY[deployment].inventory_category}),
        ]
    for place, figure, right in places:
        if figure is not None and figure.inventory_category not in right:
            detail = f"on {deployment} this figure is {' or '.join(sorted(right))}: send the answer as it was given"
            yield Fault(f"{pointer}/{place}/inventory_category", "FIELDS_CONFLICT", detail)


def _methods(pointer: str, answer: Returned, checked: dict[bytes, list[Fault]]) -> Iterator[Fault]:
    """Edited fingerprints; the same methodology stands in many answers and is looked at once."""
    key = msgspec.json.encode(answer.methodology)
    if key not in checked:
        checked[key] = list(method_faults(method_of(answer), ""))
    for fault in checked[key]:
        yield Fault(f"{pointer}/methodology{fault.pointer}", fault.code, fault.detail)


def _base_year_faults(pointer: str, year: BaseYear | None) -> Iterator[Fault]:
    if year is None:
        return
    yield from _period_faults(f"{pointer}/period", year.period)
    for index, stated in enumerate(year.methodologies):
        method = Method(
            id=stated.id,
            version=stated.version,
            factor_set=stated.factor_set,
            parameters=stated.parameters,
            parameters_hash=stated.parameters_hash,
            fingerprint=stated.fingerprint,
        )
        yield from method_faults(method, f"{pointer}/methodologies/{index}")


def _not_of_its_time(original: BaseYear, recalculated: BaseYear) -> Iterator[Fault]:
    if span(original.period) != span(recalculated.period):
        detail = "the recalculated baseline is the base year's activity: send it for the base year's period"
        yield Fault("/recalculated_baseline/period", "PERIOD_INVALID", detail)
