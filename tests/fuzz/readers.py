"""What reads foreign bytes, each as a function of bytes alone; and atheris, which looks for bytes that break one.

`python -m tests.fuzz.readers READER -runs=100000` takes atheris (`pip install --group fuzz`); what it finds belongs
into `corpus/READER/`, which the suite tries again each time.
"""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from service.errors import DualscopeError
from service.factors.store import FactorStore
from service.factors.tables import load
from service.formats.imported import Given
from service.formats.registry import FORMATS
from service.http.decoding import StrictDecoder
from service.http.report_given import ReportStated, reading_of
from service.http.representations import CSV, JSON, MARKDOWN, Representation, chosen
from service.model.batch import Batch
from service.model.pool import PoolRequest
from service.model.workload import Workload
from service.settings import RELEASE, shipped_factors

CORPUS = Path(__file__).parent / "corpus"
SAMPLES = Path(__file__).parent.parent / "formats" / "samples"
Read = Callable[[bytes], object]


@cache
def _store() -> FactorStore:
    return FactorStore(load(shipped_factors(), cache_dir=None), RELEASE)


def _decoder(type_: type) -> Read:
    return StrictDecoder(type_).decode


def _format(name: str) -> Read:
    def read(content: bytes) -> object:
        given = Given(store=_store(), region="DE")
        return sum(1 for _ in FORMATS[name].read(BytesIO(content), given))

    return read


def _report(name: str, media_type: bytes) -> Read:
    asked = {"scopes": "scope1,scope2,scope3", "month": "2026-06"} if name == "azure" else {}
    stated = ReportStated(pool_by="month", **asked)
    return lambda content: reading_of(name, stated).report(BytesIO(content), media_type)  # type: ignore[arg-type]


def _bill(content: bytes) -> object:
    from service.bulk.sources import Limits, opened  # noqa: PLC0415 - an extra

    return sum(batch.num_rows for batch in opened(BytesIO(content), Limits()).batches)


def _accept(content: bytes) -> object:
    offers = [JSON, Representation(MARKDOWN, bytes), Representation(CSV, bytes)]
    return chosen(offers, content.decode("latin-1"))


READERS: dict[str, tuple[Read, tuple[str, ...]]] = {
    "workload": (_decoder(Workload), ()),
    "batch": (_decoder(Batch), ()),
    "pool": (_decoder(PoolRequest), ()),
    "accept": (_accept, ()),
    "codecarbon": (_format("codecarbon"), ("codecarbon_emissions.csv", "codecarbon_http_post.body.json")),
    "boamps": (_format("boamps"), ("boamps_report.json",)),
    "eco-ci": (_format("eco-ci"), ("ecoci_post.body.json",)),
    "ccf": (_format("ccf"), ("ccf_footprint.csv", "ccf_footprint.json")),
    "power": (_format("power"), ("pdu_power.csv",)),
    "prometheus": (_format("prometheus"), ("prometheus_kepler.json",)),
    "aws": (_report("aws", b"text/csv"), ("aws_carbon_emissions.csv",)),
    "aws-answers": (_report("aws", b"application/json"), ("aws_sustainability_api.response.json",)),
    "google": (_report("google", b"application/x-ndjson"), ("gcp_carbon_footprint.jsonl",)),
    "azure": (_report("azure", b"application/json"), ("azure_carbon_response.json",)),
    "focus": (_bill, ("focus_1_2.csv",)),
}
"""Each reader with the samples that it begins from."""


def seeds(name: str) -> Iterator[bytes]:
    """What a reader is begun with: its samples, and what was found before."""
    for sample in READERS[name][1]:
        yield (SAMPLES / sample).read_bytes()
    for file in sorted((CORPUS / name).glob("*")):
        yield file.read_bytes()


def tried(name: str, content: bytes) -> bool:
    """Whether a reader takes it; it may refuse it, and must not fail otherwise."""
    try:
        READERS[name][0](content)
    except DualscopeError as refusal:
        refusal.args[0].encode()  # what it says can be sent
        return False
    return True


def main(arguments: list[str]) -> None:
    """Let atheris look, from a reader's samples and corpus."""
    import tempfile  # noqa: PLC0415

    import atheris  # noqa: PLC0415 - only where it is asked for

    name, *options = arguments
    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds(name)):
            Path(folder, str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, folder], lambda content: tried(name, content) and None)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
