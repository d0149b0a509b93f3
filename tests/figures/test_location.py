"""Scope 2, location-based: which factor prices the energy, hourly series, grade, range, category. Rules: METHOD 2."""

from typing import Any

import pytest

from tests.workloads import (
    FLAT,
    THREE_HOURS,
    YEAR,
    Json,
    about,
    codes_of,
    estimate_of,
    figures_of,
    place,
    redone,
    refusal_of,
    resolver_of,
    row,
    source_of,
    warned,
)

FACILITY: Json = {"energy": {"kwh": 1000, "level": "facility"}}
HOURS: Json = {"period": THREE_HOURS, "energy": {"hourly_kwh": [10, 20, 30], "level": "facility"}}
OF_2024 = {"start": "2024-01-01", "end": "2025-01-01"}


def location_of(answer: Json) -> Json:
    """The location-based figure of Scope 2."""
    return answer["scope2"]["location_based"]  # type: ignore[no-any-return]


def grid_of(*rows: Any, region: str = "XA-1", places: tuple[Any, ...] = (), **workload: Any) -> Json:
    """The grid factor that answers for a zone of our own."""
    answer = estimate_of(resolver=resolver_of(*rows, places=places), region=region, **(FACILITY | workload))
    return source_of(answer, "grid_location")


# the figure


def test_the_worked_example() -> None:
    """100 kWh × 0.38 = 38 kg."""
    answer = estimate_of(energy={"kwh": 100, "level": "facility"}, factors={"location_kg_co2e_per_kwh": 0.38})
    assert location_of(answer)["kg_co2e"] == about(38)


def test_facility_energy_is_priced() -> None:
    """E is facility energy, after PUE: 100 × 1.2 × 0.4."""
    answer = estimate_of(energy={"kwh": 100}, pue=1.2, factors=FLAT)
    assert location_of(answer)["kg_co2e"] == about(48)


@pytest.mark.parametrize(
    ("deployment", "electricity", "upstream"),
    [
        ("owned", "scope2", "scope3.cat3"),
        ("colocated", "scope2", "scope3.cat3"),
        ("leased", "scope3.cat8", "scope3.cat8"),
        ("cloud", "scope3.cat1", "scope3.cat1"),
    ],
)
def test_where_electricity_is_booked(deployment: str, electricity: str, upstream: str) -> None:
    """`inventory_category` follows who operates the machines; `workload_scope` is the guide's view, always."""
    answer = estimate_of(**FACILITY, deployment=deployment, factors=FLAT | {"upstream_kg_co2e_per_kwh": 0.05})
    figures = figures_of(answer)
    for path, figure in figures.items():
        if path.startswith("scope2."):
            assert (figure["workload_scope"], figure["inventory_category"]) == ("scope2", electricity)
        elif path.startswith("scope3.fuel_and_energy."):
            assert (figure["workload_scope"], figure["inventory_category"]) == ("scope3.cat3", upstream)
    assert len(figures) == 8  # 2 of Scope 2, 2 × (sum, upstream) of Category 3, 2 totals
    assert (("/deployment", "CLOUD_SCOPE2_IS_SCOPE3") in warned(answer)) is (deployment == "cloud")


def test_the_guide_s_scheme_relabels_nothing_of_electricity() -> None:
    """`category_scheme: guide` moves a provider's infrastructure alone; values are identical; it is told."""
    cloud = {"region": "aws:us-east-1", **FACILITY}
    plain = estimate_of(**cloud)
    guide = estimate_of(**cloud, allocation={"category_scheme": "guide"})
    assert ("/allocation/category_scheme", "CATEGORY_SCHEME_GUIDE") in warned(guide)
    assert "CATEGORY_SCHEME_GUIDE" not in codes_of(plain)
    assert figures_of(guide) == figures_of(plain)


@pytest.mark.parametrize(("region", "deployment"), [("aws:eu-west-3", "cloud"), ("FR", "owned")])
def test_deployment_defaults_by_region(region: str, deployment: str) -> None:
    """A provider's region is `cloud`, any other `owned`."""
    assert estimate_of(region=region, **FACILITY)["deployment"] == deployment


# the order of choice


