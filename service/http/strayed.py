"""What other tools send to `POST /emissions` by mistake, and where it belongs. Looked at only once it was refused."""

from typing import Any

import msgspec
from msgspec import Raw

from service.errors import Fault, Refused
from service.formats.recognized import recognized
from service.formats.registry import FORMATS

_PART_OF_A_RUN = frozenset({"emissions_sum", "run_id"})


def strayed(body: bytes) -> Refused | None:
    """What to say of a refused body that is another tool's; nothing of any other."""
    try:
        names: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if names.keys() >= _PART_OF_A_RUN:
        detail = (
            "this is a part of a run, as CodeCarbon sends it by save_to_api; "
            "set emissions_endpoint to /imports/codecarbon instead, which takes whole runs"
        )
        return Refused([Fault("", "VALUE_INVALID", detail)])
    format_ = recognized(names)
    if format_ not in FORMATS:
        return None
    return Refused([Fault("", "VALUE_INVALID", f"this is of {format_}: send it to /imports/{format_}")])
