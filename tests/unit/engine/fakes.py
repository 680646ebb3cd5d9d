"""A clock that only moves when somebody sleeps, and a bot whose every turn is told beforehand."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from vivavoce.domain.output import Fact, Output, Reply
from vivavoce.domain.suite import Assertions, ExpectedOutput, Step, TestCase, TextAssertion, TextEntry
from vivavoce.domain.verdict import Exchange
from vivavoce.engine.ports.bots import Message, Opening


class FakeClock:
    """Virtual time: a sleep returns at once and moves it."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.elapsed += seconds
        await asyncio.sleep(0)


Answer = str | Exception | Reply | Callable[[Message], Reply]


class ToldConnector:
    """Answers the turns of all its sessions in the order of the given answers."""

    facts: frozenset[Fact] = frozenset()
    fresh_sessions: bool = True

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = list(answers)
        self.openings: list[Opening] = []
        self.sent: list[tuple[str, Message]] = []
        self.closed = 0

    async def open(self, opening: Opening) -> "ToldSession":
        self.openings.append(opening)
        return ToldSession(self, opening.conversation_id)

    async def aclose(self) -> None:
        self.closed += 1


class ToldSession:
    def __init__(self, connector: ToldConnector, conversation_id: str) -> None:
        self._connector = connector
        self._id = conversation_id

    async def send(self, message: Message) -> Reply:
        self._connector.sent.append((self._id, message))
        answer = self._connector.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(message)
        return answer if isinstance(answer, Reply) else said(answer)

    def evidence(self) -> Exchange | None:
        return None

    async def close(self) -> None:
        self._connector.closed += 1


def said(*texts: str) -> Reply:
    return Reply(tuple(Output(text) for text in texts))


def expects(text: str) -> ExpectedOutput:
    return ExpectedOutput(text, Assertions(text=TextAssertion(contains=(TextEntry(text),))))


def case(*turns: tuple[str, str], name: str = "case") -> TestCase:
    """A case of (input, expected text) turns."""
    return TestCase(name, tuple(Step(said, (expects(reply),)) for said, reply in turns))
