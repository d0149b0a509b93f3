"""Traps of the electricity and cloud-region sources: one test each, on the shipped rows."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from service.factors.columns import Row

FACTORS = Path(__file__).parents[2] / "factors"
STEMS = (
    "cloud_region",
    "grid_intensity",
    "market_group",
    "residual_mix",
    "residual_mix.aib",
    "residual_mix.greene",
    "td_loss",
    "upstream_wtt",
)


def shipped(stem: str) -> dict[str, Row]:
    """The rows of a shipped file by id."""
    with (FACTORS / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def distance_degrees(row: Row, latitude: float, longitude: float) -> float:
    """How far a place lies from a point, in the greater of the two directions. [degrees]"""
    return max(abs(float(row["latitude"]) - latitude), abs(float(row["longitude"]) - longitude))


# United States


def test_egrid2022_is_of_2022_though_its_column_year_says_2024() -> None:
    """The column Year of the eGRID2022 file is that of its publication: the rows are for 2022."""
    srvc = shipped("grid_intensity")["grid_location:US-SRVC:2022"]
    assert (srvc["data_year"], srvc["valid_from"], srvc["valid_to"]) == ("2022", "2022-01-01", "2022-12-31")
    # 622.987 + 27 x 0.047 + 273 x 0.007 = 626.167 lb; x 0.45359237 / 1000
    assert float(srvc["value"]) == pytest.approx(0.28402457354579, rel=1e-12)
    assert srvc["gwp_set"] == "AR6"


def test_egrid2023_is_the_newest_official_default_of_the_us() -> None:
    """EPA's eGRID2023 rev2 is converted from pounds unrounded, and no later default row of the US exists."""
    rows = shipped("grid_intensity")
    assert rows["grid_location:US-SRVC:2023"]["value"] == "0.27048892363262"  # 596.326 x 0.45359237 / 1000
    american = [r for r in rows.values() if r["zone"].split("-")[0] == "US" and r["basis"] == "direct"]
    assert {r["publisher"] for r in american if r["use"] == "default"} == {"US EPA"}
    assert max(r["valid_from"] for r in american if r["use"] == "default") == "2023-01-01"


def test_cornerstone_is_not_epa_and_only_for_years_that_are_named() -> None:
    """Cornerstone's rows name it, use its AR5 column, are dated and stand one grade below EPA's."""
    rows = [r for r in shipped("grid_intensity").values() if "ornerstone" in r["publisher"]]
    assert {r["publisher"] for r in rows} == {"Cornerstone Sustainability Data Initiative (not US EPA)"}
    assert {(r["use"], r["gwp_set"], r["valid_from"]) for r in rows} == {("dated", "AR5", "2024-01-01")}
    assert {r["grade"] for r in rows if r["zone"] != "US"} == {"C"}  # EPA: B
    assert {r["grade"] for r in rows if r["zone"] == "US"} == {"D"}  # EPA: C
    by_zone = {r["zone"]: r["value"] for r in rows}
    assert by_zone["US-SRVC"] == "0.290558"  # AR5 column 290.558 g; its AR6 column says 290.562


def test_no_edition_has_two_publishers() -> None:
    """One edition is one publisher's, in every file."""
    publishers = defaultdict(set)
    for stem in STEMS[1:]:
        for row in shipped(stem).values():
            publishers[stem, row["edition"]].add(row["publisher"])
    assert [edition for edition, names in publishers.items() if len(names) > 1] == []


def test_us_states_are_epas_and_never_embers() -> None:
    """Ember's states of the USA lie far from the official ones and are left out."""
    states = [r for r in shipped("grid_intensity").values() if r["zone"].startswith("US-")]
    assert {r["publisher"] for r in states if len(r["zone"]) == len("US-CA")} == {"US EPA"}
    assert {r["basis"] for r in states} == {"direct"}


# other official factors


