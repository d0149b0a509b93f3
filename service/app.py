"""The one place where things are wired."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from service import __version__
from service.boavizta import Boavizta, State
from service.estimator import Estimator
from service.factors.store import FactorStore
from service.http import (
    allocations,
    batch,
    comparisons,
    disclosures,
    emissions,
    focus,
    imports,
    operations,
    page,
    provider_reports,
    reference,
)
from service.http.catalog import Catalog
from service.http.documents import openapi_document
from service.http.gate import gate_of, limits_of
from service.http.guard import Guard
from service.http.life import Life
from service.http.metrics import Gauges, Metrics
from service.http.observed import AccessLog, Observed
from service.http.spool import SpoolSize
from service.live import Live
from service.method.embodied import HOURS_PER_YEAR, LIFETIME_YEARS
from service.method.energy import IDLE_SHARE_OF_TDP
from service.method.fingerprint import GWP_SET, METHOD_ID, METHOD_VERSION
from service.model.codes import codes
from service.model.result import FactorSet
from service.model.workload import Allocation, Workload
from service.opening import open_boavizta, open_store
from service.resolve import Resolver
from service.settings import Settings, SettingsInvalid, read_settings
from service.telemetry.current import current
from service.telemetry.starting import TracingMissing, start_tracing
from service.telemetry.tracing import Tracing

HANDLERS: Sequence[HTTPRouteHandler] = (
    emissions.estimate_emissions,
    reference.list_regions,
    reference.read_region,
    reference.list_factors,
    reference.read_factor,
    reference.list_hardware,
    reference.read_hardware,
    reference.read_methodology,
    operations.live,
    operations.ready,
    operations.read_metrics,
    operations.read_openapi,
    operations.read_docs,
    operations.read_docs_asset,
    page.read_page,
    page.read_page_asset,
)
LARGE: Sequence[HTTPRouteHandler] = (
    allocations.allocate_pool,
    batch.estimate_batch,
    comparisons.compare_years,
    disclosures.disclose_emissions,
    provider_reports.import_aws,
    provider_reports.import_google,
    provider_reports.import_azure,
    provider_reports.reconcile_report,
)
"""Routes that take a large body."""
IMPORTS: Sequence[HTTPRouteHandler] = (focus.import_focus, imports.import_file)
"""Routes that take a file."""


class InForce(Struct, frozen=True, kw_only=True):
    """All that rests on one factor set; it is replaced as a whole, and requests under way keep theirs."""

    store: FactorStore
    resolver: Resolver
    catalog: Catalog
    estimator: Estimator
    bills: focus.Bills
    method: reference.Method


class Services:
    """What handlers are given, by the name of their parameter; the store is there once the app has started."""

    now: InForce

    def __init__(
        self,
        store: FactorStore | None,
        resolver: Resolver | None,
        boavizta: Boavizta | None = None,
        settings: Settings | None = None,
    ) -> None:
        settings = settings or Settings()
        self.batch_limits = _batch_limits(settings)
        self.import_limits = imports.ImportLimits(patience_s=settings.patience_seconds)
        self._patience_s = settings.patience_seconds
        self._boavizta = boavizta
        self.life = Life(settings.build)
        self.metrics = Metrics(
            Gauges(
                contexts_cached=lambda: self.now.resolver.cached_contexts,
                plans=lambda: self.now.estimator.plans,
                live=self._live_state,
                versions=self._versions,
                reloads=lambda: self.life.reloads.counts,
                draining=lambda: self.life.draining,
            )
        )
        self.openapi = operations.OpenApi(document)
        self.opened = False
        if resolver is not None:
            store = resolver.store
        if store is not None:
            self.adopt(self.prepared(store, resolver))

    def prepared(self, store: FactorStore, resolver: Resolver | None = None) -> InForce:
        """All that rests on a store, made and not yet in force; on whatever thread."""
        live = Live(self._boavizta) if self._boavizta is not None else None
        resolver = resolver or Resolver(store, live)
        return InForce(
            store=store,
            resolver=resolver,
            catalog=Catalog(store, resolver),
            estimator=Estimator(),
            bills=focus.Bills(resolver, self.metrics, self._patience_s),
            method=_method(store),
        )

    def adopt(self, in_force: InForce) -> None:
        """Answer from it, from the next request on."""
        self.opened = True
        self.now = in_force

    @property
    def _here(self) -> InForce:
        """What the request being answered began with."""
        request = current.get()
        pinned = request.pinned if request is not None else None
        return pinned if isinstance(pinned, InForce) else self.now

    def _live_state(self) -> State | None:
        live = self.now.resolver.live
        return live.boavizta.state() if live is not None else None

    def _versions(self) -> dict[str, str]:
        build = {"build": self.life.build} if self.life.build else {}
        return {"version": __version__, "method": METHOD_VERSION, "factor_set": self.now.store.version} | build

    @property
    def provided(self) -> dict[str, Provide]:
        """All of it, as Litestar takes it."""
        return {
            "batch_limits": Provide(lambda: self.batch_limits, sync_to_thread=False),
            "bills": Provide(lambda: self._here.bills, sync_to_thread=False),
            "catalog": Provide(lambda: self._here.catalog, sync_to_thread=False),
            "import_limits": Provide(lambda: self.import_limits, sync_to_thread=False),
            "estimator": Provide(lambda: self._here.estimator, sync_to_thread=False),
            "life": Provide(lambda: self.life, sync_to_thread=False),
            "method": Provide(lambda: self._here.method, sync_to_thread=False),
            "metrics": Provide(lambda: self.metrics, sync_to_thread=False),
            "openapi": Provide(lambda: self.openapi, sync_to_thread=False),
            "resolver": Provide(lambda: self._here.resolver, sync_to_thread=False),
        }


def create_app(
    settings: Settings | None = None, *, store: FactorStore | None = None, resolver: Resolver | None = None
) -> Litestar:
    """Wire everything, by hand, in reading order."""
    settings = settings or read_settings(os.environ)
    boavizta = open_boavizta(settings)
    services = Services(store, resolver, boavizta, settings)
    log = AccessLog(settings.log_format, lost=services.metrics.lost_lines)
    tracing = open_tracing(settings)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        if not services.opened:
            services.adopt(services.prepared(open_store(settings)))
        if boavizta is not None:
            await boavizta.open()
        yield
        if boavizta is not None:
            await boavizta.close()
        log.flush()
        if tracing is not None:
            await asyncio.to_thread(tracing.close)

    large = Router("/", route_handlers=[*LARGE], request_max_body_size=settings.large_body_limit_bytes)
    files = Router("/", route_handlers=[*IMPORTS], request_max_body_size=settings.import_limit_bytes)
    app = Litestar(
        [*HANDLERS, large, files],
        dependencies=services.provided,
        lifespan=[lifespan],
        request_max_body_size=settings.body_limit_bytes,
        openapi_config=None,
        logging_config=None,
    )
    guard = Guard(app.asgi_router, gate_of(settings), limits_of(settings), large_paths())
    services.metrics.in_flight = guard.in_flight
    app.state.services = services
    app.asgi_handler = Observed(guard, lambda: services.now, services.metrics, log, services.life, tracing)
    return app


def large_paths() -> list[str]:
    """Paths that take a large body; those that end with a parameter as far as to it."""
    return [path.partition("{")[0] for handler in (*LARGE, *IMPORTS) for path in handler.paths]


def open_tracing(settings: Settings) -> Tracing | None:
    """What records spans, where the settings or OpenTelemetry's own variables want it.

    Raises:
        SettingsInvalid: it is demanded and not installed.
    """
    try:
        return start_tracing(settings.otel, os.environ, __version__)
    except TracingMissing as missing:
        raise SettingsInvalid(f"DUALSCOPE_OTEL={settings.otel}: {missing}") from None


def _batch_limits(settings: Settings) -> batch.BatchLimits:
    return batch.BatchLimits(
        line_bytes=settings.body_limit_bytes,
        spool=SpoolSize(file=settings.spool_limit_bytes),
        patience_s=settings.patience_seconds,
    )


@cache
def document() -> bytes:
    """The OpenAPI document of the routes."""
    return openapi_document([*HANDLERS, *LARGE, *IMPORTS], Services(None, None).provided, __version__)


def _method(store: FactorStore) -> reference.Method:
    return reference.Method(
        id=METHOD_ID,
        version=METHOD_VERSION,
        program_version=__version__,
        factor_set=FactorSet(id=store.id, version=store.version),
        parameters=_default_parameters(),
        codes=[*codes().values()],
    )


def _default_parameters() -> dict[str, Any]:
    """What holds where a request does not say otherwise. Source: METHOD section 7."""
    workload = Workload()
    allocation = Allocation()
    return {
        "allocation_method": "time",
        "category_scheme": allocation.category_scheme,
        "factor_fallback": workload.factors.fallback,
        "gwp_set": GWP_SET,
        "hours_per_year": HOURS_PER_YEAR,
        "idle_share_of_tdp": IDLE_SHARE_OF_TDP,
        "lifetime_years": LIFETIME_YEARS,
        "matching": workload.market.matching,
        "provider_claims": workload.market.provider_claims,
        "quality_policy": workload.market.quality_policy,
        "td_loss_basis": workload.factors.td_loss_basis,
        "utilization_of": workload.utilization_of,
    }
