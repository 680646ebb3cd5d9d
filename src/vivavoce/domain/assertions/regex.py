"""`matches`, `finds`: regular expressions, with a limit on their time."""

from vivavoce.domain import expressions
from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.seeing import actual
from vivavoce.domain.assertions.wording import either
from vivavoce.domain.expressions import BadExpression, OutOfTime

_DISSIMILAR = (
    "a",
    "7",
    "!",
    "\N{WAVING HAND SIGN}",
    "日本語",
    "Yes, the 2nd one: 1,234.50 €?",
    "x" * 5_000,
)
"""No expression that says something about a reply matches all of them: not even one of any single line."""


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
        found = []
        for pattern in self.patterns:
            try:
                expressions.compiled(pattern)
            except BadExpression as error:
                found.append(str(error))
        return found or self._meets_everything()

    def look(self, seen: Seen) -> Outcome:
        wanted = either([f"`{pattern}`" for pattern in self.patterns])
        expected = f"a text in which {wanted} is found" if self.anywhere else f"a text that matches {wanted}"
        if not seen.outputs:
            return Outcome(False, expected, actual(seen))
        try:
            held = self._held(seen.text)
        except (BadExpression, OutOfTime) as error:
            return Outcome(None, expected, str(error))
        return Outcome(held, expected, actual(seen))

    def _held(self, text: str) -> bool:
        """OutOfTime: none matched, and one of them had not enough time."""
        match = expressions.search if self.anywhere else expressions.fullmatch
        late: OutOfTime | None = None
        for pattern in self.patterns:
            try:
                if match(pattern, text) is not None:
                    return True
            except OutOfTime as error:
                late = error
        if late is not None:
            raise late
        return False

    def _meets_everything(self) -> list[str]:
        try:
            meets = all(self._held(text) for text in _DISSIMILAR)
        except OutOfTime as error:
            return [str(error)]
        shown = either([f"`{pattern}`" for pattern in self.patterns])
        return [f"{shown} matches every text: say what must stand there"] if meets else []
