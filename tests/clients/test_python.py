"""A client in Python: generated without a warning, imported, and used against the real server."""

import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.clients.conftest import DOCUMENT, OPENAPI

pytest.importorskip("openapi_python_client", reason="the generator is not installed: pip install --group clients")
NAME = "dualscope_client"
SAMPLES = Path(__file__).parents[1] / "formats" / "samples"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The package, on the path of imports."""
    folder = tmp_path_factory.mktemp("python")
    arguments = ["--path", DOCUMENT, "--config", OPENAPI / "python-client.yaml", "--output-path", folder / NAME]
    start = "import sys; from openapi_python_client.cli import app; sys.exit(app())"
    command = [sys.executable, "-c", start, "generate", *map(str, arguments), "--meta", "none", "--fail-on-warning"]
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stdout.lower(), done.stdout
    sys.path.insert(0, str(folder))
    yield folder / NAME
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


def operation(tag: str, name: str) -> ModuleType:
    """The module of an operation."""
    return importlib.import_module(f"{NAME}.api.{tag}.{name}")


def model(name: str) -> Any:
    """A model by its name, which is that of the schema."""
    return getattr(importlib.import_module(f"{NAME}.models"), name)


@pytest.fixture
def caller(generated: Path, server_url: str) -> Iterator[Any]:
    """The generated client."""
    made = importlib.import_module(NAME).Client(base_url=server_url, headers={"Accept": "application/json"})
    with made as client:
        yield client


def test_every_operation_is_there(generated: Path) -> None:
    """One module each, under its tag; and a module for each schema, whose name nothing has made up."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    wanted = {(one["tags"][0], one["operationId"]) for item in document["paths"].values() for one in item.values()}
    made = {(path.parent.name, path.stem) for path in (generated / "api").glob("*/*.py") if path.stem != "__init__"}
    assert made == wanted
    for name in document["components"]["schemas"]:
        model(name)
    assert not [path for path in generated.rglob("*.py") if "inline" in path.name]
    workloads = (generated / "models" / "batch.py").read_text(encoding="utf-8")
    assert "workloads: list[Workload]\n" in workloads


def test_one_workload(caller: Any) -> None:
    """115 kWh × 0.270488923633 kg CO2e/kWh = 31.1062262178 kg CO2e."""
    body = model("Workload")(region="aws:us-east-1", energy=model("Energy")(kwh=100.0))
    answer = operation("emissions", "estimate_emissions").sync(client=caller, body=body, explain=True)
    assert isinstance(answer, model("Emissions"))
    assert answer.scope2.location_based.kg_co2e == pytest.approx(31.106226217751296)
    assert answer.scope2.location_based.grade == "B"


def test_a_month_of_rows(caller: Any) -> None:
    """31 days of 10 kWh by two teams; a row that is wrong is the problem of its place."""
    days = [
        {
            "id": f"2026-01-{day:02}",
            "region": "gcp:europe-west9",
            "energy": {"kwh": 10},
            "tags": {"team": "ab"[day % 2]},
        }
        for day in range(1, 32)
    ]
    sent: Json = {"workloads": [*days, {"region": "nowhere", "energy": {"kwh": 1}}], "group_by": ["tags.team"]}
    answer = operation("emissions", "estimate_batch").sync(client=caller, body=model("Batch").from_dict(sent))
    assert isinstance(answer, model("BatchEmissions"))
    assert (answer.summary.count, answer.summary.failed) == (32, 1)
    assert [(group.key["tags.team"], group.count) for group in answer.summary.groups] == [("a", 15), ("b", 16)]
    assert answer.results[31].problem.code == "REGION_UNKNOWN"


def test_a_pool(caller: Any) -> None:
    """90 kg by 1 and 2 hours: 30 and 60."""
    consumers = [model("Consumer")(id=name, device_hours=hours) for name, hours in (("a", 1.0), ("b", 2.0))]
    body = model("PoolRequest")(pool=model("Pool")(kg_co2e=90.0), method="time", consumers=consumers)
    answer = operation("allocations", "allocate_pool").sync(client=caller, body=body)
    assert isinstance(answer, model("Allocations"))
    assert [line.kg_co2e for line in answer.allocations] == [30, 60]


def test_every_page_of_regions(caller: Any) -> None:
    """Page by page the same as at once."""
    pages = operation("reference", "list_regions")
    found, cursor = [], {}
    while True:
        page = pages.sync(client=caller, limit=100, **cursor)
        found += [region.id for region in page.items]
        if page.next_cursor is None:
            break
        cursor = {"cursor": page.next_cursor}
    assert found == [region.id for region in pages.sync(client=caller, limit=1000).items]
    assert len(found) > 200


@pytest.mark.parametrize(
    ("name", "file", "query"),
    [
        ("import_aws", "aws_carbon_emissions.csv", {}),
        ("import_google", "gcp_carbon_footprint.jsonl", {}),
        ("import_azure", "azure_carbon_response.json", {"scopes": "scope1,scope2,scope3", "month": "2026-06"}),
        ("import_focus", "focus_1_2.csv", {}),
        ("import_file", "pdu_power.csv", {"format_": "power", "region": "DE"}),
    ],
)
def test_a_file(caller: Any, name: str, file: str, query: dict[str, str]) -> None:
    """A file of each import, sent as it is."""
    payload = importlib.import_module(f"{NAME}.types").File(payload=io.BytesIO((SAMPLES / file).read_bytes()))
    answer = operation("imports", name).sync_detailed(client=caller, body=payload, **query)
    assert answer.status_code == 200, answer.content
    assert answer.parsed is not None


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"region": "aws:us-esat-1", "energy": {"kwh": 100}}, 422, "/region"),
        ({"region": "FR", "energy": {"kwh": -1}}, 400, "/energy/kwh"),
    ],
)
def test_a_fault_is_a_typed_problem(caller: Any, body: Json, status: int, pointer: str) -> None:
    """Senseless or not of the schema: a `Problem`, whose errors point at the fault."""
    calls = operation("emissions", "estimate_emissions")
    answer = calls.sync_detailed(client=caller, body=model("Workload").from_dict(body))
    assert answer.status_code == status
    assert isinstance(answer.parsed, model("Problem"))
    assert answer.parsed.errors[0].pointer == pointer
