"""Whether a contractual instrument counts. Source: METHOD section 3; Scope 2 Guidance ch. 7, quality criteria."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from service.method.period import Span, instant
from service.model.workload import Instrument

TIER: dict[str, int] = {
    "rec": 1,
    "go": 1,
    "rego": 1,
    "i-rec": 1,
    "granular": 1,
    "ppa": 1,
    "vppa": 1,
    "contract": 2,
    "green_tariff": 3,
    "supplier_rate": 3,
    "provider_cfe": 3,
}
"""Carbon credits are of no tier: they reduce nothing."""
CRITERIA: dict[str, tuple[int, ...]] = {
    "rec": (2, 3, 4, 5),
    "go": (2, 3, 4, 5),
    "rego": (2, 3, 4, 5),
    "i-rec": (2, 3, 4, 5),
    "granular": (2, 3, 4, 5),
    "ppa": (2, 3, 4, 5, 7),
    "vppa": (2, 3, 4, 5, 7),
    "contract": (5, 7),
    "green_tariff": (5,),
    "supplier_rate": (5,),
    "provider_cfe": (),
}
ZERO_COMBUSTION = frozenset({"wind", "solar", "hydro", "nuclear"})
"""Technologies whose missing emission rate may be taken as 0."""
COUNTRY_ONLY = frozenset({"i-rec", "rego"})
"""Certificates that hold in their own country alone."""


class Verdict(Struct, frozen=True, gc=False):
    """What the criteria say of one instrument."""

    failing: tuple[str, ...]
    """Codes, by number of the criterion; the first is the reason."""
    unverified: tuple[str, ...]
    """Fields that would attest a criterion and are absent."""


class Setting(Struct, frozen=True, kw_only=True, gc=False):
    """What an instrument is judged against."""

    country: str | None
    period: Span | None
    groups: Mapping[str, Sequence[str]]
    """Market groups: name → countries."""


def judge(instrument: Instrument, setting: Setting, *, serial_taken: bool) -> Verdict:
    """Test an instrument against the criteria of its type.

    Args:
        instrument: not a carbon credit.
        setting: country and period of the consumption.
        serial_taken: whether an instrument of a smaller id carries the same serial.
    """
    failing: list[str] = []
    unverified: list[str] = []
    for criterion in CRITERIA[instrument.type]:
        field, code = _test(criterion, instrument, setting, serial_taken=serial_taken)
        if field is not None:
            unverified.append(field)
        elif code is not None:
            failing.append(code)
    return Verdict(tuple(failing), tuple(unverified))


def _test(
    criterion: int, instrument: Instrument, setting: Setting, *, serial_taken: bool
) -> tuple[str | None, str | None]:
    """The absent field, or the code that fails, or neither."""
    if criterion == 2:  # noqa: PLR2004 - the criteria are numbered
        return ("serial", None) if instrument.serial is None else (None, "MB_DOUBLE_CLAIM" if serial_taken else None)
    if criterion == 3:  # noqa: PLR2004
        return ("retired", None) if instrument.retired is None else (None, _retirement(instrument, setting))
    if criterion == 4:  # noqa: PLR2004
        return _vintage(instrument.vintage_year, setting.period)
    if criterion == 5:  # noqa: PLR2004
        if instrument.market is None or setting.country is None:
            return "market", None
        met = same_market(instrument, setting.country, setting.groups)
        return None, None if met else "MB_MARKET_BOUNDARY"
    if instrument.attributes_transferred is None:
        return "attributes_transferred", None
    return None, None if instrument.attributes_transferred else "MB_ATTRIBUTES_SOLD"


def _retirement(instrument: Instrument, setting: Setting) -> str | None:
    if instrument.retired:
        return None
    if instrument.expires is not None and setting.period is not None:
        expired = instant(instrument.expires) < setting.period.end
        return "MB_EXPIRED" if expired else "MB_NOT_RETIRED"
    return "MB_NOT_RETIRED"


def _vintage(vintage_year: int | None, period: Span | None) -> tuple[str | None, str | None]:
    if vintage_year is None or period is None:
        return "vintage_year", None
    return None, None if period.first_year <= vintage_year <= period.last_year else "MB_VINTAGE_MISMATCH"


def same_market(instrument: Instrument, country: str, groups: Mapping[str, Sequence[str]]) -> bool:
    """Whether the instrument was issued in the market of consumption.

    Args:
        instrument: its `market` is a country, a zone of one (`US-CA`), or a market group.
        country: of the consumption, ISO 3166.
        groups: market groups, name → countries.
    """
    market = (instrument.market or "").strip()
    group = groups.get(market.lower().replace(" ", "_").replace("-", "_"))
    if group is not None:
        return country in group and instrument.type not in COUNTRY_ONLY
    origin = market.upper().split("-")[0]
    if origin == country:
        return True
    return instrument.type not in COUNTRY_ONLY and any(
        origin in countries and country in countries for countries in groups.values()
    )
