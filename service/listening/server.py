"""The server as `dualscope serve` runs it, and the sockets that it listens on."""

import socket

import uvicorn
from litestar import Litestar

from service.access.addresses import is_loopback
from service.http.gate import keyring_of
from service.listening.heads import HeadLimits, bounded
from service.settings import Settings, SettingsInvalid

_BACKLOG = 2048
_OPEN_TO_ALL = """{host} is not loopback and there are no keys: whoever reaches it could use it.
Make a key with `dualscope keys new NAME >>keys` and set DUALSCOPE_KEYS_FILE=keys;
or, where something else keeps strangers out, set DUALSCOPE_ALLOW_OPEN=true."""


def refuse_strangers(host: str, settings: Settings) -> None:
    """See to it that what others can reach asks for a key, unless it was told not to.

    Raises:
        SettingsInvalid: it would not; or the keys cannot be read.
    """
    if keyring_of(settings) is None and not is_loopback(host) and not settings.allow_open:
        raise SettingsInvalid(_OPEN_TO_ALL.format(host=host))


def listener(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        OSError, OverflowError: it cannot.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    found.settimeout(0)  # its queue can be emptied without waiting for more
    return found


def configuration(app: Litestar, settings: Settings) -> uvicorn.Config:
    """uvicorn's, with nothing in it that the service does itself."""
    heads = HeadLimits(
        head_bytes=settings.head_limit_bytes, url_bytes=settings.url_limit_bytes, head_s=settings.head_seconds
    )
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=bounded(heads),
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # what proxies say is read where it is needed, from those that are trusted
        log_config=None,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
