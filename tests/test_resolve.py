"""Which factor wins, and which match it reports. Rules: METHOD section 2; DESIGN, Choosing a factor."""

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from service.factors.store import FactorStore
from service.factors.tables import load
from service.model.resolved import Resolved
from service.model.workload import Workload
from service.resolve import Resolver
from service.settings import RELEASE, shipped_factors
from tests.workloads import (
    Json,
    codes_of,
    estimate_of,
    place,
    refusal_of,
    resolver_of,
    row,
    shipped_resolver,
    shipped_tables,
    source_of,
    warned,
)

ENERGY: Json = {"kwh": 1, "level": "facility"}


def year_of(year: int) -> Json:
    """All of a calendar year."""
    return {"start": f"{year}-01-01", "end": f"{year + 1}-01-01"}


def located(region: str, year: int | None = None, fallback: str = "coarser", **workload: Any) -> Json:
    """The answer for a kilowatt-hour of a facility in a region."""
    if year is not None:
        workload["period"] = year_of(year)
    factors = workload.pop("factors", {}) | {"fallback": fallback}
    return estimate_of(region=region, energy=ENERGY, factors=factors, **workload)


def grid(region: str, year: int | None = None, fallback: str = "coarser", **workload: Any) -> tuple[str, str]:
    """The location factor that won, and how it matched."""
    source = source_of(located(region, year, fallback, **workload), "grid_location")
    return source["id"], source["match"]


def looked_up(resolver: Resolver, **workload: Any) -> Resolved:
    """What a workload's context comes down to."""
    asked = msgspec.json.decode(json.dumps({"energy": ENERGY} | workload), type=Workload)
    return asyncio.run(resolver.resolve(asked))


# zone and year


@pytest.mark.parametrize(
    ("region", "year", "won", "match"),
    [
        # the zone and year asked for
        ("US-SRVC", 2022, "grid_location:US-SRVC:2022", "exact"),
        ("US-SRVC", 2023, "grid_location:US-SRVC:2023", "exact"),
        ("US-TX", 2023, "grid_location:US-TX:2023", "exact"),
        ("FR", 2024, "grid_location:FR:2024", "exact"),
        ("CN-BJ", 2023, "grid_location:CN-BJ:2023", "exact"),
        # the United Kingdom's editions are of the year that they are for
        ("GB", 2024, "grid_location:GB:2024", "exact"),
        ("GB", 2025, "grid_location:GB:2025", "exact"),
        ("GB", 2026, "grid_location:GB:2026", "exact"),
        ("GB", 2028, "grid_location:GB:2026", "earlier_year"),
        # Canada: third edition for its years, the fourth from its publication in 2026 on
        ("CA-QC", 2024, "grid_location:CA-QC:2024", "exact"),
        ("CA-QC", 2025, "grid_location:CA-QC:2025", "exact"),
        ("CA-QC", 2026, "grid_location:CA-QC:2026", "exact"),
        ("CA-QC", 2027, "grid_location:CA-QC:2026-09", "exact"),
        ("CA-QC", 2028, "grid_location:CA-QC:2026-09", "exact"),
        # direct before life-cycle, however old: 2023 has a life-cycle row of its own
        ("GB", 2023, "grid_location:GB:2021", "earlier_year"),
        ("FR", 2025, "grid_location:FR:2024", "earlier_year"),
        # life-cycle where no direct row is as old
        ("FR", 2022, "grid_location:FR:2022:life_cycle", "life_cycle_basis"),
        ("GB", 2010, "grid_location:GB:2010:life_cycle", "life_cycle_basis"),
        ("SG", 2024, "grid_location:SG:2024:life_cycle", "life_cycle_basis"),
        ("SG", 2027, "grid_location:SG:2025:life_cycle", "life_cycle_basis"),
        # the country where the zone has no row as old
        ("US-TX", 2022, "grid_location:US:2022", "coarser_zone"),
        ("IN-MH", 2022, "grid_location:IN:2022", "coarser_zone"),
        # direct goes before the finer zone: the state's life-cycle row waits
        ("IN-MH", 2024, "grid_location:IN:2024", "coarser_zone"),
        ("IN-MH", 2021, "grid_location:IN-MH:2021:life_cycle", "life_cycle_basis"),
        ("US-SRVC", 2015, "grid_location:US:2015:life_cycle", "coarser_zone"),
        # the Cornerstone edition only for periods of its year and later
        ("US-SRVC", 2024, "grid_location:US-SRVC:2024:cornerstone", "exact"),
        ("US-SRVC", 2025, "grid_location:US-SRVC:2024:cornerstone", "earlier_year"),
    ],
)
def test_which_row_wins(region: str, year: int, won: str, match: str) -> None:
    """Direct before life-cycle, then the finest zone, then the exact year, else the latest earlier."""
    assert grid(region, year) == (won, match)


