"""The parameters in force and their fingerprint. Rules: METHOD section 7."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from service.factors.store import FactorStore
from service.factors.tables import load
from service.resolve import Resolver
from service.settings import RELEASE, shipped_factors
from tests.workloads import Json, estimate_of, shipped_tables

METERED: Json = {
    "energy": {"kwh": 1000, "level": "facility"},
    "factors": {"location_kg_co2e_per_kwh": 0.38, "residual_kg_co2e_per_kwh": 0.45},
}
SERVER: Json = {"embodied_kg_co2e": 2912, "accelerators": 8, "share": 0.25}
RUN: Json = METERED | {"duration_hours": 72, "hardware": SERVER, "utilization": 0.6}
MODELED: Json = {
    "factors": {"location_kg_co2e_per_kwh": 0.38},
    "duration_hours": 72,
    "hardware": {"accelerator": "h100-sxm5", "accelerators": 8},
    "utilization": 0.6,
    "host_overhead_ratio": 0.3,
}
CLOSED_LIST = set(
    "allocation_method weights time_unit idle_policy static_share category_scheme deployment matching quality_policy "
    "provider_claims td_loss_basis factor_fallback utilization_of idle_share_of_tdp lifetime_years fleet_utilization "
    "gwp_set hours_per_year user_factors figures basis".split()
)


def methodology(**workload: Any) -> Json:
    """The methodology of an answer."""
    found: Json = estimate_of(**workload)["methodology"]
    return found


def parameters(**workload: Any) -> Json:
    """Its parameters."""
    found: Json = methodology(**workload)["parameters"]
    return found


def fingerprint(**workload: Any) -> str:
    """Its fingerprint."""
    return str(methodology(**workload)["fingerprint"])


def sha256(text: str) -> str:
    """As everyone may compute it."""
    return hashlib.sha256(text.encode()).hexdigest()


# the strings, written by hand

LEAST = (
    '{"allocation_method":"time","category_scheme":"ghg_protocol","deployment":"owned","factor_fallback":"coarser",'
    '"figures":["scope2.location_based","scope2.market_based"],"gwp_set":"AR6","hours_per_year":"8760",'
    '"matching":"annual","provider_claims":false,"quality_policy":"lenient",'
    '"user_factors":["location_kg_co2e_per_kwh","residual_kg_co2e_per_kwh"]}'
)
MOST = (
    '{"allocation_method":"physical","category_scheme":"guide","deployment":"colocated","factor_fallback":"none",'
    '"figures":["scope2.location_based","scope2.market_based","scope3.embodied"],"fleet_utilization":"0.8",'
    '"gwp_set":"AR6","hours_per_year":"8760","idle_share_of_tdp":"0.1","lifetime_years":"5","matching":"annual",'
    '"provider_claims":true,"quality_policy":"strict","user_factors":["location_kg_co2e_per_kwh"],'
    '"utilization_of":"reserved","weights":{"gpu_hours":"0.7","vcpu_hours":"0.3"}}'
)
MOST_OF_ALL: Json = MODELED | {
    "factors": {"location_kg_co2e_per_kwh": 0.38, "fallback": "none"},
    "hardware": {"accelerator": "h100-sxm5", "accelerators": 8, "vcpus": 96, "lifetime_years": 5},
    "usage": {"gpu_hours": 100, "vcpu_hours": 960},
    "allocation": {
        "method": "physical",
        "weights": {"vcpu_hours": 0.3, "gpu_hours": 0.7},
        "category_scheme": "guide",
        "fleet_utilization": 0.8,
    },
    "deployment": "colocated",
    "market": {"provider_claims": True, "quality_policy": "strict"},
}


@pytest.mark.parametrize(("workload", "canonical"), [(METERED, LEAST), (MOST_OF_ALL, MOST)], ids=["least", "most"])
def test_hash_of_the_canonical_string(workload: Json, canonical: str) -> None:
    """Keys sorted, numbers as strings in shortest plain decimals, no spaces, absent ones left out → SHA-256."""
    assert methodology(**workload)["parameters_hash"] == sha256(canonical)


def test_fingerprint() -> None:
    """`mf1:` and the SHA-256 of method, factor set and the parameters' hash."""
    found = methodology(**METERED)
    version = found["factor_set"]["version"]
    assert found["fingerprint"] == "mf1:" + sha256(f"dualscope@1.0.0|embedded@{version}|{sha256(LEAST)}")
    assert (found["id"], found["version"], found["factor_set"]["id"]) == ("dualscope", "1.0.0", "embedded")


