"""The view of one workload, in a browser: its numbers are the service's, and every way through it works."""

import json
from decimal import ROUND_HALF_UP, Context
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from litestar import Litestar

from service.access.keys import key_line
from service.app import create_app
from service.factors.store import FactorStore
from service.resolve import Resolver
from service.settings import Settings
from tests.serving import serving
from tests.web.conftest import Opened, asked, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIRST = {
    "region": "aws:us-east-1",
    "hardware": {"accelerator": "h100-sxm5", "accelerators": 8},
    "duration_hours": 72,
    "utilization": 0.85,
    "energy": {"kwh": 431},
}
"""The example that the page begins with."""
KEY = "dualscope_" + "c" * 43


def answer(client: httpx.Client, request: Any) -> Any:
    """Return what the service answers."""
    sent = client.post("/emissions", json=request)
    assert sent.status_code == 200, sent.text
    return sent.json()


def shown(kg: float) -> str:
    """Return a figure as the page writes it: four significant digits."""
    rounded = Context(prec=4, rounding=ROUND_HALF_UP).create_decimal(repr(kg))
    return f"{float(rounded):,.10g}"


def totals(page: "Page") -> list[str]:
    """Return the two large numbers."""
    settled(page)
    return page.locator(".total .value").all_inner_texts()


def expected(client: httpx.Client, request: Any) -> list[str]:
    """Return the two totals of the service, as the page writes them."""
    found = answer(client, request)["totals"]
    return [shown(found[basis]["kg_co2e"]) for basis in ("location_based", "market_based")]


def test_it_begins_with_an_example_that_is_computed(opened: Opened, client: httpx.Client) -> None:
    """Both totals, and every figure of the table, are those of the service for the request that is shown."""
    page = opened()
    assert totals(page) == expected(client, FIRST)
    assert asked(page) == FIRST
    found = answer(client, FIRST)
    scope2, scope3 = found["scope2"], found["scope3"]
    figures = [
        *(scope2[basis]["kg_co2e"] for basis in ("location_based", "market_based")),
        *(scope3["fuel_and_energy"][basis]["kg_co2e"] for basis in ("location_based", "market_based")),
        *[scope3["embodied"]["kg_co2e"]] * 2,
        *(found["totals"][basis]["kg_co2e"] for basis in ("location_based", "market_based")),
    ]
    assert page.locator(".ledger .kg").all_inner_texts() == [shown(kg) for kg in figures]
    assert "never add them" in page.locator(".headline").inner_text()


def test_what_is_filled_in_is_what_is_asked(opened: Opened, client: httpx.Client) -> None:
    """Fields write the request; its answer follows without a button."""
    page = opened()
    settled(page)
    page.get_by_label("Energy metered").fill("1000")
    page.get_by_label("How long?").fill("100.5")
    page.get_by_label("Metered where?").select_option("whole building")
    request = FIRST | {"energy": {"kwh": 1000, "level": "facility"}, "duration_hours": 100.5}
    assert totals(page) == expected(client, request)
    assert asked(page) == request
    page.get_by_label("Energy metered").fill("")
    modeled = {name: value for name, value in request.items() if name != "energy"}
    assert totals(page) == expected(client, modeled)
    assert "modeled from the hardware" in page.locator(".ask").inner_text()


def test_each_figure_shows_how_it_was_made(opened: Opened, client: httpx.Client) -> None:
    """On click: the formula, the arithmetic, and its sources with their links."""
    page = opened()
    settled(page)
    page.get_by_role("button", name="Generating the electricity, location-based").click()
    made = page.locator(".made").inner_text()
    found = client.post("/emissions?explain=true", json=FIRST).json()
    assert found["scope2"]["location_based"]["derivation"] in made
    assert found["scope2"]["market_based"]["derivation"] in made
    assert "facility kwh × location factor" in made
    assert "US EPA, eGRID" in made
    links = page.locator(".made a").evaluate_all("all => all.map(a => [a.href, a.rel])")
    assert links
    assert all(href.startswith("https://") and rel == "noopener noreferrer" for href, rel in links)


