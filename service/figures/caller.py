"""The caller's own factors: they outrank the store, carry grade B, and show as `user` sources."""

from service.figures.ledger import Ledger
from service.method.scope2 import SUSPECT_KG_CO2E_PER_KWH
from service.method.uncertainty import BOUNDS
from service.model.factor import Grade
from service.model.resolved import Matched
from service.model.result import Source

KG_PER_KWH = "kg CO2e/kWh"


def own(name: str, value: float, *, unit: str = KG_PER_KWH, grade: Grade = "B", basis: str = "") -> Matched:
    """A factor of the caller's, by the name of its field."""
    low, high = BOUNDS[grade]
    source = Source(
        id=f"user:{name}",
        kind=name,
        value=value,
        unit=unit,
        year=None,
        publisher="the caller",
        title="factor sent with the request",
        license=None,
        basis=basis or None,
        match="user",
        grade=grade,
    )
    return Matched(
        id=source.id,
        kind=name,
        value=value,
        low=value * low,
        high=value * high,
        grade=grade,
        match="user",
        unit=unit,
        basis=basis,
        source=source,
    )


def own_intensity(name: str, value: float | None) -> Matched | None:
    """An intensity of the caller's, if one was sent."""
    return own(name, value) if value is not None else None


def check_intensity(ledger: Ledger, pointer: str, value: float) -> None:
    """Refuse an intensity that no grid has."""
    if value > SUSPECT_KG_CO2E_PER_KWH:
        detail = f"{value} kg CO2e/kWh is above 3; send kilograms per kWh, not grams"
        ledger.fault(pointer, "FACTOR_UNIT_SUSPECT", detail)
