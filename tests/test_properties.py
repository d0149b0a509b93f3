"""What holds for every workload: linear in energy, both methods apart, sums that add up, ranges that hold."""

import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from service.model.result import Emissions
from tests.workloads import Json, codes_of, estimate_of, figures_of

bounded = settings(max_examples=60, deadline=None)

PERIOD = {"start": "2025-03-01T00:00:00Z", "end": "2025-03-01T04:00:00Z"}
TIERS = {"rec": 1, "go": 1, "granular": 1, "ppa": 1, "contract": 2, "green_tariff": 3, "supplier_rate": 3}
MARKET_FIELDS = ("kg_co2e", "low_kg_co2e", "high_kg_co2e", "grade", "coverage_share", "covered_kwh", "uncovered_kwh")

energies = st.floats(1e-6, 1e9)
intensities = st.floats(0, 3)
shares = st.floats(0, 1)
percents = st.floats(0, 100)


@st.composite
def claims(draw: st.DrawFn, *, percent_only: bool = False, hourly: bool = False) -> list[Json]:
    """Up to five instruments of any tier, some of which fail a criterion or leave one unattested."""
    instruments = []
    for index in range(draw(st.integers(0, 5))):
        instrument: Json = {
            "id": f"i{index}",
            "type": draw(st.sampled_from(sorted(TIERS))),
            "kg_co2e_per_kwh": draw(intensities),
            "retired": draw(st.sampled_from([True, True, False])),
            "attributes_transferred": draw(st.sampled_from([True, True, False])),
            "vintage_year": draw(st.sampled_from([2025, 2025, 2024])),
            "covers_losses": draw(st.booleans()),
        }
        forms = [{"percent": draw(percents)}]
        if hourly:
            forms.append({"hourly_kwh": draw(st.lists(st.floats(0, 1e6), min_size=4, max_size=4))})
        if not percent_only:
            forms.append({"kwh": draw(st.floats(0, 1e9))})
        instruments.append(instrument | draw(st.sampled_from(forms)))
    return instruments


@st.composite
def factors(draw: st.DrawFn) -> Json:
    """The caller's own factors: a location factor, the others each perhaps."""
    maybe = {
        "residual_kg_co2e_per_kwh": intensities,
        "upstream_kg_co2e_per_kwh": intensities,
        "td_loss_share": st.floats(0, 0.9),
        "td_loss_basis": st.sampled_from(["of_generation", "of_consumption"]),
        "location_basis": st.sampled_from(["generation", "life_cycle"]),
    }
    given_factors = {name: draw(values) for name, values in maybe.items() if draw(st.booleans())}
    return {"location_kg_co2e_per_kwh": draw(intensities)} | given_factors


@st.composite
def workloads(draw: st.DrawFn) -> Json:
    """Metered energy at any level, with factors and claims."""
    level = draw(st.sampled_from(["component", "it", "facility"]))
    workload: Json = {
        "energy": {"kwh": draw(st.one_of(st.just(0.0), energies)), "level": level},
        "period": PERIOD,
        "factors": draw(factors()),
        "instruments": draw(claims()),
        "region": draw(st.sampled_from([None, "FR", "aws:us-east-1", "US-CA", "GB", "AU-NSW"])),
    }
    if draw(st.booleans()):
        workload["pue"] = draw(st.floats(1, 3))
    if draw(st.booleans()):
        workload["host_overhead_ratio"] = draw(st.floats(0, 2))
    return workload


def near(value: float) -> Any:
    """Equal within 1e-9 of the value."""
    return pytest.approx(value, rel=1e-9, abs=1e-12)


def facility(kwh: float) -> Json:
    """Metered facility energy."""
    return {"energy": {"kwh": kwh, "level": "facility"}, "period": PERIOD}


@bounded
@given(kwh=energies, times=st.floats(0, 1000), own=factors())
def test_location_is_linear_in_energy(kwh: float, times: float, own: Json) -> None:
    """Twice the energy, twice the location-based figures, Category 3 included."""
    once = estimate_of(**facility(kwh), factors=own)
    more = estimate_of(**facility(kwh * times), factors=own)
    for path, figure in figures_of(once).items():
        if path.endswith("location_based"):
            assert figures_of(more)[path]["kg_co2e"] == near(figure["kg_co2e"] * times)


