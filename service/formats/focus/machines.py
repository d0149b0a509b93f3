"""Which hardware a row rented, by the names that each provider has for it. No near name is ever taken."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from msgspec import Struct

from service.factors.store import FactorStore
from service.model.factor import Instance

Texts = Mapping[str, str]
"""Texts of a row by column or property; what is empty is left out."""


class Machine(Struct, frozen=True, gc=False):
    """What one hour of the row stands for."""

    instance: str = ""
    """`provider:name`."""
    accelerator: str = ""
    count: float = 1.0
    idle: bool = False
    """It was reserved and ran nothing: utilization 0."""


Named = Machine | Literal["hardware_unknown", "not_modeled"]
"""Hardware, or why there is none: its name is not in the tables, or the row rents no machine."""

_AWS_METER = re.compile(r"(?:.*?-)?(Multi-AZUsage|\w+):([\w.-]+)", re.ASCII)
"""`EU-BoxUsage:g5.xlarge`: a region's prefix, what is metered, of which type."""
_EC2 = frozenset({"amazonec2", "amazon elastic compute cloud", "amazon elastic compute cloud - compute"})
_RDS = frozenset({"amazonrds", "amazon relational database service"})
_CACHE = frozenset({"amazonelasticache", "amazon elasticache"})
_SEARCH = frozenset({"amazones", "amazon opensearch service", "amazon elasticsearch service"})
_SAGEMAKER = frozenset({"amazonsagemaker", "amazon sagemaker", "amazon sagemaker ai"})
_AWS_METERS: dict[str, tuple[frozenset[str], Machine]] = {
    "BoxUsage": (_EC2, Machine()),  # the same words in EMR's bill are its fee, not another machine
    "SpotUsage": (_EC2, Machine()),
    "DedicatedUsage": (_EC2, Machine()),
    "HostBoxUsage": (_EC2, Machine()),  # an instance on a dedicated host
    "UnusedBox": (_EC2, Machine(idle=True)),  # of a capacity reservation
    "UnusedDed": (_EC2, Machine(idle=True)),
    "InstanceUsage": (_RDS, Machine()),
    "InstanceUsageIOOptimized": (_RDS, Machine()),
    "Multi-AZUsage": (_RDS, Machine(count=2.0)),  # and its standby
    "NodeUsage": (_CACHE, Machine()),
    "ESInstance": (_SEARCH, Machine()),
    "Host": (_SAGEMAKER, Machine()),
    "Train": (_SAGEMAKER, Machine()),
    "Notebk": (_SAGEMAKER, Machine()),
    "Processing": (_SAGEMAKER, Machine()),
    "Tsform": (_SAGEMAKER, Machine()),
}
"""What is metered → the services where it is a machine. EBSOptimized, HostUsage, CPUCredits … come on top of one."""
_MACHINE_SERVICES = frozenset().union(*(services for services, _ in _AWS_METERS.values()))
_AWS_PREFIXES = ("db.", "cache.", "ml.")
_AWS_SUFFIXES = (".search", ".elasticsearch")

_AZURE_OFFER = re.compile(r"\s+(?:spot|low priority|expired|promo)$", re.IGNORECASE)
_AZURE_SERVICES = frozenset({"virtual machines", "virtual machine scale sets", "azure virtual machines"})

_GOOGLE_GPUS = (  # an A100 of Google's is on the a2 machines' SXM4 boards, an H100 on the a3's SXM5
    ("a100 80gb", "a100-sxm4-80"),
    ("a100", "a100-sxm4-40"),
    ("h100 80gb", "h100-sxm5"),
    ("h200 141gb", "h200-sxm"),
    ("l4", "l4"),
    ("t4", "t4"),
    ("p100", "p100-pcie"),
    ("p4", "p4"),
    ("k80", "k80"),
)
_GOOGLE_GPU = re.compile(r"^nvidia (?:tesla )?(.+?) gpu\b", re.IGNORECASE)
_GOOGLE_PART = re.compile(r"\b(?:core|ram|gpu|licens\w+|commitment|premium)\b", re.IGNORECASE)
"""SKUs of a machine's parts: the type that they name is not rented whole."""


