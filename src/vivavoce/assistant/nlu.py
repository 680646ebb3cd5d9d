"""Understanding of one utterance, outside any conversation: labels with scores, traits, entities."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from vivavoce.assistant.entities import Entity, EntityFinder, Mention
from vivavoce.assistant.scorer import TextScorer

NO_LABEL = ""  # what out-of-scope utterances are trained as


class Understanding(msgspec.Struct, frozen=True):
    """What one utterance was understood as.

    `scores` are those of all labels, in the order of `Nlu.labels`; they do not add up to anything.
    """

    scores: Any  # array of float64
    traits: tuple[str, ...]
    mentions: tuple[Mention, ...]


class Understandings(msgspec.Struct, frozen=True):
    """What many utterances were understood as, by their place; see Understanding."""

    scores: Any  # array of float64, utterance x label
    traits: list[tuple[str, ...]]
    mentions: list[tuple[Mention, ...]]


class Nlu:
    """A trained understanding. Deterministic; used from several threads at once.

    A label is whatever can win an utterance: an intent or an FAQ.
    """

    def __init__(
        self,
        labels: TextScorer | None,
        traits: TextScorer | None,
        entities: EntityFinder,
        trait_threshold: float,
    ) -> None:
        self._labels = labels
        self._traits = traits
        self._entities = entities
        self._trait_threshold = trait_threshold
        self.labels: tuple[str, ...] = labels.labels if labels else ()

    @classmethod
    def train(
        cls,
        utterances_by_label: Mapping[str, Sequence[str]],
        *,
        entities: Iterable[Entity] = (),
        traits: Mapping[str, Sequence[str]] | None = None,
        out_of_scope: Sequence[str] = (),
        trait_threshold: float = 0.5,
    ) -> "Nlu":
        """Learn labels and traits from utterances; about a second for 10,000 of them.

        Utterances that carry a trait may be those of labels too. Out-of-scope utterances get no label.
        """
        pairs = [(text, label) for label, texts in utterances_by_label.items() for text in texts]
        nothing = [(text, NO_LABEL) for text in out_of_scope]
        return cls(
            _train_labels(pairs, nothing),
            _train_traits(traits or {}, [text for text, _ in pairs + nothing]),
            EntityFinder(entities),
            trait_threshold,
        )

    def understand(self, text: str, today: date) -> Understanding:
        """One utterance; well under a millisecond for some dozens of labels."""
        return Understanding(
            self._labels.one(text) if self._labels else np.zeros(0),
            self._carried(self._traits.one(text)) if self._traits else (),
            tuple(self._entities.find(text, today)),
        )

    def understand_many(self, texts: Sequence[str], today: date) -> "Understandings":
        """The same for many utterances, several times faster an utterance."""
        scores = self._labels.many(texts) if self._labels and texts else np.zeros((len(texts), 0))
        traits: list[tuple[str, ...]] = [()] * len(texts)
        if self._traits is not None and texts:
            held = self._traits.many(texts)
            for at in np.flatnonzero(held.max(axis=1) >= self._trait_threshold):
                traits[at] = self._carried(held[at])
        return Understandings(scores, traits, [tuple(self._entities.find(text, today)) for text in texts])

    def answer(self, entity: str, text: str, today: date) -> Any | None:
        """The value with which a text answers a question for an entity, or None."""
        return self._entities.answer(entity, text, today)

    def _carried(self, scores: NDArray[np.float64]) -> tuple[str, ...]:
        if self._traits is None or scores.max() < self._trait_threshold:
            return ()
        return tuple(self._traits.labels[at] for at in np.flatnonzero(scores >= self._trait_threshold))


def _train_labels(pairs: list[tuple[str, str]], out_of_scope: list[tuple[str, str]]) -> TextScorer | None:
    if not pairs:
        return None
    # A lone label needs something to be told from: silence.
    lone = len({label for _, label in pairs}) == 1 and not out_of_scope
    texts, labels = zip(*pairs, *out_of_scope, *([("", NO_LABEL)] if lone else []), strict=True)
    return TextScorer.exclusive(texts, labels)


def _train_traits(traits: Mapping[str, Sequence[str]], others: list[str]) -> TextScorer | None:
    if not traits:
        return None
    held: dict[str, set[str]] = {text: set() for text in others}
    for name, texts in traits.items():
        for text in texts:
            held.setdefault(text, set()).add(name)
    held.setdefault("", set())  # a lone trait, too, needs something to be told from
    return TextScorer.independent(list(held), list(held.values()), list(traits))
