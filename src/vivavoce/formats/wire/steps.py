"""One played step on the wire: an entry of `executionResults` (testing-api.md 3.6)."""

from collections.abc import Sequence
from typing import Any

from vivavoce.domain.assertions.base import Finding
from vivavoce.domain.check import Check
from vivavoce.domain.suite import (
    Assertions,
    ContextAssertion,
    ExpectedOutput,
    FlowAssertion,
    TextAssertion,
)
from vivavoce.domain.verdict import OutputResult, StepResult, Verdict
from vivavoce.formats.suite_document import output_document

NOTHING_ASSERTED = Assertions(TextAssertion(False), FlowAssertion(False), ContextAssertion(False))
"""What an extra reply is held against (8.4)."""

NOT_JUDGED = OutputResult()

_STATUSES = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.ERROR: "notExecuted",  # its reason stands in the run's errorDetails (8.11)
    Verdict.NOT_EXECUTED: "notExecuted",
}


def execution_document(run_id: str, result: StepResult) -> dict[str, Any]:
    """What was said and what was expected, each output with the outcome of its assertions."""
    reply, step = result.reply, result.step
    document: dict[str, Any] = {
        "actualOutput": _actual_documents(result),
        "intents": reply.intents if reply else (),
        "faqs": reply.faqs if reply else (),
        "smalltalk": reply.smalltalk if reply else (),
        "input": step.input,
        "outputs": [
            _expected_document(expected, _judgement(result, position))
            for position, expected in enumerate(step.outputs)
        ],
    }
    if step.trigger is not None:
        document["event"] = step.trigger
    document["requestId"] = f"{run_id}{result.index}"
    document["nlpVersion"] = reply.nlp_version if reply else ""
    document["status"] = _STATUSES[result.verdict]
    _add_findings(document, result.findings)
    return document


def _actual_documents(result: StepResult) -> list[dict[str, Any]]:
    """Each output of the bot with the assertions that are held against its position."""
    expected = result.step.outputs
    documents = []
    for position, actual in enumerate(result.reply.outputs if result.reply else ()):
        at = _place(result, position)
        assertions = expected[at].assertions if at is not None and at < len(expected) else NOTHING_ASSERTED
        document = output_document(ExpectedOutput(actual.text, assertions, actual.metadata))
        documents.append(_with_outcomes(document, NOT_JUDGED if at is None else _judgement(result, at)))
    return documents


def _place(result: StepResult, actual: int) -> int | None:
    """Where the judgement of an actual output stands; None: outputs were free, and nothing asked for it."""
    if result.step.arrangement == "exact":
        return actual
    return next((at for at, judged in enumerate(result.outputs) if judged.actual == actual), None)


def _expected_document(expected: ExpectedOutput, judgement: OutputResult) -> dict[str, Any]:
    document = _with_outcomes(output_document(expected), judgement)
    if judgement.text_mismatch:
        document["textMismatch"] = True
    _add_findings(document, judgement.findings)
    return document


def _judgement(result: StepResult, position: int) -> OutputResult:
    return result.outputs[position] if position < len(result.outputs) else NOT_JUDGED


def _with_outcomes(document: dict[str, Any], judgement: OutputResult) -> dict[str, Any]:
    """Write the outcomes into an output's fresh document."""
    assertions = document["assertions"]
    # A suite that was never validated may leave open whether the flow counts; a result says what happened.
    assertions["flowLevel"] = {"enabled": judgement.flow.passed is not None} | assertions["flowLevel"]
    for name, check in (
        ("flowLevel", judgement.flow),
        ("text", judgement.text),
        ("context", judgement.context),
    ):
        _add_outcome(assertions[name], check)
    return document


def _add_outcome(assertion: dict[str, Any], check: Check) -> None:
    """`status` for the assertion and each of its entries, where they were evaluated (8.7)."""
    for entry, passed in zip(assertion["contains"], check.entries, strict=False):
        if passed is not None:
            entry["status"] = _outcome(passed)
    if check.passed is not None:
        assertion["status"] = _outcome(check.passed)


def _add_findings(document: dict[str, Any], findings: Sequence[Finding]) -> None:
    """Ours: how assertions of our own came out, where there are any; `status` says the rest to everybody."""
    if findings:
        document["findings"] = [_finding(each) for each in findings]


def _finding(finding: Finding) -> dict[str, Any]:
    """What says nothing is left out."""
    if finding.passed is None:
        status = "inconclusive" if finding.inconclusive else "notEvaluated"
    else:
        status = _outcome(finding.passed)
    document: dict[str, Any] = {"kind": finding.kind, "status": status}
    if finding.reason:
        document["reason"] = finding.reason
    if finding.note:
        document["note"] = finding.note
    if finding.soft:
        document["soft"] = True
    if finding.weight != 1:
        document["weight"] = finding.weight
    return document


def _outcome(passed: bool) -> str:
    return "passed" if passed else "failed"
