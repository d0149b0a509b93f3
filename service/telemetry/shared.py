"""What several workers tell each other: a slot of shared memory each, which only its owner writes and all read.

The memory is made before the processes part and outlives each of them, so that what a killed worker had counted stays.
A slot has two halves, written in turn; its head names the one that is whole, with its length and checksum.
"""

import mmap
import struct
import zlib

_HEAD = struct.Struct("<QII")
"""Number of the writing, which tells the half; length; checksum."""
_ATTEMPTS = 5


class Slots:
    """A fixed number of slots."""

    def __init__(self, count: int, size: int = 1024 * 1024) -> None:
        self.count = count
        self._size = size
        self._stride = _HEAD.size + 2 * size
        self._memory = mmap.mmap(-1, count * self._stride)
        """Takes room only where it is written."""

    def write(self, index: int, content: bytes) -> bool:
        """Put a slot's content; `False` where it does not fit, and the former stays."""
        if len(content) > self._size:
            return False
        begin = index * self._stride
        number = _HEAD.unpack_from(self._memory, begin)[0] + 1
        half = begin + _HEAD.size + number % 2 * self._size
        self._memory[half : half + len(content)] = content
        _HEAD.pack_into(self._memory, begin, number, len(content), zlib.crc32(content))
        return True

    def read(self, index: int) -> bytes | None:
        """A slot's content; `None` where nothing was written, or the writer died within its head."""
        begin = index * self._stride
        for _ in range(_ATTEMPTS):
            number, length, checksum = _HEAD.unpack_from(self._memory, begin)
            half = begin + _HEAD.size + number % 2 * self._size
            content = bytes(self._memory[half : half + min(length, self._size)])
            if number and zlib.crc32(content) == checksum:
                return content
        return None

    def others(self, index: int) -> list[bytes]:
        """What stands in all slots but one."""
        found = [self.read(other) for other in range(self.count) if other != index]
        return [content for content in found if content is not None]
