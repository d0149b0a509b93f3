"""What is counted. Plain dictionaries, since all counting happens on one event loop; read at a scrape.

Workers that share a port publish what they counted to each other, so that each answers a scrape for all.
"""

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

from service.boavizta import State
from service.http.exposition import BOUNDS_SECONDS, Counted, InFlight, Snapshot, Summed
from service.model.resolved import Resolved
from service.telemetry.current import count_items
from service.telemetry.shared import Slots

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
_PAGE_BYTES = 4096
_encode = msgspec.msgpack.Encoder().encode
_snapshot = msgspec.msgpack.Decoder(Snapshot)


class Gauges(Struct, frozen=True):
    """What is asked for at a scrape: what is kept, the live source's state, the versions in force."""

    contexts_cached: Callable[[], int]
    plans: Callable[[], int]
    live: Callable[[], State | None]
    """Of the live hardware source, where one is configured."""
    versions: Callable[[], dict[str, str]]
    reloads: Callable[[], dict[str, int]]
    draining: Callable[[], bool]


class _Place(Struct, frozen=True):
    """Where a worker publishes."""

    slots: Slots
    index: int


class Metrics:
    """Counts since the process began, or the first of its place among workers."""

    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges
        self._counted = Counted()
        self._live_before: dict[str, int] = {}
        """What the live sources of workers counted that had this place before."""
        self._place: _Place | None = None
        self._published: bytes = b""
        self._keys_before: dict[str, int] = {}
        """The same of requests with a key."""
        self.in_flight: Callable[[], InFlight] = InFlight
        """Tells what stands before the router."""
        self.active = 0
        """Requests that are being answered."""

    # counting

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        key = route, method if method in _METHODS else "_OTHER", status
        took = self._counted.requests.get(key)
        if took is None:
            took = self._counted.requests[key] = [0.0] * (len(BOUNDS_SECONDS) + 2)
        took[bisect_left(BOUNDS_SECONDS, seconds)] += 1
        took[-1] += seconds

    def estimate(self, resolved: Resolved, codes: Iterable[str], times: int = 1) -> None:
        """Count how the factors of an estimate matched, and the codes that it warned of.

        Args:
            resolved: what it looked up.
            codes: of its warnings.
            times: how many estimates had these factors.
        """
        matches = self._counted.matches
        for matched in (resolved.grid, resolved.residual, resolved.upstream, resolved.td_loss, resolved.pue):
            if matched is not None:
                key = matched.kind, matched.match
                matches[key] = matches.get(key, 0) + times
        self._warned(codes)

    def batch_items(self, estimated: int, failed: int, codes: Iterable[str]) -> None:
        """Count workloads of batches, and the codes that their estimates warned of."""
        self._warned(codes)
        self._counted.batch_items["estimated"] += estimated
        self._counted.batch_items["failed"] += failed
        count_items(estimated + failed)

    def allocation(self, resolved: Resolved | None, codes: Iterable[str]) -> None:
        """Count what a divided pool warned of, and how factors matched where it was estimated."""
        self._warned(codes)
        if resolved is not None:
            self.estimate(resolved, ())

    def lost_lines(self, count: int) -> None:
        """Count lines of the log that could not be written."""
        self._counted.lost_lines += count

    def _warned(self, codes: Iterable[str]) -> None:
        warnings = self._counted.warnings
        for code in codes:
            warnings[code] = warnings.get(code, 0) + 1

    # telling

    def share(self, slots: Slots, index: int) -> None:
        """Count on from what this place among the workers had counted, and publish there from now on."""
        content = slots.read(index)
        if content is not None:
            before = _snapshot.decode(content).counted
            self._live_before, self._keys_before = before.live, before.keys
            self._counted = msgspec.structs.replace(before, live={}, keys={})
        self._place = _Place(slots, index)
        self.publish()

    def publish(self) -> None:
        """Let the other workers know."""
        if self._place is not None:
            content = _encode(self.snapshot())
            if content != self._published:
                self._place.slots.write(self._place.index, content)
                self._published = content

    def snapshot(self) -> Snapshot:
        """All of this process."""
        gauges, live, in_flight = self._gauges, self._gauges.live(), self.in_flight()
        return Snapshot(
            counted=msgspec.structs.replace(
                self._counted,
                live=_onward(self._live_before, _counts_of(live)),
                keys=_onward(self._keys_before, in_flight.by_key),
            ),
            in_flight=msgspec.structs.replace(in_flight, by_key={}),
            contexts_cached=gauges.contexts_cached(),
            plans=gauges.plans(),
            active=self.active,
            draining=gauges.draining(),
            breaker=live.breaker if live is not None else None,
            worker=self._place.index if self._place is not None else None,
            cpu_s=time.process_time() if self._place is not None else 0.0,
            resident_bytes=_resident_bytes() if self._place is not None else 0,
        )

    def text(self) -> bytes:
        """All of it, of all workers, as Prometheus reads it.

        What is told is published first: the next worker that is asked never tells less.
        """
        registry = CollectorRegistry()
        snapshots = [self.snapshot()]
        if self._place is None:
            ProcessCollector(registry=registry)
        else:
            self.publish()
            others = self._place.slots.others(self._place.index)
            snapshots += [_snapshot.decode(content) for content in others]
        registry.register(Summed(snapshots, self._gauges.versions(), self._gauges.reloads()))
        return generate_latest(registry)


def _onward(before: dict[str, int], now: dict[str, int]) -> dict[str, int]:
    return before | {name: before.get(name, 0) + count for name, count in now.items()}


def _counts_of(live: State | None) -> dict[str, int]:
    if live is None:
        return {}
    names = ("hits", "misses", "stale", "unavailable", "requests", "failures", "opened")
    return {name: getattr(live, name) for name in names}


def _resident_bytes() -> int:
    """Memory in use, where the system tells it."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0
