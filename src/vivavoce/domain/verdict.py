"""The four outcomes, and the results of judged steps. They are never mixed."""

from enum import Enum

import msgspec

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.check import NOT_EVALUATED, Check
from vivavoce.domain.output import Reply
from vivavoce.domain.suite import Step
from vivavoce.domain.values.variables import Values


class Verdict(Enum):
    PASSED = "passed"
    FAILED = "failed"  # the bot is wrong
    ERROR = "error"  # connector, network, our fault
    NOT_EXECUTED = "notExecuted"


class OutputResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """The judgement of one position of a reply: expected output i against actual output i."""

    text: Check = NOT_EVALUATED
    flow: Check = NOT_EVALUATED
    context: Check = NOT_EVALUATED
    text_mismatch: bool = False  # accepted although the literal text differs from the recorded one (8.6)
    missing: bool = False  # the bot did not say it
    extra: bool = False  # the bot said more than expected
    findings: tuple[Finding, ...] = ()  # of the output's own assertions (`also`), in order
    actual: int | None = None  # the actual output's position, where the arrangement is not exact

    @property
    def passed(self) -> bool:
        if self.missing or self.extra:
            return False
        # Spelt out: this is asked of every output of every step.
        if self.text.passed is False or self.flow.passed is False or self.context.passed is False:
            return False
        return not (self.findings and any(finding.failed for finding in self.findings))

    @property
    def reasons(self) -> tuple[str, ...]:
        found = (*self.text.reasons, *self.flow.reasons, *self.context.reasons)
        return (*found, *(one.reason for one in self.findings if one.failed)) if self.findings else found


class Exchange(msgspec.Struct, frozen=True):
    """Evidence: a turn as it went over the wire; secrets masked, long parts cut (the cut says so)."""

    request: str
    reply: str  # empty: none came


class StepResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step as it was played and judged. Self-contained: the suite may change afterwards.

    `step` is as it was said: `{{name}}` replaced by its value; `${VIVA_BOT_...}` never is.
    """

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
    repeat: int = 0  # 0-based, of a run that plays each case several times
    findings: tuple[Finding, ...] = ()  # of the step's own assertions, about the whole reply
    values: Values | None = None  # what `{{name}}` stood for when the step was said; None: it used none
    evidence: Exchange | None = None  # of a step that failed or is in error
    tolerated: bool = False  # it did not hold, but its case met its threshold

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason why the step did not pass, in order of the outputs."""
        if self.verdict is Verdict.PASSED:
            return ()
        found: list[str] = []
        for position, result in enumerate(self.outputs):
            found.extend(f"output {position + 1}: {reason}" for reason in result.reasons)
        found.extend(one.reason for one in self.findings if one.failed)
        if self.error:
            found.append(self.error)
        return tuple(found)
