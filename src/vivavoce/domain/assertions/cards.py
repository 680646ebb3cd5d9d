"""`cards`: the cards, list elements and slides of a rich reply."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.titles import look_for, problems_of
from vivavoce.domain.rich import cards


class Cards(Assertion, frozen=True, kw_only=True, tag="cards"):
    """All of these titles stand on cards or list elements; others may stand there too.

    Case and inner white space count.
    """

    titles: tuple[str, ...]

    def problems(self) -> list[str]:
        return problems_of(self.titles)

    def look(self, seen: Seen) -> Outcome:
        return look_for(self.titles, cards(seen.templates), "card")
