"""The breaker alone, with a clock of the test's."""

from service.boavizta.breaker import Breaker


class Clock:
    """A clock that is set."""

    s = 100.0

    def __call__(self) -> float:
        return self.s


def opened(clock: Clock) -> Breaker:
    """Return a breaker that two failures have just opened, for ten seconds."""
    breaker = Breaker(2, 10, clock)
    for _ in range(2):
        ticket = breaker.admit()
        assert ticket is not None
        breaker.failed(ticket)
    return breaker


def test_it_opens_after_failures_in_a_row() -> None:
    """A success between two failures begins the count anew."""
    breaker = Breaker(2, 10, Clock())
    for _ in range(5):
        ticket = breaker.admit()
        assert ticket is not None
        assert not breaker.failed(ticket)
        ticket = breaker.admit()
        assert ticket is not None
        breaker.succeeded(ticket)
    assert (breaker.position, breaker.opened, breaker.failures_in_row) == ("closed", 0, 0)


def test_open_it_admits_nobody_until_its_time() -> None:
    """Then one probe, and no other beside it."""
    clock = Clock()
    breaker = opened(clock)
    assert (breaker.position, breaker.admit()) == ("open", None)
    clock.s += 9.9
    assert (breaker.position, breaker.admit()) == ("open", None)
    clock.s += 0.1
    assert breaker.position == "half_open"
    assert breaker.admit() is not None
    assert (breaker.position, breaker.admit(), breaker.refuses) == ("half_open", None, True)


def test_a_probe_decides() -> None:
    """Its success closes the breaker, its failure opens it for as long again."""
    clock = Clock()
    breaker = opened(clock)
    clock.s += 10
    probe = breaker.admit()
    assert probe is not None
    assert breaker.failed(probe)
    assert (breaker.position, breaker.opened) == ("open", 2)
    clock.s += 10
    probe = breaker.admit()
    assert probe is not None
    assert breaker.succeeded(probe)
    assert (breaker.position, breaker.failures_in_row) == ("closed", 0)


def test_a_probe_that_tells_nothing_leaves_room_for_another() -> None:
    """It was cancelled, or its question was at fault."""
    clock = Clock()
    breaker = opened(clock)
    clock.s += 10
    probe = breaker.admit()
    assert probe is not None
    breaker.abandoned(probe)
    assert breaker.position == "half_open"
    assert breaker.admit() is not None


def test_what_was_under_way_before_decides_nothing() -> None:
    """Late failures and successes of earlier requests are not the probe's."""
    clock = Clock()
    breaker = Breaker(1, 10, clock)
    late, later, failing = breaker.admit(), breaker.admit(), breaker.admit()
    assert late is not None
    assert later is not None
    assert failing is not None
    breaker.failed(failing)
    assert not breaker.succeeded(late)
    clock.s += 10
    assert breaker.admit() is not None
    assert not breaker.failed(later)
    assert not breaker.succeeded(late)
    assert breaker.refuses
