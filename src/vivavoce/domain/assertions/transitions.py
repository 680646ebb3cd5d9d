"""`transitions`: the way through the bot's flow."""

from typing import Any

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.facts import unread
from vivavoce.domain.assertions.wording import either, show
from vivavoce.domain.json_values import same


class Transitions(Assertion, frozen=True, kw_only=True, tag="transitions"):
    """An output was reached by exactly these transitions, in this order."""

    ids: tuple[Any, ...]

    def problems(self) -> list[str]:
        return [] if self.ids else ["the list is empty: unknown transitions are empty too"]

    def look(self, seen: Seen) -> Outcome:
        if "transitions" not in seen.facts:
            return unread("transitions")
        taken = [output.metadata.transitions for output in seen.outputs]
        held = any(same(self.ids, each) for each in taken)
        shown = list(dict.fromkeys(show(list(each)) for each in taken if each))
        actual = f"they were {either(shown)}" if shown else "there were none"
        return Outcome(held, f"the transitions {show(list(self.ids))}", actual)
