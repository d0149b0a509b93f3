"""What a browser is sent for the page."""

import gzip
import re

import httpx
import pytest

from service.http.page import STATIC

LARGEST = 1_000_000
"""Bytes of all files of the page together, compressed."""


def referred(text: str) -> list[str]:
    """Return what a page loads or links to."""
    return re.findall(r'(?:src|href)="([^"]+)"', text)


def test_the_page_is_of_this_service_alone(client: httpx.Client) -> None:
    """All it refers to is there, no script or style stands inside it, and its policy forbids the rest."""
    page = client.get("/", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert [name for name in referred(page.text) if not name.startswith(("/", "data:image/svg"))] == []
    for name in referred(page.text):
        assert not name.startswith("/") or client.get(name).status_code == 200
    assert re.findall(r"<script[^>]*>[^<]|<style|\sstyle=|\son\w+=", page.text) == []


def test_the_page_is_asked_for_anew_and_its_files_never(client: httpx.Client) -> None:
    """The names of files come from their content; the page has an ETag and takes 304."""
    page = client.get("/")
    assert page.headers["cache-control"] == "no-cache"
    known = client.get("/", headers={"if-none-match": page.headers["etag"]})
    assert known.status_code == 304
    for name in ("content-security-policy", "vary", "cache-control"):
        assert known.headers[name] == page.headers[name]  # a browser takes these for the page that it has
    script = next(name for name in referred(page.text) if name.endswith(".js"))
    file = client.get(script)
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert file.headers["content-type"] == "text/javascript; charset=utf-8"
    head = client.head(script)
    assert (head.content, head.headers["etag"]) == (b"", file.headers["etag"])
    hashed = [path.name for path in STATIC.iterdir() if path.suffix in {".js", ".css"}]
    assert [name for name in hashed if not re.search(r"-[A-Z0-9]{8}\.", name)] == []


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000, br", None),
        ("identity", None),
        ("notgzip", None),
        ("", None),
    ],
)
def test_compressed_where_that_is_taken(client: httpx.Client, accepted: str, coding: str | None) -> None:
    """By Accept-Encoding, said in Vary; each coding has an ETag of its own."""
    plain = client.get("/", headers={"accept-encoding": "identity"})
    answer = client.get("/", headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.text == plain.text  # httpx unpacks it
    assert (answer.headers["etag"] == plain.headers["etag"]) == (coding is None)


def test_the_page_is_small() -> None:
    """All of it together, compressed."""
    assert sum(len(gzip.compress(path.read_bytes())) for path in STATIC.iterdir()) <= LARGEST


def test_programs_are_told_what_is_here(client: httpx.Client) -> None:
    """The page has one form; whoever wants another gets a problem that says so."""
    refused = client.get("/", headers={"accept": "application/json"})
    assert refused.status_code == 406
    assert "text/html" in refused.json()["detail"]


def test_the_licenses_of_what_is_bundled_are_served(client: httpx.Client) -> None:
    """Every package with its text."""
    text = client.get("/assets/THIRD-PARTY.txt").text
    for name in ("echarts", "zrender", "preact", "d3-geo", "topojson-client", "world-atlas"):
        assert re.search(rf"^{name} \d", text, re.MULTILINE), name
    assert "Apache License" in text


@pytest.mark.parametrize("name", ["index.html", "../page.py", "%2e%2e%2fpage.py", "x.js", "..%5cpage.py"])
def test_nothing_else_is_served(client: httpx.Client, name: str) -> None:
    """Names are looked up, never opened."""
    assert client.get(f"/assets/{name}").status_code == 404
