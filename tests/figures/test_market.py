"""Scope 2, market-based: which claims count, what they cover, what prices the rest. Rules: METHOD section 3."""

import itertools
from typing import Any

import pytest

from tests.workloads import (
    YEAR,
    Json,
    about,
    codes_of,
    estimate_of,
    place,
    redone,
    refusal_of,
    resolver_of,
    row,
    source_ids,
    warned,
)

FACILITY: Json = {"energy": {"kwh": 1000, "level": "facility"}}
FACTORS: Json = {"location_kg_co2e_per_kwh": 0.38, "residual_kg_co2e_per_kwh": 0.45}
NO_RESIDUAL: Json = {"location_kg_co2e_per_kwh": 0.38}
GERMANY: Json = {"region": "DE", "period": YEAR, "factors": FACTORS, **FACILITY}
HOURS: Json = {
    "period": {"start": "2025-03-01T00:00:00Z", "end": "2025-03-01T03:00:00Z"},
    "energy": {"hourly_kwh": [10, 10, 10], "level": "facility"},
    "market": {"matching": "hourly"},
    "factors": {"location_kg_co2e_per_kwh": 0.5, "residual_kg_co2e_per_kwh": 0.5},
}
CERTIFICATES = ["rec", "go", "granular"]
NATIONAL = ["i-rec", "rego"]
PURCHASES = ["ppa", "vppa"]


def claim(kind: str = "go", **fields: Any) -> Json:
    """An instrument of German origin that attests every criterion, 600 kWh at rate 0, then the fields given."""
    sound = {
        "id": "a",
        "type": kind,
        "kwh": 600,
        "kg_co2e_per_kwh": 0,
        "serial": f"serial of {fields.get('id', 'a')}",
        "retired": True,
        "vintage_year": 2025,
        "market": "DE",
        "attributes_transferred": True,
    }
    return {name: value for name, value in (sound | fields).items() if value is not None}


def market_of(*instruments: Json, **workload: Any) -> Json:
    """The market-based figure of 1000 kWh in Germany in 2025, at residual mix 0.45 and location factor 0.38."""
    answer = estimate_of(**(GERMANY | workload), instruments=list(instruments))
    return answer["scope2"]["market_based"]  # type: ignore[no-any-return]


def told(*instruments: Json, **workload: Any) -> set[tuple[str, str]]:
    """Its warnings."""
    return warned(estimate_of(**(GERMANY | workload), instruments=list(instruments)))


def refused(*instruments: Json, **workload: Any) -> list[tuple[str, str]]:
    """Its faults."""
    return refusal_of(**(GERMANY | workload), instruments=list(instruments))


# nothing claimed


def test_without_instruments_the_residual_mix_is_used() -> None:
    """1000 × .45 = 450, not a copy of location; told."""
    figure = market_of()
    assert (figure["kg_co2e"], figure["coverage_share"], figure["fallback"]) == (about(450), 0, None)
    assert (figure["covered_kwh"], figure["uncovered_kwh"], figure["excess_kwh"]) == (0, 1000, 0)
    assert (figure["hourly_score"], figure["surplus_kwh"], figure["instruments"]) == (None, 0, [])
    assert ("/instruments", "MB_NO_INSTRUMENTS_RESIDUAL_USED") in told()


def test_without_a_residual_mix_the_location_factor_is_used() -> None:
    """EF_L, `fallback: location`, flagged: with 600 kWh claimed 400 × .38 = 152."""
    figure = market_of(claim(), factors=NO_RESIDUAL, region=None)
    assert (figure["kg_co2e"], figure["fallback"]) == (about(152), "location")
    codes = told(claim(), factors=NO_RESIDUAL, region=None)
    assert ("/factors/residual_kg_co2e_per_kwh", "MB_RESIDUAL_MISSING_LOCATION_USED") in codes


def test_a_full_cover_needs_no_fallback() -> None:
    """Where nothing is left to price, neither fallback nor its flag."""
    figure = market_of(claim(kwh=1000), factors=NO_RESIDUAL, region=None)
    assert (figure["kg_co2e"], figure["fallback"], figure["coverage_share"]) == (0, None, 1)
    codes = {code for _, code in told(claim(kwh=1000), factors=NO_RESIDUAL, region=None)}
    assert "MB_RESIDUAL_MISSING_LOCATION_USED" not in codes


def test_the_table_s_residual_mix_is_used() -> None:
    """Germany 2024 has a published residual mix, and it is a source of the answer."""
    answer = estimate_of(region="DE", period={"start": "2024-01-01", "end": "2025-01-01"}, **FACILITY)
    assert answer["scope2"]["market_based"]["sources"] == ["residual_mix:DE:2024"]
    assert answer["scope2"]["market_based"]["kg_co2e"] == about(724.56)  # 1000 × .72456, AIB 2024


