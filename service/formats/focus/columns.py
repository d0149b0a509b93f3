"""The columns that are read, those that are added, and why the others are left alone.

Ignored: BilledCost (0 on rows that a commitment covers, all of it on its purchase), ListCost and ContractedCost (not
what was paid), unit prices, invoice, account and resource names (they say who, not what), Tags, BillingPeriod (the
charge's own period counts), AllocatedMethodDetails (the row is what was allocated already).
"""

TEXTS = (
    "ChargeCategory",  # Usage counts; Purchase, Tax, Credit and Adjustment use no energy
    "ChargeClass",  # Correction may be negative
    "CommitmentDiscountStatus",  # Unused runs nothing
    "CapacityReservationStatus",  # Unused stands idle
    "ProviderName",  # free text
    "ServiceProviderName",  # 1.3
    "HostProviderName",  # 1.3: whose data center
    "RegionId",
    "ServiceCategory",
    "ServiceSubcategory",
    "ServiceName",
    "SkuMeter",  # AWS, from 1.1
    "ConsumedUnit",
    "PricingUnit",
    "BillingCurrency",  # of EffectiveCost
    "x_ServiceCode",  # AWS
    "x_UsageType",  # AWS 1.0: what SkuMeter is later
    "x_SkuMeterCategory",  # Azure
    "x_SkuMeterSubcategory",
    "x_SkuMeterName",
)
"""Columns whose text decides what a row is."""
DETAILS = {
    "SkuPriceDetails": ("InstanceType", "DiskType"),  # from 1.1: JSON, or a map in Parquet
    "x_SkuDetails": ("ServiceType",),  # Azure
}
"""Columns of several properties, and those that are read."""
COMMITTED = "CommitmentDiscountId"
"""Read as whether it is there: which commitment it is does not matter."""
NUMBERS = ("ConsumedQuantity", "PricingQuantity", "EffectiveCost")
PERIOD = ("ChargePeriodStart", "ChargePeriodEnd")
DESCRIPTION = "ChargeDescription"
"""Read where the file has no column that names the SKU, as in Google's 1.0."""
METERS = ("SkuMeter", "x_UsageType", "x_SkuMeterName")
REQUIRED = ("ChargeCategory", "ChargePeriodStart", "ChargePeriodEnd", "EffectiveCost", "BillingCurrency", "ServiceName")
"""Columns that every version has and nothing can be said without."""
PROVIDERS = ("ProviderName", "ServiceProviderName", "HostProviderName")
"""Of these one at least."""

FIGURES = (
    "x_CarbonEnergyKwh",  # at the facility
    "x_CarbonScope2LocationKgCO2e",
    "x_CarbonScope2MarketKgCO2e",
    "x_CarbonScope3FuelEnergyLocationKgCO2e",
    "x_CarbonScope3FuelEnergyMarketKgCO2e",
    "x_CarbonScope3EmbodiedKgCO2e",
    "x_CarbonScope3InfrastructureKgCO2e",
    "x_CarbonScope3SpendKgCO2e",
)
"""Added columns that hold numbers; null, never 0, where nothing could be computed."""
NOTES = (
    "x_CarbonAllocationMethod",  # of embodied: time; economic where money stands for all
    "x_CarbonGridFactor",  # id of the location factor; GET /factors/{id} has its value and source
    "x_CarbonFactorSource",  # ids of all factors used
    "x_CarbonFactorYear",
    "x_CarbonGrade",  # of the location-based total
    "x_CarbonReason",  # codes of why figures are null
    "x_CarbonMethodVersion",
    "x_CarbonFactorSet",
)
ADDED = FIGURES + NOTES
"""In the order in which they follow the file's own."""
BETWEEN = ";"
"""Stands between several codes or ids in one cell."""
