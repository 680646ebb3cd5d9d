"""The test bots behind one HTTP application, and what they saw of their callers."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from tests.bots import dialog, nasty

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Bots:
    """State of one application: conversations by id, failures still owed, and counts."""

    def __init__(self, latency_s: float = 0.0) -> None:
        self.latency_s = latency_s
        self.reset()

    def reset(self) -> None:
        self.memories: dict[str, dialog.Memory] = defaultdict(dialog.Memory)
        self.calls: Counter[str] = Counter()  # by path
        self.failed: Counter[str] = Counter()  # by flaky path
        self.coins = 0
        self.in_flight = 0
        self.most_in_flight = 0
        # (session, input or event) of every turn taken, ("nlu", utterance) of everything classified
        self.said: list[tuple[str, str]] = []

    async def echo(self, request: web.Request) -> web.Response:
        """Answers with the request itself, and its body's `text` as a message."""
        raw = await request.text()
        try:
            body = await request.json()
        except ValueError:
            body = None
        said = body.get("text", "") if isinstance(body, dict) else raw
        seen = {
            "method": request.method,
            "path": request.raw_path,
            "query": dict(request.query),
            "headers": dict(request.headers),
            "raw": raw,
            "body": body,
        }
        return web.json_response({"messages": [{"text": said}], "request": seen})

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """The stateful dialog; by POST with a JSON body, or by GET with the same keys in the query.

        The input `fail <way>` draws a failure: a status, or a nasty bot's name (`fail 503`, `fail drop`).
        """
        body: dict[str, Any] = dict(request.query) if request.method == "GET" else await request.json()
        session = str(body.get("session", ""))
        memory = self.memories[session]
        if isinstance(body.get("context"), dict):
            memory.context.update(body["context"])
        text, event = body.get("text") or "", body.get("event") or ""
        self.said.append((session, event or text))
        if text.startswith("fail "):
            return await nasty.fail(request, text.removeprefix("fail "))
        if text == "coin":  # over all conversations, in turn
            self.coins += 1
            text = "heads" if self.coins % 2 else "tails"
        return web.json_response(dialog.answer(memory, text, event))

    async def cookie_chat(self, request: web.Request) -> web.Response:
        """The same dialog, its conversations told apart by a cookie alone."""
        body = await request.json()
        session = request.cookies.get("sid") or f"cookie-{len(self.memories)}"
        response = web.json_response(dialog.answer(self.memories[session], body["text"]))
        response.set_cookie("sid", session)
        return response

    async def nlu(self, request: web.Request) -> web.StreamResponse:
        """The keyword classifier; `fail <way>` as in `chat`."""
        text = (await request.json())["text"]
        self.said.append(("nlu", text))
        if text.startswith("fail "):
            return await nasty.fail(request, text.removeprefix("fail "))
        return web.json_response(dialog.classify(text))

    async def recite(self, request: web.Request) -> web.Response:
        """A classifier that says what it is told to: the utterance is its answer, as JSON; with the rest of
        the request as `heard`."""
        heard = await request.json()
        return web.json_response({**json.loads(heard["text"]), "heard": heard})

    async def flaky(self, request: web.Request) -> web.StreamResponse:
        """Fails `times` times in one of the nasty ways (`drop`, `503`, ...), then is the dialog."""
        way, times = request.match_info["way"], int(request.match_info["times"])
        if self.failed[request.path] >= times:
            return await self.chat(request)
        self.failed[request.path] += 1
        if way == "drop":
            return await nasty.drop(request)
        return web.json_response({"error": "as asked"}, status=int(way), headers={"Retry-After": "0"})

    async def stats(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "calls": self.calls,
                "most_in_flight": self.most_in_flight,
                "sessions": len(self.memories),
                "said": self.said,
            }
        )

    async def forget(self, request: web.Request) -> web.Response:
        self.reset()
        return web.Response()

    def application(self) -> web.Application:
        @web.middleware
        async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path in ("/stats", "/reset"):
                return await handler(request)
            self.calls[request.path] += 1
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            try:
                if self.latency_s:
                    await asyncio.sleep(self.latency_s)
                return await handler(request)
            finally:
                self.in_flight -= 1

        app = web.Application(middlewares=[count], client_max_size=64 * nasty.MEGABYTE)
        app.router.add_route("*", "/echo", self.echo)
        app.router.add_route("*", "/echo/{rest:.*}", self.echo)
        app.router.add_route("*", "/chat", self.chat)
        app.router.add_post("/cookie-chat", self.cookie_chat)
        app.router.add_post("/nlu", self.nlu)
        app.router.add_post("/recite", self.recite)
        app.router.add_post("/flaky/{way}/{times}", self.flaky)
        app.router.add_get("/stats", self.stats)
        app.router.add_post("/reset", self.forget)
        app.add_routes(nasty.routes)
        return app