@pytest.mark.parametrize(
    ("region", "won", "match"),
    [
        ("US-SRVC", "grid_location:US-SRVC:2023", "exact"),  # not Cornerstone's 2024
        ("US", "grid_location:US:2023", "exact"),
        ("GB", "grid_location:GB:2026", "exact"),
        ("FR", "grid_location:FR:2024", "exact"),
        ("CA-QC", "grid_location:CA-QC:2026-09", "exact"),
        ("SG", "grid_location:SG:2025:life_cycle", "life_cycle_basis"),
        ("IN-MH", "grid_location:IN:2024", "coarser_zone"),
    ],
)
def test_without_a_period_the_newest(region: str, won: str, match: str) -> None:
    """Without a period the newest default row answers; rows for named years only do not."""
    assert grid(region) == (won, match)


@pytest.mark.parametrize(
    ("region", "year", "kg"),
    [
        ("GB", 2024, 0.20705),
        ("GB", 2025, 0.177),
        ("GB", 2026, 0.13096),
        ("CA-QC", 2025, 0.0017),
        ("CA-QC", 2026, 0.0019),
        ("CA-QC", 2027, 0.0026),
        ("FR", 2024, 0.036),
        ("US-SRVC", 2023, 0.27048892363262),  # 596.33 lb/MWh · 0.45359237 / 1000
    ],
)
def test_one_kilowatt_hour(region: str, year: int, kg: float) -> None:
    """The row that won prices the energy."""
    assert located(region, year)["scope2"]["location_based"]["kg_co2e"] == pytest.approx(kg, rel=1e-9)


def test_earlier_year_is_told() -> None:
    """A row of an earlier year is flagged; one of the year asked for is not."""
    answer = located("FR", 2025)
    assert ("/period", "FACTOR_YEAR_MISMATCH") in warned(answer)
    assert answer["factor_year"] == 2025
    assert "FACTOR_YEAR_MISMATCH" not in codes_of(located("GB", 2024))


def test_coarser_zone_is_told() -> None:
    """A country's row for its part is flagged."""
    assert ("/region", "FACTOR_FALLBACK_COARSER") in warned(located("IN-MH", 2022))
    assert "FACTOR_FALLBACK_COARSER" not in codes_of(located("GB", 2024))


def test_life_cycle_is_told() -> None:
    """A life-cycle row is flagged and has grade D."""
    answer = located("SG", 2024)
    assert ("/region", "FACTOR_LIFECYCLE_BASIS") in warned(answer)
    assert source_of(answer, "grid_location")["grade"] == "D"
    assert "FACTOR_LIFECYCLE_BASIS" not in codes_of(located("FR", 2024))


def test_all_that_is_not_exact_is_told() -> None:
    """A row that is coarser, earlier and life-cycle at once is flagged as all three."""
    answer = located("AQ", 2026, "world")
    assert {"FACTOR_FALLBACK_COARSER", "FACTOR_YEAR_MISMATCH", "FACTOR_LIFECYCLE_BASIS"} <= codes_of(answer)


def test_year_shown_is_that_of_the_issue() -> None:
    """A source's year is the one that the publisher issues it for; Canada's fourth edition is no figure for 2024."""
    source = source_of(located("CA-QC", 2027), "grid_location")
    assert source["data_year"] == 2024
    assert source["year"] >= 2026


def test_factor_year_without_a_period() -> None:
    """Without a period the factor year is that of the newest row, as it was issued."""
    assert located("US-SRVC")["factor_year"] == 2023
    assert located("GB")["factor_year"] == 2026
    assert located("CA-QC")["factor_year"] >= 2026


# fallback


@pytest.mark.parametrize("fallback", ["coarser", "none", "world"])
def test_fallback_is_not_needed(fallback: str) -> None:
    """A row of the zone itself answers under every fallback, of an earlier year too."""
    assert grid("US-SRVC", 2023, fallback) == ("grid_location:US-SRVC:2023", "exact")
    assert grid("FR", 2025, fallback) == ("grid_location:FR:2024", "earlier_year")


def test_none_forbids_the_coarser_zone() -> None:
    """Under `none` a country's row does not stand in for its part: refused, or the part's own life-cycle row."""
    refused = refusal_of(region="US-TX", period=year_of(2022), energy=ENERGY, factors={"fallback": "none"})
    assert refused == [("/region", "REGION_UNKNOWN")]
    assert grid("IN-MH", 2021, "none") == ("grid_location:IN-MH:2021:life_cycle", "life_cycle_basis")


def test_none_forbids_it_for_losses_and_upstream_too() -> None:
    """Under `none` losses and upstream of the country are not used for its part either."""
    answer = located("US-SRVC", 2023, "none")
    assert answer["scope3"]["fuel_and_energy"] is None
    assert "CAT3_NOT_COMPUTED" in codes_of(answer)


