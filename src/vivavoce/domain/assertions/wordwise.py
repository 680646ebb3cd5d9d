"""The differing words of two texts, for reasons: `differing words: [-Monday-] {+Tuesday+}`.

Made only for what failed, and of a bounded part of long texts.
"""

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

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
    wanted, said = _trimmed(wanted, said)
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


def _trimmed(wanted: list[str], said: list[str]) -> tuple[list[str], list[str]]:
    """Without the words that both begin and end with."""
    start, shorter = 0, min(len(wanted), len(said))
    while start < shorter and wanted[start] == said[start]:
        start += 1
    end = 0
    while end < shorter - start and wanted[-1 - end] == said[-1 - end]:
        end += 1
    return wanted[start : len(wanted) - end], said[start : len(said) - end]


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
