"""The whole service without a socket: what uvicorn would hand to it, and what it would get back."""

import asyncio
from typing import Any, NamedTuple

import msgspec
from litestar import Litestar

JSON = "application/json"


class Given(NamedTuple):
    """An answer."""

    status: int
    media_type: str
    body: bytes

    def json(self) -> Any:
        """Its body, read."""
        return msgspec.json.decode(self.body)


async def post(app: Litestar, path: str, body: bytes, media_type: str = JSON) -> Given:
    """Send one request."""
    name, _, query = path.partition("?")
    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": name,
        "raw_path": name.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body))],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
        "state": {},
    }
    sent: list[Any] = []
    ended = asyncio.Event()
    pieces = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Any:
        piece = next(pieces, None)
        if piece is None:
            await ended.wait()
            return {"type": "http.disconnect"}
        return piece

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            ended.set()

    await app(scope, receive, send)
    headers = dict(sent[0]["headers"])
    media = headers[b"content-type"].decode().partition(";")[0]
    return Given(sent[0]["status"], media, b"".join(message.get("body", b"") for message in sent[1:]))
