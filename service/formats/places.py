"""Countries, their parts and cloud regions as tools name them, in our names."""

import unicodedata

from iso3166 import countries_by_alpha2, countries_by_alpha3, countries_by_name

from service.factors.store import FactorStore

PROVIDERS = {
    "aws": "aws",
    "amazon": "aws",
    "amazon web services": "aws",
    "gcp": "gcp",
    "google": "gcp",
    "google cloud": "gcp",
    "google cloud platform": "gcp",
    "azure": "azure",
    "microsoft": "azure",
    "microsoft azure": "azure",
    "ovh": "ovh",
    "ovhcloud": "ovh",
}
"""What tools and people call a provider → its name here; others are taken as they are."""

PARTS = {
    "AU": "Australian Capital Territory=ACT|New South Wales=NSW|Northern Territory=NT|Queensland=QLD|"
    "South Australia=SA|Tasmania=TAS|Victoria=VIC|Western Australia=WA",
    "CA": "Alberta=AB|British Columbia=BC|Manitoba=MB|New Brunswick=NB|Newfoundland and Labrador=NL|Nova Scotia=NS|"
    "Northwest Territories=NT|Nunavut=NU|Ontario=ON|Prince Edward Island=PE|Quebec=QC|Saskatchewan=SK|Yukon=YT",
    "US": "Alabama=AL|Alaska=AK|Arizona=AZ|Arkansas=AR|California=CA|Colorado=CO|Connecticut=CT|Delaware=DE|"
    "District of Columbia=DC|Florida=FL|Georgia=GA|Hawaii=HI|Idaho=ID|Illinois=IL|Indiana=IN|Iowa=IA|Kansas=KS|"
    "Kentucky=KY|Louisiana=LA|Maine=ME|Maryland=MD|Massachusetts=MA|Michigan=MI|Minnesota=MN|Mississippi=MS|"
    "Missouri=MO|Montana=MT|Nebraska=NE|Nevada=NV|New Hampshire=NH|New Jersey=NJ|New Mexico=NM|New York=NY|"
    "North Carolina=NC|North Dakota=ND|Ohio=OH|Oklahoma=OK|Oregon=OR|Pennsylvania=PA|Rhode Island=RI|"
    "South Carolina=SC|South Dakota=SD|Tennessee=TN|Texas=TX|Utah=UT|Vermont=VT|Virginia=VA|Washington=WA|"
    "West Virginia=WV|Wisconsin=WI|Wyoming=WY",
}
"""Parts of countries by name, with their ISO 3166-2 code. Source: ISO 3166-2."""


def cloud_region(store: FactorStore, provider: str, code: str) -> str | None:
    """A provider's region by what a tool calls both: `Azure`, `UK South` → `azure:uksouth`."""
    name = provider.strip().lower()
    places = store.places(f"{PROVIDERS.get(name, name)}:{code.strip().lower().replace(' ', '')}")
    return places[0].id if len(places) == 1 else None


def country_zone(store: FactorStore, country: str, part: str | None = None) -> str | None:
    """The grid zone of a country, or of its part where there is one; nothing where neither is known.

    Args:
        store: knows the zones.
        country: ISO 3166 code of two or three letters, or name.
        part: name or ISO 3166-2 code of a state or province.
    """
    name = country.strip().upper()
    found = countries_by_alpha3.get(name) or countries_by_alpha2.get(name) or countries_by_name.get(name)
    if found is None:
        return None
    if part is not None:
        plain = _plain(part)
        inside = store.zone(f"{found.alpha2}-{_PARTS.get((found.alpha2, plain), plain)}")
        if inside is not None:
            return inside
    return store.zone(found.alpha2)


def _plain(name: str) -> str:
    """Without case and accents: `Québec` → `quebec`."""
    apart = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(mark for mark in apart if not unicodedata.combining(mark))


_PARTS = {
    (country, _plain(name)): code
    for country, parts in PARTS.items()
    for name, code in (part.split("=") for part in parts.split("|"))
}
