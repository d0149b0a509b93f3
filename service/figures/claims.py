"""The instruments of a request as claims: which count, at which rate, why others do not. Source: METHOD section 3."""

from msgspec import Struct

from service.figures.caller import check_intensity
from service.figures.case import Case
from service.figures.energy import EnergyUse
from service.method import instruments as criteria
from service.method.market import Claim, contracted_share
from service.method.period import instant
from service.method.uncertainty import lowered
from service.model.factor import Grade
from service.model.resolved import Matched
from service.model.workload import Instrument

INSTRUMENT_GRADE: Grade = "B"
_OPEN_TIER = 3
"""The tier whose rates may stand without a quantity."""
_REASONS = {
    "MB_DOUBLE_CLAIM": "its serial is claimed by another instrument of the request",
    "MB_NOT_RETIRED": "it is not retired for the reporter",
    "MB_EXPIRED": "it expired before it was retired",
    "MB_VINTAGE_MISMATCH": "its vintage year lies outside the period",
    "MB_MARKET_BOUNDARY": "it was issued outside the market of consumption",
    "MB_ATTRIBUTES_SOLD": "its attributes were not transferred (null power)",
}


class Accepted(Struct, frozen=True, kw_only=True, gc=False):
    """An instrument that counts."""

    index: int | None
    """In the request; `None` for a provider's published claim."""
    id: str
    type: str
    claim: Claim
    kg_co2e_per_kwh: float
    grade: Grade
    upstream_kg_co2e_per_kwh: float | None
    covers_losses: bool
    bundled: bool | None
    unverified: tuple[str, ...] = ()
    source: Matched | None = None


class Rejected(Struct, frozen=True, kw_only=True, gc=False):
    """An instrument that covers nothing."""

    index: int
    id: str
    type: str
    reason: str
    bundled: bool | None
    unverified: tuple[str, ...] = ()


def claims(case: Case, energy: EnergyUse | None) -> tuple[list[Accepted], list[Rejected]]:
    """Judge every instrument."""
    accepted: list[Accepted] = []
    rejected: list[Rejected] = []
    if case.workload.instruments:
        setting = criteria.Setting(
            country=case.resolved.country, period=case.activity.period, groups=case.resolved.market_groups
        )
        holders = _serial_holders(case.workload.instruments)
        _check_ids(case, case.workload.instruments)
        for index, instrument in enumerate(case.workload.instruments):
            outcome = _outcome(case, index, instrument, setting, holders, energy)
            if isinstance(outcome, Accepted):
                accepted.append(outcome)
            else:
                rejected.append(outcome)
    if case.resolved.claim is not None:
        if any(one.claim.takes_rest for one in accepted):
            detail = f"your own rate takes the rest: {case.resolved.claim.id} was left out"
            case.ledger.warn("MB_PROVIDER_CLAIM_UNVERIFIED", "/market/provider_claims", detail)
        else:
            accepted.append(_published(case, case.resolved.claim))
    elif case.resolved.claim_left_out:
        detail = f"{case.resolved.claim_left_out} may be net of carbon credits; it was left out"
        case.ledger.warn("OFFSET_EXCLUDED", "/market/provider_claims", detail)
    return accepted, rejected


def _check_ids(case: Case, instruments: list[Instrument]) -> None:
    seen: set[str] = set()
    for index, instrument in enumerate(instruments):
        if instrument.id in seen:
            detail = f"instrument ids are unique; {instrument.id[:64]!r} stands twice"
            case.ledger.fault(f"/instruments/{index}/id", "FIELDS_CONFLICT", detail)
        seen.add(instrument.id)
    open_rates = [index for index, instrument in enumerate(instruments) if _takes_rest(instrument)]
    for index in open_rates[1:]:
        detail = "two tier-3 rates without a quantity both claim the rest; give one of them a quantity"
        case.ledger.fault(f"/instruments/{index}", "FIELDS_CONFLICT", detail)


def _serial_holders(instruments: list[Instrument]) -> dict[str, str]:
    """Serial → the smallest id that carries it."""
    holders: dict[str, str] = {}
    for instrument in instruments:
        if instrument.serial is not None and instrument.type != "carbon_credit":
            holders[instrument.serial] = min(instrument.id, holders.get(instrument.serial, instrument.id))
    return holders


