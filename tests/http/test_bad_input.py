"""Whatever is sent to `POST /emissions`, the answer names the field and the mend, and the next request still works."""

import socket
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

LEAST = b'{"region": "aws:us-east-1", "energy": {"kwh": 100}}'
JSON = {"content-type": "application/json"}
MIB = 1024 * 1024


class Bad(NamedTuple):
    """A body, and what is said of it."""

    body: bytes
    code: str
    pointer: str
    words: str


def energy(value: bytes) -> bytes:
    """The least request with another number."""
    return b'{"region": "aws:us-east-1", "energy": {"kwh": ' + value + b"}}"


BODIES = {
    "empty": Bad(b"", "BODY_NOT_JSON", "", "the body is empty"),
    "blank": Bad(b" \n", "BODY_NOT_JSON", "", "the body is empty"),
    "not JSON": Bad(b"kwh=100", "BODY_NOT_JSON", "", "malformed"),
    "cut off": Bad(LEAST[:-2], "BODY_NOT_JSON", "", "truncated"),
    "two values": Bad(LEAST + LEAST, "BODY_NOT_JSON", "", "trailing"),
    "byte order mark": Bad(b"\xef\xbb\xbf" + LEAST, "BODY_NOT_JSON", "", "malformed"),
    "UTF-16": Bad(LEAST.decode().encode("utf-16"), "BODY_NOT_JSON", "", "UTF-8"),
    "invalid UTF-8": Bad(b'{"id": "\xff"}', "BODY_NOT_JSON", "", "not valid UTF-8"),
    "lone surrogate": Bad(b'{"id": "\\ud800"}', "BODY_NOT_JSON", "", "send one JSON object"),
    "a list": Bad(b"[]", "VALUE_INVALID", "", "expected an object, got a list"),
    "null": Bad(b"null", "VALUE_INVALID", "", "expected an object, got null"),
    "100,000 lists deep": Bad(b"[" * 100_000, "VALUE_INVALID", "", "expected an object"),
    "100,000 objects deep": Bad(b'{"tags":' * 100_000, "VALUE_INVALID", "/tags", "expected a string, got an object"),
    "unknown field": Bad(b'{"regoin": "FR"}', "VALUE_INVALID", "/regoin", "did you mean region?"),
    "unknown field inside": Bad(b'{"energy": {"mwh": 1}}', "VALUE_INVALID", "/energy/mwh", "did you mean kwh?"),
    "field of another format": Bad(b'{"run_id": "1"}', "VALUE_INVALID", "/run_id", "there is no such field"),
    "name with slash": Bad(b'{"a/b~c": 1}', "VALUE_INVALID", "/a~1b~0c", "there is no such field"),
    "NaN": Bad(energy(b"NaN"), "VALUE_INVALID", "/energy/kwh", "NaN and infinity are no numbers"),
    "Infinity": Bad(energy(b"Infinity"), "VALUE_INVALID", "/energy/kwh", "NaN and infinity are no numbers"),
    "-Infinity": Bad(energy(b"-Infinity"), "VALUE_INVALID", "/energy/kwh", "NaN and infinity are no numbers"),
    "1e400": Bad(energy(b"1e400"), "VALUE_INVALID", "/energy/kwh", "beyond what a double can hold"),
    "1e308": Bad(energy(b"1e308"), "VALUE_INVALID", "/energy/kwh", "<= 1000000000000.0"),
    "5,000 digits": Bad(energy(b"9" * 5000), "VALUE_INVALID", "/energy/kwh", "beyond what a double can hold"),
    "negative": Bad(energy(b"-1"), "VALUE_INVALID", "/energy/kwh", ">= 0.0"),
    "number in quotes": Bad(energy(b'"3"'), "VALUE_INVALID", "/energy/kwh", "write the number without quotes"),
    "true for a number": Bad(energy(b"true"), "VALUE_INVALID", "/energy/kwh", "a number or null, got true or false"),
    "number for a name": Bad(b'{"region": 1}', "VALUE_INVALID", "/region", "expected a string or null, got an integer"),
    "unknown choice": Bad(b'{"deployment": "moon"}', "VALUE_INVALID", "/deployment", "cloud, colocated, leased, owned"),
    "missing field": Bad(b'{"cost": {"amount": 1}}', "VALUE_INVALID", "/cost/currency", "this field is required"),
    "in a list": Bad(b'{"instruments": [{"id": "a"}]}', "VALUE_INVALID", "/instruments/0/type", "required"),
    "not a date": Bad(
        b'{"period": {"start": "yesterday", "end": "2025-01-01"}}',
        "VALUE_INVALID",
        "/period/start",
        "A date (its 00:00 UTC) or an RFC 3339 time with its offset.",
    ),
    "time without offset": Bad(
        b'{"energy": {"power_samples": [{"at": "2026-01-01T00:00:00", "watts": 1}]}}',
        "VALUE_INVALID",
        "/energy/power_samples/0/at",
        "with a timezone",
    ),
    "empty list": Bad(b'{"energy": {"hourly_kwh": []}}', "VALUE_INVALID", "/energy/hourly_kwh", "length >= 1"),
    "fraction for a year": Bad(
        b'{"instruments": [{"id": "a", "type": "rec", "vintage_year": 2024.5}]}',
        "VALUE_INVALID",
        "/instruments/0/vintage_year",
        "an integer",
    ),
}


