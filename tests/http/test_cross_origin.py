"""Which pages of other origins may read answers, and the headers that protect all of them."""

from collections.abc import Iterator

import httpx
import pytest

from service.access.keys import key_line
from service.app import create_app
from service.factors.store import FactorStore
from service.resolve import Resolver
from service.settings import Settings
from tests.serving import serving

FRIEND, STRANGER = "https://a.example", "https://b.example"
ALLOWED = "access-control-allow-origin"
KEY = "dualscope_" + "c" * 43
ASKING = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}


@pytest.fixture(scope="module")
def open_to_a_friend(store: FactorStore, resolver: Resolver) -> Iterator[httpx.Client]:
    """A service with keys that pages of one other origin may use."""
    settings = Settings(log_format="off", cors_origins=(FRIEND,), keys=key_line("page", KEY))
    app = create_app(settings, store=store, resolver=resolver)
    with serving(app) as address, httpx.Client(base_url=address) as caller:
        yield caller


def test_by_default_no_other_page_reads_anything(client: httpx.Client) -> None:
    """No header of it, and its browser, that asks, is told nothing that would let it."""
    assert ALLOWED not in client.get("/methodology", headers={"origin": FRIEND}).headers
    asked = client.options("/emissions", headers={"origin": FRIEND, **ASKING})
    assert asked.status_code == 204
    assert not [name for name in asked.headers if name.startswith("access-control")]


def test_a_browser_may_ask_without_a_key(open_to_a_friend: httpx.Client) -> None:
    """It sends none with its question: 204, with what the page may send."""
    answer = open_to_a_friend.options("/emissions", headers={"origin": FRIEND, **ASKING})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers[ALLOWED] == FRIEND
    assert "POST" in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "x-api-key"))
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("key", [KEY, None])
def test_the_page_reads_answers_and_refusals(open_to_a_friend: httpx.Client, key: str | None) -> None:
    """The problem too, else nobody could tell why; and the headers that tell what is left."""
    headers = {"origin": FRIEND} | ({"x-api-key": key} if key else {})
    answer = open_to_a_friend.get("/methodology", headers=headers)
    assert answer.status_code == (200 if key else 401)
    assert answer.headers[ALLOWED] == FRIEND
    assert "RateLimit" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    "origin", [STRANGER, "null", "", "https://a.example.evil", "http://a.example", "HTTPS://A.EXAMPLE"]
)
def test_others_are_told_nothing(open_to_a_friend: httpx.Client, origin: str) -> None:
    """An origin is compared whole; caches keep their answers apart."""
    answer = open_to_a_friend.get("/methodology", headers={"origin": origin, "x-api-key": KEY})
    assert answer.status_code == 200
    assert ALLOWED not in answer.headers
    assert "Origin" in answer.headers["vary"]
    assert open_to_a_friend.options("/emissions", headers={"origin": origin, **ASKING}).status_code == 401


def test_any_page_where_that_is_said(store: FactorStore, resolver: Resolver) -> None:
    """`*`, never with credentials that a browser adds by itself."""
    app = create_app(Settings(log_format="off", cors_origins=("*",)), store=store, resolver=resolver)
    with serving(app) as address:
        answer = httpx.get(f"{address}/methodology", headers={"origin": STRANGER})
    assert answer.headers[ALLOWED] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/methodology", "/nothing", "/health/live", "/emissions", "/openapi.json"])
def test_data_shown_as_a_page_may_do_nothing(client: httpx.Client, path: str) -> None:
    """Every answer has a policy, once; the page of the interface its own."""
    policies = client.get(path).headers.get_list("content-security-policy", split_commas=False)
    assert policies == ["default-src 'none'; frame-ancestors 'none'"]
    (own,) = client.get("/docs").headers.get_list("content-security-policy", split_commas=False)
    assert "script-src 'self'" in own


@pytest.mark.parametrize(
    "query", ["limit=1&q=a%0d%0aset-cookie:%20x=y", "limit=1&provider=%0D%0AX-Evil:%201", "limit=1&cursor=%0a%0d"]
)
def test_no_query_becomes_a_header(client: httpx.Client, query: str) -> None:
    """`Link` repeats the query: encoded."""
    for path in ("/regions", "/hardware", "/factors"):
        headers = client.get(f"{path}?{query}").headers
        assert "set-cookie" not in headers
        assert "x-evil" not in headers
