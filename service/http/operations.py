"""Routes for those who run the service: health, metrics, the OpenAPI document and its page."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.params import FromPath
from msgspec import Meta, Struct

from service.http.calls import Answer, reading
from service.http.catalog import Catalog
from service.http.documents import problems
from service.http.life import Life, Reload
from service.http.live_figure import LiveState, live_state
from service.http.metrics import MEDIA_TYPE, Metrics
from service.http.problems import Declined
from service.http.reference import Method
from service.http.representations import JSON, Representation
from service.model.result import FactorSet
from service.resolve import Resolver

RELEASE_LONG = b"public, max-age=3600"
WEB = Path(__file__).parent.parent / "web"
SWAGGER_UI = WEB / "swagger-ui"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HTML = Representation("text/html; charset=utf-8", bytes)
_TEXT = Representation(MEDIA_TYPE, bytes)
_CSS, _SCRIPT, _PLAIN = (f"text/{name}; charset=utf-8" for name in ("css", "javascript", "plain"))
_ASSETS = {
    "start.js": (WEB / "start.js", _SCRIPT),
    "swagger-ui.css": (SWAGGER_UI / "swagger-ui.css", _CSS),
    "swagger-ui-bundle.js": (SWAGGER_UI / "swagger-ui-bundle.js", _SCRIPT),
    "swagger-ui-bundle.js.LICENSE.txt": (SWAGGER_UI / "swagger-ui-bundle.js.LICENSE.txt", _PLAIN),
    "LICENSE": (SWAGGER_UI / "LICENSE", _PLAIN),
}


class Live(Struct, frozen=True, kw_only=True):
    """The process runs."""

    status: str


class StoreState(Struct, frozen=True, kw_only=True):
    """What the factor store holds."""

    status: str
    factors: int
    regions: int
    hardware: int


class Ready(Struct, frozen=True, kw_only=True):
    """The process can answer, and from what."""

    status: Annotated[
        Literal["ready", "draining"],
        Meta(description="`draining`, with status 503: it was told to stop, and finishes what it has begun."),
    ]
    version: str
    build: Annotated[str | None, Meta(description="What the program was built from, where its builder said so.")]
    factor_set: FactorSet
    loaded_at: Annotated[str, Meta(description="Since when the factor set is in force here, in UTC.")]
    last_reload: Annotated[Reload | None, Meta(description="Null: the tables were not read again since the start.")]
    store: StoreState
    boavizta: LiveState

    @property
    def http_status(self) -> int:
        """503 sends a balancer's requests elsewhere."""
        return 503 if self.status == "draining" else 200


class OpenApi(Struct, frozen=True):
    """The OpenAPI document, made when it is first asked for."""

    document: Callable[[], bytes]


def _operating(path: str, name: str, summary: str, **more: Any) -> HTTPRouteHandler:
    documented = {"responses": problems(400, 406)} | more
    return reading(path, operation_id=name, summary=summary, tags=["operations"], **documented)


@_operating("/health/live", "read_liveness", "Liveness")
async def live() -> Live:
    """Tell whether the process runs."""
    return Live(status="live")


@_operating(
    "/health/ready",
    "read_readiness",
    "Readiness",
    responses=problems(400, 406) | {503: ResponseSpec(Ready, description="Draining.", generate_examples=False)},
)
async def ready(
    method: NamedDependency[Method],
    catalog: NamedDependency[Catalog],
    resolver: NamedDependency[Resolver],
    life: NamedDependency[Life],
) -> Ready:
    """Tell whether requests can be answered, from which factor set, by which version of the program."""
    return Ready(
        status="draining" if life.draining else "ready",
        version=method.program_version,
        build=life.build,
        factor_set=method.factor_set,
        loaded_at=life.loaded_at,
        last_reload=life.reloads.last,
        store=StoreState(
            status="ready",
            factors=len(catalog.factors),
            regions=len(await catalog.regions()),
            hardware=len(catalog.hardware),
        ),
        boavizta=live_state(resolver.live.boavizta if resolver.live is not None else None),
    )


@_operating("/metrics", "read_metrics", "Metrics", representations=(_TEXT,))
async def read_metrics(metrics: NamedDependency[Metrics]) -> bytes:
    """Counts and durations for Prometheus."""
    return metrics.text()


@reading("/openapi.json", operation_id="read_openapi", caching=RELEASE_LONG, include_in_schema=False)
async def read_openapi(openapi: NamedDependency[OpenApi]) -> Answer:
    """This interface as an OpenAPI 3.1 document."""
    return Answer(await asyncio.to_thread(openapi.document), JSON.media_type)  # making it takes a moment, once


@reading("/docs", operation_id="read_docs", caching=RELEASE_LONG, representations=(_HTML,), include_in_schema=False)
async def read_docs() -> Answer:
    """The interface as a page; everything it needs comes from this service."""
    policy = ((b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),)
    return Answer((WEB / "docs.html").read_bytes(), _HTML.media_type, headers=policy)


@reading(
    "/docs/{name:str}",
    operation_id="read_docs_asset",
    caching=RELEASE_LONG,
    representations=(),  # a file has one form, whatever is liked
    include_in_schema=False,
)
async def read_docs_asset(name: FromPath[str]) -> Answer:
    """A file of the page."""
    if name not in _ASSETS:
        raise Declined("NOT_FOUND", f"the page has no file {name[:64]!r}")
    path, media_type = _ASSETS[name]
    return Answer(path.read_bytes(), media_type)
