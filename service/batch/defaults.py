"""What the workloads of a batch have in common: a field that one has itself replaces that of `defaults` whole."""

import msgspec
from msgspec import Raw

from service.errors import Fault
from service.model.workload import Instrument, Workload


class Defaults:
    """Fields for workloads that have none of their own.

    They are read once and then handed over as they are: their size costs nothing in each workload.
    """

    def __init__(self, body: bytes, workload: Workload) -> None:
        self.workload = workload
        self._given = msgspec.json.decode(body, type=dict[str, Raw]).keys()
        self._fields = {name: getattr(workload, name) for name in self._given}
        own = [(name, Raw, None) for name in self._given]
        self._own = msgspec.json.Decoder(msgspec.defstruct("Own", own, gc=False)).decode

    def over(self, body: bytes, workload: Workload) -> Workload:
        """The workload with what it lacks.

        Args:
            body: its JSON, which alone tells a field that was sent from one that was not.
            workload: what that was read as.
        """
        own = self._own(body)
        lacking = {name: value for name, value in self._fields.items() if getattr(own, name) is None}
        return msgspec.structs.replace(workload, **lacking) if lacking else workload

    def holds(self, pointer: str, body: bytes) -> bool:
        """Whether what a pointer into a workload points at is of these fields, not of its own."""
        name = pointer[1:].partition("/")[0]
        return name in self._given and getattr(self._own(body), name) is None


def faults_of_defaults(workload: Workload) -> list[Fault]:
    """What may not be said of all workloads at once: an amount of energy that an instrument covers."""
    return [
        Fault(
            f"/defaults/instruments/{index}/{field}",
            "FIELDS_CONFLICT",
            "every workload would claim this energy: send percent, or the instrument with the one workload",
        )
        for index, instrument in enumerate(workload.instruments)
        for field in _amounts(instrument)
    ]


def _amounts(instrument: Instrument) -> list[str]:
    return [field for field in ("kwh", "hourly_kwh") if getattr(instrument, field) is not None]
