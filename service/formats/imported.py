"""What a reader of a foreign format gives: workloads with where each stood, or why a record cannot be read."""

from msgspec import Struct

from service.errors import Fault
from service.model.resolved import Note
from service.model.workload import Workload


class Imported(Struct, frozen=True, kw_only=True, gc=False):
    """A record as a workload."""

    row: int
    """Number of the record, from 1; a header is none."""
    workload: Workload
    reported_kg_co2e: float | None = None
    """What the file itself says that it emitted, kept beside ours and never added to it. [kg CO2e]"""
    notes: tuple[Note, ...] = ()
    """Warnings of the reading: code, pointer (`/row/column`), detail."""


class Unread(Struct, frozen=True, kw_only=True, gc=False):
    """A record that cannot be read; those around it can."""

    row: int
    faults: tuple[Fault, ...]
    """Pointers are `/row/column`."""


Record = Imported | Unread
