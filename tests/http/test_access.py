"""Who is let in: every route that there is, with every kind of key; and what gets by neither key nor path."""

import base64
import hashlib
import re
from collections.abc import Iterator

import httpx
import pytest
from litestar import Litestar

from service.access.keys import key_line
from service.app import HANDLERS, IMPORTS, LARGE, create_app
from service.factors.store import FactorStore
from service.http.guard import OPEN, OPEN_BELOW, OPERATIONS
from service.resolve import Resolver
from service.settings import Settings, SettingsInvalid
from tests.serving import serving

GOOD, SPENT, EXPIRED, OPERATOR, WRONG = (f"dualscope_{letter * 43}" for letter in "gseow")
KEYS = "\n".join(
    (
        key_line("good", GOOD),
        key_line("spent", SPENT, "per_month=1"),
        key_line("expired", EXPIRED, "expires=2020-01-01"),
        key_line("operator", OPERATOR, "may=operations"),
    )
)
ROUTES = sorted(
    {(method, re.sub(r"\{\w+:\w+\}", "x", path)) for handler in (*HANDLERS, *LARGE, *IMPORTS)
     for method in handler.http_methods for path in handler.paths}
)  # fmt: skip
KEYED = [route for route in ROUTES if route[1] not in OPEN and not route[1].startswith(OPEN_BELOW)]
DATA = [route for route in KEYED if route[1] not in OPERATIONS]
REFUSALS = {401, 403, 429}
JSON = {"content-type": "application/json"}


def app_with(store: FactorStore, resolver: Resolver, **settings: object) -> Litestar:
    """The service with settings of its own."""
    given: dict[str, object] = {"log_format": "off"} | settings
    return create_app(Settings(**given), store=store, resolver=resolver)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def keyed(store: FactorStore, resolver: Resolver) -> Iterator[httpx.Client]:
    """A caller of a service with keys, each of its routes for those that have one."""
    app = app_with(store, resolver, keys=KEYS, without_key=())
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as caller:
        caller.post("/emissions", headers=bearer(SPENT))  # its one request of this month
        yield caller


def bearer(key: str) -> dict[str, str]:
    """The header with a key."""
    return {"authorization": f"Bearer {key}"}


def test_the_routes_are_all_there() -> None:
    """What is open is a short list; a route that nobody thought of asks for a key."""
    opened = {path for _, path in ROUTES} - {path for _, path in KEYED}
    assert opened == {"/", "/assets/x", "/docs", "/docs/x", "/openapi.json", "/health/live"}
    assert len(DATA) > 20


@pytest.mark.parametrize(("method", "path"), KEYED)
def test_each_route_asks_for_a_key(keyed: httpx.Client, method: str, path: str) -> None:
    """None, a wrong one and an expired one: 401, a problem that says how a key is sent; a good one: whatever it is."""
    for headers in (
        {},
        bearer(WRONG),
        bearer(EXPIRED),
        {"authorization": "Bearer"},
        {"x-api-key": ""},
        {"x-api-key": WRONG},
        {"authorization": "Digest x"},
    ):
        answer = keyed.request(method, path, headers=headers)
        assert answer.status_code == 401
        assert answer.headers.get_list("www-authenticate")[0].startswith('Bearer realm="dualscope"')
        assert answer.headers["x-request-id"]
        if method != "HEAD":
            assert answer.json()["code"] == "UNAUTHORIZED"
            assert WRONG not in answer.text
    own = OPERATOR if path in OPERATIONS else GOOD
    assert keyed.request(method, path, headers=bearer(own)).status_code not in REFUSALS


@pytest.mark.parametrize(("method", "path"), KEYED)
def test_a_key_is_for_what_it_was_given_for(keyed: httpx.Client, method: str, path: str) -> None:
    """Data is not for those who operate, nor metrics for those who ask for data."""
    other = GOOD if path in OPERATIONS else OPERATOR
    assert keyed.request(method, path, headers=bearer(other)).status_code == 403


@pytest.mark.parametrize(("method", "path"), DATA)
def test_the_quota_of_one_key_is_not_that_of_another(keyed: httpx.Client, method: str, path: str) -> None:
    """Spent: 429 on every route, with the draft's headers and when it ends; the other key has its answer."""
    refused = keyed.request(method, path, headers=bearer(SPENT))
    assert refused.status_code == 429
    assert refused.headers["ratelimit-policy"].startswith('"month";q=1;w=')
    seconds = refused.headers["retry-after"]
    assert refused.headers["ratelimit"] == f'"month";r=0;t={seconds}'
    assert keyed.request(method, path, headers=bearer(GOOD)).status_code not in REFUSALS


