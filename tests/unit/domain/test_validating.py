"""Validation: metadata and variations for steps that held, warnings for all others."""

from typing import Any

import pytest

from vivavoce.domain.assertions.starts_with import StartsWith
from vivavoce.domain.judging import judge_step, step_in_error, step_not_executed
from vivavoce.domain.output import EMPTY_METADATA, Fact, Metadata, Output, Reply
from vivavoce.domain.suite import (
    Assertions,
    ExpectedOutput,
    FlowAssertion,
    FlowEntry,
    Span,
    Step,
    TestCase,
    TextAssertion,
    TextEntry,
)
from vivavoce.domain.validating import Note, capture_case, settled_case

FACTS: frozenset[Fact] = frozenset({"intent", "node"})
NODE = Metadata(intent_id="i1", intent_type="dialog", node_id="n1")


def expects(
    *entries: TextEntry,
    metadata: Metadata = EMPTY_METADATA,
    flow: FlowAssertion | None = None,
    text_on: bool = True,
) -> ExpectedOutput:
    text = TextAssertion(text_on, entries)
    return ExpectedOutput(entries[0].text, Assertions(text=text, flow=flow or FlowAssertion()), metadata)


def capture(
    expected: ExpectedOutput, actual: Output, facts: frozenset[Fact] = FACTS
) -> tuple[ExpectedOutput, list[Note]]:
    step = Step("hi", (expected,))
    result = judge_step(7, "case", step, Reply((actual,)), facts, 1.0)
    case, notes = capture_case(TestCase("case", (step,)), [result], facts)
    return case.steps[0].outputs[0], notes


def test_a_step_that_held_gets_the_metadata_and_its_flow_turned_on() -> None:
    output, notes = capture(expects(TextEntry("a")), Output("a", NODE))
    assert output.metadata == NODE
    assert output.assertions.flow == FlowAssertion(True)
    assert output.assertions.text == TextAssertion(contains=(TextEntry("a"),))
    assert notes == []


@pytest.mark.parametrize("stated", [True, False])
def test_flow_stays_as_the_file_states_it(stated: bool) -> None:
    output, _ = capture(expects(TextEntry("a"), flow=FlowAssertion(stated)), Output("a", NODE))
    assert output.assertions.flow.enabled is stated
    assert output.metadata == NODE


def test_without_metadata_flow_is_off() -> None:
    output, _ = capture(expects(TextEntry("a")), Output("a"))
    assert output.assertions.flow == FlowAssertion(False)
    assert output.metadata == EMPTY_METADATA


def test_metadata_of_which_nothing_can_be_read_leaves_flow_off() -> None:
    output, _ = capture(expects(TextEntry("a")), Output("a", NODE), frozenset({"context"}))
    assert output.assertions.flow == FlowAssertion(False)


def test_a_standard_response_of_which_only_the_category_can_be_read_is_checked() -> None:
    said = Metadata(category="Confirmation", is_standard_response=True)
    output, _ = capture(expects(TextEntry("a")), Output("a", said), frozenset({"category"}))
    assert output.assertions.flow == FlowAssertion(True, (FlowEntry(node_id="Confirmation"),))


@pytest.mark.parametrize(
    ("metadata", "entries"),
    [
        (Metadata(category="Confirmation", is_standard_response=True), (FlowEntry(node_id="Confirmation"),)),
        (Metadata(intent_type="faq", intent_id="x", node_id="q1"), (FlowEntry(node_id="q1"),)),
        (Metadata(intent_type="smalltalk", node_id="st"), (FlowEntry(node_id="st"),)),
        (Metadata(intent_type="faq", intent_id="x"), ()),
        (NODE, ()),
    ],
)
def test_faqs_small_talk_and_standard_responses_expect_their_node(
    metadata: Metadata, entries: tuple[FlowEntry, ...]
) -> None:
    output, _ = capture(expects(TextEntry("a")), Output("a", metadata))
    assert output.assertions.flow == FlowAssertion(True, entries)


def test_carried_metadata_is_kept() -> None:
    carried = Metadata(node_id="n1", node_name="mine")
    output, notes = capture(expects(TextEntry("a"), metadata=carried), Output("a", NODE, variations=("b",)))
    assert output.metadata == carried
    assert output.assertions.flow == FlowAssertion(True)
    assert output.assertions.text.contains == (TextEntry("a"),)
    assert notes == []


def test_carried_metadata_that_the_bot_contradicts_is_told_and_not_changed() -> None:
    carried = Metadata(node_id="elsewhere")
    output, notes = capture(expects(TextEntry("a"), metadata=carried), Output("a", NODE))
    assert output.metadata == carried
    assert output.assertions.flow == FlowAssertion(True)
    assert notes == [
        (
            "warning",
            "the step does not hold, it is imported as written: output 1: "
            'expected the node "elsewhere", but it was "n1"',
            7,
        )
    ]


def test_entries_without_metadata_are_expected_too() -> None:
    entries = (FlowEntry(node_id="n1"),)
    output, notes = capture(expects(TextEntry("a"), flow=FlowAssertion(None, entries)), Output("a"))
    assert output.assertions.flow == FlowAssertion(True, entries)
    assert len(notes) == 1


