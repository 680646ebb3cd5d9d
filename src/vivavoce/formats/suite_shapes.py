"""The shapes of conversation suite files as they stand in JSON (testing-api.md 3.2-3.4).

Every known key is a field; `Raw` marks known keys that are not read. An absent key and null are the same.
"""

from typing import Any

import msgspec


class Shape(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """An object of a suite file."""


class SpanShape(Shape):
    start: int
    end: int
    kind: str | None = None  # ours


class TextEntryShape(Shape):
    text: Any = None
    match: str | None = None
    texts: list[str] | None = None
    dynamic: list[SpanShape] | None = None
    dynamic_paths: list[str] | None = None
    status: msgspec.Raw = msgspec.Raw()
    text_mismatch: msgspec.Raw = msgspec.Raw()


class FlowEntryShape(Shape):
    intent_id: str | None = None
    node_id: str | None = None
    transitions: list[Any] | None = None
    prompt_type: str | None = None
    status: msgspec.Raw = msgspec.Raw()


class ContextEntryShape(Shape):
    key: str
    value: Any
    status: msgspec.Raw = msgspec.Raw()


class TextAssertionShape(Shape):
    enabled: bool | None = None
    contains: list[TextEntryShape] | None = None
    status: msgspec.Raw = msgspec.Raw()


class FlowAssertionShape(Shape):
    enabled: bool | None = None
    contains: list[FlowEntryShape] | None = None
    status: msgspec.Raw = msgspec.Raw()


class ContextAssertionShape(Shape):
    enabled: bool | None = None
    contains: list[ContextEntryShape] | None = None
    status: msgspec.Raw = msgspec.Raw()


class AssertionsShape(Shape):
    flow_level: FlowAssertionShape | None = None
    text: TextAssertionShape | None = None
    context: ContextAssertionShape | None = None


class OutputShape(Shape):
    """An output of a suite document (`text`) or of a transcript (`equals`, `contains`)."""

    text: Any = None
    equals: Any = None
    contains: Any = None
    node_id: str | None = None
    node_name: str | None = None
    component_type: str | None = None
    intent_id: str | None = None
    intent_type: str | None = None
    task_id: str | None = None
    dialog_name: str | None = None
    transitions: list[Any] | None = None
    transition_node_names: list[Any] | None = None
    transition_node_type: list[Any] | None = None
    prompt_type: str | None = None
    category: str | None = None
    is_standard_response: bool | None = None
    user_prompts: list[Any] | None = None
    assertions: AssertionsShape | None = None
    also: list[Any] | None = None  # ours
    text_mismatch: msgspec.Raw = msgspec.Raw()


class MessageShape(Shape, kw_only=True):
    outputs: list[str | OutputShape]
    input: str | None = None
    event: str | None = None
    # --- ours
    arrangement: str | None = None
    assertions: list[Any] | None = None
    captures: list[Any] | None = None


class CaseNotes(Shape, kw_only=True):
    """What a case says besides its name and its steps."""

    preprocessor: str | None = None
    tags: list[str] | None = None
    description: str | None = None
    discard_before: bool | None = None
    # --- ours
    variables: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    fixture: str | None = None
    opening: int | None = None
    threshold: float | None = None
    pass_rule: str | int | None = None


class StepShape(CaseNotes, kw_only=True):
    """A step of a suite document: a message, and the notes on the first step of a case (8.1)."""

    outputs: list[str | OutputShape]
    input: str | None = None
    event: str | None = None
    test_case: str | None = None
    new_session: bool | None = None
    # --- ours
    arrangement: str | None = None
    assertions: list[Any] | None = None
    captures: list[Any] | None = None


class CaseShape(CaseNotes, kw_only=True):
    """A test case of a transcript."""

    messages: list[MessageShape]
    name: str | None = None


class SuiteShape(Shape):
    """A whole file: a transcript has `testCases`, a suite document `testSteps`."""

    test_cases: list[msgspec.Raw] | None = None
    test_steps: list[msgspec.Raw] | None = None
    name: str | None = None
    description: str | None = None
    tags: list[str] | None = None
    preprocessor: str | None = None
    bot_name: str | None = None
    welcome_message_count: int | None = None
    discard_message: str | None = None
    metadata_available: bool | None = None
    language: str | None = None  # ours
    bot_id: msgspec.Raw = msgspec.Raw()
    schedule: msgspec.Raw = msgspec.Raw()
    channel: msgspec.Raw = msgspec.Raw()
    recent_tags: msgspec.Raw = msgspec.Raw()
    service_map: msgspec.Raw = msgspec.Raw()
    auth_profiles: msgspec.Raw = msgspec.Raw()
    stream_id: msgspec.Raw = msgspec.Raw()
    account_id: msgspec.Raw = msgspec.Raw()
    modified_by: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="lModBy")
    created_by: msgspec.Raw = msgspec.Raw()
    id: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="_id")
    created_on: msgspec.Raw = msgspec.Raw()
    modified_on: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="lModOn")
    version_key: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="__v")
