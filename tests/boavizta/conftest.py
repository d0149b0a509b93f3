"""The real BoaviztAPI, straight and behind a proxy that can break."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.boavizta.proxy import FaultProxy
from tests.boavizta.server import HOST, real_server


@pytest.fixture(scope="session")
def real_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the real server."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        port = found.getsockname()[1]
    with real_server(tmp_path_factory.mktemp("boaviztapi"), port) as address:
        yield address


@pytest.fixture(scope="session")
def direct(real_address: str) -> Iterator[httpx.Client]:
    """A caller of the real server, without anything of ours between."""
    with httpx.Client(base_url=real_address, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def proxy(real_address: str) -> Iterator[FaultProxy]:
    """A proxy that relays, until it is told to break."""
    relay = FaultProxy(real_address)
    relay.start()
    yield relay
    relay.stop()
