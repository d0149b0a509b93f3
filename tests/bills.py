"""FOCUS bills for tests: every service, region and fault that a row may have, the same for the same seed."""

import csv
import io
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

Cells = dict[str, str]

COLUMNS = """AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd
BillingPeriodStart CapacityReservationStatus ChargeCategory ChargeClass ChargeDescription
ChargeFrequency ChargePeriodEnd ChargePeriodStart CommitmentDiscountId CommitmentDiscountStatus
CommitmentDiscountType ConsumedQuantity ConsumedUnit ContractedCost EffectiveCost HostProviderName
InvoiceIssuerName ListCost PricingCategory PricingQuantity PricingUnit ProviderName PublisherName
RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName
ServiceProviderName ServiceSubcategory SkuId SkuMeter SkuPriceDetails SkuPriceId SubAccountId
SubAccountName Tags x_Operation x_ServiceCode x_SkuDetails x_SkuMeterCategory x_SkuMeterName
x_SkuMeterSubcategory""".split()
"""Those of a bill, alphabetically, as exports have them."""

_AWS_REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1", "ap-northeast-1", "sa-east-1")
_AZURE_REGIONS = ("westeurope", "swedencentral", "eastus", "Sweden Central", "australiaeast", "japaneast")
_GOOGLE_REGIONS = ("us-central1", "europe-west9", "europe-north1", "asia-south1", "northamerica-northeast1")
_NO_REGIONS = ("", "global", "xx-nowhere-1")

_EC2 = {"ServiceCategory": "Compute", "ServiceName": "Amazon Elastic Compute Cloud", "x_ServiceCode": "AmazonEC2"}
_VM = {"ServiceCategory": "Compute", "ServiceName": "Virtual Machines", "x_SkuMeterCategory": "Virtual Machines"}
_GCE = {"ServiceCategory": "Compute", "ServiceName": "Compute Engine", "ServiceSubcategory": "Virtual Machines"}
_HOURS = {"ConsumedUnit": "Hours", "PricingUnit": "Hours"}
_GB_MONTHS = {"ConsumedUnit": "GB-Months", "PricingUnit": "GB-Months"}
_GB = {"ConsumedUnit": "GB", "PricingUnit": "GB"}


def _details(**properties: object) -> str:
    pairs = ", ".join(f'"{name}": {f"{value!r}".replace(chr(39), chr(34))}' for name, value in properties.items())
    return "{" + pairs + "}"


