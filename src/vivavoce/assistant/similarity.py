"""How alike utterances are: the cosine of their TF-IDF vectors over groups of four letters within words.

Letters, not words, so that typing errors and endings cost little; weighted by how rare a group is, so that
the frame which all utterances share ("how do I ...") counts little. Texts of no word are like nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vivavoce.assistant.words import phrase
from vivavoce.domain.training.values import Likeness

GROUP = 4  # letters
ROUNDING = 1e-6  # of single precision: the same words must reach 1
CELLS = 4_000_000  # of a block of likenesses: some 50 MB, were each of them above 0

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


class TextSimilarity:
    """Compares texts block by block; see engine.ports.learning.Similarity."""

    def elsewhere(self, texts: Sequence[str], labels: Sequence[str], least: float) -> list[Likeness]:
        if len(set(labels)) < 2:
            return []
        vectors = _vectors(texts)
        numbers = np.unique(np.array(labels, dtype=object), return_inverse=True)[1]
        found: dict[tuple[int, int], float] = {}
        for rows, columns, scores in _blocks(vectors, vectors, least):
            other = numbers[rows] != numbers[columns]
            for left, right, score in _best(rows[other], columns[other], scores[other]):
                found[min(left, right), max(left, right)] = score
        return [Likeness(left, right, score) for (left, right), score in sorted(found.items())]

    def nearest(self, texts: Sequence[str], known: Sequence[str], least: float) -> list[Likeness]:
        if not texts or not known:
            return []
        vectors = _vectors([*known, *texts])
        pairs = _blocks(vectors[len(known) :], vectors[: len(known)], least)
        return [Likeness(*best) for block in pairs for best in _best(*block)]

    def groups(self, texts: Sequence[str], labels: Sequence[str], least: float) -> list[int]:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        found = np.arange(len(texts))
        if not texts:
            return []
        vectors = _vectors(texts)
        own: dict[str, list[int]] = {}
        for index, label in enumerate(labels):
            own.setdefault(label, []).append(index)
        for members in own.values():
            size = len(members)
            first = np.arange(size)  # of each member's group, as far as it is known
            part = vectors[members]
            for rows, columns, _ in _blocks(part, part, least) if size > 1 else ():
                left, right = np.concatenate([rows, np.arange(size)]), np.concatenate([columns, first])
                links = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
                _, numbers = connected_components(links, directed=False)
                firsts = np.unique(numbers, return_index=True)[1]
                first = firsts[numbers]
            found[members] = np.array(members)[first]
        return [int(number) for number in found]


def _vectors(texts: Sequence[str]) -> Any:
    """Sparse rows of length 1, or 0 where a text has no word."""
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfVectorizer

    phrases = [phrase(text) for text in texts]
    if not any(phrases):
        return csr_array((len(texts), 1), dtype=np.float32)
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(GROUP, GROUP), lowercase=False, sublinear_tf=True, dtype=np.float32
    )
    return csr_array(vectorizer.fit_transform(phrases))


def _blocks(vectors: Any, known: Any, least: float) -> Iterator[Pairs]:
    """All pairs (row of `vectors`, row of `known`, cosine) from `least` on, some rows at a time."""
    across = known.T.tocsr()
    height = max(1, CELLS // max(known.shape[0], 1))
    for start in range(0, vectors.shape[0], height):
        likes = (vectors[start : start + height] @ across).tocoo()
        alike = likes.data >= least - ROUNDING
        rows, columns = likes.coords
        yield rows[alike].astype(np.int64) + start, columns[alike].astype(np.int64), likes.data[alike]


def _best(
    rows: NDArray[np.int64], columns: NDArray[np.int64], scores: NDArray[np.float32]
) -> Iterator[tuple[int, int, float]]:
    """The best pair of each row; of equal ones that with the lowest column."""
    order = np.lexsort((columns, -scores, rows))
    rows, columns, scores = rows[order], columns[order], scores[order]
    firsts = np.flatnonzero(np.diff(rows, prepend=-1))
    for at in firsts:
        yield int(rows[at]), int(columns[at]), min(1.0, float(scores[at]))
