"""JSON → Struct, strictly; where it is wrong becomes a pointer, and what is wrong becomes a mend."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import inspect
from rapidfuzz import fuzz, process

from service.errors import Fault, Refused

T = TypeVar("T")
_LONGEST_NAME = 64
_NEAR_PERCENT = 60
_SEARCHED_BYTES = 65536
"""A longer body is not searched for its NaN: that would cost more than the request itself."""
_PLACE = re.compile(r"(?P<said>.*?)(?: - at `(?P<key>key` in `)?\$(?P<path>[^`]*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_NAMED_FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*)`", re.DOTALL)
_QUOTED = re.compile(r"`([^`]*)`")
_NOT_FINITE = (b"NaN", b"Infinity")
_WORDS = {
    "float": "a number",
    "int": "an integer",
    "str": "a string",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
    "datetime": "an RFC 3339 time",
    "date": "a date",
}
Path = list[str | int]


class StrictDecoder(Generic[T]):
    """Decodes bodies of one type; made once, used for every request."""

    def __init__(self, type_: type[T]) -> None:
        self._type = type_
        self._decode = msgspec.json.Decoder(type_).decode
        self._info = inspect.type_info(type_)

    def decode(self, body: bytes) -> T:
        """The value of a body.

        Raises:
            Refused: with `BODY_NOT_JSON`, or with `VALUE_INVALID` where the schema is not kept.
        """
        try:
            return self._decode(body)
        except msgspec.ValidationError as error:
            if "Expected `int" in str(error) and "got `float`" in str(error):
                return self._retry(body)
            raise Refused([fault_of(str(error), self._info)]) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Refused([_not_json(body, error)]) from None

    def _retry(self, body: bytes) -> T:
        """`3.0` is an integer to JSON Schema and to every client that has one number type."""
        try:
            return msgspec.convert(_integral(msgspec.json.decode(body)), self._type)
        except msgspec.ValidationError as error:
            raise Refused([fault_of(str(error), self._info)]) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Refused([_not_json(body, error)]) from None


def fault_of(message: str, info: inspect.Type) -> Fault:
    """What msgspec says of a value, as a fault with a pointer and a mend."""
    place = _PLACE.fullmatch(message)
    said, path = (place["said"], list(_steps(place["path"] or ""))) if place else (message, [])
    named = _NAMED_FIELD.fullmatch(said)
    if named:
        return _field_fault(named[1] == "contains unknown", named[2][:_LONGEST_NAME], path, info)
    if said.startswith("Invalid enum value"):
        allowed = ", ".join(map(str, _choices(_at(info, path)))) or "a name of the documentation"
        return Fault(pointer(path), "VALUE_INVALID", f"not one of the names known here: {allowed}")
    detail = _QUOTED.sub(lambda quoted: " or ".join(_WORDS.get(word, word) for word in quoted[1].split(" | ")), said)
    if "got `str`" in said and ("`float" in said or "`int" in said):
        detail += "; write the number without quotes"
    if said == "Number out of range":
        detail = "the number is beyond what a double can hold"
    if "matching regex" in said:
        detail = f"not of the form wanted: {_description(info, path)}"
    if place and place["key"]:
        detail = f"a name of the object: {detail}"
    return Fault(pointer(path), "VALUE_INVALID", detail[0].lower() + detail[1:])


def pointer(path: Path) -> str:
    """RFC 6901; a name longer than any that is known is cut, and half a character in it is a question mark."""
    text = "".join("/" + str(step)[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1") for step in path)
    return text.encode(errors="replace").decode()


def _steps(path: str) -> Iterator[str | int]:
    """`.workloads[3].energy` → `workloads`, 3, `energy`; a name of a free object (`[...]`) is not told."""
    for name, index in _STEP.findall(path):
        if name:
            yield name
        elif index.isdigit():
            yield int(index)


def _field_fault(unknown: bool, name: str, path: Path, info: inspect.Type) -> Fault:  # noqa: FBT001
    where = pointer([*path, name])
    if not unknown:
        return Fault(where, "VALUE_INVALID", "this field is required")
    known = [field.encode_name for field in _fields(_at(info, path))]
    near = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=_NEAR_PERCENT)
    meant = f"did you mean {near[0]}? " if near else ""
    return Fault(where, "VALUE_INVALID", f"there is no such field; {meant}known here: {', '.join(known)}")


def _at(info: inspect.Type, path: Path) -> list[inspect.Type]:
    """The types that a place may have."""
    found = _alternatives(info)
    for step in path:
        found = [deeper for type_ in found for deeper in _step_into(type_, step)]
    return found


def _step_into(type_: inspect.Type, step: str | int) -> list[inspect.Type]:
    if isinstance(type_, inspect.ListType) and isinstance(step, int):
        return _alternatives(type_.item_type)
    return [deeper for field in _fields([type_]) if field.encode_name == step for deeper in _alternatives(field.type)]


def _alternatives(info: inspect.Type) -> list[inspect.Type]:
    if isinstance(info, inspect.Metadata):
        return _alternatives(info.type)
    if isinstance(info, inspect.UnionType):
        return [part for type_ in info.types for part in _alternatives(type_)]
    return [info]


def _description(info: inspect.Type, path: Path) -> str:
    """What the schema says of the field at a place."""
    for field in _fields(_at(info, path[:-1])):
        if field.encode_name == path[-1]:
            types = field.type.types if isinstance(field.type, inspect.UnionType) else [field.type]
            for type_ in types:
                if isinstance(type_, inspect.Metadata) and type_.extra_json_schema:
                    return str(type_.extra_json_schema.get("description"))
    return "see the documentation of this field"


def _fields(types: list[inspect.Type]) -> list[inspect.Field]:
    return [field for type_ in types if isinstance(type_, inspect.StructType) for field in type_.fields]


def _choices(types: list[inspect.Type]) -> list[object]:
    return [value for type_ in types if isinstance(type_, inspect.LiteralType) for value in type_.values]


def _not_json(body: bytes, error: Exception) -> Fault:
    if len(body) <= _SEARCHED_BYTES and any(word in body for word in _NOT_FINITE):
        where = _first_not_finite(body)
        if where is not None:
            detail = "NaN and infinity are no numbers; leave the field out, or send null where it may be null"
            return Fault(pointer(where), "VALUE_INVALID", detail)
    if isinstance(error, RecursionError):
        return Fault("", "BODY_NOT_JSON", "the body is nested too deeply")
    if isinstance(error, UnicodeDecodeError):
        return Fault("", "BODY_NOT_JSON", "a string is not valid UTF-8; send JSON in UTF-8")
    if not body.strip():
        return Fault("", "BODY_NOT_JSON", "the body is empty; send a JSON object")
    return Fault("", "BODY_NOT_JSON", f"{error}; send one JSON object in UTF-8")


def _first_not_finite(body: bytes) -> Path | None:
    """Where the first NaN or infinity stands, if the body is JSON but for such words."""
    try:
        return next(_not_finite(json.loads(body.decode())), None)
    except (ValueError, RecursionError):
        return None


def _not_finite(value: Any) -> Iterator[Path]:
    if isinstance(value, float) and not math.isfinite(value):
        yield []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        for rest in _not_finite(item):
            yield [step, *rest]


def _integral(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _integral(item) for key, item in value.items()}
    return [_integral(item) for item in value] if isinstance(value, list) else value
