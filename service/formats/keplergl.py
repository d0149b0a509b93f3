"""Saved maps of kepler.gl, the geographic tool: rows with a place in, one JSON document out.

Its media type is ours, kepler.gl has none registered. The same rows give the same bytes: no time of making is told.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

MEDIA_TYPE = "application/vnd.kepler.gl+json"
FieldType = Literal["string", "real", "integer", "timestamp", "boolean"]
FIELDS: dict[FieldType, tuple[str, str]] = {  # ours -> theirs: `analyzerType`, `format`
    "string": ("STRING", ""),
    "real": ("FLOAT", ""),
    "integer": ("INT", ""),
    "timestamp": ("DATETIME", "YYYY-M-DTH:m:s"),
    "boolean": ("BOOLEAN", ""),
}
"""Both are always told: kepler.gl would guess them else, and a column that is empty so far would become text."""

VERSION = "v1"
"""A dataset of another version, or of none, is dropped silently; so is a layer whose `dataId` is no dataset's."""
PALETTE = {
    "name": "YlOrRd",
    "type": "sequential",
    "category": "ColorBrewer",
    "colors": ["#ffffb2", "#fed976", "#feb24c", "#fd8d3c", "#f03b20", "#bd0026"],
}
"""Grows darker from step to step, so that it can be read without telling red from green."""
_OUTLINE = [70, 70, 70]
"""A point whose color is not known is its outline alone."""
_RADIUS_RANGE = [10, 80]
_RADIUS = 25
_WORLD = {"latitude": 20.0, "longitude": 0.0, "zoom": 0.5}
_NEAREST, _FARTHEST = 6.0, 0.5
_MARGIN_ZOOM = 0.3
"""The panel of kepler.gl covers a part of the map."""
Cell = str | float | bool | None


class Column(Struct, frozen=True):
    """What stands in one place of every row; null is nothing, never 0."""

    name: str
    type: FieldType
    unit: str = ""


PLACE = (
    Column("region_id", "string"),
    Column("provider", "string"),
    Column("name", "string"),
    Column("country", "string"),
    Column("grid", "string"),
    Column("region_latitude", "real"),
    Column("region_longitude", "real"),
)
"""Where a row is. kepler.gl makes points by itself of columns that end in _latitude and _longitude."""


class Layer(Struct, frozen=True, kw_only=True):
    """Points at the rows, each as large and as dark as one of its cells."""

    id: str
    label: str
    size: str | None
    """Name of a column; none: all points are of one size."""
    color: str
    visible: bool = True


class Table(Struct, frozen=True, kw_only=True):
    """Rows with a place, and how they are shown."""

    id: str
    label: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    """Cells in the order of the columns; a timestamp is ISO 8601 in UTC with its Z."""
    layers: Sequence[Layer]
    latitude: str
    longitude: str
    time: str | None = None
    """Column of timestamps: with more than one of them the map is filtered by it, at first to the newest month."""
    tooltip: Sequence[str] = ()


def saved_map(title: str, description: str, table: Table) -> bytes:
    """The document that kepler.gl saves and opens."""
    return msgspec.json.encode(
        {
            "datasets": [{"version": VERSION, "data": _data(table)}],
            "config": {"version": VERSION, "config": _config(table)},
            "info": {"app": "kepler.gl", "title": title, "description": description},
        }
    )


def _data(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "label": table.label,
        "color": [189, 0, 38],
        "allData": table.rows,
        "fields": [_field(column) for column in table.columns],
    }


def _field(column: Column) -> dict[str, str]:
    analyzed, format_ = FIELDS[column.type]
    return {"name": column.name, "type": column.type, "format": format_, "analyzerType": analyzed}


def _config(table: Table) -> dict[str, Any]:
    tooltip = [{"name": name, "format": None} for name in table.tooltip]
    return {
        "visState": {
            "filters": _filters(table),
            "layers": [_layer(table, layer) for layer in table.layers],
            "interactionConfig": {
                "tooltip": {"fieldsToShow": {table.id: tooltip}, "compareMode": False, "enabled": True},
                "brush": {"size": 0.5, "enabled": False},
                "geocoder": {"enabled": False},
                "coordinate": {"enabled": False},
            },
            "layerBlending": "normal",
            "splitMaps": [],
            "animationConfig": {"currentTime": None, "speed": 1},
        },
        "mapState": {"bearing": 0, "pitch": 0, "dragRotate": False, "isSplit": False, **_view(table)},
        "mapStyle": {"styleType": "positron", "topLayerGroups": {}, "visibleLayerGroups": {}, "mapStyles": {}},
    }


