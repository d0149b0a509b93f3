"""The view of a shared pool, in a browser: its numbers are the service's, and every way through it works."""

import json
from typing import TYPE_CHECKING, Any

import httpx

from tests.web.conftest import Opened, serious, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

TOTAL = {
    "pool": {"kg_co2e": 1000},
    "method": "time",
    "consumers": [{"id": "one", "hours": 30}, {"id": "two", "hours": 10}],
}
"""1000 kg by 30 and 10 hours: 750 and 250."""
TABLE = "Team\tHours\tUtilization\tCost\tcurrency\nred\t30\t0.5\t100\tUSD\nblue\t10\t0.9\t300\tUSD"


def divided(client: httpx.Client, request: Any) -> Any:
    """Return what the service answers."""
    sent = client.post("/allocations", json=request | {"compare": True})
    assert sent.status_code == 200, sent.text
    return sent.json()


def exactly(page: "Page") -> list[float]:
    """Return the exact kilograms of the table: each consumer, then the pool."""
    settled(page)
    return [float(text.replace(",", "")) for text in page.locator(".parts-table .exact").all_inner_texts()]


def asked(page: "Page") -> Any:
    """Return the request that the page would send, from its command."""
    page.get_by_role("button", name="Copy curl").click()
    page.get_by_text("Command copied.").wait_for()
    command = page.evaluate("navigator.clipboard.readText()")
    return json.loads(command[command.index("-d '") + 4 : -1])


def link(page: "Page", request: Any) -> None:
    """Open the view with a request, as a link of one brings it."""
    page.evaluate(
        """request => {
            const text = btoa(JSON.stringify(request)).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=+$/, "");
            location.hash = `#pool=j.${text}`;
        }""",
        request,
    )
    page.wait_for_timeout(100)
    settled(page)


def test_it_begins_with_an_example_that_is_divided(opened: Opened, client: httpx.Client) -> None:
    """Every part, and every cell of consumers × methods, is the service's for the request that is shown."""
    page = opened("/#pool")
    shown = exactly(page)
    answer = divided(client, asked(page))
    assert shown == [*(line["kg_co2e"] for line in answer["allocations"]), answer["pool"]["kg_co2e"]]
    by_method = answer["comparison"]["by_method"]
    methods = ["time", "utilization", "two_part", "physical", "economic"]
    expected = [[f"{by_method[method][line['id']] / 1000:.4g}" for method in methods] for line in answer["allocations"]]
    rows = page.locator(".heat tbody tr").all()
    cells = [[cell.split("\n")[0] for cell in row.locator("td:not(.spread)").all_inner_texts()] for row in rows]
    assert cells == expected  # in tonnes, to four digits
    words = page.locator(".words").first.inner_text()
    assert "ranking would get between 10.3 (utilization) and 16.83 t (economic), depending on the method." in words


def test_a_method_can_be_switched(opened: Opened, client: httpx.Client) -> None:
    """From the choice, or from the head of its column."""
    page = opened("/#pool")
    settled(page)
    page.get_by_role("radio", name="Economic").check()
    assert exactly(page)[0] == divided(client, asked(page))["allocations"][0]["kg_co2e"]
    assert asked(page)["method"] == "economic"
    page.get_by_role("button", name="Use Time").click()
    assert exactly(page)[0] == divided(client, asked(page))["allocations"][0]["kg_co2e"]
    assert page.get_by_role("radio", name="Time").is_checked()


def test_a_table_is_pasted(opened: Opened) -> None:
    """From a spreadsheet, with its heads: 1000 kg by 30 and 10 hours are 750 and 250."""
    page = opened("/#pool")
    link(page, TOTAL)
    assert exactly(page) == [750, 250, 1000]
    page.get_by_text("Paste a table from a spreadsheet").click()
    page.get_by_label("Table to paste").fill(TABLE)
    page.get_by_role("button", name="Use this table").click()
    assert exactly(page) == [750, 250, 1000]
    assert asked(page)["consumers"] == [
        {"id": "red", "hours": 30, "utilization": 0.5, "cost": {"amount": 100, "currency": "USD"}},
        {"id": "blue", "hours": 10, "utilization": 0.9, "cost": {"amount": 300, "currency": "USD"}},
    ]
    page.get_by_role("radio", name="Economic").check()
    assert exactly(page) == [250, 750, 1000]  # by 100 and 300 USD


