"""The forms of an import's answer, each written piece by piece: JSON, lines, CSV, GeoJSON."""

from collections.abc import Sequence
from typing import Annotated, Any, Protocol

import msgspec
from msgspec import Meta, Raw, Struct

from service.estimate import estimate
from service.estimator import Estimator
from service.formats.imported import Imported
from service.http.geojson import feature
from service.http.problems import Problem
from service.http.representations import CSV, GEO_JSON, JSON, NDJSON
from service.http.tables import COLUMNS, Cell, emissions_row, line, problem_row
from service.model.imports import ImportSummary, Reported
from service.model.resolved import Resolved
from service.model.result import Emissions, Source, Warn
from service.plans.reading import Reading, reading
from service.plans.tape import Played

_encode = msgspec.json.Encoder().encode
IMPORT_COLUMNS = ("index", "row", "reported_kg_co2e", "reading_warnings", *COLUMNS[1:])


class ImportResult(Struct, frozen=True, kw_only=True):
    """What became of one record."""

    index: Annotated[int, Meta(description="Its place among the results, from 0.")]
    row: Annotated[
        int | None, Meta(description="Number of the record, from 1; a header is none. Null: the file broke off here.")
    ]
    reported_kg_co2e: Reported
    emissions: Annotated[
        Emissions | None,
        Meta(description="As `POST /emissions` answers; pointers of its warnings are into the workload."),
    ]
    problem: Annotated[
        Problem | None,
        Meta(
            description="Why it has none. Its pointers begin with the record's number, then come the column, or a "
            "field of the workload that it was read as; those of a body that is one record are into the body."
        ),
    ]
    warnings: Annotated[
        list[Warn], Meta(description="Of the reading: what was assumed, and what could not be told. Pointers as above.")
    ]


class ImportEmissions(Struct, frozen=True, kw_only=True):
    """The footprints of a file's records, and their sums."""

    results: Annotated[list[ImportResult], Meta(description="In the file's order.")]
    summary: Annotated[ImportSummary, Meta(description="What they sum to.")]
    sources: Annotated[list[Source], Meta(description="Each factor used, once, by id.")]


class ImportLine(Struct, frozen=True, kw_only=True):
    """A line of an answer in lines: a result, or, as the last one, the summary."""

    summary: Annotated[ImportSummary | None, Meta(description="In the last line, alone.")] = None
    index: Annotated[int | None, Meta(description="Its place among the results, from 0.")] = None
    row: Annotated[int | None, Meta(description="Number of the record, from 1.")] = None
    reported_kg_co2e: Reported = None
    emissions: Annotated[Emissions | None, Meta(description="With its own sources.")] = None
    problem: Annotated[Problem | None, Meta(description="Why it has no emissions.")] = None
    warnings: Annotated[list[Warn], Meta(description="Of the reading.")] = []


Told = tuple[Reading, Played]
"""What sums over many need of one that was written."""


class Broken(Struct, frozen=True, kw_only=True, gc=False):
    """A record that has no footprint."""

    row: int | None
    problem: Problem
    found: Imported | None = None
    """As what it could be read."""
    warnings: Sequence[Warn] = ()


class ImportForm(Protocol):
    """Writes an answer."""

    media_type: str

    def opening(self) -> bytes:
        """What stands before the first record."""
        ...

    def add(self, out: list[bytes], index: int, found: Imported, resolved: Resolved, warnings: Sequence[Warn]) -> Told:
        """Write one record's footprint.

        Raises:
            Refused: it has none; nothing is written.
        """
        ...

    def refuse(self, out: list[bytes], index: int, broken: Broken) -> None:
        """Write one record's problem."""
        ...

    def closing(self, summary: ImportSummary, sources: Sequence[Raw]) -> bytes:
        """What stands behind the last record."""
        ...


