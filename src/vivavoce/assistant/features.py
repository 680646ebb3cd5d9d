"""Utterances as features: words, pairs of neighbouring words, and groups of letters within a word."""

import itertools
from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vivavoce.assistant.words import words

MEMO_SIZE = 50_000  # distinct words whose letter groups are kept
MEMO_LENGTH = 40  # letters; longer ones are not words that come again
GROUP = 4  # letters


def features(text: str) -> list[str]:
    """All features of a text, each as often as it occurs; what training counts."""
    tokens = words(text)
    found = [f"{left} {right}" for left, right in itertools.pairwise(tokens)]
    for token in tokens:
        found += _of_word(token)
    return found


def _of_word(word: str) -> list[str]:
    framed = f"<{word}>"
    return [word, *(framed[at : at + GROUP] for at in range(max(1, len(framed) - GROUP + 1)))]


class Occurrences(NamedTuple):
    """The known features of several texts: those of text `i` lie at `columns[bounds[i]:bounds[i + 1]]`."""

    columns: NDArray[np.int32]
    bounds: NDArray[np.int64]


class Columns:
    """Finds the known features of texts by their column; remembers what a word yields, since few words make
    up most text. Safe in threads: what is remembered never changes."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        """Feature -> column, as training counted them."""
        self._vocabulary = vocabulary
        self._memo: dict[str, array[int]] = {}

    def of(self, text: str) -> "array[int]":
        """The columns of one text's known features, each as often as it occurs."""
        found = array("i")
        self._add(text, found)
        return found

    def of_all(self, texts: Sequence[str]) -> Occurrences:
        found, bounds = array("i"), [0]
        for text in texts:
            self._add(text, found)
            bounds.append(len(found))
        return Occurrences(
            np.frombuffer(found, np.int32) if found else np.zeros(0, np.int32), np.array(bounds)
        )

    def _add(self, text: str, found: "array[int]") -> None:
        tokens = words(text)
        known, column = self._memo.get, self._vocabulary.get
        for token in tokens:
            own = known(token)
            found += self._of_word(token) if own is None else own
        for left, right in itertools.pairwise(tokens):
            at = column(f"{left} {right}")
            if at is not None:
                found.append(at)

    def _of_word(self, word: str) -> "array[int]":
        column = self._vocabulary.get
        found = array("i", [at for feature in _of_word(word) if (at := column(feature)) is not None])
        if len(self._memo) < MEMO_SIZE and len(word) <= MEMO_LENGTH:
            self._memo[word] = found
        return found
