"""AIB, European Residual Mixes, and the countries of Europe's linked certificate market that they cover.

The AIB asks for credit; the terms of its 2025 edition are reported to forbid distribution inside tools. Hence these
rows stand in a file of their own, and an operator's own copy of a newer edition is read by the same importer.
"""

from service.factors.columns import Row
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
    standing,
)
from service.factors.importers.zones import COUNTRIES

COLUMNS = {  # theirs -> ours
    "country_iso2": "zone",
    "data_year": "year",
    "instrument": "instrument",
    "value_gco2_per_kwh": "value",
    "availability": "availability",
    "precision": "precision",
    "status": "status",
    "publisher_document": "edition",
    "note": "note",
}
IGNORED = {
    "co2_sheet_value_gco2_per_kwh": "of another sheet: printed for countries that have no residual mix",
    "basis": "always direct CO2",
    "previous_value": "of an older table",
    "transcription_sources": "how it was read; the status says how well",
    "license_note": "the licence, below",
}
RESIDUAL = "residual_mix"
NATIONAL = "residual_mix_national_authority"
SKIPPED = {"production_mix": "the mix before certificates are taken out is no residual mix"}
AVAILABILITY = {  # theirs -> ours
    "published": "published",
    "none_full_disclosure": "none",
    "unresolved_probably_full_disclosure": "unresolved",
}
REASONS = {
    "none": "no residual mix: full disclosure",
    "unresolved": "unresolved, probably full disclosure",
}
DROPPED_NOTES = {
    "no second transcription found": "said by the status",
    "no second transcription found; use value+0.5 +/- 0.5": "the printed figure is kept, its truncation said",
}
AUTHORITIES = {"FI": ("Energiavirasto", "https://energiavirasto.fi")}
LICENSE = "Figures cited with their source (AIB); the terms of its 2025 edition are stricter"


def read(text: str, file_name: str) -> Tables:
    """Rows of residual_mix.aib and market_group; a national authority's own figure goes to residual_mix, unused."""
    tables: Tables = {"residual_mix.aib": [], "residual_mix": []}
    zones: set[str] = set()
    for line, ours in renamed(text, file_name, COLUMNS):
        with at_line(file_name, line):
            if ours["instrument"] in SKIPPED:
                continue
            known = ours["instrument"] in {RESIDUAL, NATIONAL} and ours["availability"] in AVAILABILITY
            national = ours["instrument"] == NATIONAL
            if not known or ours["zone"] not in (AUTHORITIES if national else COUNTRIES):
                raise ValueError(f"no rule for {ours['zone']!r}, {ours['instrument']!r}, {ours['availability']!r}")
            zones.add(ours["zone"])
            tables["residual_mix" if national else "residual_mix.aib"].append(_row(ours, national=national))
    return tables | {"market_group": [_member(zone) for zone in sorted(zones)]}


def _row(ours: Row, *, national: bool) -> Row:
    availability = AVAILABILITY[ours["availability"]]
    published = availability == "published"
    publisher, url = AUTHORITIES[ours["zone"]] if national else ("AIB", "https://www.aib-net.org")
    truncated = "truncated" in ours["precision"] and published
    return row(
        "residual_mix",
        id=f"residual_mix:{ours['zone']}:{ours['year']}{':national' if national else ''}",
        value=decimal(kg_per_kwh_from_g(number(ours["value"]))) if published else "",
        unit="kg CO2/kWh",
        edition=ours["edition"],
        publisher=publisher,
        title="Residual mix of the national authority" if national else "European Residual Mixes, Table 2",
        url=url,
        license="Figures cited with their source" if national else LICENSE,
        evidence="transcribed",
        grade="B",
        note=remarks(
            REASONS.get(availability, ""),
            standing(ours["status"]) if availability != "unresolved" else "",
            f"CO2 only; {ours['precision']}" if truncated else "CO2 only",
            "" if ours["note"] in DROPPED_NOTES else ours["note"],
            "the AIB's figure is the default" if national else "",
        ),
        zone=ours["zone"],
        availability=availability,
        basis="direct",
        boundary="generation",
        use="never" if national or availability == "unresolved" else "default",
        **of_year(int(ours["year"])),
    )


def _member(zone: str) -> Row:
    """Membership does not hang on an edition: every edition writes the same row."""
    return row(
        "market_group",
        id=f"market_group:europe:{zone}",
        unit="membership",
        data_year="2015",
        valid_from="2015-01-01",
        edition="2015",
        publisher="GHG Protocol",
        title="Scope 2 Guidance, market boundary; countries of the European Residual Mixes",
        url="https://ghgprotocol.org/scope-2-guidance",
        license="Facts, cited with their source",
        evidence="assumed",
        grade="C",
        note="Europe's linked certificate market, read as the countries that the AIB's table covers",
        group="europe",
        country=zone,
    )
