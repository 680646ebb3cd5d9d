"""The judgement of one step: a reply against the outputs that it must be (testing-api.md 3.3, 8.4), and
against assertions of our own about the whole of it. A step that cannot capture what it must does not hold.

Judging is pure. What only a model can tell is asked beforehand (`questions`) and handed in as answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from vivavoce.domain.arranging import pairs
from vivavoce.domain.assertions.base import Finding, Seen
from vivavoce.domain.assertions.context import check_context
from vivavoce.domain.assertions.flow import check_flow
from vivavoce.domain.assertions.text import check_text
from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.check import NOT_EVALUATED, Check
from vivavoce.domain.output import Fact, Output, Reply
from vivavoce.domain.questions import Answer, Question, Turn
from vivavoce.domain.suite import ExpectedOutput, Step
from vivavoce.domain.values.captures import capture
from vivavoce.domain.verdict import OutputResult, StepResult, Verdict


@dataclass(frozen=True)
class Circumstances:
    """What judging must know besides the reply: the day, what was said before, what a model said of it."""

    today: date = date.min  # UTC, of the run's start
    transcript: tuple[Turn, ...] = ()  # the turns before
    answers: dict[Question, Answer] = field(default_factory=dict)


PLAIN = Circumstances()


def judge_step(
    index: int,
    case: str,
    step: Step,
    reply: Reply,
    facts: frozenset[Fact],
    duration_ms: float,
    circumstances: Circumstances = PLAIN,
) -> StepResult:
    """Hold every expected output against the actual one at its place, then the assertions about the whole
    reply; all failures are kept.

    `facts`: what the connector can read. No expected outputs: silence is expected, unless the step leaves
    its outputs free. A step in which something is undecided and nothing failed is in error, never passed.
    """
    warnings: list[str] = []
    results: list[OutputResult] = []
    own = asks_more(step)
    if step.arrangement == "exact" and not own:
        _judge_in_place(step, reply, facts, results, warnings)
        findings: tuple[Finding, ...] = ()
    else:
        judging = _Judging(step, reply, facts, duration_ms, circumstances)
        results.extend(judging.outputs(warnings))
        findings = judging.findings()
    if step.captures:
        findings += capture(step.captures, reply, facts)[1]
    wrong = any(not result.passed for result in results) or any(finding.failed for finding in findings)
    verdict, error = (Verdict.FAILED, "") if wrong else (Verdict.PASSED, "")
    if own or findings:
        everything = [*findings, *(finding for result in results for finding in result.findings)]
        warnings.extend(_warnings(everything))
        undecided = [finding.reason for finding in everything if finding.undecided]
        if undecided and not wrong:
            verdict, error = Verdict.ERROR, "; ".join(dict.fromkeys(undecided))
    return StepResult(
        index=index,
        case=case,
        step=step,
        verdict=verdict,
        reply=reply,
        outputs=tuple(results),
        error=error,
        warnings=tuple(dict.fromkeys(warnings)) if warnings else (),
        duration_ms=duration_ms,
        findings=findings,
    )


def questions(
    step: Step, reply: Reply, facts: frozenset[Fact], duration_ms: float, circumstances: Circumstances = PLAIN
) -> tuple[Question, ...]:
    """What must be asked before this reply can be judged, each question once."""
    if not asks_more(step):
        return ()
    return tuple(dict.fromkeys(_Judging(step, reply, facts, duration_ms, circumstances).questions()))


def asks_more(step: Step) -> bool:
    """Whether a step has assertions of our own."""
    if step.assertions:
        return True
    for output in step.outputs:  # spelt out: this is asked of every step
        if output.also:
            return True
    return False


def step_in_error(index: int, case: str, step: Step, error: str, duration_ms: float = 0.0) -> StepResult:
    """A step whose answer could not be had: neither passed nor failed."""
    return StepResult(
        index=index, case=case, step=step, verdict=Verdict.ERROR, error=error, duration_ms=duration_ms
    )


def step_not_executed(index: int, case: str, step: Step, reason: str) -> StepResult:
    """A step that was not sent."""
    return StepResult(index=index, case=case, step=step, verdict=Verdict.NOT_EXECUTED, error=reason)


def _judge_in_place(
    step: Step, reply: Reply, facts: frozenset[Fact], results: list[OutputResult], warnings: list[str]
) -> None:
    """The contract's own way; apart from the general one because every turn of most suites goes it."""
    expected, actual = step.outputs, reply.outputs
    for wanted, output in zip(expected, actual, strict=False):
        results.append(_judge(wanted, output, reply, facts, warnings))
    results.extend(_missing(wanted) for wanted in expected[len(actual) :])
    results.extend(_extra(output) for output in actual[len(expected) :])