SERVICES: tuple[tuple[str, Sequence[str], Cells], ...] = (
    *(
        ("AWS", _AWS_REGIONS, {**_EC2, **_HOURS, "SkuMeter": meter})
        for meter in (
            "BoxUsage:p4d.24xlarge",
            "EU-BoxUsage:g5.xlarge",
            "USW2-SpotUsage:p5.48xlarge",
            "DedicatedUsage:m5.large",
            "EUC1-HostBoxUsage:c5.xlarge",
            "UnusedBox:g4dn.xlarge",
            "BoxUsage:zz9.plural",
            "EBSOptimized:m4.large",
            "EUC1-HostUsage:c5",
            "USE1-CPUCredits:t3",
        )
    ),
    ("AWS", _AWS_REGIONS, {**_EC2, **_HOURS, "SkuPriceDetails": _details(InstanceType="m5.xlarge", CoreCount=4)}),
    (
        "Amazon Web Services",
        _AWS_REGIONS,
        {**_HOURS, "ServiceCategory": "Analytics", "ServiceName": "Amazon Elastic MapReduce",
         "x_ServiceCode": "ElasticMapReduce", "SkuMeter": "USE1-BoxUsage:m5.xlarge"},
    ),
    (
        "AWS",
        _AWS_REGIONS,
        {**_HOURS, "ServiceCategory": "Databases", "ServiceName": "Amazon Relational Database Service",
         "x_ServiceCode": "AmazonRDS", "SkuMeter": "EU-Multi-AZUsage:db.m5.large"},
    ),
    (
        "AWS",
        _AWS_REGIONS,
        {**_HOURS, "ServiceCategory": "AI and Machine Learning", "ServiceName": "Amazon SageMaker",
         "x_ServiceCode": "AmazonSageMaker", "SkuMeter": "USE1-Host:ml.g5.xlarge"},
    ),
    *(
        ("AWS", _AWS_REGIONS, {**_GB_MONTHS, "ServiceCategory": "Storage", "ServiceName": name, "SkuMeter": meter})
        for name, meter in (
            ("Amazon Elastic Block Store", "EBS:VolumeUsage.gp3"),
            ("Amazon Elastic Block Store", "EU-EBS:VolumeUsage.st1"),
            ("Amazon Simple Storage Service", "EUC1-TimedStorage-ByteHrs"),
            ("Amazon Elastic File System", "USE1-Unheard-Of"),
        )
    ),
    *(
        ("AWS", _AWS_REGIONS, {**_GB, "ServiceCategory": "Networking", "ServiceName": "Data Transfer", "SkuMeter": m})
        for m in ("USE1-EUW1-AWS-Out-Bytes", "DataTransfer-Regional-Bytes", "DataTransfer-Out-Bytes")
    ),
    (
        "AWS",
        _AWS_REGIONS,
        {"ConsumedUnit": "1000 Tokens", "PricingUnit": "1000 Tokens", "ServiceCategory": "AI and Machine Learning",
         "ServiceName": "Amazon Bedrock", "ServiceSubcategory": "Generative AI", "SkuMeter": "USE1-output-tokens"},
    ),
    *(
        ("Microsoft", _AZURE_REGIONS, {**_VM, **_HOURS, "x_SkuMeterName": meter})
        for meter in ("D2 v3/D2s v3", "NC24ads A100 v4", "D4s v5 Spot", "Q7 v9", "M64s v2 Low Priority")
    ),
    ("Microsoft", _AZURE_REGIONS, {**_VM, "ConsumedUnit": "100 Hours", "PricingUnit": "100 Hours",
                                   "x_SkuMeterName": "D2 v3", "x_SkuDetails": _details(ServiceType="Standard_D2s_v3")}),
    ("Microsoft", _AZURE_REGIONS, {**_HOURS, "ServiceCategory": "Compute", "ServiceName": "Virtual Machines",
                                   "x_SkuMeterCategory": "Virtual Machines Licenses", "x_SkuMeterName": "8 vCPU VM"}),
    ("Microsoft", _AZURE_REGIONS, {"ConsumedUnit": "GB/Month", "PricingUnit": "10 GB/Month",
                                   "ServiceCategory": "Storage", "ServiceName": "Storage Accounts",
                                   "x_SkuMeterName": "Hot LRS Data Stored"}),
    *(
        ("Google Cloud", _GOOGLE_REGIONS, {**_GCE, **_HOURS, "SkuMeter": meter})
        for meter in (
            "Nvidia Tesla A100 80GB GPU running in Americas",
            "Nvidia L4 GPU attached to Spot Preemptible VMs running in Paris",
            "Nvidia Unheard 1 GPU running in Americas",
            "N2 Instance Core running in Paris",
        )
    ),
    ("Google Cloud", _GOOGLE_REGIONS, {**_GCE, **_HOURS, "SkuPriceDetails": _details(InstanceType="a2-highgpu-1g")}),
    ("Google Cloud", _GOOGLE_REGIONS, {"ConsumedUnit": "gibibyte month", "PricingUnit": "gibibyte month",
                                       "ServiceCategory": "Storage", "ServiceName": "Cloud Storage",
                                       "SkuMeter": "Standard Storage Europe Multi-region"}),
    ("Oracle", ("eu-frankfurt-1", "us-ashburn-1"), {**_HOURS, "ServiceCategory": "Compute", "ServiceName": "Compute",
                                                    "SkuPriceDetails": _details(InstanceType="BM.GPU.H100.8")}),
    ("Databricks", ("eastus",), {"ConsumedUnit": "DBU", "PricingUnit": "DBU", "ServiceCategory": "Analytics",
                                 "ServiceName": "Databricks", "HostProviderName": "Microsoft Azure"}),
)  # fmt: skip
"""Provider, its regions, and what the rows of one SKU have in common."""