def test_canadas_older_rows_hold_for_the_year_they_apply_to() -> None:
    """The year of ECCC's older rows is that of their use, not of their data; the newest edition starts on its day."""
    rows = shipped("grid_intensity")
    older = rows["grid_location:CA-ON:2026"]
    assert (older["value"], older["valid_from"], older["valid_to"]) == ("0.059", "2026-01-01", "2026-12-31")
    assert older["data_year"] == "2024"  # two years before
    newest = rows["grid_location:CA-ON:2026-09"]
    assert (newest["value"], newest["valid_from"], newest["valid_to"]) == ("0.073", "2026-09-09", "")


def test_the_fall_of_the_uk_in_2026_is_real() -> None:
    """The UK falls by 26 % in 2026, because its data are one year old from then on and no longer two."""
    rows = shipped("grid_intensity")
    before, after = rows["grid_location:GB:2025"], rows["grid_location:GB:2026"]
    assert (before["value"], after["value"]) == ("0.177", "0.13096")
    assert (before["data_year"], after["data_year"]) == ("2023", "2025")
    assert 1 - float(after["value"]) / float(before["value"]) == pytest.approx(0.26, abs=0.001)  # 0.04604 / 0.177


@pytest.mark.parametrize(
    ("row_id", "revised", "first"),
    [
        ("grid_location:EE:2023", "0.543", "0.690"),
        ("grid_location:CZ:2023", "0.361", "0.440"),
        ("grid_location:GR:2023", "0.343", "0.258"),
        ("grid_location:AT:2023", "0.059", "0.085"),
        ("grid_location:NZ:2023", "0.0765687", "0.0766"),
    ],
)
def test_newer_editions_go_before_older_ones(row_id: str, revised: str, first: str) -> None:
    """A revised or more precise figure stands alone for its year; the note tells what it replaced."""
    row = shipped("grid_intensity")[row_id]
    assert row["value"] == revised
    assert first in row["note"]


def test_consumption_and_co2_alone_are_second_editions() -> None:
    """ISPRA's consumption factors and UBA's CO2 alone are shown beside the EEA's row and never chosen."""
    rows = shipped("grid_intensity")
    for row_id in ("grid_location:IT:2024:ispra", "grid_location:DE:2024:uba"):
        assert rows[row_id]["use"] == "never"
        assert "EEA" in rows[row_id]["note"]
    assert rows["grid_location:DE:2024:uba"]["unit"] == "kg CO2/kWh"
    assert rows["grid_location:DE:2024"]["value"] == "0.291"


def test_australias_capital_shares_the_row_of_new_south_wales() -> None:
    """The publisher prints one row for both, so both zones have it."""
    rows = shipped("grid_intensity")
    for year in (2025, 2026):
        assert rows[f"grid_location:AU-ACT:{year}"]["value"] == rows[f"grid_location:AU-NSW:{year}"]["value"]


def test_a_utility_is_no_zone() -> None:
    """A Japanese utility's figures have no ISO zone and are left out."""
    assert not any(r["zone"].startswith("JP-") for r in shipped("grid_intensity").values())


# life-cycle


def test_ember_is_life_cycle_and_never_direct() -> None:
    """Every row of Ember says life_cycle, so that it is flagged and no upstream is added."""
    rows = shipped("grid_intensity").values()
    assert {r["basis"] for r in rows if r["publisher"] == "Ember"} == {"life_cycle"}
    assert {r["publisher"] for r in rows if r["basis"] == "life_cycle"} == {"Ember"}
    assert {r["grade"] for r in rows if r["basis"] == "life_cycle"} == {"D"}
    assert all(r["id"].endswith(":life_cycle") for r in rows if r["basis"] == "life_cycle")


def test_the_older_overview_gives_the_world_alone() -> None:
    """The 2025 edition serves for the world only: countries come from the newer file."""
    rows = [r for r in shipped("grid_intensity").values() if r["edition"] == "Yearly electricity data 2025"]
    assert {r["zone"] for r in rows if not r["zone"].startswith("IN-")} == {"WORLD"}
    assert shipped("grid_intensity")["grid_location:WORLD:2024:life_cycle"]["value"] == "0.47304"


