"""Bills as maps: a point for each region and month, whose sums are those of the rows."""

import csv
import io
import math
from collections import defaultdict
from typing import Any

import httpx
import pytest

from service.formats.keplergl import MEDIA_TYPE
from tests.bills import Cells, bill, csv_of

GEO_JSON = "application/geo+json"
PROVIDERS = {"AWS": "aws", "Amazon": "aws", "Microsoft": "azure", "Google": "gcp", "Oracle": "oci"}
COLUMNS = {
    "facility_kwh": "x_CarbonEnergyKwh",
    "scope2_location_based_kg_co2e": "x_CarbonScope2LocationKgCO2e",
    "scope2_market_based_kg_co2e": "x_CarbonScope2MarketKgCO2e",
    "fuel_and_energy_location_based_kg_co2e": "x_CarbonScope3FuelEnergyLocationKgCO2e",
    "fuel_and_energy_market_based_kg_co2e": "x_CarbonScope3FuelEnergyMarketKgCO2e",
    "embodied_kg_co2e": "x_CarbonScope3EmbodiedKgCO2e",
    "spend_based_kg_co2e": "x_CarbonScope3SpendKgCO2e",
}
LOCATION = [name for name in COLUMNS if name != "facility_kwh" and "market" not in name]
MARKET = [name for name in COLUMNS if name != "facility_kwh" and "location" not in name]
Point = dict[str, Any]


def asked(client: httpx.Client, rows: list[Cells], accept: str) -> httpx.Response:
    """The answer to a bill, in a form."""
    answer = client.post("/imports/focus", content=csv_of(rows), headers={"Content-Type": "text/csv", "Accept": accept})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, accept)
    return answer


def region_of(row: Cells, known: set[str]) -> str | None:
    """The region that a row names: the host's, whose name is its first word."""
    provider = row["HostProviderName"] or row["ServiceProviderName"] or row["ProviderName"]
    word = provider.split(" ")[0]
    name = row["RegionId"].lower()
    found = f"{PROVIDERS.get(word)}:{name.replace(' ', '') if word == 'Microsoft' else name}"
    return found if found in known else None


def added(rows: list[Cells], column: str) -> float | None:
    """Sum of a column of the CSV answer; nothing where no row has it."""
    cells = [float(row[column]) for row in rows if row[column]]
    return math.fsum(cells) if cells else None


def near(number: float | None) -> Any:
    """The same to the rounding of floats; null is null."""
    return None if number is None else pytest.approx(number, rel=1e-12, abs=1e-12)


def together(point: Point, names: list[str]) -> float | None:
    """Sum of the figures that are there."""
    there = [point[name] for name in names if point[name] is not None]
    return math.fsum(there) if there else None


def points(client: httpx.Client, rows: list[Cells]) -> list[Point]:
    """Properties of the features."""
    return [feature["properties"] for feature in asked(client, rows, GEO_JSON).json()["features"]]


def test_points_add_up_the_rows(client: httpx.Client) -> None:
    """Each point sums those rows of the CSV answer that are of its region and month, and no row is lost or twice."""
    rows = bill(3000)
    known = {item["id"] for item in client.get("/regions", params={"limit": 1000}).json()["items"]}
    piles: dict[tuple[str, str], list[Cells]] = defaultdict(list)
    nowhere: list[Cells] = []
    nothing = 0
    for row in csv.DictReader(io.StringIO(asked(client, rows, "text/csv").text)):
        region = region_of(row, known)
        if not any(row[column] for column in COLUMNS.values()):
            nothing += 1
        elif region is None:
            nowhere.append(row)
        else:
            piles[region, row["ChargePeriodStart"][:7]].append(row)
    answer = asked(client, rows, GEO_JSON).json()
    counts = answer["rows"], answer["rows_without_figure"], answer["rows_without_region"]
    assert counts == (3000, nothing, len(nowhere))
    assert min(nothing, len(nowhere)) > 20
    kgs = {name: added(nowhere, COLUMNS[name]) for name in COLUMNS}
    assert answer["without_region"] == {
        "total_location_based_kg_co2e": near(together(kgs, LOCATION)),
        "total_market_based_kg_co2e": near(together(kgs, MARKET)),
    }
    found = {}
    for feature in answer["features"]:
        properties = feature["properties"]
        assert feature["geometry"]["coordinates"] == [properties["region_longitude"], properties["region_latitude"]]
        found[properties["region_id"], properties["period_start"][:7]] = properties
    assert list(found) == sorted(piles)
    for key, pile in piles.items():
        point = found[key]
        assert point["rows"] == len(pile)
        assert {name: point[name] for name in COLUMNS} == {n: near(added(pile, c)) for n, c in COLUMNS.items()}
        assert point["total_location_based_kg_co2e"] == near(together(point, LOCATION))
        assert point["total_market_based_kg_co2e"] == near(together(point, MARKET))


