"""Texts aligned word by word: what all have in common stays, what varies becomes a dynamic span.

A word is a run of characters without white space and outer punctuation, so that `2025-03-15`, `1,234.50` and
`15:30` are one each.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from vivavoce.domain.aligning.kinds import kind_of
from vivavoce.domain.assertions.spans import Span, pieces
from vivavoce.domain.assertions.text import TextEntry

_TOKEN = re.compile(r"\w+(?:[^\w\s]\w+)*|\s+|[^\w\s]")
_WORD = re.compile(r"\w")
_Range = tuple[int, int]  # of tokens, or of characters


def common_text(texts: Sequence[str]) -> TextEntry | None:
    """The first text with all that varies in the others dynamic. None where too little would be left of it:
    no word at all, or less than half of the words unless everything that varies is of a kind."""
    base = texts[0]
    tokens = _TOKEN.findall(base)
    varying: set[int] = set()
    for other in texts[1:]:
        varying.update(_varying(tokens, _TOKEN.findall(other)))
    spans = _spans(base, tokens, varying, texts)
    literal = [token for at, token in enumerate(tokens) if at not in varying and _WORD.match(token)]
    words = sum(1 for token in tokens if _WORD.match(token))
    every_kind_known = all(span.kind for span in spans)
    if not literal or (len(literal) * 2 < words and not every_kind_known):
        return None
    return TextEntry(base, dynamic=tuple(spans))


def _varying(base: Sequence[str], other: Sequence[str]) -> list[int]:
    """The base's tokens that stand otherwise in the other text; beside what was put in, the word before."""
    found: list[int] = []
    for tag, start, end, _, _ in SequenceMatcher(None, base, other, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if start == end:
            start, end = _neighbour(base, start)
        found.extend(range(start, end))
    return found


def _neighbour(base: Sequence[str], at: int) -> _Range:
    before = next((i for i in range(at - 1, -1, -1) if _WORD.match(base[i])), None)
    if before is not None:
        return before, at - 1 if at - 1 > before and base[at - 1].isspace() else at
    after = next((i for i in range(at, len(base)) if _WORD.match(base[i])), len(base) - 1)
    return at, after + 1


def _spans(base: str, tokens: Sequence[str], varying: set[int], texts: Sequence[str]) -> list[Span]:
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    ranges: list[_Range] = []
    for at in sorted(varying):
        if ranges and ranges[-1][1] == starts[at]:
            ranges[-1] = (ranges[-1][0], starts[at + 1])
        else:
            ranges.append((starts[at], starts[at + 1]))
    kinds = _kinds(base, ranges, texts)
    at = 0
    while at + 1 < len(ranges):
        # Words side by side are one value (`Ann Keller`), unless each is a value of its own.
        if _WORD.search(base[ranges[at][1] : ranges[at + 1][0]]):
            at += 1
            continue
        joined = [*ranges[:at], (ranges[at][0], ranges[at + 1][1]), *ranges[at + 2 :]]
        kinds_joined = _kinds(base, joined, texts)
        if not kinds_joined[at] and kinds[at] and kinds[at + 1]:
            at += 1
        else:
            ranges, kinds = joined, kinds_joined
    return [Span(start, end, kind) for (start, end), kind in zip(ranges, kinds, strict=True)]


def _kinds(base: str, ranges: Sequence[_Range], texts: Sequence[str]) -> list[str]:
    """The kind of each span, by its values in all texts; empty where they are of none, or of several."""
    literals = pieces(base, [Span(start, end) for start, end in ranges])
    pattern = re.compile("(.*?)".join(re.escape(literal) for literal in literals), re.DOTALL)
    found = [match.groups() for text in texts if (match := pattern.fullmatch(text))]
    if len(found) < len(texts) or len(literals) != len(ranges) + 1:
        return [""] * len(ranges)
    return [kind_of(values) for values in zip(*found, strict=True)]
