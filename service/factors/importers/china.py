"""China's provinces: official CO2 factors of the Ministry of Ecology and Environment, as CodeCarbon copies them."""

import json
from typing import Any

from service.factors.columns import Row
from service.factors.importers.rows import Tables, at_line, decimal, kg_per_kwh_from_g, number, of_year, row

COLUMNS = {  # theirs -> ours; the key of each entry is the zone
    "emission_factor": "value",
    "description": "zone_name",
    "year": "year",
}
IGNORED = {
    "names": "spellings for matching place names",
    "metadata.not_published": "Tibet, Hong Kong, Macao and Taiwan have no row",
}
UNIT = "gCO2/kWh"


def read(text: str, file_name: str) -> Tables:
    """Rows of grid_intensity: direct, CO2 only, transfers between provinces counted."""
    with at_line(file_name, 1):
        source = json.loads(text)
        return {
            "grid_intensity": [_row(zone, entry, source["metadata"]) for zone, entry in source["data"].items()],
        }


def _row(zone: str, entry: dict[str, Any], metadata: dict[str, str]) -> Row:
    if entry["unit"] != UNIT or not zone.startswith("CN-"):
        raise ValueError(f"{zone}: unit {entry['unit']!r}, not {UNIT}, or no Chinese province")
    return row(
        "grid_intensity",
        id=f"grid_location:{zone}:{entry['year']}",
        value=decimal(kg_per_kwh_from_g(number(entry["emission_factor"]))),
        unit="kg CO2/kWh",
        edition=f"Announcement {metadata['announcement']} ({metadata['published']})",
        publisher="Ministry of Ecology and Environment and National Bureau of Statistics of China",
        title="Electricity CO2 emission factors, Table 3: provincial averages",
        url=metadata["source_url"],
        license="MIT (CodeCarbon's copy of a public announcement)",
        evidence="transcribed",
        grade="B",
        note="one transcription; CO2 only",
        zone=zone,
        zone_name=entry["description"],
        basis="direct",
        boundary="consumption",
        use="default",
        **of_year(int(entry["year"])),
    )