@pytest.mark.parametrize("fallback", ["coarser", "none"])
def test_world_only_when_allowed(fallback: str) -> None:
    """A country without any row is refused, unless the caller allows the world's."""
    assert refusal_of(region="AQ", energy=ENERGY, factors={"fallback": fallback}) == [("/region", "REGION_UNKNOWN")]


def test_world() -> None:
    """The world's row matches as `world`, of the year asked for."""
    assert grid("AQ", 2020, "world") == ("grid_location:WORLD:2020:life_cycle", "world")
    assert grid("AQ", None, "world") == ("grid_location:WORLD:2024:life_cycle", "world")


def test_world_comes_last() -> None:
    """Where the world is allowed the zone's and the country's rows still go first."""
    assert grid("IN-MH", 2022, "world") == ("grid_location:IN:2022", "coarser_zone")
    assert grid("SG", 2024, "world") == ("grid_location:SG:2024:life_cycle", "life_cycle_basis")


@pytest.mark.parametrize("fallback", ["coarser", "none", "world"])
def test_unknown_name_under_every_fallback(fallback: str) -> None:
    """A name that is not known is refused, whatever may stand in for what is known."""
    refused = refusal_of(region="xx:nowhere", energy=ENERGY, factors={"fallback": fallback})
    assert refused == [("/region", "REGION_UNKNOWN")]


# the caller, the overlay, the store


def test_caller_goes_first() -> None:
    """The caller's factor outranks every row, and shows as `user`."""
    answer = located("US-SRVC", 2023, factors={"location_kg_co2e_per_kwh": 0.38})
    assert answer["scope2"]["location_based"]["kg_co2e"] == 0.38
    assert source_of(answer, "location_kg_co2e_per_kwh")["match"] == "user"
    assert not [source for source in answer["sources"] if source["kind"] == "grid_location"]


HEADER = "id,value,low,high,unit,data_year,valid_from,valid_to,edition,publisher,title,url,license,evidence,grade,note"
OURS = "2020,Us,Ours,,ours,raw,B,"


