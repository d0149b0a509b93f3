"""Packages of npm that only tests use, installed once into the user's cache."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

INSTALL = (
    "npm install --omit=optional --ignore-scripts --legacy-peer-deps --no-package-lock --no-audit --no-fund "
    "--loglevel=error"
)
UNREACHED = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "ECONNRESET")


def installed(sources: Path, install: str = INSTALL) -> Path:
    """Return a copy of a folder's JSON and scripts with what its package.json pins beside them; skip without Node."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("this needs node and npm, and these are not here")
    files = sorted(path for path in sources.rglob("*") if path.suffix in {".json", ".js", ".mjs", ".ts"})
    digest = hashlib.blake2b(b"".join(path.read_bytes() for path in files), digest_size=8).hexdigest()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dualscope-tests"
    folder = cache / f"{sources.name}-{digest}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as work:
            fresh = Path(work) / "fresh"
            for path in files:
                target = fresh / path.relative_to(sources)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
            done = subprocess.run(install.split(), cwd=fresh, capture_output=True, text=True, check=False, timeout=300)
            if done.returncode and any(code in done.stderr for code in UNREACHED):
                pytest.skip("these packages come from the npm registry, which is not reached from here")
            assert done.returncode == 0, done.stderr
            if not folder.exists():  # another run may have been quicker
                fresh.rename(folder)
    return folder
