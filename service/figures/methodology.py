"""The parameters in force and their fingerprint. Source: METHOD section 7."""

from functools import lru_cache
from typing import Any

import msgspec

from service.figures.case import Case
from service.figures.embodied import Embodied
from service.figures.energy import EnergyUse
from service.figures.totals import Parts
from service.method import fingerprint as method
from service.method.embodied import HOURS_PER_YEAR
from service.method.energy import IDLE_SHARE_OF_TDP
from service.model.result import FactorSet, Methodology
from service.model.workload import NO_FACTORS, Allocation, Workload

_REMEMBERED = 4096
_MODELED = 4
_NO_ALLOCATION = Allocation()


def methodology(case: Case, energy: EnergyUse | None, embodied: Embodied | None, parts: Parts) -> msgspec.Raw:
    """The answer's `methodology`, encoded: it repeats, so it is made once for each set of parameters."""
    workload = case.workload
    allocation = workload.allocation or _NO_ALLOCATION
    modeled = energy is not None and energy.result.tier == _MODELED
    key = (
        embodied.method if embodied is not None else None,
        allocation.category_scheme,
        case.activity.deployment,
        workload.factors.fallback,
        tuple(parts.known()),
        allocation.fleet_utilization,
        energy is not None and energy.idle_share_assumed,
        embodied.lifetime_years if embodied is not None and embodied.by_life else None,
        workload.market.matching,
        workload.market.provider_claims,
        workload.market.quality_policy,
        _td_loss_basis(case),
        _user_factors(workload),
        workload.utilization_of if modeled else None,
        _weights(allocation) if embodied is not None and embodied.method == "physical" else (),
    )
    return _encoded(key, case.resolved.factor_set_id, case.resolved.factor_set_version)


def _user_factors(workload: Workload) -> tuple[str, ...]:
    """Names of the factors that the caller sent in place of the store's."""
    factors, hardware = workload.factors, workload.hardware
    names = [name for name in _OWN if getattr(factors, name) is not None] if factors is not NO_FACTORS else []
    if hardware is not None and hardware.embodied_kg_co2e is not None:
        names.append("embodied_kg_co2e")
    return tuple(names)


def _weights(allocation: Allocation) -> tuple[tuple[str, float], ...]:
    if allocation.weights is None:
        return ()
    given = msgspec.structs.asdict(allocation.weights)
    return tuple((name, weight) for name, weight in sorted(given.items()) if weight is not None)


def _td_loss_basis(case: Case) -> str | None:
    if case.workload.factors.td_loss_share is not None:
        return case.workload.factors.td_loss_basis
    rate = case.resolved.td_loss
    return rate.boundary if rate is not None and rate.id in case.ledger.sources else None


_OWN = (
    "location_kg_co2e_per_kwh",
    "hourly_location_kg_co2e_per_kwh",
    "residual_kg_co2e_per_kwh",
    "hourly_residual_kg_co2e_per_kwh",
    "upstream_kg_co2e_per_kwh",
    "td_loss_share",
    "grid_carbon_free_share",
    "infrastructure_kg_co2e_per_it_kwh",
    "hardware_kg_co2e_per_usd",
)
_NAMES = (
    "allocation_method",
    "category_scheme",
    "deployment",
    "factor_fallback",
    "figures",
    "fleet_utilization",
    "idle_share_of_tdp",
    "lifetime_years",
    "matching",
    "provider_claims",
    "quality_policy",
    "td_loss_basis",
    "user_factors",
    "utilization_of",
    "weights",
)
"""Of METHOD's closed list, those that differ between answers; in the order of the key."""


@lru_cache(maxsize=_REMEMBERED)
def _encoded(key: tuple[Any, ...], factor_set: str, version: str) -> msgspec.Raw:
    parameters = dict(zip(_NAMES, key, strict=True))
    parameters["idle_share_of_tdp"] = IDLE_SHARE_OF_TDP if parameters["idle_share_of_tdp"] else None
    parameters["figures"] = sorted(parameters["figures"])
    parameters["user_factors"] = sorted(parameters["user_factors"])
    parameters["weights"] = dict(parameters["weights"])
    parameters |= {"gwp_set": method.GWP_SET, "hours_per_year": HOURS_PER_YEAR}
    stated = {name: value for name, value in sorted(parameters.items()) if value not in (None, [], {})}
    hashed = method.parameters_hash(stated)
    return msgspec.Raw(
        msgspec.json.encode(
            Methodology(
                id=method.METHOD_ID,
                version=method.METHOD_VERSION,
                factor_set=FactorSet(id=factor_set, version=version),
                parameters=stated,
                parameters_hash=hashed,
                fingerprint=method.fingerprint(f"{factor_set}@{version}", hashed),
            )
        )
    )