@pytest.fixture(scope="module")
def overlaid(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    """Looks up in the shipped tables under some rows of an operator's own."""
    own = tmp_path_factory.mktemp("overlay")
    (own / "grid_intensity.csv").write_text(
        f"{HEADER},zone,zone_name,basis,gwp_set,boundary,use\n"
        f"grid_location:US:2020,0.5,,,kg CO2e/kWh,2020,2020-01-01,2020-12-31,{OURS},US,,direct,,,default\n"
        f"grid_location:FR:2020:ours,0.06,,,kg CO2e/kWh,2020,2020-01-01,2020-12-31,{OURS},FR,,life_cycle,,,default\n"
        f"grid_location:GB:2026,0.11,,,kg CO2e/kWh,2026,2026-01-01,2026-12-31,{OURS},GB,,direct,,,default\n"
        f"grid_location:US-SRVC:2023:us,0.2,,,kg CO2e/kWh,2023,2023-01-01,2023-12-31,{OURS},US-SRVC,,,,,default\n",
        encoding="utf-8",
    )
    (own / "cloud_region.csv").write_text(
        f"{HEADER},region,provider,code,metric,place,country,grid_zone,alternative_zones,latitude,longitude,use\n"
        f"pue:aws:us-east-1:2024,1.08,,,kWh/kWh,2024,2024-01-01,2024-12-31,{OURS},"
        "aws:us-east-1,aws,us-east-1,pue,,,,,,,default\n",
        encoding="utf-8",
    )
    return Resolver(FactorStore(load(shipped_factors(), overlay=own), RELEASE))


@pytest.mark.parametrize(
    ("region", "year", "fallback", "won", "match"),
    [
        # ours for the same zone and year
        ("GB", 2026, "coarser", "grid_location:GB:2026", "exact"),
        ("US-SRVC", 2023, "none", "grid_location:US-SRVC:2023:us", "exact"),
        # ours goes before the store's, though older, coarser or life-cycle
        ("US-ERCT", 2023, "coarser", "grid_location:US:2020", "coarser_zone"),
        ("US", 2023, "coarser", "grid_location:US:2020", "earlier_year"),
        ("FR", 2024, "coarser", "grid_location:FR:2020:ours", "life_cycle_basis"),
        # … but not where it may not stand in, or is not as old
        ("US-ERCT", 2023, "none", "grid_location:US-ERCT:2023", "exact"),
        ("FR", 2019, "coarser", "grid_location:FR:2019:life_cycle", "life_cycle_basis"),
        ("GB", 2025, "coarser", "grid_location:GB:2025", "exact"),
        ("CA-QC", 2025, "coarser", "grid_location:CA-QC:2025", "exact"),
    ],
)
def test_overlay_goes_before_the_store(
    overlaid: Resolver, region: str, year: int, fallback: str, won: str, match: str
) -> None:
    """An operator's own rows are asked before the shipped ones, in each the same order."""
    assert grid(region, year, fallback, resolver=overlaid) == (won, match)


def test_overlay_value_is_used(overlaid: Resolver) -> None:
    """The overlay's number prices the energy, and the caller's still outranks it."""
    assert located("GB", 2026, resolver=overlaid)["scope2"]["location_based"]["kg_co2e"] == 0.11
    factors = {"location_kg_co2e_per_kwh": 0.38}
    assert located("GB", 2026, resolver=overlaid, factors=factors)["scope2"]["location_based"]["kg_co2e"] == 0.38


def test_overlay_pue(overlaid: Resolver) -> None:
    """A measured PUE of an operator's own takes the place of the shipped one."""
    answer = estimate_of(region="aws:us-east-1", period=year_of(2024), energy={"kwh": 100}, resolver=overlaid)
    assert answer["energy"]["pue"] == 1.08


def test_row_that_is_never_chosen() -> None:
    """A row marked `never` is shown in the tables and chosen for nothing."""
    never = row("grid_location", "AQ", 2024, 0.7, use="never")
    refused = refusal_of(region="AQ", energy=ENERGY, resolver=resolver_of(never))
    assert refused == [("/region", "REGION_UNKNOWN")]


def test_row_without_a_value() -> None:
    """A row that states that there is no figure gives none, and never 0."""
    answer = located("AT", 2024)  # full disclosure: Austria has no residual mix
    assert answer["scope2"]["market_based"]["fallback"] == "location"
    assert "MB_RESIDUAL_MISSING_LOCATION_USED" in codes_of(answer)


@pytest.mark.parametrize(
    ("year", "fallback"),
    [(2023, None), (2024, "location"), (2025, "location")],
)
def test_newer_row_without_a_value(year: int, fallback: str | None) -> None:
    """A row that states that there is no figure any more ends the earlier one: the Netherlands since 2024."""
    assert located("NL", year)["scope2"]["market_based"]["fallback"] == fallback


def test_row_without_a_value_says_why() -> None:
    """What the publisher says of a missing figure is passed on."""
    (told,) = (one for one in located("AT", 2024)["warnings"] if one["code"] == "MB_RESIDUAL_MISSING_LOCATION_USED")
    assert "full disclosure" in told["detail"]


# power usage effectiveness


@pytest.mark.parametrize(
    ("region", "year", "won", "match", "pue"),
    [
        ("aws:us-east-1", 2024, "pue:aws:us-east-1:2024", "exact", 1.15),
        ("aws:us-east-1", 2026, "pue:aws:us-east-1:2024", "earlier_year", 1.15),
        ("aws:ap-east-1", 2024, "pue:aws:2024", "provider_default", 1.15),
        ("aws:us-east-1", 2015, "pue:default:2024", "provider_default", 1.56),
        ("FR", 2024, "pue:default:2024", "provider_default", 1.56),
    ],
)
def test_pue(region: str, year: int, won: str, match: str, pue: float) -> None:
    """The region's PUE, else its provider's fleet value, else the industry's average; each is told."""
    answer = estimate_of(region=region, period=year_of(year), energy={"kwh": 100})
    source = source_of(answer, "pue")
    assert (source["id"], source["match"], answer["energy"]["pue"]) == (won, match, pue)
    assert ("/pue", "PUE_DEFAULTED") in warned(answer)


# names of regions


@pytest.mark.parametrize(
    ("name", "region", "zone", "country"),
    [
        ("aws:us-east-1", "aws:us-east-1", "US-SRVC", "US"),
        ("AWS:US-East-1", "aws:us-east-1", "US-SRVC", "US"),
        ("us-east-1", "aws:us-east-1", "US-SRVC", "US"),
        ("US-EAST-1", "aws:us-east-1", "US-SRVC", "US"),
        ("gcp:europe-west9", "gcp:europe-west9", "FR", "FR"),
        ("azure:westeurope", "azure:westeurope", "NL", "NL"),
        ("westeurope", "azure:westeurope", "NL", "NL"),
        ("ca-central-1", "aws:ca-central-1", "CA-QC", "CA"),
        ("FR", "FR", "FR", "FR"),
        ("fr", "FR", "FR", "FR"),
        ("US-CA", "US-CA", "US-CA", "US"),
        ("us-srvc", "US-SRVC", "US-SRVC", "US"),
        ("CA-QC", "CA-QC", "CA-QC", "CA"),
        ("au-nsw", "AU-NSW", "AU-NSW", "AU"),
    ],
)
def test_names_of_regions(name: str, region: str, zone: str, country: str) -> None:
    """A provider's region with or without provider, a country, a part of one; case does not matter."""
    found = located(name)["region"]
    assert (found["id"], found["grid"], found["country"]) == (region, zone, country)


def test_region_in_words() -> None:
    """A provider's region comes back with its provider and where it lies; a country has neither."""
    region = located("aws:us-east-1")["region"]
    assert region["provider"] == "aws"
    assert region["latitude"] == pytest.approx(38.95, abs=0.5)
    assert region["longitude"] == pytest.approx(-77.45, abs=0.5)
    france = located("FR")["region"]
    assert (france["provider"], france["name"], france["latitude"]) == (None, "France", None)


@pytest.mark.parametrize(
    "name", ["us-esat-1", "aws:us-esat-1", "gcp:us-east-1", "USA", "WORLD", "US-ZZ", ":", "x" * 256]
)
def test_unknown_region(name: str) -> None:
    """A name that is merely near is not taken: also not another provider's, nor the world as a place."""
    assert refusal_of(region=name, energy=ENERGY) == [("/region", "REGION_UNKNOWN")]


def test_unknown_region_names_the_nearest() -> None:
    """The refusal of a region names those that come nearest."""
    (fault,) = looked_up(shipped_resolver(), region="us-esat-1").faults
    assert "aws:us-east-1" in fault.detail


def test_region_of_several_providers() -> None:
    """A bare name that several providers have is refused, naming them; with its provider it is known."""
    resolver = resolver_of(places=(place("example:us-east-1", "US", "US-SRVC"),))
    (fault,) = looked_up(resolver, region="US-EAST-1").faults
    assert (fault.pointer, fault.code) == ("/region", "REGION_AMBIGUOUS")
    assert "aws:us-east-1" in fault.detail
    assert "example:us-east-1" in fault.detail
    assert located("example:us-east-1", resolver=resolver)["region"]["id"] == "example:us-east-1"


def test_no_region() -> None:
    """A region may be left out only where the caller's location factor stands in for it."""
    assert refusal_of(energy=ENERGY) == [("/region", "REGION_UNKNOWN")]
    answer = estimate_of(energy=ENERGY, factors={"location_kg_co2e_per_kwh": 0.38})
    assert answer["region"] is None
    assert {"MB_RESIDUAL_MISSING_LOCATION_USED", "CAT3_NOT_COMPUTED"} <= codes_of(answer)


# a region whose grid zone is not certain


def test_uncertain_zone() -> None:
    """A region that one of several grids feeds takes its country's factor, as a coarser zone."""
    answer = located("azure:eastus", 2023)
    source = source_of(answer, "grid_location")
    assert (source["id"], source["match"]) == ("grid_location:US:2023", "coarser_zone")
    assert ("/region", "FACTOR_FALLBACK_COARSER") in warned(answer)
    assert (answer["region"]["id"], answer["region"]["country"]) == ("azure:eastus", "US")


def test_uncertain_zone_and_none() -> None:
    """Where no coarser zone is allowed an uncertain one is refused."""
    refused = refusal_of(region="azure:eastus", energy=ENERGY, factors={"fallback": "none"})
    assert refused == [("/region", "REGION_UNKNOWN")]


@pytest.mark.parametrize("kind", ["td_loss", "upstream_wtt"])
def test_uncertain_zone_is_coarser_for_every_kind(kind: str) -> None:
    """The country's losses and upstream are as coarse for such a region as its grid factor is."""
    assert source_of(located("azure:eastus", 2023), kind)["match"] == "coarser_zone"


def test_uncertain_zone_and_none_for_every_kind() -> None:
    """Where no coarser zone is allowed the country's losses and upstream do not stand in either."""
    answer = located("azure:eastus", 2023, "none", factors={"location_kg_co2e_per_kwh": 0.38})
    assert [source["id"] for source in answer["sources"]] == ["user:location_kg_co2e_per_kwh"]


# periods


@pytest.mark.parametrize(
    ("start", "end", "year"),
    [
        ("2023-01-01", "2024-01-01", 2023),  # its end is not part of it
        ("2023-12-31", "2024-01-02", 2023),  # one day in each: the earlier
        ("2023-12-31", "2024-01-03", 2024),  # two days of three
        ("2023-12-30", "2024-01-02", 2023),
        ("2022-07-01", "2025-01-01", 2024),  # 365 days of 2023, 366 of 2024
        ("2021-07-01", "2024-01-01", 2022),  # 365 days of each
        ("2023-12-31T23:00:00Z", "2024-01-01T01:00:00Z", 2023),  # an hour in each
        ("2024-01-01T00:00:00+02:00", "2024-01-01T03:00:00+02:00", 2023),  # 22:00 to 01:00 UTC
        ("2023-12-31T23:00:00-05:00", "2024-01-01T00:00:00-05:00", 2024),  # 04:00 to 05:00 UTC
    ],
)
def test_factor_year(start: str, end: str, year: int) -> None:
    """The factor year is the calendar year of UTC that holds most of the period; of equals the earlier."""
    answer = estimate_of(region="US-SRVC", period={"start": start, "end": end}, energy=ENERGY)
    assert answer["factor_year"] == year


@pytest.mark.parametrize("year", [2010, 2011, 2026, 2027, 2028])
def test_years_that_are_covered(year: int) -> None:
    """From the first year of the grid table, 2010, to two after its newest, 2026."""
    assert refusal_of(region="GB", period=year_of(year), energy=ENERGY) == []


@pytest.mark.parametrize("year", [1, 1990, 2009, 2029, 2100, 9998])
def test_years_that_are_not(year: int) -> None:
    """Before the first year of the grid table, and more than two after its newest, a period is refused, once."""
    period = {"start": f"{year:04}-01-01", "end": f"{year + 1:04}-01-01"}
    assert refusal_of(region="GB", period=period, energy=ENERGY) == [("/period", "PERIOD_INVALID")]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-01-01", "2024-01-01"),  # empty
        ("2024-01-02", "2024-01-01"),  # reversed
        ("2024-01-01T00:00:00Z", "2024-01-01T01:00:00+02:00"),  # ends at 23:00 UTC of the day before
        ("2023-02-29", "2023-03-01"),  # not of the calendar
        ("2024-01-01", "2024-13-01"),
    ],
)
def test_periods_that_are_none(start: str, end: str) -> None:
    """A period that is empty, reversed or not of the calendar is refused."""
    refused = refusal_of(region="GB", period={"start": start, "end": end}, energy=ENERGY)
    assert refused == [("/period", "PERIOD_INVALID")]


