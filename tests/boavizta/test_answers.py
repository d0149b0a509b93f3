"""What the adapter answers is what the real server says, asked straight; and what it must not believe."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest

from service.boavizta import (
    Answer,
    ComponentQuestion,
    InstanceQuestion,
    Miss,
    Policy,
    Question,
    gpu_question,
    instance_question,
)
from service.boavizta.gpus import GPUS
from service.factors.store import FactorStore
from tests.boavizta.asking import figures, running
from tests.boavizta.pieces import PIECES, Piece
from tests.boavizta.server import VERSION

PATIENT = Policy(budget_s=20)


def answers(address: str, questions: Sequence[Question]) -> list[Answer | Miss]:
    """Return what a fresh adapter answers."""

    async def main() -> list[Answer | Miss]:
        async with running(address, PATIENT) as boavizta:
            return await asyncio.gather(*(boavizta.embodied(question) for question in questions))

    return asyncio.run(main())


def straight(direct: httpx.Client, piece: Piece) -> tuple[float, float, float]:
    """Return the figures of a request made by hand, without `verbose`."""
    method = "POST" if piece.body is not None else "GET"
    parameters = {**piece.parameters, "criteria": "gwp", "verbose": "false"}
    answer = direct.request(method, piece.path, params=parameters, json=piece.body)
    embodied = answer.json()["impacts"]["gwp"]["embedded"]
    return embodied["value"], embodied["min"], embodied["max"]


@pytest.fixture(scope="module")
def answered(real_address: str) -> list[Answer | Miss]:
    """All pieces, answered."""
    return answers(real_address, [piece.question for piece in PIECES])


@pytest.mark.parametrize("turn", range(len(PIECES)), ids=[piece.question.key[:60] for piece in PIECES])
def test_an_answer_is_what_the_server_says(direct: httpx.Client, answered: list[Answer | Miss], turn: int) -> None:
    """Central, low and high are those of a straight request; version and assumed life are the server's."""
    piece, answer = PIECES[turn], answered[turn]
    assert figures(answer) == straight(direct, piece)
    assert isinstance(answer, Answer)
    assert (answer.version, answer.life_hours, answer.stale) == (VERSION, piece.life_hours, False)


def test_p4d_has_the_servers_own_figure_and_range(answered: list[Answer | Miss]) -> None:
    """`p4d.24xlarge` of BoaviztAPI 2.5.0: 5600 kg, 4233 to 8481, over a life of 52,560 h."""
    answer = answered[0]
    assert PIECES[0].question == InstanceQuestion("aws", "p4d.24xlarge")
    assert figures(answer) == (5600.0, 4233.0, 8481.0)
    assert isinstance(answer, Answer)
    assert answer.life_hours == 52_560
    assert answer.warnings == ("End of life is not included in the calculation",)


def test_what_was_not_described_is_told(answered: list[Answer | Miss]) -> None:
    """A host of which only the memory is known is completed by BoaviztAPI, which the answer says."""
    completed = {
        piece.question.key: answer.warnings[1:]
        for piece, answer in zip(PIECES, answered, strict=True)
        if isinstance(answer, Answer) and piece.path == "/v1/server/"
    }
    assert list(completed.values()) == [
        (),
        ("completed from BoaviztAPI's default server: 1 SSD of 1000 GB",),
        ("completed from BoaviztAPI's default server: 1 SSD of 1000 GB",),
        ("completed from BoaviztAPI's default server: 2 CPU, 1 SSD of 1000 GB",),
        ("completed from BoaviztAPI's default server: 2 CPU",),
    ]


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("aws", "p5e.48xlarge"),  # answered with a g6e, 200
        ("aws", "p4.24xlarge"),  # with a c5
        ("aws", "p4d_24xlarge"),
        ("aws", "p4d.24xlarg"),
        ("azure", "Standard_ND96asr_v4"),  # with a size without GPUs
        ("gcp", "a3-highgpu-8"),  # with c3-highcpu-8
        ("gcp", "m5.large"),
        ("ovh", "p4d.24xlarge"),
    ],
)
def test_a_near_name_is_never_answered(real_address: str, direct: httpx.Client, provider: str, name: str) -> None:
    """What is not in the provider's list is a miss, and not for want of the server; `p5e.48xlarge` gets no g6e."""
    listed = direct.get("/v1/cloud/instance/all_instances", params={"provider": provider.replace("ovh", "ovhcloud")})
    assert name.lower() not in listed.json()
    question = instance_question(provider, name)
    assert not isinstance(question, Miss)
    (result,) = answers(real_address, [question])
    assert isinstance(result, Miss)
    assert "among the instance types" in result.reason
    assert not result.unavailable


