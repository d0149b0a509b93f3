"""Bars, measured against one axis. Widths are in percent, so that a page of any width can show them."""

import math
from collections.abc import Sequence

from msgspec import Struct

from service.reports.parts import Bar, Chart, Segment
from service.reports.wording import readable, span

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_PARTS_OF_AXIS = 4


class Measured(Struct, frozen=True, gc=False):
    """What a bar shows: parts with their tones, one after another, and a range."""

    label: str
    parts: Sequence[tuple[int, str, float]]
    """Tone, name, value."""
    low: float | None = None
    high: float | None = None


def chart(title: str, measured: Sequence[Measured], legend: Sequence[tuple[int, str]] = (), remark: str = "") -> Chart:
    """Bars from zero; the axis ends at a round number."""
    most = max([math.fsum(value for _, _, value in one.parts) for one in measured], default=0.0)
    end = _round_end(max([most, *(one.high for one in measured if one.high is not None)]))
    bars = [_bar(one, end) for one in measured]
    places = [(part / _PARTS_OF_AXIS, end * part / _PARTS_OF_AXIS) for part in range(_PARTS_OF_AXIS + 1)]
    ticks = [(_percent(place), _anchor(place), readable(value)) for place, value in places]
    used = {tone for one in measured for tone, _, value in one.parts if value > 0}
    return Chart(title, bars, ticks, [(tone, name) for tone, name in legend if tone in used], remark)


def _bar(one: Measured, end: float) -> Bar:
    segments, left = [], 0.0
    for tone, name, value in one.parts:
        if value > 0:
            told = f"{name}: {readable(value)}"
            segments.append(Segment(_percent(left / end), _percent(value / end), tone, told))
            left += value
    shown = readable(math.fsum(value for _, _, value in one.parts))
    if one.low is None or one.high is None:
        return Bar(one.label, shown, segments)
    said = f"range {span(one.low, one.high)}"
    return Bar(one.label, shown, segments, _percent(one.low / end), _percent(one.high / end), said)


def _round_end(most: float) -> float:
    """The next round number at or above; 1 where there is nothing to show."""
    if most <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next((step * power for step in _STEPS if step * power >= most), most)


def _percent(part: float) -> str:
    return f"{min(part, 1.0) * 100:.3f}%"


def _anchor(place: float) -> str:
    return "start" if place == 0 else "end" if place == 1 else "middle"
