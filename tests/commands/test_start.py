"""What a command loads: no more than it runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import sys
from service.__main__ import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sorted(sys.modules), file=sys.stderr)
"""
SERVER = {"uvicorn", "litestar", "service.app"}
FACTORS = {"service.factors.store", "sqlite3", "service.resolve", "service.estimate"}


@pytest.mark.parametrize(
    ("words", "left_out"),
    [
        (["--version"], {*SERVER, *FACTORS, "httpx", "asyncio", "service.model.workload"}),
        (["estimate", "--help"], {*SERVER, *FACTORS, "httpx"}),
        (["estimate", "--region", "FR", "--kwh", "5", "--url", "http://127.0.0.1:9"], {*SERVER, *FACTORS, "jinja2"}),
        (["estimate", "--region", "FR", "--kwh", "5"], {*SERVER, "httpx", "jinja2", "service.boavizta"}),
    ],
    ids=["version", "help", "url", "here"],
)
def test_a_command_loads_what_it_needs(words: list[str], left_out: set[str], tmp_path: Path) -> None:
    """No server for one workload; no factors where a service is asked; no client where none is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUALSCOPE_")}
    environment = kept | {"DUALSCOPE_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", ASK, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "service.__main__" in loaded
    assert loaded & left_out == set()
