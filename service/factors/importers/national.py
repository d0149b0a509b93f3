"""Official grid factors of single countries, read from two transcriptions.

The newer file (column `document`) goes before the older one (column `source`): rows of the older one that the newer
or a file of its own replaces are left out, with the reason.
"""

import re
from typing import TypeVar

from msgspec import Struct

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
from service.factors.importers.zones import NAMES

OLDER = {  # theirs -> ours
    "region": "region",
    "data_year": "year",
    "value": "value",
    "basis": "basis",
    "source": "document",
    "source_url": "url",
    "note": "note",
}
NEWER = {  # theirs -> ours
    "region": "region",
    "data_year": "year",
    "value_kgco2e_per_kwh": "value",
    "basis": "basis",
    "document": "document",
    "status": "status",
    "note": "note",
}
IGNORED = {
    "country_iso2": "in the region's code",
    "unit": "always kg a kWh; CO2 alone where the basis says so",
    "license": "that of the publisher, below",
    "license_note": "that of the publisher, below",
    "license_status": "how the licence was read",
    "source_url_status": "how the address was read",
    "source": "newer file: how it was read",
}
SKIPPED = {  # basis of a row, its beginning -> why it makes none
    "consumption-of-generation": "United Kingdom: the file of its own has more editions and the confirmations",
    "T&D losses Scope 3": "United Kingdom: as above",
    "WTT ": "United Kingdom: as above",
    "location-based, direct": "New Zealand, rounded: the newer file prints all decimals",
    "Scope 3 T&D losses": "New Zealand, rounded: as above",
    "consumption, direct, preliminary": "Italy 2025: the newer file has the same figure",
    "Scope 2 market-based residual mix factor": "Australia 2025: the newer file has the same figure",
    "Scope 3 residual mix factor": "Australia: upstream of the residual mix; upstream is that of the grid",
    "unadjusted (location-like)": "a Japanese utility, no ISO zone",
    "residual menu C": "a Japanese utility, no ISO zone",
}


class Publisher(Struct, frozen=True):
    """Who issues a figure."""

    name: str
    title: str
    url: str
    license: str


class Reading(Struct, frozen=True):
    """What a row is, told by its basis."""

    table: str = "grid_intensity"
    unit: str = "kg CO2e/kWh"
    boundary: str = "consumption"
    gwp_set: str = ""
    use: str = "default"
    suffix: str = ""
    data_lag_years: int = 0
    only: str = ""
    """The one zone that still stands; the others are replaced."""
    from_edition: bool = False
    """In force from the day of the edition, not for the year that the row names."""
    remark: str = ""


PUBLISHERS = {  # document, its beginning -> publisher
    "ECCC": Publisher(
        "Environment and Climate Change Canada (ECCC)",
        "Emission factors and reference values, electricity",
        "https://www.canada.ca/en/environment-climate-change/services/climate-change/pricing-pollution-how-it-will-work/"
        "output-based-pricing-system/federal-greenhouse-gas-offset-system/emission-factors-reference-values.html",
        "Open Government Licence - Canada",
    ),
    "EPA eGRID": Publisher(
        "US EPA", "eGRID, total output emission rates by state", "https://www.epa.gov/egrid", "Public domain (US EPA)"
    ),
    "DCCEEW": Publisher(
        "Australian Government, DCCEEW",
        "National Greenhouse Accounts Factors",
        "https://www.dcceew.gov.au",
        "CC BY 4.0",
    ),
    "EEA": Publisher(
        "European Environment Agency (EEA)",
        "Greenhouse gas emission intensity of electricity generation, country level",
        "https://www.eea.europa.eu",
        "CC BY 4.0",
    ),
    "NZ MfE": Publisher(
        "New Zealand Ministry for the Environment", "Measuring Emissions", "https://environment.govt.nz", "CC BY 4.0"
    ),
    "India CEA": Publisher(
        "India Central Electricity Authority (CEA)",
        "CO2 Baseline Database for the Indian Power Sector",
        "https://cea.nic.in/cdm-co2-baseline-database/",
        "Government of India publication; figures cited with their source",
    ),
    "ISPRA": Publisher(
        "ISPRA",
        "Emission factors of electricity consumption in Italy",
        "https://emissioni.sina.isprambiente.it/",
        "CC BY (ISPRA)",
    ),
    "UBA": Publisher(
        "German Environment Agency (UBA)",
        "Development of the specific greenhouse gas emissions of the German electricity mix",
        "https://www.umweltbundesamt.de",
        "Figures cited with their source (UBA)",
    ),
    "NVE": Publisher(
        "Norwegian Water Resources and Energy Directorate (NVE)",
        "Climate declaration for physically delivered electricity",
        "https://www.nve.no",
        "NLOD",
    ),
}
EEA_IS_DEFAULT = "the EEA's row is the default for the members of the EU"
READINGS = {  # basis, its beginning -> reading
    "consumption intensity, direct combustion": Reading(
        data_lag_years=2, remark="year in which the figure applies; its data are about two years older"
    ),
    "consumption intensity": Reading(from_edition=True, remark="in force from the day of its edition"),
    "production (state generation)": Reading(boundary="generation"),
    "production, direct combustion": Reading(boundary="generation", only="EU27", remark="first edition"),
    "direct, generation": Reading(boundary="generation"),
    "Scope 2 location-based": Reading(gwp_set="AR5"),
    "scope 2 location-based": Reading(gwp_set="AR5"),
    "Scope 3 (upstream fuel + T&D)": Reading(
        table="upstream_wtt", boundary="upstream_and_td", gwp_set="AR5", remark="holds upstream and T&D losses together"
    ),
    "market-based residual mix": Reading(table="residual_mix", gwp_set="AR5", remark="one figure for the country"),
    "purchased electricity": Reading(),
    "scope 3 category 3 T&D losses": Reading(table="td_loss", boundary="published_rate"),
    "weighted average incl. RES": Reading(unit="kg CO2/kWh", remark="CO2 only; fiscal year from April"),
    "consumption, CO2e": Reading(use="never", suffix=":ispra", remark=f"consumption, not generation: {EEA_IS_DEFAULT}"),
    "consumption, direct": Reading(
        use="never", suffix=":ispra", remark=f"consumption, not generation: {EEA_IS_DEFAULT}"
    ),
    "national electricity mix": Reading(
        unit="kg CO2/kWh", boundary="generation", use="never", suffix=":uba", remark=f"CO2 only: {EEA_IS_DEFAULT}"
    ),
    "NVE klimadeklarasjon": Reading(remark="with imports"),
}
ZONES = {  # region -> zone, where it is not the code itself
    "AU-NATIONAL": "AU",
    "AU-NATIONAL residual mix": "AU",
    "NZ T&D losses": "NZ",
    "IT (ISPRA consumption)": "IT",
}
SHARED_ROWS = {"AU-NSW": "AU-ACT"}
"""One row of the publisher for two zones. Source: National Greenhouse Accounts Factors, Table 1."""

