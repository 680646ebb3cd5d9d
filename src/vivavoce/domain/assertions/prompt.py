"""`prompt`: what kind of prompt the bot made."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.facts import unread
from vivavoce.domain.assertions.wording import either, every, quote


class Prompt(Assertion, frozen=True, kw_only=True, tag="prompt"):
    """An output is a prompt of one of these types, such as `userPrompt` or `errorPrompt`."""

    types: tuple[str, ...]

    def problems(self) -> list[str]:
        if not self.types:
            return ["the list is empty: nothing would match"]
        return ["a prompt type is never empty"] if "" in self.types else []

    def look(self, seen: Seen) -> Outcome:
        if "prompt" not in seen.facts:
            return unread("prompt")
        found = dict.fromkeys(kind for output in seen.outputs if (kind := output.metadata.prompt_type))
        wanted = f"a prompt of type {either([quote(kind) for kind in self.types] or ['?'])}"
        actual = f"it was {every([quote(kind) for kind in found])}" if found else "it was none"
        return Outcome(any(kind in found for kind in self.types), wanted, actual)
