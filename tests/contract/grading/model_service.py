"""A small service that speaks the OpenAI protocol over real HTTP, in the test's own loop.

It judges by one rule, told in no prompt: a reply meets a criterion when it contains the criterion's last
word. What the judged texts say does not move it. `misbehave` makes it answer otherwise.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

KEY = "sk-right-0123456789"
MODEL = "small-1"
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Answering = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]


class ModelService:
    """`requests`: the bodies that came. `misbehave`: answers of the next requests, in order."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[dict[str, Any]] = []
        self.misbehave: list[Answering] = []
        self.in_flight = 0
        self.most_in_flight = 0

    async def chat(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, _judged)

    async def embeddings(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, _embedded)

    async def _answer(self, request: web.Request, otherwise: Answering) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(0.01)
            if request.headers.get("Authorization") != f"Bearer {KEY}":
                said = f"Incorrect API key provided: {request.headers.get('Authorization', '')}"
                return web.json_response({"error": {"message": said}}, status=401)
            if self.misbehave:
                return await self.misbehave.pop(0)(body)
            if body["model"] != MODEL:
                return web.json_response({"error": {"message": "no such model"}}, status=404)
            return await otherwise(body)
        finally:
            self.in_flight -= 1


async def _judged(body: dict[str, Any]) -> web.StreamResponse:
    document = json.loads(body["messages"][-1]["content"])
    word = document["criterion"].split()[-1]
    met = word in document["reply"]
    return completion(json.dumps({"met": met, "reason": f"{word} is {'there' if met else 'not there'}"}))


async def _embedded(body: dict[str, Any]) -> web.StreamResponse:
    rows = [
        {"index": index, "embedding": [float(text.casefold().count(letter)) for letter in LETTERS]}
        for index, text in enumerate(body["input"])
    ]
    return web.json_response({"object": "list", "data": rows[::-1]})  # the order is the index's affair


def completion(content: Any) -> web.Response:
    message = {"role": "assistant", "content": content}
    return web.json_response({"object": "chat.completion", "choices": [{"index": 0, "message": message}]})


def says(content: Any) -> Answering:
    """The model says this."""

    async def answer(body: dict[str, Any]) -> web.StreamResponse:
        return completion(content)

    return answer


def answers(status: int = 200, body: str = "", headers: dict[str, str] | None = None) -> Answering:
    """The service answers this, whatever was asked."""

    async def answer(_: dict[str, Any]) -> web.StreamResponse:
        return web.Response(status=status, text=body, content_type="application/json", headers=headers)

    return answer


async def hangs(body: dict[str, Any]) -> web.StreamResponse:
    await asyncio.sleep(30)
    raise AssertionError("nobody waits that long")


@asynccontextmanager
async def model_service() -> AsyncIterator[ModelService]:
    service = ModelService()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", service.chat)
    app.router.add_post("/v1/embeddings", service.embeddings)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.url = f"http://{host}:{port}/v1"
    try:
        yield service
    finally:
        await runner.cleanup()
