"""The rule of *contains*: texts compared word by word (testing-api.md 8.5).

Case does not matter, entities are unescaped, `<br>` is white space, a run of non-word characters is one
blank. An expectation begins at the start of a word and is free at its end: `par` is found in `party`, `arty`
is not. Punctuation or a blank at its end closes its last word: `par.` is found in `at par`, not in `party`.
"""

import html
import re
from collections.abc import Sequence

import regex

from vivavoce.domain.assertions.spans import Span, pieces

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_WORD = regex.compile(r"\w")  # not `re`: there, the vowel signs of many scripts are no word characters
_GAP = regex.compile(r"\W+")
_ASCII = {code: chr(code).lower() if _WORD.match(chr(code)) else " " for code in range(128)}


def contains(actual: str, expected: str, dynamic: Sequence[Span] = ()) -> bool:
    """Whether a reply, flattened already, contains the expectation; a blank one is never contained."""
    if blank(expected):
        return False
    literals = [_plain(piece) for piece in pieces(expected, dynamic)] if dynamic else [_plain(expected)]
    if any(_WORD.search(literal) for literal in literals):
        needles = [_words(literal) for literal in literals]
        needles[0] = " " + needles[0].lstrip()
        return _in_order(f" {_words(_plain(actual)).strip()} ", needles)
    literals[0] = literals[0].lstrip()
    literals[-1] = literals[-1].rstrip()
    return _in_order(_plain(actual), literals)


def blank(expected: str) -> bool:
    """Whether nothing is left of an expectation: it is contained nowhere."""
    return not _plain(expected).strip()


def _plain(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    return _BREAK.sub(" ", text) if "<" in text else text


def _words(text: str) -> str:
    if not text.isascii():
        return str(_GAP.sub(" ", text.casefold()))
    # The same for the common case, several times faster.
    blanked = text.translate(_ASCII)
    words = " ".join(blanked.split())
    if not words:
        return blanked[:1]
    return f"{' ' if blanked[0] == ' ' else ''}{words}{' ' if blanked[-1] == ' ' else ''}"


def _in_order(text: str, needles: Sequence[str]) -> bool:
    at = 0
    for needle in needles:
        found = text.find(needle, at)
        if found < 0:
            return False
        # A blank may close one part and open the next: what lay between them may be empty, or blanks.
        at = found + len(needle) - needle.endswith(" ")
    return True
