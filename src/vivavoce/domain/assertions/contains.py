"""`contains`, `contains_all`: words that stand in the text, by the contract's rule (testing-api.md 8.5)."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.seeing import said_of
from vivavoce.domain.assertions.text import TextEntry, accepts, explain
from vivavoce.domain.assertions.words import blank


class Contains(Assertion, frozen=True, kw_only=True, tag="contains"):
    """One of the texts stands in what was said, or with `every` each of them.

    Words are compared without case, from the start of a word on, free at the end: `par` is in `party`.
    """

    texts: tuple[str, ...]
    every: bool = False

    def problems(self) -> list[str]:
        if not self.texts:
            return ["the list is empty: nothing would be contained"]
        if any(blank(text) for text in self.texts):
            return ["an empty text is never contained; to expect an empty reply, write `equals` or `silence`"]
        return []

    def look(self, seen: Seen) -> Outcome:
        said = said_of(seen)
        entries = self._entries()
        held = bool(seen.outputs) and any(accepts(entry, said) for entry in entries)
        if held is not self.negated:
            return Outcome(held)
        expected, actual, difference = explain(entries, said)
        if not seen.outputs:
            return Outcome(False, expected, "the bot said nothing")
        return Outcome(held, expected, f"the bot said {actual}", difference)

    def _entries(self) -> tuple[TextEntry, ...]:
        if self.every:
            return (TextEntry("", match="allOf", texts=self.texts),)
        return tuple(TextEntry(text, match="contains") for text in self.texts)
