"""What BoaviztAPI is asked: three kinds of question, each with the smallest request that is exact.

Every request asks for the whole life: no `duration`, which would amortize, and no life of ours. `verbose` costs the
server nothing that can be measured and 10 kB, once in weeks, and it alone tells three things: the life that was
assumed, which parts were completed from an archetype, and whether a device was known or a stand-in took its place.
"""

from typing import Literal

import msgspec
from msgspec import Struct

Provider = Literal["aws", "azure", "gcp", "ovh", "scaleway"]
Part = Literal["gpu", "cpu", "ram", "ssd", "hdd"]
Quantities = tuple[tuple[int, int], ...]
"""Pairs of units and capacity of each. [GB]"""

PROVIDERS: dict[Provider, str] = {
    "aws": "aws",
    "azure": "azure",
    "gcp": "gcp",
    "ovh": "ovhcloud",
    "scaleway": "scaleway",
}
"""Ours → theirs; no other name is ever sent."""
_PATHS: dict[Part, str] = {
    "gpu": "/v1/component/gpu",
    "cpu": "/v1/component/cpu",
    "ram": "/v1/component/ram",
    "ssd": "/v1/component/ssd",
    "hdd": "/v1/component/hdd",
}
_IMPACT = (("criteria", "gwp"), ("verbose", "true"))
_NO_DRIVE = {"units": 0, "type": "ssd", "capacity": 1}
"""A server without drives; an empty list of them would be completed with one."""


class Request(Struct, frozen=True, gc=False):
    """One HTTP request; its path is a constant of this module, what varies stands in parameters and body."""

    path: str
    parameters: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    """JSON; with one it is a POST, else a GET."""


class InstanceQuestion(Struct, frozen=True, gc=False):
    """The part of its host that an instance type takes. [kg CO2e/instance]"""

    provider: Provider
    name: str
    """In lower case, until the provider's list gave its own spelling."""

    @property
    def key(self) -> str:
        """Name of the question in the cache file."""
        return f"instance:{self.provider}:{self.name}"

    def request(self) -> Request:
        """As it is sent."""
        named = (("provider", PROVIDERS[self.provider]), ("instance_type", self.name))
        return Request("/v1/cloud/instance", (*named, *_IMPACT))


class ComponentQuestion(Struct, frozen=True, gc=False):
    """One device, module or drive. [kg CO2e/unit]"""

    part: Part
    name: str | None = None
    """Of a GPU: exactly as in the server's list; of a CPU: its model."""
    capacity_gb: int | None = None
    """Of RAM, SSD, HDD. [GB]"""

    @property
    def key(self) -> str:
        """Name of the question in the cache file."""
        return f"{self.part}:{self.name if self.capacity_gb is None else self.capacity_gb}"

    def request(self) -> Request:
        """As it is sent."""
        what = {"name": self.name} if self.capacity_gb is None else {"capacity": self.capacity_gb}
        return Request(_PATHS[self.part], _IMPACT, msgspec.json.encode({"units": 1, **what}))


class ServerQuestion(Struct, frozen=True, kw_only=True, gc=False):
    """A whole server as described; what is `None` is completed by BoaviztAPI, which the answer then says. [kg CO2e]"""

    cpu_units: int | None = None
    cpu_model: str | None = None
    cpu_cores: int | None = None
    """Of one processor."""
    ram: Quantities | None = None
    ssd: Quantities | None = None
    hdd: Quantities | None = None
    gpu: str | None = None
    """Exactly as in the server's list."""
    gpus: int = 0

    @property
    def key(self) -> str:
        """Name of the question in the cache file."""
        return f"server:{msgspec.json.encode(self._configuration(), order='sorted').decode()}"

    def request(self) -> Request:
        """As it is sent: with the slash at the end, and the GPUs as an object with `units`."""
        body = msgspec.json.encode({"configuration": self._configuration()}, order="sorted")
        return Request("/v1/server/", _IMPACT, body)

    def _configuration(self) -> dict[str, object]:
        cpu = {"units": self.cpu_units, "name": self.cpu_model, "core_units": self.cpu_cores}
        cpu = {name: value for name, value in cpu.items() if value is not None}
        stated: dict[str, object] = {"cpu": cpu} if cpu else {}
        if self.ram is not None:
            stated["ram"] = [{"units": units, "capacity": gb} for units, gb in self.ram]
        if self.ssd is not None or self.hdd is not None:
            stated["disk"] = [*_drives("ssd", self.ssd), *_drives("hdd", self.hdd)] or [_NO_DRIVE]
        if self.gpu is not None:
            stated["gpu"] = {"units": self.gpus, "name": self.gpu}
        return stated


def _drives(kind: str, drives: Quantities | None) -> list[dict[str, object]]:
    return [{"units": units, "type": kind, "capacity": gb} for units, gb in drives or ()]


Question = InstanceQuestion | ComponentQuestion | ServerQuestion

VERSION = Request("/v1/utils/version")
GPU_NAMES = Request("/v1/utils/gpu_name")


def instance_names(provider: Provider) -> Request:
    """The list of all instance types of a provider."""
    return Request("/v1/cloud/instance/all_instances", (("provider", PROVIDERS[provider]),))
