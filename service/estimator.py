"""An estimate as the bytes of its answer, with what a sum over many of them needs. The one door for all that serve."""

from collections.abc import Sequence

import msgspec
from msgspec import Raw, Struct

from service.estimate import estimate
from service.model.resolved import Resolved
from service.model.result import Emissions, Source, Totals
from service.model.workload import Workload

_ENCODER = msgspec.json.Encoder()


class Estimated(Struct, frozen=True, gc=False):
    """The footprint of one workload, encoded."""

    body: bytes
    """An `Emissions` as JSON."""
    totals: Totals
    facility_kwh: float | None
    sources: Sequence[Source | Raw]
    """The factors used, also where the body leaves them out."""
    codes: Sequence[str]
    """Of its warnings; one that stands at two places stands twice."""


class Estimator:
    """Estimates workloads."""

    def estimated(self, workload: Workload, resolved: Resolved, *, sources: bool = True) -> Estimated:
        """The footprint of one workload.

        Args:
            workload: what the caller sent.
            resolved: what its context looked up.
            sources: whether the body lists them; else its `sources` is null.

        Raises:
            Refused: with every fault of the request.
        """
        emissions = estimate(workload, resolved)
        shown = emissions if sources else msgspec.structs.replace(emissions, sources=None)
        return Estimated(
            body=_ENCODER.encode(shown),
            totals=emissions.totals,
            facility_kwh=emissions.energy.facility_kwh,
            sources=_listed(emissions),
            codes=[warning.code for warning in emissions.warnings],
        )


def _listed(emissions: Emissions) -> Sequence[Source | Raw]:
    return emissions.sources or ()
