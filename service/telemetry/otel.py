"""Traces by OpenTelemetry (the extra `dualscope[otel]`), sent by OTLP over HTTP as its own `OTEL_…` variables say."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry.propagate import extract, inject
from opentelemetry.propagators.textmap import Getter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

_BAD_REQUEST, _SERVER_ERROR = 400, 500
_LAST_SENDING_MS = 2000
_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})

_Headers = Iterable[tuple[bytes, bytes]]


class _OfRequest(Getter[_Headers]):
    """How the carrier of a trace is read from the headers of a request."""

    def get(self, carrier: _Headers, key: str) -> list[str] | None:
        wanted = key.lower().encode()
        return [value.decode("latin-1") for name, value in carrier if name == wanted] or None

    def keys(self, carrier: _Headers) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier]


class _Recorded:
    """A span with the names of the semantic conventions for HTTP."""

    def __init__(self, span: Span, method: str, worst: int, headers: dict[str, str]) -> None:
        self.headers = headers
        self._span = span
        self._method = method
        self._worst = worst

    def answered(self, status: int, *, route: str | None = None, items: int | None = None) -> None:
        span = self._span
        if route is not None:
            span.update_name(f"{self._method} {route}")
            span.set_attribute("http.route", route)
        if items is not None:
            span.set_attribute("dualscope.items", items)
        if status:
            span.set_attribute("http.response.status_code", status)
        if not status or status >= self._worst:
            span.set_attribute("error.type", str(status) if status else "disconnected")
            span.set_status(Status(StatusCode.ERROR))


class OpenTelemetry:
    """Records spans with the SDK."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("dualscope")
        self._getter = _OfRequest()

    @contextmanager
    def serving(self, method: str, path: str, headers: _Headers) -> Iterator[_Recorded]:
        """A server's span; neither query nor headers go into it."""
        known = method if method in _METHODS else "_OTHER"
        attributes: dict[str, Any] = {"http.request.method": known, "url.path": path, "url.scheme": "http"}
        with self._tracer.start_as_current_span(
            known if known == method else "HTTP",
            context=extract(headers, getter=self._getter),
            kind=SpanKind.SERVER,
            attributes=attributes,
        ) as span:
            yield _Recorded(span, known if known == method else "HTTP", _SERVER_ERROR, {})

    @contextmanager
    def calling(self, method: str, server: str, path: str) -> Iterator[_Recorded]:
        """A client's span, and the headers by which the server joins the trace."""
        attributes = {"http.request.method": method, "server.address": server, "url.path": path}
        with self._tracer.start_as_current_span(method, kind=SpanKind.CLIENT, attributes=attributes) as span:
            headers: dict[str, str] = {}
            inject(headers)
            yield _Recorded(span, method, _BAD_REQUEST, headers)

    def close(self) -> None:
        """Send what waits, for two seconds at most."""
        self._provider.force_flush(_LAST_SENDING_MS)
        self._provider.shutdown()


def by_otlp(version: str) -> OpenTelemetry:
    """Spans go to the collector that the environment names, from a thread of their own."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - slow to import

    resource = Resource.create({"service.name": _service_name(os.environ), "service.version": version})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return OpenTelemetry(provider)


def _service_name(environment: Mapping[str, str]) -> str:
    return environment.get("OTEL_SERVICE_NAME") or "dualscope"
