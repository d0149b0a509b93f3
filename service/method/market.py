"""Scope 2, market-based: how claims cover consumption. Source: METHOD section 3; GHG Protocol, Scope 2 Guidance.

Tiers are served in order; inside a tier an excess is scaled pro rata, so that the order of entry cannot flatter.
"""

from collections.abc import Sequence

from msgspec import Struct

from service.method.numeric import Quantity, greatest, least, ratio, total

_DUST = 1e-12
"""Part of the consumption below which what claims leave is the dust of floats, not energy."""


class Claim(Struct, frozen=True, kw_only=True, gc=False):
    """What one accepted instrument claims: exactly one of the four."""

    tier: int
    kwh: float | None = None
    """An amount of facility energy. [kWh]"""
    share: float | None = None
    """A part of all consumption (in hourly matching: of every hour's)."""
    hourly_kwh: list[float] | None = None
    contracted_share: float | None = None
    """A part of what earlier tiers left (a provider's contracted carbon-free energy)."""
    takes_rest: bool = False
    """All that its tier leaves (a supplier's rate without a quantity)."""


class Matching(Struct, frozen=True, kw_only=True, gc=False):
    """What the claims cover."""

    applied_kwh: list[float]
    """Of each claim, in the order given."""
    uncovered_kwh: float
    excess_kwh: float
    """Claimed beyond consumption and not counted. In hourly matching: the surplus of hours."""
    hourly_uncovered_kwh: list[float] | None = None


def counted_share(remaining_kwh: Quantity, claimed_kwh: Quantity) -> Quantity:
    """Part of a tier's claims that counts: all of it up to what remains. [-]"""
    return least(1.0, ratio(remaining_kwh, claimed_kwh))


def left_kwh(remaining_kwh: Quantity, claimed_kwh: Quantity) -> Quantity:
    """What a tier leaves uncovered. [kWh]"""
    return greatest(0.0, remaining_kwh - claimed_kwh)


def contracted_share(carbon_free_share: Quantity, grid_carbon_free_share: Quantity) -> Quantity:
    """Part of the non-clean grid energy that a provider contracted: its CFE counts the grid's own share. [-]"""
    return greatest(0.0, ratio(carbon_free_share - grid_carbon_free_share, greatest(0.0, 1.0 - grid_carbon_free_share)))


def _claimed_kwh(claim: Claim, energy_kwh: float, remaining_kwh: float) -> float:
    if claim.kwh is not None:
        return claim.kwh
    if claim.share is not None:
        return claim.share * energy_kwh
    if claim.hourly_kwh is not None:
        return total(claim.hourly_kwh)
    if claim.contracted_share is not None:
        return claim.contracted_share * remaining_kwh
    return 0.0


def match_annual(energy_kwh: float, claims: Sequence[Claim]) -> Matching:
    """Cover a year's consumption. [kWh]"""
    applied = [0.0] * len(claims)
    remaining, excess = energy_kwh, 0.0
    for members in _by_tier(claims):
        asked = [_claimed_kwh(claims[index], energy_kwh, remaining) for index in members]
        claimed = total(asked)
        part = counted_share(remaining, claimed)
        for index, kwh in zip(members, asked, strict=True):
            applied[index] = kwh * part
        excess += greatest(0.0, claimed - remaining)
        remaining = left_kwh(remaining, claimed)
        for index in members:
            if claims[index].takes_rest:
                applied[index], remaining = remaining, 0.0
    uncovered = remaining if remaining > _DUST * energy_kwh else 0.0
    return Matching(applied_kwh=applied, uncovered_kwh=uncovered, excess_kwh=excess)


def _by_tier(claims: Sequence[Claim]) -> list[list[int]]:
    """Places of the claims, tier by tier."""
    tiers: dict[int, list[int]] = {}
    for index, claim in enumerate(claims):
        tiers.setdefault(claim.tier, []).append(index)
    return [tiers[tier] for tier in sorted(tiers)]


def match_hourly(hourly_energy_kwh: Sequence[float], claims: Sequence[Claim]) -> Matching:
    """Cover each hour's consumption; an hour's surplus helps no other. [kWh]"""
    applied = [0.0] * len(claims)
    remaining, surplus = list(hourly_energy_kwh), 0.0
    for members in _by_tier(claims):
        claimed = _hourly_claims(hourly_energy_kwh, remaining, [claims[index] for index in members])
        parts = [counted_share(rest, asked) for rest, asked in zip(remaining, claimed, strict=True)]
        surplus += total(greatest(0.0, asked - rest) for rest, asked in zip(remaining, claimed, strict=True))
        for index in members:
            applied[index] = _hourly_applied(claims[index], hourly_energy_kwh, remaining, parts)
        remaining = [left_kwh(rest, asked) for rest, asked in zip(remaining, claimed, strict=True)]
        for index in members:
            if claims[index].takes_rest:
                applied[index], remaining = total(remaining), [0.0] * len(remaining)
    remaining = [rest if rest > _DUST * kwh else 0.0 for rest, kwh in zip(remaining, hourly_energy_kwh, strict=True)]
    return Matching(
        applied_kwh=applied,
        uncovered_kwh=total(remaining),
        excess_kwh=surplus,
        hourly_uncovered_kwh=remaining,
    )


def _hourly_claims(energy: Sequence[float], remaining: Sequence[float], claims: Sequence[Claim]) -> list[float]:
    share = total(claim.share or 0.0 for claim in claims)
    contracted = total(claim.contracted_share or 0.0 for claim in claims)
    series = [claim.hourly_kwh for claim in claims if claim.hourly_kwh is not None]
    hourly = [total(values) for values in zip(*series, strict=True)] if series else [0.0] * len(energy)
    return [
        amount + share * kwh + contracted * rest for amount, kwh, rest in zip(hourly, energy, remaining, strict=True)
    ]


def _hourly_applied(claim: Claim, energy: Sequence[float], remaining: Sequence[float], parts: Sequence[float]) -> float:
    if claim.hourly_kwh is not None:
        return total(amount * part for amount, part in zip(claim.hourly_kwh, parts, strict=True))
    if claim.share is not None:
        return claim.share * total(kwh * part for kwh, part in zip(energy, parts, strict=True))
    if claim.contracted_share is not None:
        return claim.contracted_share * total(rest * part for rest, part in zip(remaining, parts, strict=True))
    return 0.0