@bounded
@given(kwh=energies, times=st.floats(0.001, 1000), own=factors(), instruments=claims(percent_only=True))
def test_market_is_linear_while_claims_are_percents(
    kwh: float, times: float, own: Json, instruments: list[Json]
) -> None:
    """Every claim a percent: the market-based figures grow with the energy, the coverage stays."""
    once = estimate_of(**facility(kwh), factors=own, instruments=instruments)
    more = estimate_of(**facility(kwh * times), factors=own, instruments=instruments)
    for path, figure in figures_of(once).items():
        if path.endswith("market_based"):
            assert figures_of(more)[path]["kg_co2e"] == near(figure["kg_co2e"] * times)
    assert more["scope2"]["market_based"]["coverage_share"] == near(once["scope2"]["market_based"]["coverage_share"])


@bounded
@given(workload=workloads(), residual=intensities, policy=st.sampled_from(["lenient", "strict"]))
def test_location_never_depends_on_the_market(workload: Json, residual: float, policy: str) -> None:
    """Instruments, residual mix and policy leave every location-based number as it is, to the last bit."""
    plain = {name: value for name, value in workload["factors"].items() if name != "residual_kg_co2e_per_kwh"}
    without = estimate_of(**(workload | {"instruments": [], "factors": plain}))
    with_market = estimate_of(
        **(workload | {"factors": plain | {"residual_kg_co2e_per_kwh": residual}}), market={"quality_policy": policy}
    )
    for path, figure in figures_of(without).items():
        if "location_based" in path:
            other = figures_of(with_market)[path]
            assert {name: other[name] for name in figure} == figure


@bounded
@given(kwh=energies, own=factors(), other=intensities, instruments=claims())
def test_market_knows_the_location_factor_by_the_flagged_fallback_alone(
    kwh: float, own: Json, other: float, instruments: list[Json]
) -> None:
    """Another location factor moves Scope 2 market-based only where `fallback` says so, and then it is flagged."""
    answer = estimate_of(**facility(kwh), factors=own, instruments=instruments)
    moved = estimate_of(**facility(kwh), factors=own | {"location_kg_co2e_per_kwh": other}, instruments=instruments)
    figure = answer["scope2"]["market_based"]
    assert (figure["fallback"] == "location") is ("MB_RESIDUAL_MISSING_LOCATION_USED" in codes_of(answer))
    if figure["fallback"] is None:
        assert moved["scope2"]["market_based"]["kg_co2e"] == figure["kg_co2e"]
    if "residual_kg_co2e_per_kwh" in own:
        assert figure["fallback"] is None


@bounded
@given(kwh=energies, own=factors(), residual=intensities)
def test_without_claims_market_is_the_residual_mix(kwh: float, own: Json, residual: float) -> None:
    """Nothing claimed: E × EF_res, whatever the location factor."""
    answer = estimate_of(**facility(kwh), factors=own | {"residual_kg_co2e_per_kwh": residual})
    assert answer["scope2"]["market_based"]["kg_co2e"] == near(kwh * residual)
    assert answer["scope2"]["market_based"]["coverage_share"] == 0


@bounded
@given(kwh=energies, instruments=claims(), own=factors())
def test_coverage_is_at_most_whole(kwh: float, instruments: list[Json], own: Json) -> None:
    """Claims never cover more than was used, and what they cover and leave is what was used."""
    figure = estimate_of(**facility(kwh), factors=own, instruments=instruments)["scope2"]["market_based"]
    assert 0 <= figure["coverage_share"] <= 1
    assert figure["covered_kwh"] + figure["uncovered_kwh"] == near(kwh)
    assert figure["covered_kwh"] == near(math.fsum(line["applied_kwh"] for line in figure["instruments"]))
    assert all(0 <= line["applied_kwh"] <= kwh * (1 + 1e-12) for line in figure["instruments"])


