"""The factor tables: which columns each has, what a cell holds, and what its numbers may be."""

Row = dict[str, str]
"""A row as its CSV file has it: column → text."""

COMMON = tuple(
    (
        "id value low high unit data_year valid_from valid_to edition publisher title url license evidence grade note"
    ).split()
)
"""The columns that every table begins with."""

OWN: dict[str, tuple[str, ...]] = {
    "grid_intensity": ("zone", "zone_name", "basis", "gwp_set", "boundary", "use"),
    "residual_mix": ("zone", "availability", "basis", "gwp_set", "boundary", "use"),
    "td_loss": ("zone", "boundary", "upstream_kg_co2e_per_kwh", "gwp_set", "use"),
    "upstream_wtt": ("zone", "boundary", "gwp_set", "use"),
    "cloud_region": tuple(
        "region provider code metric place country grid_zone alternative_zones latitude longitude use".split()
    ),
    "market_group": ("group", "country"),
    "accelerator": tuple("accelerator vendor model form_factor memory_gb tdp_w tdp_low_w tdp_high_w aliases".split()),
    "cloud_instance": tuple(
        (
            "provider instance vcpus memory_gb accelerator accelerators platforms platform_kg_co2e platform_vcpus "
            "platform_accelerators spruce_g_co2e_per_hour host_included aliases use"
        ).split()
    ),
    "server_component": tuple("component archetype name aliases included unit_gb accelerator accelerators".split()),
    "power": ("key", "idle_w", "cpu_models"),
    "spend": ("naics", "title_naics", "without_margins", "currency", "currency_year"),
    "provider": ("provider", "metric", "period_label"),
}
"""The columns that a table has beside the common ones, in order."""

COLUMNS = {table: COMMON + own for table, own in OWN.items()}

INTEGERS = frozenset({"data_year", "currency_year"})
NUMBERS = frozenset(
    (
        "value low high upstream_kg_co2e_per_kwh latitude longitude memory_gb tdp_w tdp_low_w tdp_high_w vcpus "
        "accelerators platform_kg_co2e platform_vcpus platform_accelerators spruce_g_co2e_per_hour included unit_gb "
        "idle_w without_margins"
    ).split()
)
DATES = ("valid_from", "valid_to")
LISTS = frozenset({"alternative_zones", "aliases", "platforms", "cpu_models"})
"""Cells that hold several names, `|` between them."""
NEEDED = ("id", "unit", "data_year", "valid_from", "publisher", "license")
"""Cells that no row may leave empty."""

CHOICES: dict[str, tuple[str, ...]] = {
    "evidence": ("raw", "transcribed", "derived", "assumed"),
    "grade": ("A", "B", "C", "D", "E"),
    "use": ("default", "dated", "never"),
    "basis": ("direct", "life_cycle", ""),
    "availability": ("published", "none", "unresolved"),
    "archetype": ("yes", "no"),
    "host_included": ("yes", "no"),
}
"""Cells that hold one of a few words."""

INTENSITY_UNITS = ("kg CO2e/kWh", "kg CO2/kWh")
SHARE_UNIT = "share"
UNITS: dict[str, tuple[str, ...]] = {
    "grid_intensity": INTENSITY_UNITS,
    "residual_mix": INTENSITY_UNITS,
    "upstream_wtt": INTENSITY_UNITS,
    "td_loss": (SHARE_UNIT, *INTENSITY_UNITS),
}
"""The units that a table's numbers may have, where that matters to the arithmetic."""
INTENSITY_HIGHEST = 3.0
"""Above it, grams were passed as kilograms. [kg CO2e/kWh] Source: METHOD section 2."""

SUBJECT: dict[str, tuple[str, ...]] = {
    "grid_intensity": ("zone",),
    "residual_mix": ("zone",),
    "td_loss": ("zone",),
    "upstream_wtt": ("zone",),
    "cloud_region": ("region",),
    "market_group": ("group", "country"),
    "accelerator": ("accelerator",),
    "cloud_instance": ("provider", "instance"),
    "server_component": ("component",),
    "power": ("key",),
    "spend": ("naics",),
    "provider": ("provider", "metric"),
}
"""The columns that say what a row is about: a zone, a region, a device."""
PLACE_KIND = "cloud_region"
TIMELESS_KINDS = frozenset({PLACE_KIND, "market_group", "accelerator", "cloud_instance", "server_component", "power"})
"""Kinds that are in force until superseded, rather than issued for a year."""


def kind_of(row: Row) -> str:
    """What a row is: the part of its id before the first colon."""
    return row["id"].partition(":")[0]


def subject_of(table: str, row: Row) -> tuple[str, ...]:
    """What a row is about."""
    return tuple(row[column] for column in SUBJECT[table])
