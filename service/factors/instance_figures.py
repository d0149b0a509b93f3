"""Embodied figures of cloud instance types, derived from the machine beneath and the accelerators inside.

Source: METHOD section 5.
"""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct

from service.factors.columns import Row
from service.factors.importers.ccf_instances import CHIPS_PER_BOARD, UNCOUNTED
from service.factors.importers.rows import decimal as text_of
from service.factors.names import instance_key

CARD_KG = Fraction(150)
"""What Cloud Carbon Footprint counts for each GPU of a platform. [kg CO2e/GPU]"""
LOW, HIGH = Fraction(1, 2), Fraction(2)
"""Range of a figure that states none."""
SPRUCE_HOURS = 52_560
"""Life over which BoaviztAPI spreads a cloud server: six years. [h]"""
_MARK = "figure: "
"""What stands before it in a note comes from the lists of types."""
_CONSTRAINED = re.compile(r"(\d)-\d+")

_CCF = {
    "publisher": "Cloud Carbon Footprint",
    "url": "https://github.com/cloud-carbon-footprint/ccf-coefficients",
    "license": "Apache-2.0",
    "edition": "2023",
    "data_year": "2023",
}
_PLATFORM = _CCF | {"title": "Embodied emissions of the platform, by its share"}
_WITH_HOST = _CCF | {
    "publisher": "Dualscope (derived)",
    "title": "Accelerators, and Cloud Carbon Footprint's platform without its cards by share",
    "edition": "2026",
    "data_year": "2026",
}


class Figure(Struct, frozen=True):
    """An embodied figure, its own range if it has one, how it was made and what it rests on. [kg CO2e]"""

    value: Fraction | None
    low: Fraction | None = None
    high: Fraction | None = None
    host_included: bool = False
    how: str = ""
    origin: Mapping[str, str] = {}


def with_figures(instances: Iterable[Row], accelerators: Iterable[Row]) -> list[Row]:
    """The rows of cloud_instance with their embodied figures derived anew."""
    instances = list(instances)
    devices = {row["accelerator"]: row for row in accelerators}
    types = {(row["provider"], instance_key(row["instance"])): row for row in instances}
    return [_written(row, _figure(row, types, devices)) for row in instances]


def _figure(row: Row, types: Mapping[tuple[str, str], Row], devices: Mapping[str, Row]) -> Figure:
    if row["instance"].startswith(tuple(UNCOUNTED)):
        return Figure(None, how="none, the type holds what no table knows")
    if row["accelerator"]:
        return _of_accelerators(row, devices.get(row["accelerator"]))
    parent_key = instance_key(_CONSTRAINED.sub(r"\1", row["instance"]))
    parent = types.get((row["provider"], parent_key), row)
    figure = _of_share(parent)
    if figure.value is not None and parent is not row:
        return Figure(
            figure.value, how=f"that of {parent['instance']}: {figure.how}", host_included=True, origin=_PLATFORM
        )
    return figure if figure.value is not None else _of_hours(row)


def _of_share(row: Row) -> Figure:
    """The platform by the share of its vCPUs."""
    if not (row["platform_kg_co2e"] and row["platform_vcpus"] and row["vcpus"]):
        return Figure(None, how="none, the platform is not known")
    value = Fraction(row["platform_kg_co2e"]) * Fraction(row["vcpus"]) / Fraction(row["platform_vcpus"])
    how = f"{row['platform_kg_co2e']} kg × {row['vcpus']}/{row['platform_vcpus']} vCPUs"
    return Figure(value, host_included=True, how=how, origin=_PLATFORM)


def _of_hours(row: Row) -> Figure:
    """SPRUCE's grams an hour over the life that they were spread over."""
    if not row["spruce_g_co2e_per_hour"]:
        return Figure(None, how="none, the platform is not known")
    value = _spruce_kg(row)
    return Figure(value, host_included=True, how=f"{row['spruce_g_co2e_per_hour']} g/h × {SPRUCE_HOURS} h")


def _spruce_kg(row: Row) -> Fraction:
    """SPRUCE's figure for the whole life. [kg CO2e]"""
    return Fraction(row["spruce_g_co2e_per_hour"]) * SPRUCE_HOURS / 1000


def _of_accelerators(row: Row, device: Row | None) -> Figure:
    """The accelerators and, where the platform is known, the rest of it by share."""
    count = Fraction(row["accelerators"])
    if device is None or not device["value"]:
        return Figure(None, how=f"none, {row['accelerator']} has no embodied figure")
    host, how = _host_kg(row, count)
    inside = row["accelerator"].startswith("tpu-")
    suffix = how or ("its host inside" if inside else "host not included")
    origin = {key: device[key] for key in ("publisher", "title", "url", "license", "edition", "data_year")}
    return Figure(
        count * Fraction(device["value"]) + host,
        low=count * Fraction(device["low"]) + LOW * host,
        high=count * Fraction(device["high"]) + HIGH * host,
        host_included=bool(how) or inside,
        how=f"{row['accelerators']} × {device['value']} kg{' + ' if how else '; '}{suffix}",
        origin=_WITH_HOST if how else origin,
    )


def _host_kg(row: Row, count: Fraction) -> tuple[Fraction, str]:
    """The platform without its cards by the share of GPUs; where it counts none, by that of vCPUs. [kg CO2e]"""
    platform_kg, accelerators = row["platform_kg_co2e"], row["platform_accelerators"]
    if platform_kg and accelerators:
        cards = Fraction(accelerators) * CHIPS_PER_BOARD.get(row["accelerator"], 1)
        host = (Fraction(platform_kg) - CARD_KG * cards) * count / Fraction(accelerators)
        return host, f"({platform_kg} − {text_of(float(cards))} × 150) kg × {row['accelerators']}/{accelerators} GPUs"
    share = _of_share(row)
    return (Fraction(0), "") if share.value is None else (share.value, share.how)


def _written(row: Row, figure: Figure) -> Row:
    """The row with its figure; its range widened to hold SPRUCE's, and left to the default where that holds it."""
    low, high, how = figure.low, figure.high, figure.how
    if figure.value is not None and row["spruce_g_co2e_per_hour"]:
        spruce = _spruce_kg(row)
        lowest = LOW * figure.value if low is None else low
        highest = HIGH * figure.value if high is None else high
        if not lowest <= spruce <= highest:
            low, high = min(lowest, spruce), max(highest, spruce)
            how += f"; range widened to hold SPRUCE's {text_of(float(spruce))} kg"
    source_note = row["note"].partition(_MARK)[0].rstrip("; ")
    return row | {
        **figure.origin,
        "value": _text(figure.value),
        "low": _text(low),
        "high": _text(high),
        "evidence": "derived" if figure.value is not None else "transcribed",
        "grade": "D",
        "host_included": "yes" if figure.host_included else "no",
        "note": "; ".join(part for part in (source_note, _MARK + how) if part),
    }


def _text(number: Fraction | None) -> str:
    return "" if number is None else text_of(float(number))
