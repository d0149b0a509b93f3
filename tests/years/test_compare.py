"""Whether two years compare, what moved, and what is refused."""

import copy
import math
from typing import Any

import msgspec
import pytest

from service.errors import Refused
from service.method.fingerprint import fingerprint, parameters_hash
from service.model.comparison import ComparisonRequest, YearComparison
from service.years import compare
from tests.returned import answer, cloud, every_kind, spend
from tests.workloads import FLAT, about

Json = dict[str, Any]
LAST_YEAR = {"start": "2024-01-01", "end": "2025-01-01"}


def compared(baseline: Json, current: Json, **more: Any) -> YearComparison:
    """The comparison of two sides as they are sent."""
    body = msgspec.json.encode({"baseline": baseline, "current": current, **more})
    return compare(msgspec.json.decode(body, type=ComparisonRequest))


def refused(baseline: Json, current: Json, **more: Any) -> list[tuple[str, str]]:
    """The faults of a comparison, (pointer, code)."""
    with pytest.raises(Refused) as why:
        compared(baseline, current, **more)
    return [(fault.pointer, fault.code) for fault in why.value.faults]


def of(emissions: Json, **more: Any) -> Json:
    """A side that is an answer."""
    return {"emissions": emissions, **more}


def by_hand(**changed: Any) -> Json:
    """A side by hand: 1000 kWh, 400 kg."""
    methodology = {"id": "dualscope", "version": "1.0.0", "factor_set": {"id": "e", "version": "1"}, "parameters": {}}
    return {"period": LAST_YEAR, "energy_kwh": 1000, "kg_co2e": 400, "methodology": methodology} | changed


@pytest.mark.parametrize("basis", ["location_based", "market_based"])
def test_every_answer_compares_with_itself(basis: str) -> None:
    """No kind of answer moves beside itself, on either basis; nothing of it is refused."""
    for emissions in every_kind():
        found = compared(of(emissions, basis=basis), of(emissions, basis=basis))
        assert (found.status, found.delta_kg_co2e, found.differences, found.warnings) == ("comparable", 0.0, [], [])
        assert [line.delta_kg_co2e for line in found.lines] == [0.0] * len(found.lines)


def test_swapping_the_years_negates_every_delta() -> None:
    """What went up comes down."""
    first, second = of(answer(period=LAST_YEAR, energy={"kwh": 700})), of(answer())
    there, back = compared(first, second), compared(second, first)
    assert there.delta_kg_co2e is not None
    assert back.delta_kg_co2e == -there.delta_kg_co2e != 0
    deltas = [(line.delta_kg_co2e, other.delta_kg_co2e) for line, other in zip(there.lines, back.lines, strict=True)]
    assert all(up is not None and down is not None and up == -down for up, down in deltas)


def test_the_lines_add_up() -> None:
    """Compared is Scope 2 and Category 3, the total all figures; each delta is that of the two numbers beside it."""
    gpus = {"accelerator": "nvidia-h100-sxm", "accelerators": 8}
    before = answer(deployment="owned", hardware=gpus, period=LAST_YEAR)
    found = compared(of(before), of(answer(deployment="owned", hardware=gpus, energy={"kwh": 1700.3})))
    lines = {line.figure: line for line in found.lines}
    assert list(lines) == ["scope2.location_based", "scope3.fuel_and_energy", "scope3.embodied", "compared", "total"]
    for year in ("baseline_kg_co2e", "current_kg_co2e"):
        parts = [getattr(line, year) for line in found.lines[:3]]
        assert getattr(lines["compared"], year) == math.fsum(parts[:2])
        assert getattr(lines["total"], year) == math.fsum(parts)
    assert all(line.delta_kg_co2e == line.current_kg_co2e - line.baseline_kg_co2e for line in found.lines)  # type: ignore[operator]
    assert found.activity_effect_kg_co2e is not None
    assert found.factor_effect_kg_co2e is not None
    assert found.activity_effect_kg_co2e + found.factor_effect_kg_co2e == about(found.delta_kg_co2e or math.nan)


def test_the_basis_that_one_side_names_holds_for_both() -> None:
    """Market-based: 1000 × .5 = 500 kg in Scope 2, and not 400."""
    found = compared(of(answer(), basis="market_based"), of(answer()))
    assert found.basis == "market_based"
    assert found.lines[0].current_kg_co2e == 500


