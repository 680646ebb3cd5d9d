"""`equals`, `one_of`: the text is one of these, by the contract's rule (testing-api.md 8.5, 8.6)."""

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.seeing import said_of
from vivavoce.domain.assertions.spans import cut, shift
from vivavoce.domain.assertions.text import TextEntry, accepts, explain
from vivavoce.domain.assertions.value_kinds import VALUE_KINDS
from vivavoce.domain.json_values import parse_path


class Equals(Assertion, frozen=True, kw_only=True, tag="equals"):
    """The text is one of the entries, exactly but for outer white space, line endings and dynamic parts.

    An expectation that is JSON is compared as JSON with a reply of one output; a template is read as its
    texts and titles by a plain expectation.
    """

    entries: tuple[TextEntry, ...]

    def problems(self) -> list[str]:
        if not self.entries:
            return ["the list is empty: nothing would match"]
        return [problem for entry in self.entries for problem in _problems(entry)]

    def look(self, seen: Seen) -> Outcome:
        said = said_of(seen)
        held = bool(seen.outputs) and any(accepts(entry, said) for entry in self.entries)
        if held is not self.negated:
            return Outcome(held)
        expected, actual, difference = explain(self.entries, said)
        if not seen.outputs:
            return Outcome(False, expected, "the bot said nothing")
        return Outcome(held, expected, f"the bot said {actual}", difference)


def _open(entry: TextEntry) -> bool:
    literals, kinds = cut(
        entry.text.strip(), shift(entry.dynamic, len(entry.text) - len(entry.text.lstrip()))
    )
    return not any(literals) and not all(kinds)


def _problems(entry: TextEntry) -> list[str]:
    found = []
    if entry.match != "equals" or entry.texts:
        found.append("its entries are texts with dynamic parts; `match` and `texts` belong to other kinds")
    if entry.dynamic and _open(entry):
        found.append(f"all of `{entry.text}` is dynamic: every reply would match")
    unknown = sorted({span.kind for span in entry.dynamic if span.kind} - set(VALUE_KINDS))
    found.extend(f"`{kind}` is no kind of value: one of {', '.join(VALUE_KINDS)}" for kind in unknown)
    for path in entry.dynamic_paths:
        if parse_path(path) is None:
            found.append(f"the dynamic path `{path}` is no plain JSONPath (`$.payload.elements[0].title`)")
    return found
