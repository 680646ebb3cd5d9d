"""`refusal`: the bot declines to do what it was asked."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.refusing import refusal_in
from vivavoce.domain.assertions.seeing import actual


class Refusal(Assertion, frozen=True, kw_only=True, tag="refusal"):
    """The text refuses (`refusing` says what counts as that, and where the limits are)."""

    def look(self, seen: Seen) -> Outcome:
        found = refusal_in(seen.text) if seen.outputs else None
        said = f"{actual(seen)}; it refuses with `{found}`" if found and self.negated else actual(seen)
        return Outcome(found is not None, "a refusal", said)
