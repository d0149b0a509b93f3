"""An answer that comes back is worked out again: fingerprint, sums, figures."""

import msgspec
import pytest

from service.method.unedited import Method, figures, hash_and_fingerprint, method_faults, sum_faults
from service.model.returned import Returned, ReturnedFactorSet
from tests.returned import GO, Json, answer, every_kind

WORKED = {
    "allocation_method": "time",
    "category_scheme": "ghg_protocol",
    "gwp_set": "AR6",
    "idle_share_of_tdp": 0.1,
    "lifetime_years": 4,
    "matching": "annual",
}
HASH = "17dff9e159446fc071fd98151d5070b0e90710af274f71fdad83e82ed49aa41f"
PRINT = "mf1:472f8e37852d5aa0e36e436f7781aa5272bde115ab1fb4c257380d3c41aaf7ba"


def returned(emissions: Json) -> Returned:
    """As it is read."""
    return msgspec.convert(emissions, Returned)


def test_the_worked_fingerprint() -> None:
    """METHOD section 7; a stated one that is right or absent is no fault, another is."""
    method = Method(
        id="dualscope",
        version="1.0.0",
        factor_set=ReturnedFactorSet(id="embedded", version="2026.1"),
        parameters=WORKED,  # type: ignore[arg-type]
        parameters_hash=HASH,
        fingerprint=PRINT,
    )
    assert hash_and_fingerprint(method) == (HASH, PRINT)
    assert list(method_faults(method, "/m")) == []
    assert list(method_faults(msgspec.structs.replace(method, parameters_hash=None, fingerprint=None), "/m")) == []
    (fault,) = method_faults(msgspec.structs.replace(method, version="2.0.0"), "/m")
    assert (fault.pointer, fault.code) == ("/m/fingerprint", "FIELDS_CONFLICT")


@pytest.mark.parametrize("index", range(8))
def test_every_answer_is_as_it_was_given(index: int) -> None:
    """No kind of answer is suspected."""
    assert list(sum_faults(returned(every_kind()[index]), "")) == []


def test_a_total_may_have_lost_its_last_digits() -> None:
    """12 of them are enough; 6 are not."""
    emissions = answer()
    total = emissions["totals"]["location_based"]
    exact = total["kg_co2e"]
    total["kg_co2e"] = float(f"{exact:.12g}")
    assert list(sum_faults(returned(emissions), "")) == []
    total["kg_co2e"] = exact * (1 + 1e-6)
    assert [fault.pointer for fault in sum_faults(returned(emissions), "")] == ["/totals/location_based/kg_co2e"]


def test_figures_by_basis() -> None:
    """1000 kWh at .4 and .5; Category 3 follows its basis."""
    found = [figures(returned(answer()), basis) for basis in ("location_based", "market_based")]
    assert found[0]["scope2.location_based"] == 400
    assert found[1]["scope2.market_based"] == 500
    assert found[0]["scope3.fuel_and_energy"] != found[1]["scope3.fuel_and_energy"]


EDITS = {
    "facility energy": (("energy", "facility_kwh"), 720.0, "/energy/facility_kwh"),
    "instruments": (("scope2", "market_based", "instruments"), [], "/scope2/market_based/covered_kwh"),
    "covered energy": (("scope2", "market_based", "covered_kwh"), 100.0, "/energy/facility_kwh"),
    "coverage": (("scope2", "market_based", "coverage_share"), 0.9, "/scope2/market_based/coverage_share"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_energy_and_instruments_fit_together(edit: tuple[tuple[str, ...], object, str]) -> None:
    """1000 kWh × PUE 1.2 = 1200 kWh, 300 of them covered: none of it can be changed alone."""
    (*place, name), value, pointer = edit
    emissions = answer(energy={"kwh": 1000}, pue=1.2, instruments=[GO], market={"quality_policy": "strict"})
    assert list(sum_faults(returned(emissions), "")) == []
    inner = emissions
    for step in place:
        inner = inner[step]
    inner[name] = value
    assert pointer in {fault.pointer for fault in sum_faults(returned(emissions), "")}