def _outcome(
    case: Case,
    index: int,
    instrument: Instrument,
    setting: criteria.Setting,
    holders: dict[str, str],
    energy: EnergyUse | None,
) -> Accepted | Rejected:
    pointer = f"/instruments/{index}"
    if instrument.type == "carbon_credit":
        case.ledger.warn("OFFSET_EXCLUDED", pointer, "carbon credits do not reduce Scope 2 or 3; it was left out")
        return _rejected(index, instrument, "OFFSET_EXCLUDED")
    claim = _claim(case, pointer, instrument, energy)
    rate = _rate(case, pointer, instrument)
    _check_expiry(case, pointer, instrument)
    if any(fault.pointer.startswith(pointer) for fault in case.ledger.faults):
        return _rejected(index, instrument, "refused")
    taken = instrument.serial is not None and holders.get(instrument.serial, instrument.id) != instrument.id
    verdict = criteria.judge(instrument, setting, serial_taken=taken)
    for code in verdict.failing:
        case.ledger.warn(code, pointer, f"{instrument.id[:64]} covers nothing: {_REASONS[code]}")
    if verdict.failing:
        return _rejected(index, instrument, verdict.failing[0], verdict.unverified)
    grade = INSTRUMENT_GRADE
    if verdict.unverified:
        missing = ", ".join(verdict.unverified)
        if case.workload.market.quality_policy == "strict":
            detail = f"{instrument.id[:64]} covers nothing under the strict policy; send {missing}"
            case.ledger.warn("MB_QC_UNVERIFIED", pointer, detail)
            return _rejected(index, instrument, "MB_QC_UNVERIFIED", verdict.unverified)
        detail = f"{instrument.id[:64]} was counted one grade lower; send {missing}"
        case.ledger.warn("MB_QC_UNVERIFIED", pointer, detail)
        grade = lowered(grade)
    if claim is None:
        detail = f"{instrument.id[:64]} has no hours, so it covers nothing in hourly matching; send hourly_kwh"
        case.ledger.warn("MB_HOURLY_PROFILE_MISSING", pointer, detail)
        return _rejected(index, instrument, "MB_HOURLY_PROFILE_MISSING", verdict.unverified)
    if instrument.type == "provider_cfe":
        detail = f"{instrument.id[:64]} is the provider's own claim, without evidence of instruments"
        case.ledger.warn("MB_PROVIDER_CLAIM_UNVERIFIED", pointer, detail)
        grade = lowered(grade)
    return Accepted(
        index=index,
        id=instrument.id,
        type=instrument.type,
        claim=claim,
        kg_co2e_per_kwh=rate,
        grade=grade,
        upstream_kg_co2e_per_kwh=instrument.upstream_kg_co2e_per_kwh,
        covers_losses=instrument.covers_losses,
        bundled=instrument.bundled,
        unverified=verdict.unverified,
    )


def _rejected(index: int, instrument: Instrument, reason: str, unverified: tuple[str, ...] = ()) -> Rejected:
    return Rejected(
        index=index,
        id=instrument.id,
        type=instrument.type,
        reason=reason,
        bundled=instrument.bundled,
        unverified=unverified,
    )


def _takes_rest(instrument: Instrument) -> bool:
    """A tier-3 rate without a quantity; a provider's CFE claims a part by its share."""
    given = (instrument.kwh, instrument.percent, instrument.hourly_kwh, instrument.cfe_share)
    return criteria.TIER.get(instrument.type) == _OPEN_TIER and given == (None, None, None, None)