def test_a_figure_by_hand_compares_with_an_answer() -> None:
    """Where the methods are the same; there is no total then."""
    emissions = answer()
    side = by_hand(methodology=emissions["methodology"])
    found = compared(side, of(emissions))
    assert (found.status, [line.figure for line in found.lines]) == ("comparable", ["compared"])


def test_only_the_factor_set_differs() -> None:
    """The delta is split, and said to be."""
    emissions = answer()
    newer = copy.deepcopy(emissions)
    method = newer["methodology"]
    method["factor_set"]["version"] = "2027.1"
    method["fingerprint"] = fingerprint("embedded@2027.1", method["parameters_hash"])
    found = compared(of(emissions), of(newer))
    assert found.status == "comparable_factor_update"
    pointer = "/current/emissions/methodology/factor_set"
    assert [(warning.code, warning.pointer) for warning in found.warnings] == [("YOY_FACTOR_UPDATE", pointer)]


@pytest.mark.parametrize(
    ("changed", "parameter"),
    [
        ({"deployment": "leased"}, "deployment"),
        ({"factors": FLAT | {"upstream_kg_co2e_per_kwh": 0.05}}, "user_factors"),
        ({"market": {"quality_policy": "strict"}}, "quality_policy"),
        ({"allocation": {"category_scheme": "guide"}}, "category_scheme"),
        ({"hardware": {"accelerator": "nvidia-h100-sxm"}}, "figures"),
    ],
)
def test_another_method_does_not_compare(changed: Json, parameter: str) -> None:
    """Any parameter, the boundary among them; every difference has both values, every delta is null."""
    found = compared(of(answer()), of(answer(**changed)))
    assert found.status == "not_comparable"
    assert parameter in {difference.parameter for difference in found.differences}
    assert (
        {line.delta_kg_co2e for line in found.lines} == {None} == {found.delta_kg_co2e, found.activity_effect_kg_co2e}
    )
    assert [warning.code for warning in found.warnings] == ["YOY_NOT_COMPARABLE"]


def test_another_region_is_activity() -> None:
    """Moving the work is what a company does, not how it counts."""
    assert compared(of(answer(region="DE")), of(answer())).status == "comparable"


def test_a_recalculated_baseline_takes_its_place() -> None:
    """The base year moves by the hardware that now counts; both totals are shown, and what the reason was."""
    gpus = {"accelerator": "nvidia-h100-sxm", "accelerators": 8}
    old, new = answer(period=LAST_YEAR), answer(period=LAST_YEAR, hardware=gpus)
    found = compared(of(old), of(answer(hardware=gpus)), recalculated_baseline=of(new))
    assert (found.status, found.compared_with) == ("comparable", "recalculated_baseline")
    moved = found.recalculation
    assert moved is not None
    assert moved.figure == "total"
    assert moved.shift_kg_co2e == about(new["scope3"]["embodied"]["kg_co2e"])
    assert moved.passes_threshold
    assert "figures" in {difference.parameter for difference in moved.differences}
    lenient = compared(
        of(old), of(answer(hardware=gpus)), recalculated_baseline=of(new), recalculation_threshold_share=1
    )
    assert lenient.recalculation is not None
    assert not lenient.recalculation.passes_threshold


@pytest.mark.parametrize(("missing", "lengths"), [("both", "both_missing"), ("one", "one_missing")])
def test_periods_that_are_not_known(missing: str, lengths: str) -> None:
    """Without any the sender knows; with one the lengths cannot be held together."""
    bare = answer(period=None)
    found = compared(of(bare), of(bare if missing == "both" else answer()))
    assert found.periods == lengths
    assert (found.delta_kg_co2e is None) is (missing == "one")


def test_spend_compares_without_effects() -> None:
    """There is no energy in it."""
    found = compared(of(spend()), of(spend()))
    assert (found.figure, found.effects_reason) == ("scope3.spend_based", "the energy of a year is not known")


def test_a_year_without_energy_but_emissions_has_no_effects() -> None:
    """F of the current year is undefined then."""
    found = compared(by_hand(), by_hand(energy_kwh=0))
    assert found.delta_kg_co2e == 0
    assert found.effects_reason is not None