def test_all_faults_at_once() -> None:
    """Region, period and hardware are judged each for itself."""
    refused = refusal_of(region="nowhere", period=year_of(1990), energy=ENERGY, hardware={"instance": "foo"})
    assert set(refused) == {
        ("/region", "REGION_UNKNOWN"),
        ("/period", "PERIOD_INVALID"),
        ("/hardware/instance", "HARDWARE_UNKNOWN"),
    }


# names of hardware


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("NVIDIA A100-SXM4-80GB", "a100-sxm4-80"),  # as nvidia-smi prints it
        ("a100-80gb", "a100-sxm4-80"),
        ("H100 SXM", "h100-sxm5"),
        ("nvidia-h100-sxm", "h100-sxm5"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm5"),
        ("h100_sxm", "h100-sxm5"),
        ("H100 PCIe", "h100-pcie"),
        ("Tesla T4", "t4"),
        ("A30", "a30"),
        ("A10", "a10"),
        ("l40", "l40"),
        ("L40S", "l40s"),
        ("MI300X", "mi300x"),
    ],
)
def test_names_of_accelerators(name: str, device: str) -> None:
    """A device is known by the names that people and tools use, and a near name is another device."""
    machine = looked_up(shipped_resolver(), hardware={"accelerator": name}).machine
    assert machine is not None
    assert machine.name == device


