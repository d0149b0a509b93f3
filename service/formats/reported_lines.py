"""Lines of a provider's report before they count: of one month the newest model version alone, no line twice.

Numbers are taken as they are printed, so that a unit is converted exactly and sums are checked in the printed decimals.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from math import fsum

from msgspec import Struct

from service.errors import Fault, Refused
from service.formats.sheet import Row
from service.method.period import instant
from service.model.codes import codes
from service.model.provider_report import LeftOutTotals, ProviderTotal, ReportedScopes
from service.model.result import Warn

OLDER = "an older model version of the same month and account"
REFRESHED = "an older refresh of the same line"
TWICE = "the same line, a second time"
_RELATIVE = Decimal("1e-9")
"""What a double loses: figures that are printed with all their digits do not add up closer."""
_MOST_PLACES = 400
"""More than any double has."""
_MOST_ROWS = 100
_MOST_WARNINGS = 20


class Printed(Struct, frozen=True, kw_only=True):
    """Scopes and total of one Scope 2 method, as printed."""

    scope1: Decimal | None = None
    scope2: Decimal | None = None
    scope3: Decimal | None = None
    total: Decimal | None = None

    @property
    def numbers(self) -> list[Decimal]:
        """Those that there are."""
        return [number for number in (self.scope1, self.scope2, self.scope3, self.total) if number is not None]

    def scopes(self, kg: Decimal) -> ReportedScopes:
        """In kilograms, `kg` to the printed unit; a total that is not reported is the sum of its scopes. [kg CO2e]"""
        one, two, three, total = (
            float(number * kg) if number is not None else None
            for number in (self.scope1, self.scope2, self.scope3, self.total)
        )
        if total is None and one is not None and two is not None and three is not None:
            total = fsum((one, two, three))
        return ReportedScopes(scope1_kg_co2e=one, scope2_kg_co2e=two, scope3_kg_co2e=three, kg_co2e=total)

    def apart(self, places: int) -> Decimal | None:
        """How far the total is from the sum of its scopes, where that is more than rounding to decimals explains."""
        if self.total is None or self.scope1 is None or self.scope2 is None or self.scope3 is None:
            return None
        off = self.total - (self.scope1 + self.scope2 + self.scope3)
        rounding = max(2 * Decimal(1).scaleb(-places), _RELATIVE * abs(self.total))
        return off if abs(off) > rounding else None


class ReportedLine(Struct, frozen=True, kw_only=True):
    """One line as it was read."""

    row: int
    total: ProviderTotal
    version: tuple[int, ...] = ()
    """Of the model: the larger is the newer."""
    refreshed: str = ""
    """When the provider wrote it: the later replaces the earlier."""
    place: str = ""
    """What tells it from others of the same service and region: a zone."""
    printed: tuple[tuple[str, Printed], ...] = ()
    """By the column of the total, for the check of sums."""


class Kept(Struct, frozen=True, kw_only=True):
    """The lines that count, and what is said of the others."""

    totals: list[ProviderTotal]
    left_out: list[LeftOutTotals]
    warnings: list[Warn]


def number_of(row: Row, column: str) -> Decimal | None:
    """A figure as it is printed; nothing where the cell is empty.

    Raises:
        Refused: it is no plain number, negative, or beyond all bounds.
    """
    if row.amount(column) is None:
        return None
    text = row.cells[column].strip()
    try:
        number = Decimal(text)
        places = -int(number.as_tuple().exponent)
    except InvalidOperation:  # an exponent beyond those of Decimal
        places = _MOST_PLACES + 1
    if places > _MOST_PLACES:
        raise row.wrong(column, f"{text[:64]!r} has more decimal places than a report is printed with")
    return number


def is_month(start: str, end: str) -> bool:
    """Whether a period is one whole calendar month in UTC."""
    try:
        first, following = instant(start), instant(end)
    except (ValueError, OverflowError):
        return False
    on_time = (first.day, following.day) == (1, 1) and first.time() == following.time() == first.min.time()
    months = (following.year - first.year) * 12 + following.month - first.month
    return on_time and months == 1


def collected(rows: Iterable[Row | Refused], read: Callable[[Row], ReportedLine]) -> list[ReportedLine]:
    """All lines of a file.

    Raises:
        Refused: one of them cannot be read; a report without it would be too small. The first hundred are told.
    """
    lines: list[ReportedLine] = []
    faults: list[Fault] = []
    for row in rows:
        try:
            if isinstance(row, Refused):
                raise row
            lines.append(read(row))
        except Refused as refused:
            faults.extend(refused.faults)
            if len(faults) >= _MOST_ROWS:
                break
    if faults:
        raise Refused(faults)
    if not lines:
        raise Refused([Fault("", "VALUE_INVALID", "the report has no lines")])
    return lines


def kept(lines: Sequence[ReportedLine]) -> Kept:
    """The lines that count.

    Raises:
        Refused: two lines of the same kind state different figures.
    """
    by_month: dict[tuple[str, str, str], list[ReportedLine]] = defaultdict(list)
    for line in lines:
        total = line.total
        by_month[total.month, total.payer or "", total.account or ""].append(line)
    counting: list[ReportedLine] = []
    left_out: list[LeftOutTotals] = []
    warnings: list[Warn] = []
    for _, group in sorted(by_month.items()):
        newest = max(line.version for line in group)
        now = [line for line in group if line.version == newest]
        older = [line for line in group if line.version != newest]
        single, repeated = _single(now)
        counting += single
        for reason, some in ((OLDER, older), *repeated.items()):
            left_out += _left_out(reason, some, now[0].total.model_version)
        warnings += _without_counterpart(older, single)
    counting.sort(key=lambda line: line.row)
    warnings += _sums(counting)
    return Kept(totals=[line.total for line in counting], left_out=left_out, warnings=warnings)


def warn(code: str, pointer: str, detail: str) -> Warn:
    """A warning, of the severity of its code."""
    return Warn(code, pointer, "info" if codes()[code].severity == "info" else "warning", detail)


def _identity(line: ReportedLine) -> tuple[str, str, str, str]:
    total = line.total
    return total.service or "", total.region or "", total.resource or "", line.place


def _single(lines: Sequence[ReportedLine]) -> tuple[list[ReportedLine], dict[str, list[ReportedLine]]]:
    """One line of each kind, the one written last; and the others by why they do not count."""
    chosen: dict[tuple[str, str, str, str], ReportedLine] = {}
    repeated: dict[str, list[ReportedLine]] = {REFRESHED: [], TWICE: []}
    faults: list[Fault] = []
    for line in lines:
        other = chosen.setdefault(_identity(line), line)
        if other is line:
            continue
        if other.refreshed != line.refreshed:
            earlier, later = sorted((other, line), key=lambda one: one.refreshed)
            chosen[_identity(line)] = later
            repeated[REFRESHED].append(earlier)
        elif other.total == line.total:
            repeated[TWICE].append(line)
        else:
            detail = f"it is of the same month, account, service and region as line {other.row}, with other figures"
            faults.append(Fault(f"/{line.row}", "VALUE_INVALID", detail))
    if faults:
        raise Refused(faults[:_MOST_ROWS])
    return list(chosen.values()), repeated


def _left_out(reason: str, lines: Sequence[ReportedLine], kept_version: str | None) -> list[LeftOutTotals]:
    """By version."""
    by_version: dict[str | None, list[ReportedLine]] = defaultdict(list)
    for line in lines:
        by_version[line.total.model_version].append(line)
    return [
        LeftOutTotals(
            reason=reason,
            month=some[0].total.month,
            payer=some[0].total.payer,
            account=some[0].total.account,
            model_version=version,
            kept_version=kept_version,
            count=len(some),
            rows=[line.row for line in some[:_MOST_ROWS]],
            location_based_kg_co2e=_sum(line.total.location_based for line in some),
            market_based_kg_co2e=_sum(line.total.market_based for line in some),
        )
        for version, some in by_version.items()
    ]


def _sum(several: Iterable[ReportedScopes | None]) -> float | None:
    """Of those that are reported; nothing where none is. [kg CO2e]"""
    known = [scopes.kg_co2e for scopes in several if scopes is not None and scopes.kg_co2e is not None]
    return fsum(known) if known else None


def _without_counterpart(older: Sequence[ReportedLine], single: Sequence[ReportedLine]) -> list[Warn]:
    known = {_identity(line) for line in single}
    alone = [line for line in older if _identity(line) not in known]
    if not alone:
        return []
    first = alone[0]
    detail = (
        f"{len(alone)} lines of {first.total.month} are of an older model version only (the first is line {first.row}: "
        f"{first.total.service} in {first.total.region}); they are left out, so the month may lack them"
    )
    return [warn("VALUE_INVALID", f"/{first.row}", detail)]


def _sums(lines: Sequence[ReportedLine]) -> list[Warn]:
    """Where scope 1 + scope 2 + scope 3 is not the total, in the decimals that the file is printed in."""
    printed = [(line, column, numbers) for line in lines for column, numbers in line.printed]
    places = max((_places(number) for _, _, numbers in printed for number in numbers.numbers), default=0)
    found = [(line, column, off) for line, column, numbers in printed if (off := numbers.apart(places)) is not None]
    told = [
        warn("VALUE_INVALID", f"/{line.row}/{column}", f"the total is {off:+f} off the sum of its scopes, in its unit")
        for line, column, off in found[:_MOST_WARNINGS]
    ]
    if len(found) > len(told):
        told.append(
            warn("VALUE_INVALID", "", f"{len(found)} totals are off the sums of their scopes; the first stand here")
        )
    return told


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