def test_the_caller_s_factor_outranks_all() -> None:
    """The caller's factor is used and shown as a `user` source, of grade B."""
    answer = estimate_of(region="FR", **FACILITY, factors={"location_kg_co2e_per_kwh": 0.123})
    source = source_of(answer, "location_kg_co2e_per_kwh")
    assert location_of(answer)["kg_co2e"] == about(123)
    assert (source["id"], source["value"], source["match"], source["grade"]) == (
        "user:location_kg_co2e_per_kwh",
        0.123,
        "user",
        "B",
    )
    assert not any(source["kind"] == "grid_location" for source in answer["sources"])


def test_an_overlay_outranks_the_store() -> None:
    """The operator's row wins over a shipped one of a finer zone, a newer year and a better basis."""
    grid = grid_of(
        row("grid_location", "XA-1", 2024, 0.1),
        row("grid_location", "XA", 2020, 0.2, basis="life_cycle", overlay=True),
        period=OF_2024,
    )
    assert (grid["value"], grid["match"]) == (0.2, "coarser_zone")


def test_direct_outranks_life_cycle_even_of_a_finer_zone() -> None:
    """Direct before life-cycle comes before the finest zone, and that before the exact year."""
    direct = row("grid_location", "XA", 2020, 0.2)
    fine = row("grid_location", "XA-1", 2024, 0.1, basis="life_cycle")
    assert grid_of(direct, fine, period=OF_2024)["value"] == 0.2


def test_the_finest_zone_outranks_the_exact_year() -> None:
    """A zone's own older row wins over its country's row of the year."""
    grid = grid_of(row("grid_location", "XA-1", 2015, 0.1), row("grid_location", "XA", 2024, 0.2), period=OF_2024)
    assert (grid["value"], grid["match"]) == (0.1, "earlier_year")


def test_the_exact_year_is_taken() -> None:
    """Of three years that of the period, neither the newest nor the oldest."""
    rows = [row("grid_location", "XA-1", year, value) for year, value in ((2023, 0.3), (2024, 0.4), (2025, 0.5))]
    grid = grid_of(*rows, period=OF_2024)
    assert (grid["value"], grid["match"], grid["year"]) == (0.4, "exact", 2024)


def test_else_the_latest_earlier_year() -> None:
    """Never a later year: with 2020, 2022 and 2025 at hand 2024 takes 2022, and says so."""
    rows = [row("grid_location", "XA-1", year, year / 10_000) for year in (2020, 2022, 2025)]
    answer = estimate_of(resolver=resolver_of(*rows), region="XA-1", period=OF_2024, **FACILITY)
    assert source_of(answer, "grid_location")["year"] == 2022
    assert location_of(answer)["kg_co2e"] == about(202.2)
    assert ("/period", "FACTOR_YEAR_MISMATCH") in warned(answer)
    assert answer["factor_year"] == 2024


def test_a_zone_without_an_earlier_row_goes_coarser() -> None:
    """A row of a later year is none: the country's stands in."""
    grid = grid_of(row("grid_location", "XA-1", 2025, 0.1), row("grid_location", "XA", 2020, 0.2), period=OF_2024)
    assert grid["value"] == 0.2


def test_without_a_period_the_newest_year_counts() -> None:
    """No period: the newest factor year, and nothing is flagged."""
    rows = [row("grid_location", "XA-1", year, value) for year, value in ((2023, 0.3), (2025, 0.5))]
    answer = estimate_of(resolver=resolver_of(*rows), region="XA-1", **FACILITY)
    assert location_of(answer)["kg_co2e"] == about(500)
    assert answer["factor_year"] == 2025
    assert "FACTOR_YEAR_MISMATCH" not in codes_of(answer)


def test_a_row_that_is_never_chosen_is_not() -> None:
    """`use: never` is shown elsewhere and prices nothing."""
    grid = grid_of(row("grid_location", "XA-1", 2024, 0.9, use="never"), row("grid_location", "XA", 2024, 0.2))
    assert grid["value"] == 0.2


# coarser zones


def test_a_coarser_zone_is_told() -> None:
    """A zone without a factor takes its country's, flagged."""
    answer = estimate_of(
        resolver=resolver_of(row("grid_location", "XA-1", 2025, 0.1), row("grid_location", "XA", 2024, 0.2), places=()),
        region="XA-1",
        period=OF_2024,
        **FACILITY,
    )
    assert source_of(answer, "grid_location")["match"] == "coarser_zone"
    assert ("/region", "FACTOR_FALLBACK_COARSER") in warned(answer)


