"""What validation adds to a case: metadata and declared variations, never an expectation (3.3, 8.9)."""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec.structs import replace

from vivavoce.domain.assertions.flow import FLOW_FACTS, check_flow, expected_entry
from vivavoce.domain.output import Fact, Output, Reply
from vivavoce.domain.suite import (
    Assertions,
    ExpectedOutput,
    FlowAssertion,
    Step,
    TestCase,
    TextAssertion,
    TextEntry,
)
from vivavoce.domain.verdict import OutputResult, StepResult, Verdict

Note = tuple[Literal["warning", "error"], str, int]
"""A line for the log: level, message, 0-based step of the suite."""


def capture_case(
    case: TestCase, results: Sequence[StepResult], facts: frozenset[Fact]
) -> tuple[TestCase, list[Note]]:
    """The case as it is imported, and what its author should know.

    `results`: one for each step, in order. Steps that held get the actual outputs' metadata where the file
    carried none; all others stay as written and are warned about. Flow assertions that the file does not
    state are on where metadata (or an entry of theirs) is available and can be read, else off.
    """
    steps: list[Step] = []
    notes: list[Note] = []
    told: set[str] = set()
    for step, result in zip(case.steps, results, strict=True):
        if result.verdict is Verdict.PASSED and result.reply is not None:
            held = list(_pairs(step, result.reply, result))
            outputs = [_captured(expected, actual, judged, facts) for expected, actual, judged in held]
            notes.extend(_flow_notes(outputs, [actual for _, actual, _ in held], result, facts))
        else:
            outputs = [_settled(expected, facts) for expected in step.outputs]
            notes.append(("warning", _why(result), result.index))
        for warning in result.warnings:  # once a case: they are about the connector, not the step
            if warning not in told:
                told.add(warning)
                notes.append(("warning", warning, result.index))
        steps.append(replace(step, outputs=tuple(outputs)))
    return replace(case, steps=tuple(steps)), notes


def settled_case(case: TestCase, facts: frozenset[Fact]) -> TestCase:
    """The case as it is played without validation: flow assertions that the file does not state are on where
    it carries metadata (3.3) of which something can be read, else off."""
    steps = [
        replace(step, outputs=tuple(_settled(output, facts) for output in step.outputs))
        for step in case.steps
    ]
    return replace(case, steps=tuple(steps))


def _why(result: StepResult) -> str:
    if result.verdict is Verdict.ERROR:
        return f"the step could not be played: {result.error}"
    if result.verdict is Verdict.NOT_EXECUTED:
        return f"the step was not reached: {result.error}"
    return "the step does not hold, it is imported as written: " + "; ".join(result.reasons)


def _pairs(
    step: Step, reply: Reply, result: StepResult
) -> Iterator[tuple[ExpectedOutput, Output, OutputResult]]:
    """The expected outputs of a step that held, each with the actual one that it took."""
    for position, (expected, judged) in enumerate(zip(step.outputs, result.outputs, strict=False)):
        yield expected, reply.outputs[position if judged.actual is None else judged.actual], judged


def _captured(
    expected: ExpectedOutput, actual: Output, judged: OutputResult, facts: frozenset[Fact]
) -> ExpectedOutput:
    if expected.metadata:
        return _settled(expected, facts)
    text = _with_variations(expected, actual, judged)
    assertions = replace(expected.assertions, text=text)
    return _settled(replace(expected, assertions=assertions, metadata=actual.metadata), facts)


def _settled(expected: ExpectedOutput, facts: frozenset[Fact]) -> ExpectedOutput:
    """The output with its flow assertion on or off, as its metadata allows."""
    flow = expected.assertions.flow
    if flow.enabled is None:
        available = bool(expected.metadata or flow.contains) and not FLOW_FACTS.isdisjoint(facts)
        flow = FlowAssertion(available, flow.contains)
    metadata = expected.metadata
    single = metadata.is_standard_response or metadata.intent_type.casefold() in ("faq", "smalltalk")
    if flow.enabled and not flow.contains and single:
        entry = expected_entry(metadata)
        flow = FlowAssertion(True, (entry,) if entry.node_id else ())
    if flow == expected.assertions.flow:
        return expected
    assertions = Assertions(expected.assertions.text, flow, expected.assertions.context)
    return replace(expected, assertions=assertions)


def _with_variations(expected: ExpectedOutput, actual: Output, judged: OutputResult) -> TextAssertion:
    """The text assertion with what the bot's definition declares beside the output that an *equals* took."""
    text = expected.assertions.text
    entries = text.contains or ((TextEntry(expected.text),) if expected.text else ())
    held = judged.text.entries or (judged.text.passed,)
    exact = any(entry.match == "equals" and status for entry, status in zip(entries, held, strict=False))
    if not exact:
        return text
    known = {entry.text.strip() for entry in entries if entry.match == "equals"}
    added = [
        TextEntry(variation)
        for variation in dict.fromkeys(actual.variations)
        if variation.strip() and variation.strip() not in known
    ]
    return TextAssertion(text.enabled, (*entries, *added)) if added else text


def _flow_notes(
    outputs: Sequence[ExpectedOutput], actuals: Sequence[Output], result: StepResult, facts: frozenset[Fact]
) -> list[Note]:
    """Flow expectations that the file carried without stating whether they hold: they do from now on."""
    notes: list[Note] = []
    for position, (settled, actual) in enumerate(zip(outputs, actuals, strict=True)):
        check, _ = check_flow(settled.assertions.flow, settled.metadata, actual, facts)
        for reason in check.reasons:
            message = f"the step does not hold, it is imported as written: output {position + 1}: {reason}"
            notes.append(("warning", message, result.index))
    return notes
