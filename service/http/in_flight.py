"""What is in flight and who asked, for a scrape."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.http.guard import Guard


class InFlight(Collector):
    """Places that are taken, requests that wait for one, and requests by the name of their key."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def collect(self) -> Iterator[Metric]:
        """The metrics; the registry calls it at a scrape."""
        taken = GaugeMetricFamily("dualscope_places_taken", "Requests in flight, by size.", labels=["size"])
        waiting = GaugeMetricFamily("dualscope_requests_waiting", "Requests that wait for a place.", labels=["size"])
        for size, room in (("small", self._guard.room), ("large", self._guard.large_room)):
            taken.add_metric([size], room.places - room.free)
            waiting.add_metric([size], room.waiting)
        by_key = CounterMetricFamily("dualscope_key_requests", "Requests with a key, by its name.", labels=["key"])
        for key, count in self._guard.by_key.items():
            by_key.add_metric([key], count)
        yield from (taken, waiting, by_key)
