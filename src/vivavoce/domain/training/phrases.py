"""When two utterances are the same to a bot: without case, punctuation and compatibility forms.

The embedded assistant compares in the same way (`assistant.words.phrase`; a test holds the two together).
"""

import re
import unicodedata

_WORD = re.compile(r"\w+(?:['’]\w+)*")


def words(text: str) -> list[str]:
    """The words of a text, in the form in which they are compared."""
    if text.isascii():
        return _WORD.findall(text.lower())
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))


def phrase(text: str) -> str:
    """A text reduced to its words, one blank between; texts without any word stay as they are."""
    return " ".join(words(text)) or text.strip()
