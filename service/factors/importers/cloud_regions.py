"""Cloud regions: place, country, grid zone and coordinates of each."""

from service.factors.columns import Row
from service.factors.importers.rows import (
    PLACE_FROM,
    Tables,
    at_line,
    decimal,
    number,
    remarks,
    renamed,
    row,
    standing,
    year_of_name,
)

COLUMNS = {  # theirs -> ours
    "provider": "provider",
    "region": "code",
    "place": "place",
    "country_iso2": "country",
    "grid_zone": "grid_zone",
    "alternative_zone": "alternative_zones",
    "latitude": "latitude",
    "longitude": "longitude",
    "coordinates_precision": "precision",
    "status": "status",
    "note": "note",
}
IGNORED = {
    "source": "the status says how many lists agree",
    "license_note": "the licences, below",
}
PROVIDERS = {  # provider -> publisher, address
    "aws": ("Amazon Web Services", "https://aws.amazon.com"),
    "azure": ("Microsoft Azure", "https://azure.microsoft.com"),
    "coreweave": ("CoreWeave", "https://www.coreweave.com"),
    "gcp": ("Google Cloud", "https://cloud.google.com"),
    "hetzner": ("Hetzner", "https://www.hetzner.com"),
    "oci": ("Oracle Cloud Infrastructure", "https://www.oracle.com/cloud"),
    "ovh": ("OVHcloud", "https://www.ovhcloud.com"),
    "scaleway": ("Scaleway", "https://www.scaleway.com"),
}
MORE_CANDIDATES = {"aws:us-gov-east-1": ("SRVC",)}
"""Unresolved in words only: the region is in Ohio or in Virginia."""
LICENSE = "Facts; read in lists under Apache-2.0, MIT, UPL and CC BY 4.0"


def read(text: str, file_name: str) -> Tables:
    """Rows of cloud_region, metric place. An unresolved grid zone stays empty, its candidates beside it."""
    rows: list[Row] = []
    for line, ours in renamed(text, file_name, COLUMNS):
        with at_line(file_name, line):
            rows.append(_row(ours, file_name))
    return {"cloud_region": rows}


def region_id(provider: str, code: str) -> str:
    """`provider:code` in lower case."""
    return f"{provider}:{code}".lower()


def zones(ours: Row) -> tuple[str, list[str]]:
    """The grid zone of a region, empty where it is not resolved, and the other candidates."""
    printed = [ours["grid_zone"]] if ours["grid_zone"] else []
    others = [zone for zone in ours["alternative_zones"].split("|") if zone]
    if ours["status"] != "unresolved":
        return "".join(_prefixed(printed, ours["country"])), _prefixed(others, ours["country"])
    more = MORE_CANDIDATES.get(region_id(ours["provider"], ours["code"]), ())
    return "", _prefixed([*printed, *others, *more], ours["country"])


def _prefixed(names: list[str], country: str) -> list[str]:
    """eGRID subregions with `US-` before them, as the grid table has them; other zones are ISO codes already."""
    return [f"US-{name}" if country == "US" else name for name in names]


def publisher_of(provider: str) -> tuple[str, str]:
    """A provider's name and address."""
    if provider not in PROVIDERS:
        raise ValueError(f"unknown provider {provider!r}: add it")
    return PROVIDERS[provider]


def _row(ours: Row, file_name: str) -> Row:
    edition = year_of_name(file_name)
    region = region_id(ours["provider"], ours["code"])
    publisher, url = publisher_of(ours["provider"])
    grid_zone, alternatives = zones(ours)
    exact = ours["precision"].startswith("city-level")
    return row(
        "cloud_region",
        id=f"cloud_region:{region}",
        unit="place",
        data_year=edition,
        valid_from=PLACE_FROM,
        edition=edition,
        publisher=publisher,
        title="Regions",
        url=url,
        license=LICENSE,
        evidence="transcribed",
        grade="B",
        note=remarks(standing(ours["status"]), "" if exact else f"coordinates: {ours['precision']}", ours["note"]),
        region=region,
        provider=ours["provider"],
        code=ours["code"],
        metric="place",
        place=ours["place"],
        country=ours["country"],
        grid_zone=grid_zone,
        alternative_zones="|".join(alternatives),
        latitude=decimal(number(ours["latitude"])),
        longitude=decimal(number(ours["longitude"])),
        use="default",
    )
