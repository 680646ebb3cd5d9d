"""Conversation suites: cases of steps, the outputs they must draw, and the assertions on each.

The values mirror the wire's suite document (testing-api.md 3.2-3.4) with our names, and hold what only our
own format can say; `formats` translates.
"""

from typing import Any, Literal

import msgspec

from vivavoce.domain.assertions.context import ContextAssertion, ContextEntry
from vivavoce.domain.assertions.flow import FlowAssertion, FlowEntry
from vivavoce.domain.assertions.kinds import AnyAssertion
from vivavoce.domain.assertions.spans import Span
from vivavoce.domain.assertions.text import Match, TextAssertion, TextEntry
from vivavoce.domain.output import EMPTY_METADATA, Metadata
from vivavoce.domain.values.variables import Capture, Variable

__all__ = [  # the values of a suite, wherever they are at home
    "Arrangement",
    "Assertions",
    "ContextAssertion",
    "ContextEntry",
    "ExpectedOutput",
    "FlowAssertion",
    "FlowEntry",
    "Match",
    "PassRule",
    "Span",
    "Step",
    "SuiteHead",
    "TestCase",
    "TextAssertion",
    "TextEntry",
]

Arrangement = Literal["exact", "anyOrder", "among"]
"""How expected outputs are held against actual ones: by position and number; the same number in any order; or
in this order among others (then a step without expected outputs leaves them free)."""

PassRule = Literal["all", "any"] | int
"""How many repeats of a case must pass."""


class Assertions(msgspec.Struct, frozen=True, omit_defaults=True):
    text: TextAssertion = TextAssertion()
    flow: FlowAssertion = FlowAssertion()
    context: ContextAssertion = ContextAssertion()


class ExpectedOutput(msgspec.Struct, frozen=True, omit_defaults=True):
    """One response that a step must draw."""

    text: str  # as recorded; what is compared stands in the text assertion's entries
    assertions: Assertions
    metadata: Metadata = EMPTY_METADATA
    also: tuple[AnyAssertion, ...] = ()  # assertions of our own about this output


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One user input, or a trigger, and the outputs it must draw; arranged exactly, no outputs = silence."""

    input: str
    outputs: tuple[ExpectedOutput, ...] = ()
    trigger: str | None = None  # the wire's `event`, e.g. Start_Flow
    arrangement: Arrangement = "exact"
    assertions: tuple[AnyAssertion, ...] = ()  # about the whole reply
    captures: tuple[Capture, ...] = ()


class TestCase(msgspec.Struct, frozen=True, omit_defaults=True):
    """One conversation: its steps in order, in a session of its own."""

    __test__ = False  # not a pytest class

    name: str
    steps: tuple[Step, ...]
    description: str = ""
    tags: tuple[str, ...] = ()
    preprocessor: str = ""
    discard_before: bool | None = None  # kept for export, without effect (8.1)
    # --- of our own format
    variables: dict[str, Variable] | None = None  # None: `{{...}}` and `${...}` in its texts are just texts
    context: dict[str, Any] | None = None  # what the session's variables are at its opening
    fixture: str = ""  # the fixture that gave the first `opening` steps
    opening: int = 0
    threshold: float | None = None  # share of the weights that must pass, over 0 to 1; None: all
    pass_rule: PassRule | None = None  # None: the run's


class SuiteHead(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a conversation suite says besides its cases."""

    name: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    preprocessor: str = ""
    bot_name: str = ""
    welcome_message_count: int = 0  # the first N replies of each session are dropped (8.1)
    discard_message: str = ""  # sent first where a connector cannot open a fresh session (8.1)
    language: str = ""  # what its cases are written in; empty: the bot's
    metadata_available: bool = False  # validation reached the bot (8.9)