KINDS = {"grid_intensity": "grid_location"}
"""Table → kind, where the kind has another name than the table."""

T = TypeVar("T")


def read(text: str, file_name: str) -> Tables:
    """Rows of grid_intensity, residual_mix, td_loss and upstream_wtt."""
    columns = NEWER if "document" in text.partition("\n")[0].split(",") else OLDER
    tables: Tables = {}
    for line, ours in renamed(text, file_name, columns):
        with at_line(file_name, line):
            if _starts(SKIPPED, ours["basis"]) is None:
                _add(tables, ours)
    return tables


def _add(tables: Tables, ours: Row) -> None:
    """The row of one line, or the two rows of zones that share it."""
    reading = _starts(READINGS, ours["basis"])
    publisher = _starts(PUBLISHERS, ours["document"])
    zone = ZONES.get(ours["region"], ours["region"])
    if reading is None or publisher is None or zone not in NAMES:
        raise ValueError(f"no rule for {ours['region']!r}, {ours['basis']!r}, {ours['document']!r}: add it")
    if reading.only in {"", zone}:
        zones = [zone, SHARED_ROWS[zone]] if zone in SHARED_ROWS else [zone]
        tables.setdefault(reading.table, []).extend(_row(ours, each, reading, publisher) for each in zones)


def _starts(rules: dict[str, T], text: str) -> T | None:
    """The longest rule that the text begins with."""
    found = max((start for start in rules if text.startswith(start)), key=len, default=None)
    return None if found is None else rules[found]


def _row(ours: Row, zone: str, reading: Reading, publisher: Publisher) -> Row:
    kind = KINDS.get(reading.table, reading.table)
    when = _in_force(ours, reading)
    year = when.pop("key")
    columns = {
        "id": f"{kind}:{zone}:{year}{reading.suffix}",
        "value": decimal(number(ours["value"])),
        "unit": reading.unit,
        "edition": _edition(ours),
        "publisher": publisher.name,
        "title": publisher.title,
        "url": ours.get("url") or publisher.url,
        "license": publisher.license,
        "evidence": "transcribed",
        "grade": _grade(zone, reading.table),
        "note": remarks(
            standing(ours.get("status", "single")),
            reading.remark,
            "one row with New South Wales" if zone in SHARED_ROWS.values() else "",
            ours["note"],
        ),
        "zone": zone,
        "boundary": reading.boundary,
        "gwp_set": reading.gwp_set,
        "use": reading.use,
    }
    return row(reading.table, **columns, **when, **_only_in(reading.table, zone))


def _in_force(ours: Row, reading: Reading) -> Row:
    """Validity, and the key under which the row is kept: a year, or the month of an edition."""
    year = int(ours["year"])
    if not reading.from_edition:
        return of_year(year, year - reading.data_lag_years) | {"key": str(year)}
    day = re.search(r"\d{4}-\d{2}-\d{2}", ours["document"])
    if day is None:
        raise ValueError(f"{ours['document']!r} must name the day of its edition")
    return {"data_year": str(year), "valid_from": day[0], "key": day[0][:7]}


def _edition(ours: Row) -> str:
    """The document without the words on how it was read."""
    document = re.split(r", (?:a public )?transcri", ours["document"])[0]
    publisher, via, _ = document.partition(" via ")
    return f"{publisher} {ours['year']}" if via else document


def _grade(zone: str, table: str) -> str:
    """Sub-national and residual B, national C; upstream and losses C. Source: METHOD §8."""
    if table == "residual_mix" or (table == "grid_intensity" and "-" in zone):
        return "B"
    return "C"


def _only_in(table: str, zone: str) -> Row:
    """The columns that only one table has."""
    return {
        "grid_intensity": {"zone_name": NAMES[zone], "basis": "direct"},
        "residual_mix": {"availability": "published", "basis": "direct"},
    }.get(table, {})
