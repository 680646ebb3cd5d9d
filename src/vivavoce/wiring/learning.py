"""What a bot was trained on, and what can learn it anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vivavoce.domain.bot import Bot, Version
from vivavoce.domain.errors import Malformed, Problem
from vivavoce.domain.training.values import Training
from vivavoce.engine.ports.learning import Learner, Similarity
from vivavoce.formats.training import is_training, read_training
from vivavoce.wiring.bots import read_bot
from vivavoce.wiring.connecting import BotConnectors, text_of
from vivavoce.wiring.machine import new_id


@dataclass(frozen=True)
class Taught:
    """A training set with the classifier that learns it."""

    training: Training
    bot: Bot  # of a training file alone: a name for reports
    learner: Callable[[], Learner]  # NumPy and all that is loaded only for it
    own: bool  # the learner is the bot's own NLU, else our reference
    thresholds: dict[str, str]  # NLU settings of the embedded assistant


def read_taught(file: Path, version: Version) -> Taught:
    """The training set of a bot file or of a file of training utterances. Raises Malformed.

    The embedded assistant learns from its definition; another bot's bot file names a training file.
    """
    text = text_of(file)
    if is_training(text, str(file)):
        return _of_file(file, text, Bot(id=new_id("st"), name=file.name, connector={}))
    bot = read_bot(file)
    settings = bot.connector_for(version)
    if settings.get("type") == "assistant":
        from vivavoce.assistant.connector import load_definition
        from vivavoce.assistant.learning import EditionLearner, edition_training

        definition = load_definition(settings)
        edition = definition.edition(version)
        return Taught(
            edition_training(definition, version, str(file)),
            bot,
            lambda: EditionLearner(edition, datetime.now(UTC).date()),
            own=True,
            thresholds=BotConnectors.for_commands().thresholds(bot, version),
        )
    if not bot.training:
        hint = "add `training: FILE`, or name the file of training utterances itself"
        raise Malformed(Problem("names no training data", hint=hint), str(file))
    return _of_file(Path(bot.training), text_of(Path(bot.training)), bot)


def similarity() -> Similarity:
    """What tells how alike texts are. scikit-learn is loaded when it is first asked."""
    from vivavoce.assistant.similarity import TextSimilarity

    return TextSimilarity()


def _of_file(file: Path, text: str, bot: Bot) -> Taught:
    cases = tuple(read_training(text, str(file)))
    if not cases:
        raise Malformed(Problem("there is no utterance in it"), str(file))

    def reference() -> Learner:
        from vivavoce.assistant.learning import EditionLearner, reference_edition

        return EditionLearner(reference_edition(cases), datetime.now(UTC).date())

    return Taught(Training(source=str(file), cases=cases), bot, reference, own=False, thresholds={})
