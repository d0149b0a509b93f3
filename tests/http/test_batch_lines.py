"""`POST /emissions/batch` with a body of lines, and callers who read late, leave, or send nonsense."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from service.app import create_app
from service.factors.store import FactorStore
from service.http.batch_forms import BatchResult
from service.resolve import Resolver
from service.settings import Settings
from tests.serving import serving

PATH = "/emissions/batch"
LINES = {"content-type": "application/x-ndjson"}
LEAST = b'{"region": "aws:us-east-1", "energy": {"kwh": 100}}'
MIB = 1024 * 1024
PATIENCE_S = 30.0


def read(content: bytes) -> list[BatchResult]:
    """Return the results of an answer of lines."""
    assert not content or content.endswith(b"\n")
    return [msgspec.json.decode(line, type=BatchResult) for line in content.splitlines()]


def problem(result: BatchResult) -> tuple[str, str]:
    """Return code and pointer of a result that is a problem."""
    assert result.problem is not None
    return result.problem.code, result.problem.errors[0].pointer


def until(condition: Callable[[], bool]) -> None:
    """Wait for something to come about."""
    waiting, end = threading.Event(), time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        waiting.wait(0.01)


class Caller:
    """A connection of its own, with a body in chunks."""

    def __init__(
        self, url: str, head: str = "content-type: application/x-ndjson\r\ntransfer-encoding: chunked"
    ) -> None:
        address = urlsplit(url)
        self._socket = socket.create_connection((str(address.hostname), address.port or 0), timeout=PATIENCE_S)
        self._read = bytearray()
        self._socket.sendall(f"POST {PATH} HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n".encode())

    def send(self, content: bytes) -> None:
        """Send a chunk."""
        self._socket.sendall(b"%x\r\n%b\r\n" % (len(content), content))

    def finish(self) -> None:
        """End the body."""
        self._socket.sendall(b"0\r\n\r\n")

    def send_raw(self, content: bytes, *, patience_s: float = PATIENCE_S) -> int:
        """Send what is not a chunk, as much as is taken; return how much that was."""
        self._socket.settimeout(patience_s)
        sent = 0
        with contextlib.suppress(OSError):
            while sent < len(content):
                sent += self._socket.send(memoryview(content)[sent : sent + 65536])
        self._socket.settimeout(PATIENCE_S)
        return sent

    def read_until(self, mark: bytes) -> bytes:
        """Return what comes up to a mark."""
        while mark not in self._read:
            piece = self._socket.recv(65536)
            assert piece, bytes(self._read[-300:])
            self._read += piece
        found, _, rest = bytes(self._read).partition(mark)
        self._read = bytearray(rest)
        return found

    def read_to_end(self) -> bytes:
        """Return what comes until the connection ends."""
        with contextlib.suppress(ConnectionResetError):
            while piece := self._socket.recv(65536):
                self._read += piece
        return bytes(self._read)

    def stop_sending(self) -> None:
        """Close this side alone."""
        self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Go away."""
        self._socket.close()


@pytest.fixture
def caller(server_url: str) -> Iterator[Caller]:
    """A caller of lines."""
    with contextlib.closing(Caller(server_url)) as found:
        yield found


def post(client: httpx.Client, *lines: bytes, accept: str = "*/*") -> httpx.Response:
    """Send lines at once."""
    return client.post(PATH, content=b"\n".join(lines), headers=LINES | {"accept": accept})


def items(client: httpx.Client) -> float:
    """Return how many workloads of batches were estimated."""
    found = re.search(r'dualscope_batch_items_total\{result="estimated"\} (\S+)', client.get("/metrics").text)
    return float(found[1]) if found else 0


def gone(client: httpx.Client) -> float:
    """Return how many callers of batches went away."""
    label = r'dualscope_requests_total\{method="POST",route="/emissions/batch",status="499"\} (\S+)'
    found = re.search(label, client.get("/metrics").text)
    return float(found[1]) if found else 0


def nameless_files() -> set[str]:
    """Return the nameless files that this process holds."""
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            links.append(str(descriptor.readlink()))
    return {link for link in links if link.endswith("(deleted)")}


Files = Callable[[], set[str]]


@pytest.fixture
def files() -> Files:
    """Tell the nameless files that were not there before."""
    before = nameless_files()
    return lambda: nameless_files() - before


