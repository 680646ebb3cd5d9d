"""The four outcomes, and the results of judged steps. They are never mixed."""

from enum import Enum

import msgspec

from vivavoce.domain.output import Reply
from vivavoce.domain.suite import Step


class Verdict(Enum):
    PASSED = "passed"
    FAILED = "failed"  # the bot is wrong
    ERROR = "error"  # connector, network, our fault
    NOT_EXECUTED = "notExecuted"


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one assertion of one output came out.

    `passed` None: not evaluated (disabled, or the connector cannot read the fact).
    `entries`: the same for each entry of the assertion, in order.
    `reasons`: one sentence a failure, with expected and actual.
    """

    passed: bool | None = None
    entries: tuple[bool | None, ...] = ()
    reasons: tuple[str, ...] = ()


NOT_EVALUATED = Check()


class OutputResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """The judgement of one position of a reply: expected output i against actual output i."""

    text: Check = NOT_EVALUATED
    flow: Check = NOT_EVALUATED
    context: Check = NOT_EVALUATED
    text_mismatch: bool = False  # accepted although the literal text differs from the recorded one (8.6)
    missing: bool = False  # the bot did not say it
    extra: bool = False  # the bot said more than expected

    @property
    def passed(self) -> bool:
        if self.missing or self.extra:
            return False
        # Spelt out: this is asked of every output of every step.
        return not (self.text.passed is False or self.flow.passed is False or self.context.passed is False)

    @property
    def reasons(self) -> tuple[str, ...]:
        return (*self.text.reasons, *self.flow.reasons, *self.context.reasons)


class StepResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step as it was played and judged. Self-contained: the suite may change afterwards."""

    index: int  # 0-based, over the whole run
    case: str
    step: Step
    verdict: Verdict
    reply: Reply | None = None  # None: no answer (error, or not executed)
    outputs: tuple[OutputResult, ...] = ()  # by position, as many as the longer of expected and actual
    error: str = ""  # why, when the verdict is ERROR or NOT_EXECUTED
    warnings: tuple[str, ...] = ()
    duration_ms: float = 0.0  # from sending to the end of the reply
    unit: int = 0  # index of its conversation in the run; tells cases of the same name apart

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason why the step did not pass, in order of the outputs."""
        if self.verdict is Verdict.PASSED:
            return ()
        found: list[str] = []
        for position, result in enumerate(self.outputs):
            found.extend(f"output {position + 1}: {reason}" for reason in result.reasons)
        if self.error:
            found.append(self.error)
        return tuple(found)