def test_factor_set_version() -> None:
    """The factor set's version is the release, and twelve digits of the tables' content hash."""
    version = methodology(**METERED)["factor_set"]["version"]
    assert version == f"{RELEASE}+{shipped_tables().content_hash[:12]}"
    assert len(version.rpartition("+")[2]) == 12


def test_other_tables_are_another_factor_set(tmp_path: Path) -> None:
    """One row of an operator's own changes version and fingerprint, but not the parameters' hash."""
    (tmp_path / "grid_intensity.csv").write_text(
        "id,value,low,high,unit,data_year,valid_from,valid_to,edition,publisher,title,url,license,evidence,grade,note,"
        "zone,zone_name,basis,gwp_set,boundary,use\n"
        "grid_location:FR:2031,0.03,,,kg CO2e/kWh,2031,2031-01-01,2031-12-31,2031,Us,Ours,,ours,raw,B,,"
        "FR,France,direct,,,default\n",
        encoding="utf-8",
    )
    resolver = Resolver(FactorStore(load(shipped_factors(), overlay=tmp_path), RELEASE))
    ours, theirs = methodology(**METERED, resolver=resolver), methodology(**METERED)
    assert ours["parameters_hash"] == theirs["parameters_hash"]
    assert ours["factor_set"]["version"] != theirs["factor_set"]["version"]
    assert ours["fingerprint"] != theirs["fingerprint"]


# which parameters appear when


@pytest.mark.parametrize(
    "workload",
    [
        METERED,
        RUN,
        MODELED,
        MOST_OF_ALL,
        {"region": "aws:us-east-1", "cost": {"amount": 5, "currency": "USD"}},
        {"region": "GB", "energy": {"kwh": 1}, "pue": 1.2, "tags": {"team": "a"}, "id": "x"},
    ],
)
def test_closed_list(workload: Json) -> None:
    """Nothing but what the list names is a parameter, and nothing is null."""
    found = parameters(**workload)
    assert set(found) <= CLOSED_LIST
    assert None not in found.values()


def test_always_there() -> None:
    """What holds for every workload is always a parameter."""
    assert {
        "allocation_method",
        "category_scheme",
        "deployment",
        "factor_fallback",
        "figures",
        "gwp_set",
        "hours_per_year",
        "matching",
        "provider_claims",
        "quality_policy",
    } <= set(parameters(**METERED))


@pytest.mark.parametrize(
    ("name", "without", "with_it", "value"),
    [
        ("lifetime_years", METERED, RUN, 4),
        ("lifetime_years", METERED, RUN | {"hardware": SERVER | {"lifetime_years": 6}}, 6),
        ("fleet_utilization", RUN, RUN | {"allocation": {"fleet_utilization": 0.8}}, 0.8),
        ("utilization_of", METERED, MODELED, "reserved"),
        ("utilization_of", METERED, MODELED | {"utilization_of": "device"}, "device"),
        ("idle_share_of_tdp", METERED, MODELED, 0.1),
        ("idle_share_of_tdp", MODELED | {"hardware": MODELED["hardware"] | {"idle_w": 90}}, MODELED, 0.1),
        (
            "td_loss_basis",
            METERED,
            METERED | {"factors": METERED["factors"] | {"td_loss_share": 0.05}},
            "of_generation",
        ),
        (
            "td_loss_basis",
            METERED,
            METERED | {"factors": METERED["factors"] | {"td_loss_share": 0.05, "td_loss_basis": "of_consumption"}},
            "of_consumption",
        ),
        ("weights", RUN, MOST_OF_ALL, {"gpu_hours": 0.7, "vcpu_hours": 0.3}),
    ],
)
def test_there_when_it_holds(name: str, without: Json, with_it: Json, value: Any) -> None:
    """A parameter that entered no figure is left out."""
    assert name not in parameters(**without)
    assert parameters(**with_it)[name] == value


def test_no_life_in_money() -> None:
    """Under the economic method the hardware's life enters no figure."""
    found = parameters(**RUN, cost={"amount": 1, "currency": "USD"}, allocation={"method": "economic"})
    assert found["allocation_method"] == "economic"
    assert "lifetime_years" not in found


def test_figures_are_those_not_null() -> None:
    """Figures that are there are listed by their paths, sorted."""
    assert parameters(**METERED)["figures"] == ["scope2.location_based", "scope2.market_based"]
    assert parameters(**RUN)["figures"] == ["scope2.location_based", "scope2.market_based", "scope3.embodied"]
    spent = parameters(region="aws:us-east-1", cost={"amount": 5, "currency": "USD"})
    assert spent["figures"] == ["scope3.spend_based"]


