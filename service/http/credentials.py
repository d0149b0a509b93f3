"""The key that a request brings: `X-API-Key`, `Authorization: Bearer`, or Basic with the key as its password."""

import base64
import binascii
from collections.abc import Mapping, Sequence

from service.access.keyring import Holder, Keyring
from service.access.keys import Purpose
from service.http.problems import Declined, Headers

_BEARER = b'Bearer realm="dualscope"'
_BASIC = b'Basic realm="dualscope", charset="UTF-8"'
_HOW = "send it as `Authorization: Bearer KEY` or `X-API-Key: KEY`, or as the password of Basic"


def holder_of(headers: Sequence[tuple[bytes, bytes]], keys: Keyring, purpose: Purpose, now: float) -> Holder:
    """Who asks, and that they may.

    Raises:
        Declined: there is no key, it is none of ours, it has expired, or it is for something else.
    """
    given = dict(headers)
    presented = _presented(given)
    # the script of a page: its browser would take Basic for its own affair and ask the user
    a_page = given.get(b"sec-fetch-mode", b"navigate") != b"navigate"
    if presented is None:
        raise _unauthorized(f"this path needs a key; {_HOW}", a_page=a_page)
    if len(given) < len(headers) and _twice(headers):
        raise _unauthorized("there are two of the header with the key; send it once", a_page=a_page, invalid=True)
    holder = keys.find(presented)
    if holder is None:
        raise _unauthorized("the key is not known here", a_page=a_page, invalid=True)
    key = holder.key
    if key.expires is not None and now >= key.expires:
        raise _unauthorized(f"the key {key.name!r} has expired", a_page=a_page, invalid=True)
    if purpose not in key.may:
        other = "operations (/health/ready, /metrics)" if purpose == "operations" else "data"
        raise Declined("FORBIDDEN", f"the key {key.name!r} is not for {other}: its line has no may={purpose}")
    return holder


def _twice(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    names = [name for name, _ in headers]
    return names.count(b"authorization") > 1 or names.count(b"x-api-key") > 1


def _presented(given: Mapping[bytes, bytes]) -> bytes | None:
    own = given.get(b"x-api-key")  # first, since Authorization may be for a proxy on the way
    if own is not None:
        return own.strip()
    authorization = given.get(b"authorization")
    return _authorized(authorization) if authorization is not None else None


def _authorized(value: bytes) -> bytes | None:
    if value.startswith(b"Bearer "):  # as nearly all write it
        return value[7:].strip()
    scheme, _, rest = value.strip().partition(b" ")
    match scheme.lower():
        case b"bearer":
            return rest.strip()
        case b"basic":
            try:
                name, _, password = base64.b64decode(rest.strip(), validate=True).partition(b":")
            except binascii.Error:
                return b""
            return password or name
        case _:
            return None


def _unauthorized(detail: str, *, a_page: bool = False, invalid: bool = False) -> Declined:
    bearer = _BEARER + (b', error="invalid_token"' if invalid else b"")
    challenges: Headers = [(b"www-authenticate", bearer)]
    if not a_page:
        challenges = [*challenges, (b"www-authenticate", _BASIC)]
    return Declined("UNAUTHORIZED", detail, headers=challenges)
