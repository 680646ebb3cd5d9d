"""`intent`: what the bot took the user to mean."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.facts import unread, whole
from vivavoce.domain.assertions.wording import either, every, quote


class Intent(Assertion, frozen=True, kw_only=True, tag="intent"):
    """One of these was matched, by its name or its id; FAQs and small talk count as intents."""

    names: tuple[str, ...]

    def problems(self) -> list[str]:
        if not self.names:
            return ["the list is empty: nothing would match"]
        return ["an intent without a name is never matched"] if "" in self.names else []

    def look(self, seen: Seen) -> Outcome:
        if "intent" not in seen.facts:
            return unread("intent")
        matched = _matched(seen)
        wanted = f"the intent {either([quote(name) for name in self.names] or ['?'])}"
        actual = f"it was {every([quote(name) for name in matched])}" if matched else "none was matched"
        return Outcome(any(name in matched for name in self.names if name), wanted, actual)


def _matched(seen: Seen) -> tuple[str, ...]:
    """Everything that an intent of the reply is known by, in order."""
    found: dict[str, None] = {}
    for output in seen.outputs:
        found |= dict.fromkeys((output.intent, output.faq, output.smalltalk, output.metadata.intent_id))
    if whole(seen):
        found |= dict.fromkeys((*seen.reply.intents, *seen.reply.faqs, *seen.reply.smalltalk))
    found.pop("", None)
    return tuple(found)
