"""Texts as words: the one way utterances, patterns and list values are compared."""

import functools
import re
import unicodedata

REMEMBERED = 2_048  # texts: classifier, entities and patterns each ask for the words of the same one
TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
WORD = re.compile(r"\w+(?:['’]\w+)*")


def plain(text: str) -> str:
    """Lower case, compatibility forms and curly quotes evened out; the length may change."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


@functools.lru_cache(maxsize=REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, in the form in which they are compared."""
    return tuple(WORD.findall(plain(text)))


def phrase(text: str) -> str:
    """A text reduced to its words, one blank between: equal for equal utterances."""
    return " ".join(words(text))
