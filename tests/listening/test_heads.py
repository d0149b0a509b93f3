"""The wire: heads and bodies that are too large, never end, or are no HTTP; too many requests at once."""

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from service.app import create_app
from service.factors.store import FactorStore
from service.listening.server import configuration
from service.resolve import Resolver
from service.settings import Settings

WORKLOAD = b'{"region": "FR", "energy": {"kwh": 1}}'
HEAD = b"POST /emissions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"


@contextlib.contextmanager
def listening(store: FactorStore, resolver: Resolver, **given: object) -> Iterator[int]:
    """The server that `dualscope serve` runs, with short times; its port."""
    settings = Settings(log_format="off", **given)  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = create_app(settings, store=store, resolver=resolver)
        server = uvicorn.Server(configuration(app, settings))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def port(store: FactorStore, resolver: Resolver) -> Iterator[int]:
    """Of a server with low limits."""
    limits = {"head_limit_bytes": 4096, "url_limit_bytes": 1024, "head_seconds": 0.2, "silence_seconds": 0.2}
    with listening(store, resolver, **limits) as port:
        yield port


def told(port: int, sent: bytes) -> bytes:
    """All that the server says until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(sent)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while block := connection.recv(65536):
                answer += block
        return answer


def refusal(answer: bytes) -> int:
    """The status of an answer that is a problem without a code of its own."""
    head, _, body = answer.partition(b"\r\n\r\n")
    problem = json.loads(body)
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    assert problem["type"] == "about:blank"
    assert head.startswith(b"HTTP/1.1 %d " % problem["status"])
    return int(problem["status"])


def test_a_long_url_is_refused(port: int) -> None:
    """One byte over it, and one that goes on and on."""
    exactly = b"/methodology?" + b"q" * (1024 - 13)
    assert httpx.get(f"http://127.0.0.1:{port}{exactly.decode()}").status_code == 400  # no such parameter
    assert refusal(told(port, b"GET " + exactly + b"q HTTP/1.1\r\nhost: x\r\n\r\n")) == 414
    assert refusal(told(port, b"GET /" + b"q" * 5000)) == 414


@pytest.mark.parametrize(
    "headers",
    [
        b"x: " + b"x" * 4096 + b"\r\n\r\n",
        b"x: " + b"x" * 5000,
        b"".join(b"x%d: x\r\n" % n for n in range(129)) + b"\r\n",
    ],
    ids=["too large", "endless", "too many"],
)
def test_a_large_head_is_refused(port: int, headers: bytes) -> None:
    """By its bytes, whole or not, and by the number of headers."""
    assert refusal(told(port, b"GET /health/live HTTP/1.1\r\nhost: x\r\n" + headers)) == 431


def test_the_head_of_a_later_request_counts_by_itself(port: int) -> None:
    """A body before it is no part of it, nor do many small heads make a large one."""
    small = b"GET /health/live HTTP/1.1\r\nhost: x\r\nx: " + b"x" * 1000 + b"\r\n\r\n"
    body = WORKLOAD.ljust(8000)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        for sent in (HEAD % len(body) + body, *[small] * 6):
            connection.sendall(sent)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("sent", "answered"),
    [(b"", b""), (b"GET /health/live HT", b"408"), (b"GET /health/live HTTP/1.1\r\nhost: x\r\n", b"408")],
)
def test_a_head_that_does_not_come_is_not_waited_for(port: int, sent: bytes, answered: bytes) -> None:
    """Nothing at all: the connection is closed; a part: 408."""
    answer = told(port, sent)
    assert answer.split(b" ")[1:2] == ([answered] if answered else [])


@pytest.mark.parametrize("path", [b"/emissions", b"/emissions/batch", b"/imports/codecarbon", b"/allocations"])
def test_a_body_that_stops_is_not_waited_for(port: int, path: bytes) -> None:
    """Half of it, then nothing: 408 and the end, whoever reads it."""
    sent = (HEAD % len(WORKLOAD)).replace(b"/emissions", path, 1) + WORKLOAD[:10]
    assert refusal(told(port, sent)) == 408


def test_a_body_that_drips_has_an_end(store: FactorStore, resolver: Resolver) -> None:
    """It is never silent for long, and yet too slow."""
    with listening(store, resolver, request_seconds=0.2) as port:
        assert refusal(told(port, HEAD % len(WORKLOAD) + WORKLOAD[:10])) == 408


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx: a\x00b\r\n\r\n",
        b"POST /emissions HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /emissions HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n12",
        b"GET /health/live HTTP/1.1\r\nhost: x\r\n x-request-id: folded\r\n y: z\r\n: \r\n\r\n",
    ],
)
def test_what_two_parsers_could_read_in_two_ways_is_refused(port: int, sent: bytes) -> None:
    """Smuggling lives of that: 400, and the connection is closed."""
    assert refusal(told(port, sent)) == 400


CHUNKED = (
    b"POST /emissions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n%s\r\n"
)
CHUNK = b"%x\r\n%s\r\n" % (len(WORKLOAD), WORKLOAD)


def test_what_stands_behind_a_body_is_no_header(port: int) -> None:
    """A proxy takes away what it alone may say, in the head: what comes after the body is not believed."""
    fields = b"x-request-id: behind\r\naccept: text/csv\r\n"
    before = told(port, CHUNKED % (fields + b"connection: close\r\n") + CHUNK + b"0\r\n\r\n")
    assert b"x-request-id: behind" in before
    assert b"content-type: text/csv" in before
    behind = told(port, CHUNKED % b"connection: close\r\n" + CHUNK + b"0\r\n" + fields + b"\r\n")
    assert behind.startswith(b"HTTP/1.1 200 ")
    assert b"x-request-id: behind" not in behind
    assert b"content-type: application/json" in behind


@pytest.mark.parametrize(
    "endless", [b"0\r\nx: ", b"0\r\n" + b"x: y\r\n" * 100, b"1;"], ids=["one", "many", "extension"]
)
def test_what_stands_around_chunks_has_an_end(port: int, endless: bytes) -> None:
    """It would be kept in memory, or read for ever, and never be part of a body: the connection is closed at once."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(CHUNKED % b"" + CHUNK + endless)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):  # noqa: PT012 - it ends in one of many
            for _ in range(20_000):
                connection.sendall(b"x: y\r\n" * 100 if endless.endswith(b"y\r\n") else b"x" * 600)


