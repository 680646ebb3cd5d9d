"""Our side of a bot: conversations and classification."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import msgspec

from vivavoce.domain.batch.utterance import BatchCase, Classification
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.errors import ConnectorError
from vivavoce.domain.output import Fact, Reply
from vivavoce.domain.secrecy import NO_SECRETS, Secrets
from vivavoce.domain.verdict import Exchange


class Opening(msgspec.Struct, frozen=True):
    """What a fresh conversation starts with."""

    conversation_id: str  # unique for every conversation ever played
    language: str
    context: dict[str, Any] | None = None  # what the session's variables are at its opening
    secrets: Secrets = NO_SECRETS  # what may not be seen in evidence, besides the bot's own


class Message(msgspec.Struct, frozen=True):
    """One user input or trigger. With a trigger, `text` is empty when it equals the trigger's name (8.3)."""

    text: str
    trigger: str = ""


EVIDENCE_LIMIT = 4_000  # characters


class Session(Protocol):
    """A conversation with the bot; sessions of one connector run side by side and share nothing."""

    async def send(self, message: Message) -> Reply:
        """Give the bot one turn. Raises ConnectorError; the caller bounds the time."""

    def evidence(self) -> Exchange | None:
        """The last turn as it went over the wire, also after an error: secrets masked, each part at most
        EVIDENCE_LIMIT characters. None: nothing was sent, or this bot has no wire."""

    async def close(self) -> None: ...


class Connector(Protocol):
    """Our side of a bot's protocol, for one version of one bot."""

    facts: frozenset[Fact]  # what its replies can tell; other facts are not evaluated
    fresh_sessions: bool  # else a suite's `discardMessage` is sent first (testing-api.md 8.1)

    async def open(self, opening: Opening) -> Session:
        """Start a fresh conversation. Raises ConnectorError."""

    async def aclose(self) -> None: ...


class Utterance(msgspec.Struct, frozen=True):
    """One utterance to classify, outside any conversation."""

    text: str
    language: str
    parent_intents: tuple[str, ...] = ()


class Classifier(Protocol):
    """A bot's way to classify utterances; `chunk` says how many it likes at a time (1: one call each)."""

    chunk: int

    async def classify(self, utterances: Sequence[Utterance]) -> list[Classification | ConnectorError]:
        """One answer for each utterance, in order; errors are returned in place, never raised."""

    async def aclose(self) -> None: ...


class Connectors(Protocol):
    """Builds our side of a bot; implemented by `wiring`."""

    def connector(self, bot: Bot, version: Version) -> Connector:
        """Raises Malformed when the bot's settings make no connector."""

    def classifier(self, bot: Bot, version: Version) -> Classifier:
        """Raises Malformed when the bot cannot classify at all."""

    def thresholds(self, bot: Bot, version: Version) -> dict[str, str]:
        """The bot's NLU settings by their name in the CSV report (testing-api.md 4.5), as far as they are
        known. Blocking."""

    def training(self, bot: Bot, version: Version) -> Iterator[BatchCase] | None:
        """The bot's training utterances, each with its intent; None: we have none. Blocking."""