def test_the_method_of_allocation_can_be_switched(opened: Opened, client: httpx.Client) -> None:
    """Every method that the data allows stands there; choosing one asks for it."""
    page = opened()
    settled(page)
    page.get_by_role("button", name="Use Utilization").click()
    request = FIRST | {"allocation": {"method": "utilization"}}
    assert totals(page) == expected(client, request)
    embodied = answer(client, request)["scope3"]["embodied"]["kg_co2e"]
    assert page.locator(".methods tr[aria-current] td").first.inner_text() == shown(embodied)
    page.get_by_role("button", name="Add what Economic needs").click()
    assert page.evaluate("document.activeElement.id") == "field-cost-amount"


def test_what_is_missing_says_what_to_send(opened: Opened) -> None:
    """A figure that is not there is no zero: the service's warning stands in its place."""
    page = opened()
    settled(page)
    row = page.locator(".ledger tbody", has_text="Building the data center").inner_text()
    assert "not counted" in row
    assert "send infrastructure to have it computed" in row


def test_other_regions(opened: Opened, client: httpx.Client) -> None:
    """The ten clouds that emit least, and the list of all, are those of a batch; choosing one asks for it."""
    page = opened()
    settled(page)
    page.locator("#elsewhere-title").scroll_into_view_if_needed()
    page.get_by_text("places as a list").click()
    first = page.locator("details tbody tr").nth(0)
    regions = [item["id"] for item in client.get("/regions?limit=1000").json()["items"] if item["provider"]]
    defaults = {name: value for name, value in FIRST.items() if name != "region"}
    batch = client.post(
        "/emissions/batch", json={"defaults": defaults, "workloads": [{"region": region} for region in regions]}
    ).json()
    least = min(item["emissions"]["totals"]["location_based"]["kg_co2e"] for item in batch["results"])
    place = page.get_by_role("region", name="All places")
    assert place.locator("tbody tr").first.locator("td").last.inner_text().split()[0] == shown(least)
    assert first.is_visible()
    page.get_by_label("Find a place in the list").fill("paris")
    place.get_by_role("button", name="Google Cloud europe-west9, Paris").click()
    assert totals(page) == expected(client, FIRST | {"region": "gcp:europe-west9"})


def test_a_click_on_the_map_sets_the_region(opened: Opened, client: httpx.Client) -> None:
    """Countries are where they are."""
    page = opened()
    settled(page)
    page.locator("#elsewhere-title").scroll_into_view_if_needed()
    page.wait_for_selector(".map canvas")
    page.wait_for_timeout(500)  # until it is drawn
    box = page.locator(".map-chart").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.845 * box["width"], box["y"] + 0.69 * box["height"])  # the middle of Australia
    page.wait_for_function("document.querySelector('input[role=combobox]').value === 'Australia'")
    assert totals(page) == expected(client, FIRST | {"region": "AU"})


def test_a_link_holds_the_whole_request(opened: Opened, client: httpx.Client) -> None:
    """Also what the form has no field for, and text that is not ours; it opens elsewhere as it was."""
    page = opened()
    settled(page)
    request = FIRST | {
        "id": "<b>'\"&=`$(x)",
        "tags": {"team": "Größe 漢字"},
        "instruments": [{"id": "=1+1", "type": "rec", "percent": 50, "technology": "wind"}],
        "market": {"quality_policy": "lenient"},
    }
    page.get_by_role("button", name="Edit as JSON").click()
    page.get_by_label("The workload as POST /emissions takes it").fill(json.dumps(request))
    settled(page)
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Link copied.").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    other = opened("/" + link.partition("/#")[2].join(["#", ""]))
    assert asked(other) == request
    assert totals(other) == expected(client, request)
    assert other.locator("b", has_text="'\"&").count() == 0


def test_a_broken_link_says_so(opened: Opened, client: httpx.Client) -> None:
    """Nothing of it is run or shown; the example stands there instead."""
    page = opened("/#workload=z.AAAA")
    for fragment in ("#workload=j.W10", "#workload=<img src=x onerror=alert(1)>", "#workload=x", "#elsewhere"):
        assert "This link" in page.locator(".ask [role=alert]").inner_text()
        page.evaluate("fragment => { location.hash = fragment }", fragment)
    assert "This link" in page.locator(".ask [role=alert]").inner_text()
    assert totals(page) == expected(client, FIRST)


