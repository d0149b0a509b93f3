"""What the OpenAPI document needs told: Litestar knows the routes, msgspec the schemas, and this file the rest."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.spec import License, Tag
from msgspec import Struct

from service.http.access_documents import HEADERS, SECURITY_SCHEMES, with_access
from service.http.descriptions import DESCRIPTIONS
from service.http.enumerations import enumerations, named
from service.http.examples import REFUSALS, REQUESTS
from service.http.problems import MEDIA_TYPE, Problem
from service.http.representations import JSON, NDJSON

_SCHEMA = "#/components/schemas/{name}"
_MEANINGS = {
    200: "The answer.",
    201: "The answer.",
    202: "The answer.",
    304: "The caller has it: If-None-Match names its ETag.",
    400: "The body is not JSON, or a value is not of the schema.",
    404: "There is nothing of this name.",
    406: "None of the accepted media types can be given.",
    413: "The body is larger than this path takes.",
    415: "The body is not JSON in UTF-8, or is compressed.",
    422: "Of the schema, but without sense or without an answer; every fault is told.",
    503: "There is no room for it now; Retry-After says when to try again.",
}
_HEADERS = {
    "X-Request-Id": {
        "description": "That of the request, where it is sane, else a new one.",
        "schema": {"type": "string"},
    },
    "X-Factor-Set": {"description": "Version of the factor set in force.", "schema": {"type": "string"}},
    "ETag": {"description": "Of this representation, for If-None-Match.", "schema": {"type": "string"}},
    "Link": {"description": 'Where there is a next page: its address, `rel="next"`.', "schema": {"type": "string"}},
}
_ALWAYS = ("X-Request-Id", "X-Factor-Set")
_TAGS = [
    Tag(name="emissions", description="Footprints of workloads."),
    Tag(name="allocations", description="Shared pools, divided among those who consumed them."),
    Tag(name="reports", description="Answers of before, held against each other or put together for a report."),
    Tag(name="imports", description="Files of other tools."),
    Tag(name="reference", description="What the factor store knows, with its sources."),
    Tag(name="operations", description="For those who run the service."),
]
_ABOUT = """Location-based and market-based carbon accounting for computing workloads, with a source for every number.

Energy is in kWh, time in hours, power in W, emissions in kg CO2e; `share` is 0 to 1. Numbers are never rounded. Location-based and market-based figures are alternatives and are never added together. What cannot be computed is `null`, with a warning that says why. Errors are RFC 9457 problems: 400 where the body is not of the schema, 422 where it is but makes no sense. Of an object's member that is given twice, the last counts.

Where the operator has set keys, send yours as `Authorization: Bearer KEY`, as `X-API-Key: KEY`, or as the password of Basic; health and this document never ask for one."""  # noqa: E501 - one paragraph is one line


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The refusals that a route documents."""
    return {
        status: ResponseSpec(Problem, media_type=MEDIA_TYPE, description=_MEANINGS[status], generate_examples=False)
        for status in statuses
    }