def test_a_region_of_uncertain_grid_takes_its_country() -> None:
    """Where two grids may feed a region, the country's factor answers, flagged."""
    acme = place("acme:one", "XA", "", "XA-1", "XA-2")
    rows = [row("grid_location", zone, 2024, value) for zone, value in (("XA", 0.2), ("XA-1", 0.1), ("XA-2", 0.3))]
    answer = estimate_of(resolver=resolver_of(*rows, places=(acme,)), region="acme:one", **FACILITY)
    assert location_of(answer)["kg_co2e"] == about(200)
    assert ("/region", "FACTOR_FALLBACK_COARSER") in warned(answer)


def test_no_fallback_means_none() -> None:
    """`fallback: none` refuses what only a coarser zone covers."""
    resolver = resolver_of(row("grid_location", "XA", 2024, 0.2), places=(place("acme:one", "XA", "XA-1"),))
    asked = {"resolver": resolver, "region": "acme:one", **FACILITY}
    assert refusal_of(**asked, factors={"fallback": "none"}) == [("/region", "REGION_UNKNOWN")]
    assert refusal_of(**asked) == []
    uncertain = {"region": "azure:eastus", **FACILITY}  # two grids may feed it
    assert refusal_of(**uncertain, factors={"fallback": "none"}) == [("/region", "REGION_UNKNOWN")]


def test_the_world_only_where_it_is_allowed() -> None:
    """A country without a factor is refused, or takes the world's under `fallback: world`, of grade D."""
    resolver = resolver_of(places=(place("acme:one", "XA", "XA-1"),))
    assert refusal_of(resolver=resolver, region="acme:one", **FACILITY) == [("/region", "REGION_UNKNOWN")]
    answer = estimate_of(resolver=resolver, region="acme:one", **FACILITY, factors={"fallback": "world"})
    grid = source_of(answer, "grid_location")
    assert (grid["zone"], grid["match"]) == ("WORLD", "world")
    assert location_of(answer)["grade"] == "D"
    assert {("/region", "FACTOR_FALLBACK_COARSER"), ("/region", "FACTOR_LIFECYCLE_BASIS")} <= warned(answer)


@pytest.mark.parametrize("fallback", ["coarser", "none", "world"])
def test_an_unknown_name_is_unknown_under_every_fallback(fallback: str) -> None:
    """Nothing is answered for a name that nobody knows."""
    faults = refusal_of(region="atlantis", **FACILITY, factors={"fallback": fallback})
    assert faults == [("/region", "REGION_UNKNOWN")]


def test_a_bare_region_of_several_providers_is_ambiguous() -> None:
    """A bare name is taken where one provider has it; of several it is refused."""
    rows = [row("grid_location", "XA", 2024, 0.2)]
    one = resolver_of(*rows, places=(place("acme:one", "XA", "XA"),))
    two = resolver_of(*rows, places=(place("acme:one", "XA", "XA"), place("zeta:one", "XA", "XA")))
    assert refusal_of(resolver=one, region="one", **FACILITY) == []
    assert refusal_of(resolver=two, region="one", **FACILITY) == [("/region", "REGION_AMBIGUOUS")]
    assert refusal_of(resolver=two, region="zeta:one", **FACILITY) == []


@pytest.mark.parametrize("name", ["aws:us-east-1", "AWS:US-EAST-1", "us-east-1", "Us-East-1"])
def test_case_does_not_matter(name: str) -> None:
    """Any case, with or without the provider where it is the only one."""
    region = estimate_of(region=name, **FACILITY)["region"]
    assert (region["id"], region["grid"], region["country"]) == ("aws:us-east-1", "US-SRVC", "US")


def test_a_missing_region_needs_a_factor() -> None:
    """A region may be left out only where the caller's annual location factor stands in for it."""
    assert refusal_of(**FACILITY) == [("/region", "REGION_UNKNOWN")]
    assert refusal_of(**FACILITY, factors={"residual_kg_co2e_per_kwh": 0.5}) == [("/region", "REGION_UNKNOWN")]
    answer = estimate_of(**FACILITY, factors={"location_kg_co2e_per_kwh": 0.4})
    assert answer["region"] is None
    assert {"MB_RESIDUAL_MISSING_LOCATION_USED", "CAT3_NOT_COMPUTED"} <= codes_of(answer)


