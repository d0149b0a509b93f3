"""The page: everything that a browser is sent, each file read and compressed once, when first asked for."""

import asyncio
import gzip
from functools import cache
from pathlib import Path

from litestar.params import FromPath
from msgspec import Struct

from service.http.calls import Answer, reading
from service.http.problems import Declined
from service.http.representations import Representation

STATIC = Path(__file__).parent.parent / "web" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
REVALIDATED = b"no-cache"
"""The page names its files by their content, so it alone must be asked for anew."""
FOREVER = b"public, max-age=31536000, immutable"

_INDEX = "index.html"
_HTML = Representation("text/html; charset=utf-8", bytes)
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": _HTML.media_type,
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


class _File(Struct, frozen=True):
    media_type: str
    content: bytes
    gzipped: bytes


@reading("/", operation_id="read_page", caching=REVALIDATED, representations=(_HTML,), include_in_schema=False)
async def read_page() -> Answer:
    """The page; everything it needs comes from this service."""
    page = await asyncio.to_thread(_file, _INDEX)
    policy = ((b"content-security-policy", POLICY.encode()),)
    return Answer(page.content, page.media_type, headers=policy, gzipped=page.gzipped)


@reading(
    "/assets/{name:str}",
    operation_id="read_page_asset",
    caching=FOREVER,
    representations=(),  # a file has one form, whatever is liked
    include_in_schema=False,
)
async def read_page_asset(name: FromPath[str]) -> Answer:
    """A file of the page."""
    if name not in _names() or name == _INDEX:
        raise Declined("NOT_FOUND", f"the page has no file {name[:64]!r}")
    file = await asyncio.to_thread(_file, name)
    return Answer(file.content, file.media_type, gzipped=file.gzipped)


@cache
def _names() -> frozenset[str]:
    """What is served; nothing else is."""
    return frozenset(path.name for path in STATIC.iterdir() if path.suffix in _MEDIA_TYPES)


@cache
def _file(name: str) -> _File:
    path = STATIC / name
    content = path.read_bytes()
    return _File(_MEDIA_TYPES[path.suffix], content, gzip.compress(content, mtime=0))
