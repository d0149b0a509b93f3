"""What the texts of a row are read as."""

import pytest

from service.factors.store import FactorStore
from service.formats.focus.charges import Charge, charge_of, provider_of
from service.formats.focus.machines import Machine
from tests.bills import Cells

EC2 = {"ServiceCategory": "Compute", "ServiceName": "Amazon Elastic Compute Cloud", "x_ServiceCode": "AmazonEC2"}
VM = {"ServiceCategory": "Compute", "ServiceName": "Virtual Machines", "x_SkuMeterCategory": "Virtual Machines"}
GCE = {"ServiceCategory": "Compute", "ServiceName": "Compute Engine"}
AWS = {"ProviderName": "AWS", "RegionId": "us-east-1"}
AZURE = {"ProviderName": "Microsoft", "RegionId": "westeurope"}
GOOGLE = {"ProviderName": "Google Cloud", "RegionId": "us-central1"}


def read(store: FactorStore, *given: Cells, committed: bool = False) -> Charge:
    """A usage row in hours and USD, with these texts."""
    texts = {"ChargeCategory": "Usage", "ConsumedUnit": "Hours", "PricingUnit": "Hours", "BillingCurrency": "USD"}
    for cells in given:
        texts |= cells
    return charge_of({name: text for name, text in texts.items() if text}, store, committed=committed)


@pytest.mark.parametrize(
    ("cells", "machine"),
    [
        ({**AWS, **EC2, "SkuMeter": "BoxUsage:p4d.24xlarge"}, Machine("aws:p4d.24xlarge")),
        ({**AWS, **EC2, "SkuMeter": "EU-BoxUsage:g5.xlarge"}, Machine("aws:g5.xlarge")),
        ({**AWS, **EC2, "SkuMeter": "USW2-SpotUsage:g5.xlarge"}, Machine("aws:g5.xlarge")),
        ({**AWS, **EC2, "SkuMeter": "APN1-DedicatedUsage:m5.large"}, Machine("aws:m5.large")),
        ({**AWS, **EC2, "SkuMeter": "UnusedBox:m5.large"}, Machine("aws:m5.large", idle=True)),
        ({**AWS, **EC2, "x_UsageType": "EU-BoxUsage:m5.large"}, Machine("aws:m5.large")),
        ({**AWS, **EC2, "SkuMeter": "BoxUsage:m5.large", "InstanceType": "g5.xlarge"}, Machine("aws:g5.xlarge")),
        ({**AWS, "ServiceName": "Amazon Relational Database Service", "SkuMeter": "EU-Multi-AZUsage:db.r5.large"},
         Machine("aws:db.r5.large", count=2.0)),
        ({**AWS, "x_ServiceCode": "AmazonSageMaker", "SkuMeter": "USE1-Train:ml.g5.xlarge"}, Machine("aws:g5.xlarge")),
        ({**AZURE, **VM, "x_SkuMeterName": "D2 v3/D2s v3"}, Machine("azure:Standard_D2_v3")),
        ({**AZURE, **VM, "x_SkuMeterName": "D4s v5 Spot"}, Machine("azure:Standard_D4s_v5")),
        ({**AZURE, **VM, "x_SkuMeterName": "NC24ads A100 v4"}, Machine("azure:Standard_NC24ads_A100_v4")),
        ({**AZURE, **VM, "ServiceType": "Standard_D2s_v3", "x_SkuMeterName": "?"}, Machine("azure:Standard_D2s_v3")),
        ({**GOOGLE, **GCE, "InstanceType": "a2-highgpu-1g"}, Machine("gcp:a2-highgpu-1g")),
        ({**GOOGLE, **GCE, "SkuMeter": "Nvidia L4 GPU running in Americas"}, Machine(accelerator="l4")),
        ({**GOOGLE, **GCE, "SkuMeter": "Nvidia Tesla A100 80GB GPU running in Iowa"},
         Machine(accelerator="a100-sxm4-80")),
    ],
)  # fmt: skip
def test_hardware_is_found_under_each_provider_s_names(store: FactorStore, cells: Cells, machine: Machine) -> None:
    """SkuPriceDetails first; region prefixes, offers and two sizes on one meter; a standby counts twice."""
    assert read(store, cells).machine == machine


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({**AWS, **EC2, "SkuMeter": "BoxUsage:zz9.plural"}, "hardware_unknown"),
        ({**AWS, **EC2, "SkuMeter": "EBSOptimized:m5.large"}, "not_modeled"),
        ({**AWS, **EC2, "SkuMeter": "HostUsage:m5"}, "not_modeled"),
        ({**AWS, "x_ServiceCode": "ElasticMapReduce", "SkuMeter": "BoxUsage:m5.large"}, "not_modeled"),
        ({**AWS, "ServiceCategory": "Networking", "ServiceName": "Load Balancing"}, "not_modeled"),
        ({**AZURE, **VM, "x_SkuMeterCategory": "Virtual Machines Licenses", "x_SkuMeterName": "D2"}, "not_modeled"),
        ({**AZURE, **VM, "x_SkuMeterName": "D2 v3/E104is v5"}, "hardware_unknown"),
        ({**GOOGLE, **GCE, "SkuMeter": "N2 Instance Core running in Iowa", "InstanceType": "n2-standard-4"},
         "not_modeled"),
        ({**AWS, **EC2, "SkuMeter": "BoxUsage:m5.large", "ConsumedUnit": "Requests", "PricingUnit": ""},
         "quantity_missing"),
        ({**AWS, **EC2, "SkuMeter": "BoxUsage:m5.large", "RegionId": ""}, "region_missing"),
        ({**AWS, **EC2, "SkuMeter": "BoxUsage:m5.large", "RegionId": "global"}, "region_missing"),
        ({**AWS, **EC2, "SkuMeter": "BoxUsage:m5.large", "RegionId": "us-esat-1"}, "region_unknown"),
        ({"ChargeCategory": "Tax"}, "not_usage"),
        ({"ChargeCategory": ""}, "not_usage"),
        ({**AWS, **EC2, "SkuMeter": "BoxUsage:m5.large", "CommitmentDiscountStatus": "Unused"}, "unused_commitment"),
    ],
)  # fmt: skip
def test_what_cannot_be_modeled_says_why(store: FactorStore, cells: Cells, why: str) -> None:
    """A fee on top of a machine is none; sizes that differ are no size; no region is assumed, no near name taken."""
    found = read(store, cells)
    assert (found.why, found.machine, found.kind) == (why, None, "")