# what is answered


def test_each_line_is_answered_by_a_line(client: httpx.Client) -> None:
    """The same as alone, its own sources with it, in the order sent; blank lines are passed over."""
    other = b'{"id": "b", "region": "FR", "energy": {"kwh": 5}}'
    response = post(client, b"\xef\xbb\xbf" + LEAST + b"\r", b"", other, b"  ", LEAST)
    assert response.headers["content-type"] == "application/x-ndjson"
    lines = response.text.splitlines()
    for index, (line, body) in enumerate(zip(lines, [LEAST, other, LEAST], strict=True)):
        alone = client.post("/emissions", content=body, headers={"content-type": "application/json"}).json()
        assert json.loads(line) == {"index": index, "emissions": alone, "problem": None}


def test_nothing_is_answered_by_nothing(client: httpx.Client) -> None:
    """An empty body is an empty answer."""
    response = post(client)
    assert (response.status_code, response.content) == (200, b"")
    assert post(client, accept="application/geo+json").json() == {"type": "FeatureCollection", "features": []}


def test_a_bad_line_spoils_no_other(client: httpx.Client) -> None:
    """Not JSON, not UTF-8, not of the schema, without sense, too long, nested too deeply: each in its place."""
    bad = [b"{", b'{"id": "\xff"}', b'{"energy": {"kwh": "1"}}', b"{}", LEAST + b" " * MIB, b"[" * 100_000]
    results = read(post(client, LEAST, *bad, LEAST).content)
    assert [result.index for result in results] == list(range(8))
    assert results[0].emissions is not None
    assert results[7].emissions is not None
    assert [problem(result) for result in results[1:7]] == [
        ("BODY_NOT_JSON", ""),
        ("BODY_NOT_JSON", ""),
        ("VALUE_INVALID", "/energy/kwh"),
        ("ENERGY_MISSING", "/energy"),
        ("BODY_TOO_LARGE", ""),
        ("VALUE_INVALID", ""),
    ]
    assert {result.problem.instance for result in results[1:7] if result.problem} == {PATH}


def test_a_line_of_the_limit_is_read(client: httpx.Client) -> None:
    """1 MiB is taken, one byte more is not."""
    first, second = read(post(client, LEAST.ljust(MIB), LEAST.ljust(MIB + 1)).content)
    assert first.emissions is not None
    assert problem(second)[0] == "BODY_TOO_LARGE"


@pytest.mark.parametrize(
    "media_type", ["application/x-ndjson; charset=UTF-8", "Application/NDJSON", "application/jsonl"]
)
def test_lines_have_several_names(client: httpx.Client, media_type: str) -> None:
    """All that are in use are taken."""
    response = client.post(PATH, content=LEAST, headers={"content-type": media_type})
    assert (response.status_code, response.headers["content-type"]) == (200, "application/x-ndjson")


def test_lines_in_may_be_a_table_or_a_map_out(client: httpx.Client) -> None:
    """But not one JSON object: 406 names what there is."""
    assert post(client, LEAST, accept="text/csv").text.splitlines()[1].startswith("0,,,aws:us-east-1,")
    features = post(client, LEAST, b"5", accept="application/geo+json").json()["features"]
    assert [feature["properties"]["problem_code"] for feature in features] == [None, "VALUE_INVALID"]
    response = post(client, LEAST, accept="application/json")
    assert response.status_code == 406
    assert "application/x-ndjson, text/csv, application/geo+json" in response.json()["detail"]


# when it is answered


def test_answers_begin_while_the_upload_runs(caller: Caller) -> None:
    """The first line's answer is read before the second line is sent."""
    caller.send(LEAST + b"\n")
    assert b"transfer-encoding: chunked" in caller.read_until(b"\r\n\r\n")
    assert b'{"index":0,' in caller.read_until(b"\n\r\n")
    caller.send(LEAST)
    caller.send(b"\n" + LEAST[:10])
    assert b'{"index":1,' in caller.read_until(b"\n\r\n")
    caller.send(LEAST[10:])
    caller.finish()
    assert b'{"index":2,' in caller.read_until(b"\r\n0\r\n\r\n")


