"""A file of JSON → the object in it, or where and why it is none."""

import codecs
import json
from typing import Any

import msgspec

from service.commands.telling import CommandInvalid

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def object_of(content: bytes, file: str) -> dict[str, Any]:
    """The workload that a file holds, as it is written there.

    Raises:
        CommandInvalid: it holds no JSON object, or more than one workload.
    """
    name = {"-": "standard input"}.get(file, file if not file.lstrip().startswith("{") else "the JSON given")
    if content.startswith(_WIDE):
        raise CommandInvalid(f"{name}: it is in UTF-16; save it in UTF-8")
    if not content.strip():
        raise CommandInvalid(f"{name}: it is empty; it should hold one workload as a JSON object")
    value = _decoded(content, name)
    if isinstance(value, list):
        more = 'a list; many are sent as {"workloads": […]} to POST /emissions/batch'
        raise CommandInvalid(f"{name}: one workload is wanted, and this is {more}")
    if not isinstance(value, dict):
        raise CommandInvalid(f'{name}: a JSON object is wanted, as in {{"region": "FR", "energy": {{"kwh": 5}}}}')
    if isinstance(value.get("workloads"), list):
        count = len(value["workloads"])
        raise CommandInvalid(f"{name}: this is a batch, of {count}; send it to POST /emissions/batch")
    return value


def _decoded(content: bytes, name: str) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CommandInvalid(f"{name}{_why(content, error)}") from None


def _why(content: bytes, error: Exception) -> str:
    """Where the JSON breaks off, and how."""
    try:
        json.loads(content.decode(), parse_constant=_refuse)
    except json.JSONDecodeError as where:
        if where.msg == "Extra data":
            return f", line {where.lineno}: one workload is wanted, and here begins more; lines of them are a batch"
        return f", line {where.lineno}, column {where.colno}: {where.msg[0].lower()}{where.msg[1:]}"
    except UnicodeDecodeError as where:
        line = content.count(b"\n", 0, where.start) + 1
        return f", line {line}: a character is not in UTF-8; save the file in UTF-8"
    except RecursionError:
        return ": it is nested too deeply"
    except ValueError as where:
        return f": {where}"
    return f": {error}"


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no number; leave the field out")