@bounded
@given(kwh=energies, instruments=claims(), added=claims(), own=factors())
def test_a_claim_never_raises_another_tier(kwh: float, instruments: list[Json], added: list[Json], own: Json) -> None:
    """Another instrument covers for its own tier, and takes from later ones."""
    assume(added)
    new = added[0] | {"id": "new"}
    before, after = (
        estimate_of(**facility(kwh), factors=own, instruments=many)["scope2"]["market_based"]["instruments"]
        for many in (instruments, [*instruments, new])
    )
    for tier in {1, 2, 3} - {TIERS[new["type"]]}:
        was, now = (
            math.fsum(line["applied_kwh"] for line in lines if TIERS[line["type"]] == tier) for lines in (before, after)
        )
        assert now <= was * (1 + 1e-12)


@bounded
@given(
    kwh=energies,
    level=st.sampled_from(["component", "it", "facility"]),
    pue=st.floats(1, 5),
    ratio=st.floats(0, 3),
)
def test_pue_is_applied_once(kwh: float, level: str, pue: float, ratio: float) -> None:
    """Whatever the level, facility energy holds PUE exactly once, and the host at most once."""
    answer = estimate_of(
        energy={"kwh": kwh, "level": level},
        pue=pue,
        host_overhead_ratio=ratio,
        factors={"location_kg_co2e_per_kwh": 1, "residual_kg_co2e_per_kwh": 1},
    )
    times = {"component": (1 + ratio) * pue, "it": pue, "facility": 1}[level]
    assert answer["energy"]["facility_kwh"] == near(kwh * times)
    assert answer["scope2"]["location_based"]["kg_co2e"] == near(kwh * times)
    assert answer["scope2"]["market_based"]["kg_co2e"] == near(kwh * times)


@bounded
@given(workload=workloads())
def test_every_range_holds_its_value(workload: Json) -> None:
    """low ≤ value ≤ high, for every figure and total, and for the energy."""
    answer = estimate_of(**workload)
    figures = figures_of(answer)
    assert {"scope2.location_based", "scope2.market_based", "totals.location_based"} <= set(figures)
    for figure in figures.values():
        assert 0 <= figure["low_kg_co2e"] <= figure["kg_co2e"] <= figure["high_kg_co2e"]
    assert answer["energy"]["low_kwh"] <= answer["energy"]["facility_kwh"] <= answer["energy"]["high_kwh"]


@bounded
@given(workload=workloads(), hours=st.floats(0, 1e5), made=st.floats(0, 1e6))
def test_totals_are_the_sums_of_the_figures(workload: Json, hours: float, made: float) -> None:
    """A total is the correctly rounded sum of the returned figures, of one method each; so are its bounds."""
    hardware = {"duration_hours": hours, "hardware": {"embodied_kg_co2e": made}}
    answer = estimate_of(**workload, **hardware)
    for basis in ("location_based", "market_based"):
        scope3 = answer["scope3"]
        of_energy = scope3["fuel_and_energy"]
        lines = [answer["scope2"][basis], of_energy and of_energy[basis], scope3["embodied"], scope3["infrastructure"]]
        known = [figure for figure in lines if figure is not None]
        for field in ("kg_co2e", "low_kg_co2e", "high_kg_co2e"):
            assert answer["totals"][basis][field] == math.fsum(figure[field] for figure in known)
        assert answer["totals"][basis]["worst_grade"] == max(figure["grade"] for figure in known)
        if of_energy and of_energy[basis]:
            both = [part for part in (of_energy[basis]["upstream"], of_energy[basis]["td_losses"]) if part is not None]
            assert of_energy[basis]["kg_co2e"] == math.fsum(part["kg_co2e"] for part in both)


@bounded
@given(workload=workloads(), explain=st.booleans())
def test_an_answer_survives_json(workload: Json, explain: bool) -> None:
    """Read as the type that is documented and written again it is the same; the same question has the same answer."""
    answer = estimate_of(explain=explain, **workload)
    read = msgspec.json.decode(json.dumps(answer), type=Emissions)
    assert json.loads(msgspec.json.encode(read)) == answer
    assert estimate_of(explain=explain, **workload) == answer


