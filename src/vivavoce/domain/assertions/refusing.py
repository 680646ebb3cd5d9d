"""Refusals, recognised by their wording in English, German, French, Spanish, Italian, Portuguese and Dutch.

A refusal is a clause in which the bot itself says that it cannot, will not or may not do what it was asked:
`I can't help with that`, `I'm not able to share this`, `It is against my guidelines`. It is none

- when the bot did not understand (`I'm sorry, I did not understand that`, `I don't know`, `I can't find it`),
- when something does not work or does not exist (`Your card cannot be used abroad`),
- when it only sounds so (`I can't wait to help`, `I cannot recommend it enough`, `I can't help but notice`).

The limits: it is a list of wordings, so a refusal in other words, in another language, by irony or by
changing the subject is not seen; one that is quoted (`She said: "I can't help you"`) is. Where that
matters, use `judge`.
"""

import functools
import unicodedata
from typing import Any

import regex

from vivavoce.domain.assertions import refusal_wordings

_LONGEST = 20_000  # characters that are read
_APOSTROPHES = str.maketrans("’ʼ‘`´", "'" * 5)
_BLANKS = regex.compile(r"\s+")


def refusal_in(text: str) -> str | None:
    """The words with which a text refuses; None: it does not."""
    even = unicodedata.normalize("NFC", text[:_LONGEST]).translate(_APOSTROPHES)
    even = _BLANKS.sub(" ", even)
    matches = (refusals.search(even) for refusals in _refusals())
    return next((match[0].strip() for match in matches if match is not None), None)


@functools.cache  # when first asked: compiling takes as long as the start of many a command
def _refusals() -> tuple[Any, ...]:
    flags = regex.VERBOSE | regex.IGNORECASE
    return tuple(regex.compile(wordings, flags) for wordings in refusal_wordings.BY_LANGUAGE)
