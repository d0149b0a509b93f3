"""The report of a divided pool."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, localcontext
from heapq import nlargest
from itertools import islice

from msgspec import Raw, Struct

from service.method.allocation import Steps, slices
from service.model.pool import AllocationLine, Allocations, Comparison, DividedPool
from service.reports.charts import Measured, chart
from service.reports.parts import (
    Alternative,
    Block,
    Cell,
    Chart,
    Column,
    Facts,
    Notes,
    Report,
    Row,
    Section,
    Table,
    Words,
)
from service.reports.sections import FIGURE_NAMES, MOST_ROWS, left_out, methodology_section, warnings_section
from service.reports.wording import decimals_of, every_digit, exact_number, foot, linked, percent, readable, span

Kilograms = float | Raw
_MOST_BARS = 20
_DIGITS = 100
"""More than any pool has."""
_MOST_COMPONENTS = 4
"""As columns of a table, and tones of a bar."""
_PLAIN_TONE = 6
_BASES = {"location_based": "location-based Scope 2", "market_based": "market-based Scope 2"}
_ORIGINS = {
    "kg_co2e": "a total that was sent",
    "components": "totals that were sent, by component",
    "workload": "a workload, estimated with this request",
    "emissions": "an earlier answer",
}
_FOLLOWS = {
    "time": "time: device-hours held",
    "utilization": "utilization: device-hours used",
    "physical": "physical: metered resources",
    "economic": "economic: cost",
    "two_part": "two-part: a part by hours held, the rest by hours used",
}
_FORMULAS = {
    "time": "share = hours of the consumer ÷ hours of {whole}",
    "utilization": "share = device-hours × utilization of the consumer ÷ the same of {whole}",
    "physical": "share = Σ weight × resource of the consumer ÷ that resource of {whole}",
    "economic": "share = cost of the consumer ÷ cost of {whole}",
    "two_part": "share = static × hours held ÷ those of {whole} + (1 − static) × hours used ÷ those of {whole}",
}
_BOUNDS = (0.25, 0.1, 0.03)
"""From which distance to the mean of a row on a cell is shaded, darkest first."""


def allocations_report(answer: Allocations) -> Steps[Report]:
    """All of an answer of `POST /allocations` that people can read; the rest is counted."""
    assert isinstance(answer.allocations, list)  # noqa: S101 - encoded only for JSON
    lines = answer.allocations
    largest: list[AllocationLine] = []
    for piece in slices(len(lines)):
        largest = nlargest(_MOST_BARS, [*largest, *lines[piece]], key=lambda line: _float(line.kg_co2e))
        yield
    pool = answer.pool
    return Report(
        kind="Allocation of a pool",
        title=_title(pool),
        period=_period(pool),
        lead=_lead(answer, len(lines)),
        facts=[*_facts(answer, len(lines))],
        alternatives=[_card(answer)],
        sections=[
            Section("What falls on each consumer", [_chart(largest, len(lines)), _table(answer, lines)]),
            *_compared(answer.comparison, lines),
            *_pool(pool),
            *warnings_section(answer.warnings),
            _making(answer),
            methodology_section(answer.methodology),
        ],
        foot=foot(answer.methodology),
    )


def _float(kilograms: Kilograms) -> float:
    return float(kilograms) if isinstance(kilograms, float) else float(bytes(kilograms))


def _decimal(kilograms: Kilograms) -> Decimal:
    return Decimal(every_digit(kilograms).replace(",", ""))


def _title(pool: DividedPool) -> str:
    report = pool.report
    if report is None:
        return f"A pool of {readable(_float(pool.kg_co2e))} kg CO2e"
    return " ".join(
        part for part in (report.title or "A reported total", "of", report.provider, report.account) if part
    )


def _period(pool: DividedPool) -> str:
    period = pool.report.period if pool.report is not None else None
    return f"{period.start} to {period.end}, the end not included" if period is not None else ""


def _lead(answer: Allocations, consumers: int) -> str:
    idle = answer.unallocated
    rest = "" if idle is None else f" {readable(_float(idle.kg_co2e))} kg CO2e ({percent(idle.share)}) falls on nobody."
    who = "one consumer" if consumers == 1 else f"{consumers:,} consumers"
    return (
        f"{readable(_float(answer.pool.kg_co2e))} kg CO2e are divided among {who} by {_FOLLOWS[answer.method]}.{rest} "
        "The parts sum to the pool exactly."
    )


def _facts(answer: Allocations, consumers: int) -> Iterator[tuple[str, str]]:
    yield "Method", answer.method
    yield "Consumers", f"{consumers:,}"
    yield "Divided by", answer.driver_unit
    yield "Idle capacity", "charged pro rata" if answer.unallocated is None else "a line of its own"
    if answer.pool.basis is not None:
        yield "Figures", f"with {_BASES[answer.pool.basis]}"


def _card(answer: Allocations) -> Alternative:
    pool = answer.pool
    known = pool.low_kg_co2e is not None and pool.high_kg_co2e is not None
    limits = span(pool.low_kg_co2e, pool.high_kg_co2e) if known else ""  # type: ignore[arg-type]
    basis = f", with {_BASES[pool.basis]}" if pool.basis is not None else ""
    facts = [("from", _ORIGINS[pool.origin])]
    if pool.missing:
        facts.append(("not in it", ", ".join(FIGURE_NAMES.get(path, path) for path in pool.missing)))
    return Alternative(f"in the pool{basis}", exact_number(pool.kg_co2e), limits, pool.grade or "", facts)


def _chart(largest: Sequence[AllocationLine], consumers: int) -> Chart:
    names = [*largest[0].components] if largest else []
    stacked = 0 < len(names) <= _MOST_COMPONENTS
    bars = [
        Measured(
            line.id,
            [(tone, name, _float(line.components[name])) for tone, name in enumerate(names, 1)]
            if stacked
            else [(_PLAIN_TONE, line.id, _float(line.kg_co2e))],
        )
        for line in largest
    ]
    remark = f"The {len(largest)} largest of {consumers:,} consumers." if len(largest) < consumers else ""
    return chart("Consumers [kg CO2e]", bars, [*enumerate(names, 1)] if stacked else (), remark)


def _table(answer: Allocations, lines: Sequence[AllocationLine]) -> Table:
    names = [*answer.pool.components]
    names = names if len(names) <= _MOST_COMPONENTS else []
    columns = [
        Column("Consumer"),
        Column(f"Driver [{answer.driver_unit}]", numeric=True),
        Column("Share", numeric=True),
        Column("kg CO2e", numeric=True),
        *(Column(f"{name} [kg CO2e]", numeric=True) for name in names),
    ]
    shown = lines[:MOST_ROWS]
    parts = _Parts(names, _decimals([line.kg_co2e for line in shown]))
    rows = [
        Row([Cell(line.id), _number(line.driver), _share(line.share), *parts.cells(line.kg_co2e, line.components)])
        for line in shown
    ]
    if len(shown) < len(lines):
        rows.append(_further(answer, shown, len(lines), parts))
    idle = answer.unallocated
    if idle is not None:
        cells = [Cell("Unallocated: idle capacity"), Cell(""), _share(idle.share)]
        rows.append(Row([*cells, *parts.cells(idle.kg_co2e, idle.components)]))
    pool = answer.pool
    whole = [Cell("Pool"), Cell(""), Cell("100 %", "1"), *parts.cells(pool.kg_co2e, pool.components)]
    rows.append(Row(whole, sum=True))
    remark = left_out(len(shown), len(lines), "consumers", "JSON and CSV")
    if len(answer.pool.components) > _MOST_COMPONENTS:
        remark = f"{remark} The parts by component are in JSON and CSV.".strip()
    return Table("Every part, to the last decimal", columns, rows, remark)


class _Parts(Struct, frozen=True):
    """Columns of kilograms, each with its decimals in line."""

    names: Sequence[str]
    decimals: int

    def cells(self, total: Kilograms, components: dict[str, Kilograms]) -> list[Cell]:
        """Total and components."""
        parts = [exact_number(components[name], decimals=self.decimals) for name in self.names]
        return [exact_number(total, strong=True, decimals=self.decimals), *parts]


def _decimals(numbers: Iterable[Kilograms]) -> int:
    return max((decimals_of(every_digit(kg)) for kg in numbers), default=0)


def _number(value: float) -> Cell:
    return Cell(readable(value), repr(value))


def _share(share: float) -> Cell:
    return Cell(percent(share), repr(share))


def _further(answer: Allocations, shown: Sequence[AllocationLine], of: int, parts: _Parts) -> Row:
    """What is in the pool beyond the lines shown, so that the table sums."""
    idle = answer.unallocated
    with localcontext(prec=_DIGITS):
        told = [*(line.kg_co2e for line in shown), *([idle.kg_co2e] if idle is not None else [])]
        rest = _decimal(answer.pool.kg_co2e) - sum(map(_decimal, told), Decimal(0))
        text = format(rest, "f")
    kilograms = exact_number(Raw(text.encode()), strong=True, decimals=parts.decimals)
    name = Cell(f"{of - len(shown):,} further consumers")
    return Row([name, Cell(""), Cell(""), kilograms, *(Cell("") for _ in parts.names)])


def _compared(comparison: Comparison | None, lines: Sequence[AllocationLine]) -> Iterator[Section]:
    if comparison is None:
        return
    parts = {method: known for method, known in comparison.by_method.items() if isinstance(known, dict)}
    spread = comparison.spread_kg_co2e
    assert isinstance(spread, dict)  # noqa: S101 - encoded only for JSON
    columns = [Column("Consumer"), *(Column(method, numeric=True) for method in parts), Column("Spread", numeric=True)]
    names = [line.id for line in islice(lines, MOST_ROWS)]
    decimals = _decimals(parts[method][name] for method in parts for name in names)
    rows = [
        Row(
            [
                Cell(name),
                *_shaded([parts[method][name] for method in parts], decimals),
                exact_number(spread[name], strong=True, decimals=decimals),
            ]
        )
        for name in names
    ]
    if comparison.unallocated_kg_co2e:
        idle = [comparison.unallocated_kg_co2e.get(method) for method in parts]
        cells = [exact_number(kg, decimals=decimals) if kg is not None else Cell("–") for kg in idle]
        rows.append(Row([Cell("Unallocated"), *cells, Cell("")]))
    remark = (
        "Blue: less than the consumer's mean over the methods; orange: more; the stronger from 3, 10 and 25 % on. "
        "Spread: its largest less its smallest part, which the choice of method alone decides."
    )
    hidden = left_out(len(names), len(lines), "consumers")
    blocks: list[Block] = [
        Table("kg CO2e by every method that the data allows", columns, rows, f"{remark} {hidden}".strip())
    ]
    if comparison.not_computable:
        lacking = [(False, f"{one.method}: {one.detail}") for one in comparison.not_computable]
        blocks += [Words("Methods that the data does not allow:"), Notes(lacking)]
    yield Section("How much the choice of method moves", blocks)


def _shaded(row: Sequence[Kilograms], decimals: int) -> list[Cell]:
    values = [_float(kg) for kg in row]
    mean = sum(values) / len(values)
    return [
        exact_number(kg, shade=_shade(value, mean), decimals=decimals) for kg, value in zip(row, values, strict=True)
    ]


def _shade(value: float, mean: float) -> int:
    if mean == 0:
        return 0
    away = value / mean - 1
    strength = next((3 - index for index, bound in enumerate(_BOUNDS) if abs(away) >= bound), 0)
    return strength if away > 0 else -strength


def _pool(pool: DividedPool) -> Iterator[Section]:
    facts: list[tuple[str, Cell]] = [("From", Cell(_ORIGINS[pool.origin]))]
    report = pool.report
    if report is not None:
        facts += [("Reported by", Cell(report.provider)), ("Account", Cell(report.account or "–"))]
        facts += [("Report", Cell(report.title or "–")), ("Address", Cell(report.url or "–", url=linked(report.url)))]
    facts.append(("Before rounding to the precision", Cell(f"{every_digit(pool.unrounded_kg_co2e)} kg CO2e")))
    if pool.unallocated_kg_co2e is not None:
        words = f"{readable(pool.unallocated_kg_co2e)} kg CO2e, no part of the pool"
        facts.append(("Of hardware charged to nobody by its own method", Cell(words)))
    blocks: list[Block] = [Facts(facts)]
    if pool.components:
        whole = _float(pool.kg_co2e)
        rows = [
            Row([Cell(name), exact_number(kg), _share(_float(kg) / whole) if whole else Cell("–")])
            for name, kg in pool.components.items()
        ]
        rows.append(Row([Cell("Pool"), exact_number(pool.kg_co2e), Cell("100 %")], sum=True))
        columns = (Column("Component"), Column("kg CO2e", numeric=True), Column("Part of the pool", numeric=True))
        blocks.append(Table("The pool by component; each is divided on its own", columns, rows))
    yield Section("The pool", blocks)


def _making(answer: Allocations) -> Section:
    whole = "all consumers" if answer.unallocated is None else "the pool's capacity"
    formula = _FORMULAS[answer.method].format(whole=whole)
    words = (
        f"{formula}; kg CO2e = share × pool. Each part is rounded to the precision asked for, and what rounding leaves "
        "goes to the largest remainders, so that the parts sum to the pool. The factors behind a pool that was "
        "estimated are listed by POST /emissions for the same workload."
    )
    return Section("How each figure is made", [Words(words)])
