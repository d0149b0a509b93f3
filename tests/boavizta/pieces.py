"""Hardware of every kind: as a caller of ours describes it, and the request to BoaviztAPI written out by hand."""

from typing import Any, NamedTuple

from service.boavizta import ComponentQuestion, Miss, Question, question_of
from service.boavizta.questions import Part
from service.model.workload import Cpu, Hardware, Host


class Piece(NamedTuple):
    """One piece: our question, and theirs."""

    question: Question
    path: str
    parameters: dict[str, str]
    body: dict[str, Any] | None
    life_hours: float


def instance(provider: str, name: str, their_provider: str = "", their_name: str = "") -> Piece:
    """Return an instance type as a caller writes it, and as it is asked for straight."""
    question = question_of(Hardware(instance=name), provider=provider)
    assert not isinstance(question, Miss), question
    parameters = {"provider": their_provider or provider, "instance_type": their_name or name}
    return Piece(question, "/v1/cloud/instance", parameters, None, 52_560)


def gpu(accelerator: str, name: str) -> Piece:
    """Return one device by our id, and by their name."""
    question = question_of(Hardware(accelerator=accelerator), accelerator=accelerator)
    assert not isinstance(question, Miss), question
    return Piece(question, "/v1/component/gpu", {}, {"units": 1, "name": name}, 26_280)


def component(part: Part, body: dict[str, Any], name: str | None = None, capacity_gb: int | None = None) -> Piece:
    """Return another part of a server."""
    return Piece(ComponentQuestion(part, name, capacity_gb), f"/v1/component/{part}", {}, {"units": 1, **body}, 26_280)


def machine(host: Host, configuration: dict[str, Any], accelerator: str | None = None, number: float = 0) -> Piece:
    """Return a host, maybe with accelerators."""
    hardware = Hardware(accelerator=accelerator, accelerators=number or None, host=host)
    question = question_of(hardware, accelerator=accelerator)
    assert not isinstance(question, Miss), question
    return Piece(question, "/v1/server/", {}, {"configuration": configuration}, 35_040)


INSTANCES = [
    instance("aws", "p4d.24xlarge"),
    instance("aws", "aws:p5.48xlarge", their_name="p5.48xlarge"),
    instance("aws", "P5en.48xlarge", their_name="p5en.48xlarge"),
    instance("aws", "g5.xlarge"),
    instance("aws", "g6e.48xlarge"),
    instance("aws", "p3.2xlarge"),
    instance("aws", "m5.large"),
    instance("aws", "c7g.16xlarge"),
    instance("azure", "Standard_D4s_v3", their_name="standard_d4s_v3"),
    instance("azure", "D4s_v3", their_name="d4s_v3"),
    instance("azure", "nv12s_v3"),
    instance("azure", "Standard_NV4as_v4", their_name="nv4as_v4"),
    instance("gcp", "a2-highgpu-1g"),
    instance("gcp", "a3-ultragpu-8g"),
    instance("gcp", "g2-standard-4"),
    instance("gcp", "n2-standard-8"),
    instance("scaleway", "H100-1-80G", their_name="h100-1-80g"),
    instance("scaleway", "L4-1-24G", their_name="l4-1-24g"),
    instance("scaleway", "DEV1-S", their_name="dev1-s"),
    instance("ovh", "b2-7", "ovhcloud"),
    instance("ovh", "t2-le-45", "ovhcloud"),
]
DEVICES = [
    gpu("h100-sxm5", "NVIDIA H100 SXM 80GB"),
    gpu("h200-sxm", "NVIDIA H200 SXM 141GB"),
    gpu("a100-sxm4-80", "NVIDIA A100 SXM4 80GB"),
    gpu("a100-pcie-40", "NVIDIA A100 PCIe 40GB"),
    gpu("b200-sxm", "NVIDIA B200 180GB"),
    gpu("l40s", "NVIDIA L40S 48GB"),
    gpu("t4", "NVIDIA T4"),
    gpu("v100-sxm2-32", "NVIDIA Tesla V100 SXM2 32GB"),
    gpu("mi300x", "AMD Instinct MI300X 192GB"),
    component("cpu", {"name": "AMD EPYC 7763"}, name="AMD EPYC 7763"),
    component("ram", {"capacity": 64}, capacity_gb=64),
    component("ssd", {"capacity": 3840}, capacity_gb=3840),
    component("hdd", {"capacity": 14000}, capacity_gb=14_000),
]
SERVERS = [
    machine(
        Host(cpu=Cpu(model="AMD EPYC 7763 64-Core Processor", units=2), ram_gb=1024, ssd_gb=7680, hdd_gb=64_000),
        {
            "cpu": {"units": 2, "name": "AMD EPYC 7763"},
            "ram": [{"units": 32, "capacity": 32}],
            "disk": [
                {"units": 2, "type": "ssd", "capacity": 3840},
                {"units": 4, "type": "hdd", "capacity": 14_000},  # 64,000 GB = 4 drives of 14,000 and one of 8,000
                {"units": 1, "type": "hdd", "capacity": 8_000},
            ],
            "gpu": {"units": 8, "name": "NVIDIA A100 SXM4 80GB"},
        },
        "a100-sxm4-80",
        8,
    ),
    machine(
        Host(cpu=Cpu(model="Intel(R) Xeon(R) Platinum 8275CL CPU @ 3.00GHz", units=2), ram_gb=1000),
        {
            "cpu": {"units": 2, "name": "Intel Xeon Platinum 8275CL"},
            "ram": [{"units": 31, "capacity": 32}, {"units": 1, "capacity": 8}],  # 1000 = 31 × 32 + 8
        },
    ),
    machine(
        Host(cpu=Cpu(units=2, cores=48), ram_gb=2048),
        {
            "cpu": {"units": 2, "core_units": 48},
            "ram": [{"units": 64, "capacity": 32}],
            "gpu": {"units": 8, "name": "NVIDIA H100 SXM 80GB"},
        },
        "h100-sxm5",
        8,
    ),
    machine(
        Host(ram_gb=256),
        {"ram": [{"units": 8, "capacity": 32}], "gpu": {"units": 1, "name": "NVIDIA L4"}},
        "l4",
    ),
    machine(
        Host(ram_gb=64, ssd_gb=0, hdd_gb=0),
        {"ram": [{"units": 2, "capacity": 32}], "disk": [{"units": 0, "type": "ssd", "capacity": 1}]},
    ),
]
PIECES = [*INSTANCES, *DEVICES, *SERVERS]
