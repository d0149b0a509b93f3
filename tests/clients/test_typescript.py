"""A client in TypeScript: generated, compiled strictly, and run against the real server."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import DOCUMENT, HERE, Run

TYPES = ("--root-types", "--root-types-no-schema-prefix", "--default-non-nullable", "false")


@pytest.fixture(scope="module")
def project(installed: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the generated types, compiled with what calls them."""
    folder = tmp_path_factory.mktemp("typescript")
    for name in ("calls.ts", "tsconfig.json", "package.json"):
        shutil.copy(HERE / name, folder)
    (folder / "node_modules").symlink_to(installed / "node_modules")
    generated = run("openapi-typescript", DOCUMENT, "-o", folder / "dualscope.d.ts", *TYPES)
    assert generated.returncode == 0, generated.stderr
    assert "warn" not in (generated.stdout + generated.stderr).lower()
    compiled = run("tsc", "-p", folder)
    assert compiled.stdout + compiled.stderr == ""
    return folder


def test_real_calls_are_typed_and_answered(project: Path, server_url: str) -> None:
    """An estimate, a month in a batch, a pool, every page of the regions, a file; faults of both kinds as problems."""
    command = ["node", str(project / "out" / "calls.js"), server_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["location"] == pytest.approx(31.106226217751296)  # 115 kWh × 0.270488923633 kg CO2e/kWh
    assert told["derivation"].startswith("115 kWh × 0.270488923633")
    assert (told["count"], sorted(told["teams"])) == (30, ["search", "vision"])
    assert told["parts"] == [30, 60]  # 90 kg by 1 and 2 hours
    assert told["regions"] > 200
    assert told["imported"] > 0
    assert told["senseless"] == [422, "REGION_UNKNOWN", "/region"]
    assert told["bad"] == [400, "/energy/kwh"]


def test_no_schema_is_nameless(project: Path) -> None:
    """Each schema is a type under its own name, and a batch takes workloads, not whatever comes."""
    types = (project / "dualscope.d.ts").read_text(encoding="utf-8")
    for name in json.loads(DOCUMENT.read_text(encoding="utf-8"))["components"]["schemas"]:
        assert f"export type {name} = " in types
    assert 'workloads: components["schemas"]["Workload"][];' in types
