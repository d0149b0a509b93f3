"""DEFRA conversion factors 2020 and 2021, the last editions with well-to-tank figures of other countries' power."""

from service.factors.columns import Row
from service.factors.importers.rows import Tables, at_line, decimal, number, of_year, renamed, row
from service.factors.importers.uk_desnz import data_year

COLUMNS = {  # theirs -> ours
    "edition": "year",
    "Level 2": "activity",
    "Level 3": "country",
    "UOM": "unit",
    "GHG": "gas",
    "factor": "value",
}
IGNORED = {
    "Scope": "told by Level 2",
    "Level 1": "told by Level 2",
    "Level 4": "empty",
    "Column Text": "empty",
}
ACTIVITIES = {  # theirs -> our table; the UK's own losses take their well-to-tank part along
    "Electricity generated": "grid_intensity",
    "T&D- UK electricity": "td_loss",
    "WTT- UK electricity (generation)": "upstream_wtt",
    "WTT- overseas electricity (generation)": "upstream_wtt",
}
LOSSES_UPSTREAM = "WTT- UK electricity (T&D)"
SKIPPED = {  # rows that make none
    LOSSES_UPSTREAM: "a column of the losses' row",
    "WTT- overseas electricity (T&D)": "the losses themselves are not published for other countries",
    "Distribution - district heat & steam": "heat",
}
SKIPPED_GASES = {"kg CO2": "in the total", "kg CH4": "in the total", "kg N2O": "in the total"}
UNIT = ("kWh", "kg CO2e")
SKIPPED_PLACES = {  # Level 3 -> why it makes no row
    "Africa (average)": "a continent is no zone",
    "EU (average)": "every member has its own row",
    "Latin America (average)": "a continent is no zone",
    "Middle East (average)": "a continent is no zone",
    "Non-OECD Europe and Eurasia (average)": "a continent is no zone",
}
COUNTRIES = {  # Level 3, without "Electricity: " -> zone
    "Australia": "AU",
    "Austria": "AT",
    "Belgium": "BE",
    "Brazil": "BR",
    "Bulgaria": "BG",
    "Canada": "CA",
    "Chinese Taipei": "TW",
    "Croatia": "HR",
    "Cyprus": "CY",
    "Czech Republic": "CZ",
    "Denmark": "DK",
    "Egypt": "EG",
    "Estonia": "EE",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Gibraltar": "GI",
    "Greece": "GR",
    "Hong Kong, China": "HK",
    "Hungary": "HU",
    "Iceland": "IS",
    "India": "IN",
    "Indonesia": "ID",
    "Ireland": "IE",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Latvia": "LV",
    "Lithuania": "LT",
    "Luxembourg": "LU",
    "Malaysia": "MY",
    "Malta": "MT",
    "Mexico": "MX",
    "Netherlands": "NL",
    "New Zealand": "NZ",
    "Norway": "NO",
    "Pakistan": "PK",
    "People's Rep. of China": "CN",
    "Philippines": "PH",
    "Poland": "PL",
    "Portugal": "PT",
    "Romania": "RO",
    "Russian Federation": "RU",
    "Saudi Arabia": "SA",
    "Singapore": "SG",
    "Slovak Republic": "SK",
    "Slovenia": "SI",
    "South Africa": "ZA",
    "South Korea": "KR",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "Thailand": "TH",
    "Turkey": "TR",
    "UK": "GB",
    "Ukraine": "UA",
    "United States": "US",
}


def read(text: str, file_name: str) -> Tables:
    """Rows of grid_intensity and td_loss (United Kingdom) and of upstream_wtt (57 countries)."""
    tables: Tables = {"grid_intensity": [], "td_loss": [], "upstream_wtt": []}
    losses_upstream: Row = {}
    for line, ours in renamed(text, file_name, COLUMNS):
        with at_line(file_name, line):
            if ours["activity"] == LOSSES_UPSTREAM:
                losses_upstream[ours["year"]] = decimal(number(ours["value"]))
            elif not _skipped(ours):
                table = ACTIVITIES[ours["activity"]]
                tables[table].append(_row(table, ours))
    for loss in tables["td_loss"]:
        loss["upstream_kg_co2e_per_kwh"] = losses_upstream.get(loss["edition"], "")
    return tables


def _skipped(ours: Row) -> bool:
    """Whether a line makes no row; one that nothing is known about is an error."""
    place = _place(ours)
    if ours["activity"] in SKIPPED or ours["gas"] in SKIPPED_GASES or place in SKIPPED_PLACES:
        return True
    if ours["activity"] not in ACTIVITIES or place not in COUNTRIES or (ours["unit"], ours["gas"]) != UNIT:
        raise ValueError(f"no rule for {ours['activity']!r}, {ours['country']!r}, {ours['gas']!r}: add it")
    return False


def _place(ours: Row) -> str:
    return ours["country"].removeprefix("Electricity: ")


def _row(table: str, ours: Row) -> Row:
    year = int(ours["year"])
    zone = COUNTRIES[_place(ours)]
    kind = "grid_location" if table == "grid_intensity" else table
    own = {
        "grid_intensity": {"zone_name": "United Kingdom", "basis": "direct", "boundary": "generation"},
        "td_loss": {"boundary": "published_rate"},
        "upstream_wtt": {"boundary": "upstream"},
    }[table]
    return row(
        table,
        id=f"{kind}:{zone}:{year}",
        value=decimal(number(ours["value"])),
        unit="kg CO2e/kWh",
        edition=ours["year"],
        publisher="UK DESNZ/DEFRA",
        title="UK Government GHG Conversion Factors for Company Reporting",
        url="https://www.gov.uk/government/collections/government-conversion-factors-for-company-reporting",
        license="Open Government Licence v3.0",
        evidence="raw",
        grade="C",
        note="" if zone == "GB" else "DEFRA stopped the figures for other countries after 2021",
        zone=zone,
        use="default",
        **own,
        **of_year(year, data_year(year)),
    )
