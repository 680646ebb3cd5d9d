import pytest
from tests.unit.domain.assertions.looking import holds, one_of, reason, seen, undecided

from vivavoce.domain.assertions.context_values import ContextAbsent, ContextEquals, ContextPresent
from vivavoce.domain.assertions.intent import Intent
from vivavoce.domain.assertions.node import Node
from vivavoce.domain.assertions.prompt import Prompt
from vivavoce.domain.assertions.transitions import Transitions
from vivavoce.domain.output import Metadata, Output

ASK = Output(
    "Which account?",
    Metadata(
        node_id="ask",
        intent_id="dg-1",
        transitions=("start", {"to": "ask"}),
        prompt_type="userPrompt",
    ),
    intent="transfer",
)
SURE = Output("Sure?", Metadata(category="Confirmation", is_standard_response=True))
FAQ = Output(
    "By card.", Metadata(node_id="faq-1", intent_type="faq"), intent="How to pay?", faq="How to pay?"
)
BOTH = seen(ASK, SURE, intents=("transfer",))


@pytest.mark.parametrize(
    ("assertion", "right"),
    [
        (Intent(names=("transfer",)), True),
        (Intent(names=("dg-1",)), True),
        (Intent(names=("pay", "transfer")), True),
        (Intent(names=("Transfer",)), False),
        (Intent(names=("",)), False),
        (Node(ids=("ask",)), True),
        (Node(ids=("Confirmation",)), True),
        (Node(ids=("tell", "ask")), True),
        (Node(ids=("tell",)), False),
        (Transitions(ids=("start", {"to": "ask"})), True),
        (Transitions(ids=("start",)), False),
        (Transitions(ids=({"to": "ask"}, "start")), False),
        (Prompt(types=("userPrompt",)), True),
        (Prompt(types=("errorPrompt", "userPrompt")), True),
        (Prompt(types=("errorPrompt",)), False),
    ],
)
def test_some_output_of_the_reply_has_it(assertion, right):
    assert holds(assertion, BOTH) is right


@pytest.mark.parametrize(
    "assertion",
    [
        Intent(names=("transfer",)),
        Node(ids=("ask",)),
        Transitions(ids=("start", {"to": "ask"})),
        Prompt(types=("userPrompt",)),
    ],
)
def test_one_output_of_several_stands_for_itself_and_silence_has_nothing(assertion):
    assert holds(assertion, one_of(BOTH, 0))
    assert not holds(assertion, one_of(BOTH, 1))
    assert not holds(assertion, seen())


def test_faqs_and_small_talk_are_intents_and_what_the_whole_reply_matched_counts():
    assert holds(Intent(names=("How to pay?",)), seen(FAQ))
    assert holds(Intent(names=("other",)), seen(ASK, intents=("transfer", "other")))
    assert holds(Intent(names=("thanks",)), seen(smalltalk=("thanks",)))


def test_reasons_name_what_there_was():
    assert reason(Intent(names=("pay", "block")), BOTH) == (
        'expected the intent "pay" or "block", but it was "transfer" and "dg-1"'
    )
    assert reason(Intent(names=("pay",)), seen("Hello")) == 'expected the intent "pay", but none was matched'
    assert (
        reason(Node(ids=("tell",)), BOTH) == 'expected the node "tell", but it was "ask" and "Confirmation"'
    )
    assert reason(Node(ids=("tell",)), seen("Hello")) == 'expected the node "tell", but there was none'
    assert reason(Transitions(ids=("start",)), BOTH) == (
        'expected the transitions ["start"], but they were ["start",{"to":"ask"}]'
    )
    assert reason(Transitions(ids=("start",)), seen("Hello")) == (
        'expected the transitions ["start"], but there were none'
    )
    assert reason(Prompt(types=("errorPrompt",)), BOTH) == (
        'expected a prompt of type "errorPrompt", but it was "userPrompt"'
    )
    assert reason(Prompt(types=("errorPrompt",)), seen(SURE)) == (
        'expected a prompt of type "errorPrompt", but it was none'
    )
    assert (
        reason(Node(ids=("ask",), negated=True), seen(ASK))
        == 'did not expect the node "ask", but it was "ask"'
    )


@pytest.mark.parametrize(
    ("assertion", "words"),
    [
        (Intent(names=("a",)), "the intent of a reply: give `intent`"),
        (Node(ids=("a",)), "the node of a reply: give `node`"),
        (Transitions(ids=("a",)), "the transitions of a reply: give `transitions`"),
        (Prompt(types=("a",)), "the prompt type of a reply: give `prompt`"),
        (ContextEquals(values={"a": 1}), "the session's context: give `context`"),
        (ContextPresent(keys=("a",)), "the session's context: give `context`"),
        (ContextAbsent(keys=("a",)), "the session's context: give `context`"),
    ],
)
def test_what_the_connector_cannot_read_is_undecided(assertion, words):
    assert undecided(assertion, seen("Hello", facts=frozenset())) == (
        f"the connector cannot read {words} a path in the bot file"
    )


