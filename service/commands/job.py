"""The workload of `dualscope estimate`: fields of a file; flags go before it, the environment stands in for it.

Each field knows who set it, so that a fault names what to mend.
"""

import argparse
import codecs
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import Struct

from service.commands.parsing import nearest, number
from service.commands.reading import object_of
from service.commands.telling import CommandInvalid, say
from service.errors import Fault
from service.model.workload import Deployment, Fallback, Level, Method

PREFIX = "DUALSCOPE_JOB_"
FILE = "FILE"


class Flag(Struct, frozen=True):
    """A field of the workload on the command line, and in the environment."""

    name: str
    pointer: str
    meaning: str
    read: Callable[[str], Any] = str
    choices: Sequence[str] | None = None
    repeated: bool = False
    """It sets one entry of an object each time."""

    @property
    def variable(self) -> str:
        """What sets it in the environment."""
        return PREFIX + self.attribute.upper()

    @property
    def attribute(self) -> str:
        """Where argparse keeps it."""
        return self.name[2:].replace("-", "_")


class Job(Struct, frozen=True):
    """A workload as it is sent, and who set which of its fields."""

    body: bytes
    names: Mapping[str, str]
    """By pointer: the flag or the variable."""
    by_file: bool

    def told(self, fault: Fault) -> str:
        """A fault in a line, by the flag or variable that set the field, or the field."""
        pointer, name = fault.pointer, None
        while pointer and name is None:
            name = self.names.get(pointer)
            pointer = pointer.rpartition("/")[0]
        if name is None and not self.by_file:
            name = next((flag.name for flag in FLAGS if f"{flag.pointer}/".startswith(f"{fault.pointer}/")), None)
        return f"{name or fault.pointer or 'workload'}: {fault.detail} ({fault.code})"


def _money(text: str) -> dict[str, Any]:
    match = re.fullmatch(r"\s*(\d+(?:\.\d*)?)\s*([A-Za-z]{3})\s*", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text}: write an amount and its currency, as in 125.50USD")
    return {"amount": float(match[1]), "currency": match[2].upper()}


