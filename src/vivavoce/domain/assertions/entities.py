"""`entities`: what the bot recognised in the user's words."""

from typing import Any

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.facts import unread
from vivavoce.domain.assertions.wording import every, show
from vivavoce.domain.json_values import same


class HasEntities(Assertion, frozen=True, kw_only=True, tag="entities"):
    """Each of these values was found for its entity, compared strictly as JSON; others may be found too."""

    whole_reply = True

    values: dict[str, tuple[Any, ...]]

    def problems(self) -> list[str]:
        if not self.values:
            return ["no entity is given: every reply would match"]
        empty = [name for name, wanted in self.values.items() if not wanted]
        return [f"no value is given for the entity {every(empty)}: every reply would match"] if empty else []

    def look(self, seen: Seen) -> Outcome:
        if "entities" not in seen.facts:
            return unread("entities")
        found = seen.reply.entities
        wanted = [(name, value) for name, values in self.values.items() for value in values]
        missing = [
            _named(name, value)
            for name, value in wanted
            if not any(each.name == name and same(value, each.value) for each in found)
        ]
        shown = every([_named(each.name, each.value) for each in found] or ["nothing"])
        expected = "to find " + every([_named(name, value) for name, value in wanted] or ["?"])
        lacking = f"missing: {every(missing)}" if found and missing else ""
        return Outcome(bool(wanted) and not missing, expected, f"the bot found {shown}", lacking)


def _named(name: str, value: Any) -> str:
    return f"{name} {show(value)}"