@pytest.mark.parametrize("zone", ["AT", "CH"])
def test_a_country_that_publishes_none_is_not_zero(zone: str) -> None:
    """Full disclosure leaves no residual mix: the location factor prices the rest, flagged."""
    answer = estimate_of(region=zone, period={"start": "2024-01-01", "end": "2025-01-01"}, **FACILITY)
    assert answer["scope2"]["market_based"]["kg_co2e"] == answer["scope2"]["location_based"]["kg_co2e"]
    assert answer["scope2"]["market_based"]["fallback"] == "location"
    assert "MB_RESIDUAL_MISSING_LOCATION_USED" in codes_of(answer)


def test_a_residual_mix_of_a_coarser_zone_is_told() -> None:
    """A state without a residual mix takes its country's, flagged."""
    answer = estimate_of(region="AU-NSW", **FACILITY)
    assert "residual_mix:AU:2026" in source_ids(answer)
    assert ("/region", "FACTOR_FALLBACK_COARSER") in warned(answer)


def test_no_energy_is_covered_by_nothing() -> None:
    """E = 0: coverage 0, 0 kg."""
    figure = market_of(claim(), energy={"kwh": 0, "level": "facility"})
    assert (figure["kg_co2e"], figure["coverage_share"], figure["covered_kwh"]) == (0, 0, 0)


# covering


def test_claims_cover_and_the_residual_mix_prices_the_rest() -> None:
    """600 at 0 of 1000: 400 × .45 = 180."""
    figure = market_of(claim())
    assert figure["kg_co2e"] == about(180)
    assert (figure["coverage_share"], figure["covered_kwh"], figure["uncovered_kwh"]) == (about(0.6), 600, 400)
    assert figure["instruments"] == [
        {
            "id": "a",
            "type": "go",
            "applied_kwh": 600,
            "kg_co2e": 0,
            "accepted": True,
            "reason": None,
            "bundled": None,
            "unverified": [],
        }
    ]


def test_over_coverage_is_scaled_and_told() -> None:
    """Wind 800 at 0 and biomass 700 at .03: 466.6666667 × .03 = 14, 500 kWh in excess."""
    claims = (claim(kwh=800), claim(id="b", kwh=700, kg_co2e_per_kwh=0.03, technology="biomass"))
    figure = market_of(*claims)
    assert figure["kg_co2e"] == about(14)
    assert (figure["coverage_share"], figure["excess_kwh"], figure["uncovered_kwh"]) == (about(1), 500, 0)
    assert [line["applied_kwh"] for line in figure["instruments"]] == [
        about(533.3333333333333),
        about(466.6666666666667),
    ]
    assert ("/instruments", "MB_OVER_COVERAGE") in told(*claims)


def test_a_percent_is_of_total_consumption() -> None:
    """60 % at tier 1 and 30 % at tier 2 cover 900 kWh, not 600 + 30 % of 400."""
    figure = market_of(
        claim(kwh=None, percent=60), claim("contract", id="b", kwh=None, percent=30, kg_co2e_per_kwh=0.1)
    )
    assert [line["applied_kwh"] for line in figure["instruments"]] == [about(600), about(300)]
    assert figure["kg_co2e"] == about(75)  # 300 × .1 + 100 × .45


@pytest.mark.parametrize(
    ("kwh", "percents"),
    [(1000, [7.26, 4.19, 6.38, 82.17]), (123.4, [8.95, 26.58, 64.47]), (123.4, [1.18, 32, 66.82]), (1000, [10] * 10)],
)
def test_percents_of_a_hundred_cover_all(kwh: float, percents: list[float]) -> None:
    """Percents that sum to 100 leave nothing: no rest to price, no fallback, no flag, no grade of another factor."""
    claims = [claim(id=f"i{index}", kwh=None, percent=percent) for index, percent in enumerate(percents)]
    asked = {"region": "JP", "energy": {"kwh": kwh, "level": "facility"}, "factors": {}}
    local = [instrument | {"market": "JP"} for instrument in claims]
    figure = market_of(*local, **asked)
    assert (figure["fallback"], figure["grade"]) == (None, "B")
    assert figure["kg_co2e"] == pytest.approx(0, abs=1e-9)
    assert (figure["coverage_share"], figure["uncovered_kwh"]) == (about(1), pytest.approx(0, abs=1e-9))
    codes = {code for _, code in told(*local, **asked)}
    assert not {"MB_RESIDUAL_MISSING_LOCATION_USED", "MB_OVER_COVERAGE"} & codes


def test_claims_are_compared_with_facility_energy() -> None:
    """A percent is of kWh after PUE: 50 % of 100 × 1.5."""
    figure = market_of(claim(kwh=None, percent=50), energy={"kwh": 100}, pue=1.5)
    assert figure["covered_kwh"] == about(75)
    assert figure["kg_co2e"] == about(33.75)  # 75 × .45


def test_hours_are_summed_in_annual_matching() -> None:
    """`hourly_kwh` counts as its sum where matching is annual."""
    assert market_of(claim(kwh=None, hourly_kwh=[300, 200, 100]))["kg_co2e"] == about(180)


