"""The disclosure block: what is booked where, that every table adds up, and what is refused."""

import copy
import math
import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import Refused
from service.model.disclosed import Disclosure
from tests.returned import GO, answer, cloud, disclosed, every_kind, spend
from tests.workloads import YEAR, about, estimate_of

Json = dict[str, Any]
BASES = ("location_based", "market_based")
KINDS = every_kind()


def refused(*answers: Json, **more: Any) -> list[tuple[str, str]]:
    """The faults of a disclosure, (pointer, code)."""
    with pytest.raises(Refused) as why:
        disclosed(*answers, **more)
    return [(fault.pointer, fault.code) for fault in why.value.faults]


def booked(block: Disclosure, basis: str) -> dict[str, float]:
    """Category → kg CO2e on one basis."""
    return {line.category: line.kg_co2e for line in [*block.scope2.booked, *block.scope3] if line.basis == basis}


def codes_of(block: Disclosure) -> set[str]:
    """Codes of the block's own warnings."""
    return {warning.code for warning in block.warnings}


def test_a_worked_case() -> None:
    """Two workloads of 1000 kWh at .4 and .5, no upstream known: owned books Scope 2, leased category 8.

    Location 400 + 400, market 500 + 300 instruments at 0: 700 × .5 = 350.
    """
    factors = {"location_kg_co2e_per_kwh": 0.4, "residual_kg_co2e_per_kwh": 0.5}
    asked: Json = {"period": YEAR, "energy": {"kwh": 1000, "level": "facility"}, "factors": factors}
    certificate = GO | {"bundled": True}
    own = estimate_of(**asked, deployment="owned")
    leased = estimate_of(**asked, region="FR", deployment="leased", instruments=[certificate])
    upstream = {basis: leased["scope3"]["fuel_and_energy"][basis]["kg_co2e"] for basis in BASES}
    block = disclosed(own, leased)
    assert block.scope2.location_based_kg_co2e == 800
    assert block.scope2.market_based_kg_co2e == 850
    assert booked(block, "location_based") == {"scope2": 400, "scope3.cat8": about(400 + upstream["location_based"])}
    assert booked(block, "market_based") == {"scope2": 500, "scope3.cat8": about(350 + upstream["market_based"])}
    found = block.contractual_instruments
    assert (found.share, found.bundled_share, found.unbundled_share, found.unstated_share) == (0.15, 0.15, 0, 0)
    assert found.of_scope2 is not None
    assert (found.of_scope2.facility_kwh, found.of_scope2.share) == (1000, 0)
    assert (block.residual_mix.state, block.residual_mix.uncovered_kwh) == ("used", 1700)
    assert block.energy.facility_kwh == 2000
    assert block.energy.pue is None  # at facility level IT energy is not known


def check_sums(block: Disclosure) -> None:
    """Every table adds up to the digit."""
    for basis in BASES:
        lines = [line for line in [*block.scope2.booked, *block.scope3] if line.basis == basis]
        whole = getattr(block.totals, basis)
        assert whole.kg_co2e == math.fsum(line.kg_co2e for line in lines)
        assert whole.low_kg_co2e == math.fsum(line.low_kg_co2e for line in lines)
        assert whole.high_kg_co2e == math.fsum(line.high_kg_co2e for line in lines)
        assert whole.low_kg_co2e <= whole.kg_co2e <= whole.high_kg_co2e
        for line in lines:
            assert line.kg_co2e == math.fsum(part.kg_co2e for part in line.parts)
        parts = [getattr(line, f"{basis}_kg_co2e") or 0.0 for line in block.workloads.lines]
        assert getattr(block.workloads, f"{basis}_kg_co2e") == math.fsum(parts)
        electricity = [getattr(line, f"{basis}_kg_co2e") for line in block.energy.by_deployment]
        assert getattr(block.scope2, f"{basis}_kg_co2e") == about(math.fsum(kg or 0.0 for kg in electricity))
        assert 0 <= whole.primary_data_share <= 1
    assert block.energy.facility_kwh == math.fsum(line.facility_kwh or 0.0 for line in block.energy.by_deployment)
    instruments = block.contractual_instruments
    assert instruments.covered_kwh == math.fsum(line.applied_kwh for line in instruments.by_type)
    halves = [instruments.bundled_share, instruments.unbundled_share, instruments.unstated_share]
    assert instruments.share == about(math.fsum(halves))
    embodied = math.fsum(line.embodied_kg_co2e for line in block.allocation.methods)
    figure = next(line for line in block.workloads.lines if line.figure == "scope3.embodied")
    assert embodied == about(figure.location_based_kg_co2e or 0.0)


