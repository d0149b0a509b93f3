"""Who is let in and how many, as the settings say it."""

from msgspec import Struct

from service.access.addresses import Proxies
from service.access.allowance import AddressAllowances
from service.access.keyring import Keyring
from service.access.keys import KeysInvalid
from service.http.cross_origin import CrossOrigin
from service.settings import Settings, SettingsInvalid


class Limits(Struct, frozen=True, kw_only=True):
    """Of requests in flight."""

    places: int
    large_places: int
    queue: int
    queue_s: float
    request_s: float
    large_s: float
    silence_s: float


class Gate(Struct, frozen=True, kw_only=True):
    """Who is let in."""

    keys: Keyring | None = None
    without_key: frozenset[str] = frozenset()
    operations_port: int | None = None
    per_address: AddressAllowances | None = None
    """Where there are no keys."""
    proxies: Proxies | None = None
    cross_origin: CrossOrigin | None = None

    @property
    def wide_open(self) -> bool:
        """Whether it has nothing to ask."""
        asked = (self.keys, self.operations_port, self.per_address, self.proxies, self.cross_origin)
        return all(part is None for part in asked)


def gate_of(settings: Settings) -> Gate:
    """Who is let in.

    Raises:
        SettingsInvalid: keys, origins or proxies cannot be read.
    """
    keys = keyring_of(settings)
    try:
        proxies = Proxies(settings.trusted_proxies, settings.forwarded_header) if settings.trusted_proxies else None
    except ValueError as error:
        raise SettingsInvalid(f"DUALSCOPE_TRUSTED_PROXIES: {error}") from None
    try:
        cross_origin = CrossOrigin(settings.cors_origins) if settings.cors_origins else None
    except ValueError as error:
        raise SettingsInvalid(f"DUALSCOPE_CORS_ORIGINS: {error}") from None
    counted = keys is None and settings.requests_per_minute > 0
    return Gate(
        keys=keys,
        without_key=frozenset(settings.without_key),
        operations_port=settings.operations_port,
        per_address=AddressAllowances(settings.requests_per_minute) if counted else None,
        proxies=proxies,
        cross_origin=cross_origin,
    )


def keyring_of(settings: Settings) -> Keyring | None:
    """The keys; none, where none are asked for.

    Raises:
        SettingsInvalid: they cannot be read.
    """
    if settings.keys_file is None and settings.keys is None:
        return None
    try:
        return Keyring(settings.keys_file, settings.keys, settings.requests_per_minute)
    except KeysInvalid as error:
        raise SettingsInvalid(str(error)) from None


def limits_of(settings: Settings) -> Limits:
    """How many, and for how long."""
    return Limits(
        places=settings.requests_at_once,
        large_places=settings.large_at_once,
        queue=settings.queue_length,
        queue_s=settings.queue_seconds,
        request_s=settings.request_seconds,
        large_s=settings.large_seconds,
        silence_s=settings.silence_seconds,
    )
