"""A whole server in the test's process: real SQLite, real blobs, real dispatcher, a bot that echoes."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.types import ASGIApp

from tests.integration.server.client import Answer, request
from vivavoce.dispatch.local import LocalDispatcher
from vivavoce.domain.batch.utterance import BatchCase, Candidate, Classification
from vivavoce.domain.bot import Bot, Limits, Version
from vivavoce.domain.catalog import SCOPES, App, Scope
from vivavoce.domain.errors import ConnectorError
from vivavoce.domain.output import Fact, Output, Reply
from vivavoce.domain.verdict import Exchange
from vivavoce.engine.core import Engine, Sizes
from vivavoce.engine.ports.bots import Message, Opening, Utterance
from vivavoce.server.app import create_app
from vivavoce.server.services import ServerSettings, Services
from vivavoce.storage import open_blobs, open_store

STREAM = "st-11111111-1111-4111-8111-111111111111"
OTHER = "st-22222222-2222-4222-8222-222222222222"
UNLIMITED = Limits(requests_per_second=0)
SECRET = "a secret that is long enough for HS256 and HS512"


class Time:
    """The machine's own time; what has passed for the rolling limits can be moved."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return monotonic() + self.passed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class EchoBot:
    """Repeats what it hears; says that a greeting is a greeting; fails on `break`."""

    facts: frozenset[Fact] = frozenset()
    fresh_sessions: bool = True
    chunk = 10

    def __init__(self, bots: "Bots") -> None:
        self._bots = bots

    async def open(self, opening: Opening) -> "EchoBot":
        return self

    async def send(self, message: Message) -> Reply:
        if self._bots.gate is not None:
            await self._bots.gate.wait()
        return Reply((Output(self._bots.answer(message.text or message.trigger)),))

    def evidence(self) -> Exchange | None:
        return None

    async def close(self) -> None: ...

    async def classify(self, utterances: Sequence[Utterance]) -> list[Classification | ConnectorError]:
        if self._bots.gate is not None:
            await self._bots.gate.wait()
        return [self._one(utterance) for utterance in utterances]

    @staticmethod
    def _one(utterance: Utterance) -> Classification | ConnectorError:
        if utterance.text == "break":
            return ConnectorError("it broke")
        winning = (Candidate("Greet", 0.9, "dialog"),) if "hello" in utterance.text.lower() else ()
        return Classification(winning=winning, candidates=winning)

    async def aclose(self) -> None: ...


@dataclass
class Bots:
    """The bot's side; with a gate (an asyncio.Event) it answers nothing before that is set."""

    gate: Any = None
    answer: Callable[[str], str] = lambda text: text
    utterances: list[BatchCase] | None = None

    def connector(self, bot: Bot, version: Version) -> EchoBot:
        return EchoBot(self)

    def classifier(self, bot: Bot, version: Version) -> EchoBot:
        return EchoBot(self)

    def thresholds(self, bot: Bot, version: Version) -> dict[str, str]:
        return {"minThreshold": "0.3", "mode": "standard"}

    def training(self, bot: Bot, version: Version) -> Iterator[BatchCase] | None:
        return None if self.utterances is None else iter(self.utterances)


def new_id(prefix: str) -> str:
    return f"{prefix}-{uuid4()}" if prefix else uuid4().hex[:24]


@dataclass
class Server:
    app: ASGIApp
    engine: Engine
    dispatcher: LocalDispatcher
    time: Time
    bots: Bots
    client: App
    apps: dict[str, App] = field(default_factory=dict)

    def token(self, app: App | None = None, algorithm: str = "", **claims: Any) -> str:
        """A sound token of an app; claims given as None are left out."""
        app = app or self.client
        now = int(self.time.now().timestamp())
        payload = {"appId": app.client_id, "sub": "ada@example.org", "iat": now, "exp": now + 300, **claims}
        payload = {name: value for name, value in payload.items() if value is not None}
        algorithm = algorithm or app.algorithm
        return jwt.encode({"alg": algorithm}, payload, OctKey.import_key(app.secret), algorithms=[algorithm])

    def add_app(
        self,
        *,
        streams: Sequence[str] = (STREAM,),
        scopes: Sequence[Scope] = SCOPES,
        **more: Any,
    ) -> App:
        app = App(
            client_id=new_id("cs"),
            name=f"app {uuid4()}",
            secret=SECRET,
            scopes=tuple(scopes),
            streams=tuple(streams),
            created_on=self.time.now(),
            **more,
        )
        self.engine.store.apps.add(app)
        return app

    async def call(
        self,
        method: str,
        target: str,
        body: Any = None,
        *,
        app: App | None = None,
        headers: dict[str, str] | None = None,
        token: str | None = None,
        host: str = "viva.test",
    ) -> Answer:
        """A call with a sound token. `body`: bytes, pieces, or what is sent as JSON."""
        sent = {"auth": self.token(app) if token is None else token, **(headers or {})}
        if body is None:
            body = b""
        elif not isinstance(body, bytes) and not hasattr(body, "__anext__"):
            body = json.dumps(body).encode()
        return await request(self.app, method, target, headers=sent, body=body, host=host)

    async def upload(self, content: bytes, name: str = "suite.json", *, app: App | None = None) -> str:
        answer = await self.call(
            "POST", "/api/public/uploadfile", multipart(content, name), app=app, headers=FORM_TYPE
        )
        assert answer.status == 200, answer
        return str(answer.json()["fileId"])


BOUNDARY = "------------------------d74496d66958873e"
FORM_TYPE = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


def multipart(content: bytes, name: str = "suite.json", *, field: str = "file") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    parts = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="fileContext"\r\n\r\nbulkImport\r\n'
    end = f"\r\n--{BOUNDARY}--\r\n"
    return parts.encode() + head.encode() + b"Content-Type: x/y\r\n\r\n" + content + end.encode()


@asynccontextmanager
async def running_server(
    folder: Path, *, sizes: Sizes | None = None, **settings: Any
) -> AsyncIterator[Server]:
    """A server on a data folder, with two bots and an app that may do everything with the first."""
    store = open_store(f"sqlite:///{folder / 'viva.db'}", secret_key=b"k" * 32)
    threads = ThreadPoolExecutor(4)
    time, bots = Time(), Bots()
    engine = Engine(
        store=store,
        blobs=open_blobs(folder / "blobs"),
        connectors=bots,
        clock=time,
        new_id=new_id,
        threads=threads,
        sizes=sizes or Sizes(),
    )
    for bot_id, name in ((STREAM, "Echo"), (OTHER, "Other")):
        store.bots.save(
            Bot(id=bot_id, name=name, connector={"type": "echo"}, limits=UNLIMITED, account_id="a" * 24)
        )
    dispatcher = LocalDispatcher(engine)
    settings = {"rate_per_minute": 0, "rate_per_hour": 0, **settings}
    app = create_app(Services(engine, dispatcher, ServerSettings(secret_key=b"m" * 32, **settings)))
    await dispatcher.start()
    server = Server(
        app,
        engine,
        dispatcher,
        time,
        bots,
        client=App(client_id="", name="", secret="", created_on=time.now()),
    )
    server.client = server.add_app()
    try:
        yield server
    finally:
        await dispatcher.aclose()
        threads.shutdown()
        store.close()
