"""A linear text classifier: TF-IDF over words, word pairs and letter groups, one-vs-rest support vectors.

Training is scikit-learn's. Scoring takes a direct path over the same weights: scikit-learn's own costs a
millisecond a call, which would be paid at every turn of a conversation, and twice the time in bulk.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vivavoce.assistant.features import Columns, features

# At run time scikit-learn is loaded when something learns: that takes longer than most commands.
if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

Matrix = NDArray[np.float64]

STEEPNESS = 4.0  # of the curve that turns a margin into a score: 0 -> 0.5, one unit -> 0.98


class TextScorer:
    """Scores texts against labels, each from 0 to 1 on its own; deterministic for the same training."""

    def __init__(
        self, labels: Sequence[str], vocabulary: Mapping[str, int], idf: Matrix, weights: Matrix, bias: Matrix
    ) -> None:
        """`vocabulary`: feature -> column; `idf`: a column; `weights`: column x label; `bias`: a label."""
        self.labels = tuple(labels)
        self._columns = Columns(vocabulary)
        self._idf = idf
        self._weights = np.ascontiguousarray(weights)
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
        return cls(list(machine.classes_), vectorizer.vocabulary_, vectorizer.idf_, weights, bias)

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
        return cls(names, vectorizer.vocabulary_, vectorizer.idf_, weights, bias)

    def one(self, text: str) -> Matrix:
        """The scores of one text, by label."""
        counts: dict[int, int] = {}
        for at in self._columns.of(text):
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
        from scipy.sparse import csr_matrix

        columns, bounds = self._columns.of_all(texts)
        shape = (len(texts), len(self._idf))
        counted = csr_matrix((np.ones(len(columns)), columns, bounds), shape)
        counted.sum_duplicates()
        values = counted.data
        np.log(values, out=values)
        values += 1.0
        values *= self._idf[counted.indices]
        text_of = np.repeat(np.arange(len(texts)), np.diff(counted.indptr))
        lengths = np.sqrt(np.bincount(text_of, values * values, len(texts)))
        lengths[lengths == 0.0] = 1.0  # nothing known in it
        return _scores((counted @ self._weights) / lengths[:, None] + self._bias)


def _vectorize(texts: Sequence[str]) -> tuple["TfidfVectorizer", Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=features, sublinear_tf=True)
    return vectorizer, vectorizer.fit_transform(texts)


def _scores(margins: Matrix) -> Matrix:
    scores: Matrix = 1.0 / (1.0 + np.exp(-STEEPNESS * margins))
    return scores
