"""A browser on the real server, and what watches it: nothing may fail in it, or leave the service."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
NPM = "npm install --ignore-scripts --no-package-lock --no-audit --no-fund --loglevel=error"
UNREACHED = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "ECONNRESET")
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
Opened = Callable[..., "Page"]


@pytest.fixture(scope="module")  # a driver has an event loop running: other modules have loops of their own
def browser() -> Iterator["Browser"]:
    """Chromium, without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install --group browser")
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.skip("the page is tested in Chromium, which is not here")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=program, args=[*ARGUMENTS, *sandbox])
        yield opened
        opened.close()


@pytest.fixture
def opened(browser: "Browser", server_url: str) -> Iterator[Opened]:
    """Return a page that has loaded; at the end nothing was logged as an error, and nothing was asked of others."""
    faults: list[str] = []
    contexts = []

    def open_page(path: str = "/", *, url: str = server_url, phone: bool = False, scheme: str = "light") -> "Page":
        context = browser.new_context(
            viewport=PHONE if phone else WIDE,
            color_scheme=scheme,
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda sent: faults.append(sent.url) if not sent.url.startswith((url, "data:")) else None)
        page.goto(url + path)
        page.wait_for_selector("main h1")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [fault for fault in faults if not fault.startswith("Failed to load resource")] == []  # refusals are tested


def settled(page: "Page") -> None:
    """Wait until the figures are those of the request as it stands."""
    page.wait_for_timeout(300)  # the page waits that long itself, for whoever still types
    page.wait_for_selector('.results[aria-busy="false"]')


def asked(page: "Page") -> Any:
    """Return the request as the page would send it."""
    page.get_by_role("button", name="Edit as JSON").click()
    text = page.get_by_label("The workload as POST /emissions takes it").input_value()
    page.get_by_role("button", name="Edit as a form").click()
    return json.loads(text)


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core, installed once into the user's cache."""
    if shutil.which("npm") is None:
        pytest.skip("axe-core comes from the npm registry, and there is no npm here")
    version = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]["axe-core"]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dualscope-tests"
    folder = cache / f"axe-{version}"
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "package.json", folder)
        done = subprocess.run(NPM.split(), cwd=folder, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode and any(code in done.stderr for code in UNREACHED):
            pytest.skip("axe-core comes from the npm registry, which is not reached from here")
        assert done.returncode == 0, done.stderr
    return script.read_text(encoding="utf-8")


def serious(page: "Page", axe: str) -> list[str]:
    """Return what axe-core finds that is serious or worse, with where."""
    page.evaluate(axe)
    found = page.evaluate("axe.run().then(({violations}) => violations)")
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]
