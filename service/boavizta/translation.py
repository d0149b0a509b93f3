"""Our description of hardware → the smallest exact question, or why none can be asked.

Names come from the caller, so nothing of them is sent that was not looked up: a provider is one of a short list, an
instance type is compared with its provider's list before it is asked for, a GPU stands in a table. A processor's model
has no list; it travels inside a JSON body, and the answer counts only if it repeats the model.
"""

import math
import re

from service.boavizta.answers import Miss
from service.boavizta.gpus import GPUS
from service.boavizta.questions import (
    PROVIDERS,
    ComponentQuestion,
    InstanceQuestion,
    Provider,
    Quantities,
    Question,
    ServerQuestion,
)
from service.model.workload import Cpu, Hardware, Host

RAM_MODULE_GB = 32
"""Capacity of a module where only the memory's sum is told: that of BoaviztAPI's own default server. [GB]"""
SSD_DRIVE_GB = 3840
HDD_DRIVE_GB = 14_000
"""Of a drive, as the embedded table has it. [GB]"""
_MOST_CPUS, _MOST_CORES, _MOST_GPUS = 64, 1024, 64
_MOST_RAM_GB, _MOST_DRIVES_GB = 131_072, 16_000_000
"""More is no server; absurd amounts would get absurd answers."""
_INSTANCE = re.compile(r"[a-z0-9][a-z0-9._+-]{0,95}")
_CPU = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .+_/-]{2,63}")
_CPU_NOISE = re.compile(r"\((?:r|tm|c)\)|[®™©]|@.*$|\b\d+-core\b|\b(?:cpu|processor)\b", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_PROVIDERS: dict[str, Provider] = {str(name): name for name in PROVIDERS}


class _Unaskable(Exception):
    """Why a description is no question."""


def question_of(hardware: Hardware, *, provider: str | None = None, accelerator: str | None = None) -> Question | Miss:
    """The question that asks for what is described.

    For an instance, the answer is for one instance; for an accelerator alone, for one device; else for one machine with
    all that it holds.

    Args:
        hardware: as the caller describes it; counts and shares of machines play no part.
        provider: of the region, for an instance named without one.
        accelerator: our id of `hardware.accelerator`.
    """
    try:
        return _question(hardware, provider, accelerator)
    except _Unaskable as why:
        return Miss(str(why), keep_until=math.inf)


def instance_question(provider: str | None, name: str) -> InstanceQuestion | Miss:
    """The question after an instance type of a provider."""
    try:
        return _instance(provider, name)
    except _Unaskable as why:
        return Miss(str(why), keep_until=math.inf)


def gpu_question(accelerator: str) -> ComponentQuestion | Miss:
    """The question after one device, by our id of it."""
    try:
        return ComponentQuestion("gpu", _gpu(accelerator))
    except _Unaskable as why:
        return Miss(str(why), keep_until=math.inf)


def _question(hardware: Hardware, provider: str | None, accelerator: str | None) -> Question:
    if hardware.instance is not None:
        named, colon, name = hardware.instance.partition(":")
        return _instance(named, name) if colon else _instance(provider, hardware.instance)
    if hardware.server is not None:
        raise _Unaskable("BoaviztAPI has no server of this name")
    if hardware.accelerator is None:
        if hardware.host is None:
            raise _Unaskable("no hardware is described")
        return _server(hardware.host, None, 0)
    gpu = _gpu(accelerator)
    if hardware.host is None:
        return ComponentQuestion("gpu", gpu)
    gpus = 1.0 if hardware.accelerators is None else hardware.accelerators
    return _server(hardware.host, gpu, _whole(gpus, "accelerators", _MOST_GPUS))


def _instance(provider: str | None, name: str) -> InstanceQuestion:
    known = _PROVIDERS.get((provider or "").strip().casefold())
    if known is None:
        raise _Unaskable(f"BoaviztAPI is asked for instances of {', '.join(PROVIDERS)} only")
    plain = _SPACES.sub("_", name.strip()).casefold()
    if _INSTANCE.fullmatch(plain) is None:
        raise _Unaskable(f"{name[:64]!r} is no name of an instance type")
    return InstanceQuestion(known, plain)


def _gpu(accelerator: str | None) -> str:
    name = GPUS.get(accelerator or "")
    if name is None:
        raise _Unaskable("BoaviztAPI has no accelerator of exactly this kind")
    return name


def _server(host: Host, gpu: str | None, gpus: int) -> ServerQuestion:
    cpu = host.cpu or Cpu()
    return ServerQuestion(
        cpu_units=None if cpu.units is None else _whole(cpu.units, "processors", _MOST_CPUS),
        cpu_cores=None if cpu.cores is None else _whole(cpu.cores, "cores", _MOST_CORES),
        cpu_model=None if cpu.model is None else _cpu_model(cpu.model),
        ram=_quantities(host.ram_gb, RAM_MODULE_GB, _MOST_RAM_GB),
        ssd=_quantities(host.ssd_gb, SSD_DRIVE_GB, _MOST_DRIVES_GB),
        hdd=_quantities(host.hdd_gb, HDD_DRIVE_GB, _MOST_DRIVES_GB),
        gpu=gpu,
        gpus=gpus,
    )


def _cpu_model(model: str) -> str:
    """A processor's model without what operating systems add: `Intel Xeon Platinum 8275CL`."""
    plain = " ".join(_CPU_NOISE.sub(" ", model).split())
    if _CPU.fullmatch(plain) is None:
        raise _Unaskable(f"{model[:64]!r} is no model of a processor")
    return plain


def _whole(number: float, what: str, most: int) -> int:
    if not 1 <= number <= most or number != int(number):
        raise _Unaskable(f"BoaviztAPI takes whole numbers of {what} from 1 to {most}, not {number:g}")
    return int(number)


def _quantities(gb: float | None, unit_gb: int, most_gb: int) -> Quantities | None:
    """Full units and one for the rest, rounded up to whole GB."""
    if gb is None:
        return None
    if not 0 <= gb <= most_gb:
        raise _Unaskable(f"{gb:g} GB is more than a server holds")
    full, rest = divmod(math.ceil(gb), unit_gb)
    return tuple((units, capacity) for units, capacity in ((full, unit_gb), (1, rest)) if units and capacity)