def test_a_connector_that_reads_categories_alone_can_tell_standard_responses():
    assert holds(Node(ids=("Confirmation",)), seen(SURE, facts=frozenset({"category"})))
    assert undecided(Node(ids=("Confirmation",)), seen("Hello", facts=frozenset({"category"})))


@pytest.mark.parametrize(
    ("assertion", "problem"),
    [
        (Intent(names=()), "the list is empty: nothing would match"),
        (Intent(names=("a", "")), "an intent without a name is never matched"),
        (Node(ids=()), "the list is empty: nothing would match"),
        (Node(ids=("",)), "a node without an id says nothing"),
        (Transitions(ids=()), "the list is empty: unknown transitions are empty too"),
        (Prompt(types=()), "the list is empty: nothing would match"),
        (Prompt(types=("",)), "a prompt type is never empty"),
        (ContextEquals(values={}), "no key is given: every reply would match"),
        (ContextPresent(keys=()), "no key is given: every reply would match"),
        (ContextAbsent(keys=("",)), "an empty key names no variable"),
    ],
)
def test_what_is_wrong_as_it_was_written(assertion, problem):
    assert assertion.problems() == [problem]


def test_good_ones_have_no_problems():
    for assertion in (
        Intent(names=("a",)),
        Node(ids=("a",)),
        Transitions(ids=("a",)),
        Prompt(types=("a",)),
        ContextEquals(values={"a": None}),
        ContextPresent(keys=("a",)),
        ContextAbsent(keys=("a",)),
    ):
        assert assertion.problems() == []


# --- the context

CONTEXT = {"name": "Ann", "n": 1, "user": {"items": [{"id": 7}]}, "gone": None, "user.flat": "yes"}
KNOWN = seen("Hello", context=CONTEXT)


@pytest.mark.parametrize(
    ("assertion", "right"),
    [
        (ContextEquals(values={"name": "Ann", "n": 1.0}), True),
        (ContextEquals(values={"user.items[0].id": 7}), True),
        (ContextEquals(values={"user.flat": "yes"}), True),
        (ContextEquals(values={"gone": None}), True),
        (ContextEquals(values={"lost": None}), False),
        (ContextEquals(values={"n": "1"}), False),
        (ContextEquals(values={"name": "Ann", "n": 2}), False),
        (ContextPresent(keys=("name", "gone", "user.items[0]")), True),
        (ContextPresent(keys=("name", "lost")), False),
        (ContextAbsent(keys=("lost", "user.items[1]")), True),
        (ContextAbsent(keys=("lost", "gone")), False),
    ],
)
def test_context(assertion, right):
    assert holds(assertion, KNOWN) is right


@pytest.mark.parametrize(
    "assertion", [ContextEquals(values={"a": 1}), ContextPresent(keys=("a",)), ContextAbsent(keys=("a",))]
)
def test_a_reply_without_a_context_tells_nothing_where_one_could_be_read(assertion):
    """A wrong path in the bot file must not let what is to be absent pass."""
    assert undecided(assertion, seen("Hello")).startswith(
        "the reply holds no context object: correct the path"
    )


def test_a_context_in_which_nothing_is_set_is_known():
    assert holds(ContextAbsent(keys=("a",)), seen("Hello", context={}))
    assert not holds(ContextPresent(keys=("a",)), seen("Hello", context={}))


def test_a_context_that_is_told_counts_though_it_was_not_declared():
    assert holds(ContextEquals(values={"n": 1}), seen("Hello", context=CONTEXT, facts=frozenset()))


def test_reasons_name_each_variable_that_is_wrong():
    assert reason(ContextEquals(values={"name": "Ann", "n": 2, "lost": 3}), KNOWN) == (
        'expected the context variable name to be "Ann", n to be 2 and lost to be 3,'
        " but n is 1 and lost is not set"
    )
    assert reason(ContextEquals(values={"user.items": [{"id": 8}]}), KNOWN) == (
        'expected the context variable user.items to be [{"id":8}],'
        ' but user.items is [{"id":7}] (they differ at $[0].id: 8 was expected, 7 stands there)'
    )
    assert reason(ContextPresent(keys=("name", "lost")), KNOWN) == (
        "expected the context variables name and lost to be set, but lost is not set"
    )
    assert reason(ContextAbsent(keys=("n",)), KNOWN) == (
        "expected the context variable n not to be set, but n is 1"
    )
    assert reason(ContextPresent(keys=("n",), negated=True), KNOWN) == (
        "did not expect the context variable n to be set, but n is set"
    )
