"""JSON as a stream of values: the elements of a list, or values one after another (lines), each decoded by itself.

No more than one value is in memory. Faults of the text refuse the file; which value was at fault stands in the pointer.
"""

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import msgspec

from service.errors import Fault, Refused
from service.formats.recognized import recognized, refuse_another
from service.formats.sheet import Row

LONGEST_VALUE = 8 * 1024 * 1024
"""[characters]"""
_FIRST_READ = 65536
_BLANK = re.compile(r"[ \t\r\n]*")
_CUT = 16
"""So near the end of what was read, a fault may come from its being cut there. [characters]"""


def elements(stream: BinaryIO, format_: str) -> Iterator[Any]:
    """The values of a file: the elements of its list where it is one, else the values that stand one after another.

    Args:
        stream: of bytes.
        format_: name of the format that is expected, for what is said.

    Raises:
        Refused: the file is empty, no JSON, or one of its values is too long.
    """
    text = JsonText(stream, format_)
    in_list = text.next_mark() == "["
    if in_list:
        text.skip()
        if text.next_mark() == "]":
            text.skip()
            yield from text.end()
            return
    while True:
        yield text.value()
        mark = text.next_mark()
        if in_list and mark == ",":
            text.skip()
        elif in_list and mark == "]":
            text.skip()
            yield from text.end()
            return
        elif in_list:
            raise text.wrong("a list goes on with a comma or ends with ]; the file may be cut off")
        elif not mark:
            return


def records(stream: BinaryIO, format_: str, required: Sequence[str]) -> Iterator[tuple[int, Any]]:
    """The values of a file with their numbers; a file whose first value is not of the format is none of it.

    Raises:
        Refused: so, or as `elements` does.
    """
    for number, value in enumerate(elements(stream, format_), start=1):
        if number == 1:
            _check_first(value, format_, required)
        yield number, value


def _check_first(value: object, format_: str, required: Sequence[str]) -> None:
    names = value.keys() if isinstance(value, dict) else set()
    if names >= set(required):
        return
    refuse_another(names, format_)
    if recognized(names) is None and names & set(required):
        return
    detail = f"this is no file of {format_}, whose records have {', '.join(required)}"
    raise Refused([Fault("", "VALUE_INVALID", detail)])


def row_of(number: int, value: object, format_: str, required: Sequence[str]) -> Row:
    """An object as a record: its fields as cells, in the text that a CSV file would have of them.

    Raises:
        Refused: it is no object, of another format, or lacks fields.
    """
    if not isinstance(value, dict):
        raise Refused([Fault(f"/{number}", "VALUE_INVALID", f"it is no object; a record of {format_} is one")])
    missing = [name for name in required if name not in value]
    if missing:
        refuse_another(value, format_, f"/{number}")
        detail = f"{format_} needs {', '.join(missing)}, which it lacks"
        raise Refused([Fault(f"/{number}", "VALUE_INVALID", detail)])
    return Row(number, {name: text for name, field in value.items() if (text := text_of(field))})


def text_of(field: object) -> str:
    """A field as a cell; null is an empty one."""
    if field is None:
        return ""
    return field if isinstance(field, str) else json.dumps(field)


class JsonText:
    """The text of a file, of which what was read and not yet taken is in memory."""

    def __init__(self, stream: BinaryIO, format_: str) -> None:
        self._stream = stream
        self._format = format_
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._parse = json.JSONDecoder(parse_constant=_no_number).raw_decode
        self._text = ""
        self._at = 0
        self._more = True
        self._number = 0
        if not self.next_mark():
            raise Refused([Fault("", "BODY_NOT_JSON", f"it is empty; send the JSON of {format_}")])

    def next_mark(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            blank = _BLANK.match(self._text, self._at)
            self._at = blank.end() if blank is not None else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read(_FIRST_READ):
                return ""

    def skip(self) -> None:
        """Take that character."""
        self._at += 1

    def value(self) -> Any:
        """The next value."""
        self._number += 1
        self.next_mark()
        size = _FIRST_READ
        while True:
            try:
                _, end = self._parse(self._text, self._at)
            except RecursionError:
                raise self.wrong("it is nested too deeply") from None
            except ValueError as error:
                if not self._may_go_on(error):
                    raise self.wrong(_said(error)) from None
                if not self._read(size):
                    raise self.wrong(f"{_said(error)}; the file may be cut off") from None
                size *= 2
                continue
            if end == len(self._text) and self._read(size):  # a number may go on
                continue
            start, self._at = self._at, end
            return self._strictly(self._text[start:end])

    def _strictly(self, text: str) -> Any:
        """The value of its text, which the parser that finds its end reads loosely: halves of characters, for one."""
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
            raise self.wrong(str(error)) from None

    def _may_go_on(self, error: ValueError) -> bool:
        """Whether a fault may be that the text was not read to its end."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _CUT

    def run(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Values that are alike, as far as they stand in what was read: quicker than one by one.

        Args:
            pattern: of such a value with the comma behind it, so that it cannot be cut.
        """
        while (match := pattern.match(self._text, self._at)) is not None:
            self._at = match.end()
            yield match

    def end(self) -> Iterator[Any]:
        """Nothing more may stand behind a list."""
        if self.next_mark():
            raise self.wrong("something stands behind the end of the list")
        yield from ()

    def wrong(self, why: str) -> Refused:
        """The file is no JSON."""
        where = f" at value {self._number}" if self._number > 1 else ""
        return Refused([Fault("", "BODY_NOT_JSON", f"this is no JSON of {self._format}{where}: {why}")])

    def _read(self, size: int) -> bool:
        """Read on; whether there was more."""
        if not self._more:
            return False
        if len(self._text) - self._at > LONGEST_VALUE:
            raise self.wrong(f"a value is longer than {LONGEST_VALUE} characters")
        block = self._stream.read(size)
        self._more = bool(block)
        try:
            added = self._decode(block, final=not block)
        except UnicodeDecodeError:
            raise self.wrong("it is no UTF-8") from None
        self._text, self._at = self._text[self._at :] + added, 0
        return self._more or bool(added)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _said(error: ValueError) -> str:
    return error.msg[:1].lower() + error.msg[1:] if isinstance(error, json.JSONDecodeError) else str(error)
