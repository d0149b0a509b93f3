"""Whether an answer that comes back is as it was given: its fingerprint and its sums are worked out again.

What rests on an answer that was edited would look right and be wrong. Source: METHOD sections 0 and 7.
"""

from collections.abc import Iterator

from msgspec import Struct

from service.errors import Fault
from service.method.fingerprint import fingerprint, parameters_hash
from service.method.numeric import total
from service.model.returned import Basis, ParameterValue, Returned, ReturnedFactorSet

TOLERANCE = 1e-9
"""Relative; a client may have written a number with fewer digits than it was given."""
BASES: tuple[Basis, Basis] = ("location_based", "market_based")


class Method(Struct, frozen=True, kw_only=True, gc=False):
    """What a fingerprint is made of, and what was stated beside it."""

    id: str
    version: str
    factor_set: ReturnedFactorSet
    parameters: dict[str, ParameterValue]
    parameters_hash: str | None
    fingerprint: str | None


def hash_and_fingerprint(method: Method) -> tuple[str, str]:
    """Both worked out from the parameters."""
    hashed = parameters_hash(method.parameters)
    set_ = f"{method.factor_set.id}@{method.factor_set.version}"
    return hashed, fingerprint(set_, hashed, f"{method.id}@{method.version}")


def method_faults(method: Method, pointer: str) -> Iterator[Fault]:
    """Where a stated hash or fingerprint is not that of the parameters beside it."""
    hashed, printed = hash_and_fingerprint(method)
    if method.parameters_hash not in (None, hashed):
        detail = "this is not the hash of the parameters beside it: the answer was edited; send it as it was given"
        yield Fault(f"{pointer}/parameters_hash", "FIELDS_CONFLICT", detail)
    if method.fingerprint not in (None, printed):
        detail = "this is not the fingerprint of what stands beside it: the answer was edited; send it as it was given"
        yield Fault(f"{pointer}/fingerprint", "FIELDS_CONFLICT", detail)


def figures(answer: Returned, basis: Basis) -> dict[str, float]:
    """The figures of one total that are not null, by their paths. [kg CO2e]"""
    scope3 = answer.scope3
    of_energy = scope3.fuel_and_energy
    parts = {
        f"scope2.{basis}": getattr(answer.scope2, basis),
        "scope3.fuel_and_energy": getattr(of_energy, basis) if of_energy is not None else None,
        "scope3.embodied": scope3.embodied,
        "scope3.infrastructure": scope3.infrastructure,
        "scope3.spend_based": scope3.spend_based,
    }
    return {path: figure.kg_co2e for path, figure in parts.items() if figure is not None}


def sum_faults(answer: Returned, pointer: str) -> Iterator[Fault]:
    """Where a total is not the sum of its figures, and where the figures are not those that the parameters name."""
    known: set[str] = set()
    for basis in BASES:
        parts = figures(answer, basis)
        known |= parts.keys()
        stated = getattr(answer.totals, basis)
        if stated is None:
            continue
        summed = total(parts.values())
        if abs(summed - stated.kg_co2e) > TOLERANCE * max(summed, stated.kg_co2e):
            detail = f"the figures sum to {summed!r}: the answer was edited; send it as it was given"
            yield Fault(f"{pointer}/totals/{basis}/kg_co2e", "FIELDS_CONFLICT", detail)
    yield from _energy_faults(answer, pointer)
    named = answer.methodology.parameters.get("figures")
    if isinstance(named, list) and {path for path in named if not path.startswith("scope3.fuel_and_energy.")} != known:
        detail = f"the answer holds {', '.join(sorted(known))}: it was edited; send it as it was given"
        yield Fault(f"{pointer}/methodology/parameters/figures", "FIELDS_CONFLICT", detail)


def _energy_faults(answer: Returned, pointer: str) -> Iterator[Fault]:
    """Where energy, what is covered of it, the instruments that cover it and the PUE do not fit together."""
    energy, market = answer.energy, answer.scope2.market_based
    kwh, it_kwh, pue = energy.facility_kwh, energy.it_kwh, energy.pue
    if kwh is not None and it_kwh is not None and pue is not None and _apart(kwh, it_kwh * pue):
        yield _edited(f"{pointer}/energy/facility_kwh", f"IT energy × PUE is {it_kwh * pue!r}")
    if market is None or kwh is None:
        return
    at = f"{pointer}/scope2/market_based"
    whole = market.covered_kwh + market.uncovered_kwh
    if _apart(kwh, whole):
        yield _edited(f"{pointer}/energy/facility_kwh", f"covered and uncovered energy are {whole!r}")
    applied = total([one.applied_kwh for one in market.instruments if one.accepted])
    if _apart(market.covered_kwh, applied):
        yield _edited(f"{at}/covered_kwh", f"the instruments cover {applied!r}")
    if _apart(market.coverage_share * kwh, market.covered_kwh):
        yield _edited(f"{at}/coverage_share", f"covered energy is {market.covered_kwh!r} of {kwh!r}")


def _apart(stated: float, worked_out: float) -> bool:
    return abs(stated - worked_out) > TOLERANCE * max(stated, worked_out)


def _edited(pointer: str, found: str) -> Fault:
    return Fault(pointer, "FIELDS_CONFLICT", f"{found}: the answer was edited; send it as it was given")


def method_of(answer: Returned) -> Method:
    """What the answer's fingerprint is made of."""
    stated = answer.methodology
    return Method(
        id=stated.id,
        version=stated.version,
        factor_set=stated.factor_set,
        parameters=stated.parameters,
        parameters_hash=stated.parameters_hash,
        fingerprint=stated.fingerprint,
    )
