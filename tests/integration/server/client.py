"""A client that hands requests straight to an ASGI app: raw paths and odd bodies arrive as they are."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    reads: int  # how often the app asked for the body

    def json(self) -> Any:
        assert self.headers["content-type"] == "application/json", self
        return json.loads(self.body)

    @property
    def messages(self) -> list[str]:
        return [error["msg"] for error in self.json()["errors"]]

    @property
    def code(self) -> int:
        codes = {error["code"] for error in self.json()["errors"]}
        assert len(codes) == 1, self.body
        return int(codes.pop())


async def request(
    app: ASGIApp,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | AsyncIterator[bytes] = b"",
    host: str = "viva.test",
) -> Answer:
    """`target` is the raw path with its query; an iterator body is sent chunked, without Content-Length."""
    path, _, query = target.partition("?")
    sent = [(b"host", host.encode())]
    sent += [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    if isinstance(body, bytes):
        if body:
            sent.append((b"content-length", str(len(body)).encode()))
        pieces = _one(body)
    else:
        pieces = body
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": sent,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
    reads = 0
    complete = False
    status = 0
    answered: dict[str, str] = {}
    out = bytearray()

    async def receive() -> Message:
        nonlocal reads, complete
        if complete:  # as a real server does while the client waits for its answer
            await asyncio.Event().wait()
        reads += 1
        piece = await anext(pieces, None)
        complete = piece is None
        return {"type": "http.request", "body": piece or b"", "more_body": not complete}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            answered.update((name.decode(), value.decode("latin-1")) for name, value in message["headers"])
        else:
            out.extend(message.get("body", b""))

    await app(scope, receive, send)
    return Answer(status, answered, bytes(out), reads)


async def _one(body: bytes) -> AsyncIterator[bytes]:
    yield body
