"""What learns from utterances, and what tells how alike texts are; both blocking."""

from collections.abc import Sequence
from typing import Protocol

from vivavoce.domain.batch.utterance import BatchCase, Classification
from vivavoce.domain.training.values import Likeness


class Learned(Protocol):
    """A classifier as it was trained."""

    def classify(self, cases: Sequence[BatchCase]) -> list[Classification]:
        """One classification for each case, in order."""


class Learner(Protocol):
    """Trains a classifier, anew each time; the same cases give the same classifier."""

    def learn(self, cases: Sequence[BatchCase]) -> Learned: ...


class Similarity(Protocol):
    """How alike texts are, from 0 to 1; texts are worth comparing from `least` on.

    Memory is bounded whatever the number of texts; time grows with its square.
    """

    def elsewhere(self, texts: Sequence[str], labels: Sequence[str], least: float) -> list[Likeness]:
        """For each text the one under another label that is most like it, each pair once."""

    def nearest(self, texts: Sequence[str], known: Sequence[str], least: float) -> list[Likeness]:
        """For each text (left) the known one (right) that is most like it, where one is."""

    def groups(self, texts: Sequence[str], labels: Sequence[str], least: float) -> list[int]:
        """A number for each text: the same for texts of one label that a chain of like ones joins."""
