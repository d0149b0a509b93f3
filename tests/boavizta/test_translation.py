"""Our descriptions of hardware as questions: the smallest exact one, or the reason why there is none."""

import math

import pytest

from service.boavizta import ComponentQuestion, InstanceQuestion, Miss, ServerQuestion, question_of
from service.boavizta.questions import instance_names
from service.boavizta.translation import HDD_DRIVE_GB, SSD_DRIVE_GB
from service.factors.store import FactorStore
from service.model.workload import Cpu, Hardware, Host

REFUSED = [
    (Hardware(), "no hardware"),
    (Hardware(instance="p5.48xlarge"), "only"),  # no provider
    (Hardware(instance="oci:BM.GPU.H100.8"), "only"),
    (Hardware(instance="../cloud/aws:m5.large"), "only"),
    (Hardware(instance="aws:../../v1/utils/version"), "no name"),
    (Hardware(instance="aws:m5.large?provider=gcp"), "no name"),
    (Hardware(instance="aws:m5.large&verbose=false"), "no name"),
    (Hardware(instance="aws:m5.large\r\nHost: elsewhere"), "no name"),
    (Hardware(instance="aws:m5.large\x00"), "no name"),
    (Hardware(instance="aws:\uff4d5.large"), "no name"),
    (Hardware(instance="aws:" + "m" * 200), "no name"),
    (Hardware(instance="aws:"), "no name"),
    (Hardware(server="dgx-h100"), "no server"),
    (Hardware(accelerator="tpu-v5p"), "exactly"),
    (Hardware(accelerator="a10g"), "exactly"),
    (Hardware(accelerator="l4", accelerators=0.5, host=Host(ram_gb=64)), "whole numbers"),
    (Hardware(accelerator="l4", accelerators=1e6, host=Host(ram_gb=64)), "whole numbers"),
    (Hardware(host=Host(cpu=Cpu(units=0))), "whole numbers"),
    (Hardware(host=Host(cpu=Cpu(units=2, cores=24.5))), "whole numbers"),
    (Hardware(host=Host(cpu=Cpu(model='x", "units": 9, "y": "'))), "no model"),
    (Hardware(host=Host(ram_gb=1e12)), "more than"),
    (Hardware(host=Host(ssd_gb=1e12)), "more than"),
]


@pytest.mark.parametrize(("hardware", "why"), REFUSED)
def test_what_cannot_be_asked_exactly_is_missed_for_good(hardware: Hardware, why: str) -> None:
    """Nothing is sent, the reason is told, and it may be kept: it lies in the description."""
    miss = question_of(hardware, accelerator=hardware.accelerator)
    assert isinstance(miss, Miss)
    assert why in miss.reason
    assert not miss.unavailable
    assert miss.keep_until == math.inf


@pytest.mark.parametrize("provider", ["oci", "ibm", "ovhcloud", "coreweave", "aws\n", "AWS/../gcp", "", None])
def test_only_known_providers_are_let_through(provider: str | None) -> None:
    """A region's provider is one of five of our names; white space and case do not matter, anything else does."""
    question = question_of(Hardware(instance="m5.large"), provider=provider)
    assert isinstance(question, InstanceQuestion if provider == "aws\n" else Miss)


def test_ours_is_ovh_theirs_ovhcloud() -> None:
    """Providers' names are translated, in the list as in the question."""
    question = question_of(Hardware(instance="ovh:B3-8"))
    assert question == InstanceQuestion("ovh", "b3-8")
    assert dict(question.request().parameters)["provider"] == "ovhcloud"
    assert dict(instance_names("ovh").parameters) == {"provider": "ovhcloud"}


def test_paths_are_constants_and_what_varies_is_a_parameter() -> None:
    """The provider's name in an instance goes before that of the region, and the name is never in the path."""
    question = question_of(Hardware(instance="aws:p5.48xlarge"), provider="gcp")
    assert not isinstance(question, Miss)
    request = question.request()
    assert request.path == "/v1/cloud/instance"
    assert request.body is None
    assert request.parameters == (
        ("provider", "aws"),
        ("instance_type", "p5.48xlarge"),
        ("criteria", "gwp"),
        ("verbose", "true"),
    )


def test_an_accelerator_alone_is_one_device() -> None:
    """However many there are: the answer is for one, so it serves all."""
    many = question_of(Hardware(accelerator="H100", accelerators=8), accelerator="h100-sxm5")
    assert many == ComponentQuestion("gpu", "NVIDIA H100 SXM 80GB")
    assert many.request().body == b'{"units":1,"name":"NVIDIA H100 SXM 80GB"}'


def test_a_host_with_accelerators_is_one_machine() -> None:
    """GPUs go as an object with units; what is not told is left out; the path has its slash."""
    hardware = Hardware(accelerator="h100", accelerators=8, host=Host(cpu=Cpu(units=2), ram_gb=40.5))
    question = question_of(hardware, accelerator="h100-sxm5")
    assert isinstance(question, ServerQuestion)
    assert question.ram == ((1, 32), (1, 9))  # 40.5 GB: one module of 32, one of 9, rounded up
    assert question.request().path == "/v1/server/"
    assert question.request().body == (
        b'{"configuration":{"cpu":{"units":2},"gpu":{"name":"NVIDIA H100 SXM 80GB","units":8},'
        b'"ram":[{"capacity":32,"units":1},{"capacity":9,"units":1}]}}'
    )


def test_counts_and_shares_make_no_other_question() -> None:
    """They are arithmetic of ours; so is amortization: no life and no duration is ever sent."""
    plain = question_of(Hardware(accelerator="l4", host=Host(ram_gb=64)), accelerator="l4")
    used = Hardware(accelerator="l4", host=Host(ram_gb=64), count=9, share=0.5, lifetime_years=6, device_hours=10)
    assert question_of(used, accelerator="l4") == plain


def test_drives_are_those_of_our_table(store: FactorStore) -> None:
    """A sum of gigabytes is as many drives to BoaviztAPI as to the embedded table."""
    assert store.components["ssd"].unit_gb == SSD_DRIVE_GB
    assert store.components["hdd"].unit_gb == HDD_DRIVE_GB
