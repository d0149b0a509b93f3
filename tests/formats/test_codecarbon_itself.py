"""A real CodeCarbon, unchanged, posts its run to the service.

It brings some 280 MB of packages, one of them under the LGPL, so it is none of the tests' own: the group `codecarbon`
of pyproject.toml is installed into an environment of its own, whose Python DUALSCOPE_TEST_CODECARBON names. `.ci/run`
does so.
"""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

PYTHON = os.environ.get("DUALSCOPE_TEST_CODECARBON", "")
pytestmark = pytest.mark.skipif(not PYTHON, reason="DUALSCOPE_TEST_CODECARBON names no Python that has codecarbon")
RUN = """
import json, sys
from codecarbon import OfflineEmissionsTracker
tracker = OfflineEmissionsTracker(
    country_iso_code="FRA", emissions_endpoint=sys.argv[1], pue=float(sys.argv[2]), measure_power_secs=1,
    output_dir=sys.argv[3], log_level="warning", force_cpu_power=40, allow_multiple_runs=True,
)
tracker.start()
sum(number * number for number in range(8_000_000))
tracker.stop()
data = tracker.final_emissions_data
print(json.dumps({"run_id": data.run_id, "kwh": data.energy_consumed, "kg": data.emissions, "s": data.duration}))
"""
"""What a user of CodeCarbon writes, and what it says at the end."""


def tracked(address: str, pue: float, folder: Path) -> tuple[dict[str, Any], str]:
    """What CodeCarbon says of a run that it posted, and all that it wrote to standard error."""
    command = [PYTHON, "-c", RUN, address, str(pue), str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said, done.stderr


class Passed(NamedTuple):
    """A request that was passed on, and what came back."""

    path: str
    body: dict[str, Any]
    status: int
    answer: dict[str, Any]


@contextmanager
def passing(server_url: str) -> Iterator[tuple[str, list[Passed]]]:
    """Stand before the service, pass everything on as it is, and keep it."""
    kept: list[Passed] = []

    class Passing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {
                name: self.headers[name] for name in ("content-type", "accept", "authorization") if name in self.headers
            }
            response = httpx.post(f"{server_url}{self.path}", content=body, headers=headers)
            kept.append(Passed(self.path, json.loads(body), response.status_code, response.json()))
            self.send_response(response.status_code)
            self.send_header("content-length", str(len(response.content)))
            self.end_headers()
            self.wfile.write(response.content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Passing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}", kept
        server.shutdown()
        thread.join()


def assert_figures_of_emissions(result: dict[str, Any], said: dict[str, Any], pue: float, client: httpx.Client) -> None:
    """Those of `/emissions` for the same energy, without the PUE inside; what it reports stands beside."""
    emissions = result["emissions"]
    assert emissions["id"] == said["run_id"]
    assert result["reported_kg_co2e"] == pytest.approx(said["kg"])
    workload: dict[str, Any] = {
        "region": "FR",
        "period": emissions["period"],
        "energy": {"kwh": said["kwh"] / pue, "level": "component"},
        "duration_hours": said["s"] / 3600,
    }
    expected = client.post("/emissions", json=workload | ({"pue": pue} if pue != 1 else {})).json()
    for basis in ("location_based", "market_based"):
        ours, wanted = emissions["scope2"][basis]["kg_co2e"], expected["scope2"][basis]["kg_co2e"]
        assert ours == pytest.approx(wanted)
    if pue != 1:
        assert emissions["energy"]["facility_kwh"] == pytest.approx(said["kwh"])


@pytest.mark.parametrize("pue", [1.0, 1.25])
def test_a_run_is_posted_and_answered(pue: float, server_url: str, client: httpx.Client, tmp_path: Path) -> None:
    """201, so it logs nothing wrong: any other status has it print a traceback of its logging."""
    with passing(server_url) as (address, kept):
        said, errors = tracked(f"http://ci:token@{address}/imports/codecarbon?tz=Z", pue, tmp_path)
    assert "Logging error" not in errors
    assert "Traceback" not in errors
    (posted,) = kept
    assert (posted.status, posted.path) == (201, "/imports/codecarbon?tz=Z")
    assert posted.body["energy_consumed"] == said["kwh"] > 0
    (result,) = posted.answer["results"]
    assert_figures_of_emissions(result, said, pue, client)


def test_another_status_would_be_seen(server_url: str, tmp_path: Path) -> None:
    """As the message that the test before looks for."""
    _, errors = tracked(f"{server_url}/imports/nonsense", 1.0, tmp_path)
    assert "Logging error" in errors


def test_its_file_is_read(client: httpx.Client, tmp_path: Path) -> None:
    """As it is written today, with nobody to post to."""
    said, _ = tracked("http://127.0.0.1:9/nobody", 1.25, tmp_path)
    content = (tmp_path / "emissions.csv").read_bytes()
    answer = client.post("/imports/codecarbon?tz=Z", content=content, headers={"content-type": "text/csv"}).json()
    (result,) = answer["results"]
    assert_figures_of_emissions(result, said, 1.25, client)
