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
_MOST_PLANS = 1024
"""A plan takes some 30 KB, and holds what is the same in all workloads of its kind."""
_OF_ONE_KIND = 4
"""Plans: its comparisons may come out differently."""
_MOST_COUNTED = 65536
_REST = -1000
"""Where the count of a kind begins again once no plan could be made."""


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


class Estimator:
    """Estimates workloads, and keeps the plans of the kinds that repeat."""

    def __init__(self) -> None:
        self._plans: dict[tuple[Any, ...], list[Plan]] = {}
        """By kind; of kinds without a plan nothing is kept but how often a hash was seen."""
        self._seen: dict[int, int] = {}
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
        if shape is not None:
            for plan in self._of_kind(shape):
                results = plan.played(*shape.numbers) if plan.resolved is resolved else None
                if results is not None:
                    return Estimated(plan.pieces(workload, results, sources=sources), plan.reading, results)
        emissions = estimate(workload, resolved, explain=explain)
        if shape is not None:
            self._learn(workload, resolved, shape)
        body = _encode(emissions if sources else replace(emissions, sources=None))
        return Estimated([body], reading(emissions), ())

    def _of_kind(self, shape: Shape) -> Sequence[Plan]:
        try:
            return self._plans.get(shape.key, ())
        except TypeError:  # it holds a list
            return ()

    def _learn(self, workload: Workload, resolved: Resolved, shape: Shape) -> None:
        """Count one more of a kind that no plan fitted; when there were enough, make one."""
        try:
            kind = hash(shape.key)
        except TypeError:
            return
        seen = self._seen.get(kind, 0) + 1
        if seen >= _PLANNED_FROM:
            seen = self._planned(workload, resolved, shape)
        if len(self._seen) >= _MOST_COUNTED:
            self._seen.clear()
        self._seen[kind] = seen

    def _planned(self, workload: Workload, resolved: Resolved, shape: Shape) -> int:
        """Make a plan, if there is one to be made; from where the kind is counted on."""
        known = self._of_kind(shape)
        plan = plan_of(workload, resolved, shape) if len(known) < _OF_ONE_KIND else None
        if plan is None:
            return _REST
        if self.plans >= _MOST_PLANS:
            self._plans.clear()
            self.plans = 0
        self._plans.setdefault(shape.key, []).append(plan)
        self.plans += 1
        return 0
