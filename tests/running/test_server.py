"""The end of a process, from outside: a real server, real signals, callers that count what they lose."""

import asyncio
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.running.callers import BODY, Load, Server, served

KEEPING, COMING = 30, 5


def ended(server: Server, within_s: float = 30) -> int:
    """Wait for a server's end; its exit code."""
    return server.process.wait(within_s)


async def under_load(server: Server, happens: Callable[[], object]) -> Load:
    """Call all the time while something happens that ends the server; what became of the calls."""
    load = Load(server.port)
    load.start(KEEPING, COMING)
    await load.until(300)
    happens()
    code = await asyncio.to_thread(ended, server)
    await load.stop()
    assert code == 0
    return load


@pytest.mark.parametrize("delay_s", ["0", "0.5"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_no_request_is_lost_when_it_is_told_to_end(tmp_path: Path, workers: str, delay_s: str) -> None:
    """Thirty callers on kept connections and five with new ones: each request that was sent is answered by 200.

    At the end each caller finds nobody listening, once; nothing is cut off and nothing is answered otherwise.
    """
    with served(tmp_path, "--workers", workers, DUALSCOPE_DRAIN_DELAY_SECONDS=delay_s) as server:
        load = asyncio.run(under_load(server, lambda: server.process.send_signal(signal.SIGTERM)))
        assert server.log.read_text().count("\n") == 1  # where it listens; nothing went wrong
    assert load.told.pop("refused") == KEEPING + COMING
    assert set(load.told) == {"200"}


def test_readiness_goes_first(tmp_path: Path) -> None:
    """Told to end it says 503 `draining`, still takes new connections, answers them, and lets go of each."""
    with served(tmp_path, DUALSCOPE_DRAIN_DELAY_SECONDS="60") as server:
        with httpx.Client(base_url=server.url) as caller:
            assert caller.get("/health/ready").json()["status"] == "ready"
            server.process.send_signal(signal.SIGTERM)
            while (told := caller.get("/health/ready")).status_code == 200:
                pass
            assert (told.status_code, told.json()["status"]) == (503, "draining")
            assert told.headers["connection"] == "close"
            answer = caller.post("/emissions", content=BODY, headers={"content-type": "application/json"})
            assert (answer.status_code, answer.headers["connection"]) == (200, "close")
            assert "dualscope_draining 1.0" in caller.get("/metrics").text
            assert caller.get("/health/live").status_code == 200
        server.process.send_signal(signal.SIGTERM)  # the second one does not wait
        assert ended(server, 5) == 0


def test_a_request_under_way_is_finished(tmp_path: Path) -> None:
    """A body that arrives only after the end was announced is answered, and then the process ends."""
    with served(tmp_path, DUALSCOPE_DRAIN_DELAY_SECONDS="0") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as caller:
            head = (
                f"POST /emissions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}"
            )
            caller.sendall(f"{head}\r\n\r\n".encode() + BODY[:10])
            httpx.get(f"{server.url}/health/live")  # by now the first head was read
            server.process.send_signal(signal.SIGTERM)
            while not refused(server.port):
                pass
            caller.sendall(BODY[10:])
            answer = b"".join(iter(lambda: caller.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"connection: close" in answer.lower()
        assert ended(server) == 0


def test_a_stream_under_way_is_finished(tmp_path: Path) -> None:
    """A batch of lines whose upload ends after the announcement is answered whole."""
    with served(tmp_path, DUALSCOPE_DRAIN_DELAY_SECONDS="0") as server:
        go_on = threading.Event()

        def lines() -> object:
            yield BODY + b"\n"
            go_on.wait(30)
            yield BODY + b"\n"

        def when_refused() -> None:
            server.process.send_signal(signal.SIGTERM)
            while not refused(server.port):
                pass
            go_on.set()

        teller = threading.Timer(0.2, when_refused)
        teller.start()
        headers = {"content-type": "application/x-ndjson"}
        answer = httpx.post(f"{server.url}/emissions/batch", content=lines(), headers=headers, timeout=30)  # type: ignore[arg-type]
        teller.join()
        assert len(answer.text.splitlines()) >= 2
        assert answer.status_code == 200
        assert ended(server) == 0


def test_what_does_not_end_is_cut_off_in_time(tmp_path: Path) -> None:
    """A caller that never sends its body is not waited for longer than the setting says."""
    settings = {"DUALSCOPE_DRAIN_DELAY_SECONDS": "0", "DUALSCOPE_DRAIN_SECONDS": "1"}
    with served(tmp_path, **settings) as server, socket.create_connection(("127.0.0.1", server.port)) as caller:
        caller.sendall(
            b"POST /emissions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
        )
        httpx.get(f"{server.url}/health/live")
        server.process.send_signal(signal.SIGTERM)
        assert ended(server, 10) == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_keyboard_ends_it_without_the_delay(tmp_path: Path, workers: str) -> None:
    """An interrupt finishes what is under way, and does not wait for balancers."""
    with served(tmp_path, "--workers", workers, DUALSCOPE_DRAIN_DELAY_SECONDS="60") as server:
        httpx.get(f"{server.url}/health/live")
        server.process.send_signal(signal.SIGINT)
        assert ended(server, 10) == 0


def refused(port: int) -> bool:
    """Whether nobody listens any more."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False