def test_what_is_not_known_is_null(client: httpx.Client) -> None:
    """A token of Bedrock is money alone: no energy, so no Scope 2, no intensity; a virtual machine has no spend."""
    money, machine = (next(row for row in bill(60, faulty=0.0) if name in row["ServiceName"]) for name in NAMES)
    (by_money,) = points(client, [money])
    (by_machine,) = points(client, [machine])
    assert by_money["spend_based_kg_co2e"] == by_money["total_market_based_kg_co2e"] > 0
    assert {by_money[name] for name in COLUMNS if name != "spend_based_kg_co2e"} == {None}
    assert by_money["scope2_location_based_kg_co2e_per_kwh"] is by_money["scope2_market_based_kg_co2e_per_kwh"] is None
    assert by_machine["spend_based_kg_co2e"] is None
    assert by_money["missing"] is None  # money stands for all of it
    assert by_machine["missing"] == "scope3.infrastructure"
    intensity = by_machine["scope2_location_based_kg_co2e"] / by_machine["facility_kwh"]
    assert by_machine["scope2_location_based_kg_co2e_per_kwh"] == pytest.approx(intensity, rel=1e-11)


NAMES = ("Bedrock", "Elastic Compute")


def test_what_some_rows_have_not_is_named(client: httpx.Client) -> None:
    """Nothing is known of the making of a disk: the sum of a machine and a disk lacks a part of its Scope 3."""
    machine, disk = (next(row for row in bill(60, faulty=0.0) if name in row["ServiceName"]) for name in DEVICES)
    same = {name: machine[name] for name in ("RegionId", "ChargePeriodStart", "ChargePeriodEnd")}
    (point,) = points(client, [machine, disk | same])
    assert point["missing"] == "scope3.embodied scope3.infrastructure"
    assert point["embodied_kg_co2e"] > 0


DEVICES = ("Elastic Compute", "Block Store")


def test_a_correction_changes_no_intensity(client: httpx.Client) -> None:
    """0.1 + 0.2 − 0.3 is 5.6e-17 in floats: what is left of the energy is no number to divide by."""
    row = next(row for row in bill(60, faulty=0.0) if "Elastic Compute" in row["ServiceName"])
    (one,) = points(client, [row])
    hours = [row | {"ConsumedQuantity": text} for text in ("0.1", "0.2")]
    (all_,) = points(client, [*hours, row | {"ConsumedQuantity": "-0.3", "ChargeClass": "Correction"}])
    assert all_["facility_kwh"] == pytest.approx(0.0, abs=1e-15)
    for name in ("scope2_location_based_kg_co2e_per_kwh", "scope2_market_based_kg_co2e_per_kwh"):
        assert all_[name] == pytest.approx(one[name], rel=1e-11)


@pytest.mark.parametrize(
    ("currencies", "cost", "currency"),
    [
        (("USD", "USD"), 3.5, "USD"),  # 1.25 + 2.25
        (("EUR", "EUR"), 3.5, "EUR"),
        (("USD", "EUR"), None, None),
        (("EUR", "???"), None, None),
        (("", ""), None, None),
    ],
)
def test_costs_of_one_currency_are_added(
    client: httpx.Client, currencies: tuple[str, str], cost: float | None, currency: str | None
) -> None:
    """Those of several are not, nor of what is none."""
    (row,) = bill(1, faulty=0.0)
    rows = [
        row | {"BillingCurrency": name, "EffectiveCost": amount}
        for name, amount in zip(currencies, ("1.25", "2.25"), strict=True)
    ]
    (point,) = points(client, rows)
    assert (point["rows"], point["effective_cost"], point["currency"]) == (2, cost, currency)


def test_rows_without_a_cost_have_none(client: httpx.Client) -> None:
    """Not 0, and no currency of it."""
    (row,) = bill(1, faulty=0.0)
    (point,) = points(client, [row | {"EffectiveCost": ""}])
    assert (point["effective_cost"], point["currency"]) == (None, None)


def test_many_batches_add_up_as_one(client: httpx.Client) -> None:
    """A bill ten times over in one file: ten times the sums, in as many points."""
    rows = bill(7000)
    once, often = points(client, rows), points(client, rows * 10)
    assert len(once) == len(often) > 500
    for one, ten in zip(once, often, strict=True):
        assert ten["rows"] == 10 * one["rows"]
        for name in (*COLUMNS, "total_location_based_kg_co2e", "total_market_based_kg_co2e"):
            assert ten[name] == near(None if one[name] is None else 10 * one[name])


def test_the_map_has_the_same_cells(client: httpx.Client) -> None:
    """Its columns are the properties, its rows the features; the description counts what is not to be seen."""
    rows = bill(500)
    answer, saved = asked(client, rows, GEO_JSON).json(), asked(client, rows, MEDIA_TYPE).json()
    data = saved["datasets"][0]["data"]
    names = [field["name"] for field in data["fields"]]
    cells = [dict(zip(names, row, strict=True)) for row in data["allData"]]
    assert cells == [feature["properties"] for feature in answer["features"]]
    location, market = (
        f"{answer['without_region'][f'total_{one}_based_kg_co2e']:.4g}" for one in ("location", "market")
    )
    assert saved["info"]["description"] == (
        f"Rows: 500; without any figure, so in no point: {answer['rows_without_figure']}; "
        f"with a figure, but in no known region, so in no point: {answer['rows_without_region']} "
        f"({location} kg CO2e with location-based Scope 2, {market} with market-based)."
    )


def test_a_bill_without_figures_is_an_empty_map(client: httpx.Client) -> None:
    """A tax uses nothing."""
    (row,) = bill(1, faulty=0.0)
    answer = asked(client, [row | {"ChargeCategory": "Tax"}], GEO_JSON).json()
    assert (answer["features"], answer["rows"], answer["rows_without_figure"]) == ([], 1, 1)
