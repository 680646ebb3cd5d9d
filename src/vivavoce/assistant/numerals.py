"""Numbers in an utterance, in figures or in English words."""

import re
from collections.abc import Iterator

import msgspec

_SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
)
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_NUMBER_WORDS = "|".join([*_SMALL, *_TENS, *_SCALES])

# Bounded: longer ones are ids, not numbers.
FIGURES = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?"
_MORE = rf"(?:(?:\s+and)?[\s-]+(?:{_NUMBER_WORDS})){{0,12}}"
WORDS = rf"(?:a\s+(?=hundred|thousand|million))?(?:{_NUMBER_WORDS}){_MORE}"
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:(?P<figures>{FIGURES})(?P<scale>k|m)?|(?P<words>{WORDS}))(?!\w|[.,]\d)", re.IGNORECASE
)
NAMES = frozenset((*_SMALL, *_TENS, *_SCALES))
"""The words that numbers are written with."""


class Numeral(msgspec.Struct, frozen=True):
    value: int | float
    start: int
    end: int


def find(text: str) -> Iterator[Numeral]:
    """Every number of a text, in order; `1,200.50`, `2k` and `two hundred and five` are one each."""
    for found in _NUMBER.finditer(text):
        yield Numeral(value_of(found.group()), found.start(), found.end())


def value_of(spelling: str) -> int | float:
    """The number that a spelling matched by FIGURES (with k or m) or WORDS stands for."""
    spelling = spelling.strip().lower()
    if not spelling[0].isdigit():
        return _of_words(spelling)
    scale = {"k": 1_000, "m": 1_000_000}.get(spelling[-1], 1)
    figures = spelling.rstrip("km").replace(",", "")
    value = round(float(figures) * scale, 6) if "." in figures else int(figures) * scale
    return int(value) if float(value).is_integer() else value


def _of_words(spelling: str) -> int:
    total = group = 0
    for word in re.findall(r"[a-z]+", spelling):
        if word in _SMALL:
            group += _SMALL[word]
        elif word in _TENS:
            group += _TENS[word]
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in _SCALES:
            total += (group or 1) * _SCALES[word]
            group = 0
    return total + group
