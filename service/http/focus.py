"""`POST /imports/focus`: a billing export in, the same rows with their figures out, or what they come to."""

import asyncio
import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from litestar.di import NamedDependency
from msgspec import Struct

from service.bulk.extra import ExtraMissing, need_extra
from service.errors import Fault, Refused
from service.formats.focus.summary import FocusSummary
from service.http.calls import Conversation, conversing, media_type
from service.http.documents import problems
from service.http.focus_map import bill_features, bill_map
from service.http.metrics import Metrics
from service.http.problems import Declined
from service.http.representations import CSV, GEO_JSON, JSON, KEPLER_GL, Representation, chosen
from service.http.streaming import Outlet, beside, leaving
from service.http.uploads import HELD, keep
from service.resolve import Resolver

if TYPE_CHECKING:
    from service.bulk.kernel import Kernel
    from service.bulk.places import BillPlaces
    from service.bulk.sources import Form

PARQUET = "application/vnd.apache.parquet"
_ROWS: "dict[Form, Representation]" = {
    "csv": Representation(CSV, JSON.render),
    "parquet": Representation(PARQUET, JSON.render),
}
_MAPS: "dict[str, Callable[[BillPlaces], bytes]]" = {GEO_JSON: bill_features, KEPLER_GL: bill_map}
_DRAWN = tuple(Representation(media_type, JSON.render) for media_type in _MAPS)
_BYTES = "application/octet-stream"
_TAKEN: "dict[bytes, Form | None]" = {
    b"text/csv": "csv",
    b"application/csv": "csv",
    PARQUET.encode(): "parquet",
    b"application/x-parquet": "parquet",
    _BYTES.encode(): None,  # its first bytes tell
}
_WAY_OUT = "`dualscope bulk focus`"
_AT_ONCE = 2
"""Bills that are worked on; others wait."""
_LONGER = 4
"""An answer may be so many times as long as the longest upload."""
_FILE = {"type": "string", "description": "A FOCUS export, 1.0 to 1.3."}


class Bills:
    """What bills are worked on with: one kernel for all, so that contexts are looked up once."""

    def __init__(self, resolver: Resolver, metrics: Metrics, patience_s: float) -> None:
        self._resolver = resolver
        self._kernel: Kernel | None = None
        self.metrics = metrics
        self.patience_s = patience_s
        self.room = asyncio.Semaphore(_AT_ONCE)

    async def kernel(self) -> "Kernel":
        """Made when the first bill comes, beside the event loop: to load what it needs takes most of a second.

        Raises:
            Declined: that is not installed here.
        """
        try:
            need_extra()
        except ExtraMissing as error:
            raise Declined("MEDIA_TYPE_UNSUPPORTED", str(error)) from None
        if self._kernel is None:
            self._kernel = await asyncio.to_thread(_made, self._resolver)
        return self._kernel


def _made(resolver: Resolver) -> "Kernel":
    import service.bulk.stream  # noqa: F401, PLC0415 - only where the extra is installed
    from service.bulk.kernel import Kernel  # noqa: PLC0415

    return Kernel(resolver)


@conversing(
    "/imports/focus",
    operation_id="import_focus",
    summary="Import a FOCUS billing export",
    tags=["imports"],
    takes={"text/csv": _FILE, PARQUET: _FILE, _BYTES: _FILE},
    representations=(JSON, *_ROWS.values(), *_DRAWN),
    gives={JSON.media_type: FocusSummary},
    responses=problems(400, 406, 413, 415, 422),
)
async def import_focus(conversation: NamedDependency[Conversation], bills: NamedDependency[Bills]) -> None:
    """Estimate a bill: its rows come back as many and in the same order, with the `x_Carbon…` columns behind them.

    By `Accept` as `text/csv` or `application/vnd.apache.parquet` (without one, as their Content-Type says that they
    came), or as `application/json` the sums alone; as `application/geo+json` or `application/vnd.kepler.gl+json` (a
    saved map) the sums are points, one for each region and month; rows without a figure are counted beside them, those
    without a known region with their kg. Usage of machines, storage and network is modeled; other usage is estimated
    from its effective cost in USD, grade E; what is neither is null, with its reason. The upload is kept in the
    temporary folder until it is answered, then forgotten; a file that cannot be read to its end is refused whole.
    """
    await _Import(conversation, bills).answer()


class _Import:
    def __init__(self, conversation: Conversation, bills: Bills) -> None:
        self._conversation, self._bills = conversation, bills
        self._form = _TAKEN[media_type(conversation.headers, tuple(_TAKEN))]
        first = _ROWS[self._form or "csv"]
        others = tuple(offer for offer in (*_ROWS.values(), JSON, *_DRAWN) if offer is not first)
        self._offer = chosen((first, *others), conversation.accept)
        self._outlet = Outlet(conversation.send, self._offer.media_type, bills.patience_s)

    async def answer(self) -> None:
        """Keep the upload, work on it, send the answer."""
        self._kernel = await self._bills.kernel()
        with tempfile.SpooledTemporaryFile(HELD) as file:
            try:
                await keep(self._conversation, self._outlet, file, _WAY_OUT)
                await beside(
                    self._worked_on(file), leaving(self._conversation.receive, self._outlet), self._outlet.patience()
                )
            except OSError as error:
                raise Declined("OVERLOADED", f"no room for the file ({error.strerror}); try again later") from None

    async def _worked_on(self, file: Any) -> None:
        from service.bulk.places import BillPlaces  # noqa: PLC0415
        from service.bulk.sources import Limits, opened  # noqa: PLC0415
        from service.bulk.stream import enriched  # noqa: PLC0415

        with tempfile.TemporaryFile() as rows:
            form: Form | None = next((form for form, offer in _ROWS.items() if offer is self._offer), None)
            bounded: Any = _Bounded(rows, _LONGER * self._conversation.body_limit)
            out = (bounded, form) if form is not None else None
            drawn = _MAPS.get(self._offer.media_type)
            places = BillPlaces(self._kernel.table.resolver.store)
            async with self._bills.room:
                bill = await asyncio.to_thread(opened, file, Limits(), self._form)
                sums = await enriched(self._kernel, bill, out, also=places.add if drawn is not None else None)
            summary = sums.summary()
            failed = sum(reason.rows for reason in summary.not_estimated)
            self._bills.metrics.batch_items(summary.rows - failed, failed, ())
            if drawn is not None:
                await self._outlet.finish(await asyncio.to_thread(drawn, places))
                return
            if out is None:
                await self._outlet.finish(msgspec.json.encode(summary))
                return
            await asyncio.to_thread(rows.seek, 0)
            while block := await asyncio.to_thread(rows.read, HELD):
                await self._outlet.send(block)
            await self._outlet.finish()


class _Bounded(Struct):
    """A file that takes no more than a limit."""

    file: Any
    room: int
    closed: bool = False

    def write(self, data: Any) -> int:
        """Write, as a file does.

        Raises:
            Refused: it is full.
        """
        self.room -= len(data)
        if self.room < 0:
            detail = "the answer would be many times as long as the file: use `dualscope bulk focus`"
            raise Refused([Fault("", "BODY_TOO_LARGE", detail)])
        return int(self.file.write(data))

    def flush(self) -> None:
        """As a file does."""

    def tell(self) -> int:
        """As a file does."""
        return int(self.file.tell())

    def close(self) -> None:
        """Left to who opened it."""
        self.closed = True

    def writable(self) -> bool:
        """As a file does."""
        return True

    def readable(self) -> bool:
        """As a file does."""
        return False

    def seekable(self) -> bool:
        """As a file does."""
        return False
