"""Which format a file is of, by the columns or fields that only it has."""

from collections.abc import Iterable

SIGNATURES: dict[str, frozenset[str]] = {
    "codecarbon": frozenset({"run_id", "energy_consumed", "codecarbon_version"}),
    "focus": frozenset({"BilledCost", "EffectiveCost", "ChargePeriodStart"}),
    "aws": frozenset({"total_mbm_emissions_value", "usage_period_start", "model_version"}),
    "google": frozenset({"usage_month", "carbon_model_version"}),
    "azure": frozenset({"value", "subscriptionAccessDecisionList"}),
    "ccf": frozenset({"serviceEstimates"}),
    "eco-ci": frozenset({"energy_uj", "duration_us"}),
    "boamps": frozenset({"measures", "task", "infrastructure"}),
    "prometheus": frozenset({"status", "data"}),
}
"""Names of columns, or of the fields of the outermost object, that together no other format has."""


def recognized(names: Iterable[str]) -> str | None:
    """The format whose signature is among the names."""
    known = frozenset(names)
    return next((format_ for format_, signature in SIGNATURES.items() if signature <= known), None)
