"""What the surroundings do to a whole service: nothing of it may cost an answer."""

import asyncio
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.running.callers import BODY, Load, Server, served

JSON = {"content-type": "application/json"}
READ_ONLY = ["unshare", "--mount", "sh", "-c", 'mount -o remount,ro,bind / && exec "$@"', "sh"]
"""Runs what follows where nothing can be written."""
EVIL = [
    b"/a%0a2026%20200%20GET%20/forged",
    b"/\x1b[2J",
    b"/%e2%80%ae",
    b"/\xe2\x80\xae",
    b"/\xff\xfe",
    b"/?secret=1%0a",
]


def can_be_made_read_only() -> bool:
    """Whether this process may make mounts of its own."""
    if shutil.which("unshare") is None or Path("/tmp").is_mount():  # noqa: S108 - then it would stay writable
        return False
    return subprocess.run([*READ_ONLY, "true"], check=False, capture_output=True).returncode == 0


def estimated(server: Server) -> int:
    """Ask for one estimate; its status."""
    return httpx.post(f"{server.url}/emissions", content=BODY, headers=JSON).status_code


def lines_lost(server: Server) -> float:
    """Return how many lines of the log could not be written."""
    text = httpx.get(f"{server.url}/metrics").text
    found = re.search(r"^dualscope_log_lines_lost_total (\S+)$", text, re.MULTILINE)
    assert found
    return float(found[1])


async def called(server: Server, count: int) -> Load:
    """Have so many requests answered."""
    load = Load(server.port)
    load.start(4, 4)
    await load.until(count)
    await load.stop()
    return load


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_log_on_a_full_disk_costs_no_answer(tmp_path: Path, workers: str) -> None:
    """Lines that cannot be written are counted, the requests are answered, and it ends as always."""
    (tmp_path / "stdout").symlink_to("/dev/full")
    with served(tmp_path, "--workers", workers, DUALSCOPE_DRAIN_DELAY_SECONDS="0") as server:
        load = asyncio.run(called(server, 600))
        deadline = time.monotonic() + 10
        while lines_lost(server) < 600:  # the last of them within a second
            assert time.monotonic() < deadline
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
        assert "Traceback" not in server.log.read_text()
    assert set(load.told) == {"200"}


@pytest.mark.skipif(not can_be_made_read_only(), reason="needs the right to make mounts")
def test_on_a_read_only_file_system_memory_serves(tmp_path: Path) -> None:
    """It starts without a place for its tables and says so once; it answers, batches too, and ends as always."""
    with served(tmp_path, before=READ_ONLY, DUALSCOPE_DRAIN_DELAY_SECONDS="0") as server:
        assert estimated(server) == 200
        lines = httpx.post(
            f"{server.url}/emissions/batch",
            content=(BODY + b"\n") * 3,
            headers={"content-type": "application/x-ndjson", "accept": "application/x-ndjson"},
        )
        assert (lines.status_code, len(lines.text.splitlines())) == (200, 3)
        assert httpx.get(f"{server.url}/health/ready").json()["status"] == "ready"
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
        log = server.log.read_text()
    assert log.count("held in memory only") == 1
    assert "Traceback" not in log


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_caller_forges_a_line(tmp_path: Path, form: str) -> None:
    """Paths with line ends, escapes, bidirectional marks and bytes that are no text: a line each, and no query."""
    with served(tmp_path, DUALSCOPE_LOG_FORMAT=form, DUALSCOPE_DRAIN_DELAY_SECONDS="0") as server:
        for path in EVIL:
            with socket.create_connection(("127.0.0.1", server.port)) as caller:
                named = b"X-Request-ID: a\x1b[31m\xe2\x80\xae\r\nConnection: close"
                caller.sendall(b"GET %b HTTP/1.1\r\nHost: a\r\n%b\r\n\r\n" % (path, named))
                answer = b"".join(iter(lambda: caller.recv(65536), b""))
            assert re.match(rb"HTTP/1.1 (400|404) ", answer) or path.startswith(b"/?")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
    log = (tmp_path / "stdout").read_text()
    assert len(log.splitlines()) == log.count("\n") <= len(EVIL)
    assert not set("\r\x1b\u202e\x7f") & set(log)
    assert "secret" not in log
    if form == "json":
        assert all(json.loads(line)["request_id"].isascii() for line in log.splitlines())


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_setting_without_sense_is_told_before_anyone_is_started(tmp_path: Path, workers: str) -> None:
    """What only the app can find wrong ends the command by exit code 2 and one line, with several workers too."""
    command = [sys.executable, "-m", "service", "serve", "--port", "0", "--workers", workers]
    environment = {"PATH": "/usr/bin:/bin", "DUALSCOPE_BOAVIZTA_URL": "ftp://a", "DUALSCOPE_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "DUALSCOPE_BOAVIZTA_URL" in done.stderr
