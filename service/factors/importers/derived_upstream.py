"""Upstream of electricity derived from each country's mix: life-cycle less direct of one and the same calculation."""

from service.factors.columns import Row
from service.factors.importers.defra_wtt import COUNTRIES
from service.factors.importers.rows import (
    Tables,
    at_line,
    decimal,
    kg_per_kwh_from_g,
    number,
    of_year,
    remarks,
    renamed,
    row,
)
from service.factors.importers.zones import zone_of_iso3

COLUMNS = {  # theirs -> ours
    "iso3": "iso3",
    "mix_year": "year",
    "upstream_g_per_kwh": "upstream",
}
IGNORED = {
    "country": "the code names it",
    "total_twh": "size of the mix",
    "mix_coverage": "always 1",
    "direct_g_per_kwh": "a by-product; official direct figures and Ember's go before it",
    "lifecycle_g_per_kwh": "a by-product; Ember publishes its own",
    "direct_share_of_lifecycle": "in the upstream figure",
    "ember_lifecycle_same_year": "another publisher's figure",
    "ember_lifecycle_2024": "another publisher's figure",
    "ember_scaled_direct_2024": "mixes two publishers",
    "ember_scaled_upstream_2024": "mixes two publishers",
}
OFFICIAL = frozenset(COUNTRIES.values())
"""Zones with an official upstream figure: the derived one is shown, not chosen."""


def read(text: str, file_name: str) -> Tables:
    """Rows of upstream_wtt, good to a factor of two."""
    rows: list[Row] = []
    for line, ours in renamed(text, file_name, COLUMNS):
        with at_line(file_name, line):
            rows.append(_row(ours))
    return {"upstream_wtt": rows}


def _row(ours: Row) -> Row:
    zone = zone_of_iso3(ours["iso3"])
    upstream = kg_per_kwh_from_g(number(ours["upstream"]))
    year = int(ours["year"])
    return row(
        "upstream_wtt",
        id=f"upstream_wtt:{zone}:{year}",
        value=decimal(upstream),
        low=decimal(upstream / 2),
        high=decimal(upstream * 2),
        unit="kg CO2e/kWh",
        edition="Country mixes 2024",
        publisher="Dualscope, from Ember's generation mix",
        title="Direct and upstream emissions of electricity by country",
        url="https://ember-energy.org",
        license="CC BY 4.0 (Ember's generation data)",
        evidence="derived",
        grade="D",
        note=remarks(
            "upstream of the year's generation mix, good to a factor of two",
            "an official figure goes before it" if zone in OFFICIAL else "",
        ),
        zone=zone,
        boundary="upstream",
        use="never" if zone in OFFICIAL else "default",
        **of_year(year),
    )
