"""`/docs` in a real Chromium: what it shows, what it sends, and to whom."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from service.app import document

playwright = pytest.importorskip("playwright.sync_api", reason="no driver of browsers: pip install --group browser")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
LONGEST_MS = 20_000


class Seen:
    """A page, and what it asked for and complained of."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.set_default_timeout(LONGEST_MS)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


@pytest.fixture(scope="module")
def seen(server_url: str) -> Iterator[Seen]:
    """The page, shown."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here")
    with tempfile.TemporaryDirectory() as folder, playwright.sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(folder, executable_path=CHROMIUM, headless=True, args=QUIET)
        found = Seen(context.new_page())
        found.page.goto(f"{server_url}/docs")
        found.page.wait_for_selector(".opblock")
        yield found
        context.close()


def operations() -> dict[str, str]:
    """Path and tag of each operation by its name."""
    paths = msgspec.json.decode(document())["paths"]
    return {one["operationId"]: one["tags"][0] for item in paths.values() for one in item.values()}


def test_every_operation_is_shown(seen: Seen) -> None:
    """Each under its tag."""
    for name, tag in operations().items():
        assert seen.page.locator(f"#operations-{tag}-{name}").count() == 1


def test_a_request_is_sent_and_its_answer_shown(seen: Seen, server_url: str) -> None:
    """The example of the document, executed: 200, and a footprint."""
    block = seen.page.locator("#operations-emissions-estimate_emissions")
    block.locator(".opblock-summary-control").click()
    with seen.page.expect_response(f"{server_url}/emissions*") as answered:
        block.locator("button.execute").click()
    assert answered.value.request.method == "POST"
    assert answered.value.status == 200
    assert json.loads(answered.value.request.post_data)["region"] == "aws:us-east-1"
    shown = block.locator(".live-responses-table tbody .response-col_status")
    shown.first.wait_for()
    assert "200" in shown.first.inner_text()
    assert "location_based" in block.locator(".live-responses-table .highlight-code").first.inner_text()


def test_it_asks_nobody_else_and_complains_of_nothing(seen: Seen, server_url: str) -> None:
    """After all of that: every request went to this service, and the console is empty, of its policy too."""
    assert [url for url in seen.asked if not url.startswith((server_url, "data:", "blob:"))] == []
    assert seen.complaints == []


def test_a_key_is_sent_once_it_is_given(seen: Seen, server_url: str) -> None:
    """Where a document asks for a key, Authorize takes it, and each request carries it."""
    protected = msgspec.json.decode(document())
    protected["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    protected["security"] = [{"key": []}]
    body = json.dumps(protected)
    seen.page.route("**/openapi.json", lambda route: route.fulfill(body=body, content_type="application/json"))
    seen.page.goto(f"{server_url}/health/live")
    seen.page.goto(f"{server_url}/docs")
    seen.page.locator("button.authorize").first.click()
    seen.page.locator(".auth-container input").fill("a-key")
    seen.page.locator(".auth-container button.authorize").click()
    seen.page.locator("button.btn-done").click()
    block = seen.page.locator("#operations-operations-read_liveness")
    block.locator(".opblock-summary-control").click()
    with seen.page.expect_request(f"{server_url}/health/live") as sent:
        block.locator("button.execute").click()
    assert sent.value.headers["authorization"] == "Bearer a-key"
    assert seen.complaints == []
