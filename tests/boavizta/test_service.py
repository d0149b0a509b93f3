"""The whole service with a real BoaviztAPI behind it, and without it nothing worse than the tables."""

import asyncio
import concurrent.futures
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from service.app import create_app
from service.factors.store import FactorStore
from service.settings import Settings
from tests.boavizta.proxy import FaultProxy
from tests.boavizta.test_faults import FAULTY, ONLY_QUESTIONS
from tests.serving import post_at_once, serving

Json = dict[str, Any]
NAMES = ["p4d.24xlarge", "m5.large", "m5.xlarge", "c5.4xlarge", "r6g.xlarge"]
CALLERS = 300
BUDGET_S = 1.0
SLACK_S = 2.0
"""For three hundred requests to be sent, computed and read, beside other work on the same machine."""
ONLY = "/v1/cloud/instance"
AROUND = {"region": "aws:us-east-1", "energy": {"kwh": 100}, "duration_hours": 72, "allocation": {"method": "time"}}


@pytest.fixture
def live(proxy: FaultProxy, store: FactorStore, tmp_path: Path) -> Iterator[httpx.Client]:
    """A caller of the service, which asks BoaviztAPI through a proxy that can break."""
    settings = Settings(
        log_format="off", boavizta_url=proxy.address, boavizta_budget_seconds=BUDGET_S, cache_dir=tmp_path
    )
    with serving(create_app(settings, store=store)) as address, httpx.Client(base_url=address, timeout=30) as caller:
        yield caller


def embodied(caller: httpx.Client, hardware: Json, **more: Any) -> Json:
    """The embodied figure of an answer, with the codes of its warnings and its sources."""
    answer = caller.post("/emissions", json=AROUND | {"hardware": hardware} | more)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    figure: Json = body["scope3"]["embodied"]
    sources = {source["id"]: source for source in body["sources"]}
    return figure | {"codes": {warning["code"] for warning in body["warnings"]}, "by_id": sources}


def test_an_instance_has_the_servers_figure_and_range(live: httpx.Client) -> None:
    """p4d.24xlarge: 5600 kg (4233 to 8481) over 72 of 35,040 h = 11.506849; its own 52,560 h are shown, not used."""
    figure = embodied(live, {"instance": "p4d.24xlarge"})
    assert figure["total_kg_co2e"] == 5600
    assert figure["kg_co2e"] == pytest.approx(11.506849315068493, rel=1e-9)  # 5600 × 72 / 35,040
    assert figure["low_kg_co2e"] == pytest.approx(8.697945205479452, rel=1e-9)  # 4233 × 72 / 35,040
    assert figure["high_kg_co2e"] == pytest.approx(17.426712328767124, rel=1e-9)  # 8481 × 72 / 35,040
    assert (figure["lifetime_hours"], figure["source_lifetime_hours"]) == (35040, 52560)
    assert (figure["origin"], figure["origin_reason"], figure["grade"]) == ("boavizta", None, "C")
    (source,) = (source for source in figure["by_id"].values() if source["kind"] == "boavizta")
    assert (source["publisher"], source["edition"], source["value"]) == ("Boavizta", "2.5.0", 5600)


def test_a_near_name_gets_the_tables_figure_and_the_reason(live: httpx.Client) -> None:
    """p5e.48xlarge is not in the server's list: never a g6e's number, the table's, with the reason."""
    figure = embodied(live, {"instance": "p5e.48xlarge"})
    assert (figure["origin"], figure["total_kg_co2e"]) == ("embedded", pytest.approx(1770.4))  # 8 × 221.3
    assert "p5e.48xlarge" in figure["origin_reason"]
    assert "BOAVIZTA_UNAVAILABLE" not in figure["codes"]


def test_a_device_counts_as_often_as_the_machine_has_it(live: httpx.Client) -> None:
    """8 × 575.1 = 4600.8 kg, without a range of the server's half to double, the host missing."""
    figure = embodied(live, {"accelerator": "H100 SXM", "accelerators": 8})
    assert (figure["origin"], figure["total_kg_co2e"]) == ("boavizta", pytest.approx(4600.8))
    assert figure["low_kg_co2e"] == pytest.approx(figure["kg_co2e"] / 2)
    assert {"EMBODIED_HOST_MISSING", "EMBODIED_RANGE_DEFAULTED"} <= figure["codes"]


def test_a_described_machine_is_asked_for_whole(live: httpx.Client, direct: httpx.Client) -> None:
    """Its answer holds host and accelerators: nothing of ours is added."""
    host = {"cpu": {"units": 2}, "ram_gb": 2048, "ssd_gb": 30720}
    figure = embodied(live, {"accelerator": "H100 SXM", "accelerators": 8, "host": host})
    configuration = {
        "cpu": {"units": 2},
        "ram": [{"units": 64, "capacity": 32}],
        "disk": [{"units": 8, "type": "ssd", "capacity": 3840}],
        "gpu": {"units": 8, "name": "NVIDIA H100 SXM 80GB"},
    }
    answer = direct.post("/v1/server/", params={"criteria": "gwp"}, json={"configuration": configuration})
    assert figure["total_kg_co2e"] == answer.json()["impacts"]["gwp"]["embedded"]["value"]
    assert "EMBODIED_HOST_MISSING" not in figure["codes"]