def test_an_unused_capacity_reservation_stands_idle(store: FactorStore) -> None:
    """It is machines that were held for the payer: METHOD counts all that is reserved."""
    found = read(store, AWS, EC2, {"SkuMeter": "BoxUsage:m5.large", "CapacityReservationStatus": "Unused"})
    assert found.machine == Machine("aws:m5.large", idle=True)


@pytest.mark.parametrize(
    ("cells", "medium"),
    [
        ({**AWS, "SkuMeter": "EBS:VolumeUsage.gp3"}, "storage_ssd"),
        ({**AWS, "SkuMeter": "EU-EBS:VolumeUsage.st1"}, "storage_hdd"),
        ({**AWS, "SkuMeter": "USE1-TimedStorage-ByteHrs"}, "storage_hdd"),
        ({**AWS, "SkuMeter": "Other", "DiskType": "SSD"}, "storage_ssd"),
        ({**AZURE, "x_SkuMeterName": "Hot LRS Data Stored"}, "storage_hdd"),
        ({**AZURE, "x_SkuMeterName": "P10", "x_SkuMeterSubcategory": "Premium SSD Managed Disks"}, "storage_ssd"),
        ({**GOOGLE, "SkuMeter": "SSD backed PD Capacity"}, "storage_ssd"),
        ({**GOOGLE, "SkuMeter": "Storage PD Capacity"}, "storage_hdd"),
        ({**AWS, "SkuMeter": "Unheard-Of"}, ""),
    ],
)
def test_storage_is_counted_where_the_row_says_what_it_is_on(store: FactorStore, cells: Cells, medium: str) -> None:
    """By Cloud Carbon Footprint's lists, or FOCUS's own DiskType; else it has no model."""
    found = read(store, cells, {"ConsumedUnit": "GB-Months", "PricingUnit": "GB-Months"})
    assert (found.kind, found.medium) == (("storage", medium) if medium else ("", ""))


@pytest.mark.parametrize(
    ("meter", "counted"),
    [
        ("USE1-EUW1-AWS-Out-Bytes", True),
        ("USE1-EUW1-AWS-In-Bytes", False),  # the same bytes, at their other end
        ("DataTransfer-Regional-Bytes", True),
        ("DataTransfer-Out-Bytes", False),  # to end users
    ],
)
def test_transfers_between_data_centers_are_counted_once(store: FactorStore, meter: str, *, counted: bool) -> None:
    """Where they were sent from; traffic to end users has no model."""
    found = read(store, AWS, {"SkuMeter": meter, "ConsumedUnit": "GB", "PricingUnit": "GB"})
    assert (found.kind == "network") is counted


@pytest.mark.parametrize(
    ("cells", "provider"),
    [
        ({"ProviderName": "AWS"}, "aws"),
        ({"ProviderName": "Amazon Web Services, Inc."}, "aws"),
        ({"ProviderName": "Microsoft Corporation"}, "azure"),
        ({"ProviderName": "Google Cloud Platform"}, "gcp"),
        ({"ServiceProviderName": "Databricks", "HostProviderName": "Microsoft Azure"}, "azure"),
        ({"ServiceProviderName": "AWS"}, "aws"),
        ({"ProviderName": "Somebody Else"}, ""),
        ({}, ""),
    ],
)
def test_provider_names_are_free_text(cells: Cells, provider: str) -> None:
    """1.3 has two columns in place of one; the host's counts, whose data center it is."""
    assert provider_of(cells) == provider


def test_azure_regions_come_by_display_name_too(store: FactorStore) -> None:
    """1.0 of Azure has `Sweden Central` where later versions have `swedencentral`."""
    found = read(store, AZURE, VM, {"x_SkuMeterName": "D2 v3", "RegionId": "Sweden Central"})
    assert found.region == "azure:swedencentral"
