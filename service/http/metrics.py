"""What is counted. Plain dictionaries, since all counting happens on one event loop; read at a scrape."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.boavizta import State
from service.model.resolved import Resolved

BOUNDS_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Gauges(Struct, frozen=True):
    """What is asked for at a scrape: contexts kept, the live source's state, the versions in force."""

    contexts_cached: Callable[[], int]
    live: Callable[[], State | None]
    """Of the live hardware source, where one is configured."""
    versions: Callable[[], dict[str, str]]


class Metrics(Collector):
    """Counts since the process began."""

    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._matches: Counter[tuple[str, str]] = Counter()
        self._warnings: Counter[str] = Counter()
        self._batch_items: Counter[str] = Counter(estimated=0, failed=0)
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def also(self, collector: Collector) -> None:
        """Show what another counts, too."""
        self._registry.register(collector)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests[route, method, status] += 1
        buckets = self._buckets.get(route)
        if buckets is None:
            buckets = self._buckets[route] = [0] * (len(BOUNDS_SECONDS) + 1)
            self._seconds[route] = 0.0
        buckets[bisect_left(BOUNDS_SECONDS, seconds)] += 1
        self._seconds[route] += seconds

    def estimate(self, resolved: Resolved, codes: Iterable[str], times: int = 1) -> None:
        """Count how the factors of an estimate matched, and the codes that it warned of.

        Args:
            resolved: what it looked up.
            codes: of its warnings.
            times: how many estimates had these factors.
        """
        matches = self._matches
        for matched in (resolved.grid, resolved.residual, resolved.upstream, resolved.td_loss, resolved.pue):
            if matched is not None:
                matches[matched.kind, matched.match] += times
        self._warnings.update(codes)

    def batch_items(self, estimated: int, failed: int, codes: Iterable[str]) -> None:
        """Count workloads of batches, and the codes that their estimates warned of."""
        self._warnings.update(codes)
        self._batch_items["estimated"] += estimated
        self._batch_items["failed"] += failed

    def allocation(self, resolved: Resolved | None, codes: Iterable[str]) -> None:
        """Count what a divided pool warned of, and how factors matched where it was estimated."""
        self._warnings.update(codes)
        if resolved is not None:
            self.estimate(resolved, ())

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The metrics of this program; the registry calls it at a scrape."""
        requests = CounterMetricFamily("dualscope_requests", "Requests answered.", labels=["route", "method", "status"])
        for (route, method, status), count in self._requests.items():
            requests.add_metric([route, method, str(status)], count)
        matches = CounterMetricFamily("dualscope_factor_matches", "How factors matched.", labels=["kind", "match"])
        for labels, count in self._matches.items():
            matches.add_metric(list(labels), count)
        warnings = CounterMetricFamily("dualscope_warnings", "Warnings given, by code.", labels=["code"])
        for code, count in self._warnings.items():
            warnings.add_metric([code], count)
        items = CounterMetricFamily("dualscope_batch_items", "Workloads of batches, by result.", labels=["result"])
        for result, count in self._batch_items.items():
            items.add_metric([result], count)
        cached = self._gauges.contexts_cached()
        yield requests
        yield self._durations()
        yield matches
        yield warnings
        yield items
        yield GaugeMetricFamily("dualscope_contexts_cached", "Contexts whose factors are kept.", value=cached)
        yield InfoMetricFamily("dualscope", "Versions in force.", value=self._gauges.versions())
        live = self._gauges.live()
        if live is not None:
            yield from _of_live(live)

    def _durations(self) -> HistogramMetricFamily:
        family = HistogramMetricFamily(
            "dualscope_request_duration_seconds", "Time to answer, the body's arrival included.", labels=["route"]
        )
        for route, buckets in self._buckets.items():
            running, lines = 0, []
            for bound, count in zip((*map(str, BOUNDS_SECONDS), "+Inf"), buckets, strict=True):
                running += count
                lines.append((bound, running))
            family.add_metric([route], buckets=lines, sum_value=self._seconds[route])
        return family


def _of_live(state: State) -> Iterator[Metric]:
    """The live hardware source: what it was asked, how its breaker stands."""
    asked = CounterMetricFamily("dualscope_boavizta_questions", "Questions, by what became of them.", labels=["result"])
    for result in ("hits", "misses", "stale", "unavailable"):
        asked.add_metric([result], getattr(state, result))
    yield asked
    yield CounterMetricFamily("dualscope_boavizta_requests", "Requests sent to BoaviztAPI.", value=state.requests)
    yield CounterMetricFamily(
        "dualscope_boavizta_failures", "Requests to BoaviztAPI that failed.", value=state.failures
    )
    breaker = GaugeMetricFamily("dualscope_boavizta_breaker", "1 for the breaker's position.", labels=["position"])
    for position in ("closed", "half_open", "open"):
        breaker.add_metric([position], float(state.breaker == position))
    yield breaker
