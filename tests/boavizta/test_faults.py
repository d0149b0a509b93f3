"""The server fails in every way there is: callers are answered in time, rightly or with a flagged miss; it recovers.

Each fault is made by a proxy in front of the real server; three hundred ask at once.
"""

import asyncio
import time
from collections.abc import Sequence

import httpx
import pytest

from service.boavizta import Answer, Boavizta, ComponentQuestion, InstanceQuestion, Miss, Policy, Question
from service.boavizta.gpus import GPUS
from tests.boavizta.asking import ASKERS, PATIENCE_S, Told, ask_at_once, figures, running, until
from tests.boavizta.proxy import FaultProxy
from tests.boavizta.server import VERSION

QUICK = Policy(budget_s=0.5, connect_s=0.2, read_s=0.3, retry_wait_s=0.01, open_s=0.3)
SLACK_S = 0.5
"""For three hundred coroutines to be resumed, on a machine with other work."""
NAMES = ["a10", "a100-pcie-80", "a100-sxm4-80", "b200-sxm", "h100-nvl", "h100-sxm5", "h200-sxm", "l4", "l40s", "mi300x"]
QUESTIONS: list[Question] = [
    *(ComponentQuestion("gpu", GPUS[name]) for name in NAMES),
    *(InstanceQuestion("aws", name) for name in ("p4d.24xlarge", "g5.xlarge", "m5.large", "c5.4xlarge")),
]
FAULTY = {
    "refused": "ConnectError",
    "reset mid-body": "Error",
    "stalled": "Timeout",
    "dripping": "no answer within 0.5 s",
    "500 text": "HTTP 500",
    "503": "HTTP 503",
    "200 with HTML": "its body is text/html, not application/json",
    "200 with NaN": "not of the interface: JSON is malformed",
    "200 with infinity": "not of the interface: Number out of range",
    "200 with strings": "not of the interface: Expected `float`, got `str`",
    "200 without figures": "not of the interface: Object missing required field `embedded`",
    "nested JSON": "not of the interface: maximum recursion depth",
    "truncated JSON": "not of the interface: Input data was truncated",
    "gzip bomb": "its body is encoded",
    "5 MB": "more than 1000000 bytes",
    "redirect": "it redirects",
    "other version": "it is version 9.9.9",
    "no version": "its version is not one",
}
"""Fault → what is told of it."""
ONLY_QUESTIONS = {"200 with NaN", "200 with infinity", "200 with strings", "200 without figures", "nested JSON"}
"""Faults that are made of a whole answer: version and lists stay right."""
NO_ANSWER = ["top-level warning", "other unit", "low above value", "negative"]

Figures = dict[Question, tuple[float, float, float]]


@pytest.fixture(scope="module")
def right(real_address: str) -> Figures:
    """What the real server says, without a proxy."""

    async def main() -> Figures:
        async with running(real_address, Policy(budget_s=20)) as boavizta:
            return {question: figures(await boavizta.embodied(question)) for question in QUESTIONS}

    return asyncio.run(main())


def check(told: Sequence[Told], right: Figures, budget_s: float = QUICK.budget_s) -> None:
    """Everyone in time, with the right figures or a miss that says that it is the server's."""
    for one in told:
        assert one.waited_s <= budget_s + SLACK_S
        if isinstance(one.result, Answer):
            assert figures(one.result) == right[one.question]
            assert one.result.version == VERSION
        else:
            assert one.result.unavailable, one.result
            assert one.result.keep_until == 0


async def until_it_opens(boavizta: Boavizta, right: Figures) -> None:
    """Ask on until the breaker is open."""
    until = time.monotonic() + PATIENCE_S
    while boavizta.state().opened == 0:
        assert time.monotonic() < until, boavizta.state()
        told = await ask_at_once(boavizta, QUESTIONS[: len(NAMES)])
        check(told, right)
        assert not any(isinstance(one.result, Answer) for one in told)


async def until_it_recovers(boavizta: Boavizta, right: Figures) -> None:
    """Ask on until everyone has an answer."""
    until = time.monotonic() + PATIENCE_S
    while True:
        told = await ask_at_once(boavizta, QUESTIONS)
        check(told, right)
        if all(isinstance(one.result, Answer) for one in told):
            return
        assert time.monotonic() < until, boavizta.state()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("fault", FAULTY)