def test_hours_do_not_stand_in_for_a_region() -> None:
    """Only the annual factor stands in for the region: hourly intensities alone do not."""
    series = {"hourly_location_kg_co2e_per_kwh": [0.2, 0.5, 0.3]}
    assert refusal_of(**HOURS, factors=series) == [("/region", "REGION_UNKNOWN")]


# shipped tables: the choice is the rule


@pytest.mark.parametrize(
    ("region", "period", "grid", "match", "code"),
    [
        ("aws:us-east-1", None, "grid_location:US-SRVC:2023", "exact", None),  # the region's eGRID subregion
        ("FR", YEAR, "grid_location:FR:2024", "earlier_year", "FACTOR_YEAR_MISMATCH"),  # before 2025's life-cycle
        ("aws:ap-south-1", OF_2024, "grid_location:IN:2024", "coarser_zone", "FACTOR_FALLBACK_COARSER"),
        ("JP", OF_2024, "grid_location:JP:2024:life_cycle", "life_cycle_basis", "FACTOR_LIFECYCLE_BASIS"),
        ("azure:eastus", None, "grid_location:US:2023", "coarser_zone", "FACTOR_FALLBACK_COARSER"),
        ("US-SRVC", OF_2024, "grid_location:US-SRVC:2024:cornerstone", "exact", None),  # only for its year
    ],
)
def test_which_shipped_factor_answers(region: str, period: Json | None, grid: str, match: str, code: str) -> None:
    """Finest certain zone, direct before life-cycle, the year or the latest earlier, each deviation flagged."""
    answer = estimate_of(region=region, period=period, **FACILITY)
    source = source_of(answer, "grid_location")
    assert (source["id"], source["match"]) == (grid, match)
    assert location_of(answer)["kg_co2e"] == about(1000 * source["value"])
    assert code is None or code in codes_of(answer)


# bases


def test_a_life_cycle_factor_is_flagged() -> None:
    """Usable, flagged, grade D (0.5× to 2×, here beside the meter's ±5 %)."""
    answer = estimate_of(region="JP", period=OF_2024, **FACILITY)
    figure = location_of(answer)
    assert figure["grade"] == "D"
    assert figure["low_kg_co2e"] == about(0.475 * figure["kg_co2e"])  # .95 × .5
    assert figure["high_kg_co2e"] == about(2.1 * figure["kg_co2e"])  # 1.05 × 2
    assert ("/region", "FACTOR_LIFECYCLE_BASIS") in warned(answer)


def test_the_caller_s_life_cycle_factor_is_flagged_too() -> None:
    """`location_basis: life_cycle`: flagged, grade D."""
    factors = {"location_kg_co2e_per_kwh": 0.4, "location_basis": "life_cycle"}
    answer = estimate_of(**FACILITY, factors=factors)
    assert location_of(answer)["grade"] == "D"
    assert ("/factors/location_basis", "FACTOR_LIFECYCLE_BASIS") in warned(answer)


def test_hours_of_life_cycle_intensity_have_its_grade() -> None:
    """Life-cycle factors have grade D, hourly ones too."""
    factors = FLAT | {"hourly_location_kg_co2e_per_kwh": [0.2, 0.5, 0.3], "location_basis": "life_cycle"}
    answer = estimate_of(**HOURS, factors=factors)
    assert location_of(answer)["grade"] == "D"
    assert ("/factors/location_basis", "FACTOR_LIFECYCLE_BASIS") in warned(answer)


@pytest.mark.parametrize(
    "factors",
    [{"location_kg_co2e_per_kwh": 0.4}, FLAT | {"hourly_location_kg_co2e_per_kwh": [0.2, 0.5, 0.3]}],
)
def test_marginal_intensities_are_refused(factors: Json) -> None:
    """Average intensity only."""
    faults = refusal_of(**HOURS, factors=factors | {"location_basis": "marginal"})
    assert faults == [("/factors/location_basis", "FACTOR_MARGINAL_NOT_ALLOWED")]


# grams passed as kilograms


@pytest.mark.parametrize("field", ["location_kg_co2e_per_kwh", "residual_kg_co2e_per_kwh", "upstream_kg_co2e_per_kwh"])
def test_grams_are_refused(field: str) -> None:
    """A factor above 3 kg/kWh is refused; 3 itself is not."""
    assert refusal_of(**FACILITY, factors=FLAT | {field: 3.0000001}) == [(f"/factors/{field}", "FACTOR_UNIT_SUSPECT")]
    assert refusal_of(**FACILITY, factors=FLAT | {field: 3}) == []


