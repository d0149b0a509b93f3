"""Cornerstone eGRID2024: subregion rates and grid gross losses. Not US EPA, though built with its public code."""

from service.factors.columns import Row
from service.factors.importers.egrid import zone_of
from service.factors.importers.rows import (
    Tables,
    at_line,
    decimal,
    kg_per_kwh_from_g,
    number,
    of_year,
    remarks,
    renamed,
    row,
    standing,
)

COLUMNS = {  # theirs -> ours
    "egrid_subregion": "subregion",
    "name": "zone_name",
    "data_year": "data_year",
    "edition": "edition",
    "co2e_g_per_kwh_ar5": "co2e",  # the release itself uses AR5
    "grid_gross_loss_fraction": "loss",
    "source_url": "url",
    "status": "status",
}
IGNORED = {
    "co2_lb_per_mwh": "in the CO2e",
    "ch4_lb_per_mwh": "in the CO2e",
    "n2o_lb_per_mwh": "in the CO2e",
    "co2e_g_per_kwh_ar6": "the release uses AR5; not mixed",
    "source": "how it was read; the title and the note say it",
    "publisher": "always the same, below",
    "note": "said shorter below",
    "license_note": "said shorter below",
}
PUBLISHER = "Cornerstone Sustainability Data Initiative (not US EPA)"
LICENSE = "Open (Zenodo record); with credit to Cornerstone, the text of the licence was not seen"
NOT_EPA = "not an EPA release: EPA's code run with newer inputs, without EPA's quality assurance"


def read(text: str, file_name: str) -> Tables:
    """Rows of grid_intensity, only for periods that name their years, and of td_loss."""
    tables: Tables = {"grid_intensity": [], "td_loss": []}
    for line, ours in renamed(text, file_name, COLUMNS):
        with at_line(file_name, line):
            tables["grid_intensity"].append(_intensity(ours))
            tables["td_loss"].append(_loss(ours))
    return tables


def _intensity(ours: Row) -> Row:
    """One grade lower than an official figure of the same reach."""
    zone = zone_of(ours["subregion"])
    return row(
        "grid_intensity",
        id=f"grid_location:{zone}:{ours['data_year']}:cornerstone",
        value=decimal(kg_per_kwh_from_g(number(ours["co2e"]))),
        unit="kg CO2e/kWh",
        title="Emission Factors Hub, Table 6: total output rates by eGRID subregion",
        evidence="derived",
        grade="D" if zone == "US" else "C",
        note=remarks(standing(ours["status"]), "CO2 + 28 CH4 + 265 N2O", NOT_EPA),
        zone=zone,
        zone_name="US average" if zone == "US" else ours["zone_name"],
        basis="direct",
        gwp_set="AR5",
        boundary="generation",
        use="dated",
        **_common(ours),
    )


def _loss(ours: Row) -> Row:
    """Grid gross loss; the US average stands beside the World Bank's row for the US and so carries a suffix."""
    zone = zone_of(ours["subregion"])
    suffix = ":cornerstone" if zone == "US" else ""
    return row(
        "td_loss",
        id=f"td_loss:{zone}:{ours['data_year']}{suffix}",
        value=decimal(number(ours["loss"])),
        unit="share",
        title="Emission Factors Hub, Table 6: grid gross loss",
        evidence="transcribed",
        grade="C",
        note=remarks(standing(ours["status"]), NOT_EPA),
        zone=zone,
        boundary="of_generation",
        use="default",
        **_common(ours),
    )


def _common(ours: Row) -> Row:
    return of_year(int(ours["data_year"])) | {
        "edition": ours["edition"],
        "publisher": PUBLISHER,
        "url": ours["url"],
        "license": LICENSE,
    }
