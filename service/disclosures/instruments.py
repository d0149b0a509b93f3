"""Contractual instruments and what they leave: on an energy basis. Source: METHOD sections 3 and 10."""

from collections import Counter
from collections.abc import Sequence

from service.method.disclosure import covered_share
from service.method.numeric import total
from service.model.disclosed import (
    ContractualInstruments,
    InstrumentShares,
    QualityLine,
    ResidualMix,
    TypeLine,
    UnverifiedLine,
)
from service.model.returned import Returned, ReturnedInstrument, ReturnedMarketFigure, ReturnedSource

_COUNTED = "counted"


def contractual_instruments(answers: Sequence[Returned]) -> ContractualInstruments:
    """Those of all answers, and of those whose electricity is booked in Scope 2."""
    sent = [instrument for market in _markets(answers) for instrument in market.instruments]
    booked = [answer for answer in answers if _booked_in_scope2(answer)]
    shares = _shares(answers)
    unattested = Counter(
        criterion for instrument in sent if not instrument.accepted for criterion in instrument.unverified
    )
    return ContractualInstruments(
        facility_kwh=shares.facility_kwh,
        covered_kwh=shares.covered_kwh,
        share=shares.share,
        bundled_share=shares.bundled_share,
        unbundled_share=shares.unbundled_share,
        unstated_share=shares.unstated_share,
        by_type=shares.by_type,
        of_scope2=_shares(booked) if booked else None,
        quality=_quality(sent),
        unverified=[UnverifiedLine(criterion=name, instruments=count) for name, count in sorted(unattested.items())],
    )


def residual_mix(answers: Sequence[Returned], of_batch: Sequence[ReturnedSource]) -> ResidualMix:
    """What prices the energy that no instrument covers; its absence is part of the disclosure (criterion 8)."""
    markets = _markets(answers)
    by_location = total(market.uncovered_kwh for market in markets if market.fallback == "location")
    uncovered = total(market.uncovered_kwh for market in markets)
    by_residual = any(market.uncovered_kwh > 0 and market.fallback is None for market in markets)
    absent = any(market.fallback == "location" for market in markets)
    listed = [source for answer in answers for source in answer.sources or ()]
    sources = {source.id for source in [*listed, *of_batch] if "residual" in source.kind}
    state = ("partly_absent" if by_residual else "absent") if absent else ("used" if by_residual else "not_needed")
    return ResidualMix(
        state=state,  # type: ignore[arg-type]
        sources=sorted(sources),
        uncovered_kwh=uncovered,
        priced_by_location_kwh=by_location,
    )


def counted(answers: Sequence[Returned]) -> list[ReturnedInstrument]:
    """Every instrument that counted."""
    return [one for market in _markets(answers) for one in market.instruments if one.accepted]


def _markets(answers: Sequence[Returned]) -> list[ReturnedMarketFigure]:
    return [market for answer in answers if (market := answer.scope2.market_based) is not None]


def _booked_in_scope2(answer: Returned) -> bool:
    market = answer.scope2.market_based
    return market is not None and market.inventory_category == "scope2"


def _shares(answers: Sequence[Returned]) -> InstrumentShares:
    kwh = total(answer.energy.facility_kwh or 0.0 for answer in answers if answer.scope2.market_based is not None)
    used = counted(answers)

    def share(bundled: bool | None) -> float:  # noqa: FBT001 - as instruments state it
        return covered_share([one.applied_kwh for one in used if one.bundled is bundled], kwh)

    of_type: dict[str, list[float]] = {}
    for one in used:
        of_type.setdefault(one.type, []).append(one.applied_kwh)
    by_type = [_type_line(name, of_type[name], kwh) for name in sorted(of_type)]
    applied = [line.applied_kwh for line in by_type]
    return InstrumentShares(
        facility_kwh=kwh,
        covered_kwh=total(applied),
        share=covered_share(applied, kwh),
        bundled_share=share(True),  # noqa: FBT003
        unbundled_share=share(False),  # noqa: FBT003
        unstated_share=share(None),
        by_type=by_type,
    )


def _type_line(name: str, applied: Sequence[float], kwh: float) -> TypeLine:
    return TypeLine(type=name, instruments=len(applied), applied_kwh=total(applied), share=covered_share(applied, kwh))


def _quality(sent: Sequence[ReturnedInstrument]) -> list[QualityLine]:
    outcomes: dict[str, list[float]] = {}
    for one in sent:
        outcome = _COUNTED if one.accepted else one.reason or "not counted"
        outcomes.setdefault(outcome, []).append(one.applied_kwh)
    return [
        QualityLine(outcome=outcome, instruments=len(kwh), applied_kwh=total(kwh))
        for outcome, kwh in sorted(outcomes.items(), key=lambda item: (item[0] != _COUNTED, item[0]))
    ]
