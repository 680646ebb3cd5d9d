"""The flow assertion: which facts are compared, and what happens to those that cannot be read."""

import pytest

from vivavoce.domain.assertions.flow import check_flow
from vivavoce.domain.check import NOT_EVALUATED
from vivavoce.domain.output import Fact, Metadata, Output
from vivavoce.domain.suite import FlowAssertion, FlowEntry

ALL: frozenset[Fact] = frozenset({"intent", "node", "transitions", "prompt", "context"})
NONE: frozenset[Fact] = frozenset()
MOVE = {"from": "a", "to": "b"}
SAID = Metadata(
    intent_id="dg-1", intent_type="dialog", node_id="n1", transitions=(MOVE,), prompt_type="userPrompt"
)
FAQ = Metadata(intent_id="faq-1", intent_type="faq", node_id="q1")
STANDARD = Metadata(category="Confirmation", is_standard_response=True)
ON = FlowAssertion(enabled=True)


@pytest.mark.parametrize(
    ("expected", "actual", "passed"),
    [
        (SAID, SAID, True),
        (SAID, Metadata(), False),
        (Metadata(intent_id="dg-1"), SAID, True),
        (Metadata(intent_id="dg-2"), SAID, False),
        (Metadata(intent_id="DG-1"), SAID, False),
        (Metadata(node_id="n1"), SAID, True),
        (Metadata(node_id="n2"), SAID, False),
        (Metadata(transitions=(MOVE,)), SAID, True),
        (Metadata(transitions=(MOVE, MOVE)), SAID, False),
        (Metadata(transitions=({"from": "a"},)), SAID, False),
        (Metadata(prompt_type="userPrompt"), SAID, True),
        (Metadata(prompt_type="errorPrompt"), SAID, False),
        (Metadata(node_name="other", dialog_name="other", node_id="n1"), SAID, True),  # only the four facts
        (Metadata(intent_type="faq", node_id="q1", intent_id="another"), FAQ, True),  # only the node
        (Metadata(intent_type="faq", node_id="q2"), FAQ, False),
        (Metadata(intent_type="smalltalk", node_id="q1", intent_id="another"), FAQ, True),
        (Metadata(intent_type="dialog", node_id="q1", intent_id="another"), FAQ, False),
        (STANDARD, STANDARD, True),
        (STANDARD, Metadata(category="Refusal", is_standard_response=True), False),
        (STANDARD, SAID, False),
        (Metadata(), SAID, None),  # nothing is expected
        (Metadata(node_name="n"), SAID, None),
    ],
)
def test_without_entries_the_recorded_metadata_is_expected(
    expected: Metadata, actual: Metadata, passed: bool | None
) -> None:
    check, warnings = check_flow(ON, expected, Output("x", actual), ALL)
    assert check.passed is passed
    assert check.entries == ()
    assert bool(check.reasons) is (passed is False)
    assert warnings == ()


@pytest.mark.parametrize(
    ("entries", "actual", "statuses"),
    [
        ((FlowEntry(node_id="n1"),), SAID, (True,)),
        ((FlowEntry(node_id="n1"), FlowEntry(intent_id="x")), SAID, (True, False)),
        ((FlowEntry(node_id="n1", intent_id="x"),), SAID, (False,)),
        ((FlowEntry(node_id="Confirmation"),), STANDARD, (True,)),
        ((FlowEntry(node_id="", intent_id=None, transitions=()),), SAID, (None,)),
        ((FlowEntry(), FlowEntry(node_id="n1")), SAID, (None, True)),
        ((FlowEntry(transitions=(MOVE,)), FlowEntry(prompt_type="errorPrompt")), SAID, (True, False)),
    ],
)
def test_every_entry_must_hold(
    entries: tuple[FlowEntry, ...], actual: Metadata, statuses: tuple[bool | None, ...]
) -> None:
    # The recorded metadata is another: with entries, only they count.
    check, _ = check_flow(FlowAssertion(True, entries), FAQ, Output("x", actual), ALL)
    assert check.entries == statuses
    judged = [status for status in statuses if status is not None]
    assert check.passed is (all(judged) if judged else None)


@pytest.mark.parametrize("enabled", [False, None])
def test_off_and_undecided_are_not_evaluated(enabled: bool | None) -> None:
    assert check_flow(FlowAssertion(enabled), SAID, Output("x"), ALL) == (NOT_EVALUATED, ())
    check, _ = check_flow(FlowAssertion(enabled, (FlowEntry(node_id="z"),)), SAID, Output("x", SAID), ALL)
    assert check.passed is None
    assert check.entries == (None,)


def test_a_fact_that_cannot_be_read_is_neither_passed_nor_failed() -> None:
    assertion = FlowAssertion(True, (FlowEntry(node_id="z"), FlowEntry(node_id="y")))
    check, warnings = check_flow(assertion, SAID, Output("x"), NONE)
    assert check.passed is None
    assert check.entries == (None, None)
    assert check.reasons == ()
    assert warnings == ("the connector cannot read the node of a reply: not evaluated",)


@pytest.mark.parametrize(
    ("expected", "actual", "passed"),
    [
        (STANDARD, STANDARD, True),
        (STANDARD, Metadata(category="Refusal", is_standard_response=True), False),
        (STANDARD, Metadata(), False),
        (SAID, STANDARD, False),
        (Metadata(node_id="n1"), Metadata(), None),  # an ordinary node is another fact
    ],
)
def test_the_category_alone_tells_the_node_of_standard_responses(
    expected: Metadata, actual: Metadata, passed: bool | None
) -> None:
    check, warnings = check_flow(ON, expected, Output("x", actual), frozenset({"category"}))
    assert check.passed is passed
    assert ("node" in "".join(warnings)) is (passed is None)


def test_the_facts_that_can_be_read_are_judged_all_the_same() -> None:
    some: frozenset[Fact] = frozenset({"intent"})
    for intent, passed in (("dg-1", True), ("dg-2", False)):
        check, warnings = check_flow(ON, SAID, Output("x", Metadata(intent_id=intent)), some)
        assert check.passed is passed
        assert len(warnings) == 3


def test_an_output_without_intent_id_is_known_by_its_intents_name() -> None:
    expected = Metadata(intent_id="transfer")
    assert check_flow(ON, expected, Output("x", intent="transfer"), ALL)[0].passed is True
    named = Output("x", Metadata(intent_id="dg-9"), intent="transfer")
    assert check_flow(ON, expected, named, ALL)[0].passed is False


def test_every_wrong_fact_has_its_reason() -> None:
    actual = Output("x", Metadata(intent_id="dg-2", transitions=(MOVE,)))
    check, _ = check_flow(ON, SAID, actual, ALL)
    assert check.reasons == (
        'expected the intent id "dg-1", but it was "dg-2"',
        'expected the node "n1", but it was none',
        'expected the prompt type "userPrompt", but it was none',
    )
