"""The embedded assistant as a bot: its connector, its classifier, and its training utterances."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from vivavoce.assistant.bank import definition_path as bank_definition
from vivavoce.assistant.conversation import Conversation
from vivavoce.assistant.definition import Definition, Edition
from vivavoce.assistant.reader import read_definition
from vivavoce.assistant.recognizer import Recognizer, Recognizers
from vivavoce.assistant.recognizer import shared as shared_recognizers
from vivavoce.assistant.trained import trained_definition
from vivavoce.assistant.tree import closest
from vivavoce.domain.batch.utterance import BatchCase, Classification
from vivavoce.domain.bot import Version
from vivavoce.domain.errors import ConnectorError, Malformed, Problem
from vivavoce.domain.output import Fact, Reply
from vivavoce.domain.secrecy import NO_SECRETS, Secrets
from vivavoce.domain.verdict import Exchange
from vivavoce.engine.evidence import without_wire
from vivavoce.engine.ports.bots import Message, Opening, Utterance
from vivavoce.formats.encodings import decoded
from vivavoce.formats.training import read_training

CHUNK = 500  # utterances at a time: long enough to be quick, short enough to cancel soon
BANK = "bank"  # the definition that comes with the package
_SETTINGS = ("type", "definition", "training")

Today = Callable[[], date]


def _utc_today() -> date:
    return datetime.now(UTC).date()


class AssistantSession:
    """A conversation with the embedded assistant."""

    def __init__(self, conversation: Conversation, secrets: Secrets = NO_SECRETS) -> None:
        """`secrets`: what may not be seen in evidence."""
        self._conversation = conversation
        self._secrets = secrets
        self._last: tuple[Message, Reply | None] | None = None

    async def send(self, message: Message) -> Reply:
        self._last = message, None
        reply = self._conversation.turn(message)
        self._last = message, reply
        return reply

    def evidence(self) -> Exchange | None:
        return None if self._last is None else without_wire(*self._last, self._secrets)

    async def close(self) -> None:
        return None


class AssistantConnector:
    """Holds conversations with one edition of the assistant, in this process.

    The first conversation waits until the edition is trained (in a thread); `today` is asked once a
    conversation, unless the definition fixes the day.
    """

    facts: frozenset[Fact] = frozenset({"intent", "node", "transitions", "prompt", "context", "entities"})
    fresh_sessions = True

    def __init__(
        self, edition: Edition, *, today: Today = _utc_today, recognizers: Recognizers = shared_recognizers
    ) -> None:
        self._trained = _Trained(edition, recognizers)
        self._today = day_of(edition, today)

    async def open(self, opening: Opening) -> AssistantSession:
        conversation = Conversation(await self._trained.get(), opening, self._today())
        return AssistantSession(conversation, opening.secrets)

    async def aclose(self) -> None:
        return None


class AssistantClassifier:
    """Classifies utterances with one edition of the assistant, in a thread: the event loop stays free."""

    chunk = CHUNK

    def __init__(
        self, edition: Edition, *, today: Today = _utc_today, recognizers: Recognizers = shared_recognizers
    ) -> None:
        self._trained = _Trained(edition, recognizers)
        self._today = day_of(edition, today)

    async def classify(self, utterances: Sequence[Utterance]) -> list[Classification | ConnectorError]:
        recognizer, today = await self._trained.get(), self._today()
        texts = [utterance.text for utterance in utterances]
        parents = [utterance.parent_intents for utterance in utterances]
        return list(await asyncio.to_thread(recognizer.classify, texts, today, parents))

    async def aclose(self) -> None:
        return None


class _Trained:
    """An edition's recognizer, trained when it is first needed."""

    def __init__(self, edition: Edition, recognizers: Recognizers) -> None:
        self._edition = edition
        self._recognizers = recognizers
        self._recognizer: Recognizer | None = None

    async def get(self) -> Recognizer:
        if self._recognizer is None:
            self._recognizer = await asyncio.to_thread(self._recognizers.of, self._edition)
        return self._recognizer


def day_of(edition: Edition, today: Today = _utc_today) -> Today:
    """On which day the assistant lives: its definition's own, where that fixes one."""
    if edition.today:
        fixed = date.fromisoformat(edition.today)
        return lambda: fixed
    return today


def load_definition(settings: Mapping[str, Any]) -> Definition:
    """The definition that connector settings name: `bank`, or the path of a YAML file; or what a file of
    training utterances makes of an assistant. Raises Malformed."""
    for key in settings:
        if key not in _SETTINGS:
            raise Malformed(
                Problem(f"unknown setting {key!r}", f"$.connector.{key}", closest(key, _SETTINGS))
            )
    if "training" in settings:
        return _trained_definition(settings)
    named = settings.get("definition", BANK)
    place = "$.connector.definition"
    if not isinstance(named, str) or not named:
        raise Malformed(Problem("the definition must be 'bank' or the path of a YAML file", place))
    path = bank_definition() if named == BANK else Path(named)
    return _read(_text_of(path, named, place), path.name)


def _trained_definition(settings: Mapping[str, Any]) -> Definition:
    place, named = "$.connector.training", settings["training"]
    if "definition" in settings:
        hint = "leave one of them out: a definition brings its own utterances"
        raise Malformed(Problem("`definition` and `training` exclude each other", place, hint))
    if not isinstance(named, str) or not named:
        raise Malformed(Problem("the training must be the path of a file of utterances by intent", place))
    path = Path(named)
    return _learn(_text_of(path, named, place), path.name, path.stem)


# Both are kept by their text: the start of a run asks four times, and reading a large one takes 0.3 s.
@lru_cache(maxsize=2)
def _read(text: str, source: str) -> Definition:
    return read_definition(text, source)


@lru_cache(maxsize=2)
def _learn(text: str, source: str, name: str) -> Definition:
    cases = read_training(text, source)
    if not cases:
        raise Malformed(Problem("there is no utterance in it"), source)
    return trained_definition(cases, name)


def _text_of(path: Path, named: str, place: str) -> str:
    try:
        return decoded(path.read_bytes(), str(path))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Malformed(Problem(f"{named!r} cannot be read: {reason}", place)) from error


def assistant_connector(settings: Mapping[str, Any], version: Version) -> AssistantConnector:
    """The connector of settings `{type: assistant, definition: bank | PATH}`, or with `training: PATH`.

    Raises Malformed.
    """
    return AssistantConnector(load_definition(settings).edition(version))


def assistant_classifier(settings: Mapping[str, Any], version: Version) -> AssistantClassifier:
    """The classifier of the same settings. Raises Malformed."""
    return AssistantClassifier(load_definition(settings).edition(version))


def assistant_thresholds(settings: Mapping[str, Any], version: Version) -> dict[str, str]:
    """What the same settings come to in the CSV report's words. Raises Malformed."""
    return {
        "minThreshold": f"{load_definition(settings).edition(version).nlu.threshold:g}",
        "isActive": "true",
    }


def training_utterances(definition: Definition, version: Version = "inDevelopment") -> Iterator[BatchCase]:
    """What an edition was trained on, as batch cases: utterances of intents, questions of FAQs."""
    edition = definition.edition(version)
    for intent in edition.intents.values():
        parents: list[str] = []
        above = intent.parent
        while above:
            parents.insert(0, edition.intents[above].name)
            above = edition.intents[above].parent
        for text in intent.utterances:
            yield BatchCase(text, intents=(intent.name,), parent_intents=tuple(parents))
    for faq in edition.faqs.values():
        for text in (faq.question, *faq.alternatives):
            yield BatchCase(text, intents=(faq.question,))
