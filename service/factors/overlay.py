"""An operator's own rows, which outrank the shipped ones."""

from collections.abc import Hashable, Iterable

from service.factors.columns import TIMELESS_KINDS, kind_of, subject_of
from service.factors.csvfiles import Line


def outrank(shipped: Iterable[Line], overlay: Iterable[Line]) -> list[Line]:
    """The overlay's rows and those shipped rows that it does not replace.

    A row replaces the shipped ones of the same id, and those of the same kind, zone and year; where a kind is not
    issued by years (a device, a place) those of the same subject.
    """
    overlay = list(overlay)
    ids = {line.row["id"] for line in overlay}
    subjects = {_subject(line) for line in overlay}
    return [line for line in shipped if line.row["id"] not in ids and _subject(line) not in subjects] + overlay


def _subject(line: Line) -> Hashable:
    kind = kind_of(line.row)
    year = "" if kind in TIMELESS_KINDS else line.row["valid_from"][:4]
    return kind, subject_of(line.table, line.row), year