def machine_of(provider: str, texts: Texts, store: FactorStore) -> Named:
    """The hardware that the row rented by the hour, or why none is known."""
    return _READERS.get(provider, _other)(provider, texts, store)


def _aws(provider: str, texts: Texts, store: FactorStore) -> Named:
    service = (texts.get("x_ServiceCode") or texts.get("ServiceName") or "").lower()
    meter = texts.get("SkuMeter") or texts.get("x_UsageType") or ""
    machine, name = Machine(), texts.get("InstanceType", "")
    if ":" in meter:
        found = _AWS_METER.fullmatch(meter)
        services, machine = _AWS_METERS.get(found[1], (frozenset(), machine)) if found else (frozenset(), machine)
        if found is None or service not in services:
            return "not_modeled"
        name = name or found[2]
    elif service not in _MACHINE_SERVICES:
        return "not_modeled"
    if not name:
        return "not_modeled"
    bare = name
    for prefix in _AWS_PREFIXES:
        bare = bare.removeprefix(prefix)
    for suffix in _AWS_SUFFIXES:
        bare = bare.removesuffix(suffix)
    names = (name, f"{bare}.elasticsearch" if bare != name else name, bare)
    return _known(provider, names[:1] if bare == name else names, machine, store)


def _azure(provider: str, texts: Texts, store: FactorStore) -> Named:
    category = texts.get("x_SkuMeterCategory", "").lower()
    named = (texts.get("ServiceName", "").lower(), texts.get("ServiceSubcategory", "").lower())
    if category != "virtual machines" if category else not _AZURE_SERVICES.intersection(named):
        return "not_modeled"  # licenses and disks have categories of their own
    exact = [name for name in (texts.get("InstanceType"), texts.get("ServiceType")) if name]
    for name in exact:
        found = _known(provider, (name,), Machine(), store)
        if isinstance(found, Machine):
            return found
    meter = texts.get("x_SkuMeterName") or texts.get("SkuMeter") or ""
    sizes = [_AZURE_OFFER.sub("", size.strip()) for size in _AZURE_OFFER.sub("", meter.strip()).split("/")]
    known = [instance for size in sizes if size for instance in store.instances(f"{provider}:{size}")]
    if not known:
        return "hardware_unknown" if meter or exact else "not_modeled"
    if any(_figures(instance) != _figures(known[0]) for instance in known):
        return "hardware_unknown"  # two sizes on one meter that are not alike
    return Machine(instance=f"{provider}:{known[0].name}")


def _figures(instance: Instance) -> tuple[float | None, ...]:
    return instance.vcpus, instance.memory_gb, instance.accelerators, instance.factor.value


def _google(provider: str, texts: Texts, store: FactorStore) -> Named:
    meter = texts.get("SkuMeter", "")
    gpu = _GOOGLE_GPU.match(meter)
    if gpu is not None:
        device = dict(_GOOGLE_GPUS).get(gpu[1].lower())
        if device is None or store.accelerator(device) is None:
            return "hardware_unknown"
        return Machine(accelerator=device)
    if _GOOGLE_PART.search(meter):
        return "not_modeled"
    return _other(provider, texts, store)


def _other(provider: str, texts: Texts, store: FactorStore) -> Named:
    name = texts.get("InstanceType", "")
    if not name or texts.get("ServiceCategory", "Compute").lower() not in {"compute", "ai and machine learning"}:
        return "not_modeled"
    return _known(provider, (name,), Machine(), store)


def _known(provider: str, names: Iterable[str], machine: Machine, store: FactorStore) -> Named:
    for name in names:
        found = store.instances(f"{provider}:{name}") if provider else ()
        if len(found) == 1:
            full = f"{found[0].provider}:{found[0].name}"
            return Machine(instance=full, count=machine.count, idle=machine.idle)
    return "hardware_unknown"


_READERS: dict[str, Callable[[str, Texts, FactorStore], Named]] = {"aws": _aws, "azure": _azure, "gcp": _google}
