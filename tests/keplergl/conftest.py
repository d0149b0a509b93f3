"""kepler.gl's own readers, installed once into the user's cache."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
NPM = (
    "npm install --omit=optional --ignore-scripts --legacy-peer-deps --no-package-lock --no-audit --no-fund "
    "--loglevel=error"
)
UNREACHED = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "ECONNRESET")
Load = Callable[[str, bytes], dict[str, Any]]


@pytest.fixture(scope="session")
def readers() -> Path:
    """Folder of the readers; what is pinned in package.json names it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("kepler.gl's own readers need node and npm, and these are not here")
    files = sorted(path for path in HERE.rglob("*") if path.suffix in {".json", ".js"})
    digest = hashlib.blake2b(b"".join(path.read_bytes() for path in files), digest_size=8).hexdigest()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dualscope-tests"
    folder = cache / f"keplergl-{digest}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as work:
            fresh = Path(work) / "fresh"
            for path in files:
                target = fresh / path.relative_to(HERE)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
            done = subprocess.run(NPM.split(), cwd=fresh, capture_output=True, text=True, check=False, timeout=300)
            if done.returncode and any(code in done.stderr for code in UNREACHED):
                pytest.skip("kepler.gl's own readers come from the npm registry, which is not reached from here")
            assert done.returncode == 0, done.stderr
            if not folder.exists():  # another run may have been quicker
                fresh.rename(folder)
    return folder


@pytest.fixture(scope="session")
def load(readers: Path, tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Return what kepler.gl makes of a file of a kind: `csv`, `geojson` or `map`."""

    def loaded(kind: str, content: bytes) -> dict[str, Any]:
        file = tmp_path_factory.mktemp("keplergl") / "file"
        file.write_bytes(content)
        command = ["node", "load.js", kind, str(file)]
        done = subprocess.run(command, cwd=readers, capture_output=True, text=True, check=True, timeout=60)
        assert done.stderr == ""
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return loaded