def test_tiers_are_served_in_order() -> None:
    """Tier 1 700, tier 2 asks 500 of the 300 left, tier 3 gets nothing."""
    figure = market_of(
        claim("green_tariff", id="c", kwh=100, kg_co2e_per_kwh=0.2),
        claim("contract", id="b", kwh=500, kg_co2e_per_kwh=0.1),
        claim("ppa", id="a", kwh=700),
    )
    assert [line["applied_kwh"] for line in figure["instruments"]] == [0, 300, 700]
    assert figure["kg_co2e"] == about(30)  # 300 × .1
    assert figure["excess_kwh"] == about(300)  # 200 of tier 2, 100 of tier 3


@pytest.mark.parametrize("kind", ["green_tariff", "supplier_rate"])
def test_a_rate_without_a_quantity_takes_the_rest(kind: str) -> None:
    """600 at 0, then 400 at the supplier's .2."""
    figure = market_of(claim(), claim(kind, id="b", kwh=None, kg_co2e_per_kwh=0.2))
    assert (figure["kg_co2e"], figure["coverage_share"], figure["uncovered_kwh"]) == (about(80), 1, 0)


def test_lines_stand_in_the_order_of_the_request() -> None:
    """Counted and rejected alike, each with what became of it."""
    lines = market_of(
        claim(id="z", retired=False, bundled=False),
        claim(id="b", kwh=100, bundled=True),
        claim("carbon_credit", id="c"),
    )["instruments"]
    assert [(line["id"], line["accepted"], line["reason"], line["bundled"]) for line in lines] == [
        ("z", False, "MB_NOT_RETIRED", False),
        ("b", True, None, True),
        ("c", False, "OFFSET_EXCLUDED", None),
    ]


# quality criteria


@pytest.mark.parametrize("kind", [*CERTIFICATES, *NATIONAL, *PURCHASES, "contract", "green_tariff", "supplier_rate"])
def test_every_type_counts_when_all_is_attested(kind: str) -> None:
    """All criteria met: counted, nothing unknown, grade B."""
    figure = market_of(claim(kind))
    assert (figure["kg_co2e"], figure["grade"]) == (about(180), "B")
    assert figure["instruments"][0]["unverified"] == []
    assert "MB_QC_UNVERIFIED" not in {code for _, code in told(claim(kind))}


@pytest.mark.parametrize(
    ("kinds", "fields", "code"),
    [
        ([*CERTIFICATES, *NATIONAL, *PURCHASES], {"retired": False}, "MB_NOT_RETIRED"),
        ([*CERTIFICATES, *NATIONAL, *PURCHASES], {"retired": False, "expires": "2025-12-31"}, "MB_EXPIRED"),
        ([*CERTIFICATES, *NATIONAL, *PURCHASES], {"retired": False, "expires": "2026-01-01"}, "MB_NOT_RETIRED"),
        ([*CERTIFICATES, *NATIONAL, *PURCHASES], {"vintage_year": 2024}, "MB_VINTAGE_MISMATCH"),
        ([*CERTIFICATES, *PURCHASES, "contract", "green_tariff"], {"market": "US"}, "MB_MARKET_BOUNDARY"),
        (NATIONAL, {"market": "FR"}, "MB_MARKET_BOUNDARY"),
        ([*PURCHASES, "contract"], {"attributes_transferred": False}, "MB_ATTRIBUTES_SOLD"),
    ],
)
def test_a_failed_criterion_covers_nothing(kinds: list[str], fields: Json, code: str) -> None:
    """Fail: nothing is covered, the reason is the code, and it is told at the instrument."""
    for kind in kinds:
        figure = market_of(claim(kind, **fields))
        assert (figure["kg_co2e"], figure["coverage_share"]) == (about(450), 0)
        line = figure["instruments"][0]
        assert (line["accepted"], line["applied_kwh"], line["reason"]) == (False, 0, code)
        assert {("/instruments/0", code), ("/instruments", "MB_NO_INSTRUMENTS_RESIDUAL_USED")} <= told(
            claim(kind, **fields)
        )


@pytest.mark.parametrize("market", ["FR", "europe", "de"])
def test_europe_is_one_market(market: str) -> None:
    """A guarantee of origin of the linked single market counts in Germany."""
    assert market_of(claim(market=market))["coverage_share"] == about(0.6)


def test_canada_and_the_us_are_one_market() -> None:
    """A REC of Canada counts in the US, one of Mexico does not."""
    assert market_of(claim("rec", market="CA"), region="US-CA")["coverage_share"] == about(0.6)
    assert market_of(claim("rec", market="MX"), region="US-CA")["coverage_share"] == 0


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("serial", "go"),
        ("retired", "rec"),
        ("vintage_year", "granular"),
        ("market", "green_tariff"),
        ("attributes_transferred", "ppa"),
        ("attributes_transferred", "contract"),
    ],
)
def test_an_unattested_criterion_costs_a_grade(field: str, kind: str) -> None:
    """Unknown: counted, flagged, one grade lost (B to C)."""
    figure = market_of(claim(kind, **{field: None}))
    assert (figure["kg_co2e"], figure["grade"]) == (about(180), "C")
    assert figure["instruments"][0]["unverified"] == [field]
    assert ("/instruments/0", "MB_QC_UNVERIFIED") in told(claim(kind, **{field: None}))


