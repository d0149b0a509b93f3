"""`dualscope hardware warm`, run as a user runs it, against the real server."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.boavizta.proxy import FaultProxy

COMMAND = [sys.executable, "-W", "error", "-m", "service", "hardware", "warm", "--provider"]
TYPES = {"ovh": 50, "gcp": 339}
"""Instance types in the lists of BoaviztAPI 2.5.0."""
IN_FLIGHT = 4
PATIENCE_S = 30.0


@pytest.fixture
def environment(proxy: FaultProxy, tmp_path: Path) -> dict[str, str]:
    """A cache of its own, and the server's address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUALSCOPE_")}
    return kept | {"DUALSCOPE_CACHE_DIR": str(tmp_path), "DUALSCOPE_BOAVIZTA_URL": proxy.address}


def warm(environment: dict[str, str], provider: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    command = [*COMMAND, provider]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def test_every_instance_type_is_asked_once(environment: dict[str, str], proxy: FaultProxy) -> None:
    """A bar up to the end, the outcome; nothing is asked by a second run."""
    for _ in range(2):
        run = warm(environment, "ovh")
        assert run.returncode == 0, run.stderr
        assert run.stderr.startswith("\novh [")  # its carriage return, as text
        assert run.stderr.endswith(f"[{'#' * 40}] 50/50\novh: 50 kept, 0 without an answer, 0 left\n")
        assert len(proxy.questions()) == proxy.questions().total() == TYPES["ovh"]
        assert proxy.most_connections <= IN_FLIGHT


def test_broken_off_it_goes_on_where_it_stood(environment: dict[str, str], proxy: FaultProxy) -> None:
    """No traceback; what was under way is all that may be asked twice."""
    with subprocess.Popen([*COMMAND, "gcp"], env=environment, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + PATIENCE_S
        while proxy.questions().total() < 20:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=PATIENCE_S)[1]
    assert process.returncode == 130
    assert told.endswith("\ndualscope: broken off; the answers so far are kept, run it again to go on\n")
    assert proxy.questions().total() < TYPES["gcp"]
    run = warm(environment, "gcp")
    assert run.returncode == 0, run.stderr
    assert run.stderr.endswith("gcp: 339 kept, 0 without an answer, 0 left\n")
    assert TYPES["gcp"] <= proxy.questions().total() <= TYPES["gcp"] + IN_FLIGHT


def test_without_a_server_it_says_so(environment: dict[str, str], proxy: FaultProxy) -> None:
    """1 where it does not answer, 2 where none is named."""
    proxy.break_with("refused")
    run = warm(environment, "ovh")
    assert run.returncode == 1
    assert run.stderr.startswith("dualscope: ovh: BoaviztAPI does not answer: ConnectError")
    run = warm(environment | {"DUALSCOPE_BOAVIZTA_URL": ""}, "ovh")
    assert (run.returncode, run.stderr) == (2, "dualscope: DUALSCOPE_BOAVIZTA_URL names no server to ask\n")
