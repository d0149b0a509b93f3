"""Bytes of a file, changed at random: cut, doubled, overwritten, with what spreadsheets and attackers write."""

import random

PIECES = (
    b"", b"\x00", b"\n", b"\r", b'"', b",", b";", b"\t", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\xed\xa0\x80",
    b"\\ud800", b"NaN", b"-Infinity", b"1e999", b"-1", b"1e-320", b"9" * 400, b"1.234,56", b"31/12/2025",
    b"2025-02-30", b"=cmd|'/c'!A1", b"{", b"}", b"[" * 1500, b"null", b"true", b'{"a":1}', b"\xe2\x80\xae",
    b"x" * 70000, b"PAR1", b"PK\x03\x04", b"\x1f\x8b",
)  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A copy with one to four changes."""
    for _ in range(chance.randint(1, 4)):
        content = _changed(content, chance)
    return content


def _changed(content: bytes, chance: random.Random) -> bytes:
    at, until = sorted((chance.randrange(len(content) + 1), chance.randrange(len(content) + 1)))
    until = min(until, at + chance.choice((1, 4, 40, 4000)))
    kind = chance.randrange(6)
    if kind == 0:
        return content[:at] + content[until:]
    if kind == 1:
        return content[:at] + content[at:until] * 2 + content[until:]
    if kind == 2:
        return content[:at]
    if kind == 3 and content:
        place = min(at, len(content) - 1)
        return content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :]
    return content[:at] + chance.choice(PIECES) + content[until if kind == 4 else at :]
