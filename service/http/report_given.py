"""What a caller says of a provider's report beside the file, by query or by flag; and the report that is read so."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO, Literal

from msgspec import Struct

from service.formats import aws, azure, google
from service.formats.report_pools import DIMENSIONS, Dimension, pools
from service.formats.reported_lines import ReportedLine, kept, warn
from service.http.problems import Declined
from service.model.provider_report import ProviderReport, ProviderTotal, ReportScope
from service.model.result import Warn

CSV, JSON, LINES = b"text/csv", b"application/json", b"application/x-ndjson"
Scope2 = Literal["location", "market"]
ReportName = Literal["aws", "google", "azure"]
Read = Callable[[BinaryIO], tuple[list[ReportedLine], list[Warn]]]
TAKEN: Mapping[ReportName, frozenset[str]] = {
    "aws": frozenset({"pool_by"}),
    "google": frozenset({"pool_by", "columns"}),
    "azure": frozenset({"pool_by", "scopes", "month", "scope2_method"}),
}
"""Fields of `ReportStated` that a report uses, by its name in the path and on the command line."""
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
_SCOPES: Mapping[str, ReportScope] = {"scope1": "scope1", "scope2": "scope2", "scope3": "scope3"}
_METHODS: Mapping[Scope2, Literal["location_based", "market_based"]] = {
    "location": "location_based",
    "market": "market_based",
}


class ReportStated(Struct, frozen=True, kw_only=True):
    """The parameters as they were given."""

    pool_by: str = "month,account"
    columns: str | None = None
    scopes: str | None = None
    month: str | None = None
    scope2_method: Scope2 | None = None


class Reading(Struct, frozen=True, kw_only=True):
    """How a report is read."""

    by: list[Dimension]
    readers: dict[bytes, Read]
    """By the media type of the file."""

    def report(self, file: BinaryIO, media_type: bytes) -> ProviderReport:
        """The report in our terms.

        Raises:
            Refused: it is none, or a line cannot be read.
            Declined: a parameter has no sense with such a file.
        """
        return _report(self.readers[media_type](file), self.by)


def reading_of(name: ReportName, stated: ReportStated) -> Reading:
    """How a report is read that was stated so.

    Raises:
        Declined: a parameter has no sense here.
    """
    by = _dimensions(stated.pool_by)
    if name == "aws":
        return Reading(by=by, readers={CSV: lambda file: (aws.read_csv(file), []), JSON: aws.read_answers})
    if name == "google":
        return Reading(by=by, readers=_google(_column_map(stated.columns)))
    asked = _asked(stated)
    return Reading(by=by, readers={JSON: lambda file: azure.read_answers(file, asked)})


def _google(named: dict[str, str]) -> dict[bytes, Read]:
    def nested(file: BinaryIO) -> tuple[list[ReportedLine], list[Warn]]:
        if named:
            raise Declined("VALUE_INVALID", "columns is for text/csv: JSON has the export's names", parameter="columns")
        return google.read_lines(file), []

    return {LINES: nested, JSON: nested, CSV: lambda file: (google.read_csv(file, _needed(named)), [])}


def _report(found: tuple[list[ReportedLine], list[Warn]], by: Sequence[Dimension]) -> ProviderReport:
    lines, warnings = found
    counting = kept(lines)
    return ProviderReport(
        totals=counting.totals,
        pools=pools(counting.totals, by),
        left_out=counting.left_out,
        warnings=sorted([*warnings, *counting.warnings, *_told(counting.totals)]),
    )


def _told(totals: Sequence[ProviderTotal]) -> list[Warn]:
    """What holds of every report, and which bases it lacks."""
    detail = "the scopes are the provider's; to the customer all of it is Scope 3, and it is never added to our figures"
    told = [warn("CLOUD_SCOPE2_IS_SCOPE3", "", detail)]
    unstated = sum(total.unspecified is not None for total in totals)
    lacking = {
        basis: sum(getattr(total, basis) is None for total in totals) - unstated
        for basis in ("location_based", "market_based")
    }
    if unstated:
        detail = f"{unstated} of {len(totals)} lines do not say by which method Scope 2 is; scope2_method says it"
        told.append(warn("DUAL_REPORTING_REQUIRED", "/totals", detail))
    told += [
        warn(
            "DUAL_REPORTING_REQUIRED",
            f"/totals/{basis}",
            f"{count} of {len(totals)} lines do not report it; it is not 0",
        )
        for basis, count in lacking.items()
        if count
    ]
    return told


def _dimensions(text: str) -> list[Dimension]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in DIMENSIONS]
    if unknown or len(set(names)) < len(names):
        wrong = unknown[0][:32] if unknown else "one of them twice"
        raise Declined("VALUE_INVALID", f"{wrong!r}: pools are apart by {', '.join(DIMENSIONS)}", parameter="pool_by")
    return [dimension for dimension in DIMENSIONS if dimension in names]


def _column_map(text: str | None) -> dict[str, str]:
    """Fields of the export to columns of the file."""
    named: dict[str, str] = {}
    for pair in text.split(",") if text else ():
        field, mark, column = (part.strip() for part in pair.partition(":"))
        if not mark or not column or field not in google.FIELDS or field in named or column in named.values():
            detail = f"{pair[:64]!r} is no field:column, each once; fields are {', '.join(google.FIELDS)}"
            raise Declined("VALUE_INVALID", detail, parameter="columns")
        named[field] = column
    return named


def _needed(named: dict[str, str]) -> dict[str, str]:
    missing = [field for field in google.NEEDED if field not in named]
    if missing:
        detail = f"a CSV file names its columns itself: say by columns=field:column what is {', '.join(missing)}"
        raise Declined("VALUE_INVALID", detail, parameter="columns")
    return named


def _asked(stated: ReportStated) -> azure.Asked:
    named = [_SCOPES.get(name.strip().lower()) for name in (stated.scopes or "").split(",")]
    month, method = stated.month, stated.scope2_method
    known = [scope for scope in named if scope is not None]
    if len(known) < len(named) or len(set(known)) < len(known):
        detail = "say which carbonScopeList was asked for, as scopes=scope1,scope2,scope3: the answer is their sum"
        raise Declined("VALUE_INVALID", detail, parameter="scopes")
    if month is not None and not _MONTH.fullmatch(month):
        raise Declined("VALUE_INVALID", f"{month[:32]!r} is no month; write 2026-06", parameter="month")
    if method is not None and "scope2" not in known:
        raise Declined("VALUE_INVALID", "it is for answers that hold scope2", parameter="scope2_method")
    return azure.Asked(
        scopes=tuple(sorted(known)), month=month, method=_METHODS[method] if method is not None else None
    )
