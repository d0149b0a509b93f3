"""US EPA supply chain factors: kg CO2e per dollar spent, by NAICS code."""

import re

from service.factors.importers.rows import Row, Tables, records, row, unreadable

COLUMNS = {  # theirs -> ours; releases word the first two differently
    "NAICS Code": "naics",
    "NAICS Title": "title_naics",
    "Unit": "unit",
    "Supply Chain Emission Factors without Margins": "without_margins",
    "Supply Chain Emission Factors with Margins": "value",
}
IGNORED = {
    "GHG": "always all of them",
    "Margins of Supply Chain Emission Factors": "the difference of the other two",
    "Reference USEEIO Code": "the model's own code",
}
GHG_DATA_YEARS = {"v1.2": "2019", "v1.3.0": "2022"}
"""Release → year of its emissions; an unknown release: the dollar's year. Source: the releases' descriptions."""
_GWP = {"v1.2": "AR4"}
_UNIT = re.compile(r"kg CO2e/(\d{4}) USD, purchaser price")


def read(text: str, file_name: str) -> Tables:
    """Rows of spend, with margins, in dollars of the release's year."""
    release = re.search(r"_(v\d+(?:\.\d+)*)_", file_name)
    if release is None:
        raise unreadable(file_name, 1, "the file's name must hold the release between underscores, e.g. _v1.3.0_")
    header = text.removeprefix("\ufeff").partition("\n")[0]
    year_of_code = re.search(r"(\d{4}) NAICS Code|NAICS Code (\d{4})", header)
    if year_of_code is None:
        raise unreadable(file_name, 1, "no column NAICS Code: not a file of this source")
    names = _names(*year_of_code.groups())
    lines = records(text, file_name, names)
    return {
        "spend": [
            _row({ours: line[theirs] for theirs, ours in names.items()}, release[1], file_name, at)
            for at, line in lines
        ]
    }


def _names(year_before: str | None, year_after: str | None) -> dict[str, str]:
    """The columns as this release words them."""

    def worded(theirs: str) -> str:
        if not theirs.startswith("NAICS"):
            return theirs
        return f"{year_before} {theirs}" if year_before else f"{theirs} {year_after}"

    return {worded(theirs): ours for theirs, ours in COLUMNS.items()}


def _row(ours: Row, release: str, file_name: str, at: int) -> Row:
    unit = _UNIT.fullmatch(ours["unit"])
    if unit is None:
        raise unreadable(file_name, at, f"the unit {ours['unit']!r} is not kg CO2e a dollar at purchaser's price")
    year = unit[1]
    gwp = f"; GWP of {_GWP[release]}" if release in _GWP else ""
    return row(
        "spend",
        id=f"spend:{ours['naics']}:{year}",
        value=ours["value"],
        unit="kg CO2e/USD",
        data_year=GHG_DATA_YEARS.get(release, year),
        valid_from=f"{year}-01-01",
        valid_to=f"{year}-12-31" if release == "v1.2" else "",
        edition=f"{release} ({year} USD)",
        publisher="US EPA",
        title=f"Supply chain greenhouse gas emission factors by NAICS-6: {ours['title_naics']}",
        url="https://github.com/USEPA/supply-chain-factors",
        license="Public domain (US EPA)",
        evidence="raw",
        grade="E",
        note=f"{year} USD at purchaser's price, with margins{gwp}",
        naics=ours["naics"],
        title_naics=ours["title_naics"],
        without_margins=ours["without_margins"],
        currency="USD",
        currency_year=year,
    )
