"""Wiring: what production leaves to the app, and what settings change."""

import asyncio
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.app import create_app
from service.errors import FactorDataInvalid
from service.factors.store import FactorStore
from service.settings import Settings

LEAST = {"region": "aws:us-east-1", "energy": {"kwh": 100}}


def test_the_app_opens_its_own_store(tmp_path: Path, store: FactorStore) -> None:
    """Without ready objects the shipped tables are loaded at the start, and the answer is the same."""
    with TestClient(create_app(Settings(log_format="off", cache_dir=tmp_path))) as caller:
        answer = caller.post("/emissions", json=LEAST)
        assert answer.status_code == 200
        assert answer.headers["x-factor-set"] == store.version
    assert [path.suffix for path in tmp_path.iterdir()] == [".sqlite"]


async def started(app: Litestar) -> None:
    """Run the start and the end of an app."""
    async with app.lifespan():
        pass


def test_the_app_does_not_start_on_bad_tables(tmp_path: Path) -> None:
    """A table that cannot be loaded stops the start."""
    (tmp_path / "grid_intensity.csv").write_text("id,value\nx,1\n")
    app = create_app(Settings(log_format="off", factors_overlay=tmp_path, cache_dir=None))
    with pytest.RaisesGroup(FactorDataInvalid, flatten_subgroups=True):
        asyncio.run(started(app))


def test_the_body_limit_is_a_setting(store: FactorStore) -> None:
    """What is one byte over it is refused, and the limit is named."""
    app = create_app(Settings(log_format="off", body_limit_bytes=2048), store=store)
    headers = {"content-type": "application/json"}
    body = b'{"region": "FR", "energy": {"kwh": 1}}'
    with TestClient(app) as caller:
        assert caller.post("/emissions", content=body.ljust(2048), headers=headers).status_code == 200
        refused = caller.post("/emissions", content=body.ljust(2049), headers=headers)
    assert refused.status_code == 413
    assert "at most 2048 bytes" in refused.json()["detail"]
