"""Numbers that record what is done with them, so that a calculation can be run again on others without its program.

A calculation that is given `Number`s instead of floats runs as always, on their values, and leaves a tape: each
operation, and each comparison with its outcome. Played on other values the tape gives, bit for bit, what the program
would give, as long as every comparison has the outcome that was recorded; else it gives nothing. What cannot be
recorded (a float made of a number, a number as the key of a dictionary) raises TypeError, so that nothing is lost in
silence.
"""

import math
import operator
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct

Played = tuple[Any, ...]
"""Results of one run: floats, then texts."""
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_MARK = secrets.token_hex(8)
"""Stands around a number's name in text; nobody outside knows it, so no text sent can pass for it."""


class _Step(Struct, frozen=True, gc=False):
    target: str | None
    """What is set; none for a comparison whose outcome must hold."""
    text: str
    reads: tuple[str, ...]


class Number:
    """A number on a tape: its value in this run, and its name on the tape."""

    __slots__ = ("name", "tape", "value")

    def __init__(self, tape: "Tape", name: str, value: float) -> None:
        self.tape = tape
        self.name = name
        self.value = value

    def __add__(self, other: Any) -> Any:
        return self.tape.operation("+", self, other)

    def __radd__(self, other: Any) -> Any:
        return self.tape.operation("+", other, self)

    def __sub__(self, other: Any) -> Any:
        return self.tape.operation("-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return self.tape.operation("-", other, self)

    def __mul__(self, other: Any) -> Any:
        return self.tape.operation("*", self, other)

    def __rmul__(self, other: Any) -> Any:
        return self.tape.operation("*", other, self)

    def __truediv__(self, other: Any) -> Any:
        return self.tape.operation("/", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.tape.operation("/", other, self)

    def __abs__(self) -> "Number":
        return self.tape.result(f"abs({self.name})", abs(self.value), (self.name,))

    def __lt__(self, other: Any) -> Any:
        return self.tape.comparison("<", self, other)

    def __le__(self, other: Any) -> Any:
        return self.tape.comparison("<=", self, other)

    def __gt__(self, other: Any) -> Any:
        return self.tape.comparison(">", self, other)

    def __ge__(self, other: Any) -> Any:
        return self.tape.comparison(">=", self, other)

    def __eq__(self, other: object) -> Any:
        return self.tape.comparison("==", self, other)

    def __ne__(self, other: object) -> Any:
        return self.tape.comparison("!=", self, other)

    __hash__ = None  # type: ignore[assignment]  # a key would freeze the value

    def __bool__(self) -> bool:
        return bool(self != 0.0)

    def __floor__(self) -> int:
        whole = math.floor(self.value)
        self.tape.demand(f"{whole}<={self.name}<{whole + 1}", (self.name,))
        return whole

    def __format__(self, spec: str) -> str:
        return self.tape.mark(self, spec)

    def fsum(self, parts: Iterable[Any]) -> Any:
        """Correctly rounded sum of numbers, of which this is one."""
        return self.tape.sum(parts)


class Tape:
    """What one run did."""

    def __init__(self) -> None:
        self.inputs: list[Number] = []
        self.texts: list[str] = []
        """Expressions of numbers that were written into text."""
        self._steps: list[_Step] = []
        self._known: dict[str, Number] = {}
        self._demanded: set[str] = set()

    def input(self, value: float) -> Number:
        """The next number that a run is given."""
        number = Number(self, f"x{len(self.inputs)}", value)
        self.inputs.append(number)
        return number

    def operation(self, sign: str, left: Any, right: Any) -> Any:
        """Record an operation of two; a number times or over one is itself."""
        if not (_is_number(left) and _is_number(right)):
            return NotImplemented
        if type(right) is float and right == 1.0 and sign in "*/":
            return left
        if type(left) is float and left == 1.0 and sign == "*":
            return right
        value = _OPERATORS[sign](_value(left), _value(right))
        return self.result(f"{_text(left)}{sign}{_text(right)}", value, _names(left, right))

    def comparison(self, sign: str, left: Any, right: Any) -> Any:
        """The outcome, which every run must have; nothing else than a number equals one."""
        if not _is_number(right):
            return NotImplemented
        holds = _OPERATORS[sign](_value(left), _value(right))
        text = f"{_text(left)}{sign}{_text(right)}"
        self.demand(text if holds else f"not {text}", _names(left, right))
        return holds

    def demand(self, text: str, reads: tuple[str, ...]) -> None:
        """Record what must hold in every run."""
        if text not in self._demanded:
            self._demanded.add(text)
            self._steps.append(_Step(None, text, reads))

    def result(self, text: str, value: float, reads: tuple[str, ...]) -> Number:
        """The number that an expression gives; an expression that stood before gives the same."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = Number(self, f"t{len(self._known)}", value)
            self._steps.append(_Step(known.name, text, reads))
        return known

    def sum(self, parts: Iterable[Any]) -> Any:
        """Correctly rounded sum; of one or two it is their sum, and never a negative zero."""
        listed = [part for part in parts if type(part) is not float or part != 0.0]
        if len(listed) <= 2:  # noqa: PLR2004 - IEEE 754 rounds the sum of two correctly
            return sum(listed[1:], listed[0]) + 0.0
        text = f"fsum(({','.join(map(_text, listed))}))"
        return self.result(text, math.fsum(map(_value, listed)), _names(*listed))

    def mark(self, number: Number, spec: str) -> str:
        """What stands in a text in the place of a number."""
        self.texts.append(f"format({number.name},{spec!r})")
        return f"{_MARK}T{len(self.texts) - 1};"

    def compiled(self, results: Sequence[str]) -> Callable[..., Played | None]:
        """The tape as a function of the inputs; it gives the results, or nothing where an outcome differs.

        Args:
            results: names of numbers, and expressions of `texts`.
        """
        needed = {name for name in results if not name.startswith("format")}
        needed |= {text[7:].partition(",")[0] for text in results if text.startswith("format")}
        lines: list[str] = []
        for step in reversed(self._steps):
            if step.target is None:
                lines.append(f" if {_denied(step.text)}: return None")
            elif step.target in needed:
                lines.append(f" {step.target}={step.text}")
            else:
                continue
            needed.update(step.reads)
        names = ",".join(number.name for number in self.inputs)
        body = "\n".join(reversed(lines))
        source = f"def played({names}):\n{body}\n return ({''.join(result + ',' for result in results)})\n"
        scope: dict[str, Any] = {"fsum": math.fsum}
        exec(source, scope)  # noqa: S102 - made of operators, names of this module and floats; of nothing that was sent
        played: Callable[..., Played | None] = scope["played"]
        return played


def marked(name: str) -> str:
    """What stands for a number, or something else by its name, in encoded text."""
    return f"{_MARK}N{name};"


MARKS = rb'"' + _MARK.encode() + rb'N(\w+);"|' + _MARK.encode() + rb"T(\d+);"
"""Pattern of both marks in JSON: a value's name, or the place of a text."""


def _is_number(value: Any) -> bool:
    return isinstance(value, Number) or (isinstance(value, int | float) and math.isfinite(value))


def _value(number: Any) -> float:
    return number.value if isinstance(number, Number) else number


def _text(number: Any) -> str:
    if isinstance(number, Number):
        return number.name
    return repr(float(number)) if number >= 0 else f"({float(number)!r})"


def _names(*numbers: Any) -> tuple[str, ...]:
    return tuple(number.name for number in numbers if isinstance(number, Number))


def _denied(text: str) -> str:
    return text.removeprefix("not ") if text.startswith("not ") else f"not {text}"