@pytest.mark.parametrize("path", ["/docs", "/docs/start.js", "/openapi.json", "/health/live"])
def test_the_page_and_its_documents_are_open(keyed: httpx.Client, path: str) -> None:
    """A page must load before it can ask for a key, and a probe has none."""
    assert keyed.get(path).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"bearer  {GOOD}"},
        {"authorization": f"BEARER {GOOD}"},
        {"x-api-key": GOOD},
        {"x-api-key": GOOD, "authorization": "Basic cHJveHk6cHJveHk="},
        {"authorization": "Basic " + base64.b64encode(f"any:{GOOD}".encode()).decode()},
        {"authorization": "basic " + base64.b64encode(f"{GOOD}:".encode()).decode()},
    ],
)
def test_a_key_is_taken_in_each_form(keyed: httpx.Client, headers: dict[str, str]) -> None:
    """Bearer, its own header (Authorization may be a proxy's), Basic as password or alone."""
    assert keyed.get("/methodology", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        [("authorization", f"Bearer {GOOD}"), ("authorization", f"Bearer {WRONG}")],
        [("authorization", f"Bearer {WRONG}"), ("authorization", f"Bearer {GOOD}")],
        [("x-api-key", GOOD), ("x-api-key", GOOD)],
        [("authorization", "Basic !!!")],
        [("authorization", f"Bearer {hashlib.sha256(GOOD.encode()).hexdigest()}")],
        [("cookie", f"key={GOOD}")],
        [("connection", "authorization"), ("proxy-authorization", f"Bearer {GOOD}")],
        [("x-original-url", "/health/live"), ("x-rewrite-url", "/health/live"), ("x-http-method-override", "GET")],
    ],
)
def test_nothing_else_is_a_key(keyed: httpx.Client, headers: list[tuple[str, str]]) -> None:
    """Two keys, no base64, the digest, cookies, a proxy's own credentials, another path in a header."""
    assert keyed.get("/methodology", headers=headers).status_code == 401


@pytest.mark.parametrize("query", [f"?api_key={GOOD}", f"?key={GOOD}", f"?access_token={GOOD}"])
def test_a_key_in_an_address_is_none(keyed: httpx.Client, query: str) -> None:
    """Addresses are logged everywhere."""
    assert keyed.get(f"/methodology{query}").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/docs/../methodology", "/docs/%2e%2e/methodology", "/docs/..%2fmethodology", "/docs/..%5cmethodology",
        "/assets/../../methodology", "//methodology", "/methodology/", "/./methodology", "/docs//methodology",
        "/health/live/../../methodology", "/docs%2f..%2fmethodology", "/docs/..;/methodology", "/%6dethodology",
        "/assets/../../../etc/passwd", "/docs/..%2f..%2f..%2fREADME.md", "/docs/%00", "/docs/....//methodology",
    ],
)  # fmt: skip
def test_no_spelling_of_a_path_gets_by(keyed: httpx.Client, path: str) -> None:
    """Whatever is sent on the wire: refused, or not there; never the data, never a file."""
    answer = keyed.get("/", extensions={"target": path.encode()})
    assert answer.status_code in (401, 404)
    assert "parameters" not in answer.text


@pytest.mark.parametrize("path", ["//metrics", "/metrics/", "//metrics//", "/%6detrics"])
def test_no_spelling_makes_metrics_data(keyed: httpx.Client, path: str) -> None:
    """A key for data does not open them by another name."""
    answer = keyed.get("/", extensions={"target": path.encode()}, headers=bearer(GOOD))
    assert answer.status_code == 403


def test_a_script_is_not_asked_for_a_password(keyed: httpx.Client) -> None:
    """Its browser would ask the user over its head; someone who navigates there is asked."""
    scripted = keyed.get("/regions", headers={"sec-fetch-mode": "cors"})
    assert scripted.headers.get_list("www-authenticate") == ['Bearer realm="dualscope"']
    visited = keyed.get("/regions", headers={"sec-fetch-mode": "navigate"})
    assert visited.headers.get_list("www-authenticate")[1].startswith("Basic ")


def test_shared_caches_keep_nothing_that_a_key_opened(keyed: httpx.Client, client: httpx.Client) -> None:
    """Else the next one would have it without."""
    assert keyed.get("/regions", headers=bearer(GOOD)).headers["cache-control"] == "private, max-age=300"
    assert client.get("/regions").headers["cache-control"] == "public, max-age=300"


def test_metrics_have_names_and_no_keys(keyed: httpx.Client) -> None:
    """Whose requests they were, and nothing that opens anything."""
    text = keyed.get("/metrics", headers=bearer(OPERATOR)).text
    assert 'dualscope_key_requests_total{key="good"}' in text
    assert 'dualscope_places_taken{size="large"} 0.0' in text
    assert not any(key in text for key in (GOOD, SPENT, EXPIRED, OPERATOR))


