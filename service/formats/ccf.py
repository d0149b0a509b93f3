"""Cloud Carbon Footprint: the estimates of its API (`/api/footprint`), as JSON, or as CSV with one estimate a record.

Its kWh are estimated from billing, not metered. They hold its PUE, which the export does not state, so they enter at
the building's meter. Where it computes embodied emissions they hold those too, turned into kWh by the grid's factor;
the export does not tell them apart, so none are computed here again. Its co2e is in metric tons.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from service.errors import Fault, Refused
from service.formats.elements import records, row_of
from service.formats.imported import Given, Imported, Record, unread
from service.formats.local_time import instant_of, rfc3339
from service.formats.places import cloud_region
from service.formats.sheet import Row, Sheet
from service.model.resolved import Note
from service.model.workload import Energy, Period, Workload

COLUMNS = {  # theirs -> ours
    "timestamp": "period.start",  # of the result that an estimate stands in
    "groupBy": "period.end",  # day, week, month, quarter or year
    "kilowattHours": "energy.kwh",  # kWh of the facility, estimated
    "cloudProvider": "region",
    "region": "region",
    "accountName": "tags.account",
    "serviceName": "tags.service",
    "co2e": "reported_kg_co2e",  # metric tons
}
IGNORED = {
    "accountId": "accountName says whose it is",
    "cost": "its currency is not stated",
    "usesAverageCPUConstant": "all its energy is estimated",
    "periodStartDate periodEndDate": "timestamp and groupBy say the same",
    "tags": "of no effect on the figures",
}
NAME = "ccf"
_OF_ESTIMATE = ("cloudProvider", "region", "kilowattHours", "co2e")
_OF_RESULT = ("timestamp", "serviceEstimates")
REQUIRED = ("timestamp", *_OF_ESTIMATE)
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_KG_PER_TON = 1000
_SNIFFED = 4096


def read(stream: BinaryIO, given: Given) -> Iterator[Record | None]:
    """The estimates of an export."""
    start = stream.read(_SNIFFED).removeprefix(b"\xef\xbb\xbf").lstrip()
    stream.seek(0)
    for row in _of_json(stream) if start[:1] in {b"[", b"{"} else Sheet(stream, NAME, REQUIRED).rows():
        yield unread(row) if isinstance(row, Refused) else _estimate(row, given)


def _of_json(stream: BinaryIO) -> Iterator[Row | Refused]:
    """Each estimate with the time of its result; they are numbered through."""
    number = 1
    for _, result in records(stream, NAME, _OF_RESULT):
        try:
            outer = row_of(number, result, NAME, _OF_RESULT)
        except Refused as refused:
            yield refused
            number += 1
            continue
        listed = result["serviceEstimates"]
        for estimate in listed if isinstance(listed, list) else [listed]:
            yield _inner(number, outer, estimate)
            number += 1


def _inner(number: int, outer: Row, estimate: Any) -> Row | Refused:
    try:
        row = row_of(number, estimate, NAME, _OF_ESTIMATE)
    except Refused as refused:
        return refused
    shared = {name: text for name in ("timestamp", "groupBy") if (text := outer.text(name)) is not None}
    return Row(number, {**row.cells, **shared})


def _estimate(row: Row, given: Given) -> Record:
    notes: list[Note] = []
    try:
        workload = Workload(
            tags=_tags(row),
            region=_region(row, given),
            period=_period(row, given, notes),
            deployment="cloud",
            energy=Energy(kwh=row.needed("kilowattHours"), level="facility", origin="estimated"),
        )
        tons = row.amount("co2e")
    except Refused as refused:
        return unread(refused)
    reported = tons * _KG_PER_TON if tons is not None else None
    return Imported(row=row.number, workload=workload, reported_kg_co2e=reported, notes=tuple(notes))


def _region(row: Row, given: Given) -> str:
    """The estimate's region; the caller's where CCF itself does not know it."""
    provider, code = row.text("cloudProvider") or "", row.text("region") or ""
    region = cloud_region(given.store, provider, code) or given.region
    if region is None:
        detail = f"{provider[:64]}:{code[:64]} is not known here; say by region= what holds for such"
        raise Refused([Fault(row.pointer("region"), "REGION_UNKNOWN", detail)])
    return region


def _period(row: Row, given: Given, notes: list[Note]) -> Period:
    start = instant_of(row, "timestamp", given, notes)
    if start is None:
        raise row.wrong("timestamp", "it is empty")
    return Period(start=rfc3339(start), end=rfc3339(_end(row, start)))


def _end(row: Row, start: datetime) -> datetime:
    by = row.text("groupBy") or "day"
    if by in _DAYS:
        return start + timedelta(days=_DAYS[by])
    if by not in _MONTHS:
        raise row.wrong("groupBy", f"{by[:64]!r} is none of {', '.join((*_DAYS, *_MONTHS))}")
    month = start.month - 1 + _MONTHS[by]
    first = start.replace(day=1, year=start.year + month // 12, month=month % 12 + 1)
    return first + timedelta(days=start.day - 1)


def _tags(row: Row) -> dict[str, str]:
    named = {"account": "accountName", "service": "serviceName"}
    return {tag: text for tag, column in named.items() if (text := row.short(column)) is not None}