def test_the_strict_policy_rejects_what_is_not_attested() -> None:
    """`quality_policy: strict`: an unknown criterion covers nothing."""
    strict = {"market": {"quality_policy": "strict"}}
    figure = market_of(claim(serial=None), claim(id="b", kwh=100), **strict)
    assert figure["coverage_share"] == about(0.1)
    assert figure["instruments"][0]["reason"] == "MB_QC_UNVERIFIED"
    assert ("/instruments/0", "MB_QC_UNVERIFIED") in told(claim(serial=None), **strict)


def test_without_a_period_a_vintage_is_unknown() -> None:
    """No period: criterion 4 is unknown."""
    assert market_of(claim(), period=None)["instruments"][0]["unverified"] == ["vintage_year"]


def test_without_a_region_a_market_is_unknown() -> None:
    """Where the consumption is not known to lie, criterion 5 is unknown."""
    assert market_of(claim(), region=None)["instruments"][0]["unverified"] == ["market"]


def test_the_first_failure_is_the_reason_and_all_are_told() -> None:
    """`reason` is the first failing criterion by number; every failing one warns."""
    bad = claim("ppa", attributes_transferred=False, market="US", vintage_year=2020, retired=False)
    assert market_of(bad)["instruments"][0]["reason"] == "MB_NOT_RETIRED"
    assert {code for pointer, code in told(bad) if pointer == "/instruments/0"} == {
        "MB_NOT_RETIRED",
        "MB_VINTAGE_MISMATCH",
        "MB_MARKET_BOUNDARY",
        "MB_ATTRIBUTES_SOLD",
    }


@pytest.mark.parametrize("order", list(itertools.permutations(["b", "a", "c"])))
def test_of_equal_serials_the_smallest_id_counts(order: tuple[str, ...]) -> None:
    """In any order `a` counts; the others are double claims."""
    claims = [claim(id=name, serial="one", kwh=100) for name in order]
    lines = {line["id"]: line for line in market_of(*claims)["instruments"]}
    assert lines["a"]["accepted"]
    assert {lines["b"]["reason"], lines["c"]["reason"]} == {"MB_DOUBLE_CLAIM"}
    double = {f"/instruments/{order.index(name)}" for name in "bc"}
    assert {pointer for pointer, code in told(*claims) if code == "MB_DOUBLE_CLAIM"} == double


def test_a_carbon_credit_is_ignored() -> None:
    """Carbon credits never reduce a figure, and their serials take nothing from certificates."""
    credit = claim("carbon_credit", id="0", serial="one", kwh=1000)
    figure = market_of(credit, claim(serial="one"))
    assert figure["kg_co2e"] == about(180)
    assert figure["instruments"][0]["reason"] == "OFFSET_EXCLUDED"
    assert ("/instruments/0", "OFFSET_EXCLUDED") in told(credit)


@pytest.mark.parametrize("technology", ["wind", "solar", "hydro", "nuclear", "Wind"])
def test_zero_may_be_assumed_without_combustion(technology: str) -> None:
    """Wind, solar, hydro and nuclear may leave the rate out: 0, flagged."""
    bare = claim(kg_co2e_per_kwh=None, technology=technology)
    assert market_of(bare)["kg_co2e"] == about(180)
    assert ("/instruments/0", "MB_EF_ASSUMED_ZERO") in told(bare)


@pytest.mark.parametrize("technology", ["biomass", "gas", None])
def test_any_other_technology_needs_a_rate(technology: str | None) -> None:
    """Criterion 1: without a rate the request is refused."""
    faults = refused(claim(kg_co2e_per_kwh=None, technology=technology))
    assert faults == [("/instruments/0/kg_co2e_per_kwh", "MB_EF_MISSING")]


def test_the_customer_s_certificates_on_cloud_are_told() -> None:
    """On `cloud` they reduce a Scope 3 figure of the customer: said once, and only when one counts."""
    cloud = {"region": "aws:eu-central-1"}
    assert ("/instruments", "MB_CLOUD_INSTRUMENTS") in told(claim(), **cloud)
    assert "MB_CLOUD_INSTRUMENTS" not in {code for _, code in told(claim(retired=False), **cloud)}
    assert "MB_CLOUD_INSTRUMENTS" not in {code for _, code in told(claim())}


# what contradicts


def test_ids_are_unique() -> None:
    """Two instruments of one id are refused at the second."""
    assert refused(claim(), claim(serial="other")) == [("/instruments/1/id", "FIELDS_CONFLICT")]


@pytest.mark.parametrize("quantities", [{"kwh": None}, {"percent": 10}, {"hourly_kwh": [1]}])
def test_exactly_one_quantity(quantities: Json) -> None:
    """kwh, percent or hourly_kwh; none only at tier 3."""
    assert refused(claim(**quantities)) == [("/instruments/0", "FIELDS_CONFLICT")]


def test_two_open_rates_conflict() -> None:
    """Two tier-3 rates without a quantity both claim the rest."""
    first, second = (claim("supplier_rate", id=name, kwh=None) for name in "ab")
    assert refused(first, second) == [("/instruments/1", "FIELDS_CONFLICT")]


