"""Which representation a caller gets, by `Accept` (RFC 9110, 12.5.1)."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from service.formats import keplergl
from service.http.problems import Declined

_RANGE = re.compile(r"\s*([\w.+*-]+)/([\w.+*-]+)\s*((?:;[^;,]*)*)\s*")
_QUALITY = re.compile(r";\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE)


class Representation(Struct, frozen=True):
    """One form of an answer: its media type, and how it is made; in pauses, where that takes long."""

    media_type: str
    render: Callable[[Any], bytes | Awaitable[bytes]]
    headers: Sequence[tuple[bytes, bytes]] = ()
    """That this form of an answer has."""

    @property
    def name(self) -> str:
        """The media type without parameters."""
        return self.media_type.partition(";")[0]


JSON = Representation("application/json", msgspec.json.Encoder().encode)
NDJSON = "application/x-ndjson"
CSV = "text/csv; charset=utf-8"
GEO_JSON = "application/geo+json"
KEPLER_GL = keplergl.MEDIA_TYPE
HTML = "text/html; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"


def chosen(offers: Sequence[Representation], accept: str | None) -> Representation:
    """The offer that the caller likes best; of equals the one named most exactly, then the first.

    Raises:
        Declined: none is acceptable.
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = [match for part in accept.split(",") if (match := _RANGE.fullmatch(part))]
    ranked = [(*_liking(offer.name, ranges), -index) for index, offer in enumerate(offers)]
    quality, _, index = max(ranked)
    if quality <= 0:
        names = ", ".join(offer.name for offer in offers)
        raise Declined("NOT_ACCEPTABLE", f"this path answers in {names}; ask for one of these in Accept")
    return offers[-index]


def _liking(name: str, ranges: Sequence[re.Match[str]]) -> tuple[float, int]:
    """Quality of the most exact range that holds the media type, and how exact it is."""
    main, sub = name.split("/")
    exactness, quality = 0, 0.0
    for wanted in ranges:
        type_, subtype = wanted[1].lower(), wanted[2].lower()
        exact = 3 if (type_, subtype) == (main, sub) else 2 if (type_, subtype) == (main, "*") else 0
        exact = exact or (1 if (type_, subtype) == ("*", "*") else 0)
        if exact > exactness:
            given = _QUALITY.search(wanted[3])
            exactness, quality = exact, float(given[1]) if given else 1.0
    return quality, exactness
