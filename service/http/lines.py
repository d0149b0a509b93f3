"""A body of lines, as they come in, in bounded memory."""

from collections.abc import AsyncIterator

from service.errors import Fault

_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r"


class Lines:
    """Cuts a body into lines; blank ones and a mark of byte order at the start are passed over."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rest = bytearray()
        self._first = True
        self._skipping = False
        """Within a line that was too long, up to its end."""

    async def cut(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[list[bytes | Fault]]:
        """The lines that each piece brings to an end, and last what stands after the last end.

        A line over the limit is a fault in its place.
        """
        async for piece in pieces:
            found = self._lines(piece)
            if found:
                yield found
        last = self._without_mark(bytes(self._rest))
        self._rest.clear()
        if not self._skipping and last.strip(_BLANK):
            yield [self._checked(last)]

    def _lines(self, piece: bytes) -> list[bytes | Fault]:
        found: list[bytes | Fault] = []
        if self._skipping:
            _, end, piece = piece.partition(b"\n")
            self._skipping = not end
            if self._skipping:
                return found
        end_of_last = piece.rfind(b"\n") + 1
        if end_of_last:
            self._rest += memoryview(piece)[: end_of_last - 1]
            whole = bytes(self._rest)
            self._rest.clear()
            found += [self._checked(line) for line in self._without_mark(whole).split(b"\n") if line.strip(_BLANK)]
        self._rest += memoryview(piece)[end_of_last:]
        if len(self._rest) > self._limit + 1:  # the last may be the CR of its end
            self._rest.clear()
            self._skipping = True
            found.append(self._too_long())
        return found

    def _without_mark(self, text: bytes) -> bytes:
        first, self._first = self._first, False
        return text.removeprefix(_BOM) if first else text

    def _checked(self, line: bytes) -> bytes | Fault:
        return line if len(line.removesuffix(b"\r")) <= self._limit else self._too_long()

    def _too_long(self) -> Fault:
        self._first = False
        return Fault("", "BODY_TOO_LARGE", f"a line takes at most {self._limit} bytes, one workload")
