"""Accelerators as tools name them, `8 x NVIDIA A100-SXM4-40GB`, in our names."""

import re

from msgspec import Struct

from service.factors.store import FactorStore

_COUNTED = re.compile(r"\s*(\d{1,6}) x (.+?)\s*", re.ASCII)
_AGAIN = re.compile(r"\d{1,6} x ", re.ASCII)


class Devices(Struct, frozen=True, gc=False):
    """Accelerators of one kind in a machine."""

    accelerator: str
    """Its id in our tables."""
    count: int


def devices_of(store: FactorStore, text: str, count: int | None = None) -> Devices | str:
    """The accelerators that a text names, or why they cannot be told; a near name is never taken.

    Args:
        store: knows the names.
        text: with its count before it, or bare.
        count: of a bare one, else 1.
    """
    found = _COUNTED.fullmatch(text)
    name = found[2] if found is not None else text.strip()
    if _AGAIN.search(name):
        return f"{text[:64]!r} names several kinds of accelerators in one; describe the hardware by instance="
    device = store.accelerator(name)
    if device is None:
        nearest = ", ".join(store.nearest_accelerators(name))
        return f"{name[:64]!r} is no accelerator known here (the nearest names are {nearest})"
    number = int(found[1]) if found is not None else count if count is not None else 1
    return Devices(device.id, number) if number else f"{text[:64]!r} names no accelerator"