@pytest.mark.parametrize(
    ("entries", "variations", "added"),
    [
        ((TextEntry("a"),), ("b", "c", "b"), ("b", "c")),
        ((TextEntry("a"), TextEntry("b")), ("b", "a", " a "), ()),
        ((TextEntry("a1", dynamic=(Span(1, 2),)),), ("b",), ("b",)),
        ((TextEntry("a", match="contains"),), ("b",), ()),
        ((TextEntry("", match="allOf", texts=("a",)),), ("b",), ()),
        ((TextEntry("x"), TextEntry("a", match="contains")), ("b",), ()),  # the equals did not match
        ((TextEntry("a"), TextEntry("a", match="contains")), ("b",), ("b",)),
        ((TextEntry("a"),), ("", " "), ()),
    ],
)
def test_declared_variations_become_further_entries_of_an_equals(
    entries: tuple[TextEntry, ...], variations: tuple[str, ...], added: tuple[str, ...]
) -> None:
    said = "a1" if entries[0].dynamic else "a"
    output, _ = capture(expects(*entries), Output(said, NODE, variations=variations))
    assert output.assertions.text.contains == (*entries, *map(TextEntry, added))


def test_a_text_assertion_that_is_off_gets_no_variations() -> None:
    output, _ = capture(expects(TextEntry("a"), text_on=False), Output("a", NODE, variations=("b",)))
    assert output.assertions.text.contains == (TextEntry("a"),)


def test_the_recorded_text_and_its_variations_are_spelt_out() -> None:
    expected = ExpectedOutput("a", Assertions())
    output, _ = capture(expected, Output("a", NODE, variations=("b",)))
    assert output.assertions.text.contains == (TextEntry("a"), TextEntry("b"))


def test_a_step_that_does_not_hold_stays_as_written_with_a_warning() -> None:
    expected = expects(TextEntry("a"))
    output, notes = capture(expected, Output("other", NODE, variations=("a",)))
    assert output == expects(TextEntry("a"), flow=FlowAssertion(False))
    ((level, message, step),) = notes
    assert (level, step) == ("warning", 7)
    assert 'expected "a", but the bot said "other"' in message


def test_a_step_that_does_not_hold_keeps_what_the_file_expects_of_the_flow() -> None:
    carried = expects(TextEntry("a"), metadata=NODE)
    output, notes = capture(carried, Output("other", NODE))
    assert output == expects(TextEntry("a"), metadata=NODE, flow=FlowAssertion(True))
    assert len(notes) == 1


def test_steps_that_were_not_played_are_warned_about() -> None:
    steps = (Step("a", (expects(TextEntry("a")),)), Step("b", (expects(TextEntry("b")),)))
    results = [
        step_in_error(2, "case", steps[0], "no answer"),
        step_not_executed(3, "case", steps[1], "the session ended"),
    ]
    case, notes = capture_case(TestCase("case", steps, tags=("t",)), results, FACTS)
    assert notes == [
        ("warning", "the step could not be played: no answer", 2),
        ("warning", "the step was not reached: the session ended", 3),
    ]
    assert [step.outputs[0].assertions.flow.enabled for step in case.steps] == [False, False]
    assert case.tags == ("t",)


def test_what_the_connector_cannot_read_is_told_once_a_case() -> None:
    expected = expects(TextEntry("a"), flow=FlowAssertion(True, (FlowEntry(node_id="n"),)))
    step = Step("hi", (expected,))
    facts: frozenset[Fact] = frozenset()
    results: list[Any] = [judge_step(i, "c", step, Reply((Output("a"),)), facts, 1.0) for i in (0, 1)]
    _, notes = capture_case(TestCase("c", (step, step)), results, facts)
    assert notes == [("warning", "the connector cannot read the node of a reply: not evaluated", 0)]


def test_a_captured_case_holds_when_it_is_played_again() -> None:
    actual = Output("a", NODE, variations=("b",))
    step = Step("hi", (expects(TextEntry("a")),))
    result = judge_step(0, "c", step, Reply((actual,)), FACTS, 1.0)
    case, _ = capture_case(TestCase("c", (step,)), [result], FACTS)
    again, notes = capture_case(
        case, [judge_step(0, "c", case.steps[0], Reply((actual,)), FACTS, 1.0)], FACTS
    )
    assert again == case
    assert notes == []


def test_silence_and_triggers_survive() -> None:
    step = Step("Start_Flow", (), trigger="Start_Flow")
    result = judge_step(0, "c", step, Reply(), FACTS, 1.0)
    case, notes = capture_case(TestCase("c", (step,)), [result], FACTS)
    assert case.steps == (step,)
    assert notes == []


OWN = ExpectedOutput("", Assertions(), also=(StartsWith(texts=("H",)),))


def test_assertions_of_our_own_survive() -> None:
    case = TestCase("case", (Step("hi", (OWN,)),))
    assert settled_case(case, FACTS).steps[0].outputs[0].also == OWN.also
    captured, _ = capture(OWN, Output("Hello", NODE))
    assert captured.also == OWN.also and captured.metadata == NODE
    failed, _ = capture(OWN, Output("Bye", NODE))
    assert failed.also == OWN.also and failed.metadata == EMPTY_METADATA


@pytest.mark.parametrize("arrangement", ["anyOrder", "among"])
def test_outputs_that_are_arranged_otherwise_get_the_metadata_of_what_they_took(arrangement: Any) -> None:
    other = Metadata(node_id="n2")
    step = Step("hi", (expects(TextEntry("Hello")),), arrangement=arrangement)
    said = (Output("Well.", other), Output("Hello", NODE))[0 if arrangement == "among" else 1 :]
    result = judge_step(0, "case", step, Reply(said), FACTS, 1.0)
    captured, notes = capture_case(TestCase("case", (step,)), [result], FACTS)
    assert captured.steps[0].outputs[0].metadata == NODE and notes == []
