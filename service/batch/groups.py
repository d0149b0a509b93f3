"""By what workloads are grouped."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from service.errors import Fault
from service.method.period import instant
from service.model.batch import DIMENSIONS, MOST_DIMENSIONS, TAG
from service.model.resolved import Resolved
from service.model.workload import Name, Workload

Key = tuple[str | None, ...]
"""A workload's place along each dimension; null where it has none."""
_LONGEST_TAG = 256
_ReadOff = Callable[[Workload, Resolved], str | None]


class Grouping:
    """Where a workload belongs along the dimensions asked for."""

    def __init__(self, dimensions: Sequence[str]) -> None:
        self.dimensions = tuple(dimensions)
        self._read = tuple(_reader(dimension) for dimension in dimensions)

    def key(self, workload: Workload, resolved: Resolved) -> Key:
        """The workload's group."""
        return tuple([read(workload, resolved) for read in self._read])


def faults_of_grouping(dimensions: Sequence[str]) -> list[Fault]:
    """What is wrong with a `group_by`."""
    faults = []
    if len(dimensions) > MOST_DIMENSIONS:
        faults.append(Fault("/group_by", "VALUE_INVALID", f"at most {MOST_DIMENSIONS} names are taken"))
    for index, dimension in enumerate(dimensions[: MOST_DIMENSIONS + 1]):
        tag = dimension.removeprefix(TAG) if dimension.startswith(TAG) else None
        if dimension not in DIMENSIONS and not (tag and len(tag) <= _LONGEST_TAG):
            detail = f"known here: {', '.join(DIMENSIONS)}, and tags.NAME for a tag"
            faults.append(Fault(f"/group_by/{index}", "VALUE_INVALID", detail))
        elif dimension in dimensions[:index]:
            faults.append(Fault(f"/group_by/{index}", "VALUE_INVALID", "stands twice"))
    return faults


def sorting(key: Key) -> tuple[tuple[bool, str], ...]:
    """Puts keys in an order, null first."""
    return tuple((part is not None, part or "") for part in key)


def _reader(dimension: str) -> _ReadOff:
    if dimension.startswith(TAG):
        name = dimension.removeprefix(TAG)
        return lambda workload, _: workload.tags.get(name)
    return {"region": _region, "provider": _provider, "hardware": _hardware, "month": _month}[dimension]


def _region(_: Workload, resolved: Resolved) -> Name | None:
    return resolved.region.id if resolved.region is not None else None


def _provider(_: Workload, resolved: Resolved) -> str | None:
    return resolved.provider


def _hardware(workload: Workload, resolved: Resolved) -> str | None:
    """Id of the table's row; what is only described is none."""
    named = workload.hardware
    if named is None or resolved.machine is None or not (named.instance or named.accelerator or named.server):
        return None
    return resolved.machine.name


def _month(workload: Workload, _: Resolved) -> str | None:
    return month_of(workload.period.start) if workload.period is not None else None


@lru_cache(maxsize=4096)
def month_of(moment: str) -> str:
    """The month of a date or time, in UTC."""
    return f"{instant(moment):%Y-%m}"
