"""A calculation that was recorded gives the same again on other numbers, or nothing; and what it cannot hold raises."""

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.method import embodied, energy, fuel_and_energy, market, numeric, uncertainty
from service.plans.tape import MARKS, Number, Tape, marked

numbers = st.floats(0, 1e9)
Calculation = Callable[..., Any]


def recorded(calculation: Calculation, *values: float) -> tuple[Any, Calculation]:
    """What a calculation gives, and the tape of it as a function."""
    tape = Tape()
    result = calculation(*map(tape.input, values))
    played = tape.compiled([result.name])
    return result, lambda *others: (played(*others) or (None,))[0]


CALCULATIONS: dict[str, Calculation] = {
    "signs": lambda a, b: a + b - 2.0 * a / (b + 1.0),
    "a constant first": lambda a, b: 3.0 - a + 0.1 * b,
    "one over": lambda a, b: 1.0 / (a + 1.0) - b,
    "below zero": lambda a, b: a * -0.5 + b,
    "a sum": lambda a, b: numeric.total([a, b, 0.1, a]),
    "a sum of two": lambda a, b: numeric.total(x * 1.5 for x in (a, b)),
    "a sum of one": lambda a, b: numeric.total([a, 0.0]) + b,
    "distance": lambda a, b: abs(a - b) + abs(b),
    "life": embodied.counted_hours,
    "rate": embodied.device_hour_kg_co2e,
    "plug": energy.it_energy_kwh,
    "counted": market.counted_share,
    "left": market.left_kwh,
    "greatest": numeric.greatest,
    "ratio": numeric.ratio,
    "upstream": fuel_and_energy.upstream_kg_co2e,
}


@pytest.mark.parametrize("calculation", CALCULATIONS.values(), ids=CALCULATIONS)
@given(first=numbers, second=numbers, other=numbers, another=numbers)
def test_a_tape_gives_what_the_calculation_gives_or_nothing(
    calculation: Calculation, first: float, second: float, other: float, another: float
) -> None:
    """On the numbers it was made with to the last bit; on others the same, unless a comparison comes out otherwise."""
    values = (first, second, 0.5)[: calculation.__code__.co_argcount]
    others = (other, another, 0.25)[: calculation.__code__.co_argcount]
    try:
        expected, result = calculation(*values), None
        result, played = recorded(calculation, *values)
    except ZeroDivisionError:
        return
    except AttributeError:  # a constant came out: no number is on the tape to play
        assert result is None or not isinstance(result, Number)
        return
    assert played(*values) == expected == result.value
    try:
        again = played(*others)
        assert again is None or again == calculation(*others)
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            calculation(*others)


def test_a_comparison_that_comes_out_differently_gives_nothing() -> None:
    """min(hours, life) was the hours: where it would be the life the tape is silent."""
    _, played = recorded(lambda hours: numeric.least(hours, 100.0) * 2.0, 60.0)
    assert played(60.0) == 120
    assert played(99.0) == 198
    assert played(100.0) is None
    assert played(101.0) is None


def test_truth_is_a_comparison_with_zero() -> None:
    """`if kwh:` was recorded for a number that is not 0."""
    _, played = recorded(lambda kwh: kwh * 2.0 if kwh else kwh + 7.0, 3.0)
    assert played(4.0) == 8
    assert played(0.0) is None


def test_a_floor_is_held() -> None:
    """math.floor gives an integer to count with, which holds from there up to the next."""
    _, played = recorded(lambda score: score * math.floor(score), 2.7)
    assert played(2.2) == pytest.approx(4.4)
    assert played(3.0) is None
    assert played(1.999) is None


def test_grades_of_a_sum_are_held() -> None:
    """The emission-weighted grade of 38 kg B and 20 kg D is C: (38·2 + 20·4) / 58 = 2.69; of 38 and 2 kg it is B."""
    tape = Tape()
    grade, worst = uncertainty.weighted([tape.input(38.0), tape.input(20.0)], ["B", "D"])
    assert (grade, worst) == ("C", "D")
    played = tape.compiled(["x0"])
    assert played(38.0, 20.0) == (38.0,)
    assert played(38.0, 2.0) is None


USES: dict[str, Calculation] = {
    "float": float,
    "int": int,
    "square root": math.sqrt,
    "in a set": lambda number: {number},
    "as a key": lambda number: {number: 1},
    "as an index": lambda number: [1, 2][number],
    "power": lambda number: number**2,
    "whole division": lambda number: number // 2,
    "beside text": lambda number: number < "1",
    "infinity": lambda number: number + math.inf,
    "text": lambda number: number + "1",
    "round": round,
    "a method of floats": lambda number: number.is_integer(),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_what_a_tape_cannot_hold_raises(use: Callable[[Any], Any]) -> None:
    """Nothing becomes a fixed number in silence."""
    with pytest.raises((TypeError, AttributeError)):
        use(Tape().input(1.0))


def test_a_number_equals_numbers_alone() -> None:
    """`None`, text and other things are not equal to it, and that is true of every run."""
    tape = Tape()
    number = tape.input(1.0)
    assert (number == None) is False  # noqa: E711 - a tuple of fields is compared so
    assert (number == "1") is False
    assert (number,) != (None,)
    assert tape.compiled(["x0"])(5.0) == (5.0,)


def test_a_number_in_text_is_written_anew() -> None:
    """`{hours:.12g}` in a warning is the hours of each run."""
    tape = Tape()
    text = f"150 W for each of {tape.input(2.0):.12g} h"
    (gap,) = re.finditer(MARKS, text.encode())
    played = tape.compiled([tape.texts[int(gap[2])]])
    assert played(0.1 + 0.2) == ("0.3",)


def test_marks_are_found_in_json() -> None:
    """A name in quotes stands for a value, whatever it stands between."""
    (gap,) = re.finditer(MARKS, f'{{"kg": "{marked("t12")}"}}'.encode())
    assert gap[1] == b"t12"
    assert gap[0].startswith(b'"')
    assert gap[0].endswith(b'"')


def test_what_nobody_needs_is_left_out() -> None:
    """Steps whose result is not asked for are not done again: here a division by zero."""
    tape = Tape()
    left, right = tape.input(1.0), tape.input(2.0)
    needed = left + right
    _ = left / right
    assert tape.compiled([needed.name])(1.0, 0.0) == (1.0,)
