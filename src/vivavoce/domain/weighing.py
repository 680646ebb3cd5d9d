"""A case's threshold: how much of it must hold for the case to pass all the same.

What counts: each of the contract's assertions that an output has, with weight 1; each assertion of our own
that is not soft, with its weight; an output that is missing, as if all of its assertions failed (1 at least);
one that is too much, as one that failed. What could not be judged counts as not passed, so that a case
passes for what is known only.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.suite import ExpectedOutput, Step
from vivavoce.domain.verdict import OutputResult, StepResult, Verdict

KIND = "threshold"  # of the finding that tells a missed one
Part = tuple[float, bool]
"""A weight, and whether it was reached."""

_ROUNDING = 1e-9  # 0.1 + 0.2 is no reason to miss 0.3


def weigh(threshold: float | None, results: Sequence[StepResult]) -> tuple[StepResult, ...]:
    """The results of a played case with its threshold taken into account.

    Met: its failed steps pass, marked as tolerated, their reasons as warnings; those in which something is
    undecided besides are in error. Missed: they tell the score. Errors and what was not executed stay as they
    are; where a failure (a missed capture) kept steps from being played, it stays one.
    """
    if threshold is None or not any(result.verdict is Verdict.FAILED for result in results):
        return tuple(results)
    score = score_of(results)
    if score + _ROUNDING >= threshold:
        verdicts = {result.verdict for result in results}
        if Verdict.NOT_EXECUTED in verdicts and Verdict.ERROR not in verdicts:
            return tuple(results)
        return tuple(_tolerated(one) if one.verdict is Verdict.FAILED else one for one in results)
    reason = f"the case reached {score:.2f} of its weights, its threshold is {threshold:.2f}"
    missed = Finding(KIND, False, reason)
    return tuple(
        replace(one, findings=(*one.findings, missed)) if one.verdict is Verdict.FAILED else one
        for one in results
    )


def score_of(results: Sequence[StepResult]) -> float:
    """The weighted share of what passed, 0 to 1; 1 where nothing is asserted."""
    parts = [part for result in results for part in _parts(result)]
    total = sum(weight for weight, _ in parts)
    return sum(weight for weight, reached in parts if reached) / total if total else 1.0


def _tolerated(result: StepResult) -> StepResult:
    warnings = (*result.warnings, *(f"tolerated: {reason}" for reason in result.reasons))
    findings = (*result.findings, *(one for output in result.outputs for one in output.findings))
    undecided = dict.fromkeys(finding.reason for finding in findings if finding.undecided)
    return replace(
        result,
        verdict=Verdict.ERROR if undecided else Verdict.PASSED,
        error="; ".join(undecided),
        tolerated=not undecided,
        warnings=tuple(dict.fromkeys(warnings)),
        evidence=result.evidence if undecided else None,
    )


def _parts(result: StepResult) -> Iterator[Part]:
    if result.reply is None:
        yield from _unjudged(result.step)
        return
    for position, output in enumerate(result.outputs):
        expected = result.step.outputs[position : position + 1]
        if output.missing and (parts := [part for one in expected for part in _unmet(one)]):
            yield from parts
        else:
            yield from _output_parts(output)
    yield from _finding_parts(result.findings)


def _output_parts(output: OutputResult) -> Iterator[Part]:
    if output.missing or output.extra:
        yield 1.0, False
        return
    for check in (output.text, output.flow, output.context):
        if check.passed is not None:
            yield 1.0, check.passed
    yield from _finding_parts(output.findings)


def _finding_parts(findings: Sequence[Finding]) -> Iterator[Part]:
    for finding in findings:
        if not finding.soft and finding.kind != KIND:
            yield finding.weight, finding.passed is True


def _unjudged(step: Step) -> Iterator[Part]:
    """What a step would have counted, none of it reached."""
    for output in step.outputs:
        yield from _unmet(output)
    for assertion in step.assertions:
        if not assertion.soft:
            yield assertion.weight, False


def _unmet(output: ExpectedOutput) -> Iterator[Part]:
    """What an expected output would have counted, none of it reached."""
    contract = output.assertions
    for enabled in (contract.text.enabled, contract.flow.enabled, contract.context.enabled):
        if enabled:
            yield 1.0, False
    for assertion in output.also:
        if not assertion.soft:
            yield assertion.weight, False
