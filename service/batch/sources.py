"""The factors of many workloads, each once."""

from collections.abc import Sequence

import msgspec
from msgspec import Raw

from service.model.result import Source

_MOST_LISTS = 4096
_VARIES = "differs from workload to workload"


class SourcesUsed:
    """Collects what the workloads' figures rest on.

    One id may stand twice: a factor that fits one workload exactly and another as the coarser zone. A factor of the
    caller's whose number differs from workload to workload stands once, without a number.
    """

    def __init__(self) -> None:
        self._lists: dict[int, Sequence[Source | Raw]] = {}
        self._seen: dict[int, Raw] = {}
        """By identity: the factors of the store come again as the very same objects, often as the same list of them.
        What is known so is held here, so that nothing else can take its place."""
        self._encoded: set[bytes] = set()
        self._last: dict[str, Source] = {}
        """Of the caller's, by id: most repeat the one before."""
        self._own: dict[Source, Source | None] = {}
        """Without its number → with it, or null once it has had two."""

    def add(self, sources: Sequence[Source | Raw]) -> None:
        """Take those of one workload."""
        if id(sources) in self._lists:
            return
        seen, own = self._seen, False
        for source in sources:
            if id(source) not in seen:
                own |= self._add(source)
        if not own and len(self._lists) < _MOST_LISTS:
            self._lists[id(sources)] = sources

    def listed(self) -> list[Raw]:
        """Each once, in the order of their ids."""
        own = [
            source if source is not None else msgspec.structs.replace(shape, note=_VARIES)
            for shape, source in self._own.items()
        ]
        return [Raw(encoded) for encoded in sorted({*self._encoded, *map(msgspec.json.encode, own)})]

    def _add(self, source: Source | Raw) -> bool:
        """Take one; whether it is of the caller's own."""
        if isinstance(source, Raw):
            self._seen[id(source)] = source
            self._encoded.add(bytes(source))
            return False
        if self._last.get(source.id) != source:
            self._last[source.id] = source
            shape = msgspec.structs.replace(source, value=None, low=None, high=None)
            first = self._own.setdefault(shape, source)
            if first is not None and first != source:
                self._own[shape] = None
        return True
