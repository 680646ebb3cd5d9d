"""`json_equals`: a template is this JSON value."""

from typing import Any

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.payloads import no_payload, said
from vivavoce.domain.assertions.wording import show, show_difference
from vivavoce.domain.json_values import difference


class JsonEquals(Assertion, frozen=True, kw_only=True, tag="jsonEquals"):
    """One of the templates equals the value strictly as JSON; the order of keys does not count."""

    value: Any

    def problems(self) -> list[str]:
        return no_payload(self.value)

    def look(self, seen: Seen) -> Outcome:
        differences = [difference(self.value, template) for template in seen.templates]
        held = None in differences
        parting = differences[0] if len(differences) == 1 else None
        return Outcome(
            held,
            f"the JSON {show(self.value)}",
            said(seen),
            show_difference(parting) if parting is not None else "",
        )
