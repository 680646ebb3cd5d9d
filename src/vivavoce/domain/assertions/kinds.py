"""All kinds of our own assertions, as one type; a new kind is added here and nowhere else."""

from collections.abc import Iterator, Sequence
from typing import get_args

from msgspec.structs import replace

from vivavoce.domain.assertions.base import Assertion, Finding, Outcome, Seen
from vivavoce.domain.assertions.buttons import Buttons
from vivavoce.domain.assertions.cards import Cards
from vivavoce.domain.assertions.contains import Contains
from vivavoce.domain.assertions.context_values import ContextAbsent, ContextEquals, ContextPresent
from vivavoce.domain.assertions.date import Date
from vivavoce.domain.assertions.entities import HasEntities
from vivavoce.domain.assertions.equals import Equals
from vivavoce.domain.assertions.intent import Intent
from vivavoce.domain.assertions.json_equals import JsonEquals
from vivavoce.domain.assertions.json_path import JsonPath
from vivavoce.domain.assertions.json_schema import JsonSchema
from vivavoce.domain.assertions.json_subset import JsonSubset
from vivavoce.domain.assertions.judge import MeetsCriterion
from vivavoce.domain.assertions.language import LanguageIs
from vivavoce.domain.assertions.latency import Latency
from vivavoce.domain.assertions.length import Length
from vivavoce.domain.assertions.node import Node
from vivavoce.domain.assertions.number import Number
from vivavoce.domain.assertions.prompt import Prompt
from vivavoce.domain.assertions.refusal import Refusal
from vivavoce.domain.assertions.regex import Regex
from vivavoce.domain.assertions.replies import Replies
from vivavoce.domain.assertions.silence import Silence
from vivavoce.domain.assertions.similar import Similar
from vivavoce.domain.assertions.starts_with import EndsWith, StartsWith
from vivavoce.domain.assertions.tools import Tools
from vivavoce.domain.assertions.transitions import Transitions
from vivavoce.domain.assertions.usage import Cost, Tokens
from vivavoce.domain.questions import Question


class AnyOf(Assertion, frozen=True, kw_only=True, tag="anyOf"):
    """One of the groups holds whole: every assertion of it, its negation counted."""

    groups: "tuple[tuple[AnyAssertion, ...], ...]"

    def questions(self, seen: Seen) -> tuple[Question, ...]:
        return tuple(question for each in self._each() for question in each.questions(seen))

    def problems(self) -> list[str]:
        if not self.groups:
            return ["the list is empty: nothing would hold"]
        found = [problem for each in self._each() for problem in each.problems()]
        if not all(self.groups):
            found.append("a group without assertions holds for every reply")
        if any(each.soft or each.weight != 1 for each in self._each()):
            found.append("`soft` and `weight` belong to the whole, not to an assertion of a group")
        alone = [group[0] for group in self.groups if len(group) == 1]
        if any(replace(each, negated=not each.negated) in alone for each in alone):
            found.append("an assertion and its negation: every reply meets one of them")
        return found

    def look(self, seen: Seen) -> Outcome:
        groups = [[assertion.check(seen) for assertion in group] for group in self.groups]
        expected = f"one of {len(groups)} alternatives to hold"
        notes = "; ".join(finding.note for group in groups for finding in group if finding.note)
        for number, group in enumerate(groups, 1):
            if all(finding.passed for finding in group):
                return Outcome(True, expected, f"alternative {number} holds", note=notes)
        told = "; ".join(f"{number}: {_why(group)}" for number, group in enumerate(groups, 1))
        open_ = [group for group in groups if all(finding.passed is not False for finding in group)]
        if open_:
            unsure = any(finding.inconclusive for group in open_ for finding in group)
            return Outcome(
                None, expected, f"none of the alternatives is known to hold: {told}", "", notes, unsure
            )
        return Outcome(False, expected, f"none does: {told}", note=notes)

    def _each(self) -> "Iterator[AnyAssertion]":
        return (assertion for group in self.groups for assertion in group)


AnyAssertion = (
    StartsWith
    | EndsWith
    | Equals
    | Contains
    | Regex
    | Number
    | Date
    | Length
    | Refusal
    | JsonEquals
    | JsonSubset
    | JsonSchema
    | JsonPath
    | Buttons
    | Cards
    | Intent
    | Node
    | Transitions
    | Prompt
    | ContextEquals
    | ContextPresent
    | ContextAbsent
    | Replies
    | Silence
    | HasEntities
    | Latency
    | Tokens
    | Cost
    | Tools
    | MeetsCriterion
    | LanguageIs
    | Similar
    | AnyOf
)

KINDS: dict[str, type[Assertion]] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyAssertion)}
"""By the word that the wire and the store use."""


def _why(group: Sequence[Finding]) -> str:
    return "; ".join(finding.reason for finding in group if not finding.passed)
