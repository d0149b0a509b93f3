"""What is not in the inventory and why, and what a reader must know of what is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.disclosures.energy import SHOWN_IDS
from service.disclosures.instruments import counted
from service.disclosures.inventory import amortized
from service.method.numeric import total
from service.model.codes import codes
from service.model.disclosed import AnswerWarning, DisclosedGwp, Exclusion, ResidualMix
from service.model.result import Warn
from service.model.returned import Returned

_FUEL_AND_ENERGY = "scope3.fuel_and_energy"
_WHY = {
    _FUEL_AND_ENERGY: ("CAT3_NOT_COMPUTED",),
    f"{_FUEL_AND_ENERGY}.upstream": ("FACTOR_LIFECYCLE_BASIS", "CAT3_NOT_COMPUTED"),
    f"{_FUEL_AND_ENERGY}.td_losses": ("FACTOR_INCLUDES_TD", "CAT3_NOT_COMPUTED"),
    "scope3.embodied": ("EMBODIED_NOT_COMPUTED",),
    "scope3.infrastructure": ("INFRA_NOT_COMPUTED",),
}
"""Figure → codes of the answers that say why it is null."""
_PARTS = {"HOST_OVERHEAD_MISSING": "energy of the host", "EMBODIED_HOST_MISSING": "scope3.embodied"}
"""Codes that tell of a figure which is there in part."""
_AMORTIZED = "Own hardware is booked in the year of its purchase; the amortized figure of this answer is not booked."
_UNNAMED = "Answers of a batch list no factors of their own; send the batch's `sources` to have them named."
_CREDIT = "carbon_credit"
_CERTIFICATES = frozenset({"rec", "go", "rego", "i-rec", "granular", "ppa", "vppa", "contract"})
_PASSED_ON = (
    "CATEGORY_SCHEME_GUIDE",
    "CLOUD_SCOPE2_IS_SCOPE3",
    "MB_CLOUD_INSTRUMENTS",
    "MB_HOURLY_AHEAD_OF_STANDARD",
    "MB_PROVIDER_CLAIM_UNVERIFIED",
    "MB_RESIDUAL_MISSING_LOCATION_USED",
    "OFFSET_EXCLUDED",
    "SPEND_BASED_ESTIMATE",
)
"""Codes of answers that a disclosure must repeat."""


class _Left(NamedTuple):
    """What is left out, as it is grouped."""

    figure: str
    code: str | None
    reason: str
    partial: bool = False


def exclusions(answers: Sequence[Returned], *, of_batch: bool) -> list[Exclusion]:
    """Each figure that is null or left out, with its reason, over all answers; and factors that nobody named.

    Args:
        answers: of the disclosure.
        of_batch: whether a batch's sources were sent, which answers without their own rest on.
    """
    found: dict[_Left, list[tuple[str | None, float | None]]] = {}
    for answer in answers:
        for left, kg in _left_out(answer):
            found.setdefault(left, []).append((answer.id, kg))
        if answer.sources is None and not of_batch:
            found.setdefault(_Left("factors", None, _UNNAMED), []).append((answer.id, None))
    return [_exclusion(left, found[left]) for left in sorted(found, key=lambda left: (left.figure, left.reason))]


def _exclusion(left: _Left, lacking: Sequence[tuple[str | None, float | None]]) -> Exclusion:
    known = [kg for _, kg in lacking if kg is not None]
    return Exclusion(
        figure=left.figure,
        answers=len(lacking),
        ids=sorted(name for name, _ in lacking if name is not None)[:SHOWN_IDS],
        partial=left.partial,
        kg_co2e=total(known) if known else None,
        code=left.code,
        reason=left.reason,
    )


def _left_out(answer: Returned) -> Iterator[tuple[_Left, float | None]]:
    told = {warning.code for warning in answer.warnings}
    spend = answer.scope3.spend_based is not None
    for figure in _null_figures(answer):
        why = ("SPEND_BASED_ESTIMATE",) if spend else _WHY.get(figure, ())
        code = next((code for code in why if spend or code in told), None)
        yield _Left(figure, code, _meaning(code, spend=spend)), None
    own = amortized(answer)
    if own is not None and own.acquisition_year_kg_co2e is None:
        yield _Left("scope3.embodied", None, _AMORTIZED), own.kg_co2e
    for code in sorted(told & _PARTS.keys()):
        yield _Left(_PARTS[code], code, codes()[code].message, partial=True), None
    market = answer.scope2.market_based
    if market is not None and any(one.type == _CREDIT for one in market.instruments):
        yield _Left("carbon credits", "OFFSET_EXCLUDED", codes()["OFFSET_EXCLUDED"].message), None


def _null_figures(answer: Returned) -> Iterator[str]:
    if answer.scope2.location_based is None:
        yield "scope2"
    of_energy = answer.scope3.fuel_and_energy
    if of_energy is None or of_energy.location_based is None:
        yield _FUEL_AND_ENERGY
    if answer.scope3.embodied is None:
        yield "scope3.embodied"
    if answer.scope3.infrastructure is None:
        yield "scope3.infrastructure"
    missing = answer.totals.location_based.missing if answer.totals.location_based is not None else []
    yield from (path for path in missing if path.startswith(f"{_FUEL_AND_ENERGY}."))


def _meaning(code: str | None, *, spend: bool) -> str:
    if spend:
        return "The spend-based figure already holds it; it is not known apart."
    return codes()[code].message if code is not None else "The answer does not say why."


def answer_warnings(answers: Sequence[Returned]) -> list[AnswerWarning]:
    """Every code that answers carry, with how many of them do."""
    counts = Counter(code for answer in answers for code in {warning.code for warning in answer.warnings})
    known = codes()
    return [
        AnswerWarning(code=code, message=known[code].message if code in known else None, answers=count)
        for code, count in sorted(counts.items())
    ]


def warnings(answers: Sequence[Returned], residual: ResidualMix, potentials: DisclosedGwp) -> Iterator[Warn]:
    """What the reader of the block must know."""
    told = Counter(code for answer in answers for code in {warning.code for warning in answer.warnings})
    for code in _PASSED_ON:
        if told[code]:
            yield _warn(code, f"{codes()[code].message} Answers: {told[code]} of {len(answers)}.")
    mixed = [names for names in (potentials.sets, potentials.factor_sets_stated) if len(names) > 1]
    if mixed or told["GWP_MIXED"]:
        names = " and ".join(mixed[0] if mixed else potentials.factor_sets_stated) or "several sets"
        yield _warn("GWP_MIXED", f"the answers rest on the GWP sets {names}")
    if residual.state in ("absent", "partly_absent") and not told["MB_RESIDUAL_MISSING_LOCATION_USED"]:
        yield _warn("MB_RESIDUAL_MISSING_LOCATION_USED", codes()["MB_RESIDUAL_MISSING_LOCATION_USED"].message)
    if residual.state in ("used", "partly_absent") and not counted(answers):
        detail = "no instrument counted; the market-based figures rest on the residual mix, where there is one"
        yield _warn("MB_NO_INSTRUMENTS_RESIDUAL_USED", detail)
    yield from _claimed_twice(answers)
    bought = sum(1 for answer in answers if (own := amortized(answer)) and own.acquisition_year_kg_co2e is not None)
    if bought:
        detail = f"{bought} answers state hardware in the year of its purchase; of the same machines only one may"
        yield _warn("CAT2_ACQUISITION_YEAR", detail)


def _claimed_twice(answers: Sequence[Returned]) -> Iterator[Warn]:
    """The same certificate in two answers; a rate or a provider's claim may hold for many."""
    claims = Counter(
        one.id
        for answer in answers
        if answer.scope2.market_based is not None
        for one in answer.scope2.market_based.instruments
        if one.accepted and one.type in _CERTIFICATES
    )
    twice = sorted(name for name, count in claims.items() if count > 1)
    if twice:
        names = ", ".join(name[:64] for name in twice[:3]) + (" …" if len(twice) > 3 else "")  # noqa: PLR2004
        detail = f"{len(twice)} instruments count in more than one answer ({names}): together no more than they hold"
        yield _warn("MB_DOUBLE_CLAIM", detail)


def _warn(code: str, detail: str) -> Warn:
    severity = "info" if codes()[code].severity == "info" else "warning"
    return Warn(code=code, pointer="/emissions", severity=severity, detail=detail)  # type: ignore[arg-type]
