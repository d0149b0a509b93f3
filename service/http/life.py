"""How this process stands: whether it still takes work, since when its factors hold, what the last reload came to."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Outcome = Literal["adopted", "unchanged", "refused"]


class Reload(Struct, frozen=True, kw_only=True):
    """What became of the factor tables when they were last read anew."""

    outcome: Annotated[Outcome, Meta(description="`refused`: they have faults, which are logged; the old set stays.")]
    at: Annotated[str, Meta(description="When, in UTC.")]
    faults: Annotated[int, Meta(description="How many faults were found.")] = 0
    version: Annotated[str | None, Meta(description="Version of the set that was read; null: it was refused.")] = None


def now_utc() -> str:
    """The time of day, as answers show it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


class Reloads(Struct, kw_only=True):
    """All that there were."""

    last: Reload | None = None
    counts: dict[str, int] = field(default_factory=lambda: {"adopted": 0, "unchanged": 0, "refused": 0})

    def note(self, outcome: Outcome, *, faults: int = 0, version: str | None = None) -> Reload:
        """Remember what one came to."""
        self.counts[outcome] += 1
        self.last = Reload(outcome=outcome, at=now_utc(), faults=faults, version=version)
        return self.last


class Life:
    """Of one process."""

    def __init__(self, build: str | None = None) -> None:
        self.build = build
        self.draining = False
        self.loaded_at = now_utc()
        """Since when the factor set is in force."""
        self.own_reloads = Reloads()
        self.reloads_above: Callable[[], Reloads | None] = lambda: None
        """Those of the process above the workers, where there is one; they count for all."""

    @property
    def reloads(self) -> Reloads:
        """Those of this process, or of the one above it."""
        return self.reloads_above() or self.own_reloads
