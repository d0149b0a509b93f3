"""`dualscope import aws`, `google`, `azure`: a provider's report; the answer of `POST /imports/aws` and the others."""

from collections import Counter
from math import fsum
from typing import BinaryIO

import msgspec

from service.formats.report_pools import BASES
from service.http.report_given import CSV, JSON, ReportName, ReportStated, reading_of
from service.importing.files import Sink
from service.model.provider_report import ProviderReport
from service.reports.wording import readable

_SNIFFED = 4096
_BOM = b"\xef\xbb\xbf"
_METHODS = {
    "location_based": "with location-based Scope 2",
    "market_based": "with market-based Scope 2",
    "unspecified": "with Scope 2 of a method that is not stated",
}


def import_report(name: ReportName, stated: ReportStated, file: BinaryIO, sink: Sink) -> str:
    """Read a report, write the answer; its summary in a few lines.

    Raises:
        Refused: it is none, or a line cannot be read.
        Declined: what was stated makes no sense with it.
    """
    reading = reading_of(name, stated)
    form = _form(file)
    report = reading.report(file, form if form in reading.readers else JSON)
    sink.write(msgspec.json.encode(report))
    return _told(name, report)


def _form(file: BinaryIO) -> bytes:
    """What the file begins as."""
    start = file.read(_SNIFFED).removeprefix(_BOM).lstrip()
    file.seek(0)
    return JSON if start[:1] in {b"[", b"{"} else CSV


def _told(name: ReportName, report: ProviderReport) -> str:
    count = len(report.totals)
    lines = [f"{name}: {count} {'line' if count == 1 else 'lines'}, in the provider's scopes; to the customer Scope 3"]
    left_out: Counter[str] = Counter()
    for left in report.left_out:
        left_out[left.reason] += left.count
    lines += [f"{number} left out: {reason}" for reason, number in left_out.items()]
    for basis in BASES:
        pools = [pool for pool in report.pools if pool.basis == basis]
        if pools:
            of = sum(pool.lines for pool in pools)
            lacking = f", of {of} lines alone: the others do not report it" if of < count else ""
            kg = readable(fsum(pool.kg_co2e for pool in pools))
            lines.append(f"{kg} kg CO2e {_METHODS[basis]}{lacking}; never added to computed figures")
    codes = Counter(warning.code for warning in report.warnings)
    lines.append(f"warnings in the answer: {', '.join(f'{code} ({number})' for code, number in sorted(codes.items()))}")
    return "".join(f"{line}\n" for line in lines)
