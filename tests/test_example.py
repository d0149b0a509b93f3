"""The example openapi/examples/month.py runs as it stands against the real server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="the example plots: pip install --group examples")
EXAMPLE = Path(__file__).parent.parent / "openapi" / "examples" / "month.py"


def run(server_url: str, out: Path, month: str) -> subprocess.CompletedProcess[str]:
    """Run it without a screen."""
    about = {"DUALSCOPE_URL": server_url, "DUALSCOPE_OUT": str(out), "DUALSCOPE_MONTH": month, "MPLBACKEND": "Agg"}
    command = [sys.executable, str(EXAMPLE)]
    return subprocess.run(
        command, env=os.environ | about, capture_output=True, text=True, check=False, timeout=120, cwd=out
    )


def test_a_month_is_estimated_divided_plotted_and_mapped(server_url: str, tmp_path: Path) -> None:
    """It ends by itself, and leaves a picture and a saved map of as many jobs as began in that month."""
    done = run(server_url, tmp_path, "2025-03")
    assert done.returncode == 0, done.stdout + done.stderr
    jobs = json.loads((EXAMPLE.parent / "cluster" / "jobs.json").read_text(encoding="utf-8"))["workloads"]
    count = sum(job["period"]["start"].startswith("2025-03") for job in jobs)
    assert f"2025-03: {count} jobs" in done.stdout
    assert "not by economic" in done.stdout  # the jobs state no cost, and none is made up
    assert (tmp_path / "month-2025-03.png").read_bytes()[:4] == b"\x89PNG"
    saved = json.loads((tmp_path / "month-2025-03.kepler.json").read_text(encoding="utf-8"))
    (dataset,) = saved["datasets"]
    place = [field["name"] for field in dataset["data"]["fields"]].index("workloads")
    assert sum(row[place] for row in dataset["data"]["allData"]) == count


def test_a_month_without_jobs_is_told(server_url: str, tmp_path: Path) -> None:
    """Nothing is estimated of nothing."""
    done = run(server_url, tmp_path, "2024-03")
    assert done.returncode == 1
    assert "no job that began in 2024-03" in done.stderr
