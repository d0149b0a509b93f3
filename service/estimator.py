"""An estimate as the bytes of its answer, with what a sum over many of them needs. The one door for all that serve.

Most workloads are of a kind that was seen before: the same context, the same fields, other numbers. For such a kind the
estimate is worked out once, as a plan, and then only its arithmetic is done. A plan gives the same bytes.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from service.estimate import estimate
from service.model.resolved import Resolved
from service.model.result import Emissions
from service.model.workload import Workload
from service.plans.plan import Plan, plan_of
from service.plans.reading import Reading, reading
from service.plans.shape import Shape, shape_of
from service.plans.tape import Played

_encode = msgspec.json.Encoder().encode
_PLANNED_FROM = 16
"""How often a kind is seen before a plan is made for it, which takes as long as some tens of estimates."""
_MOST_KINDS = 8192
_MOST_PLANS = 1024
"""A plan takes some 30 KB."""
_OF_ONE_KIND = 4
"""Its comparisons may come out differently."""


class Estimated(Struct, frozen=True, gc=False):
    """The footprint of one workload, encoded."""

    pieces: list[bytes]
    """An `Emissions` as JSON, cut somewhere: who writes many need not join each."""
    reading: Reading
    """What sums over many need of it, to be read in `results`."""
    results: Played

    @property
    def body(self) -> bytes:
        """An `Emissions` as JSON."""
        return b"".join(self.pieces)

    @property
    def emissions(self) -> Emissions:
        """The answer read again, for other forms than JSON."""
        return msgspec.json.decode(self.body, type=Emissions)

    @property
    def codes(self) -> Sequence[str]:
        """Of its warnings; one that stands at two places stands twice."""
        return self.reading.codes


class _Kind:
    """What is known of workloads of one kind."""

    __slots__ = ("plans", "room", "seen")

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.room = _OF_ONE_KIND
        """How many more plans may be made."""
        self.seen = 0
        """Without a plan that fitted, since the last was made."""


class Estimator:
    """Estimates workloads, and keeps the plans of the kinds that repeat."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[Any, ...], _Kind] = {}
        self.plans = 0
        """How many are kept."""

    def estimated(
        self, workload: Workload, resolved: Resolved, *, sources: bool = True, explain: bool = False
    ) -> Estimated:
        """The footprint of one workload.

        Args:
            workload: what the caller sent.
            resolved: what its context looked up.
            sources: whether the body lists them; else its `sources` is null.
            explain: adds to every figure its arithmetic in one line; for such there are no plans.

        Raises:
            Refused: with every fault of the request.
        """
        shape = shape_of(workload, resolved) if not (resolved.faults or explain) else None
        kind = self._kind(shape) if shape is not None else None
        if shape is not None and kind is not None:
            for plan in kind.plans:
                results = plan.played(*shape.numbers) if plan.resolved is resolved else None
                if results is not None:
                    return Estimated(plan.pieces(workload, results, sources=sources), plan.reading, results)
        emissions = estimate(workload, resolved, explain=explain)
        if shape is not None and kind is not None:
            self._learn(kind, workload, resolved, shape)
        body = _encode(emissions if sources else replace(emissions, sources=None))
        return Estimated([body], reading(emissions), ())

    def _kind(self, shape: Shape) -> _Kind | None:
        try:
            kind = self._kinds.get(shape.key)
        except TypeError:  # it holds a list
            return None
        if kind is None:
            if len(self._kinds) >= _MOST_KINDS or self.plans >= _MOST_PLANS:
                self._kinds.clear()
                self.plans = 0
            kind = self._kinds[shape.key] = _Kind()
        return kind

    def _learn(self, kind: _Kind, workload: Workload, resolved: Resolved, shape: Shape) -> None:
        """Count one more of a kind; when there were enough, make a plan."""
        kind.seen += 1
        if kind.seen < _PLANNED_FROM or not kind.room:
            return
        kind.seen, kind.room = 0, kind.room - 1
        plan = plan_of(workload, resolved, shape)
        if plan is not None:
            kind.plans.append(plan)
            self.plans += 1