def test_the_callers_own_figure_outranks_it(live: httpx.Client, proxy: FaultProxy) -> None:
    """A supplier's figure goes before the server's, which is not even asked."""
    figure = embodied(live, {"instance": "p4d.24xlarge", "embodied_kg_co2e": 1000})
    assert (figure["origin"], figure["total_kg_co2e"]) == ("user", 1000)
    assert not proxy.questions()


def test_hardware_shows_both_side_by_side(live: httpx.Client) -> None:
    """Table and server: 4497.59 beside 5600."""
    item = live.get("/hardware/p4d.24xlarge").json()
    assert item["embodied_kg_co2e"] == pytest.approx(4497.59)
    shown = item["boavizta"]
    assert (shown["kg_co2e"], shown["low_kg_co2e"], shown["high_kg_co2e"]) == (5600, 4233, 8481)
    assert live.get("/hardware/aws:p5e.48xlarge").json()["boavizta"]["kg_co2e"] is None


def test_nothing_fails_without_it_and_it_comes_back(live: httpx.Client, proxy: FaultProxy) -> None:
    """Killed under load every request is answered; what was asked before stays right; back again it is used again."""
    warm = embodied(live, {"instance": "p4d.24xlarge"})
    proxy.break_with("refused")
    with concurrent.futures.ThreadPoolExecutor(8) as callers:
        figures = list(callers.map(lambda turn: embodied(live, {"instance": NAMES[turn % 5]}), range(100)))
    assert {figure["kg_co2e"] for figure in figures[::5]} == {warm["kg_co2e"]}
    for figure in figures[1:5]:
        assert (figure["origin"], "BOAVIZTA_UNAVAILABLE" in figure["codes"]) == ("embedded", True)
        assert figure["origin_reason"]
    ready = live.get("/health/ready")
    assert (ready.status_code, ready.json()["status"], ready.json()["boavizta"]["status"]) == (200, "ready", "degraded")
    assert 'dualscope_boavizta_breaker{position="open"} 1.0' in live.get("/metrics").text
    proxy.mend()
    deadline = time.monotonic() + 40
    while embodied(live, {"instance": "c5.9xlarge"})["origin"] != "boavizta":
        assert time.monotonic() < deadline, "not used again"
        time.sleep(0.5)


def test_a_callers_trace_goes_on(live: httpx.Client, proxy: FaultProxy) -> None:
    """W3C Trace Context: without any extra the header reaches the server as it came; a malformed one does not."""
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    for sent, instance in ((parent, "m5.large"), ("00-nonsense", "m5.xlarge")):
        proxy.heads.clear()
        body = AROUND | {"hardware": {"instance": instance}}
        live.post("/emissions", json=body, headers={"traceparent": sent, "tracestate": "a=1"})
        asked = [head.lower() for head in proxy.heads if ONLY.encode() in head]
        assert asked
        passed = [b"traceparent: " + sent.encode() in head and b"tracestate: a=1" in head for head in asked]
        assert passed == [sent == parent] * len(asked)


@pytest.fixture(scope="module")
def right(direct: httpx.Client) -> dict[str, float]:
    """What the server itself says of some instances, whole life. [kg CO2e]"""
    asked = {"provider": "aws", "criteria": "gwp", "verbose": "false"}
    answers = {name: direct.get("/v1/cloud/instance", params=asked | {"instance_type": name}) for name in NAMES}
    return {name: answer.json()["impacts"]["gwp"]["embedded"]["value"] for name, answer in answers.items()}


@pytest.mark.parametrize("fault", FAULTY)
def test_callers_are_answered_whatever_it_does(
    fault: str, live: httpx.Client, proxy: FaultProxy, right: dict[str, float]
) -> None:
    """Three hundred at once get 200 within the budget: the server's figure, or the table's with the reason."""
    proxy.break_with(fault, ONLY if fault in ONLY_QUESTIONS else "")

    bodies = [msgspec.json.encode(AROUND | {"hardware": {"instance": name}}) for name in NAMES]
    told = asyncio.run(post_at_once(live.base_url.port or 0, bodies * (CALLERS // len(bodies))))
    assert {one.status for one in told} == {200}
    assert max(one.waited_s for one in told) < BUDGET_S + SLACK_S
    for turn, one in enumerate(told):
        body = msgspec.json.decode(one.body)
        figure, codes = body["scope3"]["embodied"], {warning["code"] for warning in body["warnings"]}
        if figure["origin"] == "boavizta":
            assert figure["total_kg_co2e"] == right[NAMES[turn % len(NAMES)]]
        else:
            assert (figure["origin"], "BOAVIZTA_UNAVAILABLE" in codes) == ("embedded", True)
            assert figure["origin_reason"].startswith("BoaviztAPI ")
    assert live.get("/health/ready").status_code == 200


def test_without_an_address_it_is_off(client: httpx.Client) -> None:
    """The tables alone, which is the default, and readiness says so."""
    assert client.get("/health/ready").json()["boavizta"]["status"] == "off"
    assert client.get("/hardware/p4d.24xlarge").json()["boavizta"] is None
