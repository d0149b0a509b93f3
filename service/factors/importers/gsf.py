"""Green Software Foundation, cloud region metadata: the providers' market-based claims, and Google's older CFE."""

from service.factors.columns import Row
from service.factors.importers.cloud_regions import publisher_of, region_id
from service.factors.importers.rows import (
    Tables,
    at_line,
    decimal,
    kg_per_kwh_from_g,
    number,
    of_year,
    renamed,
    row,
)

COLUMNS = {  # theirs -> ours
    "year": "year",
    "cloud-provider": "provider",
    "cloud-region": "code",
    "provider-carbon-intensity-market-annual": "market",
    "provider-cfe-hourly": "cfe",
}
IGNORED = {
    "location": "wrong in places; the regions have rows of their own",
    "geolocation": "up to 3,000 km off",
    "cfe-region": "wrong in places",
    "em-zone-id": "wrong in places, and another company's zones",
    "wt-region-id": "another company's zones",
    "provider-cfe-hourly from 2022 on": "Google's own files have it",
    "provider-cfe-annual": "an annual matching claim, said by the market-based intensity already",
    "power-usage-effectiveness": "checked rows of PUE stand in a file of their own",
    "water-usage-effectiveness": "for AWS the world's average, repeated",
    "provider-carbon-intensity-average-consumption-hourly": "another company's life-cycle figures",
    "grid-carbon-intensity-average-consumption-annual": "another company's figures",
    "grid-carbon-intensity-average-production-annual": "another company's figures",
    "grid-carbon-intensity-marginal-consumption-annual": "marginal; an inventory uses the average",
    "grid-carbon-intensity": "marginal",
    "total-ICT-energy-consumption-annual and after": "empty",
}
PROVIDER_NAMES = {"Amazon Web Services": "aws", "Google Cloud": "gcp", "Microsoft Azure": "azure"}
SKIPPED_CODES = {"asiapacific": "a geography of Azure, no region"}
ANNUAL_MATCHING = frozenset({"aws"})
"""Providers whose figure is a statement of annual matching with energy, no offsets named."""
NOTE_ANNUAL = "the provider's claim of annual matching: chosen only where the caller lets provider claims serve"
NOTE_OFFSETS = "the provider's claim of annual matching, offsets may be inside: shown, never chosen"
GOOGLE_OWN_FROM = 2022
"""From this year on Google's own files give its carbon-free share."""


def read(text: str, file_name: str) -> Tables:
    """Rows of cloud_region, metrics provider_market_intensity and carbon_free_share."""
    rows: list[Row] = []
    for line, ours in renamed(text, file_name, COLUMNS):
        with at_line(file_name, line):
            if ours["provider"] not in PROVIDER_NAMES:
                raise ValueError(f"unknown provider {ours['provider']!r}: add it")
            if ours["code"] not in SKIPPED_CODES:
                rows += _rows(ours | {"provider": PROVIDER_NAMES[ours["provider"]]})
    return {"cloud_region": rows}


def _rows(ours: Row) -> list[Row]:
    """What one line gives: a market-based claim, and Google's share of the years before its own files."""
    google = ours["provider"] == "gcp" and int(ours["year"]) < GOOGLE_OWN_FROM
    rows = [_market(ours)] if ours["market"] else []
    return rows + ([_share(ours)] if ours["cfe"] and google else [])


def _market(ours: Row) -> Row:
    return _row(
        "provider_market_intensity",
        ours,
        value=decimal(kg_per_kwh_from_g(number(ours["market"]))),
        unit="kg CO2e/kWh",
        grade="C",
        note=NOTE_ANNUAL if ours["provider"] in ANNUAL_MATCHING else NOTE_OFFSETS,
        use="default" if ours["provider"] in ANNUAL_MATCHING else "never",
    )


def _share(ours: Row) -> Row:
    return _row(
        "carbon_free_share",
        ours,
        value=decimal(number(ours["cfe"])),
        unit="share",
        grade="B",
        note="hour by hour, with Google's contracts; holds the grid's own clean share",
        use="default",
    )


def _row(metric: str, ours: Row, **columns: str) -> Row:
    region = region_id(ours["provider"], ours["code"])
    return row(
        "cloud_region",
        id=f"{metric}:{region}:{ours['year']}",
        edition=ours["year"],
        publisher=publisher_of(ours["provider"])[0],
        title="Cloud region metadata (collected by the Green Software Foundation)",
        url="https://github.com/Green-Software-Foundation/real-time-cloud",
        license="CC BY 4.0 (Green Software Foundation); figures cited with their source",
        evidence="transcribed",
        region=region,
        provider=ours["provider"],
        code=ours["code"],
        metric=metric,
        **of_year(int(ours["year"])),
        **columns,
    )
