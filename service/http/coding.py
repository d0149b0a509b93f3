"""Which coding of an answer a caller gets, by `Accept-Encoding` (RFC 9110, 12.5.3)."""

import re

_GZIP = re.compile(rb"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?(?:,|$)", re.IGNORECASE)
_VARY = (b"vary", b"accept-encoding")


def coded(plain: bytes, gzipped: bytes, accept_encoding: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The bytes that are sent, and the headers that say so: compressed only where the caller names gzip."""
    asked = _GZIP.search(accept_encoding)
    if asked is None or float(asked[1] or 1) == 0:
        return plain, [_VARY]
    return gzipped, [_VARY, (b"content-encoding", b"gzip")]
