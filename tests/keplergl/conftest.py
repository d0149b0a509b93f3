"""kepler.gl's own readers, installed once into the user's cache."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.npm import installed

Load = Callable[[str, bytes], dict[str, Any]]


@pytest.fixture(scope="session")
def readers() -> Path:
    """Folder of the readers; what is pinned in package.json names it."""
    return installed(Path(__file__).parent)


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
