"""Every view, for everyone: what axe-core says of it, and on a phone."""

import pytest

from tests.web.conftest import Opened, serious, settled

VIEWS = ["workload", "pool", "upload"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(opened: Opened, axe: str, view: str, scheme: str) -> None:
    """With every part of it open."""
    page = opened(f"/#{view}", scheme=scheme)
    if view == "workload":
        settled(page)
        page.locator("#elsewhere-title").scroll_into_view_if_needed()
        page.wait_for_selector(".map canvas")
        page.get_by_text("places as a list").wait_for()
        page.get_by_role("button", name="Generating the electricity, location-based").click()
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    page.wait_for_timeout(300)
    assert serious(page, axe) == []


def test_axe_finds_nothing_serious_in_a_problem(opened: Opened, axe: str) -> None:
    """With faults at fields, an instrument, and the list of regions open."""
    page = opened()
    settled(page)
    page.get_by_text("Electricity bought").click()
    page.get_by_role("button", name="Add a certificate or contract").click()
    page.get_by_label("How much?").fill("150")
    page.wait_for_selector(".problem")
    page.get_by_role("combobox", name="Where did it run?").click()
    page.wait_for_selector('[role="option"]')
    assert serious(page, axe) == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_needs_no_scrolling_sideways(opened: Opened, view: str) -> None:
    """At 360 pixels, with every part of it open."""
    page = opened(f"/#{view}", phone=True)
    if view == "workload":
        settled(page)
        page.locator("#elsewhere-title").scroll_into_view_if_needed()
        page.get_by_text("places as a list").wait_for()
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