def test_names_differ_by_case_and_azures_tier_only(real_address: str, direct: httpx.Client) -> None:
    """An Azure size is found with and without its tier; where the server has both, each is itself."""
    listed = set(direct.get("/v1/cloud/instance/all_instances", params={"provider": "azure"}).json())
    assert {"d4s_v3", "standard_d4s_v3", "nv4as_v4"} <= listed
    assert "standard_nv4as_v4" not in listed
    names = ["D4s_v3", "Standard_D4s_v3", "standard_d4s v3", "NV4as_v4", "Standard_NV4as_v4"]
    questions = [question for name in names if not isinstance(question := instance_question("azure", name), Miss)]
    bare, tiered, spaced, gpu, gpu_tiered = (figures(result)[0] for result in answers(real_address, questions))
    assert bare != tiered
    assert tiered == spaced
    assert gpu == gpu_tiered


@pytest.mark.parametrize("name", ["trn1.32xlarge", "inf2.48xlarge", "dl1.24xlarge", "p2.xlarge"])
def test_an_instance_whose_accelerator_is_a_stand_in_is_missed(real_address: str, name: str) -> None:
    """BoaviztAPI lists these types, but knows no figure for their accelerators and takes another's."""
    (result,) = answers(real_address, [InstanceQuestion("aws", name)])
    assert isinstance(result, Miss)
    assert "stand-in" in result.reason


@pytest.mark.parametrize("name", ["NVIDIA A100-SXM4-80GB", "Tesla T4", "nvidia l4", "NVIDIA A40", "TPU v4", "foo"])
def test_a_gpu_not_in_the_list_is_never_asked_for(real_address: str, name: str) -> None:
    """Only exact strings of the list are sent: other names get an H100's figure or a near one's, with 200."""
    (result,) = answers(real_address, [ComponentQuestion("gpu", name)])
    assert isinstance(result, Miss)
    assert "among its GPUs" in result.reason


@pytest.mark.parametrize("model", ["Zilog Z80", "Intel Xeon Platinum 8480C", "Xeon"])
def test_a_processor_that_the_server_does_not_know_is_missed(real_address: str, model: str) -> None:
    """It takes a default or a near model, and says so only in what it tells of the parts."""
    (result,) = answers(real_address, [ComponentQuestion("cpu", model)])
    assert isinstance(result, Miss)
    assert not result.unavailable


def test_each_gpu_of_our_table_is_in_the_list_and_is_ours(
    real_address: str, direct: httpx.Client, store: FactorStore
) -> None:
    """The table maps ids of ours to names of theirs; each is answered."""
    assert set(GPUS.values()) <= set(direct.get("/v1/utils/gpu_name").json())
    assert set(GPUS) <= {device.id for device in store.tables.accelerators}
    questions = [question for name in GPUS if not isinstance(question := gpu_question(name), Miss)]
    results = answers(real_address, questions)
    assert len(results) == len(GPUS)
    assert [result for result in results if not isinstance(result, Answer)] == []


def test_what_our_table_quotes_of_it_is_what_it_says(real_address: str, store: FactorStore) -> None:
    """Our rows quote `BoaviztAPI 2.5.0 gives … kg` as the upper end: the adapter gives the same, device by device."""
    quoted = {
        device.id: float(device.factor.note.partition("BoaviztAPI 2.5.0 gives ")[2].split(" kg")[0])
        for device in store.tables.accelerators
        if "BoaviztAPI 2.5.0 gives " in device.factor.note and device.id in GPUS
    }
    assert len(quoted) >= 20
    questions = [question for name in quoted if not isinstance(question := gpu_question(name), Miss)]
    given = [figures(result)[0] for result in answers(real_address, questions)]
    assert dict(zip(quoted, given, strict=True)) == quoted
