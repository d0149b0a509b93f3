"""The forms of a batch's answer, each written piece by piece: JSON, lines, CSV, GeoJSON."""

from collections.abc import Generator, Sequence
from typing import Annotated, Any, Protocol

import msgspec
from msgspec import Meta, Struct

from service.batch.summary import Tally
from service.estimate import estimate
from service.estimator import Estimator
from service.http.geojson import feature
from service.http.problems import Problem
from service.http.representations import CSV, GEO_JSON, JSON, NDJSON
from service.http.tables import COLUMNS, emissions_row, header, line, problem_row
from service.model.batch import Summary
from service.model.resolved import Resolved
from service.model.result import Emissions, Source
from service.model.workload import Workload

_encode = msgspec.json.Encoder().encode


class BatchResult(Struct, frozen=True, kw_only=True):
    """What became of one workload: its footprint or its problem."""

    index: Annotated[int, Meta(description="Its place among the workloads sent, from 0; empty lines are not counted.")]
    emissions: Annotated[
        Emissions | None,
        Meta(description="As `POST /emissions` answers; pointers of its warnings are into the workload."),
    ]
    problem: Annotated[
        Problem | None,
        Meta(
            description="As `POST /emissions` would refuse it. Its pointers are into the body, so they begin with "
            "`/workloads/` and the index, or `/defaults`; those of a line are into the line."
        ),
    ]


class BatchEmissions(Struct, frozen=True, kw_only=True):
    """The footprints of many workloads, and their sums."""

    results: Annotated[list[BatchResult], Meta(description="In the order sent.")]
    summary: Annotated[Summary, Meta(description="What they sum to.")]
    sources: Annotated[
        list[Source],
        Meta(
            description="Each factor used, once, by id; what differs only in how it matched stands once for each "
            "match. A factor of the caller's that differs from workload to workload has no value here."
        ),
    ]


class Form(Protocol):
    """Writes an answer."""

    media_type: str

    def opening(self) -> bytes:
        """What stands before the first workload."""
        ...

    def add(self, out: list[bytes], index: int, workload: Workload, resolved: Resolved) -> Sequence[str]:
        """Write one workload's footprint; return the codes of its warnings.

        Raises:
            Refused: it has none; nothing is written.
        """
        ...

    def refuse(self, out: list[bytes], index: int, workload: Workload | None, problem: Problem) -> None:
        """Write one workload's problem."""
        ...

    def closing(self, failed: int) -> Generator[None, None, bytes]:
        """What stands behind the last workload; between its steps others may have their turn."""
        ...


class JsonForm:
    """One object: results, their sums, and each source once."""

    media_type = JSON.media_type

    def __init__(self, estimator: Estimator, tally: Tally) -> None:
        self._estimated = estimator.estimated
        self._tally = tally
        self._start = b'{"index":%d,"emissions":'

    def opening(self) -> bytes:
        """Before the results."""
        return b'{"results":['

    def add(self, out: list[bytes], index: int, workload: Workload, resolved: Resolved) -> Sequence[str]:
        """A result without its sources."""
        estimated = self._estimated(workload, resolved, sources=False)
        self._tally.add(index, workload, resolved, estimated)
        out.append(self._start % index)
        out += estimated.pieces
        out.append(b',"problem":null}')
        self._start = b',{"index":%d,"emissions":'
        return estimated.codes

    def refuse(self, out: list[bytes], index: int, workload: Workload | None, problem: Problem) -> None:  # noqa: ARG002
        """A result that is a problem."""
        out += (self._start % index, b'null,"problem":', _encode(problem), b"}")
        self._start = b',{"index":%d,"emissions":'

    def closing(self, failed: int) -> Generator[None, None, bytes]:
        """Sums and sources."""
        summary = yield from self._tally.summing(failed)
        yield
        return b'],"summary":%b,"sources":%b}' % (_encode(summary), _encode(self._tally.sources()))


class LinesForm:
    """One line a workload, each with its own sources."""

    media_type = NDJSON

    def __init__(self, estimator: Estimator) -> None:
        self._estimated = estimator.estimated

    def opening(self) -> bytes:
        """Nothing."""
        return b""

    def add(self, out: list[bytes], index: int, workload: Workload, resolved: Resolved) -> Sequence[str]:
        """A line."""
        estimated = self._estimated(workload, resolved)
        out.append(b'{"index":%d,"emissions":' % index)
        out += estimated.pieces
        out.append(b',"problem":null}\n')
        return estimated.codes

    def refuse(self, out: list[bytes], index: int, workload: Workload | None, problem: Problem) -> None:  # noqa: ARG002
        """A line that is a problem."""
        out.append(b'{"index":%d,"emissions":null,"problem":%b}\n' % (index, _encode(problem)))

    def closing(self, failed: int) -> Generator[None, None, bytes]:  # noqa: ARG002
        """Nothing."""
        return b""
        yield


class RowsForm:
    """CSV: one row a workload."""

    media_type = CSV

    def opening(self) -> bytes:
        """The head."""
        return header()

    def add(self, out: list[bytes], index: int, workload: Workload, resolved: Resolved) -> Sequence[str]:
        """A row."""
        emissions = estimate(workload, resolved)
        out.append(line(emissions_row(index, emissions)))
        return [warning.code for warning in emissions.warnings]

    def refuse(self, out: list[bytes], index: int, workload: Workload | None, problem: Problem) -> None:
        """A row without figures."""
        out.append(line(problem_row(index, workload, problem)))

    def closing(self, failed: int) -> Generator[None, None, bytes]:  # noqa: ARG002
        """Nothing."""
        return b""
        yield


class FeaturesForm:
    """GeoJSON: a point at the region of each workload."""

    media_type = GEO_JSON

    def __init__(self) -> None:
        self._mark = b""

    def opening(self) -> bytes:
        """Before the features."""
        return b'{"type":"FeatureCollection","features":['

    def add(self, out: list[bytes], index: int, workload: Workload, resolved: Resolved) -> Sequence[str]:
        """A feature, whose properties are the columns of the CSV."""
        emissions = estimate(workload, resolved)
        self._feature(out, emissions_row(index, emissions))
        return [warning.code for warning in emissions.warnings]

    def refuse(self, out: list[bytes], index: int, workload: Workload | None, problem: Problem) -> None:
        """A feature without a place."""
        self._feature(out, problem_row(index, workload, problem))

    def closing(self, failed: int) -> Generator[None, None, bytes]:  # noqa: ARG002
        """After them."""
        return b"]}"
        yield

    def _feature(self, out: list[bytes], cells: Sequence[str | float | None]) -> None:
        properties: dict[str, Any] = dict(zip(COLUMNS, cells, strict=True))
        latitude, longitude = properties["latitude"], properties["longitude"]
        out += (self._mark, _encode(feature(properties["index"], latitude, longitude, properties)))
        self._mark = b","
