"""A live BoaviztAPI laid over what the tables know of the hardware; the tables answer where it does not.

Its answer is a factor like any other, with its own range, version and source. What is laid over a context is kept for a
moment, so that a warm request costs one look-up; a failure of the server is never kept.
"""

import math
import time
from typing import NamedTuple

import msgspec
from cachetools import LRUCache

from service.boavizta import Answer, Boavizta, Miss, Question, gpu_question, instance_question, question_of
from service.hardware import HardwareRow
from service.matched import encoded
from service.method.embodied import RANGE_HIGH, RANGE_LOW
from service.model.factor import Accelerator, Grade, Instance
from service.model.resolved import Machine, Matched, Note, Resolved
from service.model.result import Source
from service.model.workload import Hardware

_MOST_KEPT = 4096
_KEPT_S = 1.0
"""A context is laid anew from the adapter's answer, which may be another, after that long. [s]"""
_GRADE: Grade = "C"
"""Source: METHOD section 8, grades of inputs."""
_DAY_S = 86_400.0


class _Kept(NamedTuple):
    over: Resolved
    result: Answer | Miss
    laid: Resolved
    until: float
    """On the monotonic clock. [s]"""


class Live:
    """Lays a server's embodied figures over looked-up contexts."""

    def __init__(self, boavizta: Boavizta) -> None:
        self.boavizta = boavizta
        self._kept: LRUCache[tuple[int, Question | Miss | None], _Kept] = LRUCache(_MOST_KEPT)
        self._questions: dict[str, Question | Miss] = {}

    async def over(self, resolved: Resolved, hardware: Hardware | None, row: HardwareRow | None) -> Resolved:
        """The context with the server's figure where it has one, else with the reason why not.

        Args:
            resolved: what the tables know.
            hardware: as the caller describes it; what it states of its own embodied figure outranks all.
            row: what its name stands for.
        """
        if hardware is None or hardware.embodied_kg_co2e is not None:
            return resolved
        described = _question_of_host(hardware, row) if hardware.host is not None else None
        key = id(resolved), described
        kept = self._kept.get(key)
        if kept is not None and kept.over is resolved and time.monotonic() < kept.until:
            return kept.laid
        question = described or self._question_of_row(row)
        if question is None:
            return resolved
        result: Answer | Miss
        if isinstance(question, Miss):
            result, laid = question, _missed(resolved, question)
        elif isinstance(result := await self._answer(question), Miss):
            laid = _missed(resolved, result)
        else:
            laid = _answered(resolved, hardware, row, question, result)
        if kept is not None and kept.over is resolved and kept.result == result:
            laid = kept.laid  # the same object, by which plans know it
        if result.keep_until > 0:
            self._kept[key] = _Kept(resolved, result, laid, time.monotonic() + _KEPT_S)
        return laid

    async def of_row(self, row: HardwareRow) -> Answer | Miss | None:
        """What the server says of one entry of our tables; `None` where it has no such thing."""
        question = self._question_of_row(row)
        return question if question is None or isinstance(question, Miss) else await self._answer(question)

    async def _answer(self, question: Question) -> Answer | Miss:
        return self.boavizta.peek(question) or await self.boavizta.embodied(question)

    def _question_of_row(self, row: HardwareRow | None) -> Question | Miss | None:
        """Made once for each entry of the tables."""
        if row is None:
            return None
        known = self._questions.get(row.factor.id)
        if known is None:
            known = self._questions[row.factor.id] = _question_of_row(row)
        return known


def _question_of_host(hardware: Hardware, row: HardwareRow | None) -> Question | Miss:
    return question_of(hardware, accelerator=row.id if isinstance(row, Accelerator) else None)


def _question_of_row(row: HardwareRow) -> Question | Miss:
    if isinstance(row, Instance):
        return instance_question(row.provider, row.name)
    if isinstance(row, Accelerator):
        return gpu_question(row.id)
    return Miss("BoaviztAPI has no server of this name", keep_until=math.inf)


def _missed(resolved: Resolved, miss: Miss) -> Resolved:
    notes = (_unavailable(miss.reason),) if miss.unavailable else ()
    return msgspec.structs.replace(resolved, live_reason=miss.reason, live_notes=notes)


def _unavailable(detail: str) -> Note:
    return "BOAVIZTA_UNAVAILABLE", "/hardware", detail


def _answered(
    resolved: Resolved, hardware: Hardware, row: HardwareRow | None, question: Question, answer: Answer
) -> Resolved:
    """The machine with the server's figure: of one device, of one instance, or of one machine as described."""
    whole = isinstance(row, Instance) or hardware.host is not None
    machine = resolved.machine or Machine(name="the host described", server_level=True)
    accelerators = machine.accelerators
    if whole and isinstance(row, Accelerator):
        accelerators = 1.0 if hardware.accelerators is None else hardware.accelerators
    notes: tuple[Note, ...] = ()
    if answer.stale:
        notes = (_unavailable(f"an answer of {answer.age_s / _DAY_S:.1f} days ago was used"),)
    return msgspec.structs.replace(
        resolved,
        machine=msgspec.structs.replace(
            machine,
            accelerators=accelerators,
            embodied=_factor(question, answer, whole=whole),
            embodied_per_device=not whole,
            embodied_origin="boavizta",
            embodied_life_hours=answer.life_hours,
            host_included=whole,
        ),
        live_notes=notes,
    )


def _factor(question: Question, answer: Answer, *, whole: bool) -> Matched:
    source = Source(
        id=f"boavizta:{question.key}",
        kind="boavizta",
        value=answer.kg_co2e,
        low=answer.low if answer.ranged else None,
        high=answer.high if answer.ranged else None,
        unit=f"kg CO2e/{'machine' if whole else 'device'}",
        year=None,
        edition=answer.version,
        publisher="Boavizta",
        title=f"BoaviztAPI {answer.version}: embodied impact over the whole life",
        url="https://doc.api.boavizta.org",
        license="single answer of a server under the AGPL, cited with its source",
        match="exact",
        grade=_GRADE,
        note="; ".join(answer.warnings) or None,
    )
    return Matched(
        id=source.id,
        kind=source.kind,
        value=answer.kg_co2e,
        low=answer.low if answer.ranged else answer.kg_co2e * RANGE_LOW,
        high=answer.high if answer.ranged else answer.kg_co2e * RANGE_HIGH,
        grade=_GRADE,
        match="exact",
        unit=source.unit,
        ranged=answer.ranged,
        source=encoded(source),
    )
