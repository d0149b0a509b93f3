"""SPRUCE's table of BoaviztAPI's results: grams of embodied CO2e for each hour that an instance type is used."""

import re

from service.factors.importers.instance_names import (
    aws_memory_gb,
    aws_vcpus,
    azure_memory_gb,
    azure_name,
    azure_vcpus,
    path_safe,
)
from service.factors.importers.rows import PLACE_FROM, Row, Tables, renamed, row, unreadable
from service.factors.importers.rows import decimal as text_of

COLUMNS = {  # theirs -> ours
    "# instance_type": "instance",
    " embodied_emissions_gco2eq": "spruce_g_co2e_per_hour",
}
IGNORED = {
    "electricity_consumption_kwh": "power comes from the power table",
    "embodied_adp_gsbeq": "minerals, not greenhouse gases",
}
MANAGED = re.compile(r"^(?:db|cache)\.|\.(?:elasticsearch|search)$|^(?:dc\d|ds\d|ra\d)\.")
"""Names of managed services, which no one rents as a machine; those that another list holds get their figure all the
same."""
NOT_ALONE = {  # first letters -> why a type that only this table lists makes no row
    "dl1.": "its Gaudi accelerators have no row",
    "mac2.": "a whole Mac, not a share of a server",
    "vt1.": "its transcoders have no row",
    "Standard_NV": "its Radeon GPUs have no row",
}


def read(text: str, file_name: str) -> Tables:
    """Rows of cloud_instance with the grams an hour; of two spellings of one Azure size, the one with its tier."""
    provider = next((name for name in ("aws", "azure") if f"_{name}_" in file_name), None)
    if provider is None:
        raise unreadable(file_name, 1, "the file's name must hold its provider: _aws_ or _azure_")
    grams: dict[str, str] = {}
    for _, ours in renamed(text, file_name, COLUMNS):
        if ours["instance"].startswith("#"):  # the header stands in the middle too
            continue
        name = azure_name(ours["instance"]) if provider == "azure" else ours["instance"]
        if name not in grams or ours["instance"].startswith("standard_"):
            grams[name] = ours["spruce_g_co2e_per_hour"]
    return {"cloud_instance": [_row(provider, name, grams[name]) for name in grams]}


def _row(provider: str, name: str, grams: str) -> Row:
    """A row complete enough to stand alone where no other list has the type and it is a machine that one rents."""
    alone = not MANAGED.search(name) and not name.startswith(tuple(NOT_ALONE))
    columns = {
        "id": f"cloud_instance:{provider}:{path_safe(name)}",
        "provider": provider,
        "instance": name,
        "spruce_g_co2e_per_hour": text_of(float(grams)),
    }
    return row("cloud_instance", **columns, **(_alone(provider, name) if alone else {}))


def _alone(provider: str, name: str) -> Row:
    vcpus = aws_vcpus(name) if provider == "aws" else azure_vcpus(name)
    memory_gb = aws_memory_gb(name) if provider == "aws" else azure_memory_gb(name)
    return {
        "unit": "kg CO2e/instance",
        "data_year": "2026",
        "valid_from": PLACE_FROM,
        "edition": "2026",
        "publisher": "SPRUCE",
        "title": "Instance impacts by BoaviztAPI",
        "url": "https://github.com/DigitalPebble/spruce",
        "license": "Apache-2.0",
        "evidence": "derived",
        "grade": "D",
        "note": "vCPUs and memory by the rule of the type's name" if vcpus else "",
        "vcpus": "" if vcpus is None else str(vcpus),
        "memory_gb": "" if memory_gb is None else str(memory_gb),
        "host_included": "no",
        "use": "default",
    }