class ImportJson:
    """One object: results, their sums, and each source once."""

    media_type = JSON.media_type
    _mark = b""
    _own_sources = False
    _end = b""

    def __init__(self, estimator: Estimator) -> None:
        self._estimated = estimator.estimated

    def opening(self) -> bytes:
        """Before the results."""
        return b'{"results":['

    def add(self, out: list[bytes], index: int, found: Imported, resolved: Resolved, warnings: Sequence[Warn]) -> Told:
        """A result."""
        estimated = self._estimated(found.workload, resolved, sources=self._own_sources)
        out.append(self._start(index, found.row, found.reported_kg_co2e))
        out += estimated.pieces
        out.append(b',"problem":null,"warnings":%b}%b' % (_encode(warnings), self._end))
        return estimated.reading, estimated.results

    def refuse(self, out: list[bytes], index: int, broken: Broken) -> None:
        """A result that is a problem."""
        reported = broken.found.reported_kg_co2e if broken.found is not None else None
        problem, warnings = _encode(broken.problem), _encode(broken.warnings)
        start = self._start(index, broken.row, reported)
        out.append(b'%bnull,"problem":%b,"warnings":%b}%b' % (start, problem, warnings, self._end))

    def closing(self, summary: ImportSummary, sources: Sequence[Raw]) -> bytes:
        """Sums and sources."""
        return b'],"summary":%b,"sources":%b}' % (_encode(summary), _encode(sources))

    def _start(self, index: int, row: int | None, reported: float | None) -> bytes:
        mark, self._mark = self._mark, b"" if self._end else b","
        about = (mark, index, _encode(row), _encode(reported))
        return b'%b{"index":%d,"row":%b,"reported_kg_co2e":%b,"emissions":' % about


class ImportLines(ImportJson):
    """One line a record, each with its own sources; the summary is the last."""

    media_type = NDJSON
    _own_sources = True
    _end = b"\n"

    def opening(self) -> bytes:
        """Nothing."""
        return b""

    def closing(self, summary: ImportSummary, sources: Sequence[Raw]) -> bytes:  # noqa: ARG002
        """The summary."""
        return b'{"summary":%b}\n' % _encode(summary)


class ImportRows:
    """CSV: one row a record."""

    media_type = CSV

    def opening(self) -> bytes:
        """The head."""
        return line(IMPORT_COLUMNS)

    def add(self, out: list[bytes], index: int, found: Imported, resolved: Resolved, warnings: Sequence[Warn]) -> Told:
        """A row."""
        emissions = estimate(found.workload, resolved)
        self._write(out, [index, found.row, found.reported_kg_co2e, _codes(warnings), *emissions_row(0, emissions)[1:]])
        return reading(emissions), ()

    def refuse(self, out: list[bytes], index: int, broken: Broken) -> None:
        """A row without figures."""
        found = broken.found
        reported = found.reported_kg_co2e if found is not None else None
        cells = problem_row(0, found.workload if found is not None else None, broken.problem)
        self._write(out, [index, broken.row, reported, _codes(broken.warnings), *cells[1:]])

    def closing(self, summary: ImportSummary, sources: Sequence[Raw]) -> bytes:  # noqa: ARG002
        """Nothing."""
        return b""

    def _write(self, out: list[bytes], cells: list[Cell]) -> None:
        out.append(line(cells))


class ImportFeatures(ImportRows):
    """GeoJSON: a point at the region of each record, whose properties are the columns of the CSV."""

    media_type = GEO_JSON
    _mark = b""

    def opening(self) -> bytes:
        """Before the features."""
        return b'{"type":"FeatureCollection","features":['

    def closing(self, summary: ImportSummary, sources: Sequence[Raw]) -> bytes:  # noqa: ARG002
        """After them."""
        return b"]}"

    def _write(self, out: list[bytes], cells: list[Cell]) -> None:
        properties: dict[str, Any] = dict(zip(IMPORT_COLUMNS, cells, strict=True))
        latitude, longitude = properties["latitude"], properties["longitude"]
        out += (self._mark, _encode(feature(properties["index"], latitude, longitude, properties)))
        self._mark = b","


def _codes(warnings: Sequence[Warn]) -> str | None:
    return " ".join(dict.fromkeys(warning.code for warning in warnings)) or None
