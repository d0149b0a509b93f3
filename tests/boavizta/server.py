"""The real BoaviztAPI from PyPI, in a virtual environment of its own, run on loopback as its users run it.

It pins packages that this program needs newer, so it never shares our environment. It is installed once, under
`DUALSCOPE_TEST_CACHE` or the user's cache, and kept.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from service.settings import user_cache

VERSION = "2.5.0"
PATIENCE_S = 60.0
HOST = "127.0.0.1"


def interpreter() -> Path:
    """Return the Python that has BoaviztAPI, after installing it if need be."""
    root = Path(os.environ.get("DUALSCOPE_TEST_CACHE") or user_cache())
    folder = root / f"boaviztapi-{VERSION}-python{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    complete = folder / "complete"
    if not (complete.is_file() and python.exists()):
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
        subprocess.run([python, "-m", "pip", "install", *quiet, f"boaviztapi=={VERSION}"], check=True)
        complete.touch()
    return python


@contextlib.contextmanager
def real_server(folder: Path, port: int) -> Iterator[str]:
    """Run it in an empty folder without settings of anybody's; yield its address; end it by its process."""
    command = [str(interpreter()), "-m", "uvicorn", "boaviztapi.main:app", "--host", HOST, "--port", str(port)]
    command += ["--no-access-log", "--log-level", "warning"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BOAVIZTA_", "PYTHON"))}
    empty = folder / "empty"
    empty.mkdir()
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=empty, env=environment, stdout=log, stderr=log)
    try:
        address = f"http://{HOST}:{port}"
        wait_until_ready(address, process, folder / "log")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once it tells its version."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            answer = httpx.get(f"{address}/v1/utils/version", trust_env=False)
            assert answer.json() == VERSION
            return
        time.sleep(0.05)
    raise RuntimeError(f"BoaviztAPI did not start: {log.read_text(errors='replace')[-2000:]}")
