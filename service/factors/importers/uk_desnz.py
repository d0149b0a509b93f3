"""United Kingdom, DESNZ conversion factors: generation, T&D losses as a rate, and the well-to-tank part of both."""

from service.factors.columns import Row
from service.factors.importers.rows import (
    Tables,
    at_line,
    decimal,
    number,
    of_year,
    remarks,
    renamed,
    row,
    standing,
)

COLUMNS = {  # theirs -> ours
    "country_iso2": "zone",
    "edition": "year",
    "component": "component",
    "value_kgco2e_per_kwh": "value",
    "gwp_set": "gwp_set",
    "status": "status",
    "note": "note",
    "publisher": "publisher",
}
IGNORED = {
    "co2": "a part of the published total",
    "ch4_as_co2e": "a part of the published total",
    "n2o_as_co2e": "a part of the published total; the parts may miss it by rounding",
    "workbook_cell": "where it was read",
    "source": "how it was read",
    "license_note": "the licence, below",
}
COMPONENTS = {  # theirs -> our table; wtt_transmission_distribution goes into the row of the losses
    "generation": "grid_intensity",
    "transmission_distribution": "td_loss",
    "wtt_generation": "upstream_wtt",
}
LOSSES_UPSTREAM = "wtt_transmission_distribution"
SHORTER_LAG_FROM = 2026
"""The edition from which the data are one year old and no longer two: hence the fall of that year."""


def read(text: str, file_name: str) -> Tables:
    """Rows of grid_intensity, td_loss and upstream_wtt, valid for the year of their edition."""
    lines = renamed(text, file_name, COLUMNS)
    upstream = {ours["year"]: ours["value"] for _, ours in lines if ours["component"] == LOSSES_UPSTREAM}
    tables: Tables = {table: [] for table in COMPONENTS.values()}
    for line, ours in lines:
        with at_line(file_name, line):
            if ours["component"] == LOSSES_UPSTREAM:
                continue
            if ours["component"] not in COMPONENTS:
                raise ValueError(f"unknown component {ours['component']!r}")
            table = COMPONENTS[ours["component"]]
            tables[table].append(_row(table, ours, upstream.get(ours["year"], "")))
    return tables


def data_year(edition: int) -> int:
    """The year of the data behind an edition."""
    return edition - (1 if edition >= SHORTER_LAG_FROM else 2)


def _row(table: str, ours: Row, losses_upstream: str) -> Row:
    year = int(ours["year"])
    kind = "grid_location" if table == "grid_intensity" else table
    own = {
        "grid_intensity": {"zone_name": "United Kingdom", "basis": "direct", "boundary": "generation"},
        "td_loss": {"boundary": "published_rate", "upstream_kg_co2e_per_kwh": losses_upstream},
        "upstream_wtt": {"boundary": "upstream"},
    }[table]
    return row(
        table,
        id=f"{kind}:{ours['zone']}:{year}",
        value=decimal(number(ours["value"])),
        unit="kg CO2e/kWh",
        edition=ours["year"],
        publisher=ours["publisher"],
        title="UK Government GHG Conversion Factors for Company Reporting",
        url="https://www.gov.uk/government/collections/government-conversion-factors-for-company-reporting",
        license="Open Government Licence v3.0",
        evidence="transcribed",
        grade="C",
        note=remarks(standing(ours["status"]), ours["note"]),
        zone=ours["zone"],
        gwp_set=ours["gwp_set"],
        use="default",
        **own,
        **of_year(year, data_year(year)),
    )
