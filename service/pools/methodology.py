"""By which method and parameters a pool was divided, and the fingerprint of it. Source: METHOD section 7."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from service.errors import Fault, Refused
from service.method import fingerprint
from service.model.pool import PoolMethod, PoolRequest
from service.model.result import FactorSet, Methodology
from service.model.workload import Amount, Name, Text
from service.pools.origin import Whole

_Names = Annotated[list[Text], Meta(max_length=64)]


class _OfAnswer(Struct, frozen=True, kw_only=True):
    """An answer's own parameters: METHOD's closed list, each of its type; others are passed over."""

    allocation_method: Text | None = None
    weights: Annotated[dict[Name, Amount], Meta(max_length=16)] | None = None
    category_scheme: Text | None = None
    deployment: Text | None = None
    matching: Text | None = None
    quality_policy: Text | None = None
    provider_claims: bool | None = None
    td_loss_basis: Text | None = None
    factor_fallback: Text | None = None
    utilization_of: Text | None = None
    idle_share_of_tdp: Amount | None = None
    lifetime_years: Amount | None = None
    fleet_utilization: Amount | None = None
    gwp_set: Text | None = None
    hours_per_year: Amount | None = None
    user_factors: _Names | None = None
    figures: _Names | None = None


def check_parameters(whole: Whole) -> None:
    """Refuse an answer whose parameters are not those of an answer.

    Raises:
        Refused: one is of another type.
    """
    _own_parameters(whole)


def methodology(
    request: PoolRequest, method: PoolMethod, weights: dict[str, float], whole: Whole, factor_set: FactorSet
) -> Methodology:
    """The answer's `methodology`: parameters of the division, over those of the answer that is divided.

    Args:
        request: what was sent.
        method: the one chosen.
        weights: of the resources, under `physical`.
        whole: what is divided.
        factor_set: the one in force; an earlier answer names its own.
    """
    if whole.origin == "emissions" and whole.methodology is not None:
        known = whole.methodology.factor_set
        factor_set = FactorSet(id=known.id, version=known.version)
    parameters = _own_parameters(whole) | {
        "allocation_method": method,
        "weights": weights or None,
        "time_unit": request.time_unit if method == "time" else None,
        "idle_policy": request.idle_policy,
        "static_share": request.static_share if method == "two_part" else None,
        "basis": whole.basis,
    }
    stated = {name: value for name, value in sorted(parameters.items()) if value not in (None, [], {})}
    hashed = fingerprint.parameters_hash(stated)
    return Methodology(
        id=fingerprint.METHOD_ID,
        version=fingerprint.METHOD_VERSION,
        factor_set=factor_set,
        parameters=stated,
        parameters_hash=hashed,
        fingerprint=fingerprint.fingerprint(f"{factor_set.id}@{factor_set.version}", hashed),
    )


def _own_parameters(whole: Whole) -> dict[str, Any]:
    if whole.methodology is None:
        return {}
    try:
        known = msgspec.convert(whole.methodology.parameters, _OfAnswer)
    except msgspec.ValidationError as error:
        where = "/pool/emissions/methodology/parameters"
        raise Refused([Fault(where, "FIELDS_CONFLICT", f"not as it was answered: {error}")]) from None
    return msgspec.structs.asdict(known)