@pytest.mark.parametrize("field", ["hourly_location_kg_co2e_per_kwh", "hourly_residual_kg_co2e_per_kwh"])
def test_grams_in_a_series_are_refused_by_the_hour(field: str) -> None:
    """The pointer says which hour."""
    faults = refusal_of(**HOURS, factors=FLAT | {field: [0.2, 380, 0.3]})
    assert faults == [(f"/factors/{field}/1", "FACTOR_UNIT_SUSPECT")]


def test_every_factor_in_grams_is_told_at_once() -> None:
    """All faults of a request stand in one answer, in order of their pointers."""
    grams = {
        "location_kg_co2e_per_kwh": 380,
        "residual_kg_co2e_per_kwh": 450,
        "upstream_kg_co2e_per_kwh": 60,
    }
    assert refusal_of(**FACILITY, pue=0.9, factors=grams) == [
        ("/factors/location_kg_co2e_per_kwh", "FACTOR_UNIT_SUSPECT"),
        ("/factors/residual_kg_co2e_per_kwh", "FACTOR_UNIT_SUSPECT"),
        ("/factors/upstream_kg_co2e_per_kwh", "FACTOR_UNIT_SUSPECT"),
        ("/pue", "PUE_BELOW_ONE"),
    ]


# periods


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-01-01", "2026-01-01"),
        ("2026-01-02", "2026-01-01"),
        ("2026-02-30", "2026-03-01"),
        ("2009-01-01", "2010-01-01"),  # before the first year of the grid table
        ("2029-01-01", "2029-02-01"),  # more than 2 after its newest, 2026
    ],
)
def test_a_period_outside_is_refused(start: str, end: str) -> None:
    """Empty, reversed, not of the calendar, or outside the years of the tables."""
    faults = refusal_of(region="FR", period={"start": start, "end": end}, **FACILITY)
    assert faults == [("/period", "PERIOD_INVALID")]


@pytest.mark.parametrize(("start", "end"), [("2010-01-01", "2011-01-01"), ("2028-01-01", "2029-01-01")])
def test_the_outermost_periods_are_answered(start: str, end: str) -> None:
    """The first year of the tables, and two after their newest."""
    assert refusal_of(region="FR", period={"start": start, "end": end}, **FACILITY) == []


@pytest.mark.parametrize(
    ("start", "end", "year"),
    [
        ("2023-12-01", "2024-02-01", 2023),  # 31 days each: the earlier
        ("2023-12-02", "2024-02-01", 2024),
        ("2023-12-31T23:00:00-05:00", "2024-01-01T10:00:00-05:00", 2024),  # 04:00 to 15:00 UTC of 1 January
    ],
)
def test_the_period_chooses_the_factor_year(start: str, end: str, year: int) -> None:
    """The year that holds most of the period in UTC; of equals the earlier."""
    rows = [row("grid_location", "XA-1", of, of / 10_000) for of in (2023, 2024)]
    grid = grid_of(*rows, period={"start": start, "end": end})
    assert grid["year"] == year


# hourly series


def test_hours_are_priced_by_the_hour() -> None:
    """[10, 20, 30] × [.2, .5, .3] = 21; the flat average says 20."""
    factors = FLAT | {"hourly_location_kg_co2e_per_kwh": [0.2, 0.5, 0.3]}
    answer = estimate_of(**HOURS, factors=factors)
    assert location_of(answer)["kg_co2e"] == about(21)
    assert location_of(answer)["grade"] == "A"
    assert location_of(answer)["low_kg_co2e"] == about(18.9525)  # 21 × .95 × .95
    assert location_of(answer)["high_kg_co2e"] == about(23.1525)  # 21 × 1.05 × 1.05
    assert answer["energy"]["hourly_gap_share"] == 0
    assert "HOURLY_GAP_FILLED" not in codes_of(answer)


def test_hours_outrank_a_year() -> None:
    """Hourly before annual: the caller's annual factor only fills gaps."""
    factors = {"location_kg_co2e_per_kwh": 2.5, "hourly_location_kg_co2e_per_kwh": [0.2, 0.5, 0.3]}
    answer = estimate_of(**HOURS, factors=factors)
    assert location_of(answer)["kg_co2e"] == about(21)


