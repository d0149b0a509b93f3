"""Green-e residual mix of the US subregions, and the North American market that it belongs to.

(c) Center for Resource Solutions: free to cite in reports, no licence to pass the table on was found; hence a file of
its own, which an operator can leave out.
"""

from service.factors.columns import Row
from service.factors.importers.egrid import zone_of
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
    standing,
)

COLUMNS = {  # theirs -> ours
    "egrid_subregion": "subregion",
    "data_year": "year",
    "edition": "edition",
    "adjusted_system_mix_lb_per_mwh": "co2e",  # CO2e already: CH4 and N2O are inside
    "status": "status",
    "check": "check",
}
IGNORED = {
    "g_per_kwh": "the pounds, rounded",
    "egrid2023_co2e_lb": "eGRID's own rows",
    "egrid2023_co2_lb": "eGRID's own rows",
    "uplift_vs_egrid_co2e_pct": "a check",
    "note": "said shorter below",
    "source": "how it was read",
    "license_note": "the licence, below",
}
NORTH_AMERICA = ("CA", "US")


def read(text: str, file_name: str) -> Tables:
    """Rows of residual_mix.greene and market_group."""
    rows: list[Row] = []
    for line, ours in renamed(text, file_name, COLUMNS):
        with at_line(file_name, line):
            rows.append(_row(ours))
    return {"residual_mix.greene": rows, "market_group": [_member(country) for country in NORTH_AMERICA]}


def _row(ours: Row) -> Row:
    zone = zone_of(ours["subregion"])
    return row(
        "residual_mix",
        id=f"residual_mix:{zone}:{ours['year']}",
        value=decimal(kg_per_kwh_from_lb(number(ours["co2e"]))),
        unit="kg CO2e/kWh",
        edition=ours["edition"],
        publisher="Center for Resource Solutions (Green-e)",
        title="Green-e Residual Mix Emissions Rates",
        url="https://www.green-e.org",
        license="(c) Center for Resource Solutions; figures cited with their source",
        evidence="transcribed",
        grade="B",
        note=remarks(standing(ours["status"]), "CO2e as published: add no CH4 or N2O", ours["check"]),
        zone=zone,
        availability="published",
        basis="direct",
        boundary="generation",
        use="default",
        **of_year(int(ours["year"])),
    )


def _member(country: str) -> Row:
    return row(
        "market_group",
        id=f"market_group:north_america:{country}",
        unit="membership",
        data_year="2015",
        valid_from="2015-01-01",
        edition="2015",
        publisher="GHG Protocol",
        title="Scope 2 Guidance, market boundary",
        url="https://ghgprotocol.org/scope-2-guidance",
        license="Facts, cited with their source",
        evidence="assumed",
        grade="C",
        group="north_america",
        country=country,
    )
