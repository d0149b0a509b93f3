"""JSON as a stream of values, in bounded memory."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Refused
from service.formats.elements import LONGEST_VALUE, elements

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def values(content: bytes) -> list[Any]:
    """All values of a file."""
    return list(elements(io.BytesIO(content), "example"))


def refusal(content: bytes) -> tuple[str, str]:
    """Code and words of a file that is refused."""
    with pytest.raises(Refused) as caught:
        values(content)
    return caught.value.faults[0].code, caught.value.faults[0].detail


@given(st.lists(VALUES, max_size=6))
def test_a_list_gives_its_elements(listed: list[Any]) -> None:
    """However it is laid out."""
    assert values(json.dumps(listed).encode()) == listed
    assert values(b"\xef\xbb\xbf \n" + json.dumps(listed, indent=2, ensure_ascii=False).encode()) == listed


@given(st.lists(st.dictionaries(st.text(), VALUES, max_size=3), min_size=1, max_size=6))
def test_lines_give_each_value(listed: list[Any]) -> None:
    """With blank lines between, or none."""
    assert values(b"\r\n\n".join(json.dumps(value).encode() for value in listed)) == listed
    assert values(b"".join(json.dumps(value).encode() for value in listed)) == listed


def test_values_longer_than_a_read_are_whole() -> None:
    """A value of a megabyte, and thousands of small ones behind it."""
    listed = [{"a": "é" * 1_000_000}, *({"n": number} for number in range(20_000)), 1234567890]
    assert values(json.dumps(listed, ensure_ascii=False).encode()) == listed


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b" \n\t ", "it is empty"),
        (b"[1, 2", "may be cut off"),
        (b'[{"a": 1}, {"b": "x', "may be cut off"),
        (b"[1 2]", "goes on with a comma"),
        (b"[1] 2", "behind the end of the list"),
        (b"[1,]", "expecting value"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": "\\ud800"}', "no JSON of example"),
        (b"\xff\xfe", "no UTF-8"),
        (b'{"a": "\xe9"}', "no UTF-8"),
        (b"run_id,duration\n", "expecting value"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a": "' + b"x" * (LONGEST_VALUE + 200_000), "longer than"),
    ],
    ids=range(14),
)
def test_what_is_no_json_is_refused(content: bytes, words: str) -> None:
    """With the code of a body that is no JSON."""
    code, detail = refusal(content)
    assert code == "BODY_NOT_JSON"
    assert words in detail


def test_values_before_a_fault_are_given() -> None:
    """The file is read as far as it goes."""
    found = elements(io.BytesIO(b'[{"a": 1}, {"a": 2}, {"a'), "example")
    assert [next(found), next(found)] == [{"a": 1}, {"a": 2}]
    with pytest.raises(Refused, match="at value 3"):
        next(found)
