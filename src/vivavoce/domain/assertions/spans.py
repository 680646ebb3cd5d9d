"""Texts with dynamic spans: parts whose value does not matter, cut out before comparing (8.6)."""

from collections.abc import Sequence

import msgspec


class Span(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a text whose value does not matter; Unicode code points, end exclusive (8.6)."""

    start: int
    end: int
    kind: str = ""  # number, amount, date, time, id, name: only values of it are accepted; empty: any


def pieces(text: str, dynamic: Sequence[Span]) -> list[str]:
    """The literal parts of a text around its dynamic spans, in order; one part more than there are spans.

    Spans that overlap or touch count as one; what lies outside the text is left out.
    """
    cut: list[str] = []
    at = 0
    for start, end in _merged(dynamic, len(text)):
        cut.append(text[at:start])
        at = end
    cut.append(text[at:])
    return cut


def _merged(dynamic: Sequence[Span], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for span in sorted(dynamic, key=lambda span: (span.start, span.end)):
        start, end = max(span.start, 0), min(span.end, length)
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def fills(literals: Sequence[str], actual: str) -> bool:
    """Whether the whole text is the literal parts in order, with anything between two of them."""
    first, *middle, last = literals
    if not actual.startswith(first):
        return False
    at = len(first)
    for literal in middle:
        found = actual.find(literal, at)
        if found < 0:
            return False
        at = found + len(literal)
    return len(actual) - at >= len(last) and actual.endswith(last)
