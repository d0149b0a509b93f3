"""PUE and WUE that cloud providers publish: of regions, of their fleets, and of whole geographies.

SPRUCE's tables have no importer, for they repeat averages of geographies as values of regions and name the year of the
copy; nor has the Green Software Foundation's estimate file, which is extrapolated.
"""

import re

from service.factors.columns import Row
from service.factors.importers.cloud_regions import publisher_of, region_id
from service.factors.importers.rows import (
    PLACE_FROM,
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

COLUMNS = {  # theirs -> ours
    "provider": "provider",
    "region": "code",
    "year": "year",
    "pue": "pue",
    "wue_l_per_kwh": "wue",
    "status": "status",
    "note": "note",
}
IGNORED = {
    "source": "how it was read; the status says how well",
    "license_note": "the licence, below",
}
UNITS = {"pue": "kWh/kWh", "wue": "L/kWh"}
FLEET = {"global", "global (fleet)"}
GEOGRAPHY = "geography: "
DOUBTFUL = {"aws:il-central-1"}
"""Equal to the average of the geography, and so maybe no value of the region: one grade lower."""


def read(text: str, file_name: str) -> Tables:
    """Rows of cloud_region, metrics pue and wue, and the industry's PUE that stands in where none is known."""
    rows = [_industry()]
    for line, ours in renamed(text, file_name, COLUMNS):
        with at_line(file_name, line):
            rows += [_row(metric, ours) for metric in UNITS if ours[metric]]
    return {"cloud_region": rows}


def holder(provider: str, code: str) -> str:
    """Whose value it is: a region's id, a provider (its fleet), or `provider-geography:name`."""
    if code in FLEET:
        return provider
    if code.startswith(GEOGRAPHY):
        name = re.sub(r"[^a-z]+", "-", code.removeprefix(GEOGRAPHY).lower()).strip("-")
        return f"{provider}-geography:{name}"
    return region_id(provider, code)


def _row(metric: str, ours: Row) -> Row:
    year = int(ours["year"].partition(" ")[0])  # 2025 (FY25)
    region = holder(ours["provider"], ours["code"])
    fleet = region == ours["provider"]
    geography = "-geography:" in region
    publisher, url = publisher_of(ours["provider"])
    return row(
        "cloud_region",
        id=f"{metric}:{region}:{year}",
        value=decimal(number(ours[metric])),
        unit=UNITS[metric],
        edition=ours["year"],
        publisher=publisher,
        title="Data center efficiency",
        url=url,
        license="Published by the provider; read in copies under CC BY 4.0 and Apache-2.0",
        evidence="transcribed",
        grade="C" if fleet or geography or region in DOUBTFUL else "B",
        note=remarks(
            standing(ours["status"]),
            "average of a geography, no value of a region" if geography else "",
            "" if geography else ours["note"],
        ),
        region=region,
        provider=ours["provider"],
        code="" if fleet or geography else ours["code"],
        metric=metric,
        use="never" if geography else "default",
        **of_year(year),
    )


def _industry() -> Row:
    """The mean of the industry. Source: Uptime Institute, Global Data Center Survey 2024; METHOD §1."""
    return row(
        "cloud_region",
        id="pue:default:2024",
        value="1.56",
        unit="kWh/kWh",
        data_year="2024",
        valid_from=PLACE_FROM,
        edition="2024",
        publisher="Uptime Institute",
        title="Global Data Center Survey 2024, average annual PUE",
        url="https://uptimeinstitute.com",
        license="Figure cited with its source",
        evidence="transcribed",
        grade="D",
        note="stands in for every period where no PUE is known",
        region="default",
        metric="pue",
        use="default",
    )
