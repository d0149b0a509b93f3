"""What a batch costs without us, and in one go: applications for uvicorn, beside those of tests/bench/rivals.

`floor` decodes the same bytes and encodes the finished answer with msgspec, and computes nothing. `one_go` is the
service but for its batches, which it answers whole, without giving others their turn. The answers that the floor
encodes are of the real service, read from the folder named by `BENCH_ANSWERS`: one a number of workloads.
"""

import os
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from service.estimator import Estimator
from service.factors.store import FactorStore
from service.http.batch_forms import BatchEmissions, BatchResult
from service.model.result import Methodology, Source
from service.model.workload import Workload
from service.resolve import Resolver
from tests.bench.rivals import Asgi, Receive, Scope, Send

JSON, LINES = b"application/json", b"application/x-ndjson"
CHUNK_BYTES = 64 * 1024


class Typed(Struct):
    """A batch, all of it read at once."""

    workloads: list[Workload]
    group_by: list[str] = []


def answer(name: str) -> bytes:
    """Return a stored answer of the real service."""
    return (Path(os.environ["BENCH_ANSWERS"]) / name).read_bytes()


def unfolded(result: BatchResult) -> BatchResult:
    """Return a result without pre-encoded parts, so that the floor encodes every field."""
    emissions = result.emissions
    if emissions is None:
        return result
    methodology = msgspec.json.decode(msgspec.json.encode(emissions.methodology), type=Methodology)
    listed = msgspec.json.decode(msgspec.json.encode(emissions.sources), type=list[Source] | None)
    sources = list[Source | Raw](listed) if listed is not None else None
    whole = msgspec.structs.replace(emissions, methodology=methodology, sources=sources)
    return msgspec.structs.replace(result, emissions=whole)


def floor() -> Asgi:
    """Return the floor: a bare ASGI application."""
    names = [int(path.name) for path in Path(os.environ["BENCH_ANSWERS"]).iterdir() if path.name.isdigit()]
    finished = {}
    for count in names:
        read = msgspec.json.decode(answer(str(count)), type=BatchEmissions)
        finished[count] = msgspec.structs.replace(read, results=[unfolded(result) for result in read.results])
    lines = [unfolded(msgspec.json.decode(line, type=BatchResult)) for line in answer("lines").splitlines()]
    whole, one = msgspec.json.Decoder(Typed), msgspec.json.Decoder(Workload)
    encoder = msgspec.json.Encoder()

    async def by_lines(receive: Receive, send: Send) -> None:
        rest, index, more = b"", 0, True
        while more:
            message = await receive()
            more = message.get("more_body", False)
            *some, rest = (rest + message.get("body", b"")).split(b"\n")
            out = bytearray()
            for line in some:
                one.decode(line)
                out += encoder.encode(lines[index]) + b"\n"
                index += 1
                if len(out) >= CHUNK_BYTES:
                    await send({"type": "http.response.body", "body": bytes(out), "more_body": True})
                    out.clear()
            await send({"type": "http.response.body", "body": bytes(out), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        content_type = dict(scope["headers"])[b"content-type"]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", content_type)]})
        if content_type == LINES:
            await by_lines(receive, send)
            return
        batch = whole.decode(await body_of(receive))
        content = encoder.encode(finished[len(batch.workloads)])
        await send({"type": "http.response.body", "body": content})

    return app


def one_go() -> Asgi:
    """Return the service with a batch that is answered in one go."""
    from service.app import create_app  # noqa: PLC0415 - the floor must not carry it in memory
    from service.opening import open_store  # noqa: PLC0415
    from service.settings import read_settings  # noqa: PLC0415

    settings = read_settings(os.environ)
    store: FactorStore = open_store(settings)
    resolver, estimator = Resolver(store), Estimator()
    service: Any = create_app(settings, store=store, resolver=resolver)
    decoder = msgspec.json.Decoder(Typed)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/emissions/batch":
            await service(scope, receive, send)
            return
        batch = decoder.decode(await body_of(receive))
        found = [
            Raw(estimator.estimated(workload, await resolver.resolve(workload), sources=False).body)
            for workload in batch.workloads
        ]
        content = msgspec.json.encode({"results": found})
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", JSON)]})
        await send({"type": "http.response.body", "body": content})

    return app


async def body_of(receive: Receive) -> bytes:
    """Return the whole body."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)
