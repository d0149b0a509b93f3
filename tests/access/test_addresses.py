"""Where a request comes from."""

import pytest

from service.access.addresses import Proxies, forwarded_scheme, is_loopback, site_of

TRUSTED = ("10.0.0.0/8", "2001:db8::1")


@pytest.mark.parametrize(
    ("peer", "header", "caller"),
    [
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "6.6.6.6, 192.0.2.7", "192.0.2.7"),  # the first one the caller wrote himself
        ("10.0.0.1", "6.6.6.6, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.1", "192.0.2.7:4711", "192.0.2.7"),
        ("10.0.0.1", "[2001:db8::9]:4711", "2001:db8::9"),
        ("10.0.0.1", "192.0.2.7, unknown", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.66", "192.0.2.7", "192.0.2.66"),  # no proxy of ours: its word counts nothing
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, header: str | None, caller: str) -> None:
    """From the end, as far as those are trusted who wrote it."""
    assert Proxies(TRUSTED, "x-forwarded-for").caller(peer, header) == caller


@pytest.mark.parametrize(
    ("header", "caller"),
    [
        ("for=192.0.2.7;proto=https", "192.0.2.7"),
        ('For="[2001:db8::9]:4711"; proto=http', "2001:db8::9"),
        ('for="6.6.6.6, for=192.0.2.7', "192.0.2.7"),  # an open quote of the caller's swallows nothing
        ("for=192.0.2.7, by=10.0.0.2", "10.0.0.1"),
        ("for=_hidden", "10.0.0.1"),
    ],
)
def test_forwarded_is_read_where_it_is_the_chosen_header(header: str, caller: str) -> None:
    """RFC 7239."""
    assert Proxies(TRUSTED, "forwarded").caller("10.0.0.1", header) == caller


def test_the_scheme_is_that_of_the_nearest_proxy() -> None:
    """In both headers the last word."""
    assert forwarded_scheme("for=1.2.3.4;proto=http, for=10.0.0.2;proto=https") == "https"
    assert forwarded_scheme("for=1.2.3.4;proto=https, for=10.0.0.2") == ""
    assert forwarded_scheme("https, http") == "http"
    assert forwarded_scheme("HTTPS") == "https"


def test_a_caller_of_ipv6_is_his_network() -> None:
    """One has 2^64 addresses of them."""
    assert site_of("2001:db8:0:1:aaaa::1") == site_of("2001:db8:0:1:bbbb::2") == "2001:db8:0:1::"
    assert site_of("192.0.2.7") == site_of("::ffff:192.0.2.7") == "192.0.2.7"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "::ffff:127.0.0.1"])
def test_loopback(host: str) -> None:
    """Nobody else reaches it."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.com", "", "localhost.example.com"])  # noqa: S104
def test_not_loopback(host: str) -> None:
    """Also what cannot be told."""
    assert not is_loopback(host)


def test_a_network_that_is_none_is_refused() -> None:
    """Host bits set is a typing mistake more often than not."""
    with pytest.raises(ValueError, match="host bits"):
        Proxies(("10.0.0.1/8",), "forwarded")
