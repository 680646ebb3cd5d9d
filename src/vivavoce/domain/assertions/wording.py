"""How reasons are worded: texts quoted short enough to read, and where two of them part."""

from collections.abc import Sequence
from typing import Any

import msgspec

from vivavoce.domain.json_values import Difference, show_path

_SHOWN = 120  # characters of a quoted text
_BEFORE = 40  # of them before the place that matters
_LISTED = 4  # texts of a list
_ESCAPES = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t"})


def quote(text: str, around: int = 0) -> str:
    """The text in quotes, cut to a readable length around a position."""
    if len(text) > _SHOWN:
        start = max(0, min(around - _BEFORE, len(text) - _SHOWN))
        end = start + _SHOWN
        text = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return f'"{text.translate(_ESCAPES)}"'


def show(value: Any) -> str:
    """A JSON value, cut to a readable length."""
    if isinstance(value, str):
        return quote(value)
    try:
        text = msgspec.json.encode(value).decode()
    except (TypeError, ValueError, RecursionError):  # not JSON, or too deep: shown all the same
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def either(choices: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`; a long list is cut."""
    if len(choices) > _LISTED:
        return ", ".join(choices[:_LISTED]) + f" or {len(choices) - _LISTED} more"
    *first, last = choices
    return f"{', '.join(first)} or {last}" if first else last


def every(choices: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; a long list is cut."""
    if len(choices) > _LISTED:
        return ", ".join(choices[:_LISTED]) + f" and {len(choices) - _LISTED} more"
    *first, last = choices
    return f"{', '.join(first)} and {last}" if first else last


def parting(expected: str, actual: str) -> int:
    """The first position at which two texts differ."""
    for position, (left, right) in enumerate(zip(expected, actual, strict=False)):
        if left != right:
            return position
    return min(len(expected), len(actual))


def show_difference(found: Difference) -> str:
    """`they differ at $.a: "x" was expected, "y" stands there`."""
    expected = f"{show(found.expected)} was expected" if found.expected_present else "nothing was expected"
    actual = f"{show(found.actual)} stands there" if found.actual_present else "nothing stands there"
    return f"they differ at {show_path(found.path)}: {expected}, {actual}"
