"""`length`: how long the text is."""

from typing import Literal

import regex

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.seeing import actual

Unit = Literal["characters", "words", "sentences"]

_UNITS = {
    "characters": regex.compile(r"\X"),
    "words": regex.compile(r"\w+(?:['’.,:/@_-]\w+)*"),
    "sentences": regex.compile(r"\w.*?(?:[.!?…]+(?=\P{L}*(?:\s+[^\p{Ll}\s]|\s*$))|[。！？]|\n|$)"),
}

_LONGEST = 1_000_000  # no reply is longer, in whatever unit


class Length(Assertion, frozen=True, kw_only=True, tag="length"):
    """The text has at least `min` and at most `max` units."""

    min: int | None = None
    max: int | None = None
    unit: Unit = "characters"

    def problems(self) -> list[str]:
        least, most = self.min or 0, self.max
        if least < 0 or (most is not None and most < 0):
            return ["a length is 0 or more"]
        if most is None and least == 0:
            return ["every text is at least 0 long; give `max`, or a `min` over 0"]
        if most is not None and most < least:
            return [f"no text has at least {least} and at most {most} {self.unit}"]
        if max(least, most or 0) > _LONGEST:
            return [f"no reply has {_LONGEST} {self.unit}"]
        return []

    def look(self, seen: Seen) -> Outcome:
        count = measure(seen.text, self.unit)
        held = bool(seen.outputs) and count >= (self.min or 0) and (self.max is None or count <= self.max)
        said = f"{actual(seen)} ({count} {self.unit})" if seen.outputs else actual(seen)
        return Outcome(held, f"a text of {self._bounds()} {self.unit}", said)

    def _bounds(self) -> str:
        if self.max is None:
            return f"at least {self.min}"
        if not self.min:
            return f"at most {self.max}"
        return str(self.min) if self.min == self.max else f"{self.min} to {self.max}"


def measure(text: str, unit: Unit) -> int:
    """How many characters as people see them, words or sentences a text has."""
    return sum(1 for _ in _UNITS[unit].finditer(text))
