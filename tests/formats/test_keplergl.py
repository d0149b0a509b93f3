"""The saved map of kepler.gl; that kepler.gl itself reads it is proved in tests/keplergl."""

from itertools import pairwise
from typing import Any

import msgspec
import pytest

from service.formats.keplergl import FIELDS, PALETTE, Cell, Column, Layer, Table, saved_map

COLUMNS = (
    Column("id", "string"),
    Column("latitude", "real"),
    Column("longitude", "real"),
    Column("month", "timestamp"),
    Column("kg", "real", "kg CO2e"),
    Column("intensity", "real", "kg CO2e/kWh"),
)
LAYERS = (
    Layer(id="sized", label="Emitted", size="kg", color="intensity"),
    Layer(id="plain", label="Grid", size=None, color="intensity", visible=False),
)
JANUARY, MARCH = "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"


def table(*rows: list[Cell], time: str | None = "month") -> Table:
    """Return a table of rows."""
    return Table(
        id="t",
        label="T",
        columns=COLUMNS,
        rows=rows,
        layers=LAYERS,
        latitude="latitude",
        longitude="longitude",
        time=time,
        tooltip=("id", "kg"),
    )


def at(latitude: float | None, longitude: float | None, month: str | None = JANUARY) -> list[Cell]:
    """Return a row."""
    return ["a", latitude, longitude, month, 1.5, None]


def made(*rows: list[Cell], time: str | None = "month") -> dict[str, Any]:
    """Return the document of some rows."""
    document: dict[str, Any] = msgspec.json.decode(saved_map("Title", "About.", table(*rows, time=time)))
    return document


def test_the_document_is_recognized() -> None:
    """kepler.gl looks for datasets, config and its own name; both versions are told, and no time of making."""
    document = made(at(1.0, 2.0))
    assert document["info"] == {"app": "kepler.gl", "title": "Title", "description": "About."}
    assert [dataset["version"] for dataset in document["datasets"]] == ["v1"]
    assert document["config"]["version"] == "v1"


def test_the_same_rows_give_the_same_bytes() -> None:
    """Byte for byte."""
    rows = [at(1.0, 2.0), at(3.0, 4.0, MARCH)]
    assert saved_map("T", "A", table(*rows)) == saved_map("T", "A", table(*rows))


def test_cells_stay_as_they_are() -> None:
    """Rows in order; what is null stays null and never becomes 0."""
    data = made(at(1.0, 2.0), at(None, None, None))["datasets"][0]["data"]
    assert data["allData"] == [["a", 1.0, 2.0, JANUARY, 1.5, None], ["a", None, None, None, 1.5, None]]


def test_fields_have_the_types_of_kepler() -> None:
    """Type, analyzer type and format, so that nothing is guessed."""
    fields = made()["datasets"][0]["data"]["fields"]
    assert [tuple(field.values()) for field in fields[2:4]] == [
        ("longitude", "real", "", "FLOAT"),
        ("month", "timestamp", "YYYY-M-DTH:m:s", "DATETIME"),
    ]
    assert {name: analyzed for name, (analyzed, _) in FIELDS.items()} == {
        "string": "STRING",
        "real": "FLOAT",
        "integer": "INT",
        "timestamp": "DATETIME",
        "boolean": "BOOLEAN",
    }


def test_layers_are_points_of_the_dataset() -> None:
    """Sized and colored by columns of it; units are told; areas tell how much."""
    sized, plain = made(at(1.0, 2.0))["config"]["config"]["visState"]["layers"]
    assert {sized["config"]["dataId"], plain["config"]["dataId"]} == {"t"}
    assert sized["type"] == "point"
    assert sized["config"]["columns"] == {"lat": "latitude", "lng": "longitude", "altitude": None}
    assert sized["config"]["label"] == "Emitted (size: kg CO2e, color: kg CO2e/kWh)"
    assert plain["config"]["label"] == "Grid (color: kg CO2e/kWh)"
    assert sized["visualChannels"] == {
        "colorField": {"name": "intensity", "type": "real"},
        "colorScale": "quantile",
        "sizeField": {"name": "kg", "type": "real"},
        "sizeScale": "sqrt",
    }
    assert plain["visualChannels"]["sizeField"] is None
    assert [layer["config"]["isVisible"] for layer in (sized, plain)] == [True, False]


def test_the_palette_is_read_without_color() -> None:
    """Each step is darker than the one before (relative luminance), which every kind of color blindness sees."""

    def luminance(color: str) -> float:
        red, green, blue = ((int(color[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    steps = [luminance(color) for color in PALETTE["colors"]]
    assert steps == sorted(steps, reverse=True)
    assert all(light - dark > 0.05 for light, dark in pairwise(steps))


def test_the_newest_month_is_shown_first() -> None:
    """From 2 February 2026 to 1 March: 20486 and 20513 days of 86400000 ms since 1970."""
    filters = made(at(1.0, 2.0), at(1.0, 2.0, MARCH))["config"]["config"]["visState"]["filters"]
    (over_time,) = filters
    assert (over_time["dataId"], over_time["name"], over_time["type"]) == (["t"], ["month"], "timeRange")
    assert over_time["value"] == [20486 * 86400000, 20513 * 86400000]


@pytest.mark.parametrize(
    ("rows", "time"),
    [
        ([], "month"),
        ([at(1.0, 2.0), at(3.0, 4.0)], "month"),
        ([at(1.0, 2.0), at(3.0, 4.0, None)], "month"),
        ([at(1.0, 2.0), at(3.0, 4.0, MARCH)], None),
    ],
    ids=["nothing", "one month", "one month and none", "no column of time"],
)
def test_one_month_needs_no_filter(rows: list[list[Cell]], time: str | None) -> None:
    """A filter over one time would only hide what has none."""
    assert made(*rows, time=time)["config"]["config"]["visState"]["filters"] == []


@pytest.mark.parametrize(
    ("places", "latitude", "longitude"),
    [
        ([(40.0, -80.0), (50.0, 10.0)], 45.0, -35.0),
        ([(10.0, 170.0), (20.0, -170.0)], 15.0, 180.0),  # over the date line: 20 degrees, not 340
        ([(-10.0, 150.0), (30.0, -160.0), (20.0, 179.0)], 10.0, 175.0),  # 150 east to 160 west
        ([(5.0, 6.0)], 5.0, 6.0),
        ([(5.0, 6.0), (None, None)], 5.0, 6.0),
        ([(None, 7.0)], 20.0, 0.0),
        ([], 20.0, 0.0),
    ],
)
def test_the_map_looks_at_the_points(
    places: list[tuple[float | None, float | None]], latitude: float, longitude: float
) -> None:
    """At the middle of the least box around them; at the world where there are none."""
    view = made(*(at(*place) for place in places))["config"]["config"]["mapState"]
    assert view["latitude"] == latitude
    assert view["longitude"] % 360 == longitude % 360


@pytest.mark.parametrize(
    ("east", "zoom"),
    [(0.0, 6.0), (0.001, 6.0), (45.0, 2.7), (90.0, 1.7), (315.0, 0.5)],
)
def test_the_map_is_as_near_as_it_can_be(east: float, zoom: float) -> None:
    """A step of zoom halves what is seen: 360/45 is 2 to the 3rd, less 0.3 for the margin; 0.5 to 6."""
    around = [at(0.0, east * part / 8) for part in range(9)]
    assert made(*around)["config"]["config"]["mapState"]["zoom"] == pytest.approx(zoom)
