"""Classifiers trained anew on chosen utterances: an edition's own, or our reference for any other bot.

Both are the embedded NLU. An edition brings what it knows besides its utterances (entities, thresholds, small
talk, sub-intents); the reference knows the intents of the utterances alone.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from vivavoce.assistant.connector import training_utterances
from vivavoce.assistant.definition import Definition, Edition, Intent, NluSettings
from vivavoce.assistant.entities import EntityFinder
from vivavoce.assistant.recognizer import Recognizer, label_of, taught, train
from vivavoce.assistant.words import WORD
from vivavoce.domain.batch.names import fold, is_none
from vivavoce.domain.batch.utterance import BatchCase, Classification
from vivavoce.domain.bot import Version
from vivavoce.domain.training.lessons import lessons
from vivavoce.domain.training.values import OUT_OF_SCOPE, Training, label


class EditionLearner:
    """Trains an edition on other utterances than its own; see engine.ports.learning.Learner.

    An utterance with several accepted intents teaches the first; one of no intent is out of scope.
    """

    def __init__(self, edition: Edition, today: date) -> None:
        """`today`: what relative dates count from, unless the edition fixes it."""
        self._edition = edition
        self._today = date.fromisoformat(edition.today) if edition.today else today
        self._labels = {fold(label_of(edition, label).name): label for label in taught(edition)}

    def learn(self, cases: Sequence[BatchCase]) -> "LearnedEdition":
        """Raises KeyError for an intent that the edition does not have."""
        taught_now = lessons(cases)
        edition = replace(
            self._edition,
            traits={name: tuple(texts) for name, texts in taught_now.traits.items()},
            nlu=replace(self._edition.nlu, out_of_scope=tuple(taught_now.out_of_scope)),
        )
        utterances = {self._labels[key]: texts for key, texts in taught_now.utterances.items()}
        return LearnedEdition(train(edition, utterances), self._today)


class LearnedEdition:
    """An edition as it was trained."""

    def __init__(self, recognizer: Recognizer, today: date) -> None:
        self._recognizer = recognizer
        self._today = today

    def classify(self, cases: Sequence[BatchCase]) -> list[Classification]:
        texts = [case.utterance for case in cases]
        return self._recognizer.classify(texts, self._today, [case.parent_intents for case in cases])


def reference_edition(cases: Iterable[BatchCase]) -> Edition:
    """An edition that knows nothing but the intents of these utterances.

    Where none of them means nothing there is nothing to reject: the best intent wins, however sure it is.
    """
    names: dict[str, str] = {}
    rejects = False
    for case in cases:
        rejects = rejects or label(case) == OUT_OF_SCOPE
        names |= {fold(name): name for name in case.intents if not is_none(name)}
    return Edition(
        name="reference",
        version="inDevelopment",
        intents={key: Intent(key, name, ()) for key, name in names.items()},
        nlu=NluSettings() if rejects else NluSettings(threshold=0.0),
    )


def edition_training(definition: Definition, version: Version, source: str) -> Training:
    """All that an edition is trained on: intents, FAQs, traits, and what is out of scope."""
    edition = definition.edition(version)
    traits: dict[str, list[str]] = {}
    for name, texts in edition.traits.items():
        for text in texts:
            traits.setdefault(text, []).append(name)
    cases = [
        replace(case, traits=tuple(traits.pop(case.utterance, ())))
        for case in training_utterances(definition, version)
    ]
    cases += [
        BatchCase(text, (OUT_OF_SCOPE,), tuple(traits.pop(text, ()))) for text in edition.nlu.out_of_scope
    ]
    cases += [BatchCase(text, traits=tuple(own)) for text, own in traits.items()]
    return Training(
        source=source,
        cases=tuple(cases),
        faqs=frozenset(fold(faq.question) for faq in edition.faqs.values()),
        values=frozenset(_only_values(edition, cases)),
    )


def _only_values(edition: Edition, cases: Sequence[BatchCase]) -> Iterable[int]:
    """Indices of utterances all words of which belong to values of entities."""
    finder = EntityFinder(edition.entities.values())
    day = (
        date.fromisoformat(edition.today) if edition.today else date(2000, 1, 1)
    )  # which one does not matter
    for index, case in enumerate(cases):
        spans = [(mention.start, mention.end) for mention in finder.find(case.utterance, day)]
        words = list(WORD.finditer(case.utterance)) if spans else []
        if words and all(any(s <= w.start() and w.end() <= e for s, e in spans) for w in words):
            yield index
