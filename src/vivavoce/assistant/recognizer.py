"""What an edition of the assistant recognises: intents, sub-intents, FAQs, small talk, traits, entities."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from math import floor
from typing import Any, Literal

import msgspec
import numpy as np

from vivavoce.assistant.definition import Edition
from vivavoce.assistant.entities import Mention
from vivavoce.assistant.nlu import NO_LABEL, Nlu, Understanding
from vivavoce.assistant.patterns import Patterns
from vivavoce.assistant.words import phrase
from vivavoce.domain.batch.utterance import Candidate, Classification, FoundEntity, IntentType

LONGEST = 5_000  # characters of an utterance that are listened to
CANDIDATES = 3  # reported for an utterance
SHUT = 2.0  # takes any score below zero
NO_INTENT = "None"  # what "no intent" is called among candidates
CACHED = 8  # trained editions kept in a process
PENALTIES = 1_000  # of different parents, kept


class Winner(msgspec.Struct, frozen=True):
    """What an utterance means: an intent, an FAQ or a piece of small talk, by its id."""

    kind: Literal["dialog", "faq", "smalltalk"]
    id: str
    score: float


class Recognition(msgspec.Struct, frozen=True):
    """What one utterance of a conversation was recognised as."""

    winner: Winner | None
    traits: tuple[str, ...]
    mentions: tuple[Mention, ...]


class Label(msgspec.Struct, frozen=True):
    """A label of the classifier, spelled out."""

    kind: IntentType  # "no intent" is of no type
    id: str
    name: str
    parent: str = ""  # id of the parent intent


Ranking = list[tuple[Label, float]]
"""Labels with their scores, best first."""


class Recognizer:
    """Recognises for one edition; may be used from several threads at once."""

    def __init__(self, edition: Edition, nlu: Nlu) -> None:
        self.edition = edition
        self._nlu = nlu
        self._labels = [label_of(edition, label) for label in nlu.labels]
        self._patterns = Patterns(
            (pattern, talk.id) for talk in edition.smalltalk.values() for pattern in talk.patterns
        )
        self._questions = {
            phrase(text): faq.id
            for faq in edition.faqs.values()
            for text in (faq.question, *faq.alternatives)
        }
        names = {intent.name.strip().casefold(): intent.id for intent in edition.intents.values()}
        self._ids = {**names, **{identifier.casefold(): identifier for identifier in edition.intents}}
        self._closed: dict[str, Any] = {}  # penalties by the parents that a conversation is about

    def recognize(self, text: str, today: date, parents: Sequence[str] = ()) -> Recognition:
        """One utterance; `parents` are ids of intents whose sub-intents can be meant."""
        understood = self._nlu.understand(text, today)
        winner = self.small_talk(text) or self._best(understood, parents)
        return Recognition(winner, understood.traits, understood.mentions)

    def exact(self, text: str) -> Winner | None:
        """A piece of small talk or an FAQ that the definition itself spells this way."""
        if talk := self.small_talk(text):
            return talk
        faq = self._questions.get(phrase(text))
        return Winner("faq", faq, 1.0) if faq else None

    def small_talk(self, text: str) -> Winner | None:
        talk = self._patterns.match(text)
        return Winner("smalltalk", talk, 1.0) if talk else None

    def answer(self, entity: str, text: str, today: date) -> Any | None:
        """The value with which a text answers a question for an entity, or None."""
        return self._nlu.answer(entity, text, today)

    def classify(
        self, texts: Sequence[str], today: date, parents: Sequence[Sequence[str]] | None = None
    ) -> list[Classification]:
        """Many utterances, each with the names of its parent intents, outermost first."""
        if not texts:
            return []
        texts = [text[:LONGEST] for text in texts]
        understood = self._nlu.understand_many(texts, today)
        scores = understood.scores
        if parents is None:
            scores -= self._penalties(())
        else:
            for at, own in enumerate(parents):
                scores[at] -= self._penalties(self._ids_of(own))
        return [
            self._classification(*one)
            for one in zip(
                texts, self._ranked_all(scores), understood.traits, understood.mentions, strict=True
            )
        ]

    def _ids_of(self, names: Sequence[str]) -> tuple[str, ...]:
        if not names:
            return ()
        return tuple(self._ids[key] for name in names if (key := name.strip().casefold()) in self._ids)

    def _penalties(self, parents: Sequence[str]) -> Any:
        """What to take off each label's score: sub-intents of other parents cannot win."""
        key = "\n".join(parents)
        penalties = self._closed.get(key)
        if penalties is None:
            shut = [bool(label.parent) and label.parent not in parents for label in self._labels]
            penalties = np.where(shut, SHUT, 0.0)
            if len(self._closed) < PENALTIES:
                self._closed[key] = penalties
        return penalties

    def _ranked_all(self, scores: Any) -> list[Ranking]:
        """The best labels of each row of scores (which are used up), best first; equal ones in the order of
        the classifier."""
        count = min(CANDIDATES, len(self._labels))
        rows = np.arange(len(scores))
        rankings: list[Ranking] = [[] for _ in rows]
        for _ in range(count):
            best = scores.argmax(axis=1)
            labels, values = best.tolist(), scores[rows, best].tolist()
            for ranking, label, value in zip(rankings, labels, values, strict=True):
                if value >= 0:
                    ranking.append((self._labels[label], value))
            scores[rows, best] = -SHUT
        return rankings

    def _wins(self, ranked: Ranking) -> bool:
        return bool(ranked) and ranked[0][0].id != NO_LABEL and ranked[0][1] >= self.edition.nlu.threshold

    def _best(self, understood: Understanding, parents: Sequence[str]) -> Winner | None:
        scores = understood.scores - self._penalties(parents)
        [ranked] = self._ranked_all(scores[None, :])
        if not self._wins(ranked):
            return None
        label, score = ranked[0]
        assert label.kind, "no intent wins nothing"
        return Winner(label.kind, label.id, score)

    def _classification(
        self, text: str, ranked: Ranking, traits: tuple[str, ...], mentions: tuple[Mention, ...]
    ) -> Classification:
        candidates = tuple([Candidate(label.name, _told(score), label.kind) for label, score in ranked])
        winning: tuple[Candidate, ...] = ()
        parent = elimination = ""
        if talk := self._patterns.match(text):
            winning = (Candidate(talk, 1.0, "smalltalk"),)
            candidates = winning + candidates
            elimination = "a small talk pattern matches" if len(candidates) > 1 else ""
        elif self._wins(ranked):
            winning = candidates[:1]
            own = ranked[0][0].parent
            parent = self.edition.intents[own].name if own else ""
        elif ranked:
            best = ranked[0][1]
            out = ranked[0][0].id == NO_LABEL
            elimination = "out of scope" if out else f"{best:.2f} is below {self.edition.nlu.threshold:.2f}"
        return Classification(
            winning=winning,
            candidates=candidates,
            traits=traits,
            entities=tuple([FoundEntity(mention.name, mention.text) for mention in mentions]),
            parent_intent=parent,
            task_state="published" if self.edition.version == "published" else "configured",
            elimination=elimination,
        )


