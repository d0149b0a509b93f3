"""What a report is made of. Markdown and page are both written from these, so that they never tell different things.

All text is plain: it may be a caller's, and whoever writes it escapes it.
"""

from collections.abc import Sequence

from msgspec import Struct


class Cell(Struct, frozen=True, gc=False):
    """One cell of a table, or one fact."""

    text: str
    exact: str | None = None
    """The number with every digit, where `text` is rounded for reading."""
    url: str | None = None
    strong: bool = False
    grade: bool = False
    anchor: str | None = None
    """Name of this place, which `to` of others leads to."""
    to: Sequence[tuple[str, str]] = ()
    """Text and anchor of places in this report, in the place of `text`."""
    shade: int = 0
    """Of a heat table: -3 (least) to 3 (most)."""


class Column(Struct, frozen=True, gc=False):
    """Head of a column."""

    name: str
    numeric: bool = False
    broad: bool = False
    """Holds sentences."""
    tight: bool = False
    """Holds a word, a year, a grade."""

    @property
    def style(self) -> str:
        """How a page shows it."""
        return "n" if self.numeric else "broad" if self.broad else "tight" if self.tight else ""


class Row(Struct, frozen=True, gc=False):
    """A line of a table; the first cell says what it is of."""

    cells: Sequence[Cell]
    sum: bool = False
    """Whether it is the sum of lines above."""


class Table(Struct, frozen=True, gc=False):
    """Columns and rows, and what of them is not shown."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    remark: str = ""
    kind: str = "table"


class Facts(Struct, frozen=True, gc=False):
    """Names and values."""

    items: Sequence[tuple[str, Cell]]
    kind: str = "facts"


class Words(Struct, frozen=True, gc=False):
    """A paragraph."""

    text: str
    kind: str = "words"


class Notes(Struct, frozen=True, gc=False):
    """A list; serious ones are marked."""

    items: Sequence[tuple[bool, str]]
    kind: str = "notes"


class Segment(Struct, frozen=True, gc=False):
    """Part of a bar, in percent of the axis."""

    left: str
    width: str
    tone: int
    told: str


class Bar(Struct, frozen=True, gc=False):
    """One bar of a chart; its range, where it has one, in percent of the axis."""

    label: str
    shown: str
    segments: Sequence[Segment]
    low: str | None = None
    high: str | None = None
    told: str = ""
    """The range in words."""


class Chart(Struct, frozen=True, gc=False):
    """Bars over one axis. Its numbers all stand in a table too: Markdown leaves charts out."""

    title: str
    bars: Sequence[Bar]
    ticks: Sequence[tuple[str, str, str]]
    """Place in percent, which end of the text stands there, and the text."""
    legend: Sequence[tuple[int, str]] = ()
    remark: str = ""
    kind: str = "chart"


Block = Table | Facts | Words | Notes | Chart


class Section(Struct, frozen=True, gc=False):
    """A heading and what stands below it."""

    title: str
    blocks: Sequence[Block]


class Alternative(Struct, frozen=True, gc=False):
    """One of the two totals."""

    name: str
    value: Cell
    """[kg CO2e]"""
    span: str
    grade: str
    facts: Sequence[tuple[str, str]]


class Report(Struct, frozen=True, gc=False):
    """An answer, to be read."""

    kind: str
    """What it is a report of."""
    title: str
    period: str
    lead: str
    """The sentence that says it all."""
    facts: Sequence[tuple[str, str]]
    alternatives: Sequence[Alternative]
    """Never added together; none where there is but one total."""
    sections: Sequence[Section]
    foot: str
    """By which method and factors it was made."""
    level: int = 2
    """Of its heading in Markdown."""
