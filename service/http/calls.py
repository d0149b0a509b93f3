"""How handlers are called: strictly, by their signature, and straight.

Litestar routes, wires and documents. Its own call takes `"3"` for a number and any query parameter, and costs more
processor time than all the arithmetic; so `StrictCall`, a route's middleware, answers in its place. A handler stays an
ordinary typed function: `data` is its body, its services come from the app, what else it names are query parameters.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar import post, route
from litestar.di import Provide
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct, inspect

from service.errors import Refused
from service.http.coding import coded
from service.http.decoding import StrictDecoder, fault_of
from service.http.problems import Declined, Disconnected
from service.http.representations import JSON, Representation, chosen

_JSON_TYPES = (b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8")
_ANY = (None, b"*/*", b"application/json", b"application/json, text/plain, */*")
NO_STORE = b"no-store"

_CONVERSATION = "conversation"
_IN_PATH = re.compile(r"\{(\w+):")

RequestHeaders = Mapping[bytes, bytes]


class Answer(Struct, frozen=True):
    """Bytes that are ready to be sent."""

    body: bytes
    media_type: str
    status: int = 200
    headers: Sequence[tuple[bytes, bytes]] = ()
    gzipped: bytes | None = None  # the same compressed, for callers that take it so


class Conversation(Struct, frozen=True, kw_only=True):
    """A request whose handler reads the body and sends the answer itself, in pieces."""

    headers: RequestHeaders
    accept: str | None
    instance: str
    receive: Receive
    send: Send
    body_limit: int

    async def body(self, way_out: str) -> bytes:
        """The whole body.

        Raises:
            Declined: it is larger than the path takes; `way_out` says what to do then.
        """
        return await _body(self.receive, self.headers, self.body_limit, way_out)

    async def answer(self, answer: "Answer") -> None:
        """Send an answer that is there as a whole."""
        await _send(answer, HttpMethod.POST, self.send)


class _Plan(Struct, frozen=True, kw_only=True):
    """What a handler's signature asks for, worked out once."""

    handler: Callable[..., Awaitable[Any]]
    services: dict[str, Callable[[], Any]]
    """By parameter: what gives the one in force. All are taken in one step, so that a request keeps one factor set."""
    decoder: StrictDecoder[Any] | None
    body_limit: int
    query: type[Struct]
    representations: tuple[Representation, ...]
    caching: bytes | None
    conversing: bool
    strayed: Callable[[bytes], Refused | None] | None
    """Says of a refused body where it belongs."""


class StrictCall:
    """Route middleware that calls the handler in the place of Litestar."""

    def __init__(self, app: ASGIApp) -> None:  # noqa: ARG002 - Litestar's own call, in whose place this stands
        self._plan: _Plan | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        plan = self._plan
        if plan is None:
            plan = self._plan = _plan(cast("HTTPRouteHandler", scope["route_handler"]))
        headers = dict(scope["headers"])
        if plan.conversing:
            await plan.handler(**_arguments(plan, scope) | {_CONVERSATION: _conversation(plan, scope, receive, send)})
            return
        representation = _representation(plan, scope, headers.get(b"accept"))
        arguments = _arguments(plan, scope)
        if plan.decoder is not None:
            _check_media_type(headers)
            sent = await _body(receive, headers, plan.body_limit)
            try:
                arguments["data"] = plan.decoder.decode(sent)
            except Refused as refused:
                raise (plan.strayed(sent) if plan.strayed is not None else None) or refused from None
        answer = await plan.handler(**arguments)
        if not isinstance(answer, Answer):
            body = representation.render(answer)
            body = body if isinstance(body, bytes) else await body
            about = (*representation.headers, *_onward(answer, scope))
            answer = Answer(body, representation.media_type, getattr(answer, "http_status", 200), about)
        if answer.gzipped is not None:
            body, coding = coded(answer.body, answer.gzipped, headers.get(b"accept-encoding", b""))
            answer = Answer(body, answer.media_type, answer.status, [*answer.headers, *coding])
        if plan.caching:
            answer = _validated(answer, plan, headers)
        await _send(answer, cast("str", scope.get("method")), send)


def asking(path: str, **documented: Any) -> HTTPRouteHandler:
    """A route that takes a JSON body and answers it."""
    return post(path, status_code=200, middleware=[StrictCall], **documented)


