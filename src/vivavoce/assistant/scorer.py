"""A linear text classifier: TF-IDF over words, word pairs and letter groups, one-vs-rest support vectors.

Training and vectorising are scikit-learn's. One utterance at a time takes a direct path over the same
weights, because scikit-learn's per-call overhead (about a millisecond) would be paid at every turn.
"""

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vivavoce.assistant.words import words

# At run time scikit-learn is loaded when something learns: that takes longer than most commands.
if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

Matrix = NDArray[np.float64]

STEEPNESS = 4.0  # of the curve that turns a margin into a score: 0 -> 0.5, one unit -> 0.98
MEMO_SIZE = 50_000  # distinct words whose letter groups are kept
GROUP = 4  # letters


class Features:
    """Splits utterances into features; remembers what a word yields, since few words make up most text."""

    def __init__(self) -> None:
        self._memo: dict[str, list[str]] = {}

    def __call__(self, text: str) -> list[str]:
        tokens = words(text)
        found = [f"{left} {right}" for left, right in itertools.pairwise(tokens)]
        known = self._memo.get
        for token in tokens:
            found += known(token) or self._of_word(token)
        return found

    def _of_word(self, word: str) -> list[str]:
        framed = f"<{word}>"
        groups = [framed[at : at + GROUP] for at in range(max(1, len(framed) - GROUP + 1))]
        if len(self._memo) < MEMO_SIZE:
            self._memo[word] = [word, *groups]
        return [word, *groups]


class TextScorer:
    """Scores texts against labels, each from 0 to 1 on its own; deterministic for the same training."""

    def __init__(self, labels: Sequence[str], vectorizer: "TfidfVectorizer", weights: Matrix, bias: Matrix):
        self.labels = tuple(labels)
        self._features: Features = vectorizer.analyzer
        self._vectorizer = vectorizer
        self._vocabulary: dict[str, int] = vectorizer.vocabulary_
        self._idf: Matrix = vectorizer.idf_
        self._weights = np.ascontiguousarray(weights)  # feature x label
        self._bias = bias

    @classmethod
    def exclusive(cls, texts: Sequence[str], labels: Sequence[str]) -> "TextScorer":
        """Learn one label a text; needs two different labels at least."""
        from sklearn.svm import LinearSVC

        vectorizer, matrix = _vectorize(texts)
        machine = LinearSVC(C=1.0, random_state=0).fit(matrix, labels)
        weights, bias = machine.coef_.T, machine.intercept_
        if len(machine.classes_) == 2:  # scikit-learn keeps one machine for two classes
            weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
        return cls(list(machine.classes_), vectorizer, weights, bias)

    @classmethod
    def independent(
        cls, texts: Sequence[str], labels: Sequence[Iterable[str]], names: Sequence[str]
    ) -> "TextScorer":
        """Learn any number of labels a text; each label needs texts with and without it."""
        from sklearn.svm import LinearSVC

        vectorizer, matrix = _vectorize(texts)
        weights, bias = np.zeros((len(vectorizer.vocabulary_), len(names))), np.zeros(len(names))
        held = [frozenset(own) for own in labels]
        for column, name in enumerate(names):
            carried = [name in own for own in held]
            machine = LinearSVC(C=1.0, class_weight="balanced", random_state=0).fit(matrix, carried)
            weights[:, column], bias[column] = machine.coef_[0], machine.intercept_[0]
        return cls(names, vectorizer, weights, bias)

    def one(self, text: str) -> Matrix:
        """The scores of one text, by label."""
        counts: dict[int, int] = {}
        index = self._vocabulary.get
        for feature in self._features(text):
            at = index(feature)
            if at is not None:
                counts[at] = counts.get(at, 0) + 1
        margins = self._bias
        if counts:
            columns = np.fromiter(counts.keys(), np.intp, len(counts))
            values = np.fromiter((1.0 + math.log(count) for count in counts.values()), float, len(counts))
            values *= self._idf[columns]
            values /= math.sqrt(values @ values)
            margins = values @ self._weights[columns] + self._bias
        return _scores(margins)

    def many(self, texts: Sequence[str]) -> Matrix:
        """The scores of many texts at once, text x label; equal to `one` for each."""
        return _scores(self._vectorizer.transform(texts) @ self._weights + self._bias)


def _vectorize(texts: Sequence[str]) -> tuple["TfidfVectorizer", Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=Features(), sublinear_tf=True)
    return vectorizer, vectorizer.fit_transform(texts)


def _scores(margins: Matrix) -> Matrix:
    scores: Matrix = 1.0 / (1.0 + np.exp(-STEEPNESS * margins))
    return scores