@pytest.mark.parametrize(
    ("name", "instance"),
    [
        ("p5.48xlarge", "aws:p5.48xlarge"),
        ("aws:p5.48xlarge", "aws:p5.48xlarge"),
        ("AWS:P5.48XLARGE", "aws:p5.48xlarge"),
        ("p5e.48xlarge", "aws:p5e.48xlarge"),
        ("g6e.48xlarge", "aws:g6e.48xlarge"),
        ("Standard_ND96asr_v4", "azure:Standard_ND96asr_v4"),
        ("azure:standard_nd96asr_v4", "azure:Standard_ND96asr_v4"),
        ("D4s v3", "azure:Standard_D4s_v3"),
        ("Standard_D4s_v3", "azure:Standard_D4s_v3"),
        ("a2-highgpu-8g", "gcp:a2-highgpu-8g"),
    ],
)
def test_names_of_instances(name: str, instance: str) -> None:
    """An instance type is known with or without its provider, an Azure one with or without its tier."""
    machine = looked_up(shipped_resolver(), hardware={"instance": name}).machine
    assert machine is not None
    assert machine.name == instance


def test_near_name_has_its_own_number() -> None:
    """p5e has eight H200 of 221.3 kg, g6e eight L40S of 87.9 kg: one never stands for the other."""
    figures = [
        estimate_of(energy=ENERGY, factors={"location_kg_co2e_per_kwh": 0.38}, duration_hours=1, hardware=hardware)
        for hardware in ({"instance": "p5e.48xlarge"}, {"instance": "g6e.48xlarge"})
    ]
    kgs = [figure["scope3"]["embodied"]["total_kg_co2e"] for figure in figures]
    assert kgs == [pytest.approx(1770.4), pytest.approx(703.2)]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("accelerator", "foo"),
        ("accelerator", "a1000"),
        ("accelerator", "H100 SXN"),
        ("accelerator", "T44"),
        ("accelerator", "p5.48xlarge"),  # an instance is no accelerator
        ("instance", "foo"),
        ("instance", "p5.49xlarge"),
        ("instance", "p5"),
        ("instance", "D4s v33"),
        ("instance", "gcp:p5.48xlarge"),  # of another provider
        ("instance", "aws:h100"),
        ("server", "R7400"),
        ("server", "h100-sxm5"),
    ],
)
def test_unknown_hardware(field: str, name: str) -> None:
    """No name that is merely near is taken."""
    (fault,) = looked_up(shipped_resolver(), hardware={field: name}).faults
    assert (fault.pointer, fault.code) == (f"/hardware/{field}", "HARDWARE_UNKNOWN")


