"""Ember's yearly electricity data: life-cycle intensities of countries, of India's states and of the world.

Three formats: countries through Our World in Data (JSON), the overview of countries and aggregates (CSV; only the world
is taken, its countries are an older edition), and the subnational overview (CSV; only India).
"""

import json

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
    year_of_name,
)
from service.factors.importers.zones import zone_of_iso3

OVERVIEW = {"country_or_region": "name", "year": "year", "emissions_intensity_gco2_per_kwh": "intensity"}
SUBNATIONAL = {"country": "country", "state": "name", "year": "year", "emissions_intensity_gco2_per_kwh": "intensity"}
IGNORED = {
    "countries of the overview": "an older edition than the JSON file",
    "aggregates but the world": "a continent or a club is no zone",
    "states of the USA": "official rows exist, and these are far apart from them",
    "India Total, Others": "no state",
    "years before 2010": "the grid tables begin there",
    "intensities of 0": "emissions too small for the decimals printed: no figure, and a missing one is never 0",
    "demand_*, emissions_*, ranks, flags, deadlines": "not intensities",
}
FIRST_YEAR = 2010
INDIA = {  # state -> ISO 3166-2, with the codes from before the renaming of 2023, as the cloud regions have them
    "Andaman and Nicobar": "IN-AN",
    "Andhra Pradesh": "IN-AP",
    "Arunachal Pradesh": "IN-AR",
    "Assam": "IN-AS",
    "Bihar": "IN-BR",
    "Chandigarh": "IN-CH",
    "Chhattisgarh": "IN-CT",
    "Dadra and Nagar Haveli and Daman and Diu": "IN-DH",
    "Delhi": "IN-DL",
    "Goa": "IN-GA",
    "Gujarat": "IN-GJ",
    "Haryana": "IN-HR",
    "Himachal Pradesh": "IN-HP",
    "Jammu and Kashmir": "IN-JK",
    "Jharkhand": "IN-JH",
    "Karnataka": "IN-KA",
    "Kerala": "IN-KL",
    "Ladakh": "IN-LA",
    "Lakshadweep": "IN-LD",
    "Madhya Pradesh": "IN-MP",
    "Maharashtra": "IN-MH",
    "Manipur": "IN-MN",
    "Meghalaya": "IN-ML",
    "Mizoram": "IN-MZ",
    "Nagaland": "IN-NL",
    "Odisha": "IN-OR",
    "Puducherry": "IN-PY",
    "Punjab": "IN-PB",
    "Rajasthan": "IN-RJ",
    "Sikkim": "IN-SK",
    "Tamil Nadu": "IN-TN",
    "Telangana": "IN-TG",
    "Tripura": "IN-TR",
    "Uttar Pradesh": "IN-UP",
    "Uttarakhand": "IN-UT",
    "West Bengal": "IN-WB",
}
NO_BASIS = "the file names no basis: taken as life-cycle, like Ember's countries"
NO_STATES = {"India Total", "Others"}


def read(text: str, file_name: str) -> Tables:
    """Rows of grid_intensity with the basis life_cycle: upstream is inside them."""
    if text.lstrip().startswith("{"):
        return {"grid_intensity": _countries(text, file_name)}
    if "state" in text.partition("\n")[0].rstrip().split(","):
        return {"grid_intensity": _states(text, file_name)}
    return {"grid_intensity": _world(text, file_name)}


def _countries(text: str, file_name: str) -> list[Row]:
    rows: list[Row] = []
    with at_line(file_name, 1):
        source = json.loads(text)
        if source.get("unit") != "gCO2e/kWh":
            raise ValueError(f"unit {source.get('unit')!r}, not gCO2e/kWh")
        edition = f"Our World in Data energy dataset, retrieved {source['retrieved']}"
        for name, country in source["countries"].items():
            zone = zone_of_iso3(country["iso3"])
            for year, grams in country["g_per_kwh"].items():
                rows += _row(zone, name, int(year), str(grams), edition=edition, url=source["url"])
    return rows


def _world(text: str, file_name: str) -> list[Row]:
    rows: list[Row] = []
    for line, ours in renamed(text, file_name, OVERVIEW):
        with at_line(file_name, line):
            if ours["name"] == "World" and int(ours["year"]) >= FIRST_YEAR:
                rows += _row(
                    "WORLD",
                    "World",
                    int(ours["year"]),
                    ours["intensity"],
                    edition=f"Yearly electricity data {year_of_name(file_name)}",
                )
    return rows


def _states(text: str, file_name: str) -> list[Row]:
    rows: list[Row] = []
    for line, ours in renamed(text, file_name, SUBNATIONAL):
        with at_line(file_name, line):
            if ours["country"] == "India" and ours["name"] not in NO_STATES:
                if ours["name"] not in INDIA:
                    raise ValueError(f"unknown state {ours['name']!r}: add its code")
                columns = {"edition": f"Yearly electricity data {year_of_name(file_name)}", "note": NO_BASIS}
                rows += _row(INDIA[ours["name"]], ours["name"], int(ours["year"]), ours["intensity"], **columns)
    return rows


def _row(zone: str, name: str, year: int, g_per_kwh: str, **columns: str) -> list[Row]:
    """One row, or none where there is no figure."""
    if not g_per_kwh or number(g_per_kwh) == 0:
        return []
    given = {"url": "https://ember-energy.org", "note": ""} | columns
    note = remarks("life-cycle: holds upstream", given.pop("note"))
    return [
        row(
            "grid_intensity",
            id=f"grid_location:{zone}:{year}:life_cycle",
            value=decimal(kg_per_kwh_from_g(number(g_per_kwh))),
            unit="kg CO2e/kWh",
            publisher="Ember",
            title="Yearly electricity data, carbon intensity of generation",
            license="CC BY 4.0",
            evidence="transcribed",
            grade="D",
            note=note,
            zone=zone,
            zone_name=name,
            basis="life_cycle",
            boundary="generation",
            use="default",
            **of_year(year),
            **given,
        )
    ]
