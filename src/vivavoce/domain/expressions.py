"""Regular expressions of users: compiled once, refused where they could hurt, and always with a time limit.

They come from files that anybody may import, so an expression must not be able to stop the process: repeats
with a large lower bound are copied when an expression is compiled (`(((a{1000}){1000}){1000})` would take all
memory), and a recursive one has no bound at all.
"""

from functools import lru_cache

import regex

TIMEOUT_S = 0.5
"""For one expression against one text."""

_LONGEST = 4_000  # characters of an expression
_SHOWN = 200  # of them in a message
_COPIED = 200_000  # characters, when every repeat is written out: some 5 MB
_LARGE = 10_000  # characters, written out; of these only a few are kept
_KEPT = 2_048
_LARGE_KEPT = 64
_RECURSION = regex.compile(r"\(\?(?:R\)|[+-]?\d+\)|&|P>)")


class BadExpression(ValueError):
    """The expression cannot be used."""


class OutOfTime(Exception):
    """The expression had not enough time: whether it matches is not known."""


def compiled(expression: str) -> regex.Pattern[str]:
    """Raises BadExpression, with what is wrong as a sentence about the expression."""
    if len(expression) > _LONGEST:
        raise BadExpression(f"an expression of {len(expression)} characters is too long: at most {_LONGEST}")
    if "{" in expression and _copies(expression) * len(expression) > _LARGE:
        return _compiled_large(expression)
    return _compiled_small(expression)


def _compile(expression: str) -> regex.Pattern[str]:
    if (copies := _copies(expression)) > 1 and copies * len(expression) > _COPIED:
        raise BadExpression(
            f"{_named(expression)} repeats a part {copies} times, which takes too much memory"
        )
    if _RECURSION.search(expression):
        raise BadExpression(f"{_named(expression)} calls itself: recursion is not allowed")
    try:
        return regex.compile(expression, cache_pattern=False)
    except regex.error as error:
        raise BadExpression(f"{_named(expression)} is no regular expression: {error}") from error
    except (RecursionError, OverflowError, MemoryError) as error:
        raise BadExpression(f"{_named(expression)} is nested too deeply") from error


# A server's process compiles what anybody imports, for months.
_compiled_small = lru_cache(_KEPT)(_compile)
_compiled_large = lru_cache(_LARGE_KEPT)(_compile)


def search(expression: str, text: str) -> "regex.Match[str] | None":
    """The first match anywhere. Raises BadExpression, OutOfTime."""
    try:
        return compiled(expression).search(text, timeout=TIMEOUT_S)
    except (TimeoutError, MemoryError) as error:
        raise OutOfTime(_too_long(expression)) from error


def fullmatch(expression: str, text: str) -> "regex.Match[str] | None":
    """The match of the whole text. Raises BadExpression, OutOfTime."""
    try:
        return compiled(expression).fullmatch(text, timeout=TIMEOUT_S)
    except (TimeoutError, MemoryError) as error:
        raise OutOfTime(_too_long(expression)) from error


def _named(expression: str) -> str:
    return f"`{expression if len(expression) <= _SHOWN else expression[:_SHOWN] + '…'}`"


def _too_long(expression: str) -> str:
    return f"{_named(expression)} ran out of time ({TIMEOUT_S:g} s): write it without repeats within repeats"


_TOKEN = regex.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(|\)|\{(\d+)(?:,\d*)?\}", regex.DOTALL)


@lru_cache(_KEPT)
def _copies(expression: str) -> int:
    """How often a part is copied at most: the lower bounds of repeats, multiplied along their nesting.

    A quick look that errs on the side of more: sets of sets and comments are read as if they were none.
    """
    inner = [1]  # the most copies inside of each open group
    last = 1  # inside of what was just read, to which a repeat belongs
    for token in _TOKEN.finditer(expression):
        if token[1] is not None:
            last = min(last * max(int(token[1][:12]), 1), 10**15)
            inner[-1] = max(inner[-1], last)
        elif token[0] == "(":
            inner.append(1)
            last = 1
        elif token[0] == ")" and len(inner) > 1:
            last = inner.pop()
            inner[-1] = max(inner[-1], last)
        else:
            last = 1
    return max(inner)