def test_unknown_hardware_names_the_nearest() -> None:
    """The refusal of hardware names those that come nearest."""
    (fault,) = looked_up(shipped_resolver(), hardware={"instance": "p5.49xlarge"}).faults
    assert "p5.48xlarge" in fault.detail


@pytest.mark.parametrize("instance", ["p5.48xlarge", "aws:p5.48xlarge"])
def test_instance_of_another_provider(instance: str) -> None:
    """An instance type of one provider does not run in another's region."""
    refused = refusal_of(region="azure:westeurope", energy=ENERGY, duration_hours=1, hardware={"instance": instance})
    assert refused == [("/hardware/instance", "FIELDS_CONFLICT")]


def test_instance_of_several_providers() -> None:
    """A type that several providers have is never guessed: named with its provider, or in a region of it."""
    tables = shipped_tables()
    (one,) = (instance for instance in tables.instances if (instance.provider, instance.name) == ("aws", "m5.large"))
    factor = msgspec.structs.replace(one.factor, id="cloud_instance:example:m5.large")
    other = msgspec.structs.replace(one, provider="example", vcpus=99.0, factor=factor)
    both = msgspec.structs.replace(tables, instances=(*tables.instances, other))
    resolver = Resolver(FactorStore(both, RELEASE))
    (fault,) = looked_up(resolver, hardware={"instance": "m5.large"}).faults
    assert (fault.pointer, fault.code) == ("/hardware/instance", "HARDWARE_UNKNOWN")
    assert "aws:m5.large" in fault.detail
    assert "example:m5.large" in fault.detail
    for workload, vcpus in (
        ({"hardware": {"instance": "example:m5.large"}}, 99),
        ({"hardware": {"instance": "aws:m5.large"}}, 2),
        ({"hardware": {"instance": "m5.large"}, "region": "aws:us-east-1"}, 2),
    ):
        machine = looked_up(resolver, **workload).machine
        assert machine is not None
        assert machine.vcpus == vcpus


@pytest.mark.parametrize(
    ("instance", "won", "match"),
    [
        ("aws:m5.large", "power:SKYLAKE", "exact"),
        ("aws:c6a.12xlarge", "power:average:aws", "provider_default"),
    ],
)
def test_power_of_an_instance(instance: str, won: str, match: str) -> None:
    """The power of a type is that of its processor family, else its provider's average."""
    answer = estimate_of(region="aws:us-east-1", duration_hours=1, hardware={"instance": instance})
    powers = {source["id"]: source["match"] for source in answer["sources"] if source["kind"] == "power"}
    assert powers.pop("power:memory") == "exact"
    assert powers == {won: match}


@pytest.mark.parametrize("region", ["aws:us-east-1", "US-SRVC", "FR"])
def test_instance_where_it_may_run(region: str) -> None:
    """In a region of its provider's, and where no provider is named, an instance type is welcome."""
    assert refusal_of(region=region, energy=ENERGY, duration_hours=1, hardware={"instance": "p5.48xlarge"}) == []


# what is kept


@pytest.fixture
def empty(store: FactorStore) -> Resolver:
    """A resolver that keeps nothing yet."""
    return Resolver(store)


def test_context_is_looked_up_once(empty: Resolver) -> None:
    """The same context has the same answer, kept."""
    first = looked_up(empty, region="US-SRVC", period=year_of(2023))
    assert looked_up(empty, region="US-SRVC", period=year_of(2023)) is first
    assert empty.cached_contexts == 1


@pytest.mark.parametrize(
    "other",
    [
        {"region": "FR"},
        {"period": year_of(2022)},
        {"hardware": {"accelerator": "a100-sxm4-80"}},
        {"factors": {"fallback": "none"}},
        {"market": {"provider_claims": True}},
    ],
)
def test_other_context_is_looked_up(empty: Resolver, other: Json) -> None:
    """Region, year, hardware, fallback and the provider's claims are the context."""
    workload: Json = {"region": "US-SRVC", "period": year_of(2023), "hardware": {"accelerator": "h100-sxm5"}}
    first = looked_up(empty, **workload)
    assert looked_up(empty, **workload | other) is not first
    assert empty.cached_contexts == 2


