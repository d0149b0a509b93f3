"""A caller's trace: which are taken, what is passed on, what the real SDK records."""

from typing import Any

import pytest
from litestar.testing import TestClient

from service.app import create_app
from service.factors.store import FactorStore
from service.http.observed import Observed
from service.settings import Settings
from service.telemetry.current import current, read_request, trace_headers

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (PARENT, True),
        (PARENT.replace("00-", "01-", 1) + "-more", True),
        (PARENT + "-more", False),
        (PARENT.replace("00-", "ff-", 1), False),
        (PARENT.upper(), False),
        ("00-" + "0" * 32 + "-b7ad6b7169203331-01", False),
        ("00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01", False),
        (PARENT + "\n", False),
    ],
)
def test_only_a_valid_trace_is_passed_on(sent: str, taken: bool) -> None:
    """W3C Trace Context: ids of zeros, version ff and capitals are none; a later version may have more."""
    current.set(read_request([(b"traceparent", sent.encode()), (b"tracestate", b"a=1"), (b"tracestate", b"b=2")]))
    assert trace_headers() == ({"traceparent": sent, "tracestate": "a=1,b=2"} if taken else {})
    current.set(None)


def test_a_trace_that_stands_twice_is_none() -> None:
    """It cannot be known which one holds."""
    assert read_request([(b"traceparent", PARENT.encode())] * 2).traceparent is None


def test_a_request_is_a_span(store: FactorStore) -> None:
    """The real SDK: a server's span by route, below the caller's, with the names of the conventions."""
    pytest.importorskip("opentelemetry.sdk", reason="the extra dualscope[otel] is not installed")
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: PLC0415

    from service.telemetry.otel import OpenTelemetry  # noqa: PLC0415

    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app = create_app(Settings(log_format="off"), store=store)
    observed: Any = app.asgi_handler
    assert isinstance(observed, Observed)
    observed._tracing = OpenTelemetry(provider)
    with TestClient(app) as caller:
        caller.get("/regions/FR?secret=1", headers={"traceparent": PARENT})
        caller.get("/regions/FR", headers={"traceparent": PARENT})
    bad, good = exporter.get_finished_spans()
    assert format(good.context.trace_id, "032x") == PARENT[3:35]
    assert format(good.parent.span_id, "016x") == PARENT[36:52]
    assert good.attributes["http.response.status_code"] == 200
    assert good.attributes["http.request.method"] == "GET"
    assert good.name == f"GET {good.attributes['http.route']}"
    assert bad.attributes["http.response.status_code"] == 400
    assert "secret" not in str(bad.attributes)