def test_a_percent_above_a_hundred_is_refused() -> None:
    """100 is the whole consumption."""
    assert refused(claim(kwh=None, percent=100)) == []
    assert refused(claim(kwh=None, percent=100.1)) == [("/instruments/0/percent", "MB_PERCENT_OVER_100")]


@pytest.mark.parametrize("field", ["kg_co2e_per_kwh", "upstream_kg_co2e_per_kwh"])
def test_rates_in_grams_are_refused(field: str) -> None:
    """Above 3 kg/kWh grams were passed."""
    assert refused(claim(**{field: 12})) == [(f"/instruments/0/{field}", "FACTOR_UNIT_SUSPECT")]


def test_an_expiry_is_a_day_of_the_calendar() -> None:
    """30 February is none."""
    assert refused(claim(expires="2026-02-30")) == [("/instruments/0/expires", "PERIOD_INVALID")]


def test_every_fault_of_the_instruments_is_told_at_once() -> None:
    """All faults, in order of their pointers."""
    assert refused(
        claim(kwh=None, percent=101),
        claim(id="b", kg_co2e_per_kwh=None),
        claim(id="a"),
        claim("provider_cfe", id="d", kwh=None, cfe_share=0.5),
    ) == [
        ("/factors/grid_carbon_free_share", "CFE_GRID_SHARE_REQUIRED"),
        ("/instruments/0/percent", "MB_PERCENT_OVER_100"),
        ("/instruments/1/kg_co2e_per_kwh", "MB_EF_MISSING"),
        ("/instruments/2/id", "FIELDS_CONFLICT"),
    ]


# a provider's carbon-free energy


def cfe(share: float, **fields: Any) -> Json:
    """A provider's CFE as an instrument."""
    return {"id": "cfe", "type": "provider_cfe", "cfe_share": share} | fields


def test_a_provider_s_cfe_counts_the_grid_s_own_share_once() -> None:
    """CFE .8 on a grid of .4 contracts k = 2/3; without a residual mix 1000 × (1 − .8)/(1 − .4) × .38, never 76."""
    factors = {"location_kg_co2e_per_kwh": 0.38, "grid_carbon_free_share": 0.4}
    figure = market_of(cfe(0.8), factors=factors, region=None)
    assert figure["kg_co2e"] == about(126.66666666666667)
    assert figure["covered_kwh"] == about(666.6666666666667)
    assert figure["fallback"] == "location"


def test_a_provider_s_cfe_is_of_what_earlier_tiers_left() -> None:
    """k·R with a residual mix: 400 left, 2/3 at rate 0, the rest 133.33 × .45 = 60."""
    figure = market_of(claim(), cfe(0.8), factors=FACTORS | {"grid_carbon_free_share": 0.4})
    assert figure["kg_co2e"] == about(60)


def test_a_provider_s_cfe_is_always_flagged() -> None:
    """A provider's own claim: counted, one grade lost, also under the strict policy (nothing of it is unattested)."""
    factors = FACTORS | {"grid_carbon_free_share": 0.4}
    for policy in ("lenient", "strict"):
        rules = {"factors": factors, "market": {"quality_policy": policy}}
        assert ("/instruments/0", "MB_PROVIDER_CLAIM_UNVERIFIED") in told(cfe(0.8), **rules)
        assert market_of(cfe(0.8), **rules)["grade"] == "C"


def test_a_cfe_below_the_grid_s_share_covers_nothing() -> None:
    """k = max(0, …): CFE .3 on a grid of .4."""
    figure = market_of(cfe(0.3), factors=FACTORS | {"grid_carbon_free_share": 0.4})
    assert (figure["kg_co2e"], figure["covered_kwh"]) == (about(450), 0)


def test_a_cfe_needs_the_grid_s_share() -> None:
    """Without g nobody knows what was contracted."""
    assert refused(cfe(0.8)) == [("/factors/grid_carbon_free_share", "CFE_GRID_SHARE_REQUIRED")]


def test_a_cfe_without_its_share_needs_a_rate() -> None:
    """A provider's statement without cfe_share is one at a rate, which must be stated."""
    faults = refused({"id": "cfe", "type": "provider_cfe"}, factors=FACTORS | {"grid_carbon_free_share": 0.4})
    assert faults == [("/instruments/0/kg_co2e_per_kwh", "MB_EF_MISSING")]


def test_a_statement_of_annual_matching_counts_at_its_rate() -> None:
    """A provider's "100 % matched" is a tier-3 claim at the rate stated, flagged: 800 × .05 + 200 × .45 = 130."""
    claim = {"id": "cfe", "type": "provider_cfe", "percent": 80, "kg_co2e_per_kwh": 0.05}
    answer = estimate_of(**FACILITY, factors=FACTORS, instruments=[claim])
    assert answer["scope2"]["market_based"]["kg_co2e"] == about(130)
    assert ("/instruments/0", "MB_PROVIDER_CLAIM_UNVERIFIED") in warned(answer)


