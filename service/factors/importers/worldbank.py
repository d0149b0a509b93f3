"""World Bank, indicator EG.ELC.LOSS.ZS: transmission and distribution losses as a share of output, by country."""

import csv
import io
from decimal import Decimal

from service.factors.columns import Row
from service.factors.importers.rows import Tables, at_line, decimal, number, of_year, remarks, row
from service.factors.importers.zones import ISO2

COLUMNS = {  # theirs -> ours; every further column is a year
    "Country Name": "name",
    "Country Code": "iso3",
    "Indicator Code": "indicator",
}
IGNORED = {
    "Indicator Name": "always the same",
    "years before 2010": "older than any grid row",
    "empty cells": "no figure, never 0",
    "rows whose code is no ISO 3166 country": "regions and income groups, Channel Islands",
}
INDICATOR = "EG.ELC.LOSS.ZS"
FIRST_YEAR = 2010
PUBLISHED_RATES_FROM = {"GB": 2020, "NZ": 2025}
"""Zones whose own agency publishes the losses in kg/kWh: from that year on the share is shown, not chosen."""
HIGH_SHARE = Decimal("0.5")
HIGH = "more than half of output: losses of imported power are set against home output, or much is taken unmetered"


def read(text: str, file_name: str) -> Tables:
    """Rows of td_loss: per cent of output / 100, so a share of generation."""
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    start = next((at for at, line in enumerate(lines) if line[:1] == ["Country Name"]), None)
    with at_line(file_name, 1):
        if start is None:
            raise ValueError("no line begins with Country Name: not a World Bank indicator file")
    updated = next((line[1] for line in lines[:start] if line[:1] == ["Last Updated Date"]), "")
    rows: list[Row] = []
    for at, line in enumerate(lines[start + 1 :], start + 2):
        with at_line(file_name, at):
            rows += _country(dict(zip(lines[start], line, strict=False)), updated)
    return {"td_loss": rows}


def _country(cells: Row, updated: str) -> list[Row]:
    """A row for each year of one country that has a figure."""
    if cells.get("Indicator Code") != INDICATOR:
        raise ValueError(f"not the indicator {INDICATOR}")
    zone = ISO2.get(cells["Country Code"])
    if zone is None:
        return []
    years = [name for name in cells if name.isdecimal() and int(name) >= FIRST_YEAR and cells[name]]
    return [_row(zone, int(year), number(cells[year]), updated) for year in years]


def _row(zone: str, year: int, percent: Decimal, updated: str) -> Row:
    replaced = zone in PUBLISHED_RATES_FROM and year >= PUBLISHED_RATES_FROM[zone]
    share = percent / 100
    return row(
        "td_loss",
        id=f"td_loss:{zone}:{year}{':share' if replaced else ''}",
        value=decimal(share),
        unit="share",
        edition=f"World Development Indicators, {updated}",
        publisher="World Bank",
        title="Electric power transmission and distribution losses (% of output), EG.ELC.LOSS.ZS",
        url="https://data.worldbank.org/indicator/EG.ELC.LOSS.ZS",
        license="CC BY 4.0",
        evidence="raw",
        grade="C",
        note=remarks(
            "the country's own agency publishes its losses in kg CO2e/kWh" if replaced else "",
            HIGH if share > HIGH_SHARE else "",
        ),
        zone=zone,
        boundary="of_generation",
        use="never" if replaced else "default",
        **of_year(year),
    )
