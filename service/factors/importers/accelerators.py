"""Accelerators: power, memory and embodied figures, from the table of verified specifications."""

from msgspec import Struct

from service.factors.importers.rows import PLACE_FROM, Row, Tables, records, remarks, row, standing
from service.factors.importers.rows import decimal as text_of
from service.factors.names import accelerator_key

COLUMNS = {  # theirs -> ours
    "accelerator_id": "accelerator",
    "vendor": "vendor",
    "model": "model",
    "form_factor": "form_factor",
    "memory_gb": "memory_gb",
    "tdp_w": "tdp_w",
    "tdp_low_w": "tdp_low_w",
    "tdp_high_w": "tdp_high_w",
    "embodied_low_kgco2e": "low",
    "embodied_central_kgco2e": "value",
    "embodied_high_kgco2e": "high",
    "central_basis": "central_basis",
    "primary_source": "primary_source",
    "boaviztapi_2_5_0_kgco2e": "boavizta",
    "status": "status",
    "spec_note": "spec_note",
    "aliases": "aliases",
}
IGNORED = {
    "memory_type": "no formula asks for it",
    "die_area_mm2": "an input of the component model, not a result",
    "node_nm": "the same",
    "primary_value": "equal to the central figure where that is primary",
    "component_model_kgco2e": "inside low and high",
    "spec_corroboration": "summed up by status",
    "range_rule": "one rule for all rows, in the tables' README",
    "spec_status": "summed up by status",
    "die_area_status": "of an ignored column",
    "spec_sources": "summed up by status",
    "memory_status": "memory enters no embodied figure here",
    "license_note": "the same for all rows, below",
}

MORE_NAMES = {  # beside the source's: what people, schedulers and clouds write
    "a100-pcie-40": "A100 PCIe 40GB|A100 40GB PCIe",
    "a100-pcie-80": "A100 PCIe 80GB",
    "a100-sxm4-40": "A100 40GB|A100 SXM 40GB|A100 SXM4 40GB",
    "a100-sxm4-80": "A100 80GB|A100 80GB SXM|A100 80GB SXM4|A100 SXM 80GB|A100 SXM4 80GB",
    "a6000": "RTX A6000 48GB",
    "b200-sxm": "B200 SXM|B200 SXM6",
    "b300-sxm": "B300 SXM|B300 SXM6",
    "gh200": "GH200 96GB",
    "h100-nvl": "H100 NVL 94GB",
    "h100-pcie": "H100 PCIe 80GB|H100 80GB PCIe",
    "h100-sxm5": "H100 SXM5|H100 80GB|H100 80GB HBM3|H100 80GB SXM5|H100 SXM5 80GB|H100 SXM 80GB",
    "h200-sxm": "H200 SXM5|H200 141GB|H200 141GB HBM3e|H200 SXM 141GB",
    "h200-nvl": "H200 NVL 141GB",
    "k80": "Tesla K80 board",
    "l4": "nvidia-l4-vws|L4 24GB",
    "mi300x": "MI300X OAM",
    "p100-pcie": "P100 PCIe|Tesla P100 PCIe|nvidia-tesla-p100-vws",
    "p100-sxm2": "Tesla P100 SXM2",
    "p4": "nvidia-tesla-p4-vws",
    "t4": "T4 16GB|nvidia-tesla-t4-vws",
    "tpu-v3": "tpu-v3-device|tpu-v3-slice",
    "tpu-v4": "tpu-v4-podslice",
    "tpu-v5e": "tpu-v5-lite-device|TPU v5 lite",
    "v100-pcie-16": "V100 PCIe|Tesla V100 PCIe|V100 PCIe 16GB",
    "v100-pcie-32": "V100 PCIe 32GB|Tesla V100 PCIe 32GB",
    "v100-sxm2-16": "V100 16GB|V100 SXM2|V100 SXM2 16GB|Tesla V100 SXM2",
    "v100-sxm2-32": "V100 SXM2 32GB|V100 32GB",
    "v100s-pcie-32": "Tesla V100S|V100S PCIe",
}
NOT_ONE_DEVICE = {
    "v2-8": "a slice of four chips",
    "v3-8": "a slice of four chips",
    "v4-8": "a slice of four chips",
}
"""Names that the source lists but that stand for several devices; their counts would be four times too small."""

_TPU_HOST = "contains the host's share"
_LICENSE = "Facts, cited with their source"
_UNIT = "kg CO2e/device"
_PCF = "https://images.nvidia.com/aem-dam/Solutions/documents/HGX-{}-PCF-Summary.pdf"


class _Origin(Struct, frozen=True):
    """Where an embodied figure comes from."""

    publisher: str
    title: str
    url: str
    edition: str
    evidence: str
    grade: str
    data_year: str = "2025"