def test_a_cfe_of_a_quantity_contracts_a_part_of_it() -> None:
    """CFE .8 on a grid of .4 contracts 2/3: of 600 kWh 400, the other 600 take the residual mix: 270."""
    claim = {"id": "cfe", "type": "provider_cfe", "kwh": 600, "cfe_share": 0.8}
    answer = estimate_of(**FACILITY, factors=FACTORS | {"grid_carbon_free_share": 0.4}, instruments=[claim])
    figure = answer["scope2"]["market_based"]
    assert (figure["covered_kwh"], figure["kg_co2e"]) == (about(400), about(270))


# published claims


def acme(*rows: Any) -> Json:
    """A workload in a region of our own whose provider publishes a claim."""
    grid = (row("grid_location", "XA", 2024, 0.4), row("residual_mix", "XA", 2024, 0.5))
    resolver = resolver_of(*grid, *rows, places=(place("acme:one", "XA", "XA"),))
    return {"resolver": resolver, "region": "acme:one", "market": {"provider_claims": True}, **FACILITY}


def test_a_published_market_factor_serves_as_tier_3_when_allowed() -> None:
    """`provider_claims`: the provider's market factor takes the rest, flagged, grade C; without it nothing."""
    workload = acme(row("provider_market_intensity", "acme:one", 2024, 0.1))
    answer = estimate_of(**workload)
    figure = answer["scope2"]["market_based"]
    assert (figure["kg_co2e"], figure["coverage_share"], figure["grade"]) == (about(100), 1, "C")
    assert figure["instruments"][0]["id"] == "provider_market_intensity:acme:one:2024"
    assert "MB_PROVIDER_CLAIM_UNVERIFIED" in codes_of(answer)
    plain = estimate_of(**(workload | {"market": {}}))
    assert plain["scope2"]["market_based"]["kg_co2e"] == about(500)


def test_a_published_cfe_needs_the_grid_s_share() -> None:
    """CFE .85 on a grid of .4 contracts 3/4: 250 × .5; without the grid's share it is refused."""
    workload = acme(row("carbon_free_share", "acme:one", 2024, 0.85))
    answer = estimate_of(**workload, factors={"grid_carbon_free_share": 0.4})
    assert answer["scope2"]["market_based"]["kg_co2e"] == about(125)
    assert refusal_of(**workload) == [("/factors/grid_carbon_free_share", "CFE_GRID_SHARE_REQUIRED")]


def test_certificates_go_before_a_published_claim() -> None:
    """Tier 1 before the provider's tier 3: 600 at 0, 400 at .1."""
    answer = estimate_of(
        **acme(row("provider_market_intensity", "acme:one", 2024, 0.1)),
        instruments=[claim(market="XA", vintage_year=None)],
    )
    assert answer["scope2"]["market_based"]["kg_co2e"] == about(40)


def test_a_market_factor_net_of_offsets_is_not_used() -> None:
    """Published factors that may hold offsets are not used, and the reader who let them serve is told."""
    region = {"region": "azure:centralus", "period": YEAR, **FACILITY}
    plain = estimate_of(**region)
    allowed = estimate_of(**region, market={"provider_claims": True})
    assert allowed["scope2"]["market_based"]["kg_co2e"] == plain["scope2"]["market_based"]["kg_co2e"]
    assert "OFFSET_EXCLUDED" in codes_of(allowed)
    assert "OFFSET_EXCLUDED" not in codes_of(plain)


def test_where_nothing_is_published_nothing_is_claimed() -> None:
    """`provider_claims` in a country, or at a provider that publishes none, changes nothing."""
    for asked in (GERMANY, acme()):
        plain = estimate_of(**(asked | {"market": {}}))
        allowed = estimate_of(**(asked | {"market": {"provider_claims": True}}))
        assert allowed["scope2"] == plain["scope2"]
        assert allowed["warnings"] == plain["warnings"]


# hourly matching


def granular(*hours: float, **fields: Any) -> Json:
    """A granular certificate of so many kWh an hour."""
    return claim("granular", kwh=None, hourly_kwh=list(hours), **fields)


def hourly_of(*instruments: Json, **workload: Any) -> Json:
    """The market-based figure of three hours of 10 kWh."""
    return market_of(*instruments, **(HOURS | {"region": None} | workload))


def test_hours_match_hours() -> None:
    """[20, 5, 0] on [10, 10, 10] at residual [.5, .4, .6]: 5 × .4 + 10 × .6 = 8; surplus 10, score .5."""
    factors = HOURS["factors"] | {"hourly_residual_kg_co2e_per_kwh": [0.5, 0.4, 0.6]}
    figure = hourly_of(granular(20, 5, 0), factors=factors)
    assert figure["kg_co2e"] == about(8)
    assert (figure["covered_kwh"], figure["uncovered_kwh"], figure["surplus_kwh"]) == (15, 15, 10)
    assert (figure["hourly_score"], figure["coverage_share"], figure["excess_kwh"]) == (0.5, 0.5, 0)
    codes = told(granular(20, 5, 0), **(HOURS | {"factors": factors}))
    assert {("/instruments", "MB_HOURLY_SURPLUS"), ("/market/matching", "MB_HOURLY_AHEAD_OF_STANDARD")} <= codes