def test_a_printed_zero_is_no_figure() -> None:
    """Ember prints 0.0 where emissions are too small for its decimals: no such row, for a missing value is never 0."""
    life_cycle = [r for r in shipped("grid_intensity").values() if r["basis"] == "life_cycle"]
    assert min(float(r["value"]) for r in life_cycle) > 0
    assert "grid_location:CF:2022:life_cycle" not in {r["id"] for r in life_cycle}


def test_indias_states_are_life_cycle_and_chinas_provinces_direct_co2() -> None:
    """Neither file names its basis: India's states count as life-cycle, China's provinces as direct CO2."""
    rows = shipped("grid_intensity")
    india = [r for r in rows.values() if r["zone"].startswith("IN-")]
    china = [r for r in rows.values() if r["zone"].startswith("CN-")]
    assert {(r["basis"], r["unit"]) for r in india} == {("life_cycle", "kg CO2e/kWh")}
    assert {(r["basis"], r["unit"], r["gwp_set"]) for r in china} == {("direct", "kg CO2/kWh", "")}
    assert rows["grid_location:CN-SC:2023"]["value"] == "0.1564"
    assert {"IN-MH", "IN-TG", "IN-DL"} <= {r["zone"] for r in india}


# residual mixes


@pytest.mark.parametrize(("zone", "residual"), [("NO", "0.534"), ("IS", "0.505")])
def test_norway_and_iceland_have_a_high_residual_mix(zone: str, residual: str) -> None:
    """Their residual mixes are right, though their grids are almost free of emissions."""
    assert shipped("residual_mix.aib")[f"residual_mix:{zone}:2024"]["value"] == residual
    grid = [r for r in shipped("grid_intensity").values() if r["zone"] == zone and r["use"] == "default"]
    assert max(float(r["value"]) for r in grid) < 0.05


@pytest.mark.parametrize("row_id", ["residual_mix:AT:2023", "residual_mix:AT:2024", "residual_mix:NL:2024"])
def test_full_disclosure_is_said_and_is_not_zero(row_id: str) -> None:
    """Where all is disclosed there is no residual mix: a row that says none, without a value."""
    row = shipped("residual_mix.aib")[row_id]
    assert (row["availability"], row["value"], row["use"]) == ("none", "", "default")
    assert row["note"].startswith("no residual mix: full disclosure")


def test_the_netherlands_2023_are_printed() -> None:
    """The year before, the table prints a figure for the Netherlands."""
    assert shipped("residual_mix.aib")["residual_mix:NL:2023"]["value"] == "0.37989"


@pytest.mark.parametrize("year", [2023, 2024])
def test_switzerland_is_unresolved_and_never_chosen(year: int) -> None:
    """The only copy prints another sheet's figure: no value, and no default."""
    row = shipped("residual_mix.aib")[f"residual_mix:CH:{year}"]
    assert (row["availability"], row["value"], row["use"]) == ("unresolved", "", "never")


def test_no_residual_mix_is_zero_or_a_production_mix() -> None:
    """Every residual mix is above 0; the production mixes of the same file are left out."""
    rows = [r for stem in STEMS if stem.startswith("residual_mix") for r in shipped(stem).values()]
    assert min(float(r["value"]) for r in rows if r["value"]) == 0.02352  # France 2024
    assert all(bool(r["value"]) == (r["availability"] == "published") for r in rows)


def test_aib_is_co2_alone() -> None:
    """The AIB's figures are CO2, not CO2e, and say so in their unit."""
    rows = shipped("residual_mix.aib").values()
    assert {(r["unit"], r["gwp_set"]) for r in rows} == {("kg CO2/kWh", "")}


def test_greene_is_co2e_already() -> None:
    """Where no certificates are sold, Green-e equals eGRID's CO2e: CH4 and N2O are inside."""
    residual = shipped("residual_mix.greene")["residual_mix:US-HIOA:2023"]
    grid = shipped("grid_intensity")["grid_location:US-HIOA:2023"]
    assert float(residual["value"]) == pytest.approx(float(grid["value"]), rel=1e-5)  # 1498.95 and 1498.947 lb
    for row in shipped("residual_mix.greene").values():
        average = shipped("grid_intensity")[row["id"].replace("residual_mix", "grid_location")]
        assert float(row["value"]) > float(average["value"]) * 0.99999