def test_a_body_in_many_small_chunks_is_taken(port: int) -> None:
    """The frames of its chunks, 6 bytes around each, come to more than a head may have: 9,000 of one byte."""
    body = WORKLOAD.ljust(9000)
    sent = CHUNKED % b"connection: close\r\n" + b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    assert told(port, sent).startswith(b"HTTP/1.1 200 ")


def test_a_refusal_of_the_wire_lets_nothing_run(port: int) -> None:
    """As every other answer: also what no handler saw has a policy."""
    head = told(port, b"nonsense\r\n\r\n").partition(b"\r\n\r\n")[0]
    assert b"\r\ncontent-security-policy: default-src 'none'; frame-ancestors 'none'" in head


def test_too_many_at_once_wait_or_are_turned_away(store: FactorStore, resolver: Resolver) -> None:
    """One place, one waits: the third gets 503 at once, the second its answer; health is answered all the same."""

    async def scene(port: int) -> list[bytes]:
        async def ask(sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            await writer.drain()
            return reader, writer

        async def status(asked: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> bytes:
            answer = await asyncio.wait_for(asked[0].read(65536), 20)
            asked[1].close()
            return answer

        whole = HEAD % len(WORKLOAD) + WORKLOAD
        first = await ask(whole[:-1])
        while b'dualscope_places_taken{size="small"} 1.0' not in await status(
            await ask(b"GET /metrics HTTP/1.0\r\n\r\n")
        ):
            pass
        second = await ask(whole)
        while b'dualscope_requests_waiting{size="small"} 1.0' not in await status(
            await ask(b"GET /metrics HTTP/1.0\r\n\r\n")
        ):
            pass
        third = await status(await ask(whole))
        live = await status(await ask(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n"))
        first[1].write(whole[-1:])
        return [third, live, await status(first), await status(second)]

    with listening(store, resolver, requests_at_once=1, queue_length=1, queue_seconds=15.0) as port:
        third, live, first, second = asyncio.run(scene(port))
    assert third.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 1\r\n" in third
    assert b'"code":"OVERLOADED"' in third
    assert [answer.split(b" ")[1] for answer in (live, first, second)] == [b"200"] * 3
