"""`dualscope import focus FILE --map`: a bill, or a folder of parts, as points: the map of `POST /imports/focus`."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from service.bulk.commands import parts_in, progress, told
from service.bulk.extra import need_extra
from service.errors import Fault, Refused
from service.formats.focus.summary import FocusSummary
from service.http.focus_map import bill_features, bill_map
from service.importing.files import Sink, opened
from service.resolve import Resolver

if TYPE_CHECKING:
    from service.bulk.kernel import Kernel
    from service.bulk.places import BillPlaces

DRAWN = {"map": bill_map, "geojson": bill_features}
"""By the name of the flag."""


def draw_bill(bill: str, form: str, resolver: Callable[[], Resolver], sink: Sink) -> Iterator[str]:
    """Read a bill and write its map at the end; the summary of each part in a few lines, once it is read.

    Args:
        bill: a file, a folder, or - for standard input.
        form: one of `DRAWN`.
        resolver: of the settings.
        sink: takes the map.

    Raises:
        Refused: a part is no bill, or cannot be read to its end.
        ExtraMissing: what it needs is not installed.
        ValueError: the folder has no parts.
        OSError: it cannot be read.
    """
    need_extra()
    from service.bulk.kernel import Kernel  # noqa: PLC0415 - only where the extra is installed
    from service.bulk.places import BillPlaces  # noqa: PLC0415

    parts = [str(part) for part in parts_in(Path(bill))] if Path(bill).is_dir() else [bill]
    kernel = Kernel(resolver())
    places = BillPlaces(kernel.table.resolver.store)
    for name in parts:
        yield told(name, _added(name, kernel, places))
    sink.write(DRAWN[form](places))


def _added(name: str, kernel: "Kernel", places: "BillPlaces") -> FocusSummary:
    """Add a part to the map."""
    from service.bulk.sources import opened as opened_bill  # noqa: PLC0415
    from service.bulk.stream import enriched  # noqa: PLC0415

    try:
        with opened(name) as file:
            part = opened_bill(file)
            bar = progress(Path(name).name, part.rows)
            return asyncio.run(enriched(kernel, part, None, bar, places.add)).summary()
    except Refused as refused:
        faults = [Fault(f"{name}{fault.pointer}", fault.code, fault.detail) for fault in refused.faults]
        raise Refused(faults) from None
