"""A body of lines, however it is cut into pieces."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Fault
from service.http.lines import Lines


def cut(pieces: Sequence[bytes], limit: int = 10) -> list[bytes]:
    """Return the lines of a body that comes in pieces; `b"!"` for one that is too long."""

    async def arriving() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    async def all_of_them() -> list[bytes | Fault]:
        return [line async for lines in Lines(limit).cut(arriving()) for line in lines]

    found = asyncio.run(all_of_them())
    assert all(line.code == "BODY_TOO_LARGE" for line in found if isinstance(line, Fault))
    return [b"!" if isinstance(line, Fault) else line.removesuffix(b"\r") for line in found]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b"", []),
        (b"\n\r\n \t\n", []),
        (b"a\nb\n", [b"a", b"b"]),
        (b"a\r\nb\r\n", [b"a", b"b"]),
        (b"a\n\n\nb", [b"a", b"b"]),
        (b"\xef\xbb\xbfa\nb", [b"a", b"b"]),
        (b"\xef\xbb\xbf", []),
        (b"\xef\xbb\xbf\nb", [b"b"]),
        (b"a\n\xef\xbb\xbfb", [b"a", b"\xef\xbb\xbfb"]),
        (b"0123456789\nb", [b"0123456789", b"b"]),
        (b"0123456789\r\nb", [b"0123456789", b"b"]),
        (b"0123456789", [b"0123456789"]),
        (b"0123456789a\nb", [b"!", b"b"]),
        (b"0123456789a\r\nb", [b"!", b"b"]),
        (b"0123456789a", [b"!"]),
        (b"0123456789abcdefghijklmnopq\nb\n", [b"!", b"b"]),
        (b"a\n0123456789abcdefghijklmnopq", [b"a", b"!"]),
        (b"0123456789abc\n0123456789abc\n0123456789abc", [b"!", b"!", b"!"]),
    ],
)
def test_a_body_is_cut_into_lines(body: bytes, lines: list[bytes]) -> None:
    """The same lines, whether it comes at once, by the byte, or in threes: none lost, none twice, in order."""
    for size in (len(body) or 1, 1, 3):
        assert cut([body[index : index + size] for index in range(0, len(body), size)]) == lines


@given(st.lists(st.binary(max_size=14).filter(lambda line: b"\n" not in line), max_size=8), st.data())
def test_pieces_do_not_matter(lines: list[bytes], data: st.DataObject) -> None:
    """However a body is cut into pieces, its lines are the same."""
    body = b"\n".join(lines)
    ends = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=6)))
    pieces = [body[start:end] for start, end in zip([0, *ends], [*ends, len(body)], strict=True)]
    assert cut(pieces) == cut([body])


def test_a_long_line_takes_no_memory() -> None:
    """What is over the limit is let go at once."""
    lines = Lines(1000)
    for _ in range(100):
        lines._lines(b"x" * 600)
        assert len(lines._rest) <= 1001