def label_of(edition: Edition, label: str) -> Label:
    """What a label of the classifier stands for."""
    if label == NO_LABEL:
        return Label("", NO_LABEL, NO_INTENT)
    kind, identifier = label.split("/", 1)
    if kind == "faq":
        return Label("faq", identifier, edition.faqs[identifier].question)
    intent = edition.intents[identifier]
    return Label("dialog", intent.id, intent.name, intent.parent)


def taught(edition: Edition) -> dict[str, tuple[str, ...]]:
    """What an edition is trained on: utterances by the classifier's labels."""
    utterances = {f"dialog/{intent.id}": intent.utterances for intent in edition.intents.values()}
    return utterances | {f"faq/{faq.id}": (faq.question, *faq.alternatives) for faq in edition.faqs.values()}


def _told(score: float) -> float:
    """A score as reported: four digits, cut off; rounded, one below the threshold could seem to reach it."""
    return floor(score * 10_000) / 10_000


def train(edition: Edition, utterances: Mapping[str, Sequence[str]] | None = None) -> Recognizer:
    """Train an edition's understanding, now; on other utterances than its own where some are given."""
    nlu = Nlu.train(
        taught(edition) if utterances is None else utterances,
        entities=edition.entities.values(),
        traits=edition.traits,
        out_of_scope=edition.nlu.out_of_scope,
        trait_threshold=edition.nlu.trait_threshold,
    )
    return Recognizer(edition, nlu)


class Recognizers:
    """Trains each edition once a process and keeps the last ones, by content. Safe in threads."""

    def __init__(self, keep: int = CACHED) -> None:
        self._keep = keep
        self._kept: OrderedDict[str, Recognizer] = OrderedDict()
        self._guard = threading.Lock()
        self._training: dict[str, threading.Lock] = {}

    def of(self, edition: Edition) -> Recognizer:
        """The edition's recognizer; blocks while it is trained for the first time."""
        key = hashlib.sha256(msgspec.msgpack.encode(edition)).hexdigest()
        with self._guard:
            if kept := self._kept.get(key):
                self._kept.move_to_end(key)
                return kept
            training = self._training.setdefault(key, threading.Lock())
        with training:
            with self._guard:
                if kept := self._kept.get(key):
                    return kept
            trained = train(edition)
            with self._guard:
                self._kept[key] = trained
                self._training.pop(key, None)
                while len(self._kept) > self._keep:
                    self._kept.popitem(last=False)
        return trained


shared = Recognizers()
"""One cache for the process: every connector and classifier of an edition shares its training."""