def _claim(case: Case, pointer: str, instrument: Instrument, energy: EnergyUse | None) -> Claim | None:
    """What it claims; `None` where a kWh claim has no hours in hourly matching."""
    tier = criteria.TIER[instrument.type]
    part = 1.0
    if instrument.cfe_share is not None and instrument.type == "provider_cfe":
        part = _contracted_part(case, instrument.cfe_share)
    given = sum(quantity is not None for quantity in (instrument.kwh, instrument.percent, instrument.hourly_kwh))
    if given == 0 and tier == _OPEN_TIER:
        if instrument.cfe_share is not None and instrument.type == "provider_cfe":
            return Claim(tier=tier, contracted_share=part)
        return Claim(tier=tier, takes_rest=True)
    if given != 1:
        case.ledger.fault(pointer, "FIELDS_CONFLICT", "send exactly one of kwh, percent and hourly_kwh")
        return None
    if instrument.percent is not None:
        if instrument.percent > 100:  # noqa: PLR2004 - per cent
            detail = f"{instrument.percent} % is more than the whole consumption; percent is 0 to 100"
            case.ledger.fault(f"{pointer}/percent", "MB_PERCENT_OVER_100", detail)
        return Claim(tier=tier, share=part * instrument.percent / 100)
    hourly = case.workload.market.matching == "hourly"
    if instrument.hourly_kwh is None:
        return None if hourly else Claim(tier=tier, kwh=part * (instrument.kwh or 0.0))
    hours = energy.hourly_facility_kwh if energy is not None else None
    if hourly and hours is not None and len(hours) != len(instrument.hourly_kwh):
        detail = f"{len(instrument.hourly_kwh)} hours of claims for {len(hours)} hours of energy"
        case.ledger.fault(f"{pointer}/hourly_kwh", "HOURLY_LENGTH_MISMATCH", detail)
    return Claim(tier=tier, hourly_kwh=[part * kwh for kwh in instrument.hourly_kwh])


def _contracted_part(case: Case, cfe_share: float) -> float:
    """What a provider contracted of the energy it claims: its CFE holds the grid's own clean share. [-]"""
    grid_share = case.workload.factors.grid_carbon_free_share
    if grid_share is None:
        detail = "a provider's CFE holds the grid's own clean share: send factors.grid_carbon_free_share"
        case.ledger.fault("/factors/grid_carbon_free_share", "CFE_GRID_SHARE_REQUIRED", detail)
        return 0.0
    part: float = contracted_share(cfe_share, grid_share)
    return part


def _rate(case: Case, pointer: str, instrument: Instrument) -> float:
    """Its emission rate; 0 may stand in for technologies without combustion. [kg CO2e/kWh]"""
    if instrument.upstream_kg_co2e_per_kwh is not None:
        check_intensity(case.ledger, f"{pointer}/upstream_kg_co2e_per_kwh", instrument.upstream_kg_co2e_per_kwh)
    if instrument.type == "provider_cfe" and instrument.cfe_share is not None:
        return 0.0
    if instrument.kg_co2e_per_kwh is not None:
        check_intensity(case.ledger, f"{pointer}/kg_co2e_per_kwh", instrument.kg_co2e_per_kwh)
        return instrument.kg_co2e_per_kwh
    technology = (instrument.technology or "").strip().lower()
    if technology in criteria.ZERO_COMBUSTION:
        detail = f"{instrument.id[:64]} states no rate; 0 was taken for {technology}"
        case.ledger.warn("MB_EF_ASSUMED_ZERO", pointer, detail)
        return 0.0
    detail = "send kg_co2e_per_kwh; only wind, solar, hydro and nuclear may leave it out"
    case.ledger.fault(f"{pointer}/kg_co2e_per_kwh", "MB_EF_MISSING", detail)
    return 0.0


def _check_expiry(case: Case, pointer: str, instrument: Instrument) -> None:
    if instrument.expires is None:
        return
    try:
        instant(instrument.expires)
    except (ValueError, OverflowError) as why:
        case.ledger.fault(f"{pointer}/expires", "PERIOD_INVALID", str(why))


def _published(case: Case, published: Matched) -> Accepted:
    """A provider's published CFE or market factor, which the caller lets serve as tier 3."""
    detail = f"{published.id} is the provider's own claim, without evidence of instruments"
    case.ledger.warn("MB_PROVIDER_CLAIM_UNVERIFIED", "/market/provider_claims", detail)
    cfe = published.kind == "carbon_free_share"
    claim = Claim(tier=3, takes_rest=True)
    if cfe:
        claim = Claim(tier=3, contracted_share=_contracted_part(case, published.value))
    return Accepted(
        index=None,
        id=published.id,
        type="provider_cfe" if cfe else "supplier_rate",
        claim=claim,
        kg_co2e_per_kwh=0.0 if cfe else published.value,
        grade=lowered(INSTRUMENT_GRADE),
        upstream_kg_co2e_per_kwh=None,
        covers_losses=False,
        bundled=None,
        source=published,
    )
