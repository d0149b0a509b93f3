"""Which instruments count: each type against each criterion. Rules: METHOD section 3."""

from typing import Any

import pytest

from service.method.instruments import TIER, Setting, judge, same_market
from service.method.period import span
from service.model.workload import Instrument, Period

CERTIFICATES = ["rec", "go", "rego", "i-rec", "granular"]
PURCHASES = ["ppa", "vppa"]
GROUPS = {"europe": ("DE", "FR", "GB"), "north_america": ("CA", "US")}
OF_2025 = span(Period(start="2025-01-01", end="2026-01-01"))
ATTESTED = {"serial": "S-1", "retired": True, "vintage_year": 2025, "market": "DE", "attributes_transferred": True}


def instrument(kind: str, **fields: Any) -> Instrument:
    """An instrument that attests every criterion, then the fields given."""
    return Instrument(id="a", type=kind, kwh=1, kg_co2e_per_kwh=0, **(ATTESTED | fields))


def setting(**fields: Any) -> Setting:
    """Consumption in Germany in 2025."""
    return Setting(**({"country": "DE", "period": OF_2025, "groups": GROUPS} | fields))


def verdict(kind: str, *, taken: bool = False, where: Setting | None = None, **fields: Any) -> tuple[Any, Any]:
    """What fails and what is not attested."""
    found = judge(instrument(kind, **fields), where or setting(), serial_taken=taken)
    return found.failing, found.unverified


def test_each_type_has_its_tier() -> None:
    """Certificates and PPAs 1, contracts 2, rates, tariffs and a provider's CFE 3; carbon credits none."""
    expected = dict.fromkeys([*CERTIFICATES, *PURCHASES], 1) | {"contract": 2}
    expected |= dict.fromkeys(["green_tariff", "supplier_rate", "provider_cfe"], 3)
    assert expected == TIER


@pytest.mark.parametrize("kind", TIER)
def test_a_fully_attested_instrument_passes(kind: str) -> None:
    """All criteria met: nothing fails, nothing is unknown."""
    assert verdict(kind) == ((), ())


@pytest.mark.parametrize(
    ("kinds", "fields"),
    [
        (CERTIFICATES, ("serial", "retired", "vintage_year", "market")),
        (PURCHASES, ("serial", "retired", "vintage_year", "market", "attributes_transferred")),
        (["contract"], ("market", "attributes_transferred")),
        (["green_tariff", "supplier_rate"], ("market",)),
        (["provider_cfe"], ()),
    ],
)
def test_an_absent_field_is_unknown(kinds: list[str], fields: tuple[str, ...]) -> None:
    """Each type is judged by its own criteria; what no field attests is unknown, and no criterion fails by absence."""
    for kind in kinds:
        assert verdict(kind, **dict.fromkeys(ATTESTED)) == ((), fields)


@pytest.mark.parametrize(
    ("kinds", "fields", "taken", "code"),
    [
        ([*CERTIFICATES, *PURCHASES], {}, True, "MB_DOUBLE_CLAIM"),
        ([*CERTIFICATES, *PURCHASES], {"retired": False}, False, "MB_NOT_RETIRED"),
        ([*CERTIFICATES, *PURCHASES], {"retired": False, "expires": "2025-06-30"}, False, "MB_EXPIRED"),
        ([*CERTIFICATES, *PURCHASES], {"vintage_year": 2024}, False, "MB_VINTAGE_MISMATCH"),
        ([*CERTIFICATES, *PURCHASES], {"vintage_year": 2026}, False, "MB_VINTAGE_MISMATCH"),
        ([kind for kind in TIER if kind != "provider_cfe"], {"market": "US"}, False, "MB_MARKET_BOUNDARY"),
        ([*PURCHASES, "contract"], {"attributes_transferred": False}, False, "MB_ATTRIBUTES_SOLD"),
    ],
)
def test_a_failed_criterion_has_its_code(kinds: list[str], fields: dict[str, Any], taken: bool, code: str) -> None:
    """Criteria 2, 3, 4, 5 and 7, for every type that they hold for."""
    for kind in kinds:
        assert verdict(kind, taken=taken, **fields) == ((code,), ())


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("contract", {"serial": None, "retired": False, "vintage_year": 2001}),
        ("green_tariff", {"retired": False, "vintage_year": 2001, "attributes_transferred": False}),
        ("rec", {"attributes_transferred": False}),
        ("provider_cfe", {"market": "US", "retired": False, "vintage_year": 2001}),
    ],
)
def test_a_criterion_of_another_type_does_not_matter(kind: str, fields: dict[str, Any]) -> None:
    """A type is not judged by what is not asked of it."""
    assert verdict(kind, **fields) == ((), ())