def test_a_broken_server_is_survived(proxy: FaultProxy, right: Figures, fault: str) -> None:
    """All are answered in time; the breaker opens, spares the server, and closes when it is well again."""

    async def main() -> None:
        async with running(proxy.address, QUICK) as boavizta:
            if fault in ONLY_QUESTIONS:
                await boavizta.embodied(QUESTIONS[-1])  # so that version and lists are known
            proxy.break_with(fault, "/v1/comp" if fault in ONLY_QUESTIONS else "")
            await until_it_opens(boavizta, right)
            state = boavizta.state()
            assert state.opened >= 1
            assert state.failures >= QUICK.failures
            assert FAULTY[fault] in (state.last_failure or "")

            asked = proxy.asked.total()
            check(await ask_at_once(boavizta, QUESTIONS[: len(NAMES)], 50), right)
            assert proxy.asked.total() - asked <= 3  # at most a probe, with its attempts
            assert proxy.most_connections <= 8

            proxy.mend()
            proxy.asked.clear()
            await until_it_recovers(boavizta, right)
            assert boavizta.state().breaker == "closed"
            assert len(proxy.questions()) == len(QUESTIONS) - (fault in ONLY_QUESTIONS)
            assert max(proxy.questions().values()) <= QUICK.attempts  # a busy machine may miss its short time-outs
            assert proxy.trapped == 0

    asyncio.run(main())


@pytest.mark.parametrize("fault", NO_ANSWER)
def test_a_readable_answer_without_sense_is_no_answer_and_no_failure(proxy: FaultProxy, fault: str) -> None:
    """It is a miss of that question, remembered for minutes; the breaker stays closed."""

    async def main() -> None:
        async with running(proxy.address, Policy(budget_s=10)) as boavizta:
            proxy.break_with(fault, "/v1/comp")
            for _ in range(2):
                for one in await ask_at_once(boavizta, QUESTIONS[: len(NAMES)], 50):
                    assert isinstance(one.result, Miss)
                    assert not one.result.unavailable
                    assert one.result.keep_until > time.time() + 500
            assert set(proxy.questions().values()) == {1}
            assert (boavizta.state().breaker, boavizta.state().failures) == ("closed", 0)

    asyncio.run(main())


def test_three_hundred_at_once_ask_the_server_once_a_question(proxy: FaultProxy, right: Figures) -> None:
    """Concurrent callers wait for one flight; afterwards nothing is asked at all."""

    async def main() -> None:
        async with running(proxy.address, Policy(budget_s=10)) as boavizta:
            for _ in range(2):
                told = await ask_at_once(boavizta, QUESTIONS)
                check(told, right, 10)
                assert all(isinstance(one.result, Answer) for one in told)
            assert len(proxy.questions()) == len(QUESTIONS)
            assert set(proxy.asked.values()) == {1}
            assert proxy.most_connections <= 8
            state = boavizta.state()
            assert (state.misses, state.hits) == (ASKERS, ASKERS)
            assert state.requests == len(QUESTIONS) + 3  # the version, the list of GPUs, the list of instances

    asyncio.run(main())


def test_a_500_on_a_question_is_asked_once_and_trips_nothing(proxy: FaultProxy, right: Figures) -> None:
    """BoaviztAPI breaks on bad input every time: no second attempt, no open breaker, nothing kept."""

    async def main() -> None:
        async with running(proxy.address, Policy(budget_s=10, version_s=0.001)) as boavizta:
            proxy.break_with("500 text", "/v1/comp")
            for one in await ask_at_once(boavizta, QUESTIONS[: len(NAMES)], len(NAMES)):
                assert isinstance(one.result, Miss)
                assert not one.result.unavailable
                assert one.result.keep_until == 0
            assert set(proxy.questions().values()) == {1}
            assert (boavizta.state().breaker, boavizta.state().opened, boavizta.state().failures) == ("closed", 0, 0)
            assert figures(await boavizta.embodied(QUESTIONS[-1])) == right[QUESTIONS[-1]]
            proxy.mend()
            assert figures(await boavizta.embodied(QUESTIONS[0])) == right[QUESTIONS[0]]

    asyncio.run(main())


