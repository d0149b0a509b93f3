"""`dualscope estimate --url`: the same answer and the same faults as here, by a service; and whatever else answers."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

JOB = ["estimate", "--region", "aws:us-east-1", "--kwh", "100"]
KEY = "ds_a-secret-key"


@contextmanager
def stranger(status: int, headers: Mapping[str, str], body: bytes) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that answers all with this; its address, and the headers that it got."""
    got: list[dict[str, str]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            got.append({name.lower(): value for name, value in self.headers.items()} | {"path": self.path})
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", got
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("form", [[], ["--json"], ["--json", "--explain"], ["--markdown"], ["--html"]])
def test_a_service_answers_as_this_process_does(form: list[str], run: Any, server_url: str) -> None:
    """Byte by byte, in every form; by flag or by variable, with the path of the route or without."""
    here = run(*JOB, *form)
    assert here.code == 0
    assert run(*JOB, *form, "--url", server_url) == here
    assert run(*JOB, *form, DUALSCOPE_URL=f"{server_url}/emissions") == here


@pytest.mark.parametrize("form", [[], ["--markdown"], ["--html"]], ids=str)
def test_a_newer_service_may_warn_of_what_is_not_known_here(form: list[str], run: Any) -> None:
    """Changes only add: a warning of a code that this program has no words for is told in those of the service."""
    answer = json.loads(run(*JOB, "--json").answer)
    new = {"code": "NEW_CODE", "pointer": "/region", "severity": "warning", "detail": "something that is new"}
    body = json.dumps(answer | {"warnings": [new], "new_field": 1}).encode()
    with stranger(200, {"content-type": "application/json"}, body) as (url, _):
        there = run(*JOB, *form, "--url", url)
    assert (there.code, there.told) == (0, [])
    assert "something that is new" in there.answer


def test_a_page_is_that_of_the_service(run: Any, server_url: str) -> None:
    """`--html` prints what `Accept: text/html` gets: with the arithmetic of each figure."""
    job = {"region": "aws:us-east-1", "energy": {"kwh": 100}}
    page = httpx.post(f"{server_url}/emissions", json=job, headers={"accept": "text/html"}).text
    assert run(*JOB, "--html").answer == page


def test_a_fault_is_told_by_its_flag(run: Any, server_url: str) -> None:
    """All faults of a 422, each by the flag, the same as here; exit code 2."""
    words = ["estimate", "--region", "us-est-1", "--kwh", "1", "--pue", "0.5"]
    there = run(*words, "--url", server_url)
    assert there.code == 2
    assert [line.split(": ")[1] for line in there.told] == ["--pue", "--region"]
    assert there == run(*words)


def test_a_budget_holds_for_it_too(run: Any, server_url: str) -> None:
    """100 kWh in Virginia are 45.7 kg CO2e."""
    assert run(*JOB, "--url", server_url, "--budget-kg", "45").code == 3
    assert run(*JOB, "--url", server_url, "--budget-kg", "46").code == 0


def problem(code: str, status: int, *errors: dict[str, str]) -> bytes:
    """A body of RFC 9457."""
    return json.dumps({"code": code, "status": status, "detail": "said why", "errors": errors}).encode()


RFC_9457 = {"content-type": "application/problem+json"}


@pytest.mark.parametrize(
    ("status", "headers", "body", "code", "told"),
    [
        (200, {"content-type": "text/html"}, b"<h1>Hello</h1>", 1, "this is no answer of Dualscope"),
        (200, {}, b'{"totals": {}}', 1, "this is no answer of Dualscope"),
        (404, {"content-type": "text/html"}, b"no", 1, "it answers 404, text/html: no answer of Dualscope"),
        (502, {"content-type": "text/html"}, b"no", 1, "it answers 502, text/html: no answer of Dualscope"),
        (599, {}, b"", 1, "it answers 599, no type: no answer of Dualscope"),
        (301, {"location": "https://x.example/"}, b"", 1, "it sends on to https://x.example/"),
        (503, RFC_9457 | {"retry-after": "7"}, problem("OVERLOADED", 503), 1, "(OVERLOADED); try again in 7 s"),
        (429, RFC_9457, problem("RATE", 429), 1, "said why (RATE)"),
        (401, RFC_9457, problem("KEY", 401), 2, "said why (KEY); it is the one in DUALSCOPE_KEY"),
        (401, {"content-type": "text/plain"}, b"no", 2, "it answers 401, text/plain"),
        (413, RFC_9457, problem("BODY_TOO_LARGE", 413), 2, "said why (BODY_TOO_LARGE)"),
        (422, RFC_9457, b"{}", 1, "it answers 422"),
    ],
)
def test_whatever_answers_is_told_in_a_line(
    status: int, headers: dict[str, str], body: bytes, code: int, told: str, run: Any
) -> None:
    """1: the service cannot answer, or is another program; 2: it refuses. The key is sent, and never shown."""
    with stranger(status, headers, body) as (url, got):
        answered = run(*JOB, "--url", url, DUALSCOPE_KEY=KEY)
    assert (answered.code, answered.answer, len(answered.told)) == (code, "", 1)
    assert answered.told[0].startswith(f"dualscope: {url}: ")
    assert told in answered.told[0]
    assert KEY not in answered.told[0]
    (request,) = got
    assert (request["path"], request["authorization"]) == ("/emissions", f"Bearer {KEY}")


def silent() -> tuple[socket.socket, str]:
    """A port that takes connections and says nothing."""
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_service_that_says_nothing_is_not_waited_for(run: Any) -> None:
    """As long as it is given; then exit code 1."""
    listener, url = silent()
    with listener:
        code, _, told = run(*JOB, "--url", url, "--timeout", "0.1")
    assert (code, told) == (1, [f"dualscope: {url}: no answer within 0.1 s"])


def test_a_service_that_is_not_there_is_told(run: Any) -> None:
    """Connection refused; a password in the address is not shown."""
    listener, url = silent()
    listener.close()
    code, _, told = run(*JOB, "--url", url.replace("//", "//me:secret@"))
    assert code == 1
    assert told[0].startswith(f"dualscope: {url}: it is not reached: ")


def test_a_service_without_tls_is_told(run: Any, server_url: str) -> None:
    """An https address of a port that speaks http."""
    code, _, told = run(*JOB, "--url", server_url.replace("http:", "https:"))
    assert code == 1
    assert "SSL" in told[0]


@pytest.mark.parametrize(
    ("url", "variables", "told"),
    [
        ("localhost:8000", {}, "--url: an address as http://localhost:8000 is wanted"),
        ("ftp://host", {}, "--url: an address as http://localhost:8000 is wanted"),
        ("http://host/?a=b", {}, "--url: an address as http://localhost:8000 is wanted"),
        ("http://host:port", {}, "--url: this is no address"),
        ("http://host", {"DUALSCOPE_KEY": "a\nb"}, "DUALSCOPE_KEY: it has a character that no header can have"),
    ],
)
def test_an_address_or_key_without_sense_is_told(url: str, variables: dict[str, str], told: str, run: Any) -> None:
    """Nothing is sent."""
    code, _, lines = run(*JOB, "--url", url, **variables)
    assert code == 2
    assert lines[0].startswith(f"dualscope: {told}")
