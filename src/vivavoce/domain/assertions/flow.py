"""The flow assertion: where in the bot's flow an output was said (testing-api.md 3.3, 8.7)."""

from typing import Any, Final

import msgspec

from vivavoce.domain.assertions.wording import show
from vivavoce.domain.check import NOT_EVALUATED, Check
from vivavoce.domain.json_values import same
from vivavoce.domain.output import Fact, Metadata, Output


class FlowEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """Expected facts of the flow; None or empty = not compared (8.7)."""

    intent_id: str | None = None
    node_id: str | None = None
    transitions: tuple[Any, ...] | None = None
    prompt_type: str | None = None


class FlowAssertion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Every entry must hold; without entries the output's own metadata is what is expected.

    `enabled` None: the file did not say; validation decides (on where metadata is available).
    """

    enabled: bool | None = None
    contains: tuple[FlowEntry, ...] = ()


FLOW_FACTS: Final[frozenset[Fact]] = frozenset({"intent", "node", "category", "transitions", "prompt"})

_NAMES: Final[dict[Fact, str]] = {
    "intent": "intent id",
    "node": "node",
    "transitions": "transitions",
    "prompt": "prompt type",
}


class _Comparison(msgspec.Struct, frozen=True):
    fact: Fact
    expected: Any
    actual: Any

    @property
    def holds(self) -> bool:
        if isinstance(self.expected, str):  # nearly always, and asked for every step
            return bool(self.expected == self.actual)
        return same(self.expected, self.actual)


def expected_entry(metadata: Metadata) -> FlowEntry:
    """What an output's own metadata asks for: the node alone for FAQs, small talk and standard responses."""
    if metadata.is_standard_response:
        return FlowEntry(node_id=metadata.category)
    if metadata.intent_type.casefold() in ("faq", "smalltalk"):
        return FlowEntry(node_id=metadata.node_id)
    return FlowEntry(
        intent_id=metadata.intent_id,
        node_id=metadata.node_id,
        transitions=metadata.transitions,
        prompt_type=metadata.prompt_type,
    )


def check_flow(
    assertion: FlowAssertion, expected: Metadata, output: Output, facts: frozenset[Fact]
) -> tuple[Check, tuple[str, ...]]:
    """How the assertion came out, and a warning for each fact that the connector cannot read.

    Every entry must hold; without entries the expected output's metadata is what is expected. Empty and
    absent fields are not compared. A fact that cannot be read is neither passed nor failed: an entry that
    asks for nothing else is None, and so is the check when no entry was evaluated.
    """
    if not assertion.enabled:
        return (Check(entries=(None,) * len(assertion.contains)) if assertion.contains else NOT_EVALUATED), ()
    standard = expected.is_standard_response or output.metadata.is_standard_response
    if standard and "category" in facts:  # it stands for the node
        facts = facts | {"node"}
    statuses: list[bool | None] = []
    reasons: list[str] = []
    unread: set[Fact] = set()
    for entry in assertion.contains or (expected_entry(expected),):
        compared = _comparisons(entry, output)
        read = [comparison for comparison in compared if comparison.fact in facts]
        unread.update(comparison.fact for comparison in compared if comparison.fact not in facts)
        wrong = [comparison for comparison in read if not comparison.holds]
        reasons.extend(_reason(comparison) for comparison in wrong)
        statuses.append(not wrong if read else None)
    passed = None if all(status is None for status in statuses) else False not in statuses
    warnings = tuple(
        f"the connector cannot read the {_NAMES[fact]} of a reply: not evaluated" for fact in sorted(unread)
    )
    return Check(passed, tuple(statuses) if assertion.contains else (), tuple(reasons)), warnings


def _comparisons(entry: FlowEntry, output: Output) -> list[_Comparison]:
    metadata = output.metadata
    found: list[_Comparison] = []
    if entry.intent_id:
        found.append(_Comparison("intent", entry.intent_id, metadata.intent_id or output.intent))
    if entry.node_id:
        node = metadata.category if metadata.is_standard_response else metadata.node_id
        found.append(_Comparison("node", entry.node_id, node))
    if entry.transitions:
        found.append(_Comparison("transitions", entry.transitions, metadata.transitions))
    if entry.prompt_type:
        found.append(_Comparison("prompt", entry.prompt_type, metadata.prompt_type))
    return found


def _reason(wrong: _Comparison) -> str:
    actual = show(wrong.actual) if wrong.actual else "none"
    return f"expected the {_NAMES[wrong.fact]} {show(wrong.expected)}, but it was {actual}"
