"""The programs that read the interface document, installed once into the user's cache."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OPENAPI = HERE.parents[1] / "openapi"
DOCUMENT = OPENAPI / "openapi.json"
NPM = "npm install --ignore-scripts --no-package-lock --no-audit --no-fund --loglevel=error"
UNREACHED = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "ECONNRESET", "EBADPLATFORM")
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_UPDATE_NOTIFIER": "1"}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def installed() -> Path:
    """Folder of the programs; package.json pins them."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("generated clients in TypeScript need node and npm, and these are not here")
    package = (HERE / "package.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dualscope-tests"
    folder = cache / f"clients-{hashlib.blake2b(package, digest_size=8).hexdigest()}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as work:
            fresh = Path(work) / "fresh"
            fresh.mkdir()
            (fresh / "package.json").write_bytes(package)
            done = subprocess.run(NPM.split(), cwd=fresh, capture_output=True, text=True, check=False, timeout=300)
            if done.returncode and any(code in done.stderr for code in UNREACHED):
                pytest.skip("these programs come from the npm registry, which is not reached from here")
            assert done.returncode == 0, done.stderr
            if not folder.exists():  # another run may have been quicker
                fresh.rename(folder)
    return folder


@pytest.fixture(scope="session")
def run(installed: Path) -> Run:
    """Run one of the programs by its name."""

    def ran(name: str, *arguments: object, cwd: Path = HERE) -> subprocess.CompletedProcess[str]:
        command = [str(installed / "node_modules" / ".bin" / name), *map(str, arguments)]
        environment = os.environ | QUIET
        return subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    return ran
