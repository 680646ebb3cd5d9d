"""Each way in which a reply is made wrong, and the changes that are none."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivavoce.domain.assertions.spans import Span
from vivavoce.domain.mutating import MUTATIONS, Mutant, Surroundings, mutants
from vivavoce.domain.output import Metadata, Output, Reply
from vivavoce.domain.suite import Assertions, ExpectedOutput, Step, TextAssertion, TextEntry
from vivavoce.domain.verdict import StepResult, Verdict

TEMPLATE = '{"type":"template","payload":{"text":"Sure?","buttons":[{"title":"Yes"},{"title":"No"}]}}'


def passed(*texts: str, step: Step | None = None, **reply: Any) -> StepResult:
    outputs = tuple(Output(text, Metadata(node_id=reply.get("node", ""))) for text in texts)
    step = step or Step("hi", arrangement="among")
    said = Reply(outputs, context=reply.get("context"))
    return StepResult(0, "case", step, Verdict.PASSED, said)


def of_kind(kind: str, result: StepResult, around: Surroundings | None = None, seed: int = 0) -> list[Mutant]:
    return [one for one in mutants(result, around or Surroundings(), seed) if one.kind == kind]


def texts(found: list[Mutant]) -> list[tuple[str, ...]]:
    return [tuple(output.text for output in one.reply.outputs) for one in found]


def expecting(text: str, *spans: Span) -> Step:
    entry = TextEntry(text, dynamic=spans)
    return Step("hi", (ExpectedOutput(text, Assertions(TextAssertion(contains=(entry,)))),))


def test_a_number_changes_so_much_that_no_tolerance_takes_it() -> None:
    (changed,) = texts(of_kind("number", passed("You owe 120 EUR, A15.")))[0]
    assert changed.startswith("You owe ") and changed.endswith("20 EUR, A15.")
    assert changed[8] not in "01"


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Your card is blocked.", "Your card is not blocked."),
        ("Your card is not blocked.", "Your card is blocked."),
        ("I can't do that.", "I can do that."),
        ("We won't.", "We will."),
        ("You cannot pay.", "You can pay."),
        ("Die Karte ist gesperrt.", "Die Karte ist nicht gesperrt."),
        ("La carte est bloquée.", "La carte est pas bloquée."),
    ],
)
def test_a_negation_is_put_in_or_taken_out(text: str, negated: str) -> None:
    assert texts(of_kind("negation", passed(text))) == [(negated,)]


def test_sentences_are_dropped_one_at_a_time() -> None:
    assert texts(of_kind("sentence", passed("Done. It takes 5.5 days! Bye"))) == [
        ("It takes 5.5 days! Bye",),
        ("Done. Bye",),
        ("Done. It takes 5.5 days!",),
    ]
    assert not of_kind("sentence", passed("Only one."))


def test_a_button_is_missing() -> None:
    found = texts(of_kind("button", passed(TEMPLATE)))
    assert found == [
        (TEMPLATE.replace('{"title":"Yes"},', ""),),
        (TEMPLATE.replace(',{"title":"No"}', ""),),
    ]


def test_texts_in_templates_change_too() -> None:
    assert texts(of_kind("negation", passed(TEMPLATE.replace("Sure?", "It is sure"))))
    assert not of_kind("number", passed('{"template_type":"button","id":12}'))


def test_a_node_is_another_one_of_the_run() -> None:
    around = Surroundings(nodes=("here", "there"))
    (wrong,) = of_kind("node", passed("Hello", node="here"), around)
    assert wrong.reply.outputs[0].metadata.node_id == "there"
    assert not of_kind("node", passed("Hello"), around)


def test_a_variable_is_what_it_was_before_at_all_its_places() -> None:
    before = {"amount": 1, "session": {"amount": 1, "turn": 3}}
    after = {"amount": 2, "session": {"amount": 2, "turn": 4, "new": "x"}}
    around = Surroundings(before, restless=frozenset({("session", "turn")}))
    stale = [one.reply.context for one in of_kind("context", passed("Hello", context=after), around)]
    assert stale == [
        {"amount": 1, "session": {"amount": 1, "turn": 4, "new": "x"}},
        {"amount": 2, "session": {"amount": 2, "turn": 4}},
    ]
    assert not of_kind("context", passed("Hello", context=after))  # nobody knows what it was


def test_replies_are_swapped_turned_and_dropped() -> None:
    other = Reply((Output("Elsewhere."),))
    result = passed("First.", "Second.")
    assert texts(of_kind("swapped", result, Surroundings(replies=(other,)))) == [("Elsewhere.",)]
    assert texts(of_kind("order", result)) == [("Second.", "First.")]
    assert texts(of_kind("dropped", result)) == [("Second.",), ("First.",)]
    free = passed("First.", "Second.", step=Step("hi", arrangement="anyOrder"))
    assert not of_kind("order", free)


def test_what_the_author_declared_to_be_right_is_no_mutant() -> None:
    dynamic = passed("Code 1234 is yours.", step=expecting("Code 1234 is yours.", Span(5, 9)))
    assert not of_kind("number", dynamic)
    assert of_kind("negation", dynamic)
    both = Step(
        "hi",
        (ExpectedOutput("Hi.", Assertions(TextAssertion(contains=(TextEntry("Hi."), TextEntry("Yo."))))),),
    )
    around = Surroundings(replies=(Reply((Output("Yo."),)),))
    assert not of_kind("swapped", passed("Hi.", step=both), around)


def test_what_slips_past_contains_is_a_mutant() -> None:
    entry = TextEntry("Code", "contains")
    step = Step("hi", (ExpectedOutput("Code", Assertions(TextAssertion(contains=(entry,)))),))
    assert of_kind("number", passed("Code 1234 is yours.", step=step))


TEXTS = st.text() | st.sampled_from(
    [TEMPLATE, "You owe 12.50 EUR on 2025-03-15. It is not much!", "{", "007"]
)


@given(st.lists(TEXTS, max_size=3), st.integers(0, 5))
def test_mutants_are_the_same_for_a_seed_and_never_the_reply(said: list[str], seed: int) -> None:
    result = passed(*said, node="here", context={"a": 1})
    around = Surroundings({"a": 0}, (Reply((Output("other"),)),), ("here", "there"))
    found = mutants(result, around, seed)
    assert found == mutants(result, around, seed)
    assert all(one.reply != result.reply for one in found)
    assert {one.kind for one in found} <= MUTATIONS.keys()


def test_another_seed_makes_other_changes() -> None:
    result = passed("1 22 333 4444 55555 666666")
    assert len({tuple(texts(of_kind("number", result, seed=seed))) for seed in range(10)}) > 1
