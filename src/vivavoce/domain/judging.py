"""The judgement of one step: a reply against the outputs that it must be (testing-api.md 3.3, 8.4)."""

from vivavoce.domain.assertions.context import check_context
from vivavoce.domain.assertions.flow import check_flow
from vivavoce.domain.assertions.text import check_text
from vivavoce.domain.assertions.wording import quote
from vivavoce.domain.output import Fact, Output, Reply
from vivavoce.domain.suite import ExpectedOutput, Step
from vivavoce.domain.verdict import NOT_EVALUATED, Check, OutputResult, StepResult, Verdict


def judge_step(
    index: int, case: str, step: Step, reply: Reply, facts: frozenset[Fact], duration_ms: float
) -> StepResult:
    """Compare every expected output with the actual one at its place; all failures are kept.

    `facts`: what the connector can read. No expected outputs: silence is expected.
    """
    expected, actual = step.outputs, reply.outputs
    warnings: list[str] = []
    results = [
        _judge(wanted, output, reply, facts, warnings)
        for wanted, output in zip(expected, actual, strict=False)
    ]
    results.extend(_missing(wanted) for wanted in expected[len(actual) :])
    results.extend(_extra(output) for output in actual[len(expected) :])
    wrong = [result for result in results if not result.passed]
    return StepResult(
        index=index,
        case=case,
        step=step,
        verdict=Verdict.FAILED if wrong else Verdict.PASSED,
        reply=reply,
        outputs=tuple(results),
        warnings=tuple(dict.fromkeys(warnings)) if warnings else (),
        duration_ms=duration_ms,
    )


def step_in_error(index: int, case: str, step: Step, error: str, duration_ms: float = 0.0) -> StepResult:
    """A step whose answer could not be had: neither passed nor failed."""
    return StepResult(
        index=index, case=case, step=step, verdict=Verdict.ERROR, error=error, duration_ms=duration_ms
    )


def step_not_executed(index: int, case: str, step: Step, reason: str) -> StepResult:
    """A step that was not sent."""
    return StepResult(index=index, case=case, step=step, verdict=Verdict.NOT_EXECUTED, error=reason)


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


def _missing(expected: ExpectedOutput) -> OutputResult:
    assertions = expected.assertions
    reason = f"expected {quote(expected.text)}, but the bot said nothing here"
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
