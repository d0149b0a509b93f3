"""How often one may ask, by the clock."""

from service.access.allowance import AddressAllowances, Allowance

NOW = 1798761600 - 61  # 2026-12-31T23:58:59Z


def test_a_minute_is_one_of_the_clock() -> None:
    """Two in a minute; the third waits for its end, one second on, and is not counted."""
    allowance = Allowance([("minute", 2)])
    assert [allowance.take(NOW) for _ in range(3)] == [0, 0, 1]
    assert allowance.policy == b'"minute";q=2;w=60'
    assert allowance.left(NOW) == b'"minute";r=0;t=1'
    assert allowance.take(NOW + 1) == 0
    assert allowance.left(NOW + 1) == b'"minute";r=1;t=60'


def test_a_clock_that_was_ahead_locks_nobody_out() -> None:
    """Used up while the clock was a year ahead: put right, each window is that of the true time."""
    allowance = Allowance([("minute", 1), ("month", 2)])
    ahead = NOW + 365 * 86400
    assert [allowance.take(ahead) for _ in range(2)] == [0, 1]
    assert [allowance.take(NOW) for _ in range(2)] == [0, 1]
    assert allowance.left(NOW) == b'"minute";r=0;t=1, "month";r=1;t=61'


def test_all_windows_count_and_the_longest_wait_holds() -> None:
    """A month is as long as it is: 31 days of December; the year ends in 61 s."""
    allowance = Allowance([("minute", 5), ("day", 4), ("month", 3)])
    assert [allowance.take(NOW) for _ in range(4)] == [0, 0, 0, 61]
    assert allowance.policy == b'"minute";q=5;w=60, "day";q=4;w=86400, "month";q=3;w=2678400'
    assert allowance.left(NOW) == b'"minute";r=2;t=1, "day";r=1;t=61, "month";r=0;t=61'
    assert allowance.take(NOW + 61) == 0
    assert allowance.left(NOW + 61) == b'"minute";r=4;t=60, "day";r=3;t=86400, "month";r=2;t=2678400'


def test_a_large_request_is_missed_afterwards() -> None:
    """It is never refused for its size, but what it used is used, down to none and not below."""
    allowance = Allowance([("minute", 10)])
    allowance.take(NOW)
    allowance.add(15)
    assert allowance.left(NOW) == b'"minute";r=0;t=1'
    assert allowance.take(NOW) == 1


def test_addresses_are_counted_apart_in_bounded_memory() -> None:
    """Those for whom there is no room share one count; with the minute all is forgotten."""
    counts = AddressAllowances(1, most=2)
    assert [counts.of(address, NOW).take(NOW) for address in ("a", "b", "a", "c", "d")] == [0, 0, 1, 0, 1]
    assert counts.of("a", NOW + 1).take(NOW + 1) == 0