@pytest.fixture(autouse=True)
def still_works(client: httpx.Client) -> Iterator[None]:
    """After every refusal the least request is answered on the same connection."""
    yield
    assert client.post("/emissions", content=LEAST, headers=JSON).status_code == 200


def refused(response: httpx.Response, status: int, code: str) -> str:
    """Check the shape of a problem; its detail."""
    problem = response.json()
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:dualscope:problem:{code}"
    assert problem["errors"][0]["code"] == code
    assert problem["instance"] == "/emissions"
    return str(problem["detail"])


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_is_refused_by_name(client: httpx.Client, name: str) -> None:
    """400, with the pointer of the first fault and what would be right."""
    bad = BODIES[name]
    response = client.post("/emissions", content=bad.body, headers=JSON)
    assert bad.words in refused(response, 400, bad.code)
    assert response.json()["errors"][0]["pointer"] == bad.pointer


def test_an_endless_name_is_cut(client: httpx.Client) -> None:
    """A problem never repeats at length what it was sent."""
    response = client.post("/emissions", content=b'{"' + b"x" * 500_000 + b'": 1}', headers=JSON)
    assert refused(response, 400, "VALUE_INVALID")
    assert len(response.content) < 2000


def test_an_integral_float_is_an_integer(client: httpx.Client) -> None:
    """`2024.0` is an integer to JSON Schema, so it is one here."""
    body = {"region": "FR", "energy": {"kwh": 1}, "instruments": [INSTRUMENT | {"vintage_year": 2024.0}]}
    assert client.post("/emissions", json=body).status_code == 200


INSTRUMENT = {"id": "a", "type": "go", "kwh": 1, "technology": "wind", "market": "FR"}


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/jsonx",
        "json",
        ";;;",
        "\xff",
    ],
)
def test_only_json_in_utf8_is_taken(client: httpx.Client, media_type: str | None) -> None:
    """415 for every other media type, and Accept names the one that is taken."""
    headers = {} if media_type is None else {"content-type": media_type.encode("latin-1")}
    response = client.post("/emissions", content=LEAST, headers=headers)
    assert "application/json" in refused(response, 415, "MEDIA_TYPE_UNSUPPORTED")
    assert response.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; Charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_json_may_be_written_in_any_case(client: httpx.Client, media_type: str) -> None:
    """Media types and character sets know no case."""
    assert client.post("/emissions", content=LEAST, headers={"content-type": media_type}).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zzz", "identity, gzip"])
def test_nothing_is_inflated(client: httpx.Client, encoding: str) -> None:
    """A compressed body is refused unread; Accept-Encoding names what is taken."""
    headers = {**JSON, "content-encoding": encoding}
    response = client.post("/emissions", content=LEAST, headers=headers)
    assert "without Content-Encoding" in refused(response, 415, "MEDIA_TYPE_UNSUPPORTED")
    assert response.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "accept", ["application/xml", "image/*", "application/json;q=0", "nonsense", "application/pdf"]
)
def test_an_unknown_accept_is_refused(client: httpx.Client, accept: str) -> None:
    """406 names the media types that can be given."""
    response = client.post("/emissions", content=LEAST, headers={**JSON, "accept": accept})
    assert "application/json, text/markdown" in refused(response, 406, "NOT_ACCEPTABLE")


def test_a_body_over_the_limit_is_refused(client: httpx.Client) -> None:
    """20 MB with its length announced: 413 before it is read."""
    response = client.post("/emissions", content=b" " * 20 * MIB, headers=JSON)
    assert "at most 1048576 bytes" in refused(response, 413, "BODY_TOO_LARGE")


def test_a_chunked_body_over_the_limit_is_refused(client: httpx.Client) -> None:
    """20 MB in chunks: 413 at the first byte over the limit."""
    response = client.post("/emissions", content=(b" " * MIB for _ in range(20)), headers=JSON)
    assert "at most 1048576 bytes" in refused(response, 413, "BODY_TOO_LARGE")


