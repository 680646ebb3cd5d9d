"""What every assertion of our own has in common: what it sees, what it finds, how it is negated.

The contract's three assertions (text, flow, context) stand beside these and keep the contract's rules.
A kind is a module with one struct: its fields are what the author writes, `look` is the pure judgement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

import msgspec

from vivavoce.domain.errors import InternalError
from vivavoce.domain.output import Fact, Output, Reply
from vivavoce.domain.questions import Answer, Question, Turn
from vivavoce.domain.template import flatten, parse_template


@dataclass(frozen=True)
class Seen:
    """What an assertion looks at: one output, or all outputs of a reply."""

    outputs: tuple[Output, ...]  # one; or all of the reply; none: silence
    reply: Reply
    facts: frozenset[Fact]  # what the connector can read
    today: date  # UTC, of the run's start
    duration_ms: float = 0.0  # of the step
    user: str = ""  # what was said to the bot
    transcript: tuple[Turn, ...] = ()  # the turns before
    answers: Mapping[Question, Answer] = field(default_factory=dict)

    @cached_property
    def raw(self) -> str:
        """What was said as it came; several outputs a line each."""
        return "\n".join(output.text for output in self.outputs)

    @cached_property
    def templates(self) -> tuple[Any, ...]:
        """The outputs that are JSON, decoded, in order."""
        found = (parse_template(output.text) for output in self.outputs)
        return tuple(template for template in found if template is not None)

    @cached_property
    def text(self) -> str:
        """What a person reads: templates flattened, several outputs a line each, no outer white space."""
        lines = []
        for output in self.outputs:
            template = parse_template(output.text)
            lines.append(output.text if template is None else flatten(template))
        return "\n".join(lines).strip()


class Outcome(msgspec.Struct, frozen=True):
    """How an assertion came out before its negation is taken into account.

    `held` None: it could not be evaluated, `actual` says why; `inconclusive`: it was, and nobody can say.
    """

    held: bool | None
    expected: str = ""  # as a noun phrase: `a text that contains "x"`
    actual: str = ""  # as a sentence: `the bot said "y"`
    difference: str = ""  # the differing words, where there are any
    note: str = ""  # kept also when it held: a judge's reason, a score
    inconclusive: bool = False


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one assertion of our own came out."""

    kind: str
    passed: bool | None  # None: not evaluated, or inconclusive
    reason: str = ""  # why it did not pass, with expected, actual and the differing words
    note: str = ""
    inconclusive: bool = False
    soft: bool = False  # a failure is a warning
    weight: float = 1.0

    @property
    def failed(self) -> bool:
        """Whether it makes its step fail."""
        return self.passed is False and not self.soft

    @property
    def undecided(self) -> bool:
        """Whether it keeps its step from passing although nothing is wrong with the bot."""
        return self.passed is None and not self.soft


class Assertion(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="kind",
    rename="camel",
    forbid_unknown_fields=True,
):
    """One thing that must hold of an output or of a whole reply."""

    whole_reply: ClassVar[bool] = False  # True: makes sense of a whole reply only, not of one output

    negated: bool = False
    soft: bool = False
    weight: float = 1.0

    def questions(self, seen: Seen) -> tuple[Question, ...]:
        """What must be asked before `look`; most kinds ask nothing."""
        return ()

    def problems(self) -> list[str]:
        """What is wrong with it as it was written: an expression that cannot be compiled, an empty list, a
        bound that every reply meets."""
        return []

    def look(self, seen: Seen) -> Outcome:
        """The judgement, pure."""
        raise InternalError(f"{type(self).__name__} does not say how it judges")

    def check(self, seen: Seen) -> Finding:
        """The judgement with negation, softness and weight."""
        outcome = self.look(seen)
        held = outcome.held
        passed = held if held is None else held is not self.negated
        return Finding(
            kind=str(self.__struct_config__.tag),
            passed=passed,
            reason="" if passed else self._reason(outcome),
            note=outcome.note,
            inconclusive=outcome.inconclusive,
            soft=self.soft,
            weight=self.weight,
        )

    def _reason(self, outcome: Outcome) -> str:
        if outcome.held is None:
            return outcome.actual
        wanted = f"did not expect {outcome.expected}" if self.negated else f"expected {outcome.expected}"
        difference = "" if self.negated or not outcome.difference else f"; {outcome.difference}"
        return f"{wanted}, but {outcome.actual}{difference}"