def test_a_missing_hour_of_residual_mix_takes_the_annual() -> None:
    """Hour 2 has none: 5 × .5 + 10 × .6."""
    factors = HOURS["factors"] | {"hourly_residual_kg_co2e_per_kwh": [0.5, None, 0.6]}
    assert hourly_of(granular(20, 5, 0), factors=factors)["kg_co2e"] == about(8.5)


def test_hourly_matching_always_says_that_it_is_ahead() -> None:
    """Also where nothing is claimed; annual matching never says so."""
    assert ("/market/matching", "MB_HOURLY_AHEAD_OF_STANDARD") in told(**HOURS)
    assert "MB_HOURLY_AHEAD_OF_STANDARD" not in {code for _, code in told()}


def test_hourly_matching_needs_hourly_energy() -> None:
    """A sum has no hours."""
    assert refused(market={"matching": "hourly"}) == [("/energy/hourly_kwh", "HOURLY_ENERGY_REQUIRED")]


def test_certificates_share_an_over_supplied_hour() -> None:
    """15 and 5 claimed in an hour of 10: 7.5 and 2.5."""
    lines = hourly_of(granular(15, 0, 0), granular(5, 0, 0, id="b"))["instruments"]
    assert [line["applied_kwh"] for line in lines] == [about(7.5), about(2.5)]


def test_a_percent_claims_that_percent_of_every_hour() -> None:
    """20 % of each hour beside [10, 0, 0]: hour 1 is over-supplied by 2, hours 2 and 3 keep 8 each."""
    figure = hourly_of(granular(10, 0, 0), claim(id="b", kwh=None, percent=20))
    assert (figure["uncovered_kwh"], figure["surplus_kwh"]) == (about(16), about(2))
    # hour 1: 10 and 2 claimed of 10
    assert [line["applied_kwh"] for line in figure["instruments"]] == [about(100 / 12), about(4 + 20 / 12)]


def test_an_amount_without_hours_covers_nothing() -> None:
    """A kWh claim has no hour to cover: flagged, nothing applied."""
    figure = hourly_of(claim())
    assert (figure["coverage_share"], figure["kg_co2e"]) == (0, about(15))
    assert figure["instruments"][0]["applied_kwh"] == 0
    assert ("/instruments/0", "MB_HOURLY_PROFILE_MISSING") in told(claim(), **HOURS)


def test_a_supplier_s_rate_takes_the_rest_of_every_hour() -> None:
    """[10, 5, 0] covered at 0, the other 15 at .2; nothing is left for the residual mix."""
    figure = hourly_of(granular(10, 5, 0), claim("supplier_rate", id="b", kwh=None, kg_co2e_per_kwh=0.2))
    assert (figure["kg_co2e"], figure["hourly_score"]) == (about(3), 1)


def test_tiers_are_served_in_order_within_each_hour() -> None:
    """Tier 2 asks 8 of every hour beside tier 1's [10, 5, 0]: 0, 5 and 8 apply."""
    figure = hourly_of(
        claim("contract", id="b", kwh=None, hourly_kwh=[8, 8, 8], kg_co2e_per_kwh=0.1), granular(10, 5, 0)
    )
    assert [line["applied_kwh"] for line in figure["instruments"]] == [13, 15]
    assert figure["kg_co2e"] == about(2.3)  # 13 × .1 + 2 × .5
    assert figure["surplus_kwh"] == 11  # 8 and 3


def test_certificates_of_other_hours_do_not_fit() -> None:
    """Two hours of certificates for three of energy."""
    faults = refused(granular(1, 2), **HOURS)
    assert faults == [("/instruments/0/hourly_kwh", "HOURLY_LENGTH_MISMATCH")]


def test_hours_of_certificates_meet_facility_energy() -> None:
    """Claims are compared with kWh after PUE: 15 of [15, 15, 15]."""
    energy = {"energy": {"hourly_kwh": [10, 10, 10]}, "pue": 1.5}
    assert hourly_of(granular(15, 0, 0), **energy)["hourly_score"] == about(0.3333333333333333)


def test_without_energy_there_is_no_score() -> None:
    """E = 0: the score is null."""
    figure = hourly_of(granular(1, 1, 1), energy={"hourly_kwh": [0, 0, 0], "level": "facility"})
    assert (figure["hourly_score"], figure["coverage_share"], figure["kg_co2e"]) == (None, 0, 0)


def test_without_a_residual_mix_hours_take_what_location_comes_to() -> None:
    """With hourly intensities EF_L means S2_L/E: 15 uncovered × 12/30."""
    factors = {"hourly_location_kg_co2e_per_kwh": [0.2, 0.4, 0.6], "location_kg_co2e_per_kwh": 2}
    figure = hourly_of(granular(10, 5, 0), factors=factors)
    assert figure["kg_co2e"] == about(6)
    assert figure["fallback"] == "location"


# grades and ranges