def test_a_503_is_tried_again(proxy: FaultProxy, right: Figures) -> None:
    """It passes while the caller waits: a few attempts, then the answer."""

    async def main() -> None:
        policy = Policy(budget_s=10, attempts=10, retry_wait_s=0.05, failures=1)
        async with running(proxy.address, policy) as boavizta:
            proxy.break_with("503")
            waiting = asyncio.create_task(boavizta.embodied(QUESTIONS[0]))
            await until(lambda: proxy.asked.total() >= 2)
            proxy.mend()
            assert figures(await waiting) == right[QUESTIONS[0]]
            assert boavizta.state().failures == 0

    asyncio.run(main())


def test_a_slow_answer_comes_too_late_for_its_caller_and_is_kept_all_the_same(
    proxy: FaultProxy, right: Figures
) -> None:
    """The flight outlives those who waited: the next caller has the answer without a request."""

    async def main() -> None:
        async with running(proxy.address, Policy(budget_s=5)) as boavizta:
            result = await boavizta.embodied(QUESTIONS[0], within_s=0)
            assert isinstance(result, Miss)
            assert result.unavailable
            await until(lambda: boavizta.peek(QUESTIONS[0]) is not None)
            assert figures(await boavizta.embodied(QUESTIONS[0], within_s=0)) == right[QUESTIONS[0]]
            assert set(proxy.asked.values()) == {1}

    asyncio.run(main())


def test_a_caller_who_leaves_does_not_end_the_flight(proxy: FaultProxy, right: Figures) -> None:
    """One of two callers is cancelled; the other has the answer of the same request."""

    async def main() -> None:
        async with running(proxy.address, Policy(budget_s=10)) as boavizta:
            leaving = asyncio.create_task(boavizta.embodied(QUESTIONS[0]))
            staying = asyncio.create_task(boavizta.embodied(QUESTIONS[0]))
            await asyncio.sleep(0)
            leaving.cancel()
            assert figures(await staying) == right[QUESTIONS[0]]
            assert set(proxy.asked.values()) == {1}

    asyncio.run(main())


def test_too_many_questions_at_once_are_missed_at_once(proxy: FaultProxy, right: Figures) -> None:
    """What waits is bounded; the rest is flagged, and the answers that come are right."""

    async def main() -> None:
        async with running(proxy.address, Policy(budget_s=10, most_flights=4)) as boavizta:
            told = await ask_at_once(boavizta, QUESTIONS)
            check(told, right, 10)
            assert len({one.question for one in told if isinstance(one.result, Answer)}) == 4

    asyncio.run(main())


def test_closing_leaves_nobody_waiting(proxy: FaultProxy) -> None:
    """Callers of a stalled server are let go when the service closes."""

    async def main() -> None:
        async with running(proxy.address, Policy(budget_s=30, read_s=30)) as boavizta:
            proxy.break_with("stalled")
            waiting = asyncio.create_task(boavizta.embodied(QUESTIONS[0]))
            await until(lambda: proxy.asked.total() > 0)
        result = await waiting
        assert isinstance(result, Miss)
        assert result.unavailable

    asyncio.run(main())


def test_idle_connections_are_not_kept_as_long_as_the_server_keeps_them(real_address: str) -> None:
    """BoaviztAPI closes an idle connection after 5.0 s; ours goes first."""
    boavizta = Boavizta(real_address)
    transport = boavizta._upstream._server._client._transport
    assert isinstance(transport, httpx.AsyncHTTPTransport)
    assert transport._pool._keepalive_expiry is not None
    assert transport._pool._keepalive_expiry < 5
    assert transport._pool._max_connections <= 8
    asyncio.run(boavizta.close())


@pytest.mark.parametrize(
    "url",
    ["", "boavizta:5000", "ftp://host", "file:///etc/passwd", "http://", "http://host/?a=b", "http://user:pass@host"],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """Only http and https, a host, maybe a path; credentials are not repeated."""
    with pytest.raises(ValueError, match="address") as refused:
        Boavizta(url)
    assert "pass@" not in str(refused.value)
