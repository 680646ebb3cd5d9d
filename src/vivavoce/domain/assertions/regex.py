"""`matches`, `finds`: regular expressions, with a limit on their time."""

from functools import lru_cache

import regex

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.seeing import actual
from vivavoce.domain.assertions.wording import either

_TIMEOUT_S = 0.5  # for one expression against one text
_LONGEST = 4_000  # characters of an expression

_DISSIMILAR = (
    "",
    "a",
    "7",
    "!",
    " \t",
    "Yes, the 2nd one: 1,234.50 €?",
    "Übermut\nin zwei Zeilen",
    "日本語のテキスト",
    "x" * 5_000,
)
"""No expression that says something matches all of them."""


class Regex(Assertion, frozen=True, kw_only=True, tag="regex"):
    """One of the expressions matches the whole text, or with `anywhere` a part of it.

    The expressions are those of the `regex` library: Python's, and more. Case counts (`(?i)` otherwise), `.`
    is no line end (`(?s)` otherwise). One that runs out of time gives no verdict.
    """

    patterns: tuple[str, ...]
    anywhere: bool = False

    def problems(self) -> list[str]:
        if not self.patterns:
            return ["the list is empty: nothing would match"]
        found = [problem for pattern in self.patterns for problem in _problems(pattern)]
        if not found and all(self._held(text) for text in _DISSIMILAR):
            shown = either([f"`{pattern}`" for pattern in self.patterns])
            found.append(f"{shown} matches every text; anchor it, or ask for at least one character")
        return found

    def look(self, seen: Seen) -> Outcome:
        where = "in which" if self.anywhere else "of which the whole"
        wanted = either([f"`{pattern}`" for pattern in self.patterns])
        expected = f"a text {where} {wanted} {'is found' if self.anywhere else 'matches'}"
        if not seen.outputs:
            return Outcome(False, expected, actual(seen))
        try:
            held = self._held(seen.text)
        except regex.error as error:
            return Outcome(None, expected, f"the expression cannot be compiled: {error}")
        except TimeoutError:
            return Outcome(
                None,
                expected,
                f"{wanted} ran out of time ({_TIMEOUT_S:g} s): write it without nested repeats",
            )
        return Outcome(held, expected, actual(seen))

    def _held(self, text: str) -> bool:
        """TimeoutError: none matched, and one of them had not enough time."""
        late: TimeoutError | None = None
        for pattern in self.patterns:
            expression = _compiled(pattern)
            match = expression.search if self.anywhere else expression.fullmatch
            try:
                if match(text, timeout=_TIMEOUT_S) is not None:
                    return True
            except TimeoutError as error:
                late = error
        if late is not None:
            raise late
        return False


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern)


def _problems(pattern: str) -> list[str]:
    if len(pattern) > _LONGEST:
        return [f"the expression has {len(pattern)} characters; at most {_LONGEST} are read"]
    try:
        _compiled(pattern)
    except regex.error as error:
        return [f"`{pattern}` is no regular expression: {error}"]
    return []
