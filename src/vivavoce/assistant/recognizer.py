"""What an edition of the assistant recognises: intents, sub-intents, FAQs, small talk, traits, entities."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import msgspec
import numpy as np

from vivavoce.assistant.definition import Edition
from vivavoce.assistant.entities import Mention
from vivavoce.assistant.nlu import NO_LABEL, Nlu, Understanding
from vivavoce.assistant.patterns import Patterns
from vivavoce.assistant.words import phrase
from vivavoce.domain.utterance import Candidate, Classification, FoundEntity

LONGEST = 5_000  # characters of an utterance that are listened to
CANDIDATES = 3  # reported for an utterance
SHUT = 2.0  # takes any score below zero
CACHED = 8  # trained editions kept in a process


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

    kind: Literal["dialog", "faq"]
    id: str
    name: str
    parent: str = ""  # id of the parent intent


class Recognizer:
    """Recognises for one edition; may be used from several threads at once."""

    def __init__(self, edition: Edition, nlu: Nlu) -> None:
        self.edition = edition
        self._nlu = nlu
        self._labels = [_label(edition, label) for label in nlu.labels]
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
        texts = [text[:LONGEST] for text in texts]
        understood = self._nlu.understand_many(texts, today)
        if parents is None:
            parents = [()] * len(texts)
        return [
            self._classification(text, one, self._ids_of(own))
            for text, one, own in zip(texts, understood, parents, strict=True)
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
            penalties = self._closed[key] = np.where(shut, SHUT, 0.0)
        return penalties

    def _ranked(
        self, understood: Understanding, parents: Sequence[str], count: int
    ) -> list[tuple[Label, float]]:
        """The best labels with their scores, best first; equal ones in the order of the classifier."""
        if not self._labels:
            return []
        scores = understood.scores - self._penalties(parents)
        ranked: list[tuple[Label, float]] = []
        for _ in range(min(count, len(scores))):
            at = int(scores.argmax())
            if scores[at] < 0:
                break
            ranked.append((self._labels[at], float(scores[at])))
            scores[at] = -SHUT
        return ranked

    def _wins(self, ranked: list[tuple[Label, float]]) -> bool:
        return bool(ranked) and ranked[0][0].id != NO_LABEL and ranked[0][1] >= self.edition.nlu.threshold

    def _best(self, understood: Understanding, parents: Sequence[str]) -> Winner | None:
        ranked = self._ranked(understood, parents, 1)
        if not self._wins(ranked):
            return None
        label, score = ranked[0]
        return Winner(label.kind, label.id, score)

    def _classification(
        self, text: str, understood: Understanding, parents: tuple[str, ...]
    ) -> Classification:
        ranked = self._ranked(understood, parents, CANDIDATES)
        candidates = tuple(
            Candidate(label.name, round(score, 4), label.kind)
            for label, score in ranked
            if label.id != NO_LABEL
        )
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
        elif candidates:
            best = ranked[0][1]
            out = ranked[0][0].id == NO_LABEL
            elimination = "out of scope" if out else f"{best:.2f} is below {self.edition.nlu.threshold:.2f}"
        return Classification(
            winning=winning,
            candidates=candidates,
            traits=understood.traits,
            entities=tuple(FoundEntity(mention.name, mention.text) for mention in understood.mentions),
            parent_intent=parent,
            task_state="published" if self.edition.version == "published" else "configured",
            elimination=elimination,
        )


def _label(edition: Edition, label: str) -> Label:
    if label == NO_LABEL:
        return Label("dialog", NO_LABEL, "")
    kind, identifier = label.split("/", 1)
    if kind == "faq":
        return Label("faq", identifier, edition.faqs[identifier].question)
    intent = edition.intents[identifier]
    return Label("dialog", intent.id, intent.name, intent.parent)


def train(edition: Edition) -> Recognizer:
    """Train an edition's understanding, now."""
    utterances = {f"dialog/{intent.id}": intent.utterances for intent in edition.intents.values()}
    utterances |= {f"faq/{faq.id}": (faq.question, *faq.alternatives) for faq in edition.faqs.values()}
    nlu = Nlu.train(
        utterances,
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
