"""What one estimate collects on its way: faults, warnings, the factors it used."""

from typing import Literal

from msgspec import UNSET, Raw, UnsetType

from service.errors import Fault
from service.model.codes import codes
from service.model.resolved import Matched, Note
from service.model.result import Source, Warn


class Ledger:
    """Collects while the figures are formed; one an estimate."""

    __slots__ = ("explain", "faults", "notes", "sources")

    def __init__(self, faults: tuple[Fault, ...], *, explain: bool) -> None:
        self.explain = explain
        self.faults = list(faults)
        self.notes: list[Note] = []
        self.sources: dict[str, Source | Raw] = {}

    def fault(self, pointer: str, code: str, detail: str) -> None:
        """Something that the request cannot be answered with."""
        self.faults.append(Fault(pointer, code, detail))

    def warn(self, code: str, pointer: str, detail: str) -> None:
        """Something that the reader of the figures must know."""
        self.notes.append((code, pointer, detail))

    def use(self, factor: Matched) -> str:
        """Count a factor as used: its source is shown, and what its match makes known. Its id."""
        self.sources[factor.id] = factor.source
        if factor.notes:
            self.notes += factor.notes
        return factor.id

    def line(self, derivation: str) -> str | UnsetType:
        """An arithmetic line, where the caller asked for them."""
        return derivation if self.explain else UNSET

    def warnings(self) -> list[Warn]:
        """What was noted, by code; no code twice for one pointer."""
        merged: dict[tuple[str, str], str] = {}
        for code, pointer, detail in self.notes:
            known = merged.setdefault((code, pointer), detail)
            if detail not in known:
                merged[code, pointer] = f"{known}; {detail}"
        return [Warn(code, pointer, _severity(code), detail) for (code, pointer), detail in sorted(merged.items())]


def number(value: float) -> str:
    """A number as a derivation prints it: 12 significant digits."""
    return format(value, ".12g")


def _severity(code: str) -> Literal["info", "warning"]:
    return "info" if codes()[code].severity == "info" else "warning"
