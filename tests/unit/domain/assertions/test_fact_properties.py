"""What holds of every assertion about JSON, the flow, the context and agents, on replies of all sorts."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.domain.assertions import fact_strategies as those
from tests.unit.domain.assertions.looking import one_of, seen

from vivavoce.domain.assertions.base import Assertion, Seen
from vivavoce.domain.assertions.kinds import AnyAssertion
from vivavoce.domain.output import FoundEntity, Metadata, Output, ToolCall, Usage

KINDS = pytest.mark.parametrize("kind", those.STRATEGIES, ids=lambda kind: kind.__name__)

shown = st.builds(
    lambda buttons, cards: {"buttons": buttons, "cards": [{"title": title} for title in cards]},
    st.lists(those.words, max_size=3),
    st.lists(those.words, max_size=3),
)
outputs = st.builds(
    Output,
    text=st.text(max_size=8)
    | (those.payloads | shown).map(lambda value: msgspec.json.encode(value).decode()),
    metadata=st.builds(
        Metadata,
        node_id=those.words,
        intent_id=those.words,
        transitions=those.lists,
        prompt_type=those.words,
    ),
    intent=those.words,
)
replies = st.builds(
    lambda said, **reply: seen(*said, **reply),
    st.lists(outputs, max_size=3),
    context=those.tables,  # without one, kinds about it are undecided
    entities=st.lists(st.builds(FoundEntity, those.words, those.values), max_size=3).map(tuple),
    tool_calls=st.lists(st.builds(ToolCall, those.words, those.values), max_size=4).map(tuple),
    usage=st.builds(Usage, those.counts, those.counts, st.floats(0, 1)),
    duration_ms=st.floats(0, 20_000),
)

UNLIKE = (
    seen(),
    seen("x", "y", "z", *"abcdefgh", duration_ms=1e9, usage=Usage(99, 99, 99.0), context={}),
    seen("x", context=dict.fromkeys(those.WORDS, object())),
)
"""Replies one of which no assertion is meant for."""


@KINDS
@settings(max_examples=40)
@given(data=st.data())
def test_a_negation_never_agrees_and_judging_is_deterministic(kind: type[Assertion], data: Any) -> None:
    assertion, what = data.draw(those.STRATEGIES[kind]), data.draw(replies)
    assert assertion.problems() == []
    finding = assertion.check(what)
    assert finding.passed is not None and bool(finding.reason) is not finding.passed
    negated = msgspec.structs.replace(assertion, negated=True).check(what)
    assert negated.passed is not finding.passed
    again = Seen(what.outputs, what.reply, what.facts, what.today, duration_ms=what.duration_ms)
    assert assertion.check(again) == finding


@KINDS
@settings(max_examples=40)
@given(data=st.data())
def test_none_passes_on_every_reply(kind: type[Assertion], data: Any) -> None:
    assertion = data.draw(those.STRATEGIES[kind])
    assert any(assertion.check(what).passed is False for what in UNLIKE)


@KINDS
@settings(max_examples=40)
@given(data=st.data())
def test_what_it_says_of_an_output_does_not_depend_on_the_others(kind: type[Assertion], data: Any) -> None:
    if kind.whole_reply:
        return
    assertion, what = data.draw(those.STRATEGIES[kind]), data.draw(replies)
    alone = [one_of(what, position) for position in range(len(what.outputs))]
    turned = seen(*reversed(what.outputs), context=what.reply.context)
    for position, each in enumerate(alone):
        other = one_of(turned, len(alone) - 1 - position)
        if len(alone) > 1:
            assert assertion.check(each) == assertion.check(other)


@KINDS
@settings(max_examples=40)
@given(data=st.data())
def test_it_is_the_same_after_the_store_and_the_wire(kind: type[Assertion], data: Any) -> None:
    assertion = data.draw(those.STRATEGIES[kind])
    assert msgspec.json.decode(msgspec.json.encode(assertion), type=AnyAssertion) == assertion