def openapi_document(handlers: Sequence[HTTPRouteHandler], dependencies: Mapping[str, Provide], version: str) -> bytes:
    """The OpenAPI 3.1 document of the routes, as JSON that people can read and compare."""
    config = OpenAPIConfig(
        title="Dualscope",
        version=version,
        description=_ABOUT,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        tags=_TAGS,
        use_handler_docstrings=True,
    )
    app = Litestar([*handlers], dependencies=dependencies, openapi_config=config, logging_config=None)
    routes = app.openapi_schema
    routes.components.schemas = {}  # Litestar's; msgspec's tell more
    document = {"openapi": "3.1.0", **routes.to_schema(), "security": []}
    structs = _structs(handlers)
    document["components"] = {"schemas": _components(structs), "headers": _HEADERS | HEADERS}
    document["components"]["securitySchemes"] = SECURITY_SCHEMES
    by_path = {path: handler for handler in handlers for path in handler.paths}
    document["paths"] = {
        path: {
            "get" if "get" in item else "post": with_access(path, _operation(item, by_path[_template(path, by_path)]))
        }
        for path, item in sorted(document["paths"].items())
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _template(path: str, by_path: Mapping[str, HTTPRouteHandler]) -> str:
    """`/factors/{factor_id}` as its handler writes it, `/factors/{factor_id:str}`."""
    return next(written for written in by_path if written.replace(":str}", "}") == path)


def _operation(item: Mapping[str, Any], handler: HTTPRouteHandler) -> dict[str, Any]:
    operation: dict[str, Any] = dict(item.get("get") or item["post"])
    type_ = handler.parsed_fn_signature.return_type.annotation
    shape = _shape(type_) if _is_struct(type_) else {"type": "string"}
    given = {media_type: _shape_as(media_type, struct) for media_type, struct in handler.opt.get("gives", {}).items()}
    answers: dict[str, Any] = operation["responses"]
    answers["200"]["description"] = _MEANINGS[200]
    answers["200"]["content"] = {
        offer.name: {"schema": given.get(offer.name) or (shape if offer.name == JSON.name else _loose(offer.name))}
        for offer in handler.opt.get("representations", (JSON,))
    }
    stored = handler.opt.get("caching", b"no-store") != b"no-store"
    if stored:
        answers["304"] = {"description": _MEANINGS[304]}
    for status, answer in answers.items():
        names = [*_ALWAYS, *(["ETag"] if stored and status in ("200", "304") else ())]
        if status == "200" and any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ())):
            names.append("Link")
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
        if status in REFUSALS:
            answer["content"][MEDIA_TYPE]["examples"] = REFUSALS[status]
    operation["responses"] = dict(sorted(answers.items()))
    operation["parameters"] = [_parameter(parameter) for parameter in operation.get("parameters", ())]
    taken = handler.opt.get("takes", {})
    if taken:
        content = {
            media_type: {"schema": _upload(_shape_as(media_type, struct))} for media_type, struct in taken.items()
        }
        operation["requestBody"] = {"content": content, "required": True}
    if JSON.media_type in operation.get("requestBody", {}).get("content", ()):
        operation["requestBody"]["content"][JSON.media_type]["examples"] = REQUESTS[operation["operationId"]]
    return {key: value for key, value in operation.items() if value not in (False, [])}


def _shape(taken: type[Struct] | dict[str, Any]) -> dict[str, Any]:
    """A Struct of ours by its name; another's form as it is told."""
    return taken if isinstance(taken, dict) else {"$ref": _SCHEMA.format(name=taken.__name__)}


def _shape_as(media_type: str, struct: type[Struct] | dict[str, Any]) -> dict[str, Any]:
    """Lines are text, each line of a shape."""
    if media_type != NDJSON or isinstance(struct, dict):
        return _shape(struct)
    each = {"contentMediaType": JSON.media_type, "contentSchema": _shape(struct)}
    return {"type": "string", "description": f"One `{struct.__name__}` a line.", **each}


def _upload(shape: dict[str, Any]) -> dict[str, Any]:
    """Text that is sent is a file: `binary` is what makes generated clients take one and send it unchanged."""
    return shape | {"format": "binary"} if shape.get("type") == "string" else shape