def test_hours_meet_facility_energy() -> None:
    """IT hours are multiplied by PUE once: 21 × 1.5."""
    hours = {"period": THREE_HOURS, "energy": {"hourly_kwh": [10, 20, 30]}, "pue": 1.5}
    answer = estimate_of(**hours, factors=FLAT | {"hourly_location_kg_co2e_per_kwh": [0.2, 0.5, 0.3]})
    assert location_of(answer)["kg_co2e"] == about(31.5)


def test_gaps_take_the_annual_factor() -> None:
    """10 × .2 + 20 × .4 + 30 × .3 = 19; a third of the energy lies in the gap, which costs a grade."""
    factors = FLAT | {"hourly_location_kg_co2e_per_kwh": [0.2, None, 0.3]}
    answer = estimate_of(**HOURS, factors=factors)
    assert location_of(answer)["kg_co2e"] == about(19)
    assert answer["energy"]["hourly_gap_share"] == about(0.3333333333333333)
    assert ("/factors/hourly_location_kg_co2e_per_kwh", "HOURLY_GAP_FILLED") in warned(answer)
    assert location_of(answer)["grade"] == "B"


@pytest.mark.parametrize(("gap_kwh", "grade"), [(5, "A"), (5.1, "B")])
def test_a_small_gap_costs_nothing(gap_kwh: float, grade: str) -> None:
    """More than 5 % of the energy in gaps costs one grade; 5 % does not."""
    energy = {"hourly_kwh": [gap_kwh, 60, 100 - 60 - gap_kwh], "level": "facility"}
    factors = FLAT | {"hourly_location_kg_co2e_per_kwh": [None, 0.3, 0.3]}
    answer = estimate_of(period=THREE_HOURS, energy=energy, factors=factors)
    assert location_of(answer)["grade"] == grade
    assert "HOURLY_GAP_FILLED" in codes_of(answer)


def test_a_series_of_gaps_is_no_better_than_what_fills_it() -> None:
    """A figure has the worst grade of its inputs: hours that all take a life-cycle factor have grade D."""
    series = {"hourly_location_kg_co2e_per_kwh": [None, None, None]}
    answer = estimate_of(region="JP", **HOURS, factors=series)
    assert answer["energy"]["hourly_gap_share"] == 1
    assert location_of(answer)["grade"] in {"D", "E"}


def test_a_gap_without_an_annual_factor_is_refused() -> None:
    """What no factor covers cannot be filled."""
    faults = refusal_of(**HOURS, factors={"hourly_location_kg_co2e_per_kwh": [0.2, None, 0.3]})
    assert faults == [("/region", "REGION_UNKNOWN")]


@pytest.mark.parametrize("field", ["hourly_location_kg_co2e_per_kwh", "hourly_residual_kg_co2e_per_kwh"])
@pytest.mark.parametrize("length", [2, 4])
def test_series_of_unequal_length_are_refused(field: str, length: int) -> None:
    """Intensities meet energy hour by hour."""
    faults = refusal_of(**HOURS, factors=FLAT | {field: [0.2] * length})
    assert faults == [(f"/factors/{field}", "HOURLY_LENGTH_MISMATCH")]


@pytest.mark.parametrize("field", ["hourly_location_kg_co2e_per_kwh", "hourly_residual_kg_co2e_per_kwh"])
def test_hourly_intensities_need_hourly_energy(field: str) -> None:
    """A sum of energy has no hours to meet them."""
    faults = refusal_of(**FACILITY, period=THREE_HOURS, factors=FLAT | {field: [0.2, 0.5, 0.3]})
    assert faults == [(f"/factors/{field}", "HOURLY_ENERGY_REQUIRED")]


# grades and ranges


@pytest.mark.parametrize(
    ("grade", "low", "high"),
    [
        ("B", 256.5, 346.5),  # 300 × .95 × .9, × 1.05 × 1.1
        ("C", 199.5, 409.5),  # 300 × .95 × .7, × 1.05 × 1.3
        ("D", 142.5, 630),  # 300 × .95 × .5, × 1.05 × 2
    ],
)
def test_bounds_of_inputs_multiply(grade: str, low: float, high: float) -> None:
    """Metered facility energy is A; the factor's bounds follow its grade; the figure has the worst."""
    rows = row("grid_location", "XA-1", 2024, 0.3, grade=grade)
    figure = location_of(estimate_of(resolver=resolver_of(rows), region="XA-1", **FACILITY))
    assert (figure["kg_co2e"], figure["grade"]) == (about(300), grade)
    assert (figure["low_kg_co2e"], figure["high_kg_co2e"]) == (about(low), about(high))


