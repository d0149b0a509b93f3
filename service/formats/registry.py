"""Which foreign formats there are: their names, media types, readers, and what the caller may say beside the file.

A format is one line here and one module.
"""

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from msgspec import Struct

from service.formats import boamps, ccf, codecarbon, eco_ci, power, prometheus
from service.formats.imported import Given, Imported, Reader, Record
from service.formats.meter import Options

CSV = "text/csv"
JSON = "application/json"
LINES = "application/x-ndjson"


class Format(Struct, frozen=True, kw_only=True):
    """A foreign format."""

    name: str
    """As it stands in the path and on the command line."""
    title: str
    media_types: tuple[str, ...]
    """Of its files. The reader tells their forms apart itself; bytes without a type are taken too."""
    read: Reader
    given: frozenset[str]
    """Fields of `Given` that it uses; others are refused."""
    posted: Callable[[dict[str, Any], Given], Imported] | None = None
    """Reads the JSON body that its tool posts itself, one record at a time."""
    posted_status: int = 200
    """With which that tool wants to be answered."""


def _power(stream: BinaryIO, given: Given) -> Iterator[Record | None]:
    return power.read(stream, _meter(given), None if given.zone_assumed else given.zone)


def _prometheus(stream: BinaryIO, given: Given) -> Iterator[Record | None]:
    return prometheus.read(stream, _meter(given))


def _meter(given: Given) -> Options:
    return Options(
        region=given.region, unit=given.unit, level=given.level, host_overhead_ratio=given.host_overhead_ratio
    )


_METER = frozenset({"region", "unit", "level", "host_overhead_ratio"})
_PLACE = frozenset({"region", "tz"})
_WORKLOAD = frozenset({"region", "instance", "allocation", "host_overhead_ratio", "cost", "currency", "tz"})
_LISTED = (
    Format(
        name="codecarbon",
        title="CodeCarbon 3.x: emissions.csv, or one run as its emissions_endpoint posts it",
        media_types=(CSV, JSON),
        read=codecarbon.read,
        given=_WORKLOAD,
        posted=codecarbon.posted,
        posted_status=201,
    ),
    Format(
        name="boamps",
        title="BoAmps: reports, one or several",
        media_types=(JSON, LINES),
        read=boamps.read,
        given=_WORKLOAD - {"cost", "currency"},
    ),
    Format(
        name="eco-ci",
        title="Eco-CI: the step of a build as it posts it, or many, one a line",
        media_types=(JSON, LINES),
        read=eco_ci.read,
        given=frozenset({"region", "instance", "allocation"}),
        posted=eco_ci.posted,
        posted_status=202,
    ),
    Format(
        name="ccf",
        title="Cloud Carbon Footprint: estimates of its API, as JSON or CSV",
        media_types=(JSON, LINES, CSV),
        read=ccf.read,
        given=_PLACE,
    ),
    Format(
        name="power",
        title="Power meters: CSV of a time and watts, or joules of a counter; series by label or by column",
        media_types=(CSV,),
        read=_power,
        given=_METER | {"tz"},
    ),
    Format(
        name="prometheus",
        title="Prometheus: the answer of query_range for watts, or for joules of a counter (Kepler)",
        media_types=(JSON,),
        read=_prometheus,
        given=_METER,
    ),
)
FORMATS = {format_.name: format_ for format_ in _LISTED}
"""By name."""
