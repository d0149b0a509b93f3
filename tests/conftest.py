"""What tests share: the shipped tables, and a real server on loopback that answers from them."""

from collections.abc import Iterator

import httpx
import pytest
from litestar import Litestar

from service.app import create_app
from service.factors.store import FactorStore
from service.factors.tables import load
from service.resolve import Resolver
from service.settings import RELEASE, Settings, shipped_factors
from tests.serving import serving


@pytest.fixture(scope="session")
def store() -> FactorStore:
    """The shipped factor tables, in memory."""
    return FactorStore(load(shipped_factors()), RELEASE)


@pytest.fixture(scope="session")
def resolver(store: FactorStore) -> Resolver:
    """Looks up in the shipped tables."""
    return Resolver(store)


@pytest.fixture(scope="session")
def app(store: FactorStore, resolver: Resolver) -> Litestar:
    """The service, wired with ready objects."""
    return create_app(Settings(log_format="off"), store=store, resolver=resolver)


@pytest.fixture(scope="session")
def server_url(app: Litestar) -> Iterator[str]:
    """Address of the service."""
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def client(server_url: str) -> Iterator[httpx.Client]:
    """A caller of the real server."""
    with httpx.Client(base_url=server_url, timeout=30) as caller:
        yield caller