def edited(path: str, value: Any) -> Json:
    """An answer with one place changed."""
    changed = copy.deepcopy(answer())
    *steps, last = path.split(".")
    place = changed
    for step in steps:
        place = place[step]
    place[last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "pointer"),
    [
        ("methodology.fingerprint", "mf1:0", "methodology/fingerprint"),
        ("methodology.parameters_hash", "0", "methodology/parameters_hash"),
        ("methodology.version", "1.0.1", "methodology/fingerprint"),
        ("methodology.factor_set.version", "2027.1", "methodology/fingerprint"),
        ("totals.market_based.kg_co2e", 1.0, "totals/market_based/kg_co2e"),
        ("scope2.location_based.kg_co2e", 1.0, "totals/location_based/kg_co2e"),
    ],
)
def test_an_edited_answer_is_refused(path: str, value: Any, pointer: str) -> None:
    """A comparison that rests on it would look right and be wrong."""
    assert (f"/current/emissions/{pointer}", "FIELDS_CONFLICT") in refused(of(answer()), of(edited(path, value)))


def test_a_figure_that_was_taken_out_is_missed() -> None:
    """The parameters name the figures."""
    without = edited("scope3.fuel_and_energy", None)
    faults = refused(of(answer()), of(without))
    assert ("/current/emissions/methodology/parameters/figures", "FIELDS_CONFLICT") in faults


def test_parameters_come_back_as_any_client_writes_them() -> None:
    """4 for 4.0 and another order of keys are the same parameters; 0.10 is 0.1."""
    sent = answer(deployment="owned", hardware={"accelerator": "nvidia-h100-sxm"})
    other = copy.deepcopy(sent)
    parameters = other["methodology"]["parameters"]
    other["methodology"]["parameters"] = {name: parameters[name] for name in reversed(parameters)} | {
        "lifetime_years": 4,
        "hours_per_year": 8760,
        "figures": list(reversed(parameters["figures"])),
    }
    assert compared(of(sent), of(other)).status == "comparable"


@pytest.mark.parametrize(
    ("baseline", "faults"),
    [
        ({}, [("/baseline", "FIELDS_CONFLICT")]),
        (
            {"energy_kwh": 1},
            [(f"/baseline/{name}", "FIELDS_CONFLICT") for name in ("kg_co2e", "methodology", "period")],
        ),
        (by_hand(emissions="answer"), [(f"/baseline/{name}", "FIELDS_CONFLICT") for name in sorted(by_hand())]),
        (by_hand(period={"start": "2025-01-01", "end": "2024-01-01"}), [("/baseline/period", "PERIOD_INVALID")]),
        (by_hand(period={"start": "2025-02-30", "end": "2026-01-01"}), [("/baseline/period", "PERIOD_INVALID")]),
    ],
)
def test_exactly_one_form(baseline: Json, faults: list[tuple[str, str]]) -> None:
    """An answer, or all of the four; every fault is told."""
    if "emissions" in baseline:
        baseline = baseline | {"emissions": answer()}
    assert refused(baseline, by_hand()) == faults


def test_two_bases_are_no_pair() -> None:
    """Location and market are alternatives."""
    sides = (of(answer(), basis="market_based"), by_hand(basis="location_based"))
    assert refused(*sides) == [("/current/basis", "FIELDS_CONFLICT")]


def test_a_recalculated_baseline_is_of_the_baselines_period() -> None:
    """Another year is another activity."""
    other = by_hand(period={"start": "2023-01-01", "end": "2024-01-01"})
    faults = refused(by_hand(), by_hand(), recalculated_baseline=other)
    assert faults == [("/recalculated_baseline/period", "PERIOD_INVALID")]


def test_a_stated_hash_by_hand_is_checked() -> None:
    """As in an answer; without one there is nothing to check."""
    stated = by_hand()["methodology"]
    right = stated | {"parameters_hash": parameters_hash({}), "fingerprint": fingerprint("e@1", parameters_hash({}))}
    assert compared(by_hand(methodology=right), by_hand()).status == "comparable"
    wrong = by_hand(methodology=right | {"parameters": {"matching": "hourly"}})
    assert [pointer for pointer, _ in refused(wrong, by_hand())] == [
        "/baseline/methodology/fingerprint",
        "/baseline/methodology/parameters_hash",
    ]


def test_cloud_is_no_other_figure() -> None:
    """The compared figure of a cloud answer is its workload's Scope 2, whoever books it."""
    emissions = cloud()
    found = compared(of(emissions), of(emissions))
    parts = (emissions["scope2"]["location_based"], emissions["scope3"]["fuel_and_energy"]["location_based"])
    assert found.baseline.kg_co2e == math.fsum(part["kg_co2e"] for part in parts)
