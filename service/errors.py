"""What can go wrong. Nothing here knows HTTP.

DualscopeError
├── Refused              the request makes no sense or has no answer: every fault, each with its pointer
└── FactorDataInvalid    a factor table cannot be loaded: file, line and mend
"""

from msgspec import Struct


class Fault(Struct, frozen=True, order=True, gc=False):
    """One thing that is wrong with a request: where, which code, what would be right."""

    pointer: str
    """RFC 6901, into the request body."""
    code: str
    detail: str


class DualscopeError(Exception):
    """Something that this program foresees."""


class Refused(DualscopeError):
    """The request cannot be answered as it stands."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults))
        self.faults = sorted(faults)


class FactorDataInvalid(DualscopeError):
    """A factor table cannot be loaded."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
