"""A file of another format is refused, and it is said of which it is."""

import io
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from service.bulk.sources import opened
from service.errors import Refused
from service.factors.store import FactorStore
from service.formats import aws, azure, google
from service.formats.imported import Given
from service.formats.registry import FORMATS

SAMPLES = Path(__file__).parent / "samples"
JSON = {
    "aws": "aws_sustainability_api.response.json",
    "azure": "azure_carbon_response.json",
    "boamps": "boamps_report.json",
    "ccf": "ccf_footprint.json",
    "codecarbon": "codecarbon_http_post.body.json",
    "eco-ci": "ecoci_post.body.json",
    "google": "gcp_carbon_footprint.jsonl",
    "prometheus": "prometheus_kepler.json",
}
CSV = {"aws": "aws_carbon_emissions.csv", "codecarbon": "codecarbon_emissions.csv", "focus": "focus_1_2.csv"}
Take = Callable[[io.BytesIO], object]


@pytest.fixture(scope="module")
def of_json(store: FactorStore) -> dict[str, Take]:
    """What reads JSON, by format."""
    given = Given(store=store, region="DE")
    records = {
        name: (lambda file, read=FORMATS[name].read: list(read(file, given)))
        for name in ("boamps", "ccf", "eco-ci", "prometheus")
    }
    return records | {
        "aws": aws.read_answers,
        "azure": lambda file: azure.read_answers(file, azure.Asked(scopes=("scope1",))),
        "google": google.read_lines,
    }


@pytest.fixture(scope="module")
def of_csv(store: FactorStore) -> dict[str, Take]:
    """What reads CSV, by format."""
    given = Given(store=store, region="DE")
    records = {
        name: (lambda file, read=FORMATS[name].read: list(read(file, given))) for name in ("codecarbon", "ccf", "power")
    }
    return records | {"aws": aws.read_csv, "focus": opened}


def check(take: Take, file: str, taken: str, is_of: str) -> None:
    """It is refused, with both names."""
    with pytest.raises(Refused) as caught:
        take(io.BytesIO((SAMPLES / file).read_bytes()))
    assert f"this is a file of {is_of}, not of {taken}" in caught.value.faults[0].detail


@pytest.mark.parametrize("taken", ["aws", "azure", "boamps", "ccf", "eco-ci", "google", "prometheus"])
@pytest.mark.parametrize("is_of", JSON)
def test_json_of_another_format_is_named(taken: str, is_of: str, of_json: dict[str, Take]) -> None:
    """Each sample, sent to each other format; of lists and lines Prometheus says no more than that they are not its."""
    if taken != is_of and (taken != "prometheus" or is_of not in {"ccf", "google"}):
        check(of_json[taken], JSON[is_of], taken, is_of)


@pytest.mark.parametrize("taken", ["aws", "ccf", "codecarbon", "focus", "power"])
@pytest.mark.parametrize("is_of", CSV)
def test_csv_of_another_format_is_named(taken: str, is_of: str, of_csv: dict[str, Take]) -> None:
    """Likewise."""
    if taken != is_of:
        check(of_csv[taken], CSV[is_of], taken, is_of)


@pytest.mark.parametrize("taken", ["codecarbon", "eco-ci"])
@pytest.mark.parametrize("is_of", ["aws", "azure", "boamps", "codecarbon", "eco-ci"])
def test_a_body_that_is_posted_is_named(taken: str, is_of: str, store: FactorStore) -> None:
    """With a pointer to the body itself."""
    posted = FORMATS[taken].posted
    assert posted is not None
    body = msgspec.json.decode((SAMPLES / JSON[is_of]).read_bytes())
    if taken == is_of:
        return
    with pytest.raises(Refused) as caught:
        posted(body, Given(store=store, region="DE"))
    (fault,) = caught.value.faults
    assert (fault.pointer, fault.detail) == ("", f"this is a file of {is_of}, not of {taken}: import it as that")
