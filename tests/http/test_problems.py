"""Errors as RFC 9457 problems."""

import httpx
import pytest
from msgspec import json

from service.errors import Fault
from service.http.problems import CODES, problem_of
from service.model.codes import codes

ERRORS = [code for code in codes().values() if code.severity == "error"]


@pytest.mark.parametrize("code", ERRORS, ids=lambda code: code.code)
def test_every_error_code_makes_a_problem(code: object) -> None:
    """Type, title and status come from the code; the pointer leads the detail."""
    known = codes()[code.code]  # type: ignore[attr-defined]
    problem = problem_of([Fault("/a/0", known.code, "wrong")], "/emissions")
    assert json.decode(json.encode(problem)) == {
        "type": f"urn:dualscope:problem:{known.code}",
        "title": known.message,
        "status": known.http_status,
        "detail": "/a/0: wrong",
        "instance": "/emissions",
        "code": known.code,
        "errors": [{"pointer": "/a/0", "code": known.code, "detail": "wrong"}],
    }
    assert known.http_status >= 400


def test_the_first_fault_names_the_problem() -> None:
    """Several faults are one problem, and its detail counts them."""
    faults = [Fault("/a", "PUE_BELOW_ONE", "first"), Fault("/b", "REGION_UNKNOWN", "second")]
    problem = problem_of(faults, "/emissions")
    assert (problem.code, problem.detail) == ("PUE_BELOW_ONE", "/a: first (and 1 more)")
    assert [error.pointer for error in problem.errors] == ["/a", "/b"]


@pytest.mark.parametrize("status", CODES)
def test_a_status_has_the_code_of_that_status(status: int) -> None:
    """What Litestar refuses gets a code whose own status is the same."""
    assert codes()[CODES[status]].http_status == status


@pytest.mark.parametrize("path", ["/regions", "/factors/x", "/hardware", "/methodology", "/health/live", "/docs"])
def test_a_reading_route_takes_no_post(client: httpx.Client, path: str) -> None:
    """405, and Allow lists what it takes."""
    response = client.post(path, json={})
    assert (response.status_code, response.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.options(path).headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path", ["/regions", "/regions/FR", "/factors", "/hardware", "/methodology", "/health/live", "/metrics"]
)
def test_a_reading_route_knows_its_forms(client: httpx.Client, path: str) -> None:
    """406 for a form that it has not."""
    response = client.get(path, headers={"accept": "image/png"})
    assert (response.status_code, response.json()["code"]) == (406, "NOT_ACCEPTABLE")


def test_a_path_that_is_no_utf8_is_not_found(client: httpx.Client) -> None:
    """Broken percent-encoding is a 404 like any other unknown name."""
    assert client.get("/factors/%ff%00").status_code == 404


def test_a_broken_host_header_is_refused(client: httpx.Client) -> None:
    """400, as a problem."""
    response = client.get("/health/live", headers={"host": "a b"})
    assert (response.status_code, response.json()["code"]) == (400, "VALUE_INVALID")
