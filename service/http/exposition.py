"""What was counted, as the families that Prometheus reads; of several workers, the sum.

Names of OpenTelemetry's semantic conventions where those have one (`http_server_…`), else `dualscope_…`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, field
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.boavizta.answers import Position

BOUNDS_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BOUNDS = (*map(str, BOUNDS_SECONDS), "+Inf")
_ANSWERED = ("hits", "misses", "stale", "unavailable")


class InFlight(Struct, kw_only=True):
    """What stands before the router; places and queue by the size of bodies."""

    places_taken: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    by_key: dict[str, int] = field(default_factory=dict)
    """Requests with a key so far, by its name."""


class Counted(Struct, kw_only=True):
    """What only ever grows."""

    requests: dict[tuple[str, str, int], list[float]] = field(default_factory=dict)
    """By route, method and status: how many took up to each bound, then more; last the seconds of all."""
    matches: dict[tuple[str, str], int] = field(default_factory=dict)
    """By kind of factor and how it matched."""
    warnings: dict[str, int] = field(default_factory=dict)
    batch_items: dict[str, int] = field(default_factory=lambda: {"estimated": 0, "failed": 0})
    live: dict[str, int] = field(default_factory=dict)
    """What the live hardware source was asked; empty where there is none."""
    lost_lines: int = 0
    keys: dict[str, int] = field(default_factory=dict)
    """Requests with a key, by its name."""


class Snapshot(Struct, kw_only=True):
    """Of one process."""

    counted: Counted
    contexts_cached: int
    plans: int
    active: int
    in_flight: InFlight
    draining: bool
    breaker: Position | None
    worker: int | None
    """Its place among several."""
    cpu_s: float
    resident_bytes: int


class Summed(Collector):
    """The families of one scrape."""

    def __init__(self, snapshots: Sequence[Snapshot], versions: dict[str, str], reloads: dict[str, int]) -> None:
        self._snapshots = snapshots
        self._counted = _sum([snapshot.counted for snapshot in snapshots])
        self._versions = versions
        self._reloads = reloads

    def collect(self) -> Iterator[Metric]:
        """All of them; the registry calls it."""
        counted, snapshots = self._counted, self._snapshots
        yield from _requests(counted.requests)
        yield _gauge("http_server_active_requests", "Requests being answered.", sum(one.active for one in snapshots))
        places = _added([one.in_flight.places_taken for one in snapshots])
        yield _gauges("dualscope_places_taken", "Requests in flight, by size.", "size", places)
        waiting = _added([one.in_flight.waiting for one in snapshots])
        yield _gauges("dualscope_requests_waiting", "Requests that wait for a place.", "size", waiting)
        yield _counter("dualscope_key_requests", "Requests with a key, by its name.", "key", counted.keys)
        yield _labeled("dualscope_factor_matches", "How factors matched.", ["kind", "match"], counted.matches)
        yield _counter("dualscope_warnings", "Warnings given, by code.", "code", counted.warnings)
        yield _counter("dualscope_batch_items", "Workloads of batches, by result.", "result", counted.batch_items)
        cached = sum(one.contexts_cached for one in snapshots)
        yield _gauge("dualscope_contexts_cached", "Contexts whose factors are kept.", cached)
        plans = sum(one.plans for one in snapshots)
        yield _gauge("dualscope_plans_cached", "Kinds of workload whose arithmetic is kept.", plans)
        yield _counter("dualscope_factor_reloads", "Reloads of the factor tables.", "outcome", self._reloads)
        yield CounterMetricFamily(
            "dualscope_log_lines_lost", "Lines of the log that could not be written.", value=counted.lost_lines
        )
        draining = sum(one.draining for one in snapshots)
        yield _gauge("dualscope_draining", "Processes that were told to stop.", draining)
        yield InfoMetricFamily("dualscope", "Versions in force.", value=self._versions)
        if counted.live:
            yield from self._live()
        if any(one.worker is not None for one in snapshots):
            yield from self._workers()

    def _live(self) -> Iterator[Metric]:
        """The live hardware source: what it was asked, how the breakers stand."""
        live = self._counted.live
        asked = {result: live.get(result, 0) for result in _ANSWERED}
        yield _counter("dualscope_boavizta_questions", "Questions, by what became of them.", "result", asked)
        for name, meaning in (
            ("requests", "Requests sent to BoaviztAPI."),
            ("failures", "Requests to BoaviztAPI that failed."),
            ("opened", "How often the breaker opened."),
        ):
            yield CounterMetricFamily(f"dualscope_boavizta_{name}", meaning, value=live.get(name, 0))
        breaker = GaugeMetricFamily(
            "dualscope_boavizta_breaker", "Processes whose breaker is in the position.", labels=["position"]
        )
        for position in ("closed", "half_open", "open"):
            breaker.add_metric([position], float(sum(one.breaker == position for one in self._snapshots)))
        yield breaker

    def _workers(self) -> Iterator[Metric]:
        """What `process_…` tells of a single process."""
        cpu = CounterMetricFamily("dualscope_worker_cpu_seconds", "Processor time of a worker.", labels=["worker"])
        memory = GaugeMetricFamily("dualscope_worker_resident_memory_bytes", "Memory of a worker.", labels=["worker"])
        for one in sorted(self._snapshots, key=lambda one: one.worker or 0):
            cpu.add_metric([str(one.worker)], one.cpu_s)
            memory.add_metric([str(one.worker)], one.resident_bytes)
        yield cpu
        yield memory


def _requests(requests: dict[tuple[str, str, int], list[float]]) -> Iterator[Metric]:
    answered = CounterMetricFamily("dualscope_requests", "Requests answered.", labels=["route", "method", "status"])
    seconds = HistogramMetricFamily(
        "http_server_request_duration_seconds",
        "Time to answer, the body's arrival included.",
        labels=["http_route", "http_request_method", "http_response_status_code"],
    )
    for (route, method, status), (*buckets, total) in requests.items():
        labels = [route, method, str(status)]
        running, lines = 0.0, []
        for bound, count in zip(_BOUNDS, buckets, strict=True):
            running += count
            lines.append((bound, running))
        answered.add_metric(labels, running)
        seconds.add_metric(labels, buckets=lines, sum_value=total)
    yield answered
    yield seconds


def _sum(all_counted: Sequence[Counted]) -> Counted:
    if len(all_counted) == 1:
        return all_counted[0]
    requests: dict[tuple[str, str, int], list[float]] = {}
    for counted in all_counted:
        for key, took in counted.requests.items():
            known = requests.get(key)
            requests[key] = took if known is None else [a + b for a, b in zip(known, took, strict=True)]
    return Counted(
        requests=requests,
        matches=_added([counted.matches for counted in all_counted]),
        warnings=_added([counted.warnings for counted in all_counted]),
        batch_items=_added([counted.batch_items for counted in all_counted]),
        live=_added([counted.live for counted in all_counted]),
        lost_lines=sum(counted.lost_lines for counted in all_counted),
        keys=_added([counted.keys for counted in all_counted]),
    )


def _added(counts: Sequence[dict[Any, int]]) -> dict[Any, int]:
    total: Counter[Any] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)


def _gauges(name: str, meaning: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _counter(name: str, meaning: str, label: str, counts: dict[str, int]) -> Metric:
    return _labeled(name, meaning, [label], {(value,): count for value, count in counts.items()})


def _labeled(name: str, meaning: str, labels: Sequence[str], counts: dict[Any, int]) -> Metric:
    family = CounterMetricFamily(name, meaning, labels=labels)
    for values, count in counts.items():
        family.add_metric([*values], count)
    return family
