"""Servers and their parts: embodied figures that were published or that a methodology assumes."""

import re

from msgspec import Struct

from service.factors.importers.rows import PLACE_FROM, Row, Tables, records, remarks, row, unreadable

COLUMNS = {  # theirs -> ours
    "item": "item",
    "value": "value",
    "source": "source",
    "note": "note",
    "evidence": "evidence",
}
IGNORED = {
    "unit": "kg CO2e for the rows taken, by the unit below",
    "scope_or_basis": "said by the names below",
}
LEFT_OUT = {  # items that make no row -> why
    "NVIDIA HGX": "in the accelerator table, an eighth each",
    "NVIDIA A100": "in the accelerator table, or a proxy without a life-cycle assessment",
    "NVIDIA H100": "in the accelerator table: central or high",
    "A100 per GPU incl. instance share": "not comparable with a card alone",
    "AWS p4de.24xlarge server": "superseded by the 8-GPU server's figure",
    "8-GPU AI server (p5.48xlarge) excl. GPUs": "without its accelerators: alone it would leave the most of it out",
    "GPU server (BLOOM, HPE Apollo 6500)": "without its accelerators: alone it would leave the most of it out",
    "Dell PowerEdge R750": "the whole life cycle, use included: no embodied figure",
    "CCF per GPU card": "in the accelerator table",
    "HBM3": "a part of an accelerator",
    "ACT logic": "per area of silicon, not per part",
    "Boavizta CPU die": "per area of silicon, not per part",
    "Seagate Mozaic": "one product; the drive's row is a methodology's average",
    "SSD 30.72TB": "disputed by its source",
    "TPU v": "in the accelerator table",
    "Server/GPU lifetime": "a life, not a figure",
    "Server lifetime": "a life, not a figure",
    "Server and GPU lifetime": "a life, not a figure",
}


class _Rule(Struct, frozen=True):
    """How an item becomes a row."""

    component: str
    name: str
    unit: str = "kg CO2e/server"
    aliases: str = ""
    included: str = ""
    unit_gb: str = ""
    low: str = ""
    high: str = ""
    accelerator: str = ""
    accelerators: str = ""
    note: str = ""


RULES = {  # their item -> ours
    "CCF base server (1 socket, low DRAM)": _Rule(
        "base", "Base server", included="1", note="holds 1 CPU and 16 GB of RAM"
    ),
    "CCF per extra CPU": _Rule(
        "cpu", "CPU", unit="kg CO2e/CPU", included="1", note="each CPU beyond the one in the base server"
    ),
    "CCF DRAM": _Rule(
        "ram", "RAM", unit="kg CO2e/GB", included="16", note="533/384 kg, each GB beyond the 16 in the base server"
    ),
    "CCF per SSD": _Rule(
        "ssd", "SSD", unit="kg CO2e/drive", unit_gb="3840", note="capacity of a drive assumed: that of the Dell R740's"
    ),
    "CCF per HDD": _Rule(
        "hdd",
        "HDD",
        unit="kg CO2e/drive",
        unit_gb="14000",
        note="capacity of a drive assumed: that of the AWS d3en types' drives",
    ),
    "DGX H100": _Rule(
        "dgx-h100",
        "NVIDIA DGX H100",
        aliases="DGX H100",
        low="3000",
        high="5000",
        accelerator="h100-sxm5",
        accelerators="8",
        note="taken as the whole server with its eight accelerators",
    ),
    "DGX A100": _Rule(
        "dgx-a100",
        "NVIDIA DGX A100",
        aliases="DGX A100",
        low="2000",
        high="4000",
        accelerator="a100-sxm4-80",
        accelerators="8",
        note="taken as the whole server with its eight accelerators; 80 GB form assumed",
    ),
    "Dell PowerEdge R740 manufacturing": _Rule(
        "dell-r740",
        "Dell PowerEdge R740",
        aliases="Dell R740|PowerEdge R740|R740",
        low="1000",
        high="4289",
        note="small configuration; low: the base server alone, high: as its life-cycle assessment has it, with 8 SSDs",
    ),
}
_DRAM = ("533", "384")
"""kg over GB: 12 modules of 32 GB. The source prints the quotient rounded to 1.388."""
_CCF = {
    "publisher": "Cloud Carbon Footprint",
    "title": "Embodied emissions methodology, after Teads and the Dell R740 life-cycle assessment",
    "url": "https://www.cloudcarbonfootprint.org/docs/methodology",
    "license": "Apache-2.0",
    "edition": "2023",
    "data_year": "2023",
}
_CITED = {"license": "Figures cited with their source"}
_ORIGINS = {  # component -> columns
    "dell-r740": {
        "publisher": "Cloud Carbon Footprint",
        "title": "Base server and parts; Dell, life-cycle assessment of the PowerEdge R740",
        "url": "https://www.cloudcarbonfootprint.org/docs/methodology",
        "edition": "2023",
        "data_year": "2019",
    },
}
_ESTIMATE = {
    "publisher": "Dualscope (assumed)",
    "title": "Bounded estimate of a whole server",
    "url": "https://www.nvidia.com/en-us/data-center/",
    "edition": "2026",
    "data_year": "2026",
}


def read(text: str, file_name: str) -> Tables:
    """Rows of server_component from the list of published figures, or the drives' size from a bill of materials."""
    if "silicon:" in text:
        return {"server_component": [_drive(text, file_name)]}
    rows = []
    for at, line in records(text, file_name, COLUMNS):
        rule = RULES.get(line["item"])
        if rule is not None:
            rows.append(_row(rule, line))
        elif not line["item"].startswith(tuple(LEFT_OUT)):
            raise unreadable(file_name, at, f"no rule for {line['item']!r}")
    return {"server_component": rows}


def _row(rule: _Rule, line: Row) -> Row:
    part = rule.unit != "kg CO2e/server" or rule.component == "base"
    estimate = rule.component.startswith("dgx")
    origin = _CCF if part else _CITED | _ORIGINS.get(rule.component, _ESTIMATE)
    value = line["value"]
    if rule.component == "ram":
        value = repr(float(_DRAM[0]) / float(_DRAM[1]))
    weak = "not verified" if line["evidence"] == "unverified" else ""
    return row(
        "server_component",
        id=f"server_component:{rule.component}",
        value=value,
        valid_from=PLACE_FROM,
        evidence="assumed" if estimate or line["note"] == "assumption" else "transcribed",
        grade="D",
        note=remarks(rule.note, weak),
        archetype="no" if part else "yes",
        **{name: getattr(rule, name) for name in _SAME_NAME},
        **origin,
    )


_SAME_NAME = tuple("component name unit aliases included unit_gb low high accelerator accelerators".split())


def _drive(text: str, file_name: str) -> Row:
    """The size of the main drives of the Dell R740, for the row of SSDs."""
    sizes = set(re.findall(r"ssd\.main\d+:\n(?:.*\n){3}.*capacity: (\d+) GB", text))
    if len(sizes) != 1:
        raise unreadable(file_name, 1, "the main drives have no capacity in common")
    return {"id": "server_component:ssd", "unit_gb": sizes.pop()}