def test_the_log_has_the_name(
    store: FactorStore, resolver: Resolver, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """And not the key."""
    with serving(app_with(store, resolver, keys=KEYS, log_format="json")) as address:
        httpx.get(f"{address}/methodology", headers=bearer(GOOD))
    (line,) = capfdbinary.readouterr().out.splitlines()
    assert b'"key":"good"' in line
    assert GOOD.encode() not in line


def test_a_large_body_counts_by_its_megabytes(store: FactorStore, resolver: Resolver) -> None:
    """1 + 2 of a body of 2.5 MiB, and 1: of five there is one left."""
    with serving(app_with(store, resolver, keys=key_line("a", GOOD, "per_month=5"))) as address:
        httpx.post(f"{address}/allocations", content=b" " * 2_621_440, headers=bearer(GOOD) | JSON)
        answer = httpx.get(f"{address}/methodology", headers=bearer(GOOD))
    assert answer.headers["ratelimit"].startswith('"month";r=1;t=')


def test_addresses_are_counted_where_there_are_no_keys(store: FactorStore, resolver: Resolver) -> None:
    """By the word of a trusted proxy; what others write into the header is nothing."""
    settings = {"requests_per_minute": 1_000_000, "trusted_proxies": ("127.0.0.1",)}
    with serving(app_with(store, resolver, **settings)) as address, httpx.Client(base_url=address) as caller:
        left = [
            re.findall(r";r=(\d+);", caller.get("/methodology", headers={"x-forwarded-for": told}).headers["ratelimit"])
            for told in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "6.6.6.6, 192.0.2.1")
        ]
    assert [int(number) for (number,) in left] == [999_999, 999_999, 999_998, 999_997]


def test_a_stranger_does_not_choose_his_address(store: FactorStore, resolver: Resolver) -> None:
    """No proxy is trusted: all of it counts for the peer, and no HSTS comes of it."""
    with serving(app_with(store, resolver, requests_per_minute=1_000_000)) as address:
        answers = [
            httpx.get(
                f"{address}/methodology",
                headers={"x-forwarded-for": f"192.0.2.{number}", "forwarded": f"for=192.0.2.{number};proto=https"},
            )
            for number in range(3)
        ]
    assert [re.findall(r";r=(\d+);", answer.headers["ratelimit"])[0] for answer in answers] == [
        "999999", "999998", "999997",
    ]  # fmt: skip
    assert not any("strict-transport-security" in answer.headers for answer in answers)


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False), ("https, http", False)])
def test_hsts_comes_with_tls_alone(store: FactorStore, resolver: Resolver, scheme: str, *, secure: bool) -> None:
    """On the word of a trusted proxy."""
    with serving(app_with(store, resolver, trusted_proxies=("127.0.0.0/8",))) as address:
        answer = httpx.get(f"{address}/health/live", headers={"x-forwarded-proto": scheme})
    assert ("strict-transport-security" in answer.headers) is secure


def test_operations_have_a_port_of_their_own(store: FactorStore, resolver: Resolver) -> None:
    """There without a key and nothing else; at the other port they are not."""
    for apart in (False, True):
        app = app_with(store, resolver, keys=KEYS, operations_port=1)
        with serving(app) as address, httpx.Client(base_url=address) as caller:
            if apart:  # the port is known once it is taken
                gate = app.asgi_handler._app._gate  # type: ignore[attr-defined]
                app.asgi_handler._app._gate = type(gate)(keys=gate.keys, operations_port=caller.base_url.port)  # type: ignore[attr-defined]
            paths = ("/health/live", "/health/ready", "/metrics", "/metrics/", "/methodology", "/docs")
            statuses = [caller.get(path).status_code for path in paths]
        assert statuses == ([200, 200, 200, 200, 404, 404] if apart else [200, 404, 404, 404, 401, 200])


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"keys": "nonsense"}, "DUALSCOPE_KEYS:1: "),
        ({"cors_origins": ("https://a.example/",)}, "DUALSCOPE_CORS_ORIGINS: 'https://a.example/' is no origin"),
        ({"trusted_proxies": ("proxy",)}, "DUALSCOPE_TRUSTED_PROXIES: 'proxy'"),
    ],
)
def test_a_bad_setting_stops_the_start(
    store: FactorStore, resolver: Resolver, settings: dict[str, object], told: str
) -> None:
    """With the name of its variable."""
    with pytest.raises(SettingsInvalid, match=f"^{re.escape(told)}"):
        app_with(store, resolver, **settings)
