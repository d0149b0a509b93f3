"""Numbers and text as people read them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec
from msgspec import Raw

from service.method.fingerprint import plain
from service.model.codes import codes
from service.model.result import Emissions, Methodology, Source, Warn
from service.reports.parts import Cell

ALTERNATIVES = "The two totals are alternatives: they are never added together."
ROUNDED = "Figures are rounded for reading; the same request with Accept: application/json gives every digit."
_LINKED = re.compile(r"https?://[^\s\"'<>\\^`{|}]+\Z")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Kinds of characters that show nothing, or change how others show: controls, directions, joiners."""
_KEPT = frozenset("\u200c\u200d\u00ad")
"""Of these, what words of some languages need; none changes the order of what stands beside it."""
GRADES = (
    "Grades run from A (metered) over B and C to D (defaults, coarse or derived factors) and E (spend); a total has "
    "the emission-weighted grade of its figures. Ranges are of low and high inputs multiplied: no confidence intervals."
)


def readable(value: float | None) -> str:
    """A number for reading: four digits, and all before the point."""
    if value is None:
        return "–"
    if value == 0 or abs(value) >= 1000:  # noqa: PLR2004 - thousands are grouped
        return f"{value:,.0f}"
    text = f"{value:.4g}"
    return text if "e" not in text else f"{value:.3e}"


def every_digit(value: float | Raw) -> str:
    """The same number as in JSON, thousands grouped, no exponent."""
    text = bytes(value).decode() if isinstance(value, Raw) else plain(value)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{int(whole or 0):,}{point}{rest}"


def number(value: float | None, *, strong: bool = False) -> Cell:
    """A number rounded for reading, with all its digits behind it."""
    return Cell(readable(value), plain(value) if value is not None else None, strong=strong)


def exact_number(value: float | Raw, *, strong: bool = False, shade: int = 0, decimals: int = 0) -> Cell:
    """A number with every digit, and at least so many decimals, so that a column of them stands in line."""
    text = every_digit(value)
    exact = text.replace(",", "")
    lacking = decimals - decimals_of(text)
    if lacking > 0:
        text = f"{text}{'' if '.' in text else '.'}{'0' * lacking}"
    return Cell(text, exact, strong=strong, shade=shade)


def decimals_of(text: str) -> int:
    """How many digits stand behind the point."""
    return len(text.partition(".")[2])


def span(low: float, high: float) -> str:
    """A range."""
    return f"{readable(low)} – {readable(high)}"


def percent(share: float) -> str:
    """A share for reading."""
    return f"{readable(share * 100)} %"


def visible(text: str) -> str:
    """Text in one line, whose characters all are to be seen: what would turn or hide others shows as �."""
    line = " ".join(text.split())
    if line.isascii() and line.isprintable():
        return line
    return "".join(
        mark if mark in _KEPT or unicodedata.category(mark) not in _UNSEEN else "\N{REPLACEMENT CHARACTER}"
        for mark in line
    )


def linked(url: str | None) -> str | None:
    """The address, where it is one of the web and all of it is to be seen."""
    return url if url is not None and _LINKED.match(url) and visible(url) == url else None


def sources_of(emissions: Emissions) -> Iterator[Source]:
    """The factors used; what was encoded before is read again."""
    for source in emissions.sources or ():
        yield source if isinstance(source, Source) else msgspec.json.decode(source, type=Source)


def method_of(known: Methodology | Raw) -> Methodology:
    """By which method; what was encoded before is read again."""
    return known if isinstance(known, Methodology) else _decoded(bytes(known))


@lru_cache(maxsize=256)
def _decoded(encoded: bytes) -> Methodology:
    return msgspec.json.decode(encoded, type=Methodology)


def foot(methodology: Methodology) -> str:
    """By which method and factors."""
    return f"{methodology.id} {methodology.version}, factor set {methodology.factor_set.version}"


def told(warnings: Sequence[Warn]) -> list[tuple[bool, str]]:
    """Each warning in words, what it means and what it is here; those that are more than information first."""
    said = [(warning.severity == "warning", in_words(warning)) for warning in warnings]
    return sorted(said, key=lambda line: not line[0])


def in_words(warning: Warn) -> str:
    """What a warning means, and what it is here."""
    known = codes().get(warning.code)  # a newer service may have others
    meaning = known.message.rstrip(".") if known is not None else warning.code
    here = warning.detail.rstrip(".")
    if here.lower().startswith(meaning.lower()):
        return f"{meaning}{here[len(meaning) :]}."
    return f"{meaning}: {here}."


def listed(names: Iterable[str]) -> str:
    """Names in a sentence."""
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
