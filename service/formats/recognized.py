"""Which format a file is of, by the columns or fields that only it has."""

from collections.abc import Iterable

from service.errors import Fault, Refused

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
_ANSWERS_OF_AWS = frozenset({"Results", "NextToken"})
"""Names of columns, or of the fields of the outermost object, that together no other format has."""


def recognized(names: Iterable[str]) -> str | None:
    """The format whose signature is among the names."""
    known = frozenset(names)
    signatures = (*SIGNATURES.items(), ("aws", _ANSWERS_OF_AWS))
    return next((format_ for format_, signature in signatures if signature <= known), None)


def refuse_another(names: Iterable[str], format_: str, pointer: str = "") -> None:
    """Refuse what is of another format than the one that is expected, and say of which.

    Args:
        names: of columns or fields.
        format_: the one that is expected.
        pointer: where it stands.

    Raises:
        Refused: it is of another.
    """
    other = recognized(names)
    if other is not None and other != format_:
        detail = f"this is a file of {other}, not of {format_}: import it as that"
        raise Refused([Fault(pointer, "VALUE_INVALID", detail)])
