"""Google, carbon data of its cloud regions: hourly carbon-free share, and the grid's life-cycle intensity."""

from service.factors.columns import Row
from service.factors.importers.cloud_regions import region_id
from service.factors.importers.rows import (
    Tables,
    at_line,
    decimal,
    kg_per_kwh_from_g,
    number,
    of_year,
    renamed,
    row,
    year_of_name,
)

COLUMNS = {  # theirs -> ours
    "Google Cloud Region": "code",
    "Google CFE": "cfe",
    "Grid carbon intensity (gCO2eq / kWh)": "intensity",
}
IGNORED = {"Location": "the places have rows of their own"}


def read(text: str, file_name: str) -> Tables:
    """Rows of cloud_region, metrics carbon_free_share and provider_grid_intensity, of the year in the file's name."""
    rows: list[Row] = []
    for line, ours in renamed(text, file_name, COLUMNS):
        with at_line(file_name, line):
            year = int(year_of_name(file_name))
            rows += [_share(ours, year)] if ours["cfe"] else []
            rows += [_intensity(ours, year)] if ours["intensity"] else []
    return {"cloud_region": rows}


def _share(ours: Row, year: int) -> Row:
    return _row(
        "carbon_free_share",
        ours["code"],
        year,
        value=decimal(number(ours["cfe"])),
        unit="share",
        grade="B",
        note="hour by hour, with Google's contracts; holds the grid's own clean share",
        use="default",
    )


def _intensity(ours: Row, year: int) -> Row:
    return _row(
        "provider_grid_intensity",
        ours["code"],
        year,
        value=decimal(kg_per_kwh_from_g(number(ours["intensity"]))),
        unit="kg CO2e/kWh",
        grade="D",
        note="life-cycle, of the grid: holds upstream; the grid tables go before it",
        use="never",
    )


def _row(metric: str, code: str, year: int, **columns: str) -> Row:
    region = region_id("gcp", code)
    return row(
        "cloud_region",
        id=f"{metric}:{region}:{year}",
        edition=str(year),
        publisher="Google Cloud",
        title="Carbon free energy for Google Cloud regions",
        url="https://cloud.google.com/sustainability/region-carbon",
        license="Apache-2.0",
        evidence="raw",
        region=region,
        provider="gcp",
        code=code,
        metric=metric,
        **of_year(year),
        **columns,
    )
