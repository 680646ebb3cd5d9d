"""`number`: a number that stands in the text."""

import math
from decimal import Decimal
from typing import Literal

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.numerals import numbers_in
from vivavoce.domain.assertions.seeing import actual
from vivavoce.domain.assertions.wording import either


class Number(Assertion, frozen=True, kw_only=True, tag="number"):
    """One of the numbers in the text is `near`, give or take `within`.

    What counts as a number is said in `numerals`.
    """

    near: float
    within: float = 0.0
    decimal: Literal[".", ","] = "."

    def problems(self) -> list[str]:
        if not math.isfinite(self.near):
            return ["`near` is no finite number"]
        if not math.isfinite(self.within) or self.within < 0:
            return ["`within` is 0 or more"]
        return []

    def look(self, seen: Seen) -> Outcome:
        near, within = _exact(self.near), _exact(self.within)
        found = numbers_in(seen.text, self.decimal)
        held = any(abs(number - near) <= within for number in found)
        tolerance = f", give or take {_shown(within)}" if within else ""
        nearest = sorted(set(found), key=lambda number: abs(number - near))
        listed = either([_shown(number) for number in nearest]) if nearest else "none"
        noted = f"the numbers there: {listed}" if seen.outputs else ""
        return Outcome(held, f"the number {_shown(near)}{tolerance}", actual(seen), noted)


def _exact(value: float) -> Decimal:
    """As it was written: 0.1 is a tenth."""
    return Decimal(repr(value))


def _shown(number: Decimal) -> str:
    return f"{number.normalize() + 0:f}"