def test_a_body_of_the_limit_is_read(client: httpx.Client) -> None:
    """1 MiB is taken, one byte more is not."""
    at_limit = LEAST.ljust(MIB)
    assert client.post("/emissions", content=at_limit, headers=JSON).status_code == 200
    assert client.post("/emissions", content=at_limit + b" ", headers=JSON).status_code == 413


def test_a_chunked_body_is_read(client: httpx.Client) -> None:
    """A body in pieces is one body."""
    pieces = (LEAST[index : index + 7] for index in range(0, len(LEAST), 7))
    assert client.post("/emissions", content=pieces, headers=JSON).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "TRACE", "HEAD"])
def test_another_method_is_refused(client: httpx.Client, method: str) -> None:
    """405, and Allow lists what the path takes."""
    response = client.request(method, "/emissions")
    assert response.status_code == 405
    assert response.headers["allow"] == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("explain=maybe", "explain"),
        ("explain=", "explain"),
        ("explain=2", "explain"),
        ("explain=true&explain=true", "explain"),
        ("explian=true", "explian"),
        ("debug", "debug"),
        ("%ff=1", "\ufffd"),
    ],
)
def test_an_unknown_query_is_refused(client: httpx.Client, query: str, parameter: str) -> None:
    """400 names the query parameter that is unknown, twice there, or no boolean."""
    response = client.post(f"/emissions?{query}", content=LEAST, headers=JSON)
    assert refused(response, 400, "VALUE_INVALID")
    assert response.json()["errors"][0]["parameter"] == parameter


def test_all_faults_are_told_at_once(client: httpx.Client) -> None:
    """422: what is of the schema but makes no sense is told whole, sorted by pointer."""
    body = {"region": "us-est-1", "energy": {"kwh": 100}, "pue": 0.5, "functional_units": {"inference": 0}}
    problem = client.post("/emissions", json=body).json()
    assert problem["status"] == 422
    found = [(error["pointer"], error["code"]) for error in problem["errors"]]
    assert found == [
        ("/functional_units/inference", "FUNCTIONAL_UNIT_ZERO"),
        ("/pue", "PUE_BELOW_ONE"),
        ("/region", "REGION_UNKNOWN"),
    ]
    assert problem["code"] == "FUNCTIONAL_UNIT_ZERO"
    assert problem["title"] == "The functional unit count is zero."


def test_a_caller_who_leaves_harms_nobody(server_url: str) -> None:
    """A connection that ends within a body leaves the service answering."""
    address = urlsplit(server_url)
    with socket.create_connection((str(address.hostname), address.port or 0)) as connection:
        connection.sendall(
            b"POST /emissions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"
        )


def test_numbers_stay_finite(client: httpx.Client) -> None:
    """The largest numbers of the schema give finite figures: an infinity would be written as null."""
    body = {"region": "FR", "energy": {"kwh": 1e12}, "pue": 1e12, "factors": {"location_kg_co2e_per_kwh": 3}}
    emissions = msgspec.json.decode(client.post("/emissions", json=body).content)
    assert emissions["scope2"]["location_based"]["kg_co2e"] == pytest.approx(3e24)


FAR_APART = {
    "a share of almost nothing": {
        "utilization": 0.5,
        "utilization_of": "device",
        "hardware": {"accelerator": "nvidia-h100-sxm", "share": 1e-320, "device_hours": 1},
    },
    "almost no accelerators": {
        "energy": {"kwh": 1},
        "hardware": {"accelerator": "nvidia-h100-sxm", "accelerators": 5e-324, "device_hours": 1e12},
    },
    "a fleet that is hardly used": {
        "energy": {"kwh": 1},
        "duration_hours": 10,
        "hardware": {"accelerator": "nvidia-h100-sxm"},
        "allocation": {"method": "time", "fleet_utilization": 5e-324},
    },
}


@pytest.mark.parametrize("body", FAR_APART.values(), ids=FAR_APART)
def test_numbers_too_far_apart_are_refused(client: httpx.Client, body: dict[str, object]) -> None:
    """What divides by almost 0 gives no figure: told as a problem, also of one item among good ones."""
    assert refused(client.post("/emissions", json={"region": "FR"} | body), 400, "VALUE_INVALID")
    items = [{"region": "FR", "energy": {"kwh": 1}}, {"region": "FR"} | body, {"region": "FR", "energy": {"kwh": 2}}]
    results = client.post("/emissions/batch", json={"workloads": items}).json()["results"]
    assert [result["problem"] is None for result in results] == [True, False, True]


def test_a_unit_of_almost_none_is_refused(client: httpx.Client) -> None:
    """Grams per 5e-324 tokens are no number."""
    body = {"region": "FR", "energy": {"kwh": 1}, "functional_units": {"tokens": 5e-324}}
    problem = client.post("/emissions", json=body).json()
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("FUNCTIONAL_UNIT_ZERO", "/functional_units/tokens")