class _Judging:
    """A step and its reply, where outputs are arranged otherwise or assertions of our own are asked."""

    def __init__(
        self, step: Step, reply: Reply, facts: frozenset[Fact], duration_ms: float, around: Circumstances
    ) -> None:
        self._step = step
        self._reply = reply
        self._facts = facts
        self._duration_ms = duration_ms
        self._around = around

    def outputs(self, warnings: list[str]) -> Iterator[OutputResult]:
        for wanted, actual in self._pairs():
            if wanted is None:
                assert actual is not None, "a pair has at least one side"
                yield _extra_at(_extra(self._reply.outputs[actual]), actual)
                continue
            expected = self._step.outputs[wanted]
            if actual is None:
                yield self._missing(expected)
                continue
            output = self._reply.outputs[actual]
            result = _judge(expected, output, self._reply, self._facts, warnings)
            seen = self._seen((output,))
            yield OutputResult(
                text=result.text,
                flow=result.flow,
                context=result.context,
                text_mismatch=result.text_mismatch,
                findings=tuple(assertion.check(seen) for assertion in expected.also),
                actual=None if self._step.arrangement == "exact" else actual,
            )

    def findings(self) -> tuple[Finding, ...]:
        seen = self._seen(self._reply.outputs)
        return tuple(assertion.check(seen) for assertion in self._step.assertions)

    def questions(self) -> Iterator[Question]:
        for wanted, actual in self._pairs():
            if wanted is not None and actual is not None:
                seen = self._seen((self._reply.outputs[actual],))
                for assertion in self._step.outputs[wanted].also:
                    yield from assertion.questions(seen)
        seen = self._seen(self._reply.outputs)
        for assertion in self._step.assertions:
            yield from assertion.questions(seen)

    def _seen(self, outputs: tuple[Output, ...]) -> Seen:
        return Seen(
            outputs=outputs,
            reply=self._reply,
            facts=self._facts,
            today=self._around.today,
            duration_ms=self._duration_ms,
            user=self._step.input or self._step.trigger or "",
            transcript=self._around.transcript,
            answers=self._around.answers,
        )

    def _pairs(self) -> list[tuple[int | None, int | None]]:
        step, reply = self._step, self._reply
        return pairs(step.arrangement, len(step.outputs), len(reply.outputs), self._holds)

    def _holds(self, wanted: int, actual: int) -> bool:
        """Without what must be asked: no model is asked who belongs to whom."""
        expected, output = self._step.outputs[wanted], self._reply.outputs[actual]
        if not _judge(expected, output, self._reply, self._facts, []).passed:
            return False
        seen = self._seen((output,))
        return not any(
            assertion.check(seen).failed for assertion in expected.also if not assertion.questions(seen)
        )

    def _missing(self, expected: ExpectedOutput) -> OutputResult:
        if self._step.arrangement == "exact":
            return _missing(expected)
        said = " / ".join(quote(output.text) for output in self._reply.outputs) or "nothing"
        where = "nowhere in this order" if self._step.arrangement == "among" else "not"
        reason = f"expected {_wording(expected)}, but the bot said it {where}: it said {said}"
        return _missing(expected, reason)


def _extra_at(result: OutputResult, actual: int) -> OutputResult:
    """The result of an extra output, with its position."""
    return OutputResult(text=result.text, extra=True, actual=actual)


def _warnings(findings: list[Finding]) -> list[str]:
    """What soft assertions found."""
    return [f"soft: {finding.reason}" for finding in findings if finding.soft and finding.passed is not True]


def _judge(
    expected: ExpectedOutput, output: Output, reply: Reply, facts: frozenset[Fact], warnings: list[str]
) -> OutputResult:
    assertions = expected.assertions
    text, mismatch = check_text(assertions.text, expected.text, output.text)
    flow = context = NOT_EVALUATED
    if assertions.flow.enabled or assertions.flow.contains:
        flow, found = check_flow(assertions.flow, expected.metadata, output, facts)
        warnings.extend(found)
    if assertions.context.enabled or assertions.context.contains:
        context, found = check_context(assertions.context, reply.context, facts)
        warnings.extend(found)
    return OutputResult(text=text, flow=flow, context=context, text_mismatch=mismatch)


def _wording(expected: ExpectedOutput) -> str:
    return quote(expected.text) if expected.text else "a further output"


def _missing(expected: ExpectedOutput, reason: str = "") -> OutputResult:
    assertions = expected.assertions
    reason = reason or f"expected {_wording(expected)}, but the bot said nothing here"
    text = _unmet(assertions.text.enabled, len(assertions.text.contains))
    return OutputResult(
        text=Check(text.passed, text.entries, (reason,)),
        flow=_unmet(bool(assertions.flow.enabled), len(assertions.flow.contains)),
        context=_unmet(assertions.context.enabled, len(assertions.context.contains)),
        missing=True,
    )


def _unmet(enabled: bool, entries: int) -> Check:
    status = False if enabled else None
    return Check(status, (status,) * entries)


def _extra(output: Output) -> OutputResult:
    reason = f"the bot said {quote(output.text)}, but nothing more was expected"
    return OutputResult(text=Check(reasons=(reason,)), extra=True)
