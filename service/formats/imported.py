"""What a reader of a foreign format is given beside the file, and what it gives: workloads with where each stood.

A reader is a generator. Between records it may give nothing (`None`): it is still reading, others may have their turn.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, tzinfo
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from service.errors import Fault, Refused
from service.factors.store import FactorStore
from service.model.resolved import Note
from service.model.workload import Level, Method, Money, Workload


class Given(Struct, frozen=True, kw_only=True, gc=False):
    """What the caller says of every record, because the file does not; and the store, for names."""

    store: FactorStore
    region: str | None = None
    """Goes before what the file says of the place."""
    instance: str | None = None
    allocation: Method | None = None
    host_overhead_ratio: float | None = None
    cost: Money | None = None
    """Of the one record that there is."""
    zone: tzinfo = UTC
    """Of times that state none."""
    unit: str | None = None
    """Of a meter's readings."""
    level: Level | None = None
    """Side of the meter of all energy in the file."""
    zone_assumed: bool = True
    """Nobody has said so."""


class Imported(Struct, frozen=True, kw_only=True, gc=False):
    """A record as a workload."""

    row: int
    """Number of the record, from 1; a header is none."""
    workload: Workload
    reported_kg_co2e: float | None = None
    """What the file itself says that it emitted, kept beside ours and never added to it. [kg CO2e]"""
    notes: tuple[Note, ...] = ()
    """Warnings of the reading: code, pointer (`/row/column`), detail."""


class LeftOut(Struct, frozen=True, kw_only=True, gc=False):
    """A record that is no workload of its own, and rightly so; those of one reason are counted."""

    row: int
    reason: str
    """One of the few that the format has, in words."""


class Unread(Struct, frozen=True, kw_only=True, gc=False):
    """A record that cannot be read; those around it can."""

    row: int
    faults: tuple[Fault, ...]
    """Pointers are `/row/column`."""


def unread(refused: Refused) -> Unread:
    """A record that was refused; its number stands in the pointers."""
    _, number, *_ = refused.faults[0].pointer.split("/")
    return Unread(row=int(number), faults=tuple(refused.faults))


def alone(found: Imported | Unread) -> Imported:
    """A record that is the whole body: pointers lead into it, without its number.

    Raises:
        Refused: it cannot be read.
    """
    number = f"/{found.row}"
    if isinstance(found, Unread):
        faults = [Fault(fault.pointer.removeprefix(number), fault.code, fault.detail) for fault in found.faults]
        raise Refused(faults)
    notes = tuple((code, pointer.removeprefix(number), detail) for code, pointer, detail in found.notes)
    return replace(found, notes=notes)


Record = Imported | LeftOut | Unread
Reader = Callable[[BinaryIO, Given], Iterator[Record | None]]
"""Takes a file at its beginning, in which it may seek. It raises `Refused` where the file is none of its format."""
