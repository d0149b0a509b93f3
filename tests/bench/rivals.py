"""What one request costs without us: the same bytes decoded and encoded, and nothing computed.

Applications, each a factory for uvicorn: `bare` (ASGI and msgspec: the floor), `framework` (a Litestar handler),
`pydantic` (FastAPI with models made from our Structs), and `computing`, which is the last with our calculation inside.
The answer that each of them encodes is one of the real service, read from the file named by `BENCH_ANSWER`.
"""

import functools
import operator
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import NODEFAULT, Raw, Struct, inspect

from service.model.result import Emissions, Methodology, Source
from service.model.workload import Workload

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

BOUNDS = ("gt", "ge", "lt", "le", "multiple_of", "pattern", "min_length", "max_length")
"""Constraints that msgspec and pydantic name alike."""

PLAIN: dict[type, Any] = {
    inspect.AnyType: Any,
    inspect.BoolType: bool,
    inspect.DateTimeType: datetime,
    inspect.FloatType: float,
    inspect.IntType: int,
    inspect.NoneType: None,
    inspect.StrType: str,
}


def answer_bytes() -> bytes:
    """Return the real service's answer, as the harness stored it."""
    return Path(os.environ["BENCH_ANSWER"]).read_bytes()


def answer() -> Emissions:
    """Return the answer as an object without pre-encoded parts, so that the floor encodes every field."""
    read = msgspec.json.decode(answer_bytes(), type=Emissions)
    sources = msgspec.json.decode(msgspec.json.encode(read.sources), type=list[Source])
    methodology = msgspec.json.decode(msgspec.json.encode(read.methodology), type=Methodology)
    return msgspec.structs.replace(read, methodology=methodology, sources=list[Source | Raw](sources))


def bare() -> Asgi:
    """Return the floor: a bare ASGI application, one typed decode, one encode."""
    decoder, encoder, emissions = msgspec.json.Decoder(Workload), msgspec.json.Encoder(), answer()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        decoder.decode(body)
        content = encoder.encode(emissions)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return app


def framework() -> Any:
    """Return a Litestar application whose one handler takes and gives the same Structs."""
    from litestar import Litestar, post  # noqa: PLC0415 - the floor must not carry it in memory
    from litestar.params import JSONBody  # noqa: PLC0415

    emissions = answer()

    @post("/emissions", status_code=200)
    async def handler(data: JSONBody[Workload]) -> Emissions:
        return emissions

    return Litestar([handler], openapi_config=None)


def pydantic() -> Any:
    """Return a FastAPI application whose one handler takes and gives pydantic models of the same shapes."""

    async def nothing() -> None:
        pass

    return fastapi(nothing)


def computing() -> Any:
    """Return the same FastAPI application, but with our calculation inside: what the service would cost on it."""
    from service.estimate import estimate  # noqa: PLC0415
    from service.opening import open_store  # noqa: PLC0415 - only this rival computes
    from service.resolve import Resolver  # noqa: PLC0415
    from service.settings import read_settings  # noqa: PLC0415

    workload = msgspec.json.decode((Path(__file__).parent / "request.json").read_bytes(), type=Workload)
    resolver = Resolver(open_store(read_settings(os.environ)))

    async def compute() -> None:
        estimate(workload, await resolver.resolve(workload))

    return fastapi(compute)


def fastapi(compute: Callable[[], Awaitable[None]]) -> Any:
    """Return a FastAPI application that decodes, computes, and encodes the finished answer."""
    from fastapi import FastAPI  # noqa: PLC0415 - only these rivals need it

    models: dict[type, Any] = {}
    taken, given = as_model(Workload, models), as_model(Emissions, models)
    emissions = given.model_validate_json(answer_bytes())
    app = FastAPI(openapi_url=None)

    async def handler(data):  # type: ignore[no-untyped-def]
        await compute()
        return emissions

    handler.__annotations__ = {"data": taken, "return": given}
    app.post("/emissions")(handler)
    return app


def as_model(struct: type[Struct], models: dict[type, Any]) -> Any:
    """Return the pydantic model of a Struct: the same fields, bounds and defaults."""
    from pydantic import ConfigDict, create_model  # noqa: PLC0415

    if struct not in models:
        described = inspect.type_info(struct)
        assert isinstance(described, inspect.StructType)
        fields: dict[str, Any] = {
            field.name: (as_annotation(field.type, models), default(field, models))
            for field in described.fields
            if field.required or (field.default, field.default_factory) != (NODEFAULT, NODEFAULT)
        }  # a field that is neither required nor has a default is UNSET: not in this answer
        config = ConfigDict(extra="forbid" if described.forbid_unknown_fields else "ignore", frozen=True)
        models[struct] = create_model(struct.__name__, __config__=config, **fields)
    return models[struct]


def default(field: inspect.Field, models: dict[type, Any]) -> Any:
    """Return the pydantic declaration of a field's default."""
    from pydantic import Field  # noqa: PLC0415

    if field.required:
        return Field()
    if field.default_factory is not NODEFAULT:
        return Field(default_factory=field.default_factory)
    given = field.default
    return Field(default=as_model(type(given), models)() if isinstance(given, Struct) else given)


def as_annotation(kind: inspect.Type, models: dict[type, Any]) -> Any:
    """Return the annotation that pydantic reads for one msgspec type."""
    match kind:
        case inspect.Metadata():
            return as_annotation(kind.type, models)
        case inspect.StructType():
            return as_model(kind.cls, models)
        case inspect.UnionType():
            members = [member for member in kind.types if not isinstance(member, inspect.RawType)]
            return functools.reduce(operator.or_, (as_annotation(member, models) for member in members))
        case inspect.LiteralType():
            return Literal[kind.values]
        case inspect.ListType():
            return bounded(list[as_annotation(kind.item_type, models)], kind)  # type: ignore[misc]
        case inspect.DictType():
            return bounded(dict[as_annotation(kind.key_type, models), as_annotation(kind.value_type, models)], kind)  # type: ignore[misc]
        case _:
            return bounded(PLAIN[type(kind)], kind)


def bounded(annotation: Any, kind: inspect.Type) -> Any:
    """Return the annotation with the bounds that msgspec has for it."""
    from pydantic import Field  # noqa: PLC0415

    bounds = {name: getattr(kind, name) for name in BOUNDS if getattr(kind, name, None) is not None}
    return Annotated[annotation, Field(**bounds)] if bounds else annotation
