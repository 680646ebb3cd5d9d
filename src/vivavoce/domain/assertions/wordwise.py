"""The differing words of two texts: in reasons (`differing words: [-Monday-] {+Tuesday+}`), and marked.

Made only for what failed, and of a bounded part of long texts.
"""

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

_COMPARED = 250  # words of a side, after what both begin and end with
_PLACES = 6  # differing places that are shown
_LETTERS = 24  # of a word that are shown
_WORDS = 12  # words of one place that are shown


def differing_words(expected: str, actual: str) -> str:
    """What was expected as `[-…-]`, what stands there as `{+…+}`, in order; empty: the texts are equal."""
    if expected == actual:
        return ""
    wanted, said = expected.split(), actual.split()
    if wanted == said:
        return "only white space differs"
    if _same_form(expected, actual):
        return "only the Unicode form differs: the same letters, composed otherwise"
    start, end = _shared(wanted, said)
    wanted, said = wanted[start : len(wanted) - end], said[start : len(said) - end]
    wanted, said, more = wanted[:_COMPARED], said[:_COMPARED], max(len(wanted), len(said)) > _COMPARED
    blocks = SequenceMatcher(None, wanted, said, autojunk=False).get_opcodes()
    places = [
        " ".join([*_marked("[-", wanted[a:b], "-]"), *_marked("{+", said[c:d], "+}")])
        for tag, a, b, c, d in blocks
        if tag != "equal"
    ]
    more = more or len(places) > _PLACES
    return f"differing words: {' … '.join(places[:_PLACES])}{' …' if more else ''}"


def _same_form(expected: str, actual: str) -> bool:
    return unicodedata.normalize("NFC", expected) == unicodedata.normalize("NFC", actual)


class Part(NamedTuple):
    """A piece of a text: words with the white space between them."""

    text: str
    differs: bool


def marked_words(expected: str, actual: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both texts in parts that tell the differing words apart; what is too long to compare differs."""
    wanted, said = expected.split(), actual.split()
    start, end = _shared(wanted, said)
    alike = ([True] * len(wanted), [True] * len(said))
    for same, words in zip(alike, (wanted, said), strict=True):
        same[start : len(words) - end] = [False] * (len(words) - end - start)
    left, right = (words[start : len(words) - end][:_COMPARED] for words in (wanted, said))
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        for same, at in ((alike[0], block.a), (alike[1], block.b)):
            same[start + at : start + at + block.size] = [True] * block.size
    return _parts(expected, alike[0]), _parts(actual, alike[1])


def _parts(text: str, alike: Sequence[bool]) -> tuple[Part, ...]:
    """The text cut where words that differ begin and end; white space differs only between two of them."""
    pieces, at, before = [], 0, True
    for word, same in zip(text.split(), alike, strict=True):
        found = text.index(word, at)
        pieces += [(text[at:found], before or same), (word, same)]
        at, before = found + len(word), same
    pieces.append((text[at:], True))
    return tuple(
        Part(joined, not same)
        for same, group in groupby(pieces, key=lambda piece: piece[1])
        if (joined := "".join(piece for piece, _ in group))
    )


def _shared(wanted: Sequence[str], said: Sequence[str]) -> tuple[int, int]:
    """How many words both begin with, and how many both end with."""
    start, shorter = 0, min(len(wanted), len(said))
    while start < shorter and wanted[start] == said[start]:
        start += 1
    end = 0
    while end < shorter - start and wanted[-1 - end] == said[-1 - end]:
        end += 1
    return start, end


def _marked(opening: str, words: Sequence[str], closing: str) -> list[str]:
    if not words:
        return []
    shown = " ".join(_visible(word) for word in words[:_WORDS])
    return [f"{opening}{shown}{' …' if len(words) > _WORDS else ''}{closing}"]


def _visible(word: str) -> str:
    """Characters that nobody can see as their code, and no word longer than a line."""
    word = word if len(word) <= _LETTERS else word[:_LETTERS] + "…"
    if word.isascii() and word.isprintable():
        return word
    return "".join(
        character
        if unicodedata.category(character) not in ("Cf", "Cc", "Cn", "Co")
        else f"<U+{ord(character):04X}>"
        for character in word
    )
