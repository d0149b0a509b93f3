"""The readers of electricity and cloud-region sources, on small samples, and how much the shipped tables hold."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from service.errors import FactorDataInvalid
from service.factors.columns import COLUMNS, Row
from service.factors.importers import (
    IMPORTERS,
    aib,
    china,
    cloud_pue,
    cloud_regions,
    cornerstone,
    defra_wtt,
    derived_upstream,
    egrid,
    ember,
    google_cfe,
    greene,
    gsf,
    national,
    uk_desnz,
    worldbank,
)
from service.factors.importers.rows import decimal, number, row

FACTORS = Path(__file__).parents[2] / "factors"
FILES = {
    "cloud_region": "cloud_region",
    "grid_intensity": "grid_intensity",
    "market_group": "market_group",
    "residual_mix": "residual_mix",
    "residual_mix.aib": "residual_mix",
    "residual_mix.greene": "residual_mix",
    "td_loss": "td_loss",
    "upstream_wtt": "upstream_wtt",
}
"""File of this importer's part → its table."""


def shipped(stem: str) -> list[Row]:
    """The rows of a shipped file."""
    with (FACTORS / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def only(rows: list[Row]) -> Row:
    """The one row there is."""
    (single,) = rows
    return single


def lines(*texts: str) -> str:
    """A small file."""
    return "\n".join(texts) + "\n"


# readers


def test_egrid_gases_become_co2e_of_ar6_unrounded() -> None:
    """Rates of each gas are summed with AR6 and converted from pounds, and no digit is dropped."""
    text = lines(
        "\ufeffeGRID Subregion Acronym,eGRID Subregion Name,Total Output CO2 Factor (lb CO2 / MWh),"
        "Total Output CH4 Factor (lb CH4 / MWh),Total Output N2O Factor (lb N2O / MWh),"
        "Non-Baseload CO2 Factor (lb CO2 / MWh),Year",
        "ABCD,Somewhere,1000,0.1,0.01,9999,2031",
        "US Average,US Average,500,0,0,9999,2031",
    )
    rows = egrid.read(text, "epa_egrid2029_subregion.csv")["grid_intensity"]
    # 1000 + 27 x 0.1 + 273 x 0.01 = 1005.43 lb; x 0.45359237 / 1000 = 0.4560553765691
    assert [(r["id"], r["value"], r["gwp_set"], r["grade"]) for r in rows] == [
        ("grid_location:US-ABCD:2029", "0.4560553765691", "AR6", "B"),
        ("grid_location:US:2029", "0.226796185", "AR6", "C"),  # 500 x 0.45359237 / 1000
    ]


def test_egrid_gases_need_the_data_year_in_the_name() -> None:
    """A file whose name does not say the data year is refused: its column Year is another year."""
    text = lines(
        "eGRID Subregion Acronym,eGRID Subregion Name,Total Output CO2 Factor (lb CO2 / MWh),"
        "Total Output CH4 Factor (lb CH4 / MWh),Total Output N2O Factor (lb N2O / MWh),Year",
        "ABCD,Somewhere,1000,0.1,0.01,2031",
    )
    with pytest.raises(FactorDataInvalid, match=r"hub\.csv, line 2: the file's name"):
        egrid.read(text, "hub.csv")


def test_egrid_co2e_is_taken_as_published() -> None:
    """A published CO2e is converted, not recomputed, and its unstated GWP set stays empty."""
    text = lines(
        "egrid_subregion,name,data_year,edition,co2_lb_per_mwh,co2e_lb_per_mwh,co2e_g_per_kwh,source,source_url,license",
        "ABCD,Somewhere,2029,eGRID2029,990,1000,453.6,a copy,https://www.epa.gov,Public domain (US EPA)",
    )
    found = only(egrid.read(text, "egrid.csv")["grid_intensity"])
    assert (found["id"], found["value"]) == ("grid_location:US-ABCD:2029", "0.45359237")  # 1000 x 0.45359237 / 1000
    assert (found["gwp_set"], found["evidence"], found["basis"]) == ("", "transcribed", "direct")


def test_cornerstone_gives_dated_intensities_and_losses() -> None:
    """Cornerstone's AR5 column is used, one grade lower, for named years only; its losses are shares of generation."""
    text = lines(
        "egrid_subregion,name,data_year,edition,co2e_g_per_kwh_ar6,co2e_g_per_kwh_ar5,grid_gross_loss_fraction,"
        "source_url,publisher,status",
        "ABCD,Somewhere,2029,Hub 2031,400.1,400.5,0.044,https://zenodo.org,Cornerstone (NOT US EPA),single",
        "US,US Average,2029,Hub 2031,300.1,300.5,0.043,https://zenodo.org,Cornerstone (NOT US EPA),single",
    )
    tables = cornerstone.read(text, "cornerstone.csv")
    assert [(r["id"], r["value"], r["gwp_set"], r["grade"], r["use"]) for r in tables["grid_intensity"]] == [
        ("grid_location:US-ABCD:2029:cornerstone", "0.4005", "AR5", "C", "dated"),
        ("grid_location:US:2029:cornerstone", "0.3005", "AR5", "D", "dated"),
    ]
    assert [(r["id"], r["value"], r["unit"], r["boundary"], r["use"]) for r in tables["td_loss"]] == [
        ("td_loss:US-ABCD:2029", "0.044", "share", "of_generation", "default"),
        ("td_loss:US:2029:cornerstone", "0.043", "share", "of_generation", "default"),
    ]


OLDER = "region,country_iso2,data_year,value,unit,basis,source,source_url,license,note,source_url_status,license_status"
NEWER = "region,country_iso2,data_year,value_kgco2e_per_kwh,basis,document,status,source,note,license_note"


def test_older_national_file_gives_what_no_newer_one_has() -> None:
    """Rows that a newer file replaces make none, EU27 among the EEA's first edition excepted."""
    text = lines(
        OLDER,
        'CA-ON,CA,2029,0.030,kgCO2e/kWh,"consumption intensity, direct combustion; year = set","ECCC v9, a public '
        'transcription",https://canada.ca/x,OGL,,,',
        'FR,FR,2029,0.050,kgCO2e/kWh,"production, direct combustion (generation-based)","EEA first, a public '
        'transcription",https://eea.europa.eu,CC,,,',
        'EU27,,2029,0.210,kgCO2e/kWh,"production, direct combustion (generation-based)","EEA first, a public '
        'transcription",https://eea.europa.eu,CC,,,',
        "GB,GB,2029,0.2,kgCO2e/kWh,consumption-of-generation,DESNZ,https://gov.uk,OGL,,,",
        'NZ,NZ,2029,0.0766,kgCO2e/kWh,"location-based, direct",NZ MfE,https://environment.govt.nz,CC,,,',
    )
    rows = national.read(text, "older.csv")["grid_intensity"]
    assert [(r["id"], r["value"], r["data_year"], r["valid_from"]) for r in rows] == [
        ("grid_location:CA-ON:2029", "0.03", "2027", "2029-01-01"),
        ("grid_location:EU27:2029", "0.21", "2029", "2029-01-01"),
    ]
    assert rows[0]["edition"] == "ECCC v9"


def test_newer_national_file_feeds_three_tables() -> None:
    """Intensities, residual mixes and loss rates of one file go to their tables; an edition can start within a year."""
    text = lines(
        NEWER,
        "CA-ON,CA,2030,0.073,consumption intensity,ECCC v10 (2032-09-09),single,a copy,,OGL",
        'AU-NSW,AU,2032,0.6,"scope 2 location-based, edition year 2032",DCCEEW 2032,single,a copy,,CC',
        'AU-NATIONAL residual mix,AU,2032,0.79,"market-based residual mix factor, national only",DCCEEW 2032,single,,,',
        "NZ T&D losses,NZ,2031,0.00595616,scope 3 category 3 T&D losses,NZ MfE 2032,single,a copy,,CC",
        'IT (ISPRA consumption),IT,2030,0.19404,"consumption, CO2e, final",ISPRA 430,single,a copy,,CC',
    )
    tables = national.read(text, "newer.csv")
    assert [(r["id"], r["valid_from"], r["valid_to"], r["use"]) for r in tables["grid_intensity"]] == [
        ("grid_location:CA-ON:2032-09", "2032-09-09", "", "default"),
        ("grid_location:AU-NSW:2032", "2032-01-01", "2032-12-31", "default"),
        ("grid_location:AU-ACT:2032", "2032-01-01", "2032-12-31", "default"),
        ("grid_location:IT:2030:ispra", "2030-01-01", "2030-12-31", "never"),
    ]
    assert only(tables["residual_mix"])["id"] == "residual_mix:AU:2032"
    loss = only(tables["td_loss"])
    assert (loss["id"], loss["unit"], loss["boundary"]) == ("td_loss:NZ:2031", "kg CO2e/kWh", "published_rate")


def test_a_national_row_without_a_rule_is_refused() -> None:
    """A basis that nobody has mapped is an error that names file and line, never a guess."""
    text = lines(NEWER, "FR,FR,2030,0.1,combined margin,EEA 2030,single,a copy,,CC")
    with pytest.raises(FactorDataInvalid, match=r"newer\.csv, line 2: no rule for 'FR', 'combined margin'"):
        national.read(text, "newer.csv")


def test_uk_losses_carry_their_own_well_to_tank_part() -> None:
    """The UK's losses are a published rate with its well-to-tank part in the same row."""
    text = lines(
        "country_iso2,edition,component,value_kgco2e_per_kwh,co2,ch4_as_co2e,n2o_as_co2e,gwp_set,status,note,publisher",
        "GB,2031,generation,0.1,,,,AR5,single,,UK DESNZ/DEFRA",
        "GB,2031,transmission_distribution,0.01,,,,AR5,single,,UK DESNZ/DEFRA",
        "GB,2031,wtt_generation,0.03,,,,AR5,single,,UK DESNZ/DEFRA",
        "GB,2031,wtt_transmission_distribution,0.003,,,,AR5,single,,UK DESNZ/DEFRA",
    )
    tables = uk_desnz.read(text, "uk.csv")
    assert only(tables["grid_intensity"])["value"] == "0.1"
    loss = only(tables["td_loss"])
    assert (loss["value"], loss["boundary"], loss["upstream_kg_co2e_per_kwh"]) == ("0.01", "published_rate", "0.003")
    assert only(tables["upstream_wtt"])["boundary"] == "upstream"


def test_defra_gives_upstream_of_other_countries_only() -> None:
    """Of other countries DEFRA prints upstream alone: part of losses, single gases and continents make no row."""
    head = "edition,Scope,Level 1,Level 2,Level 3,Level 4,Column Text,UOM,GHG,factor"
    text = lines(
        head,
        "2021,Scope 3,WTT,WTT- overseas electricity (generation),Electricity: France,,,kWh,kg CO2e,0.0124",
        "2021,Scope 3,WTT,WTT- overseas electricity (generation),Electricity: Africa (average),,,kWh,kg CO2e,0.1",
        "2021,Scope 3,WTT,WTT- overseas electricity (T&D),Electricity: France,,,kWh,kg CO2e,0.001",
        "2021,Scope 3,T&D,T&D- UK electricity,Electricity: UK,,,kWh,kg CO2e,0.0188",
        "2021,Scope 3,T&D,T&D- UK electricity,Electricity: UK,,,kWh,kg CH4,0.0001",
        "2021,Scope 3,WTT,WTT- UK electricity (T&D),Electricity: UK,,,kWh,kg CO2e,0.0049",
    )
    tables = defra_wtt.read(text, "defra.csv")
    assert [(r["id"], r["value"], r["grade"]) for r in tables["upstream_wtt"]] == [
        ("upstream_wtt:FR:2021", "0.0124", "C")
    ]
    loss = only(tables["td_loss"])
    assert (loss["id"], loss["value"], loss["upstream_kg_co2e_per_kwh"]) == ("td_loss:GB:2021", "0.0188", "0.0049")
    with pytest.raises(FactorDataInvalid, match="no rule for 'WTT- overseas electricity"):
        defra_wtt.read(
            lines(head, "2021,S,W,WTT- overseas electricity (generation),Electricity: Atlantis,,,kWh,kg CO2e,1"),
            "d.csv",
        )


def test_worldbank_per_cent_become_shares_of_countries() -> None:
    """Per cent of output are divided by 100; groups of countries, empty cells and years before 2010 make no row."""
    text = lines(
        '\ufeff"Data Source","World Development Indicators",',
        "",
        '"Last Updated Date","2032-02-24",',
        "",
        '"Country Name","Country Code","Indicator Name","Indicator Code","2009","2029","2030","2031",',
        '"France","FRA","losses","EG.ELC.LOSS.ZS","5.5","6.5","","",',
        '"Iraq","IRQ","losses","EG.ELC.LOSS.ZS","","58.25","","",',
        '"World","WLD","losses","EG.ELC.LOSS.ZS","","8","8","8",',
        '"United Kingdom","GBR","losses","EG.ELC.LOSS.ZS","","8.5","","",',
    )
    rows = worldbank.read(text, "wb.csv")["td_loss"]
    assert [(r["id"], r["value"], r["boundary"], r["use"]) for r in rows] == [
        ("td_loss:FR:2029", "0.065", "of_generation", "default"),
        ("td_loss:IQ:2029", "0.5825", "of_generation", "default"),
        ("td_loss:GB:2029:share", "0.085", "of_generation", "never"),
    ]
    assert rows[0]["edition"] == "World Development Indicators, 2032-02-24"
    assert "more than half" in rows[1]["note"]


def test_derived_upstream_is_good_to_a_factor_of_two() -> None:
    """A derived figure has grade D and half and double as its range, and gives way to an official one."""
    text = lines(
        "iso3,country,mix_year,upstream_g_per_kwh,ember_scaled_upstream_2024",
        "BTN,Bhutan,2029,24.0,99",
        "FRA,France,2029,20,99",
    )
    rows = derived_upstream.read(text, "derived.csv")["upstream_wtt"]
    assert [(r["id"], r["low"], r["value"], r["high"], r["grade"], r["use"]) for r in rows] == [
        ("upstream_wtt:BT:2029", "0.012", "0.024", "0.048", "D", "default"),
        ("upstream_wtt:FR:2029", "0.01", "0.02", "0.04", "D", "never"),
    ]


def test_ember_countries_are_life_cycle_and_zero_is_no_figure() -> None:
    """Grams become kilograms, the basis is life-cycle, and a printed 0 makes no row."""
    source = {
        "retrieved": "2031-09-26",
        "url": "https://github.com/owid/energy-data",
        "unit": "gCO2e/kWh",
        "countries": {"Albania": {"iso3": "ALB", "g_per_kwh": {"2029": 25.2, "2030": 0.0}}},
    }
    found = only(ember.read(json.dumps(source), "owid.json")["grid_intensity"])
    assert (found["id"], found["value"]) == ("grid_location:AL:2029:life_cycle", "0.0252")  # 25.2 / 1000
    assert (found["basis"], found["grade"], found["use"]) == ("life_cycle", "D", "default")
    with pytest.raises(FactorDataInvalid, match="not gCO2e/kWh"):
        ember.read(json.dumps(source | {"unit": "kgCO2e/kWh"}), "owid.json")


def test_ember_overview_gives_the_world_alone() -> None:
    """Of the older overview only the world is read, from 2010 on."""
    text = lines(
        "country_or_region,country_code,year,emissions_intensity_gco2_per_kwh",
        "World,,2009,500",
        "World,,2029,473.04",
        "Africa,,2029,500",
        "France,FRA,2029,50",
    )
    found = only(ember.read(text, "overview-2030.csv")["grid_intensity"])
    assert (found["id"], found["value"]) == ("grid_location:WORLD:2029:life_cycle", "0.47304")


def test_ember_subnational_gives_the_states_of_india_alone() -> None:
    """States of the USA, the total and the rest make no row; an unknown state is an error."""
    head = "country,state,year,demand_gwh,emissions_ktco2,emissions_intensity_gco2_per_kwh"
    text = lines(
        head,
        "India,Maharashtra,2029,1,1,700.5",
        "India,India Total,2029,1,1,611",
        "India,Others,2029,0,0,",
        "United States,Texas,2029,1,1,400",
    )
    found = only(ember.read(text, "subnational-2030.csv")["grid_intensity"])
    assert (found["id"], found["value"], found["basis"]) == (
        "grid_location:IN-MH:2029:life_cycle",
        "0.7005",
        "life_cycle",
    )
    with pytest.raises(FactorDataInvalid, match="unknown state 'Atlantis'"):
        ember.read(lines(head, "India,Atlantis,2029,1,1,1"), "subnational-2030.csv")


def test_china_is_direct_co2_alone() -> None:
    """China's provinces are direct and CO2 only, and another unit is refused."""
    entry = {"emission_factor": 555.4, "unit": "gCO2/kWh", "description": "Beijing", "year": 2029, "names": []}
    source: dict[str, dict[str, object]] = {
        "data": {"CN-BJ": entry},
        "metadata": {"announcement": "1", "published": "2031", "source_url": "https://x"},
    }
    found = only(china.read(json.dumps(source), "china.json")["grid_intensity"])
    assert (found["id"], found["value"], found["unit"]) == ("grid_location:CN-BJ:2029", "0.5554", "kg CO2/kWh")
    assert (found["basis"], found["grade"], found["gwp_set"]) == ("direct", "B", "")
    source["data"]["CN-BJ"] = entry | {"unit": "gCO2e/kWh"}
    with pytest.raises(FactorDataInvalid, match="not gCO2/kWh"):
        china.read(json.dumps(source), "china.json")


def test_aib_absence_is_a_row_without_a_value() -> None:
    """Full disclosure is a row that says so, never 0; a production mix makes none; countries make the group."""
    text = lines(
        "country_iso2,data_year,instrument,value_gco2_per_kwh,availability,precision,status,publisher_document,note",
        "NO,2029,residual_mix,534.0,published,,single,AIB 2029,",
        "AT,2029,residual_mix,,none_full_disclosure,,single,AIB 2029,",
        "CH,2029,residual_mix,120,unresolved_probably_full_disclosure,,unresolved,AIB 2029,",
        "NO,2029,production_mix,7,published,,single,AIB 2029,",
        "FI,2029,residual_mix_national_authority,390.93,published,,single,Energiavirasto 2029,",
    )
    tables = aib.read(text, "aib.csv")
    assert [(r["id"], r["value"], r["availability"], r["use"]) for r in tables["residual_mix.aib"]] == [
        ("residual_mix:NO:2029", "0.534", "published", "default"),
        ("residual_mix:AT:2029", "", "none", "default"),
        ("residual_mix:CH:2029", "", "unresolved", "never"),
    ]
    authority = only(tables["residual_mix"])
    assert (authority["id"], authority["use"]) == ("residual_mix:FI:2029:national", "never")
    assert [r["id"] for r in tables["market_group"]] == [
        f"market_group:europe:{zone}" for zone in ("AT", "CH", "FI", "NO")
    ]


def test_greene_is_converted_and_nothing_is_added() -> None:
    """Green-e's CO2e is converted from pounds as it stands."""
    text = lines(
        "egrid_subregion,data_year,edition,adjusted_system_mix_lb_per_mwh,status,check",
        "ABCD,2029,Green-e 2031,1000,single,above eGRID",
    )
    tables = greene.read(text, "greene.csv")
    found = only(tables["residual_mix.greene"])
    assert (found["id"], found["value"]) == ("residual_mix:US-ABCD:2029", "0.45359237")  # 1000 x 0.45359237 / 1000
    assert [r["country"] for r in tables["market_group"]] == ["CA", "US"]


REGIONS = (
    "provider,region,place,country_iso2,grid_zone,alternative_zone,latitude,longitude,coordinates_precision,source,status,"
    "note,license_note"
)


def test_cloud_regions_get_zones_of_the_grid_table() -> None:
    """eGRID subregions get `US-`, ids are lower case, codes as printed, and an unresolved zone stays empty."""
    text = lines(
        REGIONS,
        "aws,us-east-1,Ashburn VA,US,SRVC,RFCE,39.04,-77.487,city-level (centre),a list,single,,x",
        "coreweave,US-EAST-01,New York (state),US,,NYUP|NYCW|NYLI,42.9,-75.5,state-level,a list,unresolved,why,x",
        "azure,eastus,Virginia,US,SRVC,RFCE,39.04,-77.487,city-level (centre),a list,unresolved,why,x",
        "gcp,europe-west9,Paris,FR,FR,,48.857,2.352,city-level (centre),a list,single,,x",
    )
    rows = cloud_regions.read(text, "cloud_regions-2026.csv")["cloud_region"]
    assert [(r["id"], r["code"], r["grid_zone"], r["alternative_zones"]) for r in rows] == [
        ("cloud_region:aws:us-east-1", "us-east-1", "US-SRVC", "US-RFCE"),
        ("cloud_region:coreweave:us-east-01", "US-EAST-01", "", "US-NYUP|US-NYCW|US-NYLI"),
        ("cloud_region:azure:eastus", "eastus", "", "US-SRVC|US-RFCE"),
        ("cloud_region:gcp:europe-west9", "europe-west9", "FR", ""),
    ]
    assert {r["value"] for r in rows} == {""}
    with pytest.raises(FactorDataInvalid, match="unknown provider 'atlantis'"):
        cloud_regions.read(lines(REGIONS, "atlantis,x,X,US,SRVC,,1,1,city-level,,single,,"), "cloud_regions-2026.csv")


def test_pue_of_region_fleet_geography_and_industry() -> None:
    """Regions have grade B, fleets C, the industry D, and the average of a geography is never chosen."""
    text = lines(
        "provider,region,year,pue,wue_l_per_kwh,source,status,note,license_note",
        "aws,us-east-1,2029,1.15,0.12,a copy,single,,x",
        "aws,global,2029,1.14,,a copy,single,,x",
        'azure,"geography: Europe, Middle East, Africa",2029 (FY29),1.16,,a copy,single,,x',
    )
    rows = cloud_pue.read(text, "cloud_pue.csv")["cloud_region"]
    assert [(r["id"], r["value"], r["unit"], r["grade"], r["use"]) for r in rows] == [
        ("pue:default:2024", "1.56", "kWh/kWh", "D", "default"),
        ("pue:aws:us-east-1:2029", "1.15", "kWh/kWh", "B", "default"),
        ("wue:aws:us-east-1:2029", "0.12", "L/kWh", "B", "default"),
        ("pue:aws:2029", "1.14", "kWh/kWh", "C", "default"),
        ("pue:azure-geography:europe-middle-east-africa:2029", "1.16", "kWh/kWh", "C", "never"),
    ]


def test_google_intensity_is_shown_and_never_chosen() -> None:
    """Google's carbon-free share is a default, its life-cycle grid intensity is not."""
    text = lines(
        "Google Cloud Region,Location,Google CFE,Grid carbon intensity (gCO2eq / kWh)",
        "asia-east1,Taiwan,0.17,439.29",
    )
    rows = google_cfe.read(text, "google_region_carbon_info-2029.csv")["cloud_region"]
    assert [(r["id"], r["value"], r["unit"], r["use"]) for r in rows] == [
        ("carbon_free_share:gcp:asia-east1:2029", "0.17", "share", "default"),
        ("provider_grid_intensity:gcp:asia-east1:2029", "0.43929", "kg CO2e/kWh", "never"),
    ]


GSF = "year,cloud-provider,cloud-region,geolocation,provider-cfe-hourly,provider-carbon-intensity-market-annual"


def test_gsf_gives_claims_and_old_shares_without_places() -> None:
    """A claim that may hold offsets is never chosen, Google's share ends where its own files begin, no place."""
    text = lines(
        GSF,
        '2021,Google Cloud,asia-east1,"1,1",0.17,0.0',
        '2024,Google Cloud,asia-east1,"1,1",0.99,',
        '2024,Amazon Web Services,us-east-1,"1,1",,0.0',
        '2024,Microsoft Azure,asiapacific,"1,1",,0.0',
    )
    rows = gsf.read(text, "gsf.csv")["cloud_region"]
    assert [(r["id"], r["value"], r["use"]) for r in rows] == [
        ("provider_market_intensity:gcp:asia-east1:2021", "0", "never"),
        ("carbon_free_share:gcp:asia-east1:2021", "0.17", "default"),
        ("provider_market_intensity:aws:us-east-1:2024", "0", "default"),
    ]
    assert {r["latitude"] + r["longitude"] for r in rows} == {""}


@pytest.mark.parametrize(
    "name", ["aib", "cornerstone", "defra_wtt", "egrid", "google_cfe", "gsf", "uk_desnz", "worldbank"]
)
def test_a_file_of_another_source_is_refused(name: str) -> None:
    """A file without the source's columns is refused before a row is made."""
    with pytest.raises(FactorDataInvalid, match=r"other-2030\.csv, line 1"):
        IMPORTERS[name]("a,b\n1,2\n", "other-2030.csv")


def test_a_cell_that_is_no_number_is_named_with_its_line() -> None:
    """A cell that cannot be read is refused with file and line."""
    text = lines(
        "egrid_subregion,data_year,edition,adjusted_system_mix_lb_per_mwh,status,check", "ABCD,2029,x,n/a,single,"
    )
    with pytest.raises(FactorDataInvalid, match=r"greene\.csv, line 2: 'n/a' is no number"):
        greene.read(text, "greene.csv")


def test_rows_have_every_column_in_order_and_no_other() -> None:
    """A row has the columns of its table, empty ones included, and an unknown column is a mistake."""
    assert tuple(row("td_loss", id="td_loss:FR:2029")) == COLUMNS["td_loss"]
    with pytest.raises(ValueError, match="td_loss has no column colour"):
        row("td_loss", colour="green")


def test_numbers_are_written_in_plain_shortest_decimals() -> None:
    """No exponent, no trailing zero, no digit lost."""
    assert [decimal(number(text)) for text in ("0.030", "598.0", "1e-05", "0", "21.549527948449")] == [
        "0.03",
        "598",
        "0.00001",
        "0",
        "21.549527948449",
    ]


# the shipped tables


@pytest.mark.parametrize(("stem", "table"), FILES.items())
def test_shipped_files_are_sorted_and_complete(stem: str, table: str) -> None:
    """A file has its table's columns, is sorted by unique ids, and every row is sourced, dated and licensed."""
    text = (FACTORS / f"{stem}.csv").read_text(encoding="utf-8")
    rows = shipped(stem)
    assert tuple(text.partition("\n")[0].split(",")) == COLUMNS[table]
    assert "\r" not in text
    ids = [r["id"] for r in rows]
    assert ids == sorted(set(ids))
    needed = ("unit", "data_year", "valid_from", "edition", "publisher", "title", "url", "license", "evidence", "grade")
    assert [r["id"] for r in rows if not all(r[column] for column in needed)] == []


def test_ids_are_unique_over_all_files() -> None:
    """No id stands in two files, so that an answer's source is one row."""
    counts = Counter(r["id"] for stem in FILES for r in shipped(stem))
    assert [name for name, count in counts.items() if count > 1] == []


def test_intensities_are_plausible() -> None:
    """Every intensity lies between 0 and 3 kg/kWh, and every loss below all that is generated."""
    for stem in ("grid_intensity", "residual_mix", "residual_mix.aib", "residual_mix.greene", "upstream_wtt"):
        assert all(0 <= float(r["value"]) <= 3 for r in shipped(stem) if r["value"])
    shares = [float(r["value"]) for r in shipped("td_loss") if r["unit"] == "share"]
    assert min(shares) > 0
    assert max(shares) < 1


def test_how_many_rows_each_source_has() -> None:
    """Row counts by publisher: one that changes unasked was lost or doubled."""
    assert Counter(r["publisher"] for r in shipped("grid_intensity")) == {
        "Ember": 3358,  # 3,249 of 212 countries less 12 zeros, 15 of the world, 106 of India's states
        "US EPA": 107,  # 28 of eGRID2022, 28 of eGRID2023, 51 states
        "European Environment Agency (EEA)": 55,  # 27 countries x 2 years, EU27
        "Environment and Climate Change Canada (ECCC)": 52,  # 13 provinces x (3 years + the newest edition)
        "Ministry of Ecology and Environment and National Bureau of Statistics of China": 30,
        "Cornerstone Sustainability Data Initiative (not US EPA)": 28,
        "Australian Government, DCCEEW": 18,  # (7 states, the capital's territory, the country) x 2 years
        "UK DESNZ/DEFRA": 5,  # 2020, 2021, 2024, 2025, 2026
        "New Zealand Ministry for the Environment": 3,
        "India Central Electricity Authority (CEA)": 3,
        "ISPRA": 3,
        "Norwegian Water Resources and Energy Directorate (NVE)": 3,
        "German Environment Agency (UBA)": 2,
    }
    assert len(shipped("residual_mix.aib")) == 68  # 34 countries x 2 years
    assert len(shipped("residual_mix.greene")) == 27
    assert len(shipped("td_loss")) == 2034  # 2,000 World Bank, 28 Cornerstone, 5 United Kingdom, 1 New Zealand
    assert len(shipped("upstream_wtt")) == 339  # 114 DEFRA, 3 DESNZ, 9 Australia, 213 derived


def test_which_zones_the_grid_table_covers() -> None:
    """27 subregions in three years, 51 states, 13 provinces, Australia's states, EEA-27, the UK, 212 countries."""
    rows = shipped("grid_intensity")
    by_publisher = {
        name: {r["zone"] for r in rows if r["publisher"].startswith(name)}
        for name in ("US EPA", "Cornerstone", "Environment and Climate", "Australian", "European", "Ember")
    }
    subregions = {zone for zone in by_publisher["US EPA"] if len(zone) == len("US-SRVC")}
    assert len(subregions) == 27
    assert subregions | {"US"} == by_publisher["Cornerstone"]
    assert len({zone for zone in by_publisher["US EPA"] if len(zone) == len("US-CA")}) == 51
    assert len(by_publisher["Environment and Climate"]) == 13
    assert by_publisher["Australian"] == {"AU"} | {
        f"AU-{s}" for s in ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA")
    }
    assert len(by_publisher["European"] - {"EU27"}) == 27
    assert len({zone for zone in by_publisher["Ember"] if len(zone) == 2}) == 212
    for subregion in subregions:
        assert {r["valid_from"][:4] for r in rows if r["zone"] == subregion} == {"2022", "2023", "2024"}


def test_ember_reaches_from_2010_to_2025() -> None:
    """Every year from 2010 on has countries, so that an old period finds its own year."""
    years = Counter(r["valid_from"][:4] for r in shipped("grid_intensity") if r["basis"] == "life_cycle")
    assert sorted(years) == [str(year) for year in range(2010, 2026)]
    assert min(years.values()) == 90  # 2025, of which many countries have no data yet


def test_264_places_by_provider() -> None:
    """Every region of the list is there, by provider."""
    places = [r for r in shipped("cloud_region") if r["metric"] == "place"]
    counts = Counter(r["provider"] for r in places)
    assert counts == {
        "azure": 73,
        "oci": 46,
        "gcp": 45,
        "aws": 39,
        "coreweave": 32,
        "ovh": 14,
        "scaleway": 9,
        "hetzner": 6,
    }
    assert counts.total() == 264
    assert all(r["region"] == f"{r['provider']}:{r['code']}".lower() and not r["value"] for r in places)


def test_every_zone_of_a_place_has_a_grid_row() -> None:
    """A place's zone is in the grid table, itself or by its country, and so is every candidate."""
    zones = {r["zone"] for r in shipped("grid_intensity") if r["use"] != "never"}
    for place in (r for r in shipped("cloud_region") if r["metric"] == "place"):
        assert place["country"] in zones
        candidates = [place["grid_zone"], *place["alternative_zones"].split("|")]
        for zone in filter(None, candidates):
            assert zone in zones or zone.startswith(("JP-", "BR-"))  # two countries with one factor for all parts


def test_metrics_belong_to_regions_fleets_or_geographies() -> None:
    """A metric's region is a place, a provider, a geography or the default: no row hangs in the air."""
    rows = shipped("cloud_region")
    places = {r["region"] for r in rows if r["metric"] == "place"}
    others = {r["region"] for r in rows} - places
    assert {name for name in others if "-geography:" not in name} == {"aws", "azure", "gcp", "default"}
    assert Counter(r["metric"] for r in rows) == {
        "place": 264,
        "pue": 96,  # 95 printed and the industry's
        "wue": 23,
        "carbon_free_share": 205,  # 120 of Google's files, 85 of 2019 to 2021
        "provider_grid_intensity": 120,
        "provider_market_intensity": 251,  # 192 of Google, 53 of AWS, 6 of Azure
    }
