"""What records spans, as those see it who make them; `otel` fills it where that is installed and wanted."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol


class Span(Protocol):
    """A span that is under way."""

    def answered(self, status: int, *, route: str | None = None, items: int | None = None) -> None:
        """Note the HTTP status that it came to; 0: there was none."""


class Call(Span, Protocol):
    """A span around a request that is sent."""

    @property
    def headers(self) -> dict[str, str]:
        """By which the server joins the trace."""


class Tracing(Protocol):
    """Records spans."""

    def serving(self, method: str, path: str, headers: Iterable[tuple[bytes, bytes]]) -> AbstractContextManager[Span]:
        """Stand around a request that is answered."""

    def calling(self, method: str, server: str, path: str) -> AbstractContextManager[Call]:
        """Stand around a request that is sent."""

    def close(self) -> None:
        """Send what is not yet sent; it takes seconds at most."""
