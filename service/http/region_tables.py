"""Regions as flat rows: CSV for spreadsheets, and the saved map of kepler.gl."""

from service.formats.keplergl import PLACE, Cell, Column, Layer, Table, saved_map
from service.http.catalog import FactorValue, RegionItem, RegionPage
from service.http.tables import line

FACTORS = {  # ours -> name of the column, and its unit
    "pue": ("pue", ""),
    "location": ("location_kg_co2e_per_kwh", "kg CO2e/kWh"),
    "residual_mix": ("residual_mix_kg_co2e_per_kwh", "kg CO2e/kWh"),
    "upstream": ("upstream_kg_co2e_per_kwh", "kg CO2e/kWh"),
    "td_loss": ("td_loss_share", ""),
}
"""Each is followed by its year, how well it matches, and the id under which /factors has its source."""


def _columns_of(factor: str) -> list[Column]:
    name, unit = FACTORS[factor]
    about = [Column(f"{factor}_year", "integer"), Column(f"{factor}_match", "string")]
    return [Column(name, "real", unit), *about, Column(f"{factor}_source", "string")]


COLUMNS = (
    *PLACE,
    *(column for factor in FACTORS for column in _columns_of(factor)),
)
"""The same for every page. Map tools find a place by the stem that `_latitude` and `_longitude` share."""
_LAYERS = (
    Layer(id="location", label="Carbon intensity, location-based", size=None, color="location_kg_co2e_per_kwh"),
    Layer(
        id="residual_mix",
        label="Carbon intensity of the residual mix",
        size=None,
        color="residual_mix_kg_co2e_per_kwh",
        visible=False,
    ),
)
_TOOLTIP = ("region_id", "name", "grid", "location_kg_co2e_per_kwh", "location_source", "pue")


def region_csv(page: RegionPage) -> bytes:
    """One row a region; an empty cell is a factor that there is not."""
    names = [column.name for column in COLUMNS]
    return b"".join([line(names), *(line(_row(item)) for item in page.items)])


def region_map(page: RegionPage) -> bytes:
    """The regions as points, colored by carbon intensity."""
    placed = sum(item.latitude is not None for item in page.items)
    more = "; more regions follow on the next page" if page.next_cursor is not None else ""
    about = f"Regions: {len(page.items)}; with a place on the map: {placed}{more}."
    table = Table(
        id="regions",
        label="Regions",
        columns=COLUMNS,
        rows=[_row(item) for item in page.items],
        layers=_LAYERS,
        latitude="region_latitude",
        longitude="region_longitude",
        tooltip=_TOOLTIP,
    )
    return saved_map("Carbon intensity by region", about, table)


def _row(item: RegionItem) -> list[Cell]:
    place: list[Cell] = [item.id, item.provider, item.name, item.country, item.grid, item.latitude, item.longitude]
    return place + [cell for factor in FACTORS for cell in _cells(getattr(item, factor))]


def _cells(factor: FactorValue | None) -> tuple[Cell, ...]:
    if factor is None:
        return (None,) * 4
    return factor.value, factor.year, factor.match, factor.source