def test_tables_that_cannot_be_passed_on_stand_alone() -> None:
    """The AIB's and Green-e's rows are in files of their own, and the AIB's 2025 edition in none."""
    assert {r["publisher"] for r in shipped("residual_mix.aib").values()} == {"AIB"}
    assert {r["publisher"] for r in shipped("residual_mix.greene").values()} == {
        "Center for Resource Solutions (Green-e)"
    }
    assert {r["publisher"] for r in shipped("residual_mix").values()} == {
        "Australian Government, DCCEEW",
        "Energiavirasto",
    }
    assert {r["data_year"] for r in shipped("residual_mix.aib").values()} == {"2023", "2024"}


def test_nothing_is_the_ieas() -> None:
    """The IEA's data are licensed and never shipped."""
    assert not any("IEA" in r["publisher"] or "iea.org" in r["url"] for stem in STEMS for r in shipped(stem).values())


def test_market_groups_are_the_two_of_the_method() -> None:
    """North America is the US and Canada; Europe is every country of the AIB's table."""
    groups = defaultdict(set)
    for row in shipped("market_group").values():
        groups[row["group"]].add(row["country"])
    assert groups["north_america"] == {"CA", "US"}
    assert groups["europe"] == {r["zone"] for r in shipped("residual_mix.aib").values()}
    assert len(groups["europe"]) == 34
    assert len(groups) == 2


# losses and upstream


def test_losses_are_shares_of_generation() -> None:
    """The World Bank's and eGRID's losses are of output, so that the formula divides by what arrives."""
    rows = shipped("td_loss")
    shares = [r for r in rows.values() if r["unit"] == "share"]
    assert {r["boundary"] for r in shares} == {"of_generation"}
    assert rows["td_loss:US-SRVC:2024"]["value"] == "0.044"
    assert {r["publisher"] for r in shares if r["zone"].startswith("US-")} == {
        "Cornerstone Sustainability Data Initiative (not US EPA)"
    }


def test_uk_losses_are_a_rate_and_no_share() -> None:
    """The UK's figure is kg/kWh with its well-to-tank part; the World Bank's share is not chosen beside it."""
    rows = shipped("td_loss")
    rate = rows["td_loss:GB:2026"]
    assert (rate["value"], rate["unit"], rate["boundary"]) == ("0.01299", "kg CO2e/kWh", "published_rate")
    assert rate["upstream_kg_co2e_per_kwh"] == "0.00359"
    later = [r for r in rows.values() if r["zone"] == "GB" and r["valid_from"] >= "2020" and r["use"] == "default"]
    assert {r["boundary"] for r in later} == {"published_rate"}


def test_australian_scope_3_holds_upstream_and_losses_together() -> None:
    """Australia's Scope 3 rows hold both parts, and no loss of Australia's states is added to them."""
    row = shipped("upstream_wtt")["upstream_wtt:AU-VIC:2025"]
    assert (row["value"], row["boundary"], row["gwp_set"]) == ("0.09", "upstream_and_td", "AR5")
    assert not any(r["zone"].startswith("AU-") for r in shipped("td_loss").values())


def test_official_upstream_goes_before_the_derived() -> None:
    """A zone with an official upstream figure has no derived default; derived ones have grade D and 0.5 to 2."""
    rows = shipped("upstream_wtt").values()
    official = {r["zone"] for r in rows if r["grade"] == "C"}
    derived = [r for r in rows if r["evidence"] == "derived"]
    assert {r["zone"] for r in derived if r["use"] == "default"} & official == set()
    assert {r["grade"] for r in derived} == {"D"}
    for row in derived:
        assert float(row["low"]) == pytest.approx(float(row["value"]) / 2)
        assert float(row["high"]) == pytest.approx(float(row["value"]) * 2)


def test_upstream_is_no_difference_of_two_publishers() -> None:
    """Germany's life-cycle figure less the EEA's direct one is not what stands as its upstream."""
    grid = shipped("grid_intensity")
    difference = float(grid["grid_location:DE:2023:life_cycle"]["value"]) - float(
        grid["grid_location:DE:2023"]["value"]
    )
    german = [float(r["value"]) for r in shipped("upstream_wtt").values() if r["zone"] == "DE"]
    assert all(abs(value - difference) > 0.001 for value in german)


