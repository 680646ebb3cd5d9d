"""Text of bots and suites as a page can hold it: nothing unseen, and nothing that turns other text round."""

import re
from typing import Final

MAX_TEXT: Final = 10_000
"""Characters of any one text on a page; what is longer is cut, and says how long it is."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)


def visible(text: str, most: int = MAX_TEXT) -> str:
    """The text, cut, with control characters and those that override the direction of text as `‹U+001B›`.

    Marks that merely help with mixed directions (U+200E, U+200F) stay: right-to-left texts need them.
    """
    return _UNSEEN.sub(_sign, cut(text, most))


def cut(text: str, most: int = MAX_TEXT) -> str:
    """At most so many characters, and how many there were."""
    return text if len(text) <= most else f"{text[:most]} … ({len(text):,} characters)"


def excerpt(text: str, most: int) -> str:
    """The beginning of a text that stands in full elsewhere."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\ufffd" if 0xD800 <= code < 0xE000 else f"‹U+{code:04X}›"
