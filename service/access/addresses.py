"""Where a request comes from: the peer itself, or what a proxy says of it that is trusted to."""

import ipaddress
from collections.abc import Callable, Sequence
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_KNOWN = 4096
"""Addresses whose trust is remembered."""
_SITE = 64
"""Leading bits of an IPv6 address that one caller has to himself."""


class Proxies:
    """Proxies that are trusted, and the one header in which they tell the caller's address."""

    def __init__(self, networks: Sequence[str], header: str) -> None:
        """Read the networks.

        Raises:
            ValueError: one is none.
        """
        trusted = [ipaddress.ip_network(network) for network in networks]
        self.header = header.encode()
        self._told: Callable[[str], list[str]] = _forwarded if header == "forwarded" else _listed

        @lru_cache(_KNOWN)
        def trusts(address: str) -> bool:
            parsed = _parsed(address)
            return parsed is not None and any(parsed in network for network in trusted)

        self.trusts = trusts
        """Whether an address is one of theirs."""

    def caller(self, peer: str, header: str | None) -> str:
        """The address of the caller: the last one on the way here that is no trusted proxy.

        Addresses are read from the end, where the nearest proxy wrote; what stands before the first that is not trusted
        may be anybody's.
        """
        nearest = peer
        for told in reversed(self._told(header)) if header is not None else ():
            if not self.trusts(nearest) or _parsed(told) is None:
                break
            nearest = told
        return nearest


def site_of(address: str) -> str:
    """What counts as one caller: an IPv4 address, the network of an IPv6 address."""
    if ":" not in address:
        return address
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((parsed, _SITE), strict=False).network_address)
    return str(parsed)


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches what listens on it."""
    if host == "localhost":
        return True
    parsed = _parsed(host)
    return parsed is not None and parsed.is_loopback


def _parsed(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _listed(header: str) -> list[str]:
    """`X-Forwarded-For: 192.0.2.7, 198.51.100.3`."""
    return [_without_port(part.strip()) for part in header.split(",")]


def _forwarded(header: str) -> list[str]:
    """`Forwarded: for=192.0.2.7;proto=https, for="[2001:db8::1]:4711"` (RFC 7239); one without `for` is empty."""
    elements = (dict(_pair(pair) for pair in element.split(";")) for element in header.split(","))
    return [_without_port(element.get("for", "")) for element in elements]


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"')


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def forwarded_scheme(header: str) -> str:
    """The scheme that the nearest proxy was asked in: the last `proto` of a `Forwarded`, or the last word of a list."""
    last = header.rsplit(",", 1)[-1]
    return dict(_pair(pair) for pair in last.split(";")).get("proto", last if "=" not in last else "").strip().lower()