def test_ranges_of_what_covers_and_what_does_not() -> None:
    """700 kWh at .1 (grade B) and 300 at .45 (grade B), behind facility energy of grade A."""
    figure = market_of(claim(kwh=700, kg_co2e_per_kwh=0.1))
    assert figure["kg_co2e"] == about(205)  # 70 + 135
    assert figure["low_kg_co2e"] == about(175.275)  # 205 × .9 × .95
    assert figure["high_kg_co2e"] == about(236.775)  # 205 × 1.1 × 1.05
    assert figure["grade"] == "B"


def test_ranges_follow_each_input_s_grade() -> None:
    """Unattested (C) 700 × .1 and the residual mix (B) 300 × .45: 70 × .7 + 135 × .9, then × .95."""
    figure = market_of(claim(kwh=700, kg_co2e_per_kwh=0.1, serial=None))
    assert figure["low_kg_co2e"] == about(161.975)  # 170.5 × .95
    assert figure["high_kg_co2e"] == about(251.475)  # (91 + 148.5) × 1.05
    assert figure["grade"] == "C"


def test_what_applies_to_nothing_costs_no_grade() -> None:
    """An unattested rate behind a full cover prices no kWh, and is no input of the figure."""
    figure = market_of(claim(kwh=1000), claim("supplier_rate", id="b", kwh=None, market=None, kg_co2e_per_kwh=0.2))
    assert (figure["grade"], figure["kg_co2e"]) == ("B", 0)


def test_the_location_factor_brings_its_grade() -> None:
    """Without a residual mix the location factor's grade and range are the rest's: C of a national factor."""
    resolver = resolver_of(row("grid_location", "XA", 2024, 0.4))
    answer = estimate_of(resolver=resolver, region="XA", **FACILITY)
    figure = answer["scope2"]["market_based"]
    assert (figure["grade"], figure["fallback"]) == ("C", "location")
    assert (figure["low_kg_co2e"], figure["high_kg_co2e"]) == (about(266), about(546))  # 400 × .95 × .7, × 1.05 × 1.3


# what rests on the caller's own data


def test_metered_energy_is_primary_data() -> None:
    """`primary_data_share`: metered energy makes all of electricity primary, modeled energy none of it."""
    modeled = {"hardware": {"tdp_w": 1000, "device_hours": 1000}, "utilization": 1, "pue": 1}
    for workload, share in ((FACILITY, 1), (modeled, 0)):
        totals = estimate_of(region="DE", **workload)["totals"]
        assert [totals[basis]["primary_data_share"] for basis in totals] == [about(share)] * 2


def test_the_caller_s_own_rates_are_primary_data() -> None:
    """Of modeled energy: 600 kWh at the instrument's .1 are the caller's own, 400 at the table's .5 not: 60/260."""
    rows = (row("grid_location", "XA", 2024, 0.3), row("residual_mix", "XA", 2024, 0.5))
    totals = estimate_of(
        resolver=resolver_of(*rows),
        region="XA",
        hardware={"tdp_w": 1000, "device_hours": 1000},
        utilization=1,
        host_overhead_ratio=0,
        pue=1,
        instruments=[claim(market="XA", kg_co2e_per_kwh=0.1)],
    )["totals"]
    assert totals["market_based"]["kg_co2e"] == about(260)
    assert totals["market_based"]["primary_data_share"] == about(0.23076923076923078)
    assert totals["location_based"]["primary_data_share"] == 0


def test_a_provider_s_claim_is_no_data_of_the_caller_s() -> None:
    """A published market factor prices all of it, and none of it is primary."""
    modeled = {"hardware": {"tdp_w": 1000, "device_hours": 1000}, "utilization": 1, "host_overhead_ratio": 0, "pue": 1}
    workload = acme(row("provider_market_intensity", "acme:one", 2024, 0.1))
    del workload["energy"]
    total = estimate_of(**workload, **modeled)["totals"]["market_based"]
    assert (total["kg_co2e"], total["primary_data_share"]) == (about(100), 0)


# the arithmetic


@pytest.mark.parametrize(
    "workload",
    [
        {},
        {"instruments": [claim(), claim("contract", id="b", kwh=200, kg_co2e_per_kwh=0.1)]},
        {"instruments": [claim(kwh=5000)]},
        HOURS | {"instruments": [granular(20, 5, 0)]},
        HOURS
        | {
            "instruments": [granular(20, 5, 0)],
            "factors": HOURS["factors"] | {"hourly_residual_kg_co2e_per_kwh": [0.5, 0.4, 0.6]},
        },
    ],
    ids=["residual", "tiers", "over-coverage", "hours", "hours of residual mix"],
)
def test_the_figure_can_be_redone_on_paper(workload: Json) -> None:
    """The derivation is arithmetic with numbers that comes to the figure."""
    figure = estimate_of(explain=True, **(GERMANY | workload))["scope2"]["market_based"]
    equations = redone(figure["derivation"])
    for ours, theirs in equations:
        assert ours == pytest.approx(theirs, rel=1e-9)
    assert equations[-1][1] == pytest.approx(figure["kg_co2e"], rel=1e-9)
