"""Conversation suites as the wire's suite document, without loss (testing-api.md 3.2, 3.3, 8.1).

Keys stand in the order of the contract's samples; keys of our own appear only where they say something.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from vivavoce.domain.catalog import Suite
from vivavoce.domain.output import Metadata
from vivavoce.domain.suite import (
    Assertions,
    ContextEntry,
    ExpectedOutput,
    FlowEntry,
    Span,
    Step,
    SuiteHead,
    TestCase,
    TextEntry,
)
from vivavoce.formats.places import Findings
from vivavoce.formats.shape import fit
from vivavoce.formats.suite_own import case_keys, step_keys
from vivavoce.formats.suite_shapes import StepShape
from vivavoce.formats.suite_steps import step_of
from vivavoce.formats.times import wire_time

_CHUNK = 1 << 16
_encode = msgspec.json.Encoder().encode


def suite_document(
    suite: Suite, cases: Iterable[TestCase], *, account_id: str, stream_id: str
) -> Iterator[bytes]:
    """The whole document as compact JSON, in chunks of about 64 KiB; one case is held at a time."""
    head = suite.head
    opening = {
        "schedule": {"enableSchedule": False},
        "channel": "rtm",
        "tags": head.tags,
        "recentTags": (),
        "metadataAvailable": head.metadata_available,
        "name": head.name,
        "description": head.description,
        "preprocessor": head.preprocessor,
        **_own_head_keys(head),
        "serviceMap": (),
        "authProfiles": (),
        "streamId": stream_id,
        "accountId": account_id,
        "lModBy": suite.modified_by,
        "createdBy": suite.created_by,
    }
    closing = {
        "_id": suite.id,
        "createdOn": wire_time(suite.created_on),
        "lModOn": wire_time(suite.modified_on),
        "__v": max(suite.revision - 1, 0),
    }
    chunk = bytearray(_encode(opening)[:-1] + b',"testSteps":[')
    separator = b""
    for document in step_documents(cases):
        chunk += separator + _encode(document)
        separator = b","
        if len(chunk) >= _CHUNK:
            yield bytes(chunk)
            chunk.clear()
    chunk += b"]," + _encode(closing)[1:]
    yield bytes(chunk)


def step_documents(cases: Iterable[TestCase]) -> Iterator[dict[str, Any]]:
    """The steps of all cases, in order."""
    for case_index, case in enumerate(cases):
        for step_index, step in enumerate(case.steps):
            first = step_index == 0
            yield step_document(step, case, first, new_session=first and case_index > 0)


def step_document(step: Step, case: TestCase, first_of_case: bool, new_session: bool) -> dict[str, Any]:
    """One step. `new_session`: it begins a further case of its suite."""
    document: dict[str, Any] = {
        "input": step.input,
        "outputs": [output_document(output) for output in step.outputs],
    }
    if step.trigger is not None:
        document["event"] = step.trigger
    document |= step_keys(step)
    if case.name:
        document["testCase"] = case.name
    if new_session:
        document["newSession"] = True
    if first_of_case:
        document |= _case_notes(case)
    return document


def output_document(output: ExpectedOutput) -> dict[str, Any]:
    """One expected output; every part of the answer is the caller's to change."""
    document = {
        "text": output.text,
        **_metadata_document(output.metadata),
        "assertions": assertions_document(output.assertions),
    }
    return {**document, "also": msgspec.to_builtins(output.also)} if output.also else document


def assertions_document(assertions: Assertions) -> dict[str, Any]:
    """`enabled` is absent from a flow assertion that nobody has stated yet (validation does)."""
    flow, text, context = assertions.flow, assertions.text, assertions.context
    flow_level: dict[str, Any] = {} if flow.enabled is None else {"enabled": flow.enabled}
    flow_level["contains"] = [_flow_entry(entry) for entry in flow.contains]
    return {
        "flowLevel": flow_level,
        "text": {
            "enabled": text.enabled,
            "contains": [text_entry_document(entry) for entry in text.contains],
        },
        "context": {
            "enabled": context.enabled,
            "contains": [_context_entry(entry) for entry in context.contains],
        },
    }


def read_step(document: Mapping[str, Any]) -> Step:
    """The step of a step document. Raises Malformed with JSON paths below the step."""
    findings = Findings()
    fitted = fit(dict(document), StepShape, (), findings)
    findings.raise_if_any()
    step = step_of(msgspec.convert(fitted, StepShape), (), findings)
    findings.raise_if_any()
    return step


def _own_head_keys(head: SuiteHead) -> dict[str, Any]:
    stated = {
        "botName": head.bot_name,
        "welcomeMessageCount": head.welcome_message_count,
        "discardMessage": head.discard_message,
        "language": head.language,
    }
    return {key: value for key, value in stated.items() if value}


def _case_notes(case: TestCase) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "preprocessor": case.preprocessor,
        "tags": list(case.tags),
        "description": case.description,
    }
    notes = {key: value for key, value in stated.items() if value}
    if case.discard_before is not None:
        notes["discardBefore"] = case.discard_before
    return notes | case_keys(case)


def _metadata_document(metadata: Metadata) -> dict[str, Any]:
    where: dict[str, Any] = {
        "nodeId": metadata.node_id,
        "componentType": metadata.component_type,
        "intentId": metadata.intent_id,
        "nodeName": metadata.node_name,
        "intentType": metadata.intent_type,
        "taskId": metadata.task_id,
        "dialogName": metadata.dialog_name,
        "transitions": list(metadata.transitions),
        "transitionNodeNames": list(metadata.transition_node_names),
        "transitionNodeType": list(metadata.transition_node_type),
    }
    if metadata.is_standard_response or metadata.category or metadata.user_prompts:
        standard: dict[str, Any] = {
            "category": metadata.category,
            "isStandardResponse": metadata.is_standard_response,
            "userPrompts": list(metadata.user_prompts),
        }
        where = standard | {key: value for key, value in where.items() if value}
    if metadata.prompt_type:
        where["promptType"] = metadata.prompt_type
    return where


def text_entry_document(entry: TextEntry) -> dict[str, Any]:
    """An entry of a text assertion's `contains`."""
    document: dict[str, Any] = {"text": entry.text}
    if entry.match != "equals":
        document["match"] = entry.match
    if entry.texts:
        document["texts"] = list(entry.texts)
    if entry.dynamic:
        document["dynamic"] = [_span(span) for span in entry.dynamic]
    if entry.dynamic_paths:
        document["dynamicPaths"] = list(entry.dynamic_paths)
    return document


def _span(span: Span) -> dict[str, Any]:
    document: dict[str, Any] = {"start": span.start, "end": span.end}
    return {**document, "kind": span.kind} if span.kind else document


def _flow_entry(entry: FlowEntry) -> dict[str, Any]:
    stated = {
        "intentId": entry.intent_id,
        "nodeId": entry.node_id,
        "transitions": None if entry.transitions is None else list(entry.transitions),
        "promptType": entry.prompt_type,
    }
    return {key: value for key, value in stated.items() if value is not None}


def _context_entry(entry: ContextEntry) -> dict[str, Any]:
    return {"key": entry.key, "value": entry.value}