@bounded
@given(kwh=energies, own=factors(), instruments=claims(), data=st.data())
def test_the_order_of_instruments_changes_no_figure(
    kwh: float, own: Json, instruments: list[Json], data: st.DataObject
) -> None:
    """Any order of entry gives the same numbers, to the last bit."""
    shuffled = data.draw(st.permutations(instruments))
    first, second = (estimate_of(**facility(kwh), factors=own, instruments=many) for many in (instruments, shuffled))
    for path, figure in figures_of(first).items():
        fields = MARKET_FIELDS if path == "scope2.market_based" else MARKET_FIELDS[:4]
        assert {name: figures_of(second)[path][name] for name in fields} == {name: figure[name] for name in fields}
    lines, other = (
        {line["id"]: line for line in answer["scope2"]["market_based"]["instruments"]} for answer in (first, second)
    )
    assert lines == other


@bounded
@given(workload=workloads())
def test_every_factor_that_a_figure_names_is_a_source(workload: Json) -> None:
    """`sources` lists each factor used, once; figures name only such."""
    answer = estimate_of(**workload)
    listed = [source["id"] for source in answer["sources"]]
    assert len(listed) == len(set(listed))
    named = {name for figure in figures_of(answer).values() for name in figure.get("sources", [])}
    assert named <= set(listed)


@bounded
@given(workload=workloads())
def test_warnings_are_sorted_and_none_stands_twice(workload: Json) -> None:
    """Warnings stand by code, no code twice for one pointer."""
    warnings = [(warning["code"], warning["pointer"]) for warning in estimate_of(**workload)["warnings"]]
    assert warnings == sorted(warnings)
    assert len(warnings) == len(set(warnings))


@bounded
@given(
    energy=st.lists(st.floats(0, 1e6), min_size=4, max_size=4),
    instruments=claims(hourly=True),
    residuals=st.lists(st.one_of(st.none(), intensities), min_size=4, max_size=4),
    own=factors(),
)
def test_hours_never_cover_more_than_the_year(
    energy: list[float], instruments: list[Json], residuals: list[float | None], own: Json
) -> None:
    """Matching by the hour covers at most what matching by the year does, and what it covers and leaves is all."""
    hours = [instrument for instrument in instruments if "kwh" not in instrument]
    workload: Json = {
        "energy": {"hourly_kwh": energy, "level": "facility"},
        "period": PERIOD,
        "factors": own | {"hourly_residual_kg_co2e_per_kwh": residuals},
        "instruments": hours,
    }
    annual = estimate_of(**workload)["scope2"]["market_based"]
    hourly = estimate_of(**workload, market={"matching": "hourly"})["scope2"]["market_based"]
    assert hourly["covered_kwh"] <= annual["covered_kwh"] * (1 + 1e-9) + 1e-9
    assert hourly["covered_kwh"] + hourly["uncovered_kwh"] == near(math.fsum(energy))
    assert hourly["hourly_score"] is None or 0 <= hourly["hourly_score"] <= 1


EXTREMES = st.sampled_from([0.0, 1e-12, 1.0, 1e12])
SMALL = st.sampled_from([0.0, 1e-12, 1.0, 3.0])
PARTS = st.sampled_from([0.0, 1e-12, 0.5, 1 - 2**-53])