def test_a_problem_shows_at_its_field(opened: Opened, client: httpx.Client) -> None:
    """In the words of the service, told to a screen reader; what was computed before stays, dimmed."""
    page = opened()
    settled(page)
    page.get_by_label("Energy metered").fill("12,5")
    page.wait_for_selector(".problem")
    field = page.get_by_label("Energy metered")
    assert field.get_attribute("aria-invalid") == "true"
    told = client.post("/emissions", json=FIRST | {"energy": {"kwh": "12,5"}}).json()["errors"][0]["detail"]
    described = field.get_attribute("aria-describedby") or ""
    assert page.locator(f"#{described.split()[0]}").inner_text() == told
    assert told in page.get_by_role("alert").first.inner_text()
    assert page.locator(".parts.stale").count() == 1
    page.get_by_role("button", name="Go to energy, kwh").click()
    assert page.evaluate("document.activeElement.id") == "field-energy-kwh"
    page.get_by_label("Energy metered").fill("12.5")
    assert totals(page) == expected(client, FIRST | {"energy": {"kwh": 12.5}})
    assert page.locator(".problem").count() == 0


def test_a_fault_in_a_closed_part_opens_it(opened: Opened) -> None:
    """All faults at once, each with the way to its field."""
    page = opened()
    settled(page)
    page.get_by_role("button", name="Edit as JSON").click()
    wrong = FIRST | {"pue": 0.5, "region": "aws:us-esat-1"}
    page.get_by_label("The workload as POST /emissions takes it").fill(json.dumps(wrong))
    page.get_by_role("button", name="Edit as a form").click()
    page.wait_for_selector(".problem li:nth-child(2)")
    assert "the nearest names are aws:us-east-1" in page.locator(".problem").inner_text()
    page.get_by_role("button", name="Go to pue").click()
    assert page.evaluate("document.activeElement.id") == "field-pue"


