"""Power of processors, memory, storage and network: Cloud Carbon Footprint's coefficients, and what its tables add."""

from service.factors.importers.families import FAMILIES, models_of
from service.factors.importers.rows import PLACE_FROM, Row, Tables, records, remarks, row, unreadable
from service.factors.names import accelerator_key

COEFFICIENTS = ("kind", "key", "idle_or_min", "max_or_value", "unit", "source", "note")
USE = ("Architecture", "Min Watts", "Max Watts")
IGNORED = {
    "unit": "that of the kind, below",
    "GB/Chip": "memory has a coefficient of its own",
}
SKIPPED_KINDS = {"pue": "stale; the cloud_region table has newer ones"}

_UNITS = {  # kind -> unit
    "cpu_per_vcpu": "W/vCPU",
    "cpu_per_vcpu_average": "W/vCPU",
    "gpu": "W/device",
    "system": "W/server",
    "server_overhead": "W/server",
    "memory": "W/GB",
    "storage": "W/TB",
    "network": "kWh/GB",
}
_KEYS = {  # their key -> ours, where it is not their own or kind:name
    "per GB": "{kind}",
    "SSD": "storage_ssd",
    "HDD": "storage_hdd",
}
_REMARKS = {
    "gpu": "shown for comparison: an accelerator takes its own TDP",
    "system": "shown for comparison: maximum of a whole system",
    "server_overhead": "shown for comparison: 150 W for each of eight accelerators",
    "network": "between data centres",
    "storage": "per copy",
}
_NOTES = {"unverified, unverified": "not verified"}
_CCF = {
    "publisher": "Cloud Carbon Footprint",
    "url": "https://github.com/cloud-carbon-footprint/cloud-carbon-footprint",
    "license": "Apache-2.0",
    "edition": "2023",
    "data_year": "2023",
}
_CITED = {"license": "Figures cited with their source", "edition": "2026", "data_year": "2026"}
_NVIDIA = {"publisher": "NVIDIA", "url": "https://www.nvidia.com/en-us/data-center/", **_CITED}
_ORIGINS = {  # how their source begins -> columns
    "cloud-carbon-footprint": _CCF | {"title": "Footprint estimation constants"},
    "DigitalPebble/spruce": _CCF
    | {"publisher": "SPRUCE", "title": "Accelerator power", "url": "https://github.com/DigitalPebble/spruce"}
    | {"edition": "2026", "data_year": "2026"},
    "EcoLogits": _CITED
    | {"publisher": "EcoLogits", "title": "SERVER_POWER, release 0.11.3", "url": "https://ecologits.ai"},
    "NVIDIA": _NVIDIA | {"title": "DGX data sheets"},
    "ecocost": _NVIDIA | {"title": "DGX data sheets, by way of ecocost 0.2.4"},
}


def read(text: str, file_name: str) -> Tables:
    """Rows of power: from the file of coefficients, or from one of processor families."""
    if text.lstrip("\ufeff").startswith(","):
        return {"power": [_of_family(line, file_name, at) for at, line in records(text, file_name, USE)]}
    lines = records(text, file_name, COEFFICIENTS)
    return {"power": [_of_kind(line, file_name, at) for at, line in lines if line["kind"] not in SKIPPED_KINDS]}


def _of_kind(line: Row, file_name: str, at: int) -> Row:
    kind = line["kind"]
    origin = next((columns for start, columns in _ORIGINS.items() if line["source"].startswith(start)), None)
    if kind not in _UNITS or origin is None:
        raise unreadable(file_name, at, f"no rule for the kind {kind!r} from {line['source']!r}")
    note = remarks(_NOTES.get(line["note"], line["note"]), _REMARKS.get(kind, ""))
    key = _key(kind, line["key"])
    return _row(key, value=line["max_or_value"], idle_w=line["idle_or_min"], unit=_UNITS[kind], note=note, **origin)


def _key(kind: str, theirs: str) -> str:
    if theirs in _KEYS:
        return _KEYS[theirs].format(kind=kind)
    if kind == "cpu_per_vcpu":
        return theirs
    prefix = "average" if kind == "cpu_per_vcpu_average" else kind
    return f"{prefix}:{accelerator_key(theirs).replace('.', '')}"


def _of_family(line: Row, file_name: str, at: int) -> Row:
    key = FAMILIES.get(line["Architecture"])
    if key is None:
        raise unreadable(file_name, at, f"no rule for the architecture {line['Architecture']!r}")
    provider = next((name for name in ("aws", "azure", "gcp") if f"-{name}-" in file_name), "all")
    columns = _CCF | {"title": f"Power of the processor families of {provider}"}
    return _row(key, value=line["Max Watts"], idle_w=line["Min Watts"], unit="W/vCPU", **columns)


def _row(key: str, **columns: str) -> Row:
    return row(
        "power",
        id=f"power:{key}",
        valid_from=PLACE_FROM,
        evidence="transcribed",
        grade="D",
        key=key,
        cpu_models="|".join(models_of(key)),
        **columns,
    )