def test_user_factors_are_names() -> None:
    """The caller's factors are listed by name, sorted, without their values."""
    factors = {"upstream_kg_co2e_per_kwh": 0.06, "location_kg_co2e_per_kwh": 0.38, "td_loss_share": 0.05}
    found = parameters(energy=METERED["energy"], factors=factors)
    assert found["user_factors"] == ["location_kg_co2e_per_kwh", "td_loss_share", "upstream_kg_co2e_per_kwh"]
    assert "0.06" not in str(found)


# the same method


@pytest.mark.parametrize(
    "other",
    [
        {"energy": {"kwh": 1, "level": "facility"}},
        {"duration_hours": 1},
        {"period": {"start": "2024-01-01", "end": "2024-02-01"}},
        {"id": "another", "tags": {"team": "b"}},
        {"hardware": SERVER | {"count": 7, "share": 1}},
        {"hardware": SERVER | {"embodied_kg_co2e": 1}},
        {"hardware": SERVER | {"age_years": 2}},
        {"hardware": SERVER | {"lifetime_years": 4}},  # what was the default
        {"allocation": {"method": "time"}},  # likewise
        {"utilization": 0.1},
        {"cost": {"amount": 7, "currency": "EUR"}},
        {"usage": {"gpu_hours": 7}},
        {"functional_units": {"job": 7}},
        {"factors": {"location_kg_co2e_per_kwh": 0.1, "residual_kg_co2e_per_kwh": 0.2}},
        {"instruments": [{"id": "w", "type": "rec", "percent": 50, "technology": "wind"}]},
        {"compare_allocations": True},
    ],
)
def test_activity_is_never_in_it(other: Json) -> None:
    """What was done, and how much of it, leaves the fingerprint as it is."""
    assert fingerprint(**RUN | other) == fingerprint(**RUN)


@pytest.mark.parametrize(
    "other",
    [
        {"allocation": {"method": "utilization"}},
        {"allocation": {"category_scheme": "guide"}},
        {"allocation": {"fleet_utilization": 0.8}},
        {"deployment": "colocated"},
        {"market": {"quality_policy": "strict"}},
        {"market": {"provider_claims": True}},
        {"factors": METERED["factors"] | {"fallback": "world"}},
        {"factors": METERED["factors"] | {"upstream_kg_co2e_per_kwh": 0.06}},
        {"factors": {"location_kg_co2e_per_kwh": 0.38}},
        {"hardware": SERVER | {"lifetime_years": 5}},
        {"hardware": {"accelerators": 8}},
    ],
)
def test_another_method_is_another_fingerprint(other: Json) -> None:
    """Method, boundary, choices: each changes the fingerprint."""
    assert fingerprint(**RUN | other) != fingerprint(**RUN)


def test_matching_is_in_it() -> None:
    """Hourly matching is another method than annual matching."""
    hourly: Json = METERED | {
        "energy": {"hourly_kwh": [1, 2, 3], "level": "facility"},
        "period": {"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T03:00:00Z"},
    }
    assert fingerprint(**hourly) != fingerprint(**hourly, market={"matching": "hourly"})


@pytest.mark.parametrize(
    ("one", "other"),
    [({"gpu_hours": 0.7, "vcpu_hours": 0.3}, {"gpu_hours": 0.6, "vcpu_hours": 0.4})],
)
def test_weights_are_in_it(one: Json, other: Json) -> None:
    """Other weights are another method."""
    both = [
        fingerprint(**MOST_OF_ALL | {"allocation": {"method": "physical", "weights": weights}})
        for weights in (one, other)
    ]
    assert both[0] != both[1]


def test_null_parts_are_in_it() -> None:
    """An answer of which a figure is null has another boundary, and so another fingerprint."""
    factors = {"location_kg_co2e_per_kwh": 0.38, "residual_kg_co2e_per_kwh": 0.45}
    answers = [
        estimate_of(
            region="FR",
            period={"start": f"{year}-01-01", "end": f"{year + 1}-01-01"},
            energy=METERED["energy"],
            factors=factors,
        )
        for year in (2018, 2023)  # upstream factors of France begin with 2020
    ]
    upstream = [one["scope3"]["fuel_and_energy"]["location_based"]["upstream"] for one in answers]
    assert upstream[0] is None
    assert upstream[1] is not None
    assert answers[0]["methodology"]["fingerprint"] != answers[1]["methodology"]["fingerprint"]
