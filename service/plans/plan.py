"""A plan: the arithmetic of one kind of workload as a tape, and its answer as a form with gaps for the numbers."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from service.errors import DualscopeError, Refused
from service.estimate import estimate
from service.model.resolved import Resolved
from service.model.result import Emissions
from service.model.workload import Workload
from service.plans.reading import Reading, reading, scores_of
from service.plans.shape import Shape, refilled
from service.plans.tape import MARKS, Number, Played, Tape, marked

_encode = msgspec.json.Encoder().encode
_ECHOED = ("id", "tags", "period")
"""Fields of a workload that its answer repeats, in the order of the answer."""
_NUDGE = 2.0**-26
"""How much smaller, each by another multiple, numbers are on which a plan is tried: above what doubles can show."""


class Unplanned(DualscopeError):
    """No plan can be made of a workload."""


class Echo:
    """A field that is only repeated: whatever else is done with it raises."""

    __slots__ = ("name",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str) -> None:
        self.name = name

    def __bool__(self) -> bool:
        raise Unplanned(self.name)

    def __eq__(self, other: object) -> bool:
        raise Unplanned(self.name)


class Form(Struct, frozen=True, gc=False):
    """An answer's JSON with gaps: what is repeated, then numbers, then numbers within text."""

    parts: list[bytes]
    """Fixed text at even places, gaps at odd ones."""
    echoed: tuple[str, ...]
    numbers: int

    def filled(self, workload: Workload, results: Played, texts: Sequence[str]) -> list[bytes]:
        """The answer of one run, in pieces."""
        values = [_encode(getattr(workload, name)) for name in self.echoed]
        if self.numbers:
            values += _encode(results[: self.numbers])[1:-1].split(b",")
        values += [text.encode() for text in texts]
        parts = self.parts.copy()
        parts[1::2] = values
        return parts


class Plan(Struct, frozen=True, gc=False):
    """What was worked out for one kind of workload in one context."""

    resolved: Resolved
    played: Callable[..., Played | None]
    whole: Form
    short: Form
    """Its sources are null."""
    texts: int
    """Where the texts begin among the results."""
    reading: Reading

    def pieces(self, workload: Workload, results: Played, *, sources: bool) -> list[bytes]:
        """The answer of one run as JSON, in pieces."""
        form = self.whole if sources else self.short
        return form.filled(workload, results, results[self.texts :])


def plan_of(workload: Workload, resolved: Resolved, shape: Shape) -> Plan | None:
    """The plan that this workload makes; nothing where it has what no plan can hold.

    It is tried before it is given: on the workload itself, and on one whose numbers all differ a little from these. A
    number that had become fixed by mistake would show there.
    """
    try:
        plan = _made(workload, resolved)
    except (Unplanned, Refused, TypeError, AttributeError):  # a number used as none; an echo that was looked into
        return None
    nudged = [number * (1.0 - _NUDGE * (index + 1)) for index, number in enumerate(shape.numbers)]
    both = all(_true(plan, workload, resolved, numbers) for numbers in (shape.numbers, nudged))
    return plan if both else None


def _made(workload: Workload, resolved: Resolved) -> Plan:
    tape = Tape()
    of_tape, when = refilled(workload, tape.input)
    echoes: Any = {name: Echo(name) for name in _ECHOED if name != "period" or when is not None}
    emissions = estimate(replace(of_tape, **echoes), resolved, when)
    whole, names, texts = _form(emissions)
    short, shorter, _ = _form(replace(emissions, sources=None))
    if names[: len(shorter)] != shorter:
        raise Unplanned("numbers of sources do not stand last")
    alike = [one if one == other else other for one, other in zip(whole.parts, short.parts, strict=False)]
    short = replace(short, parts=alike)  # the same objects, where they are the same
    names += [score.name for score in scores_of(emissions) if isinstance(score, Number)]
    results = [*names, *(tape.texts[index] for index in texts)]
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    return Plan(
        resolved=resolved,
        played=tape.compiled(results),
        whole=whole,
        short=short,
        texts=len(names),
        reading=reading(emissions, places),
    )


def _form(emissions: Emissions) -> tuple[Form, list[str], list[int]]:
    """The answer's form, the names of its numbers and the places of its texts, in order."""
    encoded = msgspec.json.encode(emissions, enc_hook=lambda gap: marked(gap.name))
    parts: list[bytes] = []
    echoed: list[str] = []
    names: list[str] = []
    texts: list[int] = []
    end = 0
    for gap in re.finditer(MARKS, encoded):
        parts += (encoded[end : gap.start()], b"")
        end = gap.end()
        name = (gap[1] or b"").decode()
        if gap[2] is not None:
            texts.append(int(gap[2]))
        elif name in _ECHOED and not names and not texts:
            echoed.append(name)
        elif name in _ECHOED or texts:
            raise Unplanned("gaps stand in another order")
        else:
            names.append(name)
    parts.append(encoded[end:])
    return Form(parts, tuple(echoed), len(names)), names, texts


def _true(plan: Plan, workload: Workload, resolved: Resolved, numbers: Sequence[float]) -> bool:
    """Whether the plan gives what the estimate gives, byte for byte."""
    results = plan.played(*numbers)
    if results is None:
        return False
    supplied = iter(numbers)
    with_numbers, when = refilled(workload, lambda _: next(supplied))
    emissions = estimate(with_numbers, resolved, when)
    return b"".join(plan.pieces(workload, results, sources=True)) == _encode(emissions)
