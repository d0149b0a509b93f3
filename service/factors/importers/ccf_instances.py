"""Cloud Carbon Footprint's lists of instance types: vCPUs, memory, processor families, the machine beneath.

One line a type and processor family; a type's families are gathered into one row.
"""

from collections.abc import Iterable

from service.factors.importers.families import CPU_MODELS, FAMILIES
from service.factors.importers.instance_names import azure_name, path_safe
from service.factors.importers.rows import PLACE_FROM, Row, Tables, remarks, renamed, row, unreadable
from service.factors.importers.rows import decimal as text_of

AWS = {  # theirs -> ours
    "Instance type": "instance",
    "Instance vCPU": "vcpus",
    "Platform Total Number of vCPU": "platform_vcpus",
    "Platform CPU Name": "processor",
    "Instance Memory (in GB)": "memory_gb",
    "Platform GPU Quantity": "platform_gpus",
    "Instance Number of GPU": "gpus",
}
_OTHERS = {  # theirs -> ours, Azure and GCP alike
    "Microarchitecture": "processor",
    "Instance vCPUs": "vcpus",
    "Instance Memory": "memory_gb",
    "Platform vCPUs (highest vCPU possible)": "platform_vcpus",
    "Instance GPUs": "gpus",
    "Platform GPU": "platform_gpus",
}
AZURE = {"Series": "series", "Virtual Machine": "instance", **_OTHERS}
GCP = {"Machine Family": "series", "Machine type": "instance", **_OTHERS}
IGNORED = {
    "Release Date": "a type's age is no age of a machine",
    "Platform Memory (in GB)": "inside the platform's embodied figure",
    "Storage Info (Type and Size in GB)": "the same",
    "PkgWatt @ …, RAMWatt @ …, GPUWatt @ …, Instance @ …": "power comes from the power table",
    "Platform GPU Name": "the accelerator comes from the verified list, or from the series below",
    "Hardware Information on AWS Documentation & Comments": "prose",
}

UNKNOWN = "Unknown"
CONSTRAINED = "Constrained vCPUs capable"
"""Azure sizes whose column of vCPUs holds the part of them that is switched on."""
ACCELERATORS = {  # Azure series -> accelerator, devices for each GPU counted (K80 and M60 boards carry two)
    "NC-series": ("k80", 0.5),
    "NC-series Promo": ("k80", 0.5),
    "NCsv2-series": ("p100-pcie", 1.0),
    "NDs-series": ("p40", 1.0),
    "NV-series": ("m60", 0.5),
}
"""Where the verified list has no row. Source: Azure's documentation of the series."""
UNCOUNTED = {  # first letters -> what the type holds that no table knows
    "f1.": "FPGAs",
    "g2.": "GRID K520 GPUs",
    "Standard_NP": "FPGAs",
}
CHIPS_PER_BOARD = {"k80": 2, "m60": 2}
"""Boards of which the lists count the chips."""
_GPU_BOARDS = {"p2.": "k80", "g3.": "m60", "g3s.": "m60", "Standard_NV": "m60"}
"""Types whose list counts chips where our accelerators are boards of two."""


def read(text: str, file_name: str) -> Tables:
    """Rows of cloud_instance, the embodied figure left to the other files."""
    header = text.removeprefix("\ufeff").partition("\n")[0]
    provider, columns = next(
        (known for mark, known in _FORMATS.items() if mark in header),
        ("", {}),
    )
    if not provider:
        raise unreadable(file_name, 1, "no column Instance type, Virtual Machine or Machine type")
    types: dict[str, list[Row]] = {}
    for at, ours in renamed(text, file_name, columns):
        name = azure_name(ours["instance"]) if provider == "azure" else ours["instance"]
        types.setdefault(name, []).append(ours | {"line": str(at)})
    return {"cloud_instance": [_row(provider, name, lines, file_name) for name, lines in types.items()]}


_FORMATS = {
    "Instance type": ("aws", AWS),
    "Virtual Machine": ("azure", AZURE),
    "Machine type": ("gcp", GCP),
}


def _row(provider: str, name: str, lines: list[Row], file_name: str) -> Row:
    first = lines[0]
    uncounted = next((what for start, what in UNCOUNTED.items() if name.startswith(start)), "")
    accelerator, per_gpu = ACCELERATORS.get(first.get("series", ""), ("", 0.0))
    gpus = _number(first["gpus"])
    return row(
        "cloud_instance",
        id=f"cloud_instance:{provider}:{path_safe(name)}",
        unit="kg CO2e/instance",
        data_year="2023",
        valid_from=PLACE_FROM,
        edition="2023",
        publisher="Cloud Carbon Footprint",
        title="Instance types and their platforms",
        url="https://github.com/cloud-carbon-footprint/ccf-coefficients",
        license="Apache-2.0",
        evidence="derived",
        grade="D",
        note=remarks(
            f"holds {uncounted}, which no table knows" if uncounted else "",
            "accelerator by the series' name" if accelerator else "",
        ),
        provider=provider,
        instance=name,
        vcpus=_vcpus(first),
        memory_gb=text_of(float(first["memory_gb"])),
        accelerator=accelerator,
        accelerators=text_of(gpus * per_gpu) if accelerator else "",
        platforms="|".join(_families(lines, file_name)),
        platform_vcpus="" if first.get("series") == CONSTRAINED else first["platform_vcpus"],
        platform_accelerators=_boards(name, accelerator, _number(first["platform_gpus"])),
        host_included="no",
        use="never" if uncounted else "default",
    )


def _number(cell: str) -> float:
    return 0.0 if cell in ("", "N/A") else float(cell)


def _vcpus(ours: Row) -> str:
    """vCPUs, those of a constrained size counted from the part of them that is switched on."""
    if ours.get("series") == CONSTRAINED:
        return text_of(round(float(ours["vcpus"]) * float(ours["platform_vcpus"])))
    return text_of(float(ours["vcpus"]))


def _families(lines: Iterable[Row], file_name: str) -> list[str]:
    families: list[str] = []
    for line in lines:
        processor = line["processor"]
        family = FAMILIES.get(processor) or CPU_MODELS.get(processor)
        if family is None and processor != UNKNOWN:
            raise unreadable(file_name, int(line["line"]), f"no rule for the processor {processor!r}")
        if family is not None and family not in families:
            families.append(family)
    return families


def _boards(name: str, accelerator: str, gpus: float) -> str:
    """The accelerators of the platform, in devices of our table."""
    if not gpus:
        return ""
    board = accelerator or next((board for start, board in _GPU_BOARDS.items() if name.startswith(start)), "")
    return text_of(gpus / CHIPS_PER_BOARD.get(board, 1))
