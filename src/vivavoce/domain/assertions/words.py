"""The rule of *contains*: texts compared word by word (testing-api.md 8.5).

Case does not matter, entities are unescaped, `<br>` is white space, a run of non-word characters is one
blank. An expectation begins at the start of a word and is free at its end: `par` is found in `party`, `arty`
is not. Punctuation or a blank at its end closes its last word: `par.` is found in `at par`, not in `party`.
"""

import html
import re
from collections.abc import Iterator, Sequence

import regex

from vivavoce.domain.assertions.spans import Span, cut
from vivavoce.domain.assertions.value_kinds import LONGEST, is_a

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_WORD = regex.compile(r"\w")  # not `re`: there, the vowel signs of many scripts are no word characters
_OUTER = regex.compile(r"^\W+|\W+$")
_GAP = regex.compile(r"\W+")
_ASCII = {code: chr(code).lower() if _WORD.match(chr(code)) else " " for code in range(128)}


def contains(actual: str, expected: str, dynamic: Sequence[Span] = ()) -> bool:
    """Whether a reply, flattened already, contains the expectation; a blank one is never contained."""
    if blank(expected):
        return False
    literals, kinds = cut(expected, dynamic) if dynamic else ([expected], [])
    literals = [_plain(literal) for literal in literals]
    if any(_WORD.search(literal) for literal in literals) or (any(kinds) and not "".join(literals).strip()):
        needles = [_words(literal) for literal in literals]
        needles[0] = " " + needles[0].lstrip()
        if any(kinds):
            return _in_order_of_kinds(*_mapped(_plain(actual)), needles, kinds)
        return _in_order(f" {_words(_plain(actual)).strip()} ", needles)
    literals[0] = literals[0].lstrip()
    literals[-1] = literals[-1].rstrip()
    if any(kinds):
        plain = _plain(actual)
        return _in_order_of_kinds(plain, plain, range(len(plain) + 1), literals, kinds)
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


def _mapped(plain: str) -> tuple[str, str, list[int]]:
    """The text, its words as `_words` makes them with a blank around, and where each of their characters
    begins in the text; one place more for the end."""
    words = [" "]
    places = [0]
    for place, character in enumerate(plain):
        folded = character.casefold() if _WORD.match(character) else " "
        if folded == " " and words[-1] == " ":
            continue
        words.extend(folded)
        places.extend([place] * len(folded))
    if words[-1] != " ":
        words.append(" ")
        places.append(len(plain))
    return plain, "".join(words), [*places, len(plain)]


def _in_order_of_kinds(
    plain: str, text: str, places: Sequence[int], needles: Sequence[str], kinds: Sequence[str]
) -> bool:
    """As `_in_order`, where what lies between two needles must be of a kind; all places are tried."""
    ends = {found + _length(needles[0]) for found in _found(needles[0], text, 0)}
    for needle, kind in zip(needles[1:], kinds, strict=True):
        reached = set()
        for end in ends:
            for found in _found(needle, text, end):
                if not kind or is_a(kind, _value(plain[places[end] : places[found]], kind)):
                    reached.add(found + _length(needle))
                if kind and found - end > LONGEST:
                    break
        if not reached:
            return False
        ends = reached if kind else {min(reached)}
    return True


def _length(needle: str) -> int:
    return len(needle) - needle.endswith(" ")


def _found(needle: str, text: str, start: int) -> Iterator[int]:
    """Where a needle stands; an empty one at every edge of a word."""
    if not needle:
        edges = (at for at in range(start, len(text) + 1) if _edge(text, at))
        yield from edges
        return
    at = text.find(needle, start)
    while at >= 0:
        yield at
        at = text.find(needle, at + 1)


def _edge(text: str, at: int) -> bool:
    if at in (0, len(text)):
        return True
    return not (_WORD.match(text[at - 1]) and _WORD.match(text[at]))


def _value(part: str, kind: str) -> str:
    """The value in a part of the text: without the punctuation around it, which does not count; signs do."""
    part = part.strip()
    if kind == "amount":
        return part.strip(" \t\n.,:;!?()\"'")
    bare = str(_OUTER.sub("", part))
    sign = part[: part.find(bare)][-1:] if bare else ""
    return sign + bare if sign and sign in "-+−" and kind == "number" else bare
