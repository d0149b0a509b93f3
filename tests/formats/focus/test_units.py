"""Units as FOCUS and the providers write them."""

import pytest

from service.formats.focus.units import Unit, unit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hours", Unit("hours", 1.0)),
        ("Hrs", Unit("hours", 1.0)),
        ("100 Hours", Unit("hours", 100.0)),
        ("Minutes", Unit("hours", 1 / 60)),
        ("seconds", Unit("hours", 1 / 3600)),
        ("GB-Months", Unit("terabyte_hours", 0.73)),  # 0.001 TB × 730 h
        ("GB-Mo", Unit("terabyte_hours", 0.73)),
        ("10 GB/Month", Unit("terabyte_hours", 7.3)),
        ("gibibyte month", Unit("terabyte_hours", 2.0**30 / 1e12 * 730)),
        ("GiB-Hours", Unit("terabyte_hours", 2.0**30 / 1e12)),
        ("TB", Unit("gigabytes", 1000.0)),
        ("GiB", Unit("gigabytes", 1.073741824)),
        ("Gigabytes", Unit("gigabytes", 1.0)),
    ],
)
def test_a_unit_holds_what_its_words_say(text: str, expected: Unit) -> None:
    """GB is 10^9 bytes and GiB 2^30; a month is 8760 h / 12."""
    found = unit(text)
    assert found is not None
    assert found.dimension == expected.dimension
    assert found.amount == pytest.approx(expected.amount, rel=1e-12)


@pytest.mark.parametrize("text", ["", "Requests", "1000 Tokens", "GB-Requests", "vCPU-Hours", "1/Month", "x" * 1000])
def test_other_units_hold_nothing_that_is_known(text: str) -> None:
    """They are no time, no bytes, no bytes kept for a time."""
    assert unit(text) is None