def test_it_can_be_used_by_keyboard_alone(opened: Opened, client: httpx.Client) -> None:
    """A region by typing and arrows, a number by Tab and Enter, with the focus where it is expected."""
    page = opened()
    settled(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_role("combobox", name="Where did it run?").focus()
    page.keyboard.type("aws stockholm")
    page.wait_for_selector('[role="option"]')
    page.keyboard.press("ArrowDown")
    active = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    assert totals(page) == expected(client, FIRST | {"region": "aws:eu-north-1"})
    page.keyboard.press("Tab")
    page.keyboard.type("p5.48x")
    page.get_by_role("option", name="p5.48xlarge").wait_for()
    page.keyboard.press("Enter")
    request = {**FIRST, "region": "aws:eu-north-1", "hardware": {"instance": "aws:p5.48xlarge"}}
    assert totals(page) == expected(client, request)
    page.get_by_role("button", name="Total, location-based").focus()
    page.keyboard.press("Enter")
    assert page.locator("#made-total").is_visible()
    page.get_by_role("combobox", name="Where did it run?").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.get_by_role("combobox", name="Where did it run?").get_attribute("aria-expanded") == "false"
    assert asked(page) == request


def test_it_can_be_copied(opened: Opened, client: httpx.Client) -> None:
    """As a command that says the same, as JSON, as Markdown, as a report to file."""
    page = opened()
    settled(page)
    page.get_by_role("button", name="Copy Markdown").click()
    page.get_by_text("Markdown copied.").wait_for()
    markdown = client.post("/emissions?explain=true", json=FIRST, headers={"accept": "text/markdown"}).text
    assert page.evaluate("navigator.clipboard.readText()") == markdown
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save report").click()
    report = client.post("/emissions?explain=true", json=FIRST, headers={"accept": "text/html"})
    assert saved.value.path().read_bytes() == report.content
    page.get_by_role("button", name="Copy JSON").click()
    page.get_by_text("JSON copied.").wait_for()
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied == client.post("/emissions?explain=true", json=FIRST).json()
    page.get_by_role("button", name="Copy curl").click()
    page.get_by_text("Command copied.").wait_for()
    command = page.evaluate("navigator.clipboard.readText()")
    assert json.loads(command.partition(" -d '")[2].removesuffix("'")) == FIRST


def test_dark_and_light(opened: Opened) -> None:
    """As the system has it; the button turns it, and it stays."""
    page = opened(scheme="dark")
    assert page.evaluate("document.documentElement.dataset.scheme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 20, 24)"
    page.get_by_role("button", name="Use light colors").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(247, 246, 243)"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.scheme") == "light"


@pytest.fixture
def own_app(store: FactorStore, resolver: Resolver) -> Litestar:
    """The service, for one test alone."""
    return create_app(Settings(log_format="off"), store=store, resolver=resolver)


def test_a_service_that_is_gone(opened: Opened, own_app: Litestar) -> None:
    """The page says so, and keeps what it has."""
    with serving(own_app) as address:
        page = opened(url=address)
        settled(page)
    page.get_by_label("Energy metered").fill("7")
    page.get_by_text("The service does not answer.").wait_for()
    assert page.get_by_role("button", name="Try again").is_visible()
    assert page.locator(".total .value").count() == 2


def test_a_service_that_asks_for_a_key(
    opened: Opened, store: FactorStore, resolver: Resolver, client: httpx.Client
) -> None:
    """The page asks for it, also after a wrong one, sends it, and keeps it for this tab alone."""
    app = create_app(Settings(log_format="off", keys=key_line("page", KEY)), store=store, resolver=resolver)
    with serving(app) as address:
        page = opened(url=address)
        for key in ("dualscope_" + "x" * 43, KEY):
            page.get_by_label("Access key").fill(key)
            with page.expect_response("**/emissions?explain=true"):
                page.get_by_role("button", name="Use it").click()
        page.wait_for_selector(".total .value")
        assert totals(page) == expected(client, FIRST)
        assert page.locator("form.key").count() == 0
        assert page.evaluate("localStorage.length") == 0
        page.reload()
        assert totals(page) == expected(client, FIRST)


def test_certificates_can_be_added(opened: Opened, client: httpx.Client) -> None:
    """Each with its quantity and proof; what became of it stands with the arithmetic."""
    page = opened()
    settled(page)
    page.get_by_text("Electricity bought").click()
    page.get_by_role("button", name="Add a certificate or contract").click()
    page.get_by_label("What is it?").select_option("Renewable Energy Certificate (North America)")
    page.get_by_label("Of what?").select_option("kWh")
    page.get_by_label("How much?").fill("200")
    page.get_by_text("Proof: what a reviewer asks for").click()
    page.get_by_label("Serial").fill("S-1")
    page.get_by_label("Retired for you").select_option("yes")
    instrument = {"type": "rec", "kwh": 200, "technology": "wind", "serial": "S-1", "retired": True}
    request = FIRST | {"instruments": [{"id": "certificate 1", **instrument}]}
    assert totals(page) == expected(client, request)
    assert asked(page) == request
    page.get_by_role("button", name="Generating the electricity, market-based").click()
    assert "certificate 1: 200 kWh counted; not attested: vintage year, market" in page.locator(".made").inner_text()
    page.get_by_text("Electricity bought").click()
    page.get_by_role("button", name="Remove certificate 1").click()
    assert totals(page) == expected(client, FIRST)


def test_a_bill_alone(opened: Opened, client: httpx.Client) -> None:
    """An estimate from cost is called one, and is not compared between places."""
    page = opened()
    page.get_by_role("button", name="Only a bill").click()
    settled(page)
    request = {"region": "US", "cost": {"amount": 12500, "currency": "USD"}}
    assert totals(page) == expected(client, request)
    assert "rough estimate" in page.locator(".sentence").inner_text()
    page.locator("#elsewhere-title").scroll_into_view_if_needed()
    page.get_by_text("is the same in every place").wait_for()


def test_text_of_others_is_only_text(opened: Opened) -> None:
    """Names that are markup, or that a script knows, are shown as they are."""
    page = opened()
    settled(page)
    units = {"<img src=x onerror=alert(1)>": 3, "constructor": 2, "__proto__": 4}
    page.get_by_role("button", name="Edit as JSON").click()
    field = page.get_by_label("The workload as POST /emissions takes it")
    field.fill(json.dumps(FIRST | {"functional_units": units}))
    settled(page)
    page.get_by_role("button", name="Edit as a form").click()
    names = page.locator("section.card", has=page.locator("#units-title")).locator("tbody th").all_inner_texts()
    assert {name.rsplit("of", 1)[0].strip() for name in names} == {*units, "GPU-hour"}
    page.get_by_text("What it produced").click()
    page.get_by_label("How many: __proto__").fill("5")
    settled(page)
    assert asked(page)["functional_units"] == units | {"__proto__": 5}
    assert page.locator("img").count() == 0