def test_failures_stand_by_number_of_the_criterion() -> None:
    """The first failing criterion by number is the reason; all of them are told."""
    fields = {"attributes_transferred": False, "market": "US", "vintage_year": 2020, "retired": False}
    failing, _ = verdict("ppa", taken=True, **fields)
    assert failing == (
        "MB_DOUBLE_CLAIM",
        "MB_NOT_RETIRED",
        "MB_VINTAGE_MISMATCH",
        "MB_MARKET_BOUNDARY",
        "MB_ATTRIBUTES_SOLD",
    )


@pytest.mark.parametrize(
    ("expires", "code"),
    [
        ("2025-12-31", "MB_EXPIRED"),
        ("2025-12-31T23:59:59Z", "MB_EXPIRED"),
        ("2026-01-01", "MB_NOT_RETIRED"),  # the period's end, not before it
        ("2027-01-01", "MB_NOT_RETIRED"),
    ],
)
def test_what_expires_before_the_period_s_end_has_expired(expires: str, code: str) -> None:
    """Not retired, and `expires` before the period's end: expired; later: not retired."""
    assert verdict("go", retired=False, expires=expires) == ((code,), ())


def test_what_was_retired_in_time_may_expire() -> None:
    """A retired certificate counts, whenever it would have expired."""
    assert verdict("go", retired=True, expires="2025-03-01") == ((), ())


@pytest.mark.parametrize(
    ("start", "end", "passing"),
    [
        ("2025-01-01", "2026-01-01", {2025}),
        ("2024-12-31", "2025-01-02", {2024, 2025}),
        ("2023-07-01", "2025-07-01", {2023, 2024, 2025}),
    ],
)
def test_a_vintage_meets_the_period_by_calendar_year(start: str, end: str, passing: set[int]) -> None:
    """Criterion 4 is met when the vintage's calendar year meets the period."""
    where = setting(period=span(Period(start=start, end=end)))
    years = range(2022, 2028)
    assert {year for year in years if verdict("rec", where=where, vintage_year=year) == ((), ())} == passing


def test_without_a_period_a_vintage_is_unknown() -> None:
    """No period: criterion 4 is unknown."""
    assert verdict("rec", where=setting(period=None)) == ((), ("vintage_year",))


@pytest.mark.parametrize(
    ("kind", "market", "country", "same"),
    [
        ("go", "DE", "DE", True),
        ("go", "FR", "DE", True),  # of one group
        ("go", "de", "DE", True),
        ("go", "europe", "DE", True),
        ("go", "Europe", "DE", True),
        ("go", "US", "DE", False),
        ("go", "north_america", "DE", False),
        ("rec", "CA", "US", True),
        ("rec", "US-CA", "US", True),  # a zone of the country
        ("rec", "North America", "US", True),
        ("rec", "MX", "US", False),
        ("rec", "somewhere", "US", False),
        ("i-rec", "BR", "BR", True),
        ("i-rec", "FR", "DE", False),  # I-REC: the country only
        ("i-rec", "europe", "DE", False),
        ("rego", "GB", "GB", True),
        ("rego", "DE", "GB", False),  # REGO: the country only
        ("rego", "europe", "GB", False),
        ("i-rec", "JP", "SG", False),
        ("go", "JP", "SG", False),  # in no group at all
    ],
)
def test_markets_are_countries_and_groups(kind: str, market: str, country: str, same: bool) -> None:
    """The same country, or one group of the table; I-REC and REGO hold in their own country alone."""
    assert same_market(instrument(kind, market=market), country, GROUPS) is same


def test_without_a_country_a_market_is_unknown() -> None:
    """Where the consumption is not known to lie, criterion 5 is unknown."""
    assert verdict("rec", where=setting(country=None)) == ((), ("market",))