def test_every_kind_of_answer_adds_up() -> None:
    """Cloud, owned, bought, colocated, leased, spend, strict instruments, a provider's claims, explained."""
    block = disclosed(*KINDS)
    check_sums(block)
    for basis in BASES:
        inputs = [kind["scope2"][basis] for kind in KINDS]
        summed = math.fsum(figure["kg_co2e"] for figure in inputs if figure is not None)
        assert getattr(block.scope2, f"{basis}_kg_co2e") == summed
        workloads = math.fsum(kind["totals"][basis]["kg_co2e"] for kind in KINDS)
        assert getattr(block.workloads, f"{basis}_kg_co2e") == about(workloads)
        goods = block.capital_goods
        change = goods.acquisition_year_kg_co2e - goods.amortized_left_out_kg_co2e
        assert getattr(block.totals, basis).kg_co2e == about(workloads + change)


@given(st.lists(st.sampled_from(range(len(KINDS))), min_size=1, max_size=12), st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_answers_does_not_matter(chosen: list[int], shuffle: random.Random) -> None:
    """Any selection in any order gives the same bytes, and adds up."""
    answers = [KINDS[index] for index in chosen]
    mixed = shuffle.sample(answers, len(answers))
    block = disclosed(*answers)
    assert msgspec.json.encode(block) == msgspec.json.encode(disclosed(*mixed))
    if block.scope2.location_based_kg_co2e is not None:
        check_sums(block)


def test_cloud_electricity_is_booked_in_category_1() -> None:
    """And stands in `scope2` as the workloads' own view."""
    emissions = cloud()
    block = disclosed(emissions)
    assert booked(block, "location_based") == {
        "scope2": 0,
        "scope3.cat1": emissions["totals"]["location_based"]["kg_co2e"],
    }
    assert block.scope2.location_based_kg_co2e == emissions["scope2"]["location_based"]["kg_co2e"]
    assert "CLOUD_SCOPE2_IS_SCOPE3" in codes_of(block)
    assert block.contractual_instruments.of_scope2 is None


def test_one_answer_gives_its_own_totals() -> None:
    """Range, grade, worst grade and primary share too, where nothing is booked otherwise."""
    emissions = cloud()
    block = msgspec.to_builtins(disclosed(emissions))
    for basis in BASES:
        stated = emissions["totals"][basis]
        numbers = {name: about(value) for name, value in stated.items() if isinstance(value, float)}
        grades = {name: stated[name] for name in ("grade", "worst_grade")}
        assert block["totals"][basis] == numbers | grades
        assert block["grade"][basis] == stated["grade"]


GPUS = {"accelerator": "nvidia-h100-sxm", "accelerators": 8, "embodied_kg_co2e": 4000, "lifetime_years": 4}


def test_own_hardware_is_booked_when_it_is_bought() -> None:
    """4000 kg over 4 years: 1000 amortized, 4000 in the year of purchase, never both."""
    emissions = answer(deployment="owned", hardware=GPUS | {"acquired_in_period": True})
    block = disclosed(emissions)
    assert booked(block, "market_based")["scope3.cat2"] == 4000
    assert block.capital_goods.amortized_left_out_kg_co2e == 1000
    assert [part.part for line in block.scope3 if line.category == "scope3.cat2" for part in line.parts] == [
        "acquisition_year",
        "acquisition_year",
    ]
    assert "CAT2_ACQUISITION_YEAR" in codes_of(block)
    location = block.totals.location_based
    others = emissions["totals"]["location_based"]["kg_co2e"] - 1000
    primary = emissions["totals"]["location_based"]["primary_data_share"] * (others + 1000)
    assert location.primary_data_share == about((primary - 1000 + 4000) / (others + 4000))


def test_amortized_hardware_is_left_out_and_said_to_be() -> None:
    """1000 kg that no year of purchase stands for."""
    block = disclosed(answer(id="own", deployment="colocated", hardware=GPUS))
    assert "scope3.cat2" not in booked(block, "location_based")
    (gap,) = [gap for gap in block.exclusions if gap.figure == "scope3.embodied"]
    assert (gap.kg_co2e, gap.ids, gap.answers) == (1000, ["own"], 1)
    assert "year of its purchase" in gap.reason


def test_spend_is_category_1_and_what_it_hides_is_said() -> None:
    """Neither method, nothing refused."""
    block = disclosed(spend(), answer())
    stated = spend()["scope3"]["spend_based"]["kg_co2e"]
    (line,) = [line for line in block.scope3 if line.category == "scope3.cat1" and line.basis == "market_based"]
    assert [(part.part, part.kg_co2e) for part in line.parts] == [("spend_based", stated)]
    gaps = {gap.figure for gap in block.exclusions if gap.code == "SPEND_BASED_ESTIMATE"}
    assert gaps == {"scope2", "scope3.embodied", "scope3.fuel_and_energy", "scope3.infrastructure"}
    alone = disclosed(spend())
    assert (alone.scope2.location_based_kg_co2e, alone.energy.facility_kwh) == (None, None)


def test_null_figures_have_a_reason() -> None:
    """The code of the answer's own warning, and how many lack it."""
    gaps = {gap.figure: gap for gap in disclosed(answer(), answer()).exclusions}
    assert (gaps["scope3.embodied"].code, gaps["scope3.embodied"].answers) == ("EMBODIED_NOT_COMPUTED", 2)
    assert gaps["scope3.infrastructure"].code == "INFRA_NOT_COMPUTED"


def test_carbon_credits_are_said_to_be_left_out() -> None:
    """They reduce nothing."""
    credit = {"id": "c", "type": "carbon_credit", "kwh": 1000}
    block = disclosed(answer(instruments=[credit]))
    assert block.scope2.market_based_kg_co2e == 500
    assert "carbon credits" in {gap.figure for gap in block.exclusions}
    assert "OFFSET_EXCLUDED" in codes_of(block)
    assert [(line.outcome, line.instruments) for line in block.contractual_instruments.quality] == [
        ("OFFSET_EXCLUDED", 1)
    ]


def test_what_the_strict_policy_left_out_is_shown() -> None:
    """An instrument that attests nothing covers nothing, and its criteria are named."""
    bare = {"id": "b", "type": "go", "kwh": 100, "technology": "wind", "market": "FR"}
    block = disclosed(answer(instruments=[bare, GO], market={"quality_policy": "strict"}))
    found = block.contractual_instruments
    outcomes = [(line.outcome, line.applied_kwh) for line in found.quality]
    assert outcomes == [("counted", 300), ("MB_QC_UNVERIFIED", 0)]
    assert [line.criterion for line in found.unverified] == ["retired", "serial", "vintage_year"]


def test_the_absence_of_a_residual_mix_is_disclosed() -> None:
    """Criterion 8: 1000 kWh priced by the location factor."""
    bare = estimate_of(
        period=YEAR, energy={"kwh": 1000, "level": "facility"}, factors={"location_kg_co2e_per_kwh": 0.4}
    )
    block = disclosed(bare)
    assert (block.residual_mix.state, block.residual_mix.priced_by_location_kwh) == ("absent", 1000)
    assert "MB_RESIDUAL_MISSING_LOCATION_USED" in codes_of(block)
    assert "MB_NO_INSTRUMENTS_RESIDUAL_USED" not in codes_of(block)
    assert disclosed(bare, answer()).residual_mix.state == "partly_absent"


def test_without_any_instrument_market_is_shown_and_flagged() -> None:
    """It rests on the residual mix then; one certificate is enough to say nothing."""
    assert "MB_NO_INSTRUMENTS_RESIDUAL_USED" in codes_of(disclosed(answer()))
    assert "MB_NO_INSTRUMENTS_RESIDUAL_USED" not in codes_of(disclosed(answer(), answer(instruments=[GO])))


def test_a_certificate_in_two_answers_is_warned_of() -> None:
    """Figures stay as they are; a provider's claim may hold for many."""
    twice = [answer(instruments=[GO]), answer(instruments=[GO])]
    assert "MB_DOUBLE_CLAIM" in codes_of(disclosed(*twice))
    claims = [
        answer(region="gcp:europe-west9", factors={"grid_carbon_free_share": 0.4}, market={"provider_claims": True})
    ]
    block = disclosed(*claims, *claims)
    assert "MB_DOUBLE_CLAIM" not in codes_of(block)
    assert "MB_PROVIDER_CLAIM_UNVERIFIED" in codes_of(block)


def test_factors_stand_once_with_version_and_year() -> None:
    """Of answers without sources, those of the batch."""
    emissions = estimate_of(region="FR", period=YEAR, energy={"kwh": 10})
    whole = disclosed(emissions, emissions)
    ids = [source.id for source in whole.factors.items]
    assert sorted(ids) == sorted({source["id"] for source in emissions["sources"]})
    assert whole.factors.factor_sets[0].answers == 2
    bare = emissions | {"sources": None}
    unnamed = disclosed(bare)
    assert unnamed.factors.answers_without_sources == 1
    assert [line.figure for line in unnamed.exclusions if "sources" in line.reason] == ["factors"]
    named = disclosed(bare, sources=emissions["sources"])
    assert "factors" not in {line.figure for line in named.exclusions}
    assert disclosed(bare, sources=emissions["sources"]).factors.items == whole.factors.items


def test_each_method_is_listed() -> None:
    """With how many answers were made by it."""
    block = disclosed(answer(), answer(region="DE"), answer(deployment="leased"))
    assert [line.answers for line in block.fingerprints] == [2, 1]
    assert {line.parameters["deployment"] for line in block.fingerprints} == {"owned", "leased"}


def test_answers_without_period_and_repeated_ids_are_told() -> None:
    """They are counted; their sender is asked."""
    block = disclosed(answer(period=None, id="a"), answer(id="a"))
    assert (block.boundary.answers, block.boundary.answers_without_period) == (2, 1)
    assert block.boundary.repeated_ids == ["a"]


def test_a_default_pue_is_no_measurement() -> None:
    """It stands in `pue`, and not in `stated_pue`, which the frameworks take."""
    asked: Json = {"region": "FR", "period": YEAR, "deployment": "owned", "energy": {"kwh": 100}}
    (line,) = disclosed(estimate_of(**asked)).energy.by_deployment
    assert (line.pue, line.stated_pue) == (about(1.56), None)
    (line,) = disclosed(estimate_of(**asked, pue=1.2)).energy.by_deployment
    assert (line.pue, line.stated_pue) == (about(1.2), about(1.2))


# the base year

LAST_YEAR = {"start": "2024-01-01", "end": "2025-01-01"}


def earlier(**changed: Any) -> Json:
    """A base year of the same method: 300 and 400 kg."""
    lines = msgspec.to_builtins(disclosed(answer()).fingerprints)
    base = {"period": LAST_YEAR, "location_based_kg_co2e": 300, "market_based_kg_co2e": 400, "methodologies": lines}
    return base | changed


def test_a_base_year_of_the_same_method_compares() -> None:
    """Its `fingerprints` say so; each total is held against its own."""
    block = disclosed(answer(), base_year=earlier(reason="the first full year"))
    base = block.base_year
    assert base is not None
    assert base.delta_kg_co2e is not None
    assert (base.status, base.reason) == ("comparable", "the first full year")
    assert base.delta_kg_co2e.location_based == about(block.totals.location_based.kg_co2e - 300)
    assert base.delta_share is not None
    assert base.delta_share.market_based == about((block.totals.market_based.kg_co2e - 400) / 400)


@pytest.mark.parametrize(
    "changed",
    [{"methodologies": []}, {"period": {"start": "2024-01-01", "end": "2024-07-01"}}],
)
def test_a_base_year_that_does_not_compare_gives_no_delta(changed: Json) -> None:
    """Nothing says how it was made, or it is not as long."""
    block = disclosed(answer(), base_year=earlier(**changed))
    assert block.base_year is not None
    assert (block.base_year.status, block.base_year.delta_kg_co2e) == ("not_comparable", None)
    assert "YOY_NOT_COMPARABLE" in codes_of(block)


def test_a_recalculated_base_year_takes_its_place() -> None:
    """300 → 330 is 10 %, above 5 %."""
    recalculated = earlier(location_based_kg_co2e=330)
    block = disclosed(answer(), base_year=earlier(methodologies=[]), recalculated_baseline=recalculated)
    base = block.base_year
    assert base is not None
    assert base.shift_share is not None
    assert (base.status, base.shift_share.location_based, base.passes_threshold) == ("comparable", about(0.1), True)
    assert base.delta_kg_co2e is not None
    assert base.delta_kg_co2e.location_based == about(block.totals.location_based.kg_co2e - 330)


# what is refused


def without(path: str) -> Json:
    """An answer with one place null."""
    changed = copy.deepcopy(answer(instruments=[GO]))
    *steps, last = path.split(".")
    place = changed
    for step in steps:
        place = place[step]
    place[last] = None
    return changed


@pytest.mark.parametrize(
    ("place", "basis"),
    [(place, basis) for place in ("scope2", "totals", "scope3.fuel_and_energy") for basis in BASES],
)
def test_one_method_alone_is_refused(place: str, basis: str) -> None:
    """Both are shown, always."""
    pointer = f"/emissions/1/{place.replace('.', '/')}/{basis}"
    assert refused(answer(), without(f"{place}.{basis}")) == [(pointer, "DUAL_REPORTING_REQUIRED")]


def test_an_unverified_instrument_is_refused() -> None:
    """The pointer is at it, wherever it stands."""
    bare = {"id": "b", "type": "go", "kwh": 100, "technology": "wind", "market": "FR"}
    unattested = answer(instruments=[GO, bare])
    assert refused(answer(), unattested) == [
        ("/emissions/1/scope2/market_based/instruments/1", "DISCLOSURE_UNVERIFIED")
    ]


@pytest.mark.parametrize(
    ("period", "inside"),
    [
        ({"start": "2025-01-01", "end": "2026-01-01"}, True),
        ({"start": "2025-06-01T00:00:00+02:00", "end": "2025-07-01"}, True),
        ({"start": "2024-12-31", "end": "2025-02-01"}, False),
        ({"start": "2025-12-01", "end": "2026-01-01T00:00:01Z"}, False),
    ],
)
def test_answers_lie_within_the_period(period: Json, *, inside: bool) -> None:
    """An end at the end is inside: it is not part of the period."""
    emissions = answer(period=period)
    if inside:
        assert disclosed(emissions).boundary.answers == 1
    else:
        assert refused(emissions) == [("/emissions/0/period", "PERIOD_INVALID")]


def test_a_period_that_is_none_is_refused() -> None:
    """That of the disclosure itself, and of its base year."""
    upside_down = {"start": "2026-01-01", "end": "2025-01-01"}
    assert refused(answer(), period=upside_down) == [("/period", "PERIOD_INVALID")]
    faults = refused(answer(), base_year=earlier(period=upside_down))
    assert faults == [("/base_year/period", "PERIOD_INVALID")]


def test_every_fault_of_every_answer_is_told() -> None:
    """Edited fingerprint, edited sum, wrong category, all at once."""
    first, second = copy.deepcopy(answer()), copy.deepcopy(answer())
    first["methodology"]["fingerprint"] = "mf1:0"
    first["scope2"]["location_based"]["inventory_category"] = "scope3.cat1"
    second["totals"]["market_based"]["kg_co2e"] = 1
    assert refused(first, second) == [
        ("/emissions/0/methodology/fingerprint", "FIELDS_CONFLICT"),
        ("/emissions/0/scope2/location_based/inventory_category", "FIELDS_CONFLICT"),
        ("/emissions/1/totals/market_based/kg_co2e", "FIELDS_CONFLICT"),
    ]


def test_a_recalculated_baseline_needs_its_original() -> None:
    """How far it moved is part of the disclosure; and both are of one time."""
    assert refused(answer(), recalculated_baseline=earlier()) == [("/base_year", "FIELDS_CONFLICT")]
    other = earlier(period={"start": "2023-01-01", "end": "2024-01-01"})
    faults = refused(answer(), base_year=earlier(), recalculated_baseline=other)
    assert faults == [("/recalculated_baseline/period", "PERIOD_INVALID")]


def test_an_edited_base_year_is_refused() -> None:
    """Its methodologies carry fingerprints too."""
    lines = earlier()["methodologies"]
    lines[0]["parameters"]["matching"] = "hourly"
    pointers = [pointer for pointer, _ in refused(answer(), base_year=earlier(methodologies=lines))]
    assert pointers == ["/base_year/methodologies/0/fingerprint", "/base_year/methodologies/0/parameters_hash"]
