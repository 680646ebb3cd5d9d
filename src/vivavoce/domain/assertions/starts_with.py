"""`starts_with`, `ends_with`: how a text begins or ends."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.wording import either, quote


class StartsWith(Assertion, frozen=True, kw_only=True, tag="startsWith"):
    """The text begins with one of these, case and white space counting; outer white space is dropped."""

    texts: tuple[str, ...]

    def problems(self) -> list[str]:
        return _problems(self.texts)

    def look(self, seen: Seen) -> Outcome:
        wanted = either([quote(text) for text in self.texts])
        held = bool(seen.outputs) and any(seen.text.startswith(text) for text in self.texts)
        return Outcome(held, f"a text that starts with {wanted}", f"the bot said {quote(seen.text)}")


class EndsWith(Assertion, frozen=True, kw_only=True, tag="endsWith"):
    """The text ends with one of these, case and white space counting; outer white space is dropped."""

    texts: tuple[str, ...]

    def problems(self) -> list[str]:
        return _problems(self.texts)

    def look(self, seen: Seen) -> Outcome:
        wanted = either([quote(text) for text in self.texts])
        held = bool(seen.outputs) and any(seen.text.endswith(text) for text in self.texts)
        at = len(seen.text)
        return Outcome(held, f"a text that ends with {wanted}", f"the bot said {quote(seen.text, at)}")


def _problems(texts: tuple[str, ...]) -> list[str]:
    if not texts:
        return ["the list is empty: nothing would match"]
    return ["an empty text stands at the edge of every reply"] if "" in texts else []
