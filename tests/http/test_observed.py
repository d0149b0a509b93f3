"""What stands around every request: ids, headers, the log, and what nobody foresaw."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.app import create_app
from service.factors.store import FactorStore
from service.http.observed import AccessLog, LogLine
from service.resolve import Resolver
from service.settings import Settings

LINE = LogLine(1767225600.5, "id-1", "GET", "/factors/{factor_id}", "/factors/x%0Ay", 404, 0.25)


@pytest.mark.parametrize("path", ["/health/live", "/nothing", "/factors?limit=0", "/emissions", "/docs"])
def test_every_answer_has_the_headers(client: httpx.Client, path: str) -> None:
    """Whatever the status: request id, factor set, no guessing of types, no referrer."""
    headers = client.get(path).headers
    assert headers["x-request-id"]
    assert headers["x-factor-set"].startswith("2026.1+")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("name", ["a", "4f0c-77", "trace:1/2", "x" * 128])
def test_a_sane_request_id_is_taken(client: httpx.Client, name: str) -> None:
    """A caller finds its own id again."""
    assert client.get("/health/live", headers={"x-request-id": name}).headers["x-request-id"] == name


@pytest.mark.parametrize("name", ["", "x" * 129, "a b", "ä", '"', "{}"])
def test_another_request_id_is_replaced(client: httpx.Client, name: str) -> None:
    """What is too long or no plain token is not repeated."""
    given = client.get("/health/live", headers={"x-request-id": name.encode()}).headers["x-request-id"]
    assert given
    assert given != name


def test_request_ids_differ(client: httpx.Client) -> None:
    """An id that the service makes is not made twice."""
    ids = [client.get("/health/live").headers["x-request-id"] for _ in range(20)]
    assert len(set(ids)) == 20


class Broken:
    """A resolver with a defect."""

    def __init__(self, store: FactorStore) -> None:
        self.store = store
        self.cached_contexts = 0

    async def resolve(self, _: Any) -> Any:
        raise ZeroDivisionError


@pytest.fixture
def broken(store: FactorStore) -> Iterator[TestClient[Litestar]]:
    """The service with a defect inside."""
    resolver: Any = Broken(store)
    with TestClient(create_app(Settings(log_format="off"), store=store, resolver=resolver)) as caller:
        yield caller


def test_what_nobody_foresaw_is_logged_and_bare(broken: TestClient[Litestar], caplog: pytest.LogCaptureFixture) -> None:
    """500 tells nothing of the inside; the traceback is logged once."""
    response = broken.post("/emissions", json={"region": "FR", "energy": {"kwh": 1}})
    assert response.status_code == 500
    assert response.json()["code"] == "INTERNAL_ERROR"
    assert "ZeroDivisionError" not in response.text
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


def test_the_log_is_one_line_a_request() -> None:
    """JSON, and no line break of a path gets into it."""
    stream = io.BytesIO()
    log = AccessLog("json", stream)
    log._lines = [LINE]
    log.flush()
    assert msgspec.json.decode(stream.getvalue()) == {
        "time": 1767225600.5,
        "request_id": "id-1",
        "method": "GET",
        "route": "/factors/{factor_id}",
        "path": "/factors/x%0Ay",
        "status": 404,
        "milliseconds": 0.25,
    }
    assert stream.getvalue().count(b"\n") == 1


def test_the_log_can_be_read() -> None:
    """As text: when, status, what, how long, which request."""
    stream = io.BytesIO()
    log = AccessLog("text", stream)
    log._lines = [LINE]
    log.flush()
    assert stream.getvalue() == b"2026-01-01T00:00:00.500000Z 404 GET /factors/x%0Ay 0.250 ms id-1\n"


def test_a_request_is_logged_without_its_query(
    store: FactorStore, resolver: Resolver, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Counts and paths, neither queries nor bodies; the last lines are written at the end."""
    with TestClient(create_app(Settings(log_format="json"), store=store, resolver=resolver)) as caller:
        caller.get("/factors?zone=secret")
    (line,) = capfdbinary.readouterr().out.splitlines()
    assert msgspec.json.decode(line, type=LogLine).path == "/factors"
    assert b"secret" not in line
