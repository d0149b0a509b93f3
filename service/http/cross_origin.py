"""Which pages of other origins may read answers (CORS). None, unless the settings name them."""

import re
from collections.abc import Sequence

from service.http.problems import Headers

_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?")
_ANY = "*"
_SHOWN = b"ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Factor-Set, X-Request-Id"
_METHODS = b"GET, HEAD, POST"
_TAKEN = b"Accept, Authorization, Content-Type, If-None-Match, X-API-Key, X-Request-Id"
_KEPT_S = b"600"


class CrossOrigin:
    """Answers to `Origin`. Credentials that a browser adds by itself are never asked for."""

    def __init__(self, origins: Sequence[str]) -> None:
        """Read the origins.

        Raises:
            ValueError: one is none.
        """
        for origin in origins:
            if origin != _ANY and not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} is no origin: a scheme, a host in lower case and a port: https://example.com"
                )
        self._any = _ANY in origins
        self._origins = frozenset(origin.encode() for origin in origins)

    def headers(self, origin: bytes | None) -> Headers:
        """What an answer to a page of this origin has."""
        if self._any:
            return ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", _SHOWN))
        if origin not in self._origins:
            return ((b"vary", b"Origin"),)
        return (
            (b"access-control-allow-origin", origin or b""),
            (b"access-control-expose-headers", _SHOWN),
            (b"vary", b"Origin"),
        )

    def preflight(self, origin: bytes | None) -> Headers | None:
        """The answer to a browser that asks whether it may ask; none where it may not."""
        if origin is None or not (self._any or origin in self._origins):
            return None
        return (
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", _TAKEN),
            (b"access-control-max-age", _KEPT_S),
        )