# cloud regions


@pytest.mark.parametrize(
    ("region", "latitude", "longitude"),
    [
        ("aws:sa-east-1", -23.55, -46.63),
        ("gcp:southamerica-east1", -23.53, -46.79),
        ("gcp:us-south1", 32.78, -96.81),
        ("gcp:us-west4", 36.18, -115.14),
        ("gcp:us-east5", 39.96, -83.00),
        ("azure:northeurope", 53.35, -6.26),
        ("azure:spaincentral", 40.42, -3.70),
        ("oci:us-ashburn-1", 39.04, -77.49),
    ],
)
def test_coordinates_are_those_of_the_place(region: str, latitude: float, longitude: float) -> None:
    """Coordinates that some list prints hundreds of kilometers off are the city's here."""
    place = shipped("cloud_region")[f"cloud_region:{region}"]
    assert distance_degrees(place, latitude, longitude) < 0.02


@pytest.mark.parametrize(
    ("region", "zone"),
    [
        ("gcp:me-central1", "QA"),
        ("aws:eu-north-1", "SE"),
        ("gcp:europe-north1", "FI"),
        ("azure:westus", "US-CAMX"),
        ("azure:westus2", "US-NWPP"),
    ],
)
def test_zones_that_a_list_gets_wrong_are_right(region: str, zone: str) -> None:
    """Zones that the Green Software Foundation's file has wrong in some year."""
    assert shipped("cloud_region")[f"cloud_region:{region}"]["grid_zone"] == zone


@pytest.mark.parametrize(
    ("region", "candidates"),
    [
        ("azure:eastus", "US-SRVC|US-RFCE"),
        ("aws:us-gov-east-1", "US-RFCW|US-SRVC"),
        ("coreweave:us-east-01", "US-NYUP|US-NYCW|US-NYLI"),
        ("coreweave:us-central-01", "US-RFCW|US-SRMW"),
    ],
)
def test_an_unresolved_zone_is_empty_with_its_candidates(region: str, candidates: str) -> None:
    """Where the zone cannot be told, none is chosen; the candidates and the reason stand in the row."""
    place = shipped("cloud_region")[f"cloud_region:{region}"]
    assert (place["grid_zone"], place["alternative_zones"]) == ("", candidates)
    assert place["note"].startswith("unresolved")


def test_every_other_place_has_its_zone() -> None:
    """Four places of 264 are unresolved, no more."""
    places = [r for r in shipped("cloud_region").values() if r["metric"] == "place"]
    assert sum(not r["grid_zone"] for r in places) == 4


def test_a_market_claim_of_zero_is_never_a_default() -> None:
    """A market-based 0 is a claim: AWS's of annual matching may serve on request, others may hold offsets: never."""
    claims = [r for r in shipped("cloud_region").values() if r["metric"] == "provider_market_intensity"]
    assert {(r["provider"], r["use"]) for r in claims} == {("aws", "default"), ("azure", "never"), ("gcp", "never")}
    assert shipped("cloud_region")["provider_market_intensity:aws:us-east-1:2024"]["value"] == "0"


def test_googles_intensities_are_life_cycle_and_never_chosen() -> None:
    """Google's grid intensities hold upstream, and the grid tables go before them."""
    rows = [r for r in shipped("cloud_region").values() if r["metric"] == "provider_grid_intensity"]
    assert {(r["use"], r["grade"]) for r in rows} == {("never", "D")}
    assert all("life-cycle" in r["note"] for r in rows)


def test_carbon_free_shares_from_2022_on_are_from_googles_own_files() -> None:
    """The collected file's hourly shares of 2024 are not taken; only its years before Google's own files are."""
    rows = [r for r in shipped("cloud_region").values() if r["metric"] == "carbon_free_share"]
    collected = {r["valid_from"][:4] for r in rows if "Green Software" in r["title"]}
    assert collected == {"2019", "2020", "2021"}
    assert shipped("cloud_region")["carbon_free_share:gcp:asia-east2:2024"]["value"] == "0.01"
    assert {r["provider"] for r in rows} == {"gcp"}


