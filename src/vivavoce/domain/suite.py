"""Conversation suites: cases of steps, the outputs they must draw, and the assertions on each.

The values mirror the wire's suite document (testing-api.md 3.2-3.4) with our names; `formats` translates.
"""

from typing import Any, Literal

import msgspec

from vivavoce.domain.output import EMPTY_METADATA, Metadata


class Span(msgspec.Struct, frozen=True):
    """A part of a text whose value does not matter; Unicode code points, end exclusive (8.6)."""

    start: int
    end: int


Match = Literal["equals", "contains", "allOf"]


class TextEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One accepted variation of an output's text."""

    text: str
    match: Match = "equals"
    texts: tuple[str, ...] = ()  # for allOf
    dynamic: tuple[Span, ...] = ()
    dynamic_paths: tuple[str, ...] = ()  # JSONPaths into a template whose values do not matter


class FlowEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """Expected facts of the flow; None or empty = not compared (8.7)."""

    intent_id: str | None = None
    node_id: str | None = None
    transitions: tuple[Any, ...] | None = None
    prompt_type: str | None = None


class ContextEntry(msgspec.Struct, frozen=True):
    """A session variable that must equal a JSON value."""

    key: str
    value: Any


class TextAssertion(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the entries must match (OneOf)."""

    enabled: bool = True
    contains: tuple[TextEntry, ...] = ()


class FlowAssertion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Every entry must hold; without entries the output's own metadata is what is expected.

    `enabled` None: the file did not say; validation decides (on where metadata is available).
    """

    enabled: bool | None = None
    contains: tuple[FlowEntry, ...] = ()


class ContextAssertion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Every entry must hold."""

    enabled: bool = False
    contains: tuple[ContextEntry, ...] = ()


class Assertions(msgspec.Struct, frozen=True, omit_defaults=True):
    text: TextAssertion = TextAssertion()
    flow: FlowAssertion = FlowAssertion()
    context: ContextAssertion = ContextAssertion()


class ExpectedOutput(msgspec.Struct, frozen=True, omit_defaults=True):
    """One response that a step must draw."""

    text: str  # as recorded; what is compared stands in the text assertion's entries
    assertions: Assertions
    metadata: Metadata = EMPTY_METADATA


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One user input, or a trigger, and the outputs it must draw; no outputs = silence is expected."""

    input: str
    outputs: tuple[ExpectedOutput, ...] = ()
    trigger: str | None = None  # the wire's `event`, e.g. Start_Flow


class TestCase(msgspec.Struct, frozen=True, omit_defaults=True):
    """One conversation: its steps in order, in a session of its own."""

    __test__ = False  # not a pytest class

    name: str
    steps: tuple[Step, ...]
    description: str = ""
    tags: tuple[str, ...] = ()
    preprocessor: str = ""
    discard_before: bool | None = None  # kept for export, without effect (8.1)


class SuiteHead(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a conversation suite says besides its cases."""

    name: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    preprocessor: str = ""
    bot_name: str = ""
    welcome_message_count: int = 0  # the first N replies of each session are dropped (8.1)
    discard_message: str = ""  # sent first where a connector cannot open a fresh session (8.1)
    metadata_available: bool = False  # validation reached the bot (8.9)
