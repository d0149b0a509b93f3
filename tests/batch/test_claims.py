"""Certificates that several workloads claim."""

from typing import Any

import msgspec

from service.batch.claims import MOST_TOLD, Claims
from service.model.workload import Workload


def job(*serials: str | None, kind: str = "rec") -> Workload:
    """A workload with instruments of these serials."""
    given: list[dict[str, Any]] = [
        {"id": f"{index}", "type": kind, "percent": 10, "serial": serial} for index, serial in enumerate(serials)
    ]
    return msgspec.convert({"instruments": given}, Workload)


def told(*jobs: Workload, shared: Workload | None = None) -> list[tuple[str, str]]:
    """Return where what is told."""
    claims = Claims(shared)
    for index, one in enumerate(jobs):
        claims.add(index, one)
    assert {warning.code for warning in claims.warnings()} <= {"MB_DOUBLE_CLAIM"}
    return [(warning.pointer, warning.detail) for warning in claims.warnings()]


def test_a_serial_in_two_workloads_is_told_at_the_second() -> None:
    """Once, with how many claim it and who was first."""
    ((pointer, detail),) = told(job("a", "b"), job(None), job("c", "b"), job("b"))
    assert pointer == "/workloads/2/instruments/1/serial"
    assert detail == (
        "the certificate 'b' is claimed by 3 workloads, first at /workloads/0/instruments/1/serial; "
        "the figures are as if it were large enough for all"
    )


def test_a_serial_twice_in_one_workload_is_the_method_s_matter() -> None:
    """It is judged there; here it is one claim."""
    assert told(job("a", "a")) == []


def test_a_carbon_credit_claims_no_electricity() -> None:
    """It never counts, so it cannot count twice."""
    assert told(job("a", kind="carbon_credit"), job("a", kind="carbon_credit")) == []


def test_a_certificate_of_the_defaults_is_told_there() -> None:
    """Every workload claims it."""
    shared = job("a")
    claims = [msgspec.structs.replace(job(), instruments=shared.instruments) for _ in range(3)]
    ((pointer, detail),) = told(*claims, shared=shared)
    assert pointer == "/defaults/instruments/0/serial"
    assert "claimed by 3 workloads" in detail


def test_there_is_an_end_to_telling() -> None:
    """Of very many certificates the rest is counted in the last line."""
    serials = [f"{index:04}" for index in range(MOST_TOLD + 7)]
    found = told(job(*serials), job(*serials))
    assert len(found) == MOST_TOLD
    assert found[-1][1].endswith("; 7 more certificates are claimed by several workloads")