def conversing(path: str, **documented: Any) -> HTTPRouteHandler:
    """A route whose handler is given a `conversation`; `takes` and `gives` name what goes over it, by media type."""
    dependencies = {_CONVERSATION: Provide(_given_with_each_request, sync_to_thread=False)}
    return post(path, status_code=200, middleware=[StrictCall], dependencies=dependencies, **documented)


def _given_with_each_request() -> None:
    """Litestar wants to know of everything that a handler is given."""


def reading(path: str, *, operation_id: str, caching: bytes = NO_STORE, **documented: Any) -> HTTPRouteHandler:
    """A route that is read, by GET and HEAD; what may be stored has an ETag."""

    def name(_: object, method: object, __: object) -> str:
        return operation_id if method == HttpMethod.GET else f"head_{operation_id}"

    return route(
        path,
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        middleware=[StrictCall],
        operation_id=name,
        opt={"caching": caching},
        **documented,
    )


def _plan(handler: HTTPRouteHandler) -> _Plan:
    providers = handler.resolve_dependencies()
    fields = {field.name: field for field in msgspec.structs.fields(handler.signature_model)}
    in_path = {name for path in handler.paths for name in _IN_PATH.findall(path)}
    query = [
        (field.name, _present(field.type), field.default)
        for field in fields.values()
        if field.name not in providers and field.name not in in_path and field.name != "data"
    ]
    return _Plan(
        handler=handler.fn,
        services={name: providers[name].dependency for name in fields if name in providers and name != _CONVERSATION},
        decoder=StrictDecoder(fields["data"].type) if "data" in fields else None,
        body_limit=handler.resolve_request_max_body_size() or 0,
        query=msgspec.defstruct("Query", query, forbid_unknown_fields=True),
        representations=handler.opt.get("representations", (JSON,)),
        caching=handler.opt.get("caching"),
        conversing=_CONVERSATION in fields,
        strayed=handler.opt.get("strayed"),
    )


def _present(type_: Any) -> Any:
    """The type of a parameter that is there: left out it may be, but no text of it means null."""
    if get_origin(type_) is Annotated:
        inner, *constraints = get_args(type_)
        return Annotated[(_present(inner), *constraints)]
    kept = tuple(part for part in get_args(type_) if part is not type(None))
    return Union[kept] if get_origin(type_) in (Union, UnionType) else type_  # noqa: UP007 - made at run time


def _representation(plan: _Plan, scope: Scope, accept: bytes | None) -> Representation:
    if not plan.representations:
        return JSON
    if accept in _ANY and plan.representations[0].media_type == JSON.media_type:
        return plan.representations[0]
    return chosen(plan.representations, _accept(scope))


def _accept(scope: Scope) -> str:
    """All lines of it, which are one list (RFC 9110, 5.3)."""
    return b",".join(value for name, value in scope["headers"] if name == b"accept").decode("latin-1")


def _conversation(plan: _Plan, scope: Scope, receive: Receive, send: Send) -> Conversation:
    return Conversation(
        headers=dict(scope["headers"]),
        accept=_accept(scope),
        instance=scope["path"],
        receive=receive,
        send=send,
        body_limit=plan.body_limit,
    )


def _arguments(plan: _Plan, scope: Scope) -> dict[str, Any]:
    """Services, query parameters and what stands in the path."""
    arguments = {name: service() for name, service in plan.services.items()}
    if scope["path_params"]:
        arguments |= scope["path_params"]
    text = scope["query_string"]
    if text:
        query = _query(text, plan.query)
        arguments |= {name: getattr(query, name) for name in plan.query.__struct_fields__}
    return arguments


def _query(text: bytes, type_: type[Struct]) -> Struct:
    """The query parameters, each known, once, and of its type."""
    pairs = parse_qsl(text.decode("latin-1"), keep_blank_values=True, errors="replace")
    values = dict(pairs)
    if len(values) < len(pairs):
        twice = next(name for name in values if sum(name == other for other, _ in pairs) > 1)
        raise Declined("VALUE_INVALID", f"the query parameter {twice[:64]!r} stands twice", parameter=twice[:64])
    try:
        return msgspec.convert(values, type_, strict=False)
    except msgspec.ValidationError as error:
        fault = fault_of(str(error), inspect.type_info(type_))
        name = fault.pointer[1:]
        detail = f"query parameter {name!r}: {fault.detail.replace('field', 'parameter')}"
        raise Declined("VALUE_INVALID", detail, parameter=name) from None


