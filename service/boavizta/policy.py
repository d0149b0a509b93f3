"""How the adapter behaves: every time, number and size that it goes by."""

from typing import Annotated

from msgspec import Meta, Struct

DAY_S = 86_400.0
CONNECTIONS = 8
"""At once. BoaviztAPI's handlers block: more connections only make each answer later."""
KEEP_ALIVE_S = 4.0
"""How long an idle connection is kept; its server closes one after 5 s, and a request sent just then is lost."""
MOST_BYTES = 1_000_000
"""Largest body that is read; the longest real one, a list of names, has 25 kB."""
QUIET_CONNECTIONS = 2
"""Of all connections, how many refreshing and warming may take, so that callers find the rest free."""


class Policy(Struct, frozen=True, kw_only=True):
    """What an operator or a test may want otherwise."""

    budget_s: Annotated[float, Meta(gt=0, le=60)] = 2.0
    """Longest that one question keeps its caller waiting. [s]"""
    connect_s: Annotated[float, Meta(gt=0, le=60)] = 1.0
    """Longest wait for a connection. [s]"""
    read_s: Annotated[float, Meta(gt=0, le=60)] = 3.0
    """Longest wait for the next bytes. [s]"""
    attempts: Annotated[int, Meta(ge=1, le=10)] = 3
    """Of one request, where it pays to try again."""
    retry_wait_s: Annotated[float, Meta(ge=0, le=10)] = 0.1
    """Longest random wait before the second attempt; it doubles with each further one. [s]"""
    failures: Annotated[int, Meta(ge=1)] = 3
    """Requests that fail in a row, each with all its attempts, until the breaker opens."""
    open_s: Annotated[float, Meta(gt=0)] = 10.0
    """How long an open breaker stays so before it lets one request probe. [s]"""
    ttl_s: Annotated[float, Meta(gt=0)] = 30 * DAY_S
    """How long an answer is good. [s]"""
    unknown_s: Annotated[float, Meta(gt=0)] = 600.0
    """How long a name that the server does not know stays unknown. [s]"""
    version_s: Annotated[float, Meta(gt=0)] = 60.0
    """How old the known version of the server may be before it is asked for again. [s]"""
    most_in_memory: Annotated[int, Meta(ge=1)] = 4096
    """Answers and misses kept in memory."""
    most_in_file: Annotated[int, Meta(ge=1)] = 50_000
    """Answers kept in the cache file; the oldest go first."""
    most_flights: Annotated[int, Meta(ge=1)] = 256
    """Distinct questions waited for at once; further ones are missed."""

    @property
    def patience_s(self) -> float:
        """Longest that one request may take with all its attempts, however slowly its bytes drip. [s]"""
        return self.connect_s + self.read_s
