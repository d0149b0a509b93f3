"""Method, parameters and factor set as one comparable string. Source: METHOD section 7."""

import hashlib
import unicodedata
from decimal import Decimal
from typing import Any

import msgspec

METHOD_ID = "dualscope"
METHOD_VERSION = "1.0.0"
GWP_SET = "AR6"


def plain(number: float) -> str:
    """Shortest plain decimals: `4` for 4.0, `0.1`, never an exponent."""
    text = format(Decimal(repr(float(number))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _canonical(value: Any) -> Any:
    if isinstance(value, bool | None):
        return value
    if isinstance(value, int | float):
        return plain(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: _canonical(value[key]) for key in sorted(value)}
    return sorted(_canonical(item) for item in value)


def same_value(first: Any, second: Any) -> bool:
    """Whether two values of a parameter give the same hash."""
    return bool(_canonical(first) == _canonical(second))


def parameters_hash(parameters: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of the parameters: keys sorted, numbers as strings, NFC, no spaces."""
    return hashlib.sha256(msgspec.json.encode(_canonical(parameters))).hexdigest()


def fingerprint(factor_set: str, hash_of_parameters: str, method: str = f"{METHOD_ID}@{METHOD_VERSION}") -> str:
    """`mf1:` and SHA-256 of method, factor set and parameters.

    Args:
        factor_set: id and version, e.g. `embedded@2026.1+1a2b3c4d5e6f`.
        hash_of_parameters: of `parameters_hash`.
        method: id and version; of an answer that comes back it may be another than the one in force.
    """
    text = f"{method}|{factor_set}|{hash_of_parameters}"
    return "mf1:" + hashlib.sha256(text.encode()).hexdigest()
