"""Cloud Carbon Footprint's embodied figures of the machines beneath instance types. [kg CO2e/machine]

They are those of the whole machine: what falls on a type is derived from them.
"""

from statistics import fmean

from service.factors.importers.instance_names import azure_name, path_safe
from service.factors.importers.rows import Row, Tables, renamed, row, unreadable
from service.factors.importers.rows import decimal as text_of

COLUMNS = {  # theirs -> ours
    "type": "instance",
    "total": "platform_kg_co2e",
}
IGNORED = {
    "family": "in the list of types",
    "microarchitecture": "a type's figures are averaged over its families",
    "additional_memory": "inside the total",
    "additional_storage": "inside the total",
    "additional_cpus": "inside the total",
    "additional_gpus": "inside the total, 150 kg for each GPU; taken off again when the figure is derived",
}
CONSTRAINED = "Constrained vCPUs capable"
"""Azure sizes with cores switched off: the list takes the size itself for the machine, so their totals are left out."""
_FARTHEST = 2.0
"""The default range of a figure without one holds platforms this far from their mean. Source: METHOD section 5."""


def read(text: str, file_name: str) -> Tables:
    """Rows of cloud_instance that hold the platform's figure alone: the mean over a type's processor families."""
    provider = next((name for name in ("aws", "azure", "gcp") if f"-{name}-" in file_name), None)
    if provider is None:
        raise unreadable(file_name, 1, "the file's name must hold its provider: -aws-, -azure- or -gcp-")
    columns = COLUMNS if provider == "aws" else COLUMNS | {"family": "series"}
    types: dict[str, list[float]] = {}
    for _, ours in renamed(text, file_name, columns):
        if ours.get("series") != CONSTRAINED:
            name = azure_name(ours["instance"]) if provider == "azure" else ours["instance"]
            types.setdefault(name, []).append(float(ours["platform_kg_co2e"]))
    return {"cloud_instance": [_row(provider, name, totals, file_name) for name, totals in types.items()]}


def _row(provider: str, name: str, totals: list[float], file_name: str) -> Row:
    mean = fmean(totals)
    if max(totals) > mean * _FARTHEST or min(totals) < mean / _FARTHEST:
        raise unreadable(file_name, 1, f"the platforms of {name} differ by more than a factor of two from their mean")
    return row(
        "cloud_instance",
        id=f"cloud_instance:{provider}:{path_safe(name)}",
        provider=provider,
        instance=name,
        platform_kg_co2e=text_of(mean),
    )
