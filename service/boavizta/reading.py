"""What comes back, read with suspicion: a body of BoaviztAPI → an answer, or why there is none.

Two things can be wrong with a body. It is not what this interface sends (no JSON, a number as text, a field missing):
then the server is at fault, `Garbled`. Or it can be read and makes no sense, or tells of something else than was asked:
then this question has no answer, `Miss`. BoaviztAPI substitutes freely, so an answer counts only as far as it says
itself that it is of the thing asked for.
"""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from service.boavizta.answers import Answer, Garbled, Miss, Trouble, is_sound
from service.boavizta.questions import ComponentQuestion, Question, ServerQuestion

T = TypeVar("T")
UNIT = "kgCO2eq"
MAJORS = frozenset({"2"})
"""Releases whose interface and traps this adapter knows; figures change by factors between releases."""
_MOST_HOURS = 1e6
_MOST_NAMES, _LONGEST_NAME, _MOST_WARNINGS, _LONGEST_TEXT = 50_000, 128, 20, 300
_VERSION = re.compile(r"(\d{1,4})(\.\d{1,4}){1,3}([.+-]?[0-9A-Za-z]{1,16}){0,3}")
_PART_NAME = re.compile(r"(CPU|GPU|RAM|SSD|HDD)-\d+")
_KNOWN, _ASSUMED = "COMPLETED", "ARCHETYPE"
"""Where BoaviztAPI has a value from: its own tables by name, or a default; `INPUT` is what was sent, taken as it is."""
_VENDORS = re.compile(r"^(?:amd|intel)\s+", re.IGNORECASE)


class _Figure(Struct):
    value: float
    min: float
    max: float
    warnings: list[str] = []


class _Impact(Struct):
    unit: str
    embedded: _Figure | str


class _Impacts(Struct):
    gwp: _Impact


class _Body(Struct):
    impacts: _Impacts
    warnings: list[str] = []
    verbose: dict[str, Raw] = {}


class _Stated(Struct, frozen=True):
    value: float | str | None = None
    status: str = ""

    def __str__(self) -> str:
        text = f"{self.value:g}" if isinstance(self.value, float) else str(self.value)
        return text[:64]


class _Part(Struct):
    units: _Stated = _Stated()
    name: _Stated | None = None
    capacity: _Stated | None = None


_read_body = msgspec.json.Decoder(_Body).decode
_read_stated = msgspec.json.Decoder(_Stated).decode
_read_part = msgspec.json.Decoder(_Part).decode
_read_text = msgspec.json.Decoder(str).decode
_read_texts = msgspec.json.Decoder(list[str]).decode


def read_version(content: bytes) -> str:
    """The server's version.

    Raises:
        Trouble: it is none that this adapter knows.
    """
    version = _decoded(_read_text, content)
    found = _VERSION.fullmatch(version)
    if found is None:
        raise Garbled("its version is not one")
    if found[1] not in MAJORS:
        raise Trouble(f"it is version {version}, known here are {', '.join(sorted(MAJORS))}.x")
    return version


def read_names(content: bytes) -> dict[str, str]:
    """A list of names: lower case → the server's own spelling.

    Raises:
        Garbled: it is no such list.
    """
    names = _decoded(_read_texts, content)
    if not 0 < len(names) <= _MOST_NAMES or max(map(len, names)) > _LONGEST_NAME:
        raise Garbled("its list of names is not one")
    return {name.casefold(): name for name in names}


def read_answer(question: Question, content: bytes, version: str, now: float, keep_until: float) -> Answer | Miss:
    """The answer to a question, or why it is none.

    Args:
        question: as it was asked.
        content: of a response that says 200.
        version: of the server.
        now: seconds since 1970.
        keep_until: how long the answer is good. [s since 1970]

    Raises:
        Garbled: the body is not of the interface.
    """
    body = _decoded(_read_body, content)
    figure = _figure(body)
    if isinstance(figure, str):
        return Miss(figure[:_LONGEST_TEXT])
    strange = _substituted(question, body.verbose)
    if strange is not None:
        return Miss(strange)
    warnings = [*figure.warnings[:_MOST_WARNINGS], *_completed(question, body.verbose)]
    return Answer(
        kg_co2e=figure.value,
        low=figure.min,
        high=figure.max,
        life_hours=_life_hours(body.verbose),
        version=version,
        warnings=tuple(warning[:_LONGEST_TEXT] for warning in warnings),
        asked_at=now,
        keep_until=keep_until,
    )


def _decoded(read: Callable[[bytes | Raw], T], content: bytes | Raw) -> T:
    try:
        return read(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        # a NaN and a truncated body are no JSON; "5600" is no number; brackets can be nested without end
        raise Garbled(f"its body is not of the interface: {error}") from error


def _figure(body: _Body) -> _Figure | str:
    """The embodied figure, or in words why there is none."""
    if body.warnings:
        return f"BoaviztAPI answers for something else: {body.warnings[0]}"
    impact = body.impacts.gwp
    figure = impact.embedded
    if isinstance(figure, str):
        return f"BoaviztAPI has no embodied figure: {figure}"
    if impact.unit != UNIT:
        return f"BoaviztAPI answers in {impact.unit!r}, not in {UNIT}"
    if not is_sound(figure.value, figure.min, figure.max):
        return f"BoaviztAPI's figures make no sense: {figure.min:g} ≤ {figure.value:g} ≤ {figure.max:g} {UNIT}"
    return figure


def _life_hours(verbose: dict[str, Raw]) -> float | None:
    """The whole life: it is the duration where none was asked for."""
    duration = _decoded(_read_stated, verbose["duration"]).value if "duration" in verbose else None
    return duration if isinstance(duration, float) and 0 < duration <= _MOST_HOURS else None


def _parts(verbose: dict[str, Raw]) -> Iterator[tuple[str, _Part]]:
    """The parts of an instance or server that can be described: kind, and what is said of it."""
    for name, told in verbose.items():
        found = _PART_NAME.fullmatch(name)
        if found is not None:
            yield found[1], _decoded(_read_part, told)


def _substituted(question: Question, verbose: dict[str, Raw]) -> str | None:
    """Which device stands in for the right one, in words, as far as the answer tells."""
    if isinstance(question, ComponentQuestion):
        told = _decoded(_read_stated, verbose["name"]) if "name" in verbose else None
        return _other(question.name, told)
    asked = {"GPU": question.gpu, "CPU": question.cpu_model} if isinstance(question, ServerQuestion) else {}
    for kind, part in _parts(verbose):
        if kind == "GPU" and part.name is not None and part.name.status != _KNOWN:
            return f"BoaviztAPI has no figure for the {part.name} inside, a stand-in took its place"
        strange = _other(asked.get(kind), part.name)
        if strange is not None:
            return strange
    return None


def _other(asked: str | None, told: _Stated | None) -> str | None:
    if asked is None or told is None:
        return None
    if told.status != _KNOWN:
        return f"BoaviztAPI does not know {asked[:64]!r}"
    if _VENDORS.sub("", str(told)).casefold() != _VENDORS.sub("", asked).casefold():
        return f"BoaviztAPI takes {told} for {asked[:64]!r}"
    return None


def _completed(question: Question, verbose: dict[str, Raw]) -> list[str]:
    """What of a described server was not described."""
    if not isinstance(question, ServerQuestion):
        return []
    assumed = [
        f"{part.units} {kind}" if part.capacity is None else f"{part.units} {kind} of {part.capacity} GB"
        for kind, part in _parts(verbose)
        if part.units.status == _ASSUMED
    ]
    return [f"completed from BoaviztAPI's default server: {', '.join(assumed)}"] if assumed else []
