"""What is wrong with many consumers at once, told without end only up to a point."""

from collections import Counter

from service.errors import Fault

MOST_TOLD = 100
"""Consumers that are named for one code at one field; of the rest the number is told."""


class Faults:
    """Collects the faults of consumers."""

    def __init__(self) -> None:
        self.told: list[Fault] = []
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, index: int, field: str, code: str, detail: str) -> None:
        """One fault of one consumer."""
        count = self.counts[code, field] = self.counts[code, field] + 1
        if count <= MOST_TOLD:
            self.told.append(Fault(f"/consumers/{index}/{field}", code, detail))

    def include(self, other: "Faults") -> None:
        """Those of another driver too."""
        self.told += other.told
        self.counts += other.counts

    def all(self) -> list[Fault]:
        """Those that are told, and how many more there are."""
        more = {key: count - MOST_TOLD for key, count in self.counts.items() if count > MOST_TOLD}
        return self.told + [
            Fault("/consumers", code, f"{count} more consumers have this fault at {field}")
            for (code, field), count in more.items()
        ]
