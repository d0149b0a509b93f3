"""A report as Markdown: for the job summary of a build, a pull request, a wiki."""

from collections.abc import Iterator, Sequence

from service.method.allocation import Steps
from service.reports.parts import Alternative, Cell, Chart, Facts, Notes, Report, Section, Table, Words
from service.reports.wording import visible

_MARKS = str.maketrans({mark: "\\" + mark for mark in "\\`*_[]<>|#~$&"})
_LINES_A_STEP = 64
_LISTS = ("-", "+", "=")


def written(report: Report) -> bytes:
    """All of it but its charts, whose numbers stand in its tables."""
    return ("\n".join(_lines(report)) + "\n").encode()


def in_steps(report: Report) -> Steps[bytes]:
    """The same in steps, so that others have their turn."""
    lines: list[str] = []
    for line in _lines(report):
        lines.append(line)
        if not len(lines) % _LINES_A_STEP:
            yield
    return ("\n".join(lines) + "\n").encode()


def escaped(text: str) -> str:
    """Text of a caller's, so that it stays text: no table cell, link, tag, formula or line of its own."""
    line = visible(text).translate(_MARKS).replace("://", "\\://").replace("www.", "www\\.")
    return f"\\{line}" if line.startswith(_LISTS) else line


def _lines(report: Report) -> Iterator[str]:
    heading = "#" * report.level
    yield f"{heading} {report.kind}: {escaped(report.title)}"
    yield ""
    yield escaped(report.lead)
    if report.alternatives:
        yield ""
        yield from (_alternative(one) for one in report.alternatives)
    facts = [("Period", report.period), *report.facts] if report.period else report.facts
    if facts:
        yield ""
        yield from (f"- {escaped(name)}: {escaped(value)}" for name, value in facts)
    for section in report.sections:
        yield from _section(section, f"{heading}#")
    yield ""
    yield f"Method {escaped(report.foot)}."


def _alternative(one: Alternative) -> str:
    facts = "; ".join(f"{name} {value}" for name, value in one.facts)
    grade = f", grade {one.grade}" if one.grade else ""
    return f"- **{one.value.text} kg CO2e** {escaped(one.name)} ({one.span}{grade}; {escaped(facts)})"


def _section(section: Section, heading: str) -> Iterator[str]:
    blocks = [block for block in section.blocks if not isinstance(block, Chart)]
    if not blocks:
        return
    yield ""
    yield f"{heading} {escaped(section.title)}"
    for block in blocks:
        yield ""
        if isinstance(block, Table):
            yield from _table(block, several=sum(isinstance(other, Table) for other in blocks) > 1)
        elif isinstance(block, Facts):
            yield from (f"- {escaped(name)}: {_cell(cell)}" for name, cell in block.items)
        elif isinstance(block, Notes):
            yield from (f"- {escaped(text)}" for _, text in block.items)
        elif isinstance(block, Words):
            yield escaped(block.text)


def _table(table: Table, *, several: bool) -> Iterator[str]:
    if several:
        yield f"{escaped(table.caption)}:"
        yield ""
    yield f"| {' | '.join(escaped(column.name) for column in table.columns)} |"
    yield "|" + "|".join("---:" if column.numeric else "---" for column in table.columns) + "|"
    for row in table.rows:
        yield f"| {' | '.join(_row(row.cells, strong=row.sum))} |"
    if table.remark:
        yield ""
        yield escaped(table.remark)


def _row(cells: Sequence[Cell], *, strong: bool) -> Iterator[str]:
    for cell in cells:
        text = _cell(cell)
        yield f"**{text}**" if (strong or cell.strong) and text else text


def _cell(cell: Cell) -> str:
    if cell.to:
        return ", ".join(escaped(text) for text, _ in cell.to)
    if cell.url is not None:
        return f"<{cell.url}>"
    return escaped(cell.text)
