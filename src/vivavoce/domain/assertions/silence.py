"""`silence`: the bot says nothing."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.wording import quote


class Silence(Assertion, frozen=True, kw_only=True, tag="silence"):
    """There is no output at all; an output without a text is one."""

    whole_reply = True

    def look(self, seen: Seen) -> Outcome:
        actual = f"the bot said {quote(seen.text)}" if seen.outputs else "the bot said nothing"
        return Outcome(not seen.outputs, "silence", actual)
