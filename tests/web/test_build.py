"""What is served is what the sources make."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "service" / "web"
UNREACHED = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "ECONNRESET")


def test_the_committed_files_are_those_of_a_new_build(tmp_path: Path) -> None:
    """Byte for byte, in another folder, with the packages that package-lock.json names."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("the page is built by Node, which is not here")
    if not (WEB / "package-lock.json").exists():
        pytest.skip("a wheel has no sources of the page")
    for name in ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "build.mjs"):
        shutil.copy(WEB / name, tmp_path)
    shutil.copytree(WEB / "src", tmp_path / "src")
    got = subprocess.run(["npm", "ci"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    if got.returncode and any(code in got.stderr for code in UNREACHED):
        pytest.skip("the packages of the page come from the npm registry, which is not reached from here")
    assert got.returncode == 0, got.stderr
    for command in ("check", "build"):
        done = subprocess.run(
            ["npm", "run", command], cwd=tmp_path, capture_output=True, text=True, check=False, env=os.environ
        )
        assert done.returncode == 0, done.stdout + done.stderr
    made = {path.name: path.read_bytes() for path in (tmp_path / "static").iterdir()}
    kept = {path.name: path.read_bytes() for path in (WEB / "static").iterdir()}
    assert made.keys() == kept.keys(), "run: npm ci && npm run build, in service/web"
    assert [name for name in made if made[name] != kept[name]] == []
