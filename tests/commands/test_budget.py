"""`--budget-kg`: the answer is printed whatever the verdict, and the exit code is the verdict."""

from typing import Any

import msgspec
import pytest

from service.commands.budget import Basis, Budget, judged
from service.model.result import Emissions

JOB = ["estimate", "--region", "FR", "--kwh", "5"]


@pytest.fixture
def emissions(run: Any) -> Emissions:
    """5 kWh in France: 0.3659 kg CO2e with location-based Scope 2, 0.2613 with market-based."""
    return msgspec.json.decode(run(*JOB, "--json").answer, type=Emissions)


@pytest.mark.parametrize(
    ("basis", "most", "code"),
    [
        ("location_based", 0.36, 3),
        ("location_based", 0.37, 0),
        ("market_based", 0.26, 3),
        ("market_based", 0.27, 0),
        ("larger", 0.36, 3),
        ("larger", 0.37, 0),
    ],
)
def test_a_total_is_held_against_it(basis: Basis, most: float, code: int, emissions: Emissions) -> None:
    """One of the two, or the larger, which is 0.3659 kg CO2e; as much as planned is not above."""
    assert judged(emissions, Budget(most, basis)).code == code
    total = emissions.totals.location_based.kg_co2e
    assert judged(emissions, Budget(total, "location_based")).code == 0


def test_electricity_that_is_missing_is_not_a_budget_kept(emissions: Emissions) -> None:
    """A total without Scope 2 cannot be judged; it is code 4, unless what is there is too much already."""
    replace = msgspec.structs.replace
    total = replace(emissions.totals.location_based, missing=["scope2.location_based"])
    lacking = replace(emissions, totals=replace(emissions.totals, location_based=total))
    verdict = judged(lacking, Budget(1, "location_based"))
    assert verdict.code == 4
    assert verdict.lines[0] == "budget: scope2.location_based is not known, and so not in the total"
    assert judged(lacking, Budget(0.1, "location_based")).code == 3


def test_the_answer_is_printed_and_the_excess_is_told(run: Any) -> None:
    """0.3659 − 0.1 = 0.2659 kg CO2e over; what is missing is warned of."""
    code, answer, told = run(*JOB, "--budget-kg", "0.1")
    assert code == 3
    assert "Scope 2, location-based" in answer
    assert told == [
        "dualscope: budget: scope3.embodied is not known, and so not in the total",
        "dualscope: budget: scope3.infrastructure is not known, and so not in the total",
        "dualscope: budget exceeded: 0.3659 kg CO2e with location-based Scope 2, 0.2659 kg over the 0.1 kg planned",
    ]


def test_the_environment_may_set_it_and_a_flag_goes_before(run: Any) -> None:
    """Budget and basis; a variable that is empty sets nothing."""
    variables = {"DUALSCOPE_BUDGET_KG": "0.3", "DUALSCOPE_BUDGET_BASIS": "market_based"}
    assert run(*JOB, **variables).code == 0  # 0.2613
    assert run(*JOB, "--budget-basis", "larger", **variables).code == 3  # 0.3659
    assert run(*JOB, "--budget-kg", "0.2", **variables).code == 3
    assert run(*JOB, DUALSCOPE_BUDGET_KG=" ").told == []


@pytest.mark.parametrize(
    ("words", "variables", "told"),
    [
        (["--budget-kg", "-1"], {}, "argument --budget-kg: -1 is below 0"),
        (["--budget-kg", "nan"], {}, "argument --budget-kg: 'nan' is no number"),
        (["--budget-basis", "larger"], {}, "--budget-basis: there is no budget; give --budget-kg too"),
        ([], {"DUALSCOPE_BUDGET_KG": "ten"}, "DUALSCOPE_BUDGET_KG: 'ten' is no number"),
        (["--budget-kg", "1"], {"DUALSCOPE_BUDGET_BASIS": "both"}, "DUALSCOPE_BUDGET_BASIS: 'both' is not one of"),
    ],
)
def test_a_budget_without_sense_is_told(words: list[str], variables: dict[str, str], told: str, run: Any) -> None:
    """Exit code 2, and nothing is estimated."""
    code, answer, lines = run(*JOB, *words, **variables)
    assert (code, answer) == (2, "")
    assert lines[0].startswith(f"dualscope: {told}")
