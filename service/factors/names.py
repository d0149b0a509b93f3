"""Normal forms of the names that people and tools give to hardware."""

import re
from functools import lru_cache

_SPACES = re.compile(r"[\s_]+")
_SEPARATORS = re.compile(r"[\s_/-]+")
_MARKS = re.compile(r"\((?:r|tm|c)\)|[®™©]", re.IGNORECASE)
_MAKER = re.compile(r"\b(?:intel|amd|cpu|processor|\d+-core)\b|@.*$", re.IGNORECASE)
_AZURE_TIER = "standard_"


@lru_cache(maxsize=4096)
def accelerator_key(name: str) -> str:
    """A device's or server's name without case, trademark signs and kinds of separator: `H100 SXM` → `h100-sxm`."""
    return _SEPARATORS.sub("-", _MARKS.sub(" ", name).strip().casefold()).strip("-")


@lru_cache(maxsize=4096)
def instance_key(name: str) -> str:
    """An instance type's name without case, kinds of space and Azure's tier: `Standard_D4s v3` → `d4s_v3`."""
    return _SPACES.sub("_", name.strip().casefold()).removeprefix(_AZURE_TIER)


def cpu_key(name: str) -> str:
    """A processor's name without maker and clock: `Intel(R) Xeon(R) CPU E5-2686 v4 @ 2.30GHz` → `xeon-e5-2686-v4`."""
    return accelerator_key(_MAKER.sub(" ", _MARKS.sub(" ", name)))