@pytest.mark.parametrize(
    "noise",
    [
        {"energy": {"kwh": 2}},
        {"id": "other", "tags": {"a": "b"}},
        {"region": "us-srvc"},
        {"region": " US-SRVC "},
        {"period": {"start": "2023-03-01", "end": "2023-03-02T01:00:00Z"}},
        {"hardware": {"accelerator": "H100-SXM5", "accelerators": 7, "count": 9, "share": 0.1, "tdp_w": 3}},
        {"hardware": {"accelerator": "h100-sxm5", "host": {"cpu": {"model": "no such processor"}}}},
        {"utilization": 0.3, "pue": 1.3, "cost": {"amount": 3, "currency": "EUR"}},
        {"factors": {"location_kg_co2e_per_kwh": 0.1}},
        {"instruments": [{"id": "w", "type": "rec", "percent": 1}]},
    ],
)
def test_activity_is_no_context(empty: Resolver, noise: Json) -> None:
    """Numbers, ids, days and letter case of the caller's grow nothing."""
    workload: Json = {"region": "US-SRVC", "period": year_of(2023), "hardware": {"accelerator": "h100-sxm5"}}
    first = looked_up(empty, **workload)
    assert looked_up(empty, **workload | noise) is first
    assert empty.cached_contexts == 1


@pytest.mark.parametrize(
    "spellings",
    [
        [{"accelerator": name} for name in ("h100-sxm5", "H100 SXM", "H100  SXM", "h100_/-sxm", "(R) H100-SXM5-80GB")],
        [{"instance": name} for name in ("m5.large", "aws:m5.large", "AWS: m5.large")],
        [{"instance": name} for name in ("D4s v3", "Standard_D4s_v3", "D4s  v3", "d4s__v3", "azure:D4s v3")],
        [{"server": name} for name in ("dell-r740", "Dell R740", "PowerEdge   R740")],
    ],
    ids=["accelerator", "instance", "azure", "server"],
)
def test_spelling_is_no_context(empty: Resolver, spellings: list[Json]) -> None:
    """The hardware's identity is the context, not one of its endlessly many spellings."""
    for hardware in spellings:
        assert looked_up(empty, hardware=hardware).faults == ()
    assert empty.cached_contexts == 1


@pytest.mark.parametrize("provider_region", ["us-east-1", "aws:us-east-1"])
def test_region_is_canonical(empty: Resolver, provider_region: str) -> None:
    """A region with and without its provider is one context."""
    looked_up(empty, region="aws:us-east-1")
    looked_up(empty, region=provider_region)
    assert empty.cached_contexts == 1


def test_names_that_are_not_used_grow_nothing(empty: Resolver) -> None:
    """Of hardware that is named twice, and so refused, the second name fills no cache."""
    for number in range(20):
        looked_up(empty, hardware={"instance": "m5.large", "server": f"noise {number}"})
    assert empty.cached_contexts <= 1


@pytest.mark.parametrize(
    "faulty",
    [
        {"region": "nowhere"},
        {"region": "US", "hardware": {"instance": "foo"}},
        {"region": "azure:westeurope", "hardware": {"instance": "aws:p5.48xlarge"}},
    ],
)
def test_faults_are_not_kept(empty: Resolver, faulty: Json) -> None:
    """What cannot be found is not kept, so that misspellings push nothing out."""
    assert looked_up(empty, **faulty).faults
    assert empty.cached_contexts == 0


def test_the_nearest_names_are_the_same_in_every_process() -> None:
    """Of names that are equally near the order decides, and that does not hang on how a process orders its sets."""
    script = (
        "from service.factors.store import FactorStore; from service.factors.tables import load; "
        "from service.settings import shipped_factors; "
        "print(FactorStore(load(shipped_factors()), '1').nearest_regions('FFR'))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1


def test_nearest_names_are_found_once(store: FactorStore, empty: Resolver) -> None:
    """The nearest names of a name are looked for once, however often it comes."""
    before = store.nearest_regions.cache_info().misses
    for _ in range(5):
        looked_up(empty, region="us-esat-77")
    assert store.nearest_regions.cache_info().misses == before + 1
    assert store.nearest_regions.cache_info().maxsize is not None


def test_long_names_are_cut(empty: Resolver) -> None:
    """Of a long name 64 characters are looked at and repeated."""
    (fault,) = looked_up(empty, region="us-east-1" + "x" * 247).faults
    assert "x" * 56 not in fault.detail  # 64 less the nine of us-east-1 are 55
    assert len(fault.detail) < 300
