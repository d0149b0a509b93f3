"""Certificates that several workloads of a batch claim."""

from service.model.result import Warn
from service.model.workload import Instrument, Workload

MOST_TOLD = 100
"""Certificates that are told of one by one."""


class Claims:
    """Who claims which certificate.

    Within one workload the method judges equal serials. Between workloads no figure is changed: whether a certificate
    is large enough for all of them only the caller knows.
    """

    def __init__(self, shared: Workload | None) -> None:
        self._shared = shared.instruments if shared is not None else []
        self._first: dict[str, str] = {}
        self._again: dict[str, str] = {}
        self._workloads: dict[str, int] = {}

    def add(self, index: int, workload: Workload) -> None:
        """Take the instruments of one workload."""
        shared = bool(self._shared) and workload.instruments is self._shared
        where = "/defaults" if shared else f"/workloads/{index}"
        for serial, place in _serials(workload.instruments).items():
            pointer = f"{where}/instruments/{place}/serial"
            claimed = self._workloads[serial] = self._workloads.get(serial, 0) + 1
            if claimed == 1:
                self._first[serial] = pointer
            elif serial not in self._again:
                self._again[serial] = pointer

    def warnings(self) -> list[Warn]:
        """One for each certificate that is claimed again."""
        told = sorted(self._again.items(), key=lambda claim: claim[1])[:MOST_TOLD]
        left = len(self._again) - len(told)
        more = f"; {left} more certificates are claimed by several workloads" if left else ""
        return [
            Warn("MB_DOUBLE_CLAIM", pointer, "warning", self._detail(serial) + (more if last else ""))
            for serial, pointer, last in ((*claim, claim is told[-1]) for claim in told)
        ]

    def _detail(self, serial: str) -> str:
        of = f"the certificate {serial[:64]!r} is claimed by {self._workloads[serial]} workloads"
        return f"{of}, first at {self._first[serial]}; the figures are as if it were large enough for all"


def _serials(instruments: list[Instrument]) -> dict[str, int]:
    """Serial → its first place; a carbon credit claims no electricity."""
    found: dict[str, int] = {}
    for place, instrument in enumerate(instruments):
        if instrument.serial is not None and instrument.type != "carbon_credit":
            found.setdefault(instrument.serial, place)
    return found
