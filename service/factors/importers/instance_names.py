"""Cloud instance types as their providers write them, and what a name alone tells."""

import re

_AZURE_FAMILIES = re.compile(r"(?:standard_)?(ds|dc|ec|gs|fx|hb|nc|nd|np|nv|[abdefghlm])(?=\d)")
_FOOTNOTE = re.compile(r" 1$")
_AWS_SIZE = re.compile(r"(?:metal-)?(?P<times>\d*)x(?:large|l)")
_NAMED_SIZES = {"medium": 1, "large": 2, "xlarge": 4}  # vCPUs
_GB_PER_VCPU = {"m": 4, "c": 2, "r": 8}
"""First letter of AWS's general, compute and memory families of the sixth generation and later."""
_AWS_FAMILY = re.compile(r"(?P<letter>[mcr])(?P<generation>\d+)[a-z]*(?:-flex)?")
_SIXTH = 6
_AZURE_GB_PER_VCPU = {"D": 4, "E": 8, "L": 8}
"""Azure's general, memory and storage families, up to 48 vCPUs."""
_AZURE_FAMILY = re.compile(r"Standard_(?P<letter>[DEL])(?P<vcpus>\d+)[abds]*_v\d")
_AZURE_LARGEST = 48


def azure_name(name: str) -> str:
    """An Azure size as Azure writes it: `D4s v3`, `d4s_v3` → `Standard_D4s_v3`; SAP HANA's large instances stay."""
    bare = _FOOTNOTE.sub("", name.strip()).replace(" ", "_")
    lower = bare.lower()
    family = _AZURE_FAMILIES.match(lower)
    if family is None:
        return bare
    letters = family[1]
    rest = bare[family.end() :]
    if letters == "b" or bare.islower():
        rest = rest.lower()
    return f"Standard_{letters.upper()}{rest}"


def path_safe(name: str) -> str:
    """A name inside an id: spaces become hyphens."""
    return re.sub(r"[^A-Za-z0-9._~+-]+", "-", name).strip("-")


def aws_vcpus(instance: str) -> int | None:
    """vCPUs of an AWS type by its size: medium 1, large 2, xlarge 4, Nxlarge 4 N; `None` where the size is no measure.

    Holds for the sixth generation and later; burstable types (t) and bare metal without a size are left out.
    """
    family, _, size = instance.partition(".")
    if family.startswith("t"):
        return None
    if size in _NAMED_SIZES:
        return _NAMED_SIZES[size]
    match = _AWS_SIZE.fullmatch(size)
    return _NAMED_SIZES["xlarge"] * int(match["times"] or 1) if match else None


def aws_memory_gb(instance: str) -> int | None:
    """Memory of AWS's families m, c and r of the sixth generation and later by their fixed ratio. [GB]"""
    family = _AWS_FAMILY.fullmatch(instance.partition(".")[0])
    vcpus = aws_vcpus(instance)
    if family is None or vcpus is None or int(family["generation"]) < _SIXTH:
        return None
    return vcpus * _GB_PER_VCPU[family["letter"]]


def azure_vcpus(instance: str) -> int | None:
    """vCPUs of an Azure size: its first number, or the second where Azure leaves cores unused."""
    match = re.match(r"Standard_[A-Z]+(\d+)(?:-(\d+))?", instance)
    return int(match[2] or match[1]) if match else None


def azure_memory_gb(instance: str) -> int | None:
    """Memory of Azure's families D, E and L by their fixed ratio; `None` beyond the sizes that keep it. [GB]"""
    match = _AZURE_FAMILY.fullmatch(instance)
    if match is None or int(match["vcpus"]) > _AZURE_LARGEST:
        return None
    return int(match["vcpus"]) * _AZURE_GB_PER_VCPU[match["letter"]]
