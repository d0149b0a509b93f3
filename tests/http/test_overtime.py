"""Answers that take too long."""

import asyncio
from typing import Any

from litestar.testing import TestClient

from service.access.overtime import Course, Overtime
from service.app import create_app
from service.factors.store import FactorStore
from service.http.life import Life
from service.http.problems import Exchange, guarded
from service.settings import Settings


class Stuck:
    """A resolver that never finds anything."""

    def __init__(self, store: FactorStore) -> None:
        self.store = store
        self.cached_contexts = 0
        self.live = None

    async def resolve(self, _: Any) -> Any:
        """Wait for ever."""
        await asyncio.Event().wait()


def test_an_answer_that_takes_too_long_is_given_up(store: FactorStore) -> None:
    """503, when to try again, and the place is free again; those who ask for something else are answered meanwhile."""
    settings = Settings(log_format="off", request_seconds=0.1, requests_at_once=1)
    stuck: Any = Stuck(store)
    with TestClient(create_app(settings, store=store, resolver=stuck)) as caller:
        for _ in range(2):
            answer = caller.post("/emissions", json={"region": "FR", "energy": {"kwh": 1}})
            assert (answer.status_code, answer.json()["code"]) == (503, "OVERLOADED")
            assert answer.headers["retry-after"] == "30"
            assert "longer than 0.1 s" in answer.json()["detail"]
        assert caller.get("/methodology").status_code == 200


def test_an_answer_that_has_begun_is_broken_off(store: FactorStore) -> None:
    """No problem is written into the midst of it."""
    app = create_app(Settings(log_format="off", request_seconds=0.1), store=store)
    guard: Any = app.asgi_handler._app  # type: ignore[attr-defined]
    sent: list[Any] = []

    async def endless(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.Event().wait()

    async def keep(message: Any) -> None:
        sent.append(message)

    async def scene() -> int:
        guard._app = endless
        exchange = Exchange(keep, (), Life())
        scope: Any = {"type": "http", "method": "GET", "path": "/methodology", "headers": []}
        await guarded(guard, scope, keep, exchange)
        return exchange.status

    assert asyncio.run(scene()) == 0
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_one_who_is_broken_off_by_others_is_not_called_late() -> None:
    """Only what was stopped for its time says so."""

    async def scene() -> Any:
        watch = Overtime(60, 60)
        course = Course(asyncio.current_task(), 0.0, asyncio.Event().wait, whole=True)
        watch.courses.add(course)
        watch._look()
        first = course.late
        course.stop("silent")
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            course.resume()
            return first, course.late
        return None

    assert asyncio.run(scene()) == ("long", "long")