def _parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter that may be left out is not null then: a query has no null."""
    schema = dict(parameter["schema"])
    (type_,) = [option for option in schema.pop("oneOf", [{}]) if option.get("type") != "null"]
    schema |= type_
    if "enum" in schema:
        schema |= {"type": "string", "enum": [value for value in schema["enum"] if value is not None]}
    schema |= {bound: int(schema[bound]) for bound in ("minimum", "maximum") if bound in schema}
    del schema["description"]
    kept = {key: parameter[key] for key in ("name", "in", "description", "required")}
    return {**kept, "schema": schema}


def _loose(media_type: str) -> dict[str, Any]:
    """Text, or an object of another standard."""
    return {"type": "object", "additionalProperties": True} if media_type.endswith("json") else {"type": "string"}


def _structs(handlers: Sequence[HTTPRouteHandler]) -> list[type[Struct]]:
    """What the routes take and give."""
    types: list[Any] = [Problem]
    for handler in handlers:
        signature = handler.parsed_fn_signature
        if "gives" not in handler.opt:
            types.append(signature.return_type.annotation)
        if "data" in signature.parameters:
            types.append(signature.parameters["data"].annotation)
        types += [struct for opt in ("takes", "gives") for struct in handler.opt.get(opt, {}).values()]
    return [type_ for type_ in types if _is_struct(type_) and not type_.__name__.startswith("Answer")]


def _is_struct(type_: object) -> bool:
    return inspect.isclass(type_) and issubclass(type_, Struct)


def _components(types: Sequence[type[Struct]]) -> dict[str, Any]:
    _, components = msgspec.json.schema_components(types, ref_template=_SCHEMA)
    known = {type_.__name__: type_ for type_ in _reached(types)}
    for name, schema in components.items():
        _describe(schema, known[name])
    mended = {name: _mended(schema) for name, schema in components.items()}
    return dict(sorted((mended | enumerations()).items()))


def _reached(types: Sequence[type[Struct]]) -> Iterator[type[Struct]]:
    """The Structs, and those that their fields hold."""
    pending, seen = list(types), set[type]()
    while pending:
        type_ = pending.pop()
        if type_ in seen:
            continue
        seen.add(type_)
        yield type_
        pending.extend(inner for field in msgspec.structs.fields(type_) for inner in _inside(field.type))


def _inside(annotation: object) -> Iterator[type[Struct]]:
    if _is_struct(annotation):
        yield annotation  # type: ignore[misc]
    for part in getattr(annotation, "__args__", ()):
        yield from _inside(part)


def _describe(schema: dict[str, Any], type_: type[Struct]) -> None:
    """Describe each property: by its `Meta`, else by the docstring under its field, else as DESCRIPTIONS says."""
    docstrings = _field_docstrings(type_)
    for name, about in schema.get("properties", {}).items():
        described = "description" in about or any("description" in option for option in about.get("anyOf", ()))
        text = docstrings.get(name) or _described(type_, name)
        if text and not described:
            about["description"] = text


def _described(type_: type[Struct], name: str) -> str | None:
    """What DESCRIPTIONS says of a field, or of the same field of a base."""
    keys = [f"{owner.__name__}.{name}" for owner in type_.__mro__] + [name]
    return next((DESCRIPTIONS[key] for key in keys if key in DESCRIPTIONS), None)


def _field_docstrings(type_: type[Struct]) -> dict[str, str]:
    """Strings that stand under fields, those of the bases too."""
    owners = [owner for owner in type_.__mro__ if owner is not Struct and issubclass(owner, Struct)]
    found: dict[str, str] = {}
    for owner in reversed(owners):
        statements = _class_bodies(owner.__module__).get(owner.__name__, [])
        for field, text in pairwise(statements):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_text(text):
                found[field.target.id] = inspect.cleandoc(ast.literal_eval(text.value))  # type: ignore[attr-defined]
    return found


@cache
def _class_bodies(module: str) -> dict[str, list[ast.stmt]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node.body for node in tree.body if isinstance(node, ast.ClassDef)}


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _mended(schema: Any) -> Any:
    """A schema without what tools stumble over.

    A pre-encoded part (`Raw`) shows as its Struct, a choice that has a name by that, an enumeration of one is `const`,
    and null is no default.
    """
    if isinstance(schema, list):
        return [_mended(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    mended = {key: _mended(value) for key, value in schema.items() if (key, value) != ("default", None)}
    if {} in mended.get("anyOf", ()):
        (kept,) = [option for option in mended.pop("anyOf") if option]
        mended |= kept
    name = named(mended.get("enum"))
    if name is not None:
        del mended["enum"]
        return {"$ref": _SCHEMA.format(name=name)} | mended
    if len(mended.get("enum", ())) == 1:
        mended["const"] = mended.pop("enum")[0]
    return mended
