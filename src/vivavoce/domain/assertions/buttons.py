"""`buttons`: what a person can press."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.titles import look_for, problems_of
from vivavoce.domain.rich import buttons


class Buttons(Assertion, frozen=True, kw_only=True, tag="buttons"):
    """All of these titles stand on buttons, quick replies or choices; others may stand there too.

    Case and inner white space count.
    """

    titles: tuple[str, ...]

    def problems(self) -> list[str]:
        return problems_of(self.titles)

    def look(self, seen: Seen) -> Outcome:
        return look_for(self.titles, buttons(seen.templates), "button")