def _onward(answer: object, scope: Scope) -> Sequence[tuple[bytes, bytes]]:
    """Where the next page of a list is (RFC 8288), since not every form of it has room for its cursor."""
    cursor = getattr(answer, "next_cursor", None)
    if cursor is None:
        return ()
    asked = parse_qsl(scope["query_string"].decode("latin-1"))
    query = urlencode([*((name, value) for name, value in asked if name != "cursor"), ("cursor", cursor)])
    return [(b"link", f'<?{query}>; rel="next"'.encode())]


def _check_media_type(headers: RequestHeaders) -> None:
    if headers.get(b"content-type") not in _JSON_TYPES or b"content-encoding" in headers:
        media_type(headers, (b"application/json",))


def media_type(headers: RequestHeaders, taken: Sequence[bytes]) -> bytes:
    """The body's media type, in any case, one of those taken, with no character set but UTF-8 and not compressed.

    Raises:
        Declined: it is not.
    """
    name, *parameters = (part.strip().lower() for part in headers.get(b"content-type", b"").split(b";"))
    charsets = [value.strip(b' "') for key, _, value in (p.partition(b"=") for p in parameters) if key == b"charset"]
    about = ((b"accept", b", ".join(taken)), (b"accept-encoding", b"identity"))
    if name not in taken or not all(charset in (b"utf-8", b"utf8") for charset in charsets):
        detail = f"send the body as {b' or '.join(taken).decode()}, in UTF-8"
        raise Declined("MEDIA_TYPE_UNSUPPORTED", detail, headers=about)
    if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise Declined("MEDIA_TYPE_UNSUPPORTED", "send the body without Content-Encoding", headers=about)
    return name


_SMALLER = "send less at once"


async def _body(receive: Receive, headers: RequestHeaders, limit: int, way_out: str = _SMALLER) -> bytes:
    """The whole body, read no further than its limit."""
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit, way_out)
    message: Any = await receive()
    body: bytes | bytearray = message.get("body", b"")
    while message.get("more_body") and len(body) <= limit:
        if isinstance(body, bytes):
            body = bytearray(body)
        message = await receive()
        body += message.get("body", b"")
    if message["type"] == "http.disconnect":
        raise Disconnected
    if len(body) > limit:
        raise _too_large(limit, way_out)
    return body if isinstance(body, bytes) else bytes(body)


def _too_large(limit: int, way_out: str) -> Declined:
    return Declined("BODY_TOO_LARGE", f"this path takes at most {limit} bytes; {way_out}")


def _validated(answer: Answer, plan: _Plan, headers: RequestHeaders) -> Answer:
    """The answer with its ETag, or a 304 where the caller has it (RFC 9110, 13.1.2)."""
    if plan.caching == NO_STORE:
        return Answer(answer.body, answer.media_type, answer.status, [*answer.headers, (b"cache-control", NO_STORE)])
    tag = b'"' + hashlib.blake2b(answer.body + answer.media_type.encode(), digest_size=12).hexdigest().encode() + b'"'
    about = [(b"etag", tag), (b"cache-control", plan.caching or b"")]
    if len(plan.representations) > 1:
        about.append((b"vary", b"accept"))
    known = {item.strip().removeprefix(b"W/") for item in headers.get(b"if-none-match", b"").split(b",")}
    if tag in known or b"*" in known:
        return Answer(b"", "", 304, [*answer.headers, *about])  # a browser takes them for those of what it has
    return Answer(answer.body, answer.media_type, answer.status, [*answer.headers, *about])


async def _send(answer: Answer, method: str, send: Send) -> None:
    headers: list[tuple[bytes, bytes]] = [*answer.headers]
    if answer.status != 304:  # noqa: PLR2004 - not modified: nothing follows
        headers.append((b"content-type", answer.media_type.encode()))
        headers.append((b"content-length", b"%d" % len(answer.body)))
    start: Any = {"type": "http.response.start", "status": answer.status, "headers": headers}
    await send(start)
    body = b"" if method == HttpMethod.HEAD else answer.body
    await send({"type": "http.response.body", "body": body, "more_body": False})
