"""New factor tables by SIGHUP, on a real server under load."""

import asyncio
import json
import signal
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from service.app import Services, create_app, open_store
from service.factors.store import FactorStore
from service.settings import Settings, shipped_factors
from tests.running.callers import BODY, Load, Server, served


def overlay(folder: Path, value: str) -> None:
    """Write a table with one row of the operator's own, in one step."""
    header = (shipped_factors() / "grid_intensity.csv").read_text(encoding="utf-8").splitlines()[0]
    row = dict.fromkeys(header.split(","), "") | {
        "id": "grid_location:US-SRVC:2025",
        "kind": "grid_location",
        "value": value,
        "unit": "kg CO2e/kWh",
        "data_year": "2025",
        "valid_from": "2025-01-01",
        "valid_to": "2025-12-31",
        "edition": "own",
        "publisher": "Own meter",
        "title": "Own figure",
        "license": "own",
        "evidence": "raw",
        "grade": "A",
        "zone": "US-SRVC",
        "basis": "direct",
        "use": "default",
    }
    given = {name: text for name, text in row.items() if name in header.split(",")}
    fresh = folder / "fresh"
    fresh.write_text(f"{header}\n{','.join(given.values())}\n")
    fresh.replace(folder / "grid_intensity.csv")


def ready(server: Server) -> dict[str, Any]:
    """Read how a process stands, whichever answers."""
    state: dict[str, Any] = httpx.get(f"{server.url}/health/ready").json()
    return state


async def reloaded(server: Server, outcome: str) -> None:
    """Let the tables be read anew, and wait until that is told."""
    before = (await asyncio.to_thread(ready, server))["last_reload"]
    server.process.send_signal(signal.SIGHUP)
    async with asyncio.timeout(60):
        state = before
        while state == before:
            state = (await asyncio.to_thread(ready, server))["last_reload"]
    assert state["outcome"] == outcome


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_new_set_is_taken_and_a_bad_one_is_not(tmp_path: Path, workers: str) -> None:
    """Under load each answer is of one set, the one that its header names; a corrupt table changes nothing."""
    own = tmp_path / "own"
    own.mkdir()
    overlay(own, "0.5")

    async def changed(server: Server) -> Load:
        load = Load(server.port)
        load.keep = True
        load.start(4, 2)
        await load.until(50)
        overlay(own, "0.25")
        await reloaded(server, "adopted")
        await load.until(300)
        (own / "grid_intensity.csv").write_text("id,value\nx,1\n")
        await reloaded(server, "refused")
        await load.until(100)
        await load.stop()
        return load

    settings = {"DUALSCOPE_FACTORS_OVERLAY": str(own), "DUALSCOPE_DRAIN_DELAY_SECONDS": "0"}
    with served(tmp_path, "--workers", workers, **settings) as server:
        load = asyncio.run(changed(server))
        last = ready(server)["factor_set"]["version"]
        text = httpx.get(f"{server.url}/metrics").text
        log = server.log.read_text()
    assert set(load.told) == {"200"}
    figures = {(header, answer["scope2"]["location_based"]["kg_co2e"]) for header, answer in load.answers}
    assert len(figures) == 2  # one figure a set
    assert all(answer["methodology"]["factor_set"]["version"] == header for header, answer in load.answers)
    assert load.answers[-1][0] == last
    assert 'dualscope_factor_reloads_total{outcome="adopted"} 1.0' in text
    assert 'dualscope_factor_reloads_total{outcome="refused"} 1.0' in text
    assert log.count("were not taken") == 1


def test_a_request_keeps_the_set_that_it_began_with(tmp_path: Path, store: FactorStore) -> None:
    """One that waited for a place while another set was taken: header and answer name the set of its arrival."""
    overlay(tmp_path, "0.5")
    settings = Settings(log_format="off", requests_at_once=1, queue_seconds=30.0)
    app = create_app(settings, store=store)
    services: Services = app.state.services
    fresh = services.prepared(open_store(msgspec.structs.replace(settings, factors_overlay=tmp_path)))

    async def asked(body: Awaitable[bytes], arrived: asyncio.Event) -> tuple[str, str]:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": await body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]
        scope = {"type": "http", "method": "POST", "path": "/emissions", "raw_path": b"/emissions", "headers": headers}
        rest = {"query_string": b"", "client": None, "server": None, "scheme": "http", "app": app, "state": {}}
        arrived.set()
        await app(scope | rest | {"http_version": "1.1", "root_path": "", "extensions": {}}, receive, send)  # type: ignore[arg-type]
        header = dict(sent[0]["headers"])[b"x-factor-set"].decode()
        return header, json.loads(sent[1]["body"])["methodology"]["factor_set"]["version"]

    async def scene() -> list[tuple[str, str]]:
        async with app.lifespan():
            bodies = [asyncio.get_running_loop().create_future() for _ in range(3)]
            arrived = [asyncio.Event() for _ in bodies]
            tasks = [asyncio.create_task(asked(*pair)) for pair in zip(bodies[:2], arrived, strict=False)]
            await asyncio.gather(*(event.wait() for event in arrived[:2]))
            services.adopt(fresh)
            tasks.append(asyncio.create_task(asked(bodies[2], arrived[2])))
            for body in bodies:
                body.set_result(BODY)
            return await asyncio.gather(*tasks)

    former, later = store.version, fresh.store.version
    assert former != later
    assert asyncio.run(scene()) == [(former, former), (former, former), (later, later)]
