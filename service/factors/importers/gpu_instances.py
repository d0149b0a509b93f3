"""Cloud instance types with accelerators, from the table of verified types."""

from service.factors.importers.instance_names import path_safe
from service.factors.importers.rows import PLACE_FROM, Row, Tables, records, remarks, row, standing
from service.factors.importers.rows import decimal as text_of

COLUMNS = {  # theirs -> ours
    "provider": "provider",
    "instance": "instance",
    "vcpu": "vcpus",
    "memory_gb": "memory_gb",
    "accelerator_id": "accelerator",
    "accelerators": "accelerators",
    "status": "status",
    "note": "note",
}
IGNORED = {
    "memory_unit": "memory stays as the provider prints it: GiB, called GB by most",
    "source": "summed up by status",
    "license_note": "the same for all rows, below",
}
LEFT_OUT = {
    "n1 + ": "an accelerator attached to a type of any size: give the type and the accelerator apart",
}
RENAMED = {  # instance -> name, alias
    "v4-8 (ct4p-hightpu-4t)": ("ct4p-hightpu-4t", "v4-8"),
    "ct3-hightpu-4t": ("ct3-hightpu-4t", "v3-8"),
    "GB200 NVL72 (per 4-GPU node)": ("GB200 NVL72", "GB200 NVL72 node"),
}
_DOCUMENTATION = {  # provider -> publisher, page
    "aws": ("Amazon Web Services", "https://aws.amazon.com/ec2/instance-types/"),
    "azure": ("Microsoft Azure", "https://learn.microsoft.com/en-us/azure/virtual-machines/sizes/overview"),
    "coreweave": ("CoreWeave", "https://docs.coreweave.com"),
    "gcp": ("Google Cloud", "https://cloud.google.com/compute/docs/gpus"),
    "lambda": ("Lambda", "https://lambda.ai"),
    "oci": (
        "Oracle Cloud Infrastructure",
        "https://docs.oracle.com/en-us/iaas/Content/Compute/References/computeshapes.htm",
    ),
    "ovh": ("OVHcloud", "https://www.ovhcloud.com/en/public-cloud/"),
    "scaleway": ("Scaleway", "https://www.scaleway.com/en/docs/gpu/"),
}


def read(text: str, file_name: str) -> Tables:
    """Rows of cloud_instance: what a type holds; its embodied figure is derived when all sources are in."""
    lines = [
        {name: line[theirs].strip() for theirs, name in COLUMNS.items()}
        for _, line in records(text, file_name, COLUMNS)
    ]
    return {"cloud_instance": [_row(ours) for ours in lines if not ours["instance"].startswith(tuple(LEFT_OUT))]}


def _row(ours: Row) -> Row:
    name, alias = RENAMED.get(ours["instance"], (ours["instance"], ""))
    publisher, page = _DOCUMENTATION[ours["provider"]]
    unresolved = ours["status"].startswith("unresolved")
    return row(
        "cloud_instance",
        id=f"cloud_instance:{ours['provider']}:{path_safe(name)}",
        unit="kg CO2e/instance",
        data_year="2026",
        valid_from=PLACE_FROM,
        edition="2026",
        publisher=publisher,
        title="Instance types with accelerators",
        url=page,
        license="Facts from the provider's documentation",
        evidence="transcribed",
        grade="D",
        note=remarks(standing(ours["status"]), ours["note"]),
        provider=ours["provider"],
        instance=name,
        vcpus=_plain(ours["vcpus"]),
        memory_gb=_plain(ours["memory_gb"]),
        accelerator=ours["accelerator"],
        accelerators=_plain(ours["accelerators"]),
        host_included="no",
        aliases=alias,
        use="never" if unresolved else "default",
    )


def _plain(cell: str) -> str:
    return text_of(float(cell)) if cell else ""
