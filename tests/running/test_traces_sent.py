"""Spans that arrive where they are to be sent, as OpenTelemetry's own protocol has them."""

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.running.callers import served

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PATIENCE_S = 20.0
SERVER, CLIENT = 2, 3
"""Kinds of spans in OTLP."""


@contextmanager
def collector() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Address of a server that takes whatever is sent, and what it was sent; it is no BoaviztAPI."""
    taken: list[tuple[str, bytes]] = []

    class Taking(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append((self.path, self.rfile.read(int(self.headers["Content-Length"] or 0))))
            self.send_response(200 if self.path == "/v1/traces" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", taken
        server.shutdown()


def test_spans_arrive_at_a_collector(tmp_path: Path) -> None:
    """A request is a span of the caller's trace, and a question to BoaviztAPI one below it."""
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="the extra dualscope[otel] is not installed")
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (  # noqa: PLC0415
        ExportTraceServiceRequest,
    )

    body = {"region": "FR", "energy": {"kwh": 1}, "hardware": {"instance": "aws:m5.large"}, "duration_hours": 1}
    with collector() as (address, taken):
        environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_BSP_SCHEDULE_DELAY": "50"}
        with served(tmp_path, DUALSCOPE_BOAVIZTA_URL=address, **environment) as server:
            asked = httpx.post(f"{server.url}/emissions", json=body, headers={"traceparent": PARENT})
            assert asked.status_code == 200
            until = time.monotonic() + PATIENCE_S
            spans: list[Any] = []
            while time.monotonic() < until and not {SERVER, CLIENT} <= {span.kind for span in spans}:
                spans = [
                    span
                    for path, content in list(taken)
                    if path == "/v1/traces"
                    for resource in ExportTraceServiceRequest.FromString(content).resource_spans
                    for scope in resource.scope_spans
                    for span in scope.spans
                ]
    own = next(span for span in spans if span.kind == SERVER and span.name == "POST /emissions")
    below = next(span for span in spans if span.kind == CLIENT)
    assert own.trace_id.hex() == below.trace_id.hex() == PARENT[3:35]
    assert own.parent_span_id.hex() == PARENT[36:52]
    assert below.parent_span_id == own.span_id