_PRIMARY = {  # how the source's `primary_source` begins
    "NVIDIA HGX H100 PCF": _Origin(
        "NVIDIA",
        "HGX H100 product carbon footprint summary, an eighth",
        _PCF.format("H100"),
        "2025",
        "transcribed",
        "C",
    ),
    "NVIDIA HGX B200 PCF": _Origin(
        "NVIDIA",
        "HGX B200 product carbon footprint summary, an eighth",
        _PCF.format("B200"),
        "2025",
        "transcribed",
        "C",
    ),
    "Falk et al. 2025": _Origin(
        "Falk et al.",
        "Life-cycle assessment of an A100 by teardown",
        "https://arxiv.org/abs/2509.00093",
        "2025",
        "transcribed",
        "C",
    ),
    "Schneider et al. 2025": _Origin(
        "Schneider et al. (Google)",
        "Life-cycle emissions of TPUs, embodied per TPU",
        "https://arxiv.org/abs/2502.01671",
        "2025",
        "transcribed",
        "C",
    ),
}
_MODEL = _Origin(
    "Dualscope (derived)",
    "Component model calibrated on the NVIDIA HGX H100 product carbon footprint",
    _PCF.format("H100"),
    "2026",
    "derived",
    "D",
    "2026",
)
_TPU_MODEL = _Origin(
    "Dualscope (derived)",
    "From Schneider et al., life-cycle emissions of TPUs",
    "https://arxiv.org/abs/2502.01671",
    "2026",
    "derived",
    "D",
    "2026",
)
_CARD_DEFAULT = _Origin(
    "Cloud Carbon Footprint",
    "Default of 150 kg per accelerator card",
    "https://www.cloudcarbonfootprint.org/docs/methodology",
    "2023",
    "assumed",
    "D",
    "2023",
)
_VENDOR_PAGES = {
    "NVIDIA": "https://www.nvidia.com/en-us/data-center/",
    "AMD": "https://www.amd.com/en/products/accelerators.html",
    "Apple": "https://www.apple.com/mac/",
    "AWS": "https://aws.amazon.com/ec2/instance-types/",
    "Google": "https://cloud.google.com/tpu/docs",
}


def read(text: str, file_name: str) -> Tables:
    """Rows of accelerator: one a device, whatever tools call it."""
    lines = [{name: line[theirs] for theirs, name in COLUMNS.items()} for _, line in records(text, file_name, COLUMNS)]
    taken = {accelerator_key(name): ours["accelerator"] for ours in lines for name in _own_names(ours)}
    return {"accelerator": [_row(ours, taken) for ours in lines]}


def _row(ours: Row, taken: dict[str, str]) -> Row:
    origin = _origin(ours)
    published = not ours["status"].startswith("unresolved")
    return row(
        "accelerator",
        id=f"accelerator:{ours['accelerator']}",
        unit=_UNIT,
        valid_from=PLACE_FROM,
        data_year=origin.data_year,
        edition=origin.edition,
        publisher=origin.publisher,
        title=origin.title,
        url=origin.url,
        license=_LICENSE,
        evidence=origin.evidence,
        grade=origin.grade,
        note=_note(ours),
        tdp_w=ours["tdp_w"] if published else "",
        aliases="|".join(_aliases(ours, taken)),
        **{name: _plain(ours[name]) for name in ("value", "low", "high", "memory_gb", "tdp_low_w", "tdp_high_w")},
        **{name: ours[name] for name in ("accelerator", "vendor", "model", "form_factor")},
    )


def _plain(cell: str) -> str:
    return text_of(float(cell)) if cell else ""


def _origin(ours: Row) -> _Origin:
    basis = ours["central_basis"]
    if basis == "primary":
        return next(origin for start, origin in _PRIMARY.items() if ours["primary_source"].startswith(start))
    if basis.startswith("assumption: CCF"):
        return _CARD_DEFAULT
    if ours["accelerator"].startswith("tpu-") and basis:
        return _TPU_MODEL
    if basis:
        return _MODEL
    publisher = "Amazon Web Services" if ours["vendor"] == "AWS" else ours["vendor"]
    return _Origin(
        publisher, "Product specification", _VENDOR_PAGES[ours["vendor"]], "2026", "transcribed", "D", "2026"
    )


def _note(ours: Row) -> str:
    figure = ours["central_basis"] if ours["value"] else "no embodied figure is published or derived"
    if ours["central_basis"] == "primary":
        figure = ours["primary_source"]
    boavizta = f"BoaviztAPI 2.5.0 gives {ours['boavizta']} kg" if ours["boavizta"] else ""
    host = _TPU_HOST if ours["accelerator"].startswith("tpu-") and ours["value"] else ""
    power = "power not published" if "not published" in ours["status"] else f"power: {standing(ours['status'])}"
    if ours["status"] == "unresolved":
        power = f"power unresolved and left empty (a copy prints {ours['tdp_w']} W)"
    return remarks(figure, host, boavizta, power, ours["spec_note"])


def _own_names(ours: Row) -> list[str]:
    """The names of a device as it or its source gives them, id first."""
    listed = [name for name in ours["aliases"].split("|") if name and name not in NOT_ONE_DEVICE]
    more = MORE_NAMES.get(ours["accelerator"], "")
    return [ours["accelerator"], *listed, *(more.split("|") if more else [])]


def _aliases(ours: Row, taken: dict[str, str]) -> list[str]:
    """One spelling of each name beside the id, then each with and without the vendor where that is no other's name."""
    aliases: dict[str, str] = {}
    names = _own_names(ours)
    vendor = f"{ours['vendor']} "
    bare = [name.removeprefix(vendor) for name in names]
    for name in [*names, *bare, *(vendor + name for name in bare)]:
        key = accelerator_key(name)
        if taken.get(key, ours["accelerator"]) == ours["accelerator"]:
            aliases.setdefault(key, name)
    aliases.pop(ours["accelerator"], None)
    return list(aliases.values())