# PUE and WUE


def test_regional_pues_of_aws_are_of_2024_and_none_of_2025() -> None:
    """The table that calls itself 2025 is the data set of 2024; of 2025 only the fleet's value is known."""
    rows = shipped("cloud_region")
    assert rows["pue:aws:us-east-1:2024"]["value"] == "1.15"
    assert [r["region"] for r in rows.values() if r["id"].startswith("pue:aws") and r["data_year"] == "2025"] == ["aws"]
    assert [rows[f"pue:aws:{year}"]["value"] for year in (2023, 2024, 2025)] == ["1.15", "1.15", "1.14"]


def test_the_worlds_wue_is_no_regions_wue() -> None:
    """AWS's world average of 0.18 is not repeated for regions."""
    assert not any(r["metric"] == "wue" and r["value"] == "0.18" for r in shipped("cloud_region").values())


def test_averages_of_geographies_are_no_regions() -> None:
    """Azure has regional PUEs for one year only; averages of a geography are shown and never chosen."""
    pues = [r for r in shipped("cloud_region").values() if r["metric"] in {"pue", "wue"}]
    geographies = [r for r in pues if "-geography:" in r["region"]]
    assert len(geographies) == 15  # 9 of PUE, 6 of WUE
    assert {r["use"] for r in geographies} == {"never"}
    assert {r["data_year"] for r in pues if r["region"].startswith("azure:")} == {"2023"}


def test_the_row_printed_as_westus_belongs_to_westus2() -> None:
    """Azure's Washington figure is that of westus2; westus, in California, has none."""
    rows = shipped("cloud_region")
    assert rows["pue:azure:westus2:2023"]["value"] == "1.15"
    assert not any(name.startswith("pue:azure:westus:") for name in rows)


def test_an_extrapolated_file_is_not_used() -> None:
    """The estimate for 2024 and 2025 prints 1.12 for Cape Town; the published value stands."""
    assert shipped("cloud_region")["pue:aws:af-south-1:2024"]["value"] == "1.24"


def test_the_industrys_pue_holds_for_every_period() -> None:
    """Where no PUE is known, 1.56 stands in whatever the year."""
    row = shipped("cloud_region")["pue:default:2024"]
    assert (row["value"], row["grade"], row["valid_from"], row["valid_to"]) == ("1.56", "D", "2010-01-01", "")


# what holds for all


def test_a_single_transcription_says_so() -> None:
    """Rows that one copy alone supports carry that in their note."""
    for row_id in ("grid_location:FR:2024", "grid_location:US-SRVC:2024:cornerstone", "grid_location:CA-ON:2026-09"):
        assert "one transcription" in shipped("grid_intensity")[row_id]["note"]
    assert "confirmed by 3" in shipped("grid_intensity")["grid_location:GB:2026"]["note"]


def test_nothing_unresolved_is_a_default_value() -> None:
    """A row marked unresolved has no value or is never chosen."""
    for stem in STEMS:
        for row in shipped(stem).values():
            if "unresolved" in row["note"]:
                assert not row["value"] or row["use"] == "never"


def test_matching_is_by_validity_and_not_by_the_datas_year() -> None:
    """A row of this year may rest on older data, never on later ones."""
    for stem in STEMS[1:]:
        for row in shipped(stem).values():
            assert int(row["data_year"]) <= int(row["valid_from"][:4])
            assert not row["valid_to"] or row["valid_from"] < row["valid_to"]


def test_one_default_for_a_zone_a_year_and_a_basis() -> None:
    """No two default rows compete: one for each zone, first day and basis."""
    for stem in ("grid_intensity", "td_loss", "upstream_wtt"):
        seen = defaultdict(list)
        for row in shipped(stem).values():
            if row["use"] == "default":
                seen[row["zone"], row["valid_from"], row.get("basis", "")].append(row["id"])
        assert [ids for ids in seen.values() if len(ids) > 1] == []