def test_a_caller_that_sends_everything_first_is_answered(client: httpx.Client, files: Files) -> None:
    """More answers than the connection and our memory hold wait in a file without a name, which is gone afterwards."""
    count = 5_000
    response = post(client, *[LEAST] * count)
    assert len(response.content) > 8 * MIB
    assert [result.index for result in read(response.content)] == list(range(count))
    until(lambda: files() == set())


def test_answers_wait_in_a_file(client: httpx.Client, server_url: str, files: Files) -> None:
    """A caller sends all, reads nothing, and then everything: no line lost, none twice, in order."""
    count, before = 4_000, items(client)
    with contextlib.closing(Caller(server_url)) as caller:
        for _ in range(count // 100):
            caller.send((LEAST + b"\n") * 100)
        caller.finish()
        until(lambda: items(client) == before + count)
        assert files() != set()
        content = b"".join(unchunked(caller))
    assert [result.index for result in read(content)] == list(range(count))
    until(lambda: files() == set())


def unchunked(caller: Caller) -> Iterator[bytes]:
    """Yield the chunks of an answer."""
    caller.read_until(b"\r\n\r\n")
    while length := int(caller.read_until(b"\r\n"), 16):
        while len(caller._read) < length + 2:
            caller._read += caller._socket.recv(65536)
        yield bytes(caller._read[:length])
        del caller._read[: length + 2]


# who goes away


def test_a_caller_who_leaves_stops_the_work(client: httpx.Client, server_url: str, files: Files) -> None:
    """Within an upload of lines: it is logged as 499, no more is estimated, its file is gone, and others are served."""
    was_gone = gone(client)
    with contextlib.closing(Caller(server_url)) as caller:
        caller.send((LEAST + b"\n") * 100)
        caller.read_until(b"\r\n\r\n")
    until(lambda: gone(client) == was_gone + 1)
    before = items(client)
    assert post(client, LEAST).status_code == 200
    assert items(client) == before + 1
    assert files() == set()


def test_a_caller_of_json_who_leaves_stops_the_work(client: httpx.Client, server_url: str) -> None:
    """10,000 workloads, gone after the first piece of the answer: most of them are never estimated."""
    was_gone, before = gone(client), items(client)
    body = b'{"workloads": [' + b",".join([LEAST] * 10_000) + b"]}"
    head = f"content-type: application/json\r\ncontent-length: {len(body)}"
    with contextlib.closing(Caller(server_url, head)) as caller:
        caller.send_raw(body)
        caller.read_until(b'{"results":[')
    until(lambda: gone(client) == was_gone + 1)
    done = items(client)
    assert done - before < 9_000
    assert post(client, LEAST).status_code == 200
    assert items(client) == done + 1


def test_an_upload_that_breaks_off_is_no_whole_answer(client: httpx.Client, server_url: str) -> None:
    """A caller that closes its side within the body gets no end of an answer."""
    was_gone = gone(client)
    with contextlib.closing(Caller(server_url)) as caller:
        caller.send(LEAST + b"\n" + LEAST)
        caller.read_until(b"\n\r\n")
        caller.stop_sending()
        assert not caller.read_to_end().endswith(b"0\r\n\r\n")
    until(lambda: gone(client) == was_gone + 1)
    assert client.get("/health/live").status_code == 200


# who does not read


@pytest.fixture
def impatient(store: FactorStore, resolver: Resolver) -> Iterator[httpx.Client]:
    """The service with little room and little patience."""
    settings = Settings(log_format="off", spool_limit_bytes=3 * MIB, patience_seconds=0.5)
    with (
        serving(create_app(settings, store=store, resolver=resolver)) as url,
        httpx.Client(base_url=url, timeout=PATIENCE_S) as client,
    ):
        yield client


def test_at_the_limit_the_upload_is_read_no_further(impatient: httpx.Client, files: Files) -> None:
    """A caller that only sends is held up, then broken off; the file is gone."""
    with contextlib.closing(Caller(str(impatient.base_url))) as caller:
        line = LEAST + b"\n"
        chunk = b"%x\r\n%b\r\n" % (len(line) * 1000, line * 1000)
        sent = caller.send_raw(chunk * 1000, patience_s=1)
        assert sent < len(chunk) * 900
    until(lambda: gone(impatient) == 1)
    assert items(impatient) * 5_000 < 60 * MIB
    until(lambda: files() == set())
    assert post(impatient, LEAST).status_code == 200


def test_a_caller_of_json_that_does_not_read_is_left(impatient: httpx.Client) -> None:
    """What is sent waits for its reader in bounded memory and bounded time."""
    body = b'{"workloads": [' + b",".join([LEAST] * 10_000) + b"]}"
    head = f"content-type: application/json\r\ncontent-length: {len(body)}"
    with contextlib.closing(Caller(str(impatient.base_url), head)) as caller:
        caller.send_raw(body)
        until(lambda: gone(impatient) == 1)
        assert items(impatient) < 9_000
        assert not caller.read_to_end().endswith(b"0\r\n\r\n")
    assert post(impatient, LEAST).status_code == 200


def test_a_slow_reader_gets_everything(impatient: httpx.Client, files: Files) -> None:
    """Patience is for those that stand still: more than the limit goes through, at the reader's pace."""
    count = 4_000  # some 25 MB of answers, eight times the file
    with contextlib.closing(Caller(str(impatient.base_url))) as caller:

        def send() -> None:
            for _ in range(count // 100):
                caller.send((LEAST + b"\n") * 100)
            caller.finish()

        sending = threading.Thread(target=send)
        sending.start()
        content = b"".join(unchunked(caller))
        sending.join()
    assert [result.index for result in read(content)] == list(range(count))
    until(lambda: files() == set())


# a defect within


class Breaking:
    """A resolver that has a defect at its third workload."""

    live = None

    def __init__(self, resolver: Resolver) -> None:
        self.store, self.cached_contexts = resolver.store, 0
        self._resolver, self._left = resolver, 2

    async def resolve(self, workload: Any) -> Any:
        if not self._left:
            raise ZeroDivisionError
        self._left -= 1
        return await self._resolver.resolve(workload)


@pytest.mark.parametrize("media_type", ["application/x-ndjson", "application/json"])
def test_a_defect_is_no_whole_answer(store: FactorStore, resolver: Resolver, media_type: str, files: Files) -> None:
    """After the answer has begun there is no problem to send: the connection ends without the end of the answer."""
    breaking: Any = Breaking(resolver)
    lines = [LEAST, LEAST, LEAST]
    body = b"\n".join(lines) if media_type != "application/json" else b'{"workloads": [%b]}' % b",".join(lines)
    with (
        serving(create_app(Settings(log_format="off"), store=store, resolver=breaking)) as url,
        httpx.Client(base_url=url) as client,
    ):
        try:
            response = client.post(PATH, content=body, headers={"content-type": media_type})
            assert response.status_code == 500  # it had not begun yet
        except httpx.RemoteProtocolError:
            pass
        assert client.get("/health/live").status_code == 200
    assert files() == set()


# how much memory it takes


def test_memory_is_bounded(tmp_path: Path) -> None:
    """10,000 lines sent before anything is read, then 40,000 with their answers read: 80 MB at most above idle."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = os.environ | {"DUALSCOPE_LOG_FORMAT": "off", "DUALSCOPE_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    url, thousand = f"http://127.0.0.1:{port}", b"%b\n" % LEAST * 1000
    with (
        subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process,
        httpx.Client(base_url=url, timeout=120) as client,
    ):
        try:
            until(lambda: answers(client))
            post(client, LEAST)
            idle_mb = peak_mb(process.pid)
            with client.stream("POST", PATH, content=(thousand for _ in range(10)), headers=LINES) as response:
                assert sum(piece.count(b"\n") for piece in response.iter_bytes()) == 10_000
            with contextlib.closing(Caller(url)) as caller:
                sending = threading.Thread(
                    target=lambda: [caller.send(thousand) for _ in range(40)] + [caller.finish()]
                )
                sending.start()
                assert sum(piece.count(b"\n") for piece in unchunked(caller)) == 40_000
                sending.join()
            assert peak_mb(process.pid) - idle_mb < 80
        finally:
            process.terminate()


def answers(client: httpx.Client) -> bool:
    """Whether the service answers."""
    with contextlib.suppress(httpx.TransportError):
        return client.get("/health/ready").status_code == 200
    return False


def peak_mb(pid: int) -> float:
    """Return the most resident memory that a process has had. [MB]"""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024 / 1e6
