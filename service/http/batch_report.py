"""A batch as a report: written at its end, when its sums are known."""

from collections.abc import Generator, Sequence

import msgspec

from service.batch.summary import Tally
from service.estimator import Estimator
from service.http.problems import Problem
from service.http.representations import HTML, MARKDOWN
from service.method.allocation import Steps
from service.model.resolved import Resolved
from service.model.result import Source
from service.model.workload import Workload
from service.reports.batch import BatchReport
from service.reports.markdown import in_steps
from service.reports.page import page
from service.reports.parts import Report
from service.reports.sections import MOST_ROWS

_source = msgspec.json.Decoder(Source).decode


class MarkdownForm:
    """Sums while workloads come in."""

    media_type = MARKDOWN

    def __init__(self, estimator: Estimator, tally: Tally, dimensions: Sequence[str]) -> None:
        self._estimated = estimator.estimated
        self._tally = tally
        self._report = BatchReport(dimensions)

    def opening(self) -> bytes:
        """Nothing."""
        return b""

    def add(self, out: list[bytes], index: int, workload: Workload, resolved: Resolved) -> Sequence[str]:  # noqa: ARG002
        """Add to the sums; the first have a line of their own."""
        estimated = self._estimated(workload, resolved, sources=False)
        self._tally.add(index, workload, resolved, estimated)
        self._report.date(workload)
        if not self._report.full:
            self._report.add(index, estimated.emissions)
        return estimated.codes

    def refuse(self, out: list[bytes], index: int, workload: Workload | None, problem: Problem) -> None:  # noqa: ARG002
        """Keep why."""
        name = workload.id if workload is not None else None
        self._report.refuse(index, name, problem.code, problem.errors[0].pointer, problem.detail)

    def closing(self, failed: int) -> Generator[None, None, bytes]:
        """The report."""
        summary = yield from self._tally.summing(failed)
        yield
        encoded = self._tally.sources()
        yield
        sources = [_source(source) for source in encoded[:MOST_ROWS]]
        yield
        report = self._report.report(summary, sources, len(encoded))
        yield
        return (yield from self._written(report))

    def _written(self, report: Report) -> Steps[bytes]:
        return in_steps(report)


class HtmlForm(MarkdownForm):
    """The same as a page."""

    media_type = HTML

    def _written(self, report: Report) -> Steps[bytes]:
        return page(report)
