"""Of several records that state the same thing, which one counts; found out in memory that does not grow with the file.

What was seen goes to a temporary file, and is read again part by part, each small enough for a dictionary. What is left
in memory is one bit a record.
"""

from collections.abc import Iterator
from hashlib import blake2b
from struct import Struct
from tempfile import SpooledTemporaryFile

_SEEN = Struct("<QQdQ")
"""Two halves of the key's hash, the measure, the record's number."""
_IN_MEMORY = 4 * 1024 * 1024
"""Beyond these it is written to disk. [bytes]"""
_PART = 100_000
"""Keys of which a dictionary is made at once."""
_BLOCK = 1024 * _SEEN.size


class Superseded:
    """The records that do not count, because another of their key has a greater measure, or is a later equal one."""

    def __init__(self) -> None:
        self._seen = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - `close` closes it
        self._count = 0
        self._bits = bytearray()

    def add(self, number: int, key: str, measure: float) -> None:
        """Take one record, numbers rising."""
        first, second = Struct("<QQ").unpack(blake2b(key.encode(), digest_size=16).digest())
        self._seen.write(_SEEN.pack(first, second, measure, number))
        self._count += 1
        self._bits.extend(bytes(number // 8 + 1 - len(self._bits)))

    def settle(self) -> Iterator[None]:
        """Find out; between its steps others may have their turn."""
        parts = -(-self._count // _PART)
        for part in range(parts):
            best: dict[tuple[int, int], tuple[float, int]] = {}
            self._seen.seek(0)
            while block := self._seen.read(_BLOCK):
                for first, second, measure, number in _SEEN.iter_unpack(block):
                    if first % parts == part:
                        self._weigh(best, (first, second), measure, number)
                yield

    def _weigh(
        self, best: dict[tuple[int, int], tuple[float, int]], key: tuple[int, int], measure: float, number: int
    ) -> None:
        known = best.get(key)
        if known is None or measure >= known[0]:
            best[key] = measure, number
            if known is None:
                return
            number = known[1]
        self._bits[number // 8] |= 1 << number % 8

    def __contains__(self, number: int) -> bool:
        return number // 8 < len(self._bits) and bool(self._bits[number // 8] >> number % 8 & 1)

    def close(self) -> None:
        """Let the temporary file go."""
        self._seen.close()