FAULTS: tuple[Cells, ...] = (
    {"ChargeCategory": "Tax", "ConsumedQuantity": "", "PricingQuantity": ""},
    {"ChargeCategory": "Purchase", "EffectiveCost": "0.0"},
    {"ChargeCategory": "Credit", "EffectiveCost": "-7.5"},
    {"ChargeCategory": "Adjustment"},
    {"ChargeCategory": ""},
    {"ChargeClass": "Correction", "ConsumedQuantity": "-3.25", "PricingQuantity": "-3.25", "EffectiveCost": "-2.5"},
    {"ChargeClass": "Correction", "ConsumedQuantity": "", "PricingQuantity": "", "EffectiveCost": "-2.5"},
    {"CommitmentDiscountId": "sp-1", "CommitmentDiscountStatus": "Unused", "ConsumedQuantity": ""},
    {"CommitmentDiscountId": "sp-1", "CommitmentDiscountStatus": "Used", "BilledCost": "0.0"},
    {"CommitmentDiscountId": "sp-1", "CommitmentDiscountStatus": "", "ConsumedQuantity": ""},
    {"CapacityReservationStatus": "Unused"},
    {"RegionId": ""},
    {"RegionId": "xx-nowhere-1"},
    {"ConsumedQuantity": ""},
    {"ConsumedQuantity": "", "PricingQuantity": ""},
    {"ConsumedUnit": "Furlongs"},
    {"ConsumedUnit": "Furlongs", "PricingUnit": ""},
    {"ConsumedQuantity": "0"},
    {"ConsumedQuantity": "-4", "PricingQuantity": "-4"},
    {"ConsumedQuantity": "12,5"},
    {"ConsumedQuantity": "nan"},
    {"ConsumedQuantity": "1e400"},
    {"ConsumedQuantity": "+2.5"},
    {"ConsumedQuantity": "7E-3"},
    {"ConsumedQuantity": "2000000000"},
    {"EffectiveCost": ""},
    {"EffectiveCost": "0"},
    {"EffectiveCost": "-3"},
    {"EffectiveCost": "$5"},
    {"EffectiveCost": "1e13"},
    {"BillingCurrency": "EUR"},
    {"BillingCurrency": ""},
    {"ProviderName": "Somebody Else"},
    {"ProviderName": "", "ServiceProviderName": "AWS", "HostProviderName": "AWS"},
    {"SkuPriceDetails": '{"InstanceType": 5'},
    {"SkuPriceDetails": '["InstanceType"]'},
    {"SkuPriceDetails": '{"DiskType": "SSD", "DiskSpace": 100}'},
    {"ChargePeriodStart": "03/06/2026"},
    {"ChargePeriodEnd": ""},
    {"ChargePeriodStart": "1999-12-31T00:00:00Z", "ChargePeriodEnd": "2000-01-01T00:00:00Z"},
    {"ChargePeriodStart": "2026-06-03 10:00:00", "ChargePeriodEnd": "2026-06-03T13:00+02:00"},
    {"ChargePeriodStart": "2024-12-31T23:30:00Z", "ChargePeriodEnd": "2025-01-01T00:30:00Z"},
    {"ChargePeriodStart": "2023-12-31T23:45:00Z", "ChargePeriodEnd": "2024-01-01T00:45:00Z"},
    {"ChargePeriodStart": "2026-06-30T00:00:00Z", "ChargePeriodEnd": "2026-06-01T00:00:00Z"},
    {"ResourceName": "=HYPERLINK(1)", "Tags": '{"a": "Zürich, \\"quoted\\""}'},
)
"""What is set over a sound row."""

_YEARS = (2023, 2024, 2025, 2026)


def bill(rows: int, *, seed: int = 1, faulty: float = 0.3) -> list[Cells]:
    """Rows of text cells, an empty one null.

    Args:
        rows: how many; enough of them hold every service and every fault.
        seed: another gives another bill.
        faulty: share of rows with a fault.
    """
    chance = random.Random(seed)  # noqa: S311 - a bill, no secret
    return [_row(number, chance, faulty) for number in range(rows)]


def _row(number: int, chance: random.Random, faulty: float) -> Cells:
    provider, regions, common = SERVICES[number % len(SERVICES)]
    start = datetime(chance.choice(_YEARS), 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(8000))
    quantity, price = round(chance.lognormvariate(0, 2), 6), chance.lognormvariate(-1, 1)
    cost = round(quantity * price, 8)
    region = chance.choice(_NO_REGIONS) if chance.random() < faulty / 5 else chance.choice(regions)
    sound = {
        "AvailabilityZone": f"{region}a" if region else "",
        "BilledCost": repr(cost),
        "BillingAccountId": "123456789012",
        "BillingAccountName": "Acme Payer",
        "BillingCurrency": "USD",
        "BillingPeriodStart": f"{start:%Y-%m}-01T00:00:00Z",
        "BillingPeriodEnd": f"{start + timedelta(days=31):%Y-%m}-01T00:00:00Z",
        "ChargeCategory": "Usage",
        "ChargeDescription": f"{common['ServiceName']} in {region}",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodStart": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "ChargePeriodEnd": f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "ConsumedQuantity": repr(quantity),
        "ContractedCost": repr(cost),
        "EffectiveCost": repr(cost),
        "InvoiceIssuerName": provider,
        "ListCost": repr(cost),
        "PricingCategory": "Standard",
        "PricingQuantity": repr(quantity),
        "ProviderName": provider,
        "PublisherName": provider,
        "RegionId": region,
        "ResourceId": f"i-{chance.getrandbits(64):016x}",
        "ResourceName": f"node-{chance.randrange(500)}",
        "SkuId": f"SKU{number % len(SERVICES)}",
        "SubAccountId": f"{210987654321 + chance.randrange(20)}",
        "Tags": f'{{"team": "team-{chance.randrange(30)}"}}',
    }
    fault = chance.choice(FAULTS) if chance.random() < faulty else {}
    return dict.fromkeys(COLUMNS, "") | sound | common | fault


def csv_of(rows: Sequence[Cells], columns: Sequence[str] = COLUMNS) -> bytes:
    """The bill as an export writes it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
