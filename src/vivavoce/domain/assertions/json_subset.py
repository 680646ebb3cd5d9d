"""`json_subset`: a template holds at least this JSON."""

from typing import Any

from vivavoce.domain.assertions.base import Assertion, Outcome, Seen
from vivavoce.domain.assertions.payloads import no_payload, said
from vivavoce.domain.assertions.wording import show, show_difference
from vivavoce.domain.subset import lacking, nested_too_deeply


class JsonSubset(Assertion, frozen=True, kw_only=True, tag="jsonSubset"):
    """One of the templates holds at least what the value says.

    An object may have further keys; a list may have further items before, between and after the wanted ones,
    whose order counts; all else is compared strictly as JSON.
    """

    value: Any

    def problems(self) -> list[str]:
        if self.value in ({}, []):
            return [f"{show(self.value)} asks for nothing"]
        if nested_too_deeply(self.value):
            return ["the value is nested too deeply"]
        return no_payload(self.value)

    def look(self, seen: Seen) -> Outcome:
        if nested_too_deeply(self.value):
            return Outcome(None, actual="the value of `json_subset` is nested too deeply")
        differences = [lacking(self.value, template) for template in seen.templates]
        held = None in differences
        parting = differences[0] if len(differences) == 1 else None
        return Outcome(
            held,
            f"JSON that holds {show(self.value)}",
            said(seen),
            show_difference(parting) if parting is not None else "",
        )
