"""What the name of a metric or a column says of its unit, and of the side of the meter that it is on."""

import re
from typing import Literal, get_args

from msgspec import Struct

from service.model.workload import Level

MeterUnit = Literal["watts", "kilowatts", "milliwatts", "microwatts", "joules", "watt_hours", "kilowatt_hours"]


class Measure(Struct, frozen=True):
    """How a reading becomes watts, or joules of a counter."""

    factor: float
    """Watts, or joules, to the unit."""
    counter: bool
    """Of energy, which only rises but for resets; else power."""


MEASURES: dict[str, Measure] = {
    "watts": Measure(1.0, counter=False),
    "kilowatts": Measure(1e3, counter=False),
    "milliwatts": Measure(1e-3, counter=False),
    "microwatts": Measure(1e-6, counter=False),
    "joules": Measure(1.0, counter=True),
    "millijoules": Measure(1e-3, counter=True),
    "microjoules": Measure(1e-6, counter=True),
    "watt_hours": Measure(3.6e3, counter=True),
    "kilowatt_hours": Measure(3.6e6, counter=True),
}
UNITS: tuple[str, ...] = get_args(MeterUnit)
"""Those that a caller may state."""
_WORDS = {
    **{name: name for name in MEASURES if "_" not in name},
    **{name.removesuffix("s"): name for name in MEASURES if "_" not in name},
    "kwh": "kilowatt_hours",
    "wh": "watt_hours",
}
_LAST = {"W": "watts", "w": "watts", "kW": "kilowatts", "KW": "kilowatts", "kw": "kilowatts", "mW": "milliwatts"}
"""Short ones, which say something at the end of a name only; `MW` and `mw` are either."""
_NAMES = {
    "DCGM_FI_DEV_POWER_USAGE": "watts",
    "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION": "millijoules",
}
"""Source: NVIDIA DCGM, field identifiers 155 [W] and 156 [mJ since the driver was loaded]."""
_DERIVED = frozenset({"rate", "irate", "increase", "delta", "deriv"})
_DERIVING = re.compile(r"(rate|irate|increase|delta|deriv)\d+[smhdwy]", re.ASCII)
_IT = frozenset({"platform", "pdu", "psu", "ipmi", "redfish", "outlet", "plug", "server", "acpi"})
_COMPONENT = frozenset(
    {"kepler", "rapl", "nvml", "nvidia", "dcgm", "gpu", "cpu", "dram", "package", "core", "uncore", "scaph", "rocm"}
)
_SPLIT = re.compile(r"[^A-Za-z0-9]+")


def unit_of(name: str) -> str | None:
    """The unit that a name states; nothing where it states none, or was derived from one by a function."""
    if name in _NAMES:
        return _NAMES[name]
    words = [word for word in _SPLIT.split(name) if word]
    lower = [word.lower() for word in words]
    if any(word in _DERIVED or _DERIVING.fullmatch(word) for word in lower):
        return None
    stated = {_WORDS[word] for word in lower if word in _WORDS}
    if len(stated) == 1:
        return stated.pop()
    return _LAST.get(words[-1]) if words and not stated else None


def level_of(name: str) -> Level:
    """`component` for sensors of chips (Kepler, RAPL, NVML, DCGM), `it` for those at a server's plug and all others."""
    words = {word.lower() for word in _SPLIT.split(name)}
    if words & _IT:
        return "it"
    return "component" if words & _COMPONENT else "it"
