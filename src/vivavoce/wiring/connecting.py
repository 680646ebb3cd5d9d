"""Our side of bots: every type of connector there is."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace as with_fields

from vivavoce.connectors.addresses import Allow
from vivavoce.connectors.base import (
    TYPES,
    ConnectorType,
    Outside,
    check_settings,
    make_classifier,
    make_connector,
)
from vivavoce.connectors.thresholds import told_thresholds
from vivavoce.domain.batch.utterance import BatchCase
from vivavoce.domain.batch.vocabulary import Vocabulary, training_vocabulary
from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.engine.ports.bots import Classifier, Connector
from vivavoce.formats.encodings import decoded
from vivavoce.formats.training import read_training
from vivavoce.wiring.machine import new_id


class BotConnectors:
    """Builds our side of a bot by its connector's type; see engine.ports.bots.Connectors."""

    def __init__(self, *, environment: Mapping[str, str], allow: Allow | None) -> None:
        self._environment = environment
        self._allow = allow

    @classmethod
    def for_commands(cls) -> "BotConnectors":
        """For commands: whoever types them may call any address."""
        return cls(environment=os.environ, allow=None)

    def connector(self, bot: Bot, version: Version) -> Connector:
        settings = bot.connector_for(version)
        with placed_in(bot):
            return make_connector(settings, self._outside(bot), types=connector_types(version))

    def classifier(self, bot: Bot, version: Version) -> Classifier:
        settings = bot.connector_for(version)
        with placed_in(bot):
            return make_classifier(settings, self._outside(bot), types=connector_types(version))

    def thresholds(self, bot: Bot, version: Version) -> dict[str, str]:
        settings = bot.connector_for(version)
        if settings.get("type") == "assistant":
            from vivavoce.assistant.connector import assistant_thresholds

            return assistant_thresholds(settings, version)
        return told_thresholds(settings)

    def training(self, bot: Bot, version: Version) -> Iterator[BatchCase] | None:
        if bot.training:
            return iter(read_training(text_of(Path(bot.training)), bot.training))
        settings = bot.connector_for(version)
        if settings.get("type") == "assistant":
            from vivavoce.assistant.connector import load_definition, training_utterances

            return training_utterances(load_definition(settings), version)
        return None

    def vocabulary(self, bot: Bot, version: Version) -> Vocabulary | None:
        """The names that the bot knows, by its definition or else its training file; None: we have neither.

        Blocking. Raises Malformed.
        """
        settings = bot.connector_for(version)
        if settings.get("type") == "assistant":
            from vivavoce.assistant.connector import load_definition
            from vivavoce.assistant.vocabulary import vocabulary_of

            return vocabulary_of(load_definition(settings).edition(version))
        training = self.training(bot, version)
        return None if training is None else training_vocabulary(training)

    def _outside(self, bot: Bot) -> Outside:
        return Outside(self._environment, new_id, bot.limits.max_conversations, self._allow)


def connector_types(version: Version) -> dict[str, ConnectorType]:
    """Every type of connector; the assistant's is another room's, and has its versions in its definition.

    That room is entered only for bots of its type: NumPy, which it needs, loads slowly.
    """

    def connector(settings: Mapping[str, Any], outside: Outside) -> Connector:
        from vivavoce.assistant.connector import assistant_connector

        return assistant_connector(settings, version)

    def classifier(settings: Mapping[str, Any], outside: Outside) -> Classifier:
        from vivavoce.assistant.connector import assistant_classifier

        return assistant_classifier(settings, version)

    return {**TYPES, "assistant": ConnectorType(_check_assistant, connector, classifier)}


def _check_assistant(settings: Mapping[str, Any]) -> list[Problem]:
    from vivavoce.assistant.connector import load_definition

    try:
        load_definition({key: value for key, value in settings.items() if key != "type"})
    except Malformed as malformed:
        return _sourced(malformed)
    return []


def check_version(bot: Bot, version: Version) -> list[Problem]:
    """What is wrong with a version's connector, with places as seen from the bot file."""
    problems = check_settings(bot.connector_for(version), types=connector_types(version))
    return [with_fields(problem, place=_in_bot_file(problem.place)) for problem in problems]


@contextmanager
def placed_in(bot: Bot) -> Iterator[None]:
    """Whoever reads of a problem did not write the bot file just now: say that it is in there."""
    try:
        yield
    except Malformed as malformed:
        where = f"the bot {bot.name!r}, "
        raise Malformed(
            [
                with_fields(problem, place=where + _in_bot_file(problem.place))
                for problem in _sourced(malformed)
            ]
        ) from malformed


def _in_bot_file(place: str) -> str:
    """A place in the connector's settings as seen from the bot file; one in another file stays."""
    if place and not place.startswith("$"):
        return place
    return f"$.connector{place.removeprefix('$').removeprefix('.connector')}"


def _sourced(malformed: Malformed) -> list[Problem]:
    """The problems, with the file they are in where that is another one than the bot's."""
    if not malformed.source:
        return malformed.problems
    return [
        with_fields(problem, place=": ".join(filter(None, (malformed.source, problem.place))))
        for problem in malformed.problems
    ]


def text_of(path: Path) -> str:
    """A text file, in UTF-8 or UTF-16. Raises Malformed."""
    try:
        return decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise Malformed(Problem(f"cannot be read: {error.strerror}"), str(path)) from error