def test_cells_are_pasted_from_where_the_caret_is(opened: Opened) -> None:
    """Without heads: to the right and down, with new rows where there are too few."""
    page = opened("/#pool")
    link(page, TOTAL)
    page.evaluate("navigator.clipboard.writeText('20\\n20\\n10')")
    page.get_by_label("Hours of one").focus()
    page.keyboard.press("Control+V")
    page.get_by_label("Name of consumer 3").fill("three")
    assert exactly(page) == [400, 400, 200, 1000]  # 20, 20 and 10 of 50 hours


def test_a_bad_cell_says_so_itself(opened: Opened) -> None:
    """The cell that the pointer names is marked and describes what is wrong; the note leads to it."""
    page = opened("/#pool")
    settled(page)
    page.get_by_label("Utilization of ranking").fill("1.7")
    page.wait_for_selector(".problem")
    cell = page.get_by_label("Utilization of ranking")
    assert cell.get_attribute("aria-invalid") == "true"
    described = cell.get_attribute("aria-describedby")
    assert "1" in page.locator(f"#{described}").inner_text()
    page.get_by_role("button", name="Go to consumers 4, utilization").click()
    assert cell.evaluate("field => field === document.activeElement")
    cell.fill("0.5")
    settled(page)
    assert page.locator(".problem").count() == 0


def test_what_cannot_be_computed_says_why(opened: Opened) -> None:
    """With what its code means, and what to send."""
    page = opened("/#pool")
    link(page, TOTAL)
    lacking = page.get_by_role("region", name="Methods that the table does not allow yet").inner_text()
    assert "Economic:" in lacking
    assert "Utilization:" in lacking
    assert "Time:" not in lacking


def test_idle_capacity_stands_apart(opened: Opened) -> None:
    """30 and 10 of 80 hours: 375 and 125 kg, and 500 on nobody."""
    page = opened("/#pool")
    link(page, TOTAL | {"idle_policy": "unallocated", "capacity": {"device_hours": 80}})
    assert exactly(page) == [375, 125, 500, 1000]
    assert "500 kg (50%) stood idle" in page.locator(".sentence").inner_text()


def test_a_link_holds_it_and_a_workload_can_be_brought(opened: Opened) -> None:
    """The fragment is the request; the workload view hands its own on."""
    page = opened("/#pool")
    link(page, TOTAL)
    page.get_by_label("Hours of one").fill("70")
    settled(page)
    page.wait_for_timeout(200)
    page.reload()
    page.wait_for_selector(".parts-table")
    assert exactly(page) == [875, 125, 1000]  # 70 and 10 of 80 hours
    page.get_by_role("link", name="Workload").click()
    page.get_by_role("button", name="Divide among consumers").click()
    page.wait_for_selector(".parts-table")
    request = asked(page)
    assert request["pool"]["workload"]["region"] == "aws:us-east-1"
    assert [one["id"] for one in request["consumers"]] == ["one", "two"]


def test_the_keyboard_is_enough(opened: Opened) -> None:
    """A method is chosen by arrows, a consumer added and removed by keys."""
    page = opened("/#pool")
    settled(page)
    page.get_by_role("radio", name="Two parts").focus()
    page.keyboard.press("ArrowUp")
    settled(page)
    assert asked(page)["method"] == "utilization"
    page.get_by_role("button", name="Remove research").press("Enter")
    settled(page)
    assert [one["id"] for one in asked(page)["consumers"]] == ["vision", "language", "speech", "ranking"]


def test_hostile_names_stay_text(opened: Opened) -> None:
    """Of consumers and of parts."""
    page = opened("/#pool")
    name = "<img src=x onerror=alert(1)>"
    link(page, TOTAL | {"pool": {"components": {name: 1000}}, "consumers": [{"id": name, "hours": 1}]})
    assert exactly(page) == [1000, 1000]
    assert page.locator("main img").count() == 0
    assert name in page.locator(".heat").inner_text()


def test_axe_finds_nothing_serious_in_a_bad_cell(opened: Opened, axe: str) -> None:
    """In dark, with every part open."""
    page = opened("/#pool", scheme="dark")
    settled(page)
    page.get_by_label("Utilization of ranking").fill("1.7")
    page.wait_for_selector(".problem")
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    page.wait_for_timeout(600)
    assert serious(page, axe) == []
