"""What can be judged of a request before anything is computed: money, the caller's factors, hourly series."""

from service.figures.caller import check_intensity
from service.figures.ledger import Ledger
from service.method.scope2 import SUSPECT_KG_CO2E_PER_KWH
from service.model.currencies import CURRENCIES
from service.model.workload import NO_FACTORS, CallerFactors, Workload

_INTENSITIES = ("location_kg_co2e_per_kwh", "residual_kg_co2e_per_kwh", "upstream_kg_co2e_per_kwh")
_SERIES = ("hourly_location_kg_co2e_per_kwh", "hourly_residual_kg_co2e_per_kwh")


def check(ledger: Ledger, workload: Workload) -> None:
    """Tell of every fault that needs no look-up and no arithmetic."""
    if workload.pue is not None and workload.pue < 1:
        ledger.fault("/pue", "PUE_BELOW_ONE", f"{workload.pue} is below 1; PUE is facility energy over IT energy")
    if workload.cost is not None and workload.cost.currency not in CURRENCIES:
        ledger.fault("/cost/currency", "CURRENCY_UNKNOWN", f"{workload.cost.currency} is not a currency of ISO 4217")
    if workload.factors is not NO_FACTORS:
        _check_intensities(ledger, workload.factors)
        _check_basis(ledger, workload.factors)
        _check_series(ledger, workload)
    if workload.market.matching == "hourly" and (workload.energy is None or workload.energy.hourly_kwh is None):
        detail = "hourly matching needs energy.hourly_kwh and period.start"
        ledger.fault("/energy/hourly_kwh", "HOURLY_ENERGY_REQUIRED", detail)


def _check_intensities(ledger: Ledger, factors: CallerFactors) -> None:
    for name in _INTENSITIES:
        value = getattr(factors, name)
        if value is not None:
            check_intensity(ledger, f"/factors/{name}", value)
    if factors.td_loss_share == 1 and factors.td_loss_basis == "of_generation":
        detail = "a loss of all generation delivers nothing; the share is below 1"
        ledger.fault("/factors/td_loss_share", "FIELDS_CONFLICT", detail)
    for name in _SERIES:
        for hour, value in enumerate(getattr(factors, name) or ()):
            if value is not None and value > SUSPECT_KG_CO2E_PER_KWH:
                check_intensity(ledger, f"/factors/{name}/{hour}", value)
                break  # the first of a series tells enough


def _check_basis(ledger: Ledger, factors: CallerFactors) -> None:
    """Location factors are averages of generation, or life-cycle and flagged."""
    if factors.location_kg_co2e_per_kwh is None and factors.hourly_location_kg_co2e_per_kwh is None:
        return
    if factors.location_basis == "marginal":
        detail = "Scope 2 takes average intensities; a marginal one answers another question"
        ledger.fault("/factors/location_basis", "FACTOR_MARGINAL_NOT_ALLOWED", detail)
    if factors.location_basis == "life_cycle":
        detail = "the factor sent is life-cycle: upstream emissions are inside it and are not added again"
        ledger.warn("FACTOR_LIFECYCLE_BASIS", "/factors/location_basis", detail)


def _check_series(ledger: Ledger, workload: Workload) -> None:
    """Hourly intensities need hourly energy, of the same length."""
    hours = workload.energy.hourly_kwh if workload.energy is not None else None
    for name in _SERIES:
        series = getattr(workload.factors, name)
        if series is not None and hours is None:
            ledger.fault(f"/factors/{name}", "HOURLY_ENERGY_REQUIRED", "hourly intensities need energy.hourly_kwh")
        elif series is not None and hours is not None and len(series) != len(hours):
            detail = f"{len(series)} intensities for {len(hours)} hours of energy"
            ledger.fault(f"/factors/{name}", "HOURLY_LENGTH_MISMATCH", detail)
