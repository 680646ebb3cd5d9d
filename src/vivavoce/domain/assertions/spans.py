"""Texts with dynamic spans: parts whose value does not matter, cut out before comparing (8.6).

A span of ours may say of which kind its value is (`value_kinds`); then only such values are accepted.
"""

from collections.abc import Iterator, Sequence

import msgspec

from vivavoce.domain.assertions.value_kinds import LONGEST, is_a


class Span(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a text whose value does not matter; Unicode code points, end exclusive (8.6)."""

    start: int
    end: int
    kind: str = ""  # number, amount, date, time, id, name: only values of it are accepted; empty: any


def cut(text: str, dynamic: Sequence[Span]) -> tuple[list[str], list[str]]:
    """The literal parts of a text around its dynamic spans, in order, and the kinds of these spans.

    Spans that overlap or touch count as one, of their kind if they share it; what lies outside the text is
    left out.
    """
    literals: list[str] = []
    kinds: list[str] = []
    at = 0
    for span in _merged(dynamic, len(text)):
        literals.append(text[at : span.start])
        kinds.append(span.kind)
        at = span.end
    literals.append(text[at:])
    return literals, kinds


def pieces(text: str, dynamic: Sequence[Span]) -> list[str]:
    """The literal parts of `cut`; one more than there are spans."""
    return cut(text, dynamic)[0]


def shift(dynamic: Sequence[Span], by: int) -> list[Span]:
    """The spans in a text that has lost so many characters at its start."""
    return [Span(span.start - by, span.end - by, span.kind) for span in dynamic]


def _merged(dynamic: Sequence[Span], length: int) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(dynamic, key=lambda span: (span.start, span.end)):
        start, end = max(span.start, 0), min(span.end, length)
        if start >= end:
            continue
        if merged and start <= merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.start, max(end, last.end), span.kind if span.kind == last.kind else "")
        else:
            merged.append(Span(start, end, span.kind))
    return merged


def fills(literals: Sequence[str], actual: str, kinds: Sequence[str] = ()) -> bool:
    """Whether the whole text is the literal parts in order, with anything between two of them, or with a
    value of the kind that is stated for it."""
    first, *middle, last = literals
    if not actual.startswith(first):
        return False
    if any(kinds):
        return _fills_kinds(literals, actual, kinds)
    at = len(first)
    for literal in middle:
        found = actual.find(literal, at)
        if found < 0:
            return False
        at = found + len(literal)
    return len(actual) - at >= len(last) and actual.endswith(last)


def _fills_kinds(literals: Sequence[str], actual: str, kinds: Sequence[str]) -> bool:
    """All places at which each literal may stand; the first one need not be the right one."""
    ends = {len(literals[0])}
    for number, (literal, kind) in enumerate(zip(literals[1:], kinds, strict=True), 2):
        if number == len(literals):
            places = [len(actual) - len(literal)] if actual.endswith(literal) else []
        else:
            places = list(_places(literal, actual, min(ends)))
        ends = {
            place + len(literal)
            for place in places
            if any(_between(actual, end, place, kind) for end in ends if end <= place)
        }
        if not ends:
            return False
    return True


def _between(actual: str, start: int, end: int, kind: str) -> bool:
    return not kind or (end - start <= LONGEST and is_a(kind, actual[start:end]))


def _places(literal: str, text: str, start: int) -> Iterator[int]:
    at = text.find(literal, start)
    while at >= 0:
        yield at
        at = text.find(literal, at + 1)
