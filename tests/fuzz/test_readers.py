"""Bytes that are none of a format: each reader takes them or refuses them, and the service answers with a problem."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar

from tests.fuzz.inprocess import post
from tests.fuzz.mutated import mutated
from tests.fuzz.readers import CORPUS, READERS, SAMPLES, seeds, tried

ROUTES = (
    ("/imports/codecarbon", "text/csv", "codecarbon_emissions.csv"),
    ("/imports/codecarbon", "application/json", "codecarbon_http_post.body.json"),
    ("/imports/boamps", "application/json", "boamps_report.json"),
    ("/imports/eco-ci", "application/json", "ecoci_post.body.json"),
    ("/imports/ccf", "text/csv", "ccf_footprint.csv"),
    ("/imports/ccf", "application/json", "ccf_footprint.json"),
    ("/imports/power", "text/csv", "pdu_power.csv"),
    ("/imports/prometheus", "application/json", "prometheus_kepler.json"),
    ("/imports/aws", "text/csv", "aws_carbon_emissions.csv"),
    ("/imports/aws", "application/json", "aws_sustainability_api.response.json"),
    ("/imports/google", "application/x-ndjson", "gcp_carbon_footprint.jsonl"),
    ("/imports/azure", "application/json", "azure_carbon_response.json"),
    ("/imports/focus", "text/csv", "focus_1_2.csv"),
)


def found() -> Iterator[Path]:
    """Each file of the corpus."""
    return (path for path in sorted(CORPUS.rglob("*")) if path.is_file())


@pytest.mark.parametrize("file", [*found()], ids=lambda file: str(file.relative_to(CORPUS)))
def test_what_was_found_before_is_taken_or_refused(file: Path) -> None:
    """Bytes that once broke a reader, or that the looking begins from, break none."""
    tried(file.parent.name, file.read_bytes())


@pytest.mark.parametrize("name", sorted(READERS))
def test_changed_bytes_are_taken_or_refused(name: str) -> None:
    """Samples with bytes cut, doubled and overwritten: a reader refuses them in words, or reads them."""
    chance = random.Random(f"20261125 {name}")
    beginnings = [*seeds(name)]
    taken = {tried(name, mutated(chance.choice(beginnings), chance)) for _ in range(150)}
    assert False in taken


@pytest.mark.parametrize(("path", "media_type", "sample"), ROUTES, ids=lambda value: value.rpartition("/")[2])
def test_the_service_answers_changed_files(app: Litestar, path: str, media_type: str, sample: str) -> None:
    """An answer, or a 4xx problem: never anything else, and never nothing."""
    chance = random.Random(f"20261125 {path} {sample}")
    content = (SAMPLES / sample).read_bytes()

    async def answers() -> set[tuple[int, str]]:
        return {
            (answer.status // 100, answer.media_type)
            for _ in range(40)
            for answer in [
                await post(
                    app, f"{path}?region=DE" if "/aws" not in path else path, mutated(content, chance), media_type
                )
            ]
        }

    given = asyncio.run(answers())
    assert {status for status, _ in given} <= {2, 4}
    assert {kind for status, kind in given if status == 4} == {"application/problem+json"}
