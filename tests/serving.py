"""The service on loopback, run by uvicorn as `dualscope serve` runs it; and many callers of it at the same moment."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import uvicorn
from litestar import Litestar

from service.listening.server import configuration
from service.settings import Settings


@contextlib.contextmanager
def serving(app: Litestar) -> Iterator[str]:
    """Run an app on a free port; yield its address; stop it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = configuration(app, Settings())
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class Told(NamedTuple):
    """What one caller got, and after how long."""

    status: int
    body: bytes
    waited_s: float


async def post_at_once(port: int, bodies: Sequence[bytes], path: str = "/emissions") -> list[Told]:
    """Send one request on each of as many connections, all open before the first is used."""
    host = "127.0.0.1"
    connections = await asyncio.gather(*(asyncio.open_connection(host, port) for _ in bodies))

    async def one(body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Told:
        started = time.perf_counter()
        head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nConnection: close\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        top, _, content = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        return Told(int(top.split(maxsplit=2)[1]), content, time.perf_counter() - started)

    return await asyncio.gather(*(one(body, *connection) for body, connection in zip(bodies, connections, strict=True)))
