"""The report of a batch: its sums, its groups, its problems, and the first of its workloads."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import nlargest
from typing import Self

from msgspec import Struct

from service.batch.groups import month_of
from service.model.batch import TAG, Group, Summary
from service.model.result import Emissions, Methodology, Source, Total, Totals
from service.model.workload import Workload
from service.reports.charts import Measured, chart
from service.reports.parts import Block, Cell, Chart, Column, Facts, Report, Row, Section, Table, Words
from service.reports.sections import (
    FIGURE_NAMES,
    LOCATION,
    MARKET,
    MOST_ROWS,
    alternatives,
    left_out,
    parameters_table,
    sources_section,
    warnings_section,
)
from service.reports.wording import ALTERNATIVES, GRADES, foot, listed, method_of, number, readable, span

_LOCATION, _MARKET = 6, 7
_LEGEND = ((_LOCATION, LOCATION), (_MARKET, MARKET))
_MOST_BARS = 20
_BY_BOTH = (
    Column("kWh", numeric=True),
    Column("Location-based [kg CO2e]", numeric=True),
    Column("Range", numeric=True),
    Column("Grade", tight=True),
    Column("Market-based [kg CO2e]", numeric=True),
    Column("Range", numeric=True),
    Column("Grade", tight=True),
)
_ELSEWHERE = "JSON, NDJSON and CSV"
_MOST_MONTHS = 36
_MOST_FINGERPRINTS = 20


class BatchReport:
    """Takes what became of each workload, and keeps as much of it as a report shows."""

    def __init__(self, dimensions: Sequence[str]) -> None:
        self._dimensions = dimensions
        self._workloads: list[Row] = []
        self._problems: list[Row] = []
        self._months: set[str] = set()
        self._undated = 0
        self._methods: Counter[str] = Counter()
        self._method: Methodology | None = None

    @property
    def full(self) -> bool:
        """Whether the table of workloads takes no more."""
        return len(self._workloads) >= MOST_ROWS

    def date(self, workload: Workload) -> None:
        """Take note of when a workload ran."""
        if workload.period is None:
            self._undated += 1
        else:
            self._months.add(month_of(workload.period.start))

    def add(self, index: int, emissions: Emissions) -> None:
        """Show a workload."""
        methodology = method_of(emissions.methodology)
        self._methods[methodology.fingerprint] += 1
        self._method = self._method or methodology
        region = emissions.region.id if emissions.region is not None else ""
        cells = [Cell(str(index)), Cell(emissions.id or "–"), Cell(region)]
        self._workloads.append(Row([*cells, *_both(emissions.energy.facility_kwh, emissions.totals)]))

    def refuse(self, index: int, name: str | None, code: str, pointer: str, detail: str) -> None:
        """Show why a workload has no figures."""
        if len(self._problems) < MOST_ROWS:
            self._problems.append(Row([Cell(str(index)), Cell(name or "–"), Cell(detail), Cell(code), Cell(pointer)]))

    def report(self, summary: Summary, sources: Sequence[Source], of_sources: int) -> Report:
        """All that was taken, with its sums."""
        totals = summary.totals
        return Report(
            kind="Emissions of workloads",
            title=f"{summary.count:,} {'workload' if summary.count == 1 else 'workloads'}",
            period=_period(self._months),
            lead=_lead(summary),
            facts=[*self._facts(summary)],
            alternatives=alternatives(totals.location_based, totals.market_based) if totals is not None else (),
            sections=[
                *self._groups(summary),
                *self._not_estimated(summary),
                *warnings_section(summary.warnings),
                *self._each(summary),
                *sources_section(sources, of_sources),
                *self._methodology(),
            ],
            foot=foot(self._method) if self._method is not None else "of none: no workload could be estimated",
        )

    def _facts(self, summary: Summary) -> Iterator[tuple[str, str]]:
        yield "Workloads", f"{summary.count:,}"
        yield "Not estimated, in no sum", f"{summary.failed:,}"
        if summary.energy_kwh is not None:
            yield "Energy at the facility", f"{readable(summary.energy_kwh)} kWh"
        if self._undated and self._months:
            yield "Without a period", f"{self._undated:,}"
        if self._dimensions:
            yield "Grouped by", ", ".join(self._dimensions)

    def _groups(self, summary: Summary) -> Iterator[Section]:
        if summary.totals is None:
            return
        if not summary.groups:
            bars = [_pair(LOCATION, _LOCATION, LOCATION, _three([summary.totals.location_based]))]
            bars.append(_pair(MARKET, _MARKET, MARKET, _three([summary.totals.market_based])))
            yield Section("Totals", [chart("Both totals [kg CO2e]", bars), Words(GRADES)])
            return
        groups = summary.groups
        if "month" not in self._dimensions:
            groups = sorted(groups, key=lambda group: -group.totals.location_based.kg_co2e)
        shown = groups[:MOST_ROWS]
        names = [name.removeprefix(TAG) for name in self._dimensions]
        columns = [*map(Column, names), Column("Workloads", numeric=True), *_BY_BOTH]
        rows = [Row([*_key(group), number(group.count), *_both(group.energy_kwh, group.totals)]) for group in shown]
        whole = [Cell("All"), *(Cell(""),) * (len(names) - 1), number(summary.count - summary.failed)]
        rows.append(Row([*whole, *_both(summary.energy_kwh, summary.totals)], sum=True))
        remark = " ".join(part for part in (left_out(len(shown), len(groups), "groups"), GRADES) if part)
        charts = [_along(name, groups) for name in self._dimensions]
        table = Table(f"Sums by {listed(names)}", columns, rows, remark)
        yield Section(f"By {listed(names)}", [*charts, table])

    def _not_estimated(self, summary: Summary) -> Iterator[Section]:
        if not self._problems:
            return
        columns = (
            Column("No.", tight=True),
            Column("Workload"),
            Column("What is wrong, and what would be right", broad=True),
            Column("Code"),
            Column("Pointer"),
        )
        remark = left_out(len(self._problems), summary.failed, "problems", elsewhere=_ELSEWHERE)
        table = Table("Workloads with a problem, which are in no sum", columns, self._problems, remark)
        yield Section("Not estimated", [table])

    def _each(self, summary: Summary) -> Iterator[Section]:
        if not self._workloads:
            return
        columns = (Column("No.", tight=True), Column("Workload"), Column("Region"), *_BY_BOTH)
        estimated = summary.count - summary.failed
        remark = ""
        if len(self._workloads) < estimated:
            remark = (
                f"{estimated - len(self._workloads):,} further workloads are not shown, but are in all sums: "
                f"{_ELSEWHERE} have all of them (Accept)."
            )
        yield Section("Each workload", [Table("Figures of each workload", columns, self._workloads, remark)])

    def _methodology(self) -> Iterator[Section]:
        method = self._method
        if method is None:
            return
        facts: list[tuple[str, Cell]] = [
            ("Method", Cell(f"{method.id} {method.version}")),
            ("Factor set", Cell(f"{method.factor_set.id} {method.factor_set.version}")),
        ]
        prints = self._methods.most_common(_MOST_FINGERPRINTS)
        rows = [Row([Cell(name), number(count)]) for name, count in prints]
        columns = (Column("Fingerprint", broad=True), Column("Workloads", numeric=True))
        remark = left_out(len(rows), len(self._methods), "fingerprints")
        table = Table("Fingerprints of the workloads shown: equal ones compare", columns, rows, remark)
        blocks: list[Block] = [Facts(facts), table]
        if len(self._methods) == 1:
            blocks.append(parameters_table(method.parameters))
        yield Section("Methodology", blocks)


def _period(months: set[str]) -> str:
    if not months:
        return ""
    first, last = min(months), max(months)
    return f"Workloads that began in {first}" if first == last else f"Workloads that began in {first} to {last}"


def _lead(summary: Summary) -> str:
    totals = summary.totals
    if totals is None:
        return "No workload could be estimated; the table below says why."
    location, market = totals.location_based, totals.market_based
    missing = [FIGURE_NAMES.get(path, path) for path in location.missing]
    lacking = f" Not known of every workload, and where unknown in no sum: {', '.join(missing)}." if missing else ""
    energy = f", from {readable(summary.energy_kwh)} kWh at the facility" if summary.energy_kwh is not None else ""
    return (
        f"{readable(location.kg_co2e)} kg CO2e with location-based Scope 2, or {readable(market.kg_co2e)} kg CO2e with "
        f"market-based Scope 2{energy}. {ALTERNATIVES}{lacking}"
    )


def _both(kwh: float | None, totals: Totals) -> list[Cell]:
    cells = [number(kwh)]
    for total in (totals.location_based, totals.market_based):
        cells.append(number(total.kg_co2e, strong=True))
        cells += [Cell(span(total.low_kg_co2e, total.high_kg_co2e)), Cell(total.grade, grade=True)]
    return cells


def _key(group: Group) -> list[Cell]:
    return [Cell("–" if part is None else part) for part in group.key.values()]


def _along(dimension: str, groups: Sequence[Group]) -> Chart:
    """Sums along one dimension, over all else that is grouped by; months in their order, else the largest first."""
    alike: dict[str | None, list[Group]] = {}
    for group in groups:
        alike.setdefault(group.key[dimension], []).append(group)
    sums = [(part, _Summed.of(some)) for part, some in alike.items()]
    if dimension == "month":
        shown = sorted(sums, key=lambda one: one[0] or "")[-_MOST_MONTHS:]
    else:
        shown = nlargest(_MOST_BARS, sums, key=lambda one: one[1].location[0])
    bars = []
    for part, summed in shown:
        bars.append(_pair("without one" if part is None else part, _LOCATION, LOCATION, summed.location))
        bars.append(_pair("", _MARKET, MARKET, summed.market))
    name = dimension.removeprefix(TAG)
    which = "last" if dimension == "month" else "largest"
    remark = f"The {which} {len(shown)} of {len(sums):,}." if len(shown) < len(sums) else ""
    return chart(f"By {name} [kg CO2e]", bars, _LEGEND, remark)


class _Summed(Struct, frozen=True):
    """Central, low and high of both totals over some groups. [kg CO2e]"""

    location: tuple[float, float, float]
    market: tuple[float, float, float]

    @classmethod
    def of(cls, groups: Sequence[Group]) -> Self:
        """Their sums."""
        return cls(
            _three([group.totals.location_based for group in groups]),
            _three([group.totals.market_based for group in groups]),
        )


def _three(totals: Sequence[Total]) -> tuple[float, float, float]:
    return (
        math.fsum(total.kg_co2e for total in totals),
        math.fsum(total.low_kg_co2e for total in totals),
        math.fsum(total.high_kg_co2e for total in totals),
    )


def _pair(label: str, tone: int, name: str, numbers: tuple[float, float, float]) -> Measured:
    kg, low, high = numbers
    return Measured(label, [(tone, name, kg)], low, high)
