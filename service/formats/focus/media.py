"""What bytes were kept on, and which transfers went between data centers.

Source: Cloud Carbon Footprint's lists of usage types (HDD_USAGE_TYPES, SSD_USAGE_TYPES, NETWORKING_USAGE_TYPES), which
leave out traffic to end users and within a data center on purpose.
"""

import re
from typing import Literal

from service.formats.focus.machines import Texts

Medium = Literal["storage_ssd", "storage_hdd"]
"""Keys of the power table."""

_SSD = re.compile(
    r"VolumeUsage\.(?:gp\d|io\d|piops)|(?:GP\d|PIOPS)-Storage"  # AWS
    r"|\bSSD\b",  # Azure: Premium SSD Managed Disks; Google: SSD backed PD Capacity
    re.ASCII | re.IGNORECASE,
)
_HDD = re.compile(
    r"VolumeUsage(?:\.(?:st1|sc1))?$|SnapshotUsage|TimedStorage|GlacierByteHrs"  # AWS
    r"|\bHDD\b|\bData Stored$"  # Azure
    r"|\bStorage PD Capacity|\b(?:Standard|Nearline|Coldline|Archive) Storage\b",  # Google
    re.ASCII | re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"-AWS-Out-Bytes$|DataTransfer-Regional-Bytes$"  # AWS, to another region or zone; counted where it was sent from
    r"|\bInter[- ](?:Region|Continent|Availability Zone)\b.*\bOut$|\bIntra[- ]Continent\b.*\bOut$"  # Azure
    r"|\bInter (?:Region|Zone)\b.*\bEgress\b|\bInter (?:Region|Zone) Data Transfer Out\b",  # Google
    re.ASCII | re.IGNORECASE,
)


def medium_of(texts: Texts) -> Medium | None:
    """What the bytes were kept on, where the row says it."""
    stated = texts.get("DiskType", "").upper()
    if stated:
        return "storage_ssd" if "SSD" in stated else "storage_hdd" if "HDD" in stated else None
    names = [texts[column] for column in _NAMES if column in texts]
    if any(_SSD.search(name) for name in names):
        return "storage_ssd"
    return "storage_hdd" if any(_HDD.search(name) for name in names) else None


def between_data_centers(texts: Texts) -> bool:
    """Whether the row says that the bytes went from one data center to another."""
    return any(_BETWEEN.search(texts[column]) for column in _NAMES if column in texts)


_NAMES = ("SkuMeter", "x_UsageType", "x_SkuMeterName", "x_SkuMeterSubcategory")