def _tag(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (equals and name.strip()):
        raise argparse.ArgumentTypeError(f"{text!r}: write a name and a value, as in team=vision")
    return name.strip(), value.strip()


def _unit(text: str) -> tuple[str, float]:
    name, equals, count = text.rpartition("=")
    if not (equals and name.strip()):
        raise argparse.ArgumentTypeError(f"{text!r}: write a unit and how many there were, as in '1M tokens=9000'")
    return name.strip(), number(count)


FLAGS = (
    Flag("--id", "/id", "echoed"),
    Flag("--region", "/region", "provider:region, a country or a grid zone: aws:us-east-1, FR, US-SRVC"),
    Flag("--start", "/period/start", "date or time that it began"),
    Flag("--end", "/period/end", "date or time that it ended"),
    Flag("--deployment", "/deployment", "where the hardware stands", choices=get_args(Deployment)),
    Flag("--kwh", "/energy/kwh", "electrical energy metered [kWh]", number),
    Flag("--level", "/energy/level", "where it was metered; default: it", choices=get_args(Level)),
    Flag("--pue", "/pue", "facility energy over IT energy", number),
    Flag("--host-overhead-ratio", "/host_overhead_ratio", "unmetered host energy over accelerator energy", number),
    Flag("--hours", "/duration_hours", "wall-clock time [h]", number),
    Flag("--instance", "/hardware/instance", "cloud instance type: p5.48xlarge"),
    Flag("--accelerator", "/hardware/accelerator", "accelerator: nvidia-h100-sxm"),
    Flag("--accelerators", "/hardware/accelerators", "how many of them one machine has", number),
    Flag("--server", "/hardware/server", "server archetype"),
    Flag("--count", "/hardware/count", "machines", number),
    Flag("--share", "/hardware/share", "reserved part of a machine, 0 to 1", number),
    Flag("--device-hours", "/hardware/device_hours", "device-hours reserved, all devices together [h]", number),
    Flag("--lifetime-years", "/hardware/lifetime_years", "service life of the hardware [years]", number),
    Flag("--utilization", "/utilization", "mean utilization, 0 to 1", number),
    Flag("--method", "/allocation/method", "how embodied emissions fall on it", choices=get_args(Method)),
    Flag("--fallback", "/factors/fallback", "factors of which zones may serve", choices=get_args(Fallback)),
    Flag("--cost", "/cost", "what it cost: 125.50USD", _money),
    Flag("--tag", "/tags", "team=vision; may be repeated", _tag, repeated=True),
    Flag("--unit", "/functional_units", "what it made, '1M tokens=9000'; may be repeated", _unit, repeated=True),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What describes the workload."""
    what = "the workload as JSON: a file, - for standard input, or the text itself"
    parser.add_argument("-f", "--file", metavar=FILE, help=what)
    for flag in FLAGS:
        parser.add_argument(
            flag.name,
            type=flag.read,
            choices=flag.choices,
            action="append" if flag.repeated else "store",
            metavar=None if flag.choices else flag.attribute.upper(),
            help=flag.meaning,
        )


def job_of(args: argparse.Namespace, environment: Mapping[str, str]) -> Job:
    """The workload.

    Raises:
        CommandInvalid: a file cannot be read or is none, or a variable makes no sense.
    """
    _tell_unknown(environment)
    file = args.file if args.file is not None else environment.get(PREFIX + FILE, "").strip() or None
    content = _content(file) if file is not None else None
    job: dict[str, Any] = {}
    names: dict[str, str] = {}
    for flag in FLAGS:
        text = environment.get(flag.variable, "").strip()
        for value in _read(flag, text) if text else ():
            _set(job, flag, value, flag.variable, names)
    if content is not None and file is not None:
        _lay_over(job, object_of(content, file), "", names)
    given = [(flag, value) for flag in FLAGS if (value := getattr(args, flag.attribute)) is not None]
    for flag, value in given:
        for one in value if flag.repeated else [value]:
            _set(job, flag, one, flag.name, names)
    unchanged = content is not None and not (names or given)
    body = content if unchanged and content is not None else msgspec.json.encode(job)
    return Job(body, names, file is not None)


def _content(file: str) -> bytes:
    """What the file holds; a JSON object is taken as it is written."""
    if file.lstrip().startswith("{"):
        return file.encode("utf-8", "surrogateescape")
    if not file:
        raise CommandInvalid("-f: it names no file")
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandInvalid(f"{file}: {error.strerror}") from error
    return content.removeprefix(codecs.BOM_UTF8)


def _read(flag: Flag, text: str) -> list[Any]:
    """What a variable says; where a flag may be repeated, with commas between."""
    try:
        values = [flag.read(part) for part in (text.split(",") if flag.repeated else [text])]
    except argparse.ArgumentTypeError as error:
        raise CommandInvalid(f"{flag.variable}: {error}") from None
    wrong = [value for value in values if flag.choices and value not in flag.choices]
    if wrong:
        raise CommandInvalid(f"{flag.variable}: {wrong[0]!r} is not one of {', '.join(flag.choices or ())}")
    return values


def _set(job: dict[str, Any], flag: Flag, value: Any, name: str, names: dict[str, str]) -> None:
    """Set a field, whatever stood there."""
    *parents, last = flag.pointer[1:].split("/")
    if flag.repeated:
        parents, (last, value) = [last], value
    place, pointer = job, ""
    for parent in parents:
        pointer = f"{pointer}/{parent}"
        below = place.get(parent)
        if below is None:
            below = place[parent] = {}
        if not isinstance(below, dict):
            raise CommandInvalid(f"{pointer}: an object is wanted here, for {name} to set {last!r} in")
        place = below
    place[last] = value
    pointer = f"{pointer}/{last.replace('~', '~0').replace('/', '~1')}"
    names[pointer] = name


def _lay_over(job: dict[str, Any], over: Mapping[str, Any], pointer: str, names: dict[str, str]) -> None:
    """Lay the fields of a file over those of the environment, object by object."""
    for key, value in over.items():
        where = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        below = job.get(key)
        if isinstance(below, dict) and isinstance(value, dict) and where not in names:
            _lay_over(below, value, where, names)
            continue
        job[key] = value
        for known in [known for known in names if known == where or known.startswith(f"{where}/")]:
            del names[known]


def _tell_unknown(environment: Mapping[str, str]) -> None:
    """Say which variables look like ours and are none: one that is mistyped must not be left out unheard."""
    known = [flag.variable for flag in FLAGS] + [PREFIX + FILE]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            near = nearest(name, known)
            meant = f"; did you mean {near}?" if near else ""
            say(f"dualscope: {name} is no variable of this program and is not used{meant}")