def _layer(table: Table, layer: Layer) -> dict[str, Any]:
    by_name = {column.name: column for column in table.columns}
    color = by_name[layer.color]
    size = by_name[layer.size] if layer.size is not None else None
    return {
        "id": layer.id,
        "type": "point",
        "config": {
            "dataId": table.id,
            "label": _label(layer.label, size, color),
            "columns": {"lat": table.latitude, "lng": table.longitude, "altitude": None},
            "isVisible": layer.visible,
            "visConfig": {
                "radius": _RADIUS,
                "radiusRange": _RADIUS_RANGE,
                "fixedRadius": False,
                "opacity": 0.8,
                "filled": True,
                "outline": True,
                "thickness": 1,
                "strokeColor": _OUTLINE,
                "colorRange": PALETTE,
            },
            "hidden": False,
        },
        "visualChannels": {
            "colorField": _channel(color),
            "colorScale": "quantile",
            "sizeField": _channel(size) if size is not None else None,
            "sizeScale": "sqrt",  # areas tell how much
        },
    }


def _channel(column: Column) -> dict[str, str]:
    return {"name": column.name, "type": column.type}


def _label(label: str, size: Column | None, color: Column) -> str:
    sized = f"size: {size.unit}, " if size is not None else ""
    return f"{label} ({sized}color: {color.unit})"


def _filters(table: Table) -> list[dict[str, Any]]:
    """One over time, where there is more than one time."""
    if table.time is None:
        return []
    times = {moment for moment in _cells(table, table.time) if isinstance(moment, str)}
    if len(times) <= 1:
        return []
    newest = max(datetime.fromisoformat(moment) for moment in times)
    return [
        {
            "id": "time",
            "dataId": [table.id],
            "name": [table.time],
            "type": "timeRange",
            "value": [_milliseconds(_after_the_month_before(newest)), _milliseconds(newest)],
            "plotType": {"type": "histogram"},
            "animationWindow": "free",
            "view": "enlarged",
            "speed": 1,
            "enabled": True,
        }
    ]


def _after_the_month_before(moment: datetime) -> datetime:
    """A day into the month before, so that its first is not shown too.

    A whole day, because the graphics card that filters counts milliseconds in single precision.
    """
    first = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first - timedelta(days=1)).replace(day=2)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _view(table: Table) -> dict[str, float]:
    """Where the map looks at first: at all points, the world where there are none."""
    pairs = zip(_cells(table, table.latitude), _cells(table, table.longitude), strict=True)
    places = [(lat, lng) for lat, lng in pairs if isinstance(lat, int | float) and isinstance(lng, int | float)]
    if not places:
        return _WORLD
    south, north = min(lat for lat, _ in places), max(lat for lat, _ in places)
    west, span = _arc(sorted({lng for _, lng in places}))
    zooms = [math.log2(whole / part) for whole, part in ((360.0, span), (170.0, north - south)) if part > 0]
    zoom = min([_NEAREST, *(zoom - _MARGIN_ZOOM for zoom in zooms)])
    longitude = (west + span / 2 + 180.0) % 360.0 - 180.0
    return {"latitude": (south + north) / 2, "longitude": longitude, "zoom": max(_FARTHEST, zoom)}


def _arc(longitudes: Sequence[float]) -> tuple[float, float]:
    """Western end and length of the shortest arc that holds all; it may cross the date line. [degrees]"""
    around = [*longitudes[1:], longitudes[0] + 360.0]
    gap, west = max((after - before, after) for before, after in zip(longitudes, around, strict=True))
    return west, 360.0 - gap


def _cells(table: Table, name: str) -> list[Cell]:
    (index,) = [index for index, column in enumerate(table.columns) if column.name == name]
    return [row[index] for row in table.rows]
