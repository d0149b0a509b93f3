"""Whole units as the kilograms that are printed: exactly those decimals. [kg CO2e]"""

from msgspec import Raw

_EXACT = 10**15
"""Below it every number of units has at most 15 digits, and a double prints as it was meant."""


def kilograms(units: int, precision: int) -> float | Raw:
    """`units` of 10^-precision kg; as text where a double has not enough digits."""
    if units < _EXACT:
        scale: int = 10**precision
        return units / scale  # both exact and the quotient correctly rounded: its shortest decimals are these
    return Raw(plain_kilograms(units, precision).encode())


def plain_kilograms(units: int, precision: int) -> str:
    """The same in plain decimals."""
    whole, part = divmod(units, 10**precision)
    return f"{whole}.{part:0{precision}d}".rstrip("0").rstrip(".") if part else str(whole)


def many_kilograms(units: list[int], precision: int) -> list[float | Raw]:
    """Those of a slice."""
    scale = 10**precision
    return [value / scale if value < _EXACT else kilograms(value, precision) for value in units]