def test_a_source_s_own_range_goes_before_its_grade_s() -> None:
    """A published range of .29 to .32 replaces ±30 %: 1000 × .95 × .29 and 1000 × 1.05 × .32."""
    rows = row("grid_location", "XA-1", 2024, 0.3, low=0.29, high=0.32)
    figure = location_of(estimate_of(resolver=resolver_of(rows), region="XA-1", **FACILITY))
    assert (figure["low_kg_co2e"], figure["high_kg_co2e"], figure["grade"]) == (about(275.5), about(336), "C")


@pytest.mark.parametrize(
    ("workload", "grade"),
    [
        ({"energy": {"kwh": 1, "level": "facility"}}, "B"),  # A and the caller's annual factor, B
        ({"energy": {"kwh": 1}}, "B"),  # B and B
        ({"energy": {"kwh": 1, "level": "component"}, "pue": 1.1}, "C"),  # no host
        ({"hardware": {"tdp_w": 1, "device_hours": 1}, "utilization": 0.5, "pue": 1.1}, "C"),
        ({"hardware": {"tdp_w": 1, "device_hours": 1}, "pue": 1.1}, "D"),  # utilization defaulted
    ],
)
def test_a_figure_has_the_grade_of_its_worst_input(workload: Json, grade: str) -> None:
    """Energy or factor, whichever is worse."""
    assert location_of(estimate_of(**workload, factors=FLAT))["grade"] == grade


# gases


@pytest.mark.parametrize(("grid_set", "residual_set", "mixed"), [("AR5", "AR6", True), ("AR6", "AR6", False)])
def test_mixed_gwp_sets_are_told(grid_set: str, residual_set: str, mixed: bool) -> None:
    """Grid, residual and upstream factors of different stated sets are computed, and flagged."""
    resolver = resolver_of(
        row("grid_location", "XA-1", 2024, 0.3, gwp_set=grid_set),
        row("residual_mix", "XA-1", 2024, 0.5, gwp_set=residual_set),
        row("upstream_wtt", "XA-1", 2024, 0.05),  # states none
    )
    answer = estimate_of(resolver=resolver, region="XA-1", **FACILITY)
    assert ("GWP_MIXED" in codes_of(answer)) is mixed
    assert answer["scope2"]["market_based"]["kg_co2e"] == about(500)


def test_sets_of_factors_that_are_not_used_do_not_mix() -> None:
    """Only what the answer rests on is compared: with the caller's residual mix one set is left."""
    resolver = resolver_of(
        row("grid_location", "XA-1", 2024, 0.3, gwp_set="AR5"),
        row("residual_mix", "XA-1", 2024, 0.5, gwp_set="AR6"),
    )
    answer = estimate_of(resolver=resolver, region="XA-1", **FACILITY, factors={"residual_kg_co2e_per_kwh": 0.4})
    assert "GWP_MIXED" not in codes_of(answer)


# the arithmetic


@pytest.mark.parametrize(
    "workload",
    [
        {"region": "FR", "energy": {"kwh": 123.4}},
        {"region": "JP", "period": OF_2024, "energy": {"kwh": 1, "level": "facility"}},
        HOURS | {"factors": FLAT | {"hourly_location_kg_co2e_per_kwh": [0.2, 0.5, 0.3]}},
        HOURS | {"factors": FLAT | {"hourly_location_kg_co2e_per_kwh": [0.2, None, 0.3]}},
    ],
    ids=["annual", "life-cycle", "hours", "hours with a gap"],
)
def test_the_figure_can_be_redone_on_paper(workload: Json) -> None:
    """The derivation is arithmetic with numbers that comes to the figure."""
    figure = location_of(estimate_of(explain=True, **workload))
    equations = redone(figure["derivation"])
    for ours, theirs in equations:
        assert ours == pytest.approx(theirs, rel=1e-9)
    assert equations[-1][1] == pytest.approx(figure["kg_co2e"], rel=1e-9)
