"""How often one may ask: so many in each minute, day and month of UTC, and what is left of them."""

import calendar
from collections.abc import Sequence
from datetime import UTC, datetime

MINUTE_S, DAY_S = 60, 86400


class _Window:
    """One of the clock: a minute begins with its second 0."""

    __slots__ = ("begun", "ends", "most", "name", "used")

    def __init__(self, name: str, most: int) -> None:
        self.name, self.most = name, most
        self.used = self.begun = self.ends = 0


class Allowance:
    """What one caller may ask for, and has. Asked by one thread."""

    __slots__ = ("_form", "_since", "_until", "_windows", "policy", "quotas")

    def __init__(self, quotas: Sequence[tuple[str, int]]) -> None:
        self.quotas = tuple(quotas)
        self._windows = [_Window(name, most) for name, most in quotas]
        self._since = self._until = 0
        """The last beginning and the first end of a window."""
        self._form = b", ".join(b'"%b";r=%%d;t=%%d' % name.encode() for name, _ in quotas)
        self.policy = b""
        """`RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-10: quota `q` in each window of `w` seconds."""

    def take(self, now: int) -> int:
        """Count one request.

        Returns:
            0, or so many seconds until there is one again; then nothing is counted. [s]
        """
        if not self._since <= now < self._until:
            self._turn(now)
        spent = [window.ends - now for window in self._windows if window.used >= window.most]
        if spent:
            return max(spent)
        for window in self._windows:
            window.used += 1
        return 0

    def add(self, more: int) -> None:
        """Count what a request came to beyond one; never refused, but missing from what comes after."""
        for window in self._windows:
            window.used += more

    def inherit(self, former: "Allowance") -> None:
        """Go on counting where one with other quotas stood."""
        counted = {window.name: window for window in former._windows}  # noqa: SLF001 - one of us
        for window in self._windows:
            if window.name in counted:
                before = counted[window.name]
                window.used, window.begun, window.ends = before.used, before.begun, before.ends

    def left(self, now: int) -> bytes:
        """`RateLimit` of the same draft: how many remain, `r`, and seconds `t` until there are all again."""
        numbers: list[int] = []
        for window in self._windows:
            numbers += (max(0, window.most - window.used), window.ends - now)
        return self._form % tuple(numbers)

    def _turn(self, now: int) -> None:
        """Begin the windows anew that have ended, and those that a clock put back has not come to yet."""
        for window in self._windows:
            if not window.begun <= now < window.ends:
                window.used = 0
                window.begun, window.ends = _bounds(window.name, now)
        self._since = max(window.begun for window in self._windows)
        self._until = min(window.ends for window in self._windows)
        self.policy = b", ".join(
            b'"%b";q=%d;w=%d' % (window.name.encode(), window.most, window.ends - window.begun)
            for window in self._windows
        )


def _bounds(window: str, now: int) -> tuple[int, int]:
    if window == "month":
        today = datetime.fromtimestamp(now, UTC)
        first = int(datetime(today.year, today.month, 1, tzinfo=UTC).timestamp())
        return first, first + calendar.monthrange(today.year, today.month)[1] * DAY_S
    length = MINUTE_S if window == "minute" else DAY_S
    first = now // length * length
    return first, first + length


class AddressAllowances:
    """So many requests a minute for each address; in bounded memory, since all of it is forgotten with the minute."""

    def __init__(self, per_minute: int, most: int = 65536) -> None:
        self._quotas = (("minute", per_minute),)
        self._most = most
        self._minute = 0
        self._by_address: dict[str, Allowance] = {}
        self._others = Allowance(self._quotas)
        """Shared by those for whom there is no room."""

    def of(self, address: str, now: int) -> Allowance:
        """That of an address."""
        minute = now // MINUTE_S
        if minute != self._minute:
            self._minute = minute
            self._by_address.clear()
        found = self._by_address.get(address)
        if found is None:
            if len(self._by_address) >= self._most:
                return self._others
            found = self._by_address[address] = Allowance(self._quotas)
        return found
