"""US EPA eGRID: total output emission rates of the subregions and the US average.

Two formats: rates of each gas (Emission Factors Hub), and CO2e (summary tables).
"""

import re

from service.factors.columns import Row
from service.factors.importers.rows import (
    Tables,
    at_line,
    decimal,
    kg_per_kwh_from_lb,
    number,
    of_year,
    remarks,
    renamed,
    row,
)

GASES = {  # theirs -> ours
    "eGRID Subregion Acronym": "subregion",
    "eGRID Subregion Name": "zone_name",
    "Total Output CO2 Factor (lb CO2 / MWh)": "co2",
    "Total Output CH4 Factor (lb CH4 / MWh)": "ch4",
    "Total Output N2O Factor (lb N2O / MWh)": "n2o",
    "Year": "published_in",
}
CO2E = {  # theirs -> ours
    "egrid_subregion": "subregion",
    "name": "zone_name",
    "data_year": "data_year",
    "edition": "edition",
    "co2e_lb_per_mwh": "co2e",
    "source_url": "url",
    "license": "license",
}
IGNORED = {
    "Non-Baseload CO2 Factor (lb CO2 / MWh)": "marginal; an inventory uses the average",
    "Non-Baseload CH4 Factor (lb CH4 / MWh)": "marginal",
    "Non-Baseload N2O Factor (lb N2O / MWh)": "marginal",
    "co2_lb_per_mwh": "CO2 alone; co2e_lb_per_mwh holds all three gases",
    "co2e_g_per_kwh": "co2e_lb_per_mwh rounded",
    "source": "how it was read; the publisher and the edition say where it stands",
}
GWP_AR6 = {"co2": 1, "ch4": 27, "n2o": 273}
"""Of combustion. Source: METHOD §0, the set for gases that are given separately."""
US_AVERAGE = ("US", "US Average")


def read(text: str, file_name: str) -> Tables:
    """Rows of grid_intensity, `US-` before the subregion's acronym."""
    gases = "Total Output CO2 Factor" in text.partition("\n")[0]
    rows: list[Row] = []
    for line, ours in renamed(text, file_name, GASES if gases else CO2E):
        with at_line(file_name, line):
            rows.append(_of_gases(ours, file_name) if gases else _of_co2e(ours))
    return {"grid_intensity": rows}


def zone_of(subregion: str) -> str:
    """`SRVC` → `US-SRVC`, the US average → `US`."""
    return "US" if subregion in US_AVERAGE else f"US-{subregion}"


def _of_gases(ours: Row, file_name: str) -> Row:
    """A row from the rates of each gas. Their column Year is that of the publication: the data's stands in the name."""
    year = re.search(r"egrid(\d{4})", file_name)
    if year is None:
        raise ValueError("the file's name must hold egrid and the data year, e.g. egrid2022")
    co2e_lb = sum((number(ours[gas]) * gwp for gas, gwp in GWP_AR6.items()), number(0))
    return _row(
        ours,
        int(year[1]),
        value=decimal(kg_per_kwh_from_lb(co2e_lb)),
        edition=f"eGRID{year[1]} (Emission Factors Hub {ours['published_in']})",
        url="https://www.epa.gov/egrid",
        license="Public domain (US EPA)",
        evidence="derived",
        gwp_set="AR6",
        note=f"CO2 + 27 CH4 + 273 N2O; published in {ours['published_in']}, data of {year[1]}",
    )


def _of_co2e(ours: Row) -> Row:
    """A row from a published CO2e, taken as published."""
    return _row(
        ours,
        int(ours["data_year"]),
        value=decimal(kg_per_kwh_from_lb(number(ours["co2e"]))),
        edition=ours["edition"],
        url=ours["url"],
        license=ours["license"],
        evidence="transcribed",
        note=remarks("one transcription", "published CO2e; its GWP set is not stated there"),
    )


def _row(ours: Row, year: int, **columns: str) -> Row:
    zone = zone_of(ours["subregion"])
    return row(
        "grid_intensity",
        id=f"grid_location:{zone}:{year}",
        unit="kg CO2e/kWh",
        publisher="US EPA",
        title="eGRID, total output emission rates by subregion",
        grade="C" if zone == "US" else "B",
        zone=zone,
        zone_name="US average" if zone == "US" else ours["zone_name"],
        basis="direct",
        boundary="generation",
        use="default",
        **of_year(year),
        **columns,
    )
