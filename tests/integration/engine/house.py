"""An engine on a real SQLite database and real blobs, with bots that live in the test."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vivavoce.dispatch.local import LocalDispatcher
from vivavoce.domain.batch.utterance import BatchCase, Candidate, Classification
from vivavoce.domain.bot import Bot, Limits, Version
from vivavoce.domain.catalog import StoredFile, Suite, SuiteKind
from vivavoce.domain.errors import ConnectorError, Malformed
from vivavoce.domain.output import Fact, Output, Reply
from vivavoce.domain.run import Run
from vivavoce.domain.suite import SuiteHead, TestCase
from vivavoce.domain.verdict import Exchange
from vivavoce.engine.core import Engine
from vivavoce.engine.importing import batch_units, conversation_units
from vivavoce.engine.keeping import keep_suite
from vivavoce.engine.ports.bots import Connector, Message, Opening, Utterance
from vivavoce.engine.uploads import upload
from vivavoce.storage.blobs import open_blobs
from vivavoce.storage.database import default_url
from vivavoce.storage.store import open_store
from vivavoce.wiring import SystemClock, new_id


@dataclass
class TestBot:
    """Answers each input with `echo <input>`, or as `answer` says; counts what is in flight."""

    __test__ = False

    answer: Callable[[str], Reply | ConnectorError] = lambda text: Reply((Output(f"echo {text}"),))
    latency_s: float = 0.0
    facts: frozenset[Fact] = frozenset()
    fresh_sessions: bool = True
    sent: list[str] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    chunk: int = 1

    async def ask(self, text: str) -> Reply | ConnectorError:
        self.sent.append(text)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.latency_s)
        finally:
            self.in_flight -= 1
        return self.answer(text)

    # engine.ports.bots.Connector

    async def open(self, opening: Opening) -> "TestBot":
        return self

    async def send(self, message: Message) -> Reply:
        answer = await self.ask(message.text)
        if isinstance(answer, ConnectorError):
            raise answer
        return answer

    def evidence(self) -> Exchange | None:
        return None

    async def close(self) -> None: ...

    # engine.ports.bots.Classifier: the text that is said is the intent that is matched

    async def classify(self, utterances: Sequence[Utterance]) -> list[Classification | ConnectorError]:
        return [self._classified(await self.ask(utterance.text)) for utterance in utterances]

    def _classified(self, answer: Reply | ConnectorError) -> Classification | ConnectorError:
        if isinstance(answer, ConnectorError):
            return answer
        return Classification(tuple(Candidate(output.text) for output in answer.outputs))

    async def aclose(self) -> None: ...


@dataclass
class House:
    """What a test works with."""

    engine: Engine
    bot: Bot
    test_bot: TestBot
    bots: "Bots"

    def dispatcher(self) -> LocalDispatcher:
        return LocalDispatcher(self.engine)

    def limited(self, **limits: Any) -> Bot:
        self.bot = Bot(id=self.bot.id, name="bot", connector={}, limits=Limits(**limits))
        return self.bot

    def suite(self, cases: Sequence[TestCase], name: str = "suite") -> Suite:
        units = conversation_units(cases)
        return keep_suite(self.engine, self.bot, SuiteKind.CONVERSATION, SuiteHead(), name, units, user="u-1")

    def batch(self, cases: Sequence[BatchCase], name: str = "batch") -> Suite:
        units = batch_units(cases)
        return keep_suite(self.engine, self.bot, SuiteKind.BATCH, SuiteHead(), name, units, user="u-1")

    async def file(self, content: str | bytes, name: str = "file.json") -> StoredFile:
        data = content.encode() if isinstance(content, str) else content

        async def chunks() -> AsyncIterator[bytes]:
            yield data

        return await upload(self.engine, name=name, chunks=chunks(), client_id="cs-1", limit=2**30)

    def run(self, run_id: str) -> Run:
        """The run as it is kept now."""
        found = self.engine.store.runs.get(run_id)
        assert found is not None
        return found

    async def ended(self, run_id: str, within_s: float = 20.0) -> Run:
        async with asyncio.timeout(within_s):
            while True:
                run = self.run(run_id)
                if run.status.ended:
                    return run
                await asyncio.sleep(0.02)


class Bots:
    """Hands the test's bot out for every version."""

    def __init__(self, test_bot: TestBot) -> None:
        self._test_bot = test_bot
        self.broken = False

    def connector(self, bot: Bot, version: Version) -> Connector:
        if self.broken or bot.connector.get("type") == "broken":
            raise Malformed("VIVA_BOT_TOKEN is not set")
        return self._test_bot

    def classifier(self, bot: Bot, version: Version) -> TestBot:
        return self._test_bot

    def thresholds(self, bot: Bot, version: Version) -> dict[str, str]:
        return {"minThreshold": "0.3"}

    def training(self, bot: Bot, version: Version) -> Iterator[BatchCase] | None:
        return None


@contextmanager
def open_house(folder: Path, test_bot: TestBot) -> Iterator[House]:
    """Opened twice on one folder, it is the same house after a restart."""
    store = open_store(default_url(folder), secret_key=b"k" * 32)
    bots = Bots(test_bot)
    with ThreadPoolExecutor(4) as threads:
        engine = Engine(
            store=store,
            blobs=open_blobs(folder / "blobs"),
            connectors=bots,
            clock=SystemClock(),
            new_id=new_id,
            threads=threads,
        )
        bot = store.bots.by_name("bot") or Bot(id=new_id("st"), name="bot", connector={})
        store.bots.save(bot)
        yield House(engine, bot, test_bot, bots)
    store.close()
