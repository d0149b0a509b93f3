"""Decoding refuses whatever it is given by name, and never fails in another way."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from service.errors import Fault, Refused
from service.http.decoding import StrictDecoder, pointer
from service.model.workload import Workload

WORKLOAD = StrictDecoder(Workload)
NAMES = st.sampled_from(
    ["region", "energy", "kwh", "hourly_kwh", "hardware", "tags", "period", "start", "cost", "", "a/b"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def refused_or_decoded(body: bytes) -> None:
    """Decode; a refusal must be one of ours."""
    faults: list[Fault] = []
    try:
        WORKLOAD.decode(body)
    except Refused as error:
        faults = error.faults
    assert {fault.code for fault in faults} <= {"BODY_NOT_JSON", "VALUE_INVALID"}
    assert all(fault.detail for fault in faults)


@given(st.binary(max_size=64))
def test_any_bytes_are_decoded_or_refused(body: bytes) -> None:
    """No byte string raises anything but a refusal."""
    refused_or_decoded(body)


@given(VALUES)
def test_any_json_is_decoded_or_refused(value: object) -> None:
    """No JSON value does, NaN and infinity included."""
    refused_or_decoded(json.dumps(value).encode())


@given(st.integers(0, 200), st.binary(min_size=1, max_size=2))
def test_any_damage_is_decoded_or_refused(position: int, damage: bytes) -> None:
    """No request with some bytes replaced does."""
    body = (
        b'{"id": "\xc3\xa4", "region": "FR", "energy": {"kwh": 1.5e2, "level": "it"}, "tags": {"a": "b"}, "pue": 1.1}'
    )
    position %= len(body)
    refused_or_decoded(body[:position] + damage + body[position + len(damage) :])


def test_a_pointer_is_escaped() -> None:
    """RFC 6901: `~` is `~0`, `/` is `~1`."""
    assert pointer([]) == ""
    assert pointer(["a/b", 0, "m~n"]) == "/a~1b/0/m~0n"


class Inner(Struct):
    """Something inside."""

    count: int
    factor: float = 1.0


class Outer(Struct):
    """Something that holds it."""

    inner: Inner
    several: list[Inner] = []


def test_integral_floats_are_integers_at_every_depth() -> None:
    """`2.0` for an integer is 2; a float stays a float."""
    decoded = StrictDecoder(Outer).decode(b'{"inner": {"count": 2.0, "factor": 3.0}, "several": [{"count": 4.0}]}')
    assert decoded == Outer(Inner(2, 3.0), [Inner(4)])


@pytest.mark.parametrize("text", [b"2.5", b"1e400", b"NaN"])
def test_another_float_is_no_integer(text: bytes) -> None:
    """A fraction, a number beyond all, and no number at all."""
    with pytest.raises(Refused) as raised:
        StrictDecoder(Outer).decode(b'{"inner": {"count": ' + text + b"}}")
    assert raised.value.faults[0].pointer == "/inner/count"
