"""The view of files, in a browser: what it shows and saves is what the service answers."""

from decimal import ROUND_HALF_UP, Context
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.web.conftest import Opened, serious

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAMPLES = Path(__file__).parents[1] / "formats" / "samples"
BILL, RUNS = SAMPLES / "focus_1_2.csv", SAMPLES / "codecarbon_emissions.csv"
CSV = {"Content-Type": "text/csv"}


def shown(kg: float) -> str:
    """Return a figure as the page writes it: four significant digits."""
    rounded = Context(prec=4, rounding=ROUND_HALF_UP).create_decimal(repr(kg))
    return f"{float(rounded):,.10g}"


def chosen(opened: Opened, file: Path, **how: str) -> "Page":
    """Return the page with a file chosen and recognized."""
    page = opened("/#upload", **how)
    page.get_by_label("Choose a file, or drop it here").set_input_files(file)
    page.get_by_text(file.name).wait_for()
    return page


def estimated(page: "Page") -> None:
    """Ask for it, and wait for all of the answer."""
    page.get_by_role("button", name="Estimate it").click()
    page.wait_for_selector('.results[aria-busy="false"] .take')


def saved(page: "Page", name: str) -> bytes:
    """Return what a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes()


def test_a_bill_comes_to_what_the_service_says(opened: Opened, client: httpx.Client) -> None:
    """Both totals, what is covered, why rows have no figure; by month and region; and every file."""
    content = BILL.read_bytes()
    page = chosen(opened, BILL)
    assert page.get_by_label("Kind of file").input_value() == "focus"
    estimated(page)
    bill = client.post("/imports/focus", content=content, headers=CSV | {"Accept": "application/json"}).json()
    totals = [shown(bill["totals"][name]) for name in ("location_based_kg_co2e", "market_based_kg_co2e")]
    assert page.locator(".total .value").all_inner_texts() == totals
    text = page.locator(".headline").inner_text()
    assert "100% of the cost" in text
    for reason in bill["not_estimated"] + bill["by_spend"]:
        assert reason["detail"][1:] in text
    places = client.post("/imports/focus", content=content, headers=CSV | {"Accept": "application/geo+json"}).json()
    figure = page.locator("figure", has_text="By month and by region")
    figure.get_by_text("Show as a table").click()
    cells = [row.split("\t")[2] for row in figure.locator("tbody tr").all_inner_texts()]
    points = [one["properties"]["total_location_based_kg_co2e"] for one in places["features"]]
    assert cells == [shown(kg) for kg in points]
    for name, accept in (
        ("Bill with figures (CSV)", "text/csv"),
        ("Map for kepler.gl", "application/vnd.kepler.gl+json"),
        ("GeoJSON", "application/geo+json"),
    ):
        assert (
            saved(page, name)
            == client.post("/imports/focus", content=content, headers=CSV | {"Accept": accept}).content
        )


def test_runs_stand_beside_what_the_file_says(opened: Opened, client: httpx.Client) -> None:
    """Ours twice and theirs, never added; and the results as CSV."""
    content = RUNS.read_bytes()
    page = chosen(opened, RUNS)
    assert page.get_by_label("Kind of file").input_value() == "codecarbon"
    estimated(page)
    summary = client.post("/imports/codecarbon", content=content, headers=CSV).json()["summary"]
    expected = [summary["totals"][basis]["kg_co2e"] for basis in ("location_based", "market_based")]
    assert page.locator(".total .value").all_inner_texts() == [
        shown(kg) for kg in (*expected, summary["reported_kg_co2e"])
    ]
    assert "never add them" in page.locator(".headline").inner_text()
    answer = client.post("/imports/codecarbon", content=content, headers=CSV | {"Accept": "text/csv"}).content
    assert saved(page, "Results (CSV)") == answer


def test_problems_have_the_numbers_of_their_rows(opened: Opened) -> None:
    """The sample's fifth run lasted -5 seconds."""
    page = opened("/#upload")
    page.get_by_role("button", name="Sample of CodeCarbon").click()
    table = page.locator(".problems-table tbody tr")
    table.wait_for()
    assert table.count() == 1
    assert table.inner_text().split()[:2] == ["5", "-5"]


def test_what_is_said_beside_the_file_is_sent(opened: Opened) -> None:
    """Fields are those of the format; what is wrong with one stands at it."""
    page = chosen(opened, RUNS)
    page.get_by_label("Where it ran").fill("nowhere")
    page.get_by_role("button", name="Estimate it").click()
    page.wait_for_selector(".problem")
    assert page.get_by_label("Where it ran").get_attribute("aria-invalid") == "true"
    page.get_by_label("Where it ran").fill("FR")
    with page.expect_request("**/imports/codecarbon?region=FR") as sent:
        page.get_by_role("button", name="Estimate it").click()
    assert sent.value.method == "POST"


@pytest.mark.parametrize(("file", "kind", "is_of"), [(RUNS, "focus", "codecarbon"), (BILL, "codecarbon", "focus")])
def test_a_wrong_file_is_told_what_it_is(opened: Opened, file: Path, kind: str, is_of: str) -> None:
    """Though somebody chose another kind."""
    page = chosen(opened, file)
    page.get_by_label("Kind of file").select_option(kind)
    page.get_by_role("button", name="Estimate it").click()
    assert f"this is a file of {is_of}" in page.locator(".problem").inner_text()


def test_an_upload_can_be_cancelled(opened: Opened, tmp_path: Path) -> None:
    """A long one, by the keyboard alone; it can be sent again."""
    head, *rows = BILL.read_bytes().splitlines(keepends=True)
    long = tmp_path / "long.csv"
    long.write_bytes(head + b"".join(rows) * 8_000)
    page = chosen(opened, long)
    page.get_by_role("button", name="Estimate it").press("Enter")
    page.get_by_role("button", name="Cancel").press("Enter")
    page.get_by_text("Cancelled. Nothing was kept.").wait_for()
    assert page.locator(".headline").count() == 0
    assert page.get_by_role("button", name="Estimate it").is_enabled()


@pytest.mark.parametrize(("sample", "scheme"), [("Sample bill", "light"), ("Sample of CodeCarbon", "dark")])
def test_axe_finds_nothing_serious_in_an_answer(opened: Opened, axe: str, sample: str, scheme: str) -> None:
    """Of a bill and of runs, with every part open."""
    page = opened("/#upload", scheme=scheme)
    page.get_by_role("button", name=sample).click()
    page.wait_for_selector('.results[aria-busy="false"] .take')
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    page.wait_for_timeout(300)
    assert serious(page, axe) == []


def test_a_phone_needs_no_scrolling_sideways_for_an_answer(opened: Opened) -> None:
    """At 360 pixels."""
    page = opened("/#upload", phone=True)
    page.get_by_role("button", name="Sample bill").click()
    page.wait_for_selector('.results[aria-busy="false"] .take')
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
