"""Names of the zones that factors hold for: countries by ISO 3166-1, subdivisions by ISO 3166-2."""

import iso3166

COUNTRIES = {country.alpha2: country.apolitical_name for country in iso3166.countries_by_alpha2.values()}
ISO2 = {country.alpha3: country.alpha2 for country in iso3166.countries_by_alpha3.values()}
"""ISO 3166-1 alpha-3 → alpha-2, Kosovo's user-assigned XKX among them."""


def zone_of_iso3(iso3: str) -> str:
    """The zone of a country named by its three letters."""
    if iso3 not in ISO2:
        raise ValueError(f"{iso3!r} is no ISO 3166 country")
    return ISO2[iso3]


CANADA = {
    "CA-AB": "Alberta",
    "CA-BC": "British Columbia",
    "CA-MB": "Manitoba",
    "CA-NB": "New Brunswick",
    "CA-NL": "Newfoundland and Labrador",
    "CA-NS": "Nova Scotia",
    "CA-NT": "Northwest Territories",
    "CA-NU": "Nunavut",
    "CA-ON": "Ontario",
    "CA-PE": "Prince Edward Island",
    "CA-QC": "Quebec",
    "CA-SK": "Saskatchewan",
    "CA-YT": "Yukon",
}
AUSTRALIA = {
    "AU-ACT": "Australian Capital Territory",
    "AU-NSW": "New South Wales",
    "AU-NT": "Northern Territory (Darwin Katherine system)",
    "AU-QLD": "Queensland",
    "AU-SA": "South Australia",
    "AU-TAS": "Tasmania",
    "AU-VIC": "Victoria",
    "AU-WA": "Western Australia (South West Interconnected System)",
}
US_STATES = {
    "AK": "Alaska",
    "AL": "Alabama",
    "AR": "Arkansas",
    "AZ": "Arizona",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DC": "District of Columbia",
    "DE": "Delaware",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "IA": "Iowa",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "MA": "Massachusetts",
    "MD": "Maryland",
    "ME": "Maine",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MO": "Missouri",
    "MS": "Mississippi",
    "MT": "Montana",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "NE": "Nebraska",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NV": "Nevada",
    "NY": "New York",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VA": "Virginia",
    "VT": "Vermont",
    "WA": "Washington",
    "WI": "Wisconsin",
    "WV": "West Virginia",
    "WY": "Wyoming",
}
NAMES = (
    COUNTRIES
    | CANADA
    | AUSTRALIA
    | {f"US-{code}": name for code, name in US_STATES.items()}
    | {"EU27": "European Union (27 countries)", "WORLD": "World"}
)
"""Zone → name, for every zone whose publisher prints the code alone."""