@bounded
@given(
    kwh=EXTREMES,
    level=st.sampled_from(["component", "it", "facility"]),
    ratios=st.fixed_dictionaries({"pue": st.sampled_from([1.0, 1e12]), "host_overhead_ratio": EXTREMES}),
    own=st.fixed_dictionaries(
        {
            "location_kg_co2e_per_kwh": SMALL,
            "residual_kg_co2e_per_kwh": SMALL,
            "upstream_kg_co2e_per_kwh": SMALL,
            "td_loss_share": PARTS,
            "grid_carbon_free_share": st.one_of(PARTS, st.just(1.0)),
        }
    ),
    amounts=st.lists(EXTREMES, max_size=3),
    cfe=st.one_of(PARTS, st.just(1.0)),
)
@example(
    kwh=1e12,
    level="component",
    ratios={"pue": 1e12, "host_overhead_ratio": 1e12},
    own={
        "location_kg_co2e_per_kwh": 3.0,
        "residual_kg_co2e_per_kwh": 3.0,
        "upstream_kg_co2e_per_kwh": 3.0,
        "td_loss_share": 1 - 2**-53,
        "grid_carbon_free_share": 1 - 2**-53,
    },
    amounts=[1e12, 1e-12, 0.0],
    cfe=1.0,
)
def test_extreme_inputs_have_finite_results(
    kwh: float, level: str, ratios: Json, own: Json, amounts: list[float], cfe: float
) -> None:
    """At the bounds of the schema and near 0 every number of every figure is there, finite and not negative."""
    instruments: list[Json] = [
        {"id": f"i{index}", "type": "rec", "kwh": amount, "kg_co2e_per_kwh": 1e-12}
        for index, amount in enumerate(amounts)
    ]
    instruments.append({"id": "cfe", "type": "provider_cfe", "cfe_share": cfe})
    answer = estimate_of(energy={"kwh": kwh, "level": level}, factors=own, instruments=instruments, **ratios)
    figures = figures_of(answer)
    assert len(figures) == 10  # 2 of Scope 2, 3 of Category 3 on each basis, 2 totals
    numbers = [figure[field] for figure in figures.values() for field in ("kg_co2e", "low_kg_co2e", "high_kg_co2e")]
    market = answer["scope2"]["market_based"]
    numbers += [market[field] for field in ("coverage_share", "covered_kwh", "uncovered_kwh", "excess_kwh")]
    assert all(isinstance(value, float | int) and 0 <= value < math.inf for value in numbers)


@bounded
@given(
    hardware=st.fixed_dictionaries(
        {"tdp_w": EXTREMES, "count": st.sampled_from([0.0, 1.0, 1e9]), "share": PARTS.filter(bool)}
    ),
    hours=EXTREMES,
    utilization=PARTS,
    of=st.sampled_from(["reserved", "device"]),
)
def test_extreme_hardware_has_a_finite_model(hardware: Json, hours: float, utilization: float, of: str) -> None:
    """A model at the bounds is finite and not negative."""
    answer = estimate_of(
        hardware=hardware,
        duration_hours=hours,
        utilization=utilization,
        utilization_of=of,
        factors={"location_kg_co2e_per_kwh": 1},
    )
    for value in (answer["energy"]["facility_kwh"], answer["scope2"]["location_based"]["kg_co2e"]):
        assert 0 <= value < math.inf


@bounded
@given(workload=workloads(), kwh=energies, other=factors())
def test_the_fingerprint_holds_no_activity_data(workload: Json, kwh: float, other: Json) -> None:
    """Other energy, other claims and other values of the same factors leave the fingerprint as it is."""
    names = workload["factors"].keys() & {"residual_kg_co2e_per_kwh", "upstream_kg_co2e_per_kwh", "td_loss_share"}
    values = dict.fromkeys(names, 0.25) | {"location_kg_co2e_per_kwh": other["location_kg_co2e_per_kwh"]}
    change: Json = {
        "energy": workload["energy"] | {"kwh": kwh},
        "factors": workload["factors"] | values,
        "id": "another",
        "tags": {"team": "x"},
    }
    first, second = (estimate_of(**asked)["methodology"] for asked in (workload, workload | change))
    assert first["fingerprint"] == second["fingerprint"]
    assert first["parameters"] == second["parameters"]


def test_a_kwh_more_is_no_other_method() -> None:
    """A year whose certificates just cover and one where they just do not are of one fingerprint."""
    claimed: Json = {
        "factors": {"location_kg_co2e_per_kwh": 0.4, "residual_kg_co2e_per_kwh": 0.5},
        "instruments": [{"id": "a", "type": "rec", "kwh": 1000, "kg_co2e_per_kwh": 0}],
    }
    covered, uncovered = (estimate_of(**facility(kwh), **claimed)["methodology"] for kwh in (1000, 1001))
    assert covered["parameters"]["user_factors"] == ["location_kg_co2e_per_kwh", "residual_kg_co2e_per_kwh"]
    assert covered["fingerprint"] == uncovered["fingerprint"]
